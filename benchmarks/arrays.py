"""Work on large arrays, one step each; the size is a place in WORKLOADS.

Twelve element-wise operations on 10^6 numbers; Adam on a million parameters; logistic regression on 10^5 rows of 20,
where what is compiled takes the rows as NumPy arrays and gives the loss.
"""

import numpy as np

from benchmarks.contest import main

WORKLOADS = ("twelve operations on 10⁶", "Adam on 10⁶ parameters", "logistic regression, 10⁵ × 20")


def numbers():
    return np.random.default_rng(0).random(1_000_000, dtype=np.float32)


def rows():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100_000, 20)).astype(np.float32)
    return x, (x.sum(axis=1) > 0).astype(np.float32)


def twelve(lib, x):
    y = lib.tanh(x * 2 + 1) * x
    y = lib.exp(-y * y) + x
    return lib.sqrt(y * 0.5 + 1) * x - y


def adam(lib, p, g, m, v, t):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    return p - 0.001 * (m / (1 - 0.9**t)) / (lib.sqrt(v / (1 - 0.999**t)) + 1e-8), m, v


def by_hand(size):
    x = numbers()
    if size == 0:
        return lambda: twelve(np, x)
    if size == 1:
        state, g = [x.copy(), np.zeros_like(x), np.zeros_like(x)], numbers() - 0.5
        count = iter(range(1, 10**9))

        def update():
            state[:] = adam(np, state[0], g, *state[1:], next(count))

        return update
    x, y = rows()
    w = np.zeros(20, np.float32)

    def descend():
        z = x @ w
        loss = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z).mean()
        p = 1 / (1 + np.exp(-z))
        w[:] -= 0.1 * ((p - y) @ x) / len(x)
        return loss

    return descend


def memograd_compiled(size):
    import autograd
    import nn
    import optim

    x = numbers()
    if size == 0:
        chosen = autograd.compile(lambda x: twelve(np, x))
        return lambda: chosen(x)
    if size == 1:
        p, g = nn.Parameter(x), numbers() - 0.5
        optimizer = optim.Adam([p])

        @autograd.compile
        def update(g):
            p.grad = g
            optimizer.step()

        return lambda: update(g)
    x, y = rows()
    w = nn.Parameter(np.zeros(20, np.float32))
    descent = optim.SGD([w], lr=0.1)

    @autograd.compile
    def descend(x, y):
        descent.zero_grad()
        z = x @ w
        loss = (autograd.softplus(z) - y * z).mean()
        loss.backward()
        descent.step()
        return loss

    return lambda: descend(x, y)


def pytorch(size):
    import torch

    x = torch.from_numpy(numbers())
    if size == 0:
        return lambda: twelve(torch, x)
    if size == 1:
        p = torch.nn.Parameter(x)
        p.grad = torch.from_numpy(numbers() - 0.5)
        return torch.optim.Adam([p]).step
    x, y = map(torch.from_numpy, rows())
    w = torch.nn.Parameter(torch.zeros(20))
    descent = torch.optim.SGD([w], lr=0.1)

    def descend():
        descent.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)
        loss.backward()
        descent.step()
        return loss

    return descend


def jax(size):
    import jax as j

    x = j.numpy.asarray(numbers())
    if size == 0:
        chosen = j.jit(lambda x: twelve(j.numpy, x))
        return lambda: chosen(x).block_until_ready()
    if size == 1:
        g, update = x - 0.5, j.jit(lambda *args: adam(j.numpy, *args))
        state, count = [x, j.numpy.zeros_like(x), j.numpy.zeros_like(x)], iter(range(1, 10**9))

        def move():
            state[:] = update(state[0], g, *state[1:], float(next(count)))
            state[0].block_until_ready()

        return move
    x, y = rows()

    def loss(w, x, y):
        z = x @ w
        return (j.nn.softplus(z) - y * z).mean()

    @j.jit
    def step(w, x, y):
        found, g = j.value_and_grad(loss)(w, x, y)
        return w - 0.1 * g, found

    held = [j.numpy.zeros(20)]

    def descend():
        held[0], found = step(held[0], x, y)
        return found.block_until_ready()

    return descend


CONTESTANTS = {
    "memograd compiled": (["autograd"], memograd_compiled),
    "PyTorch": (["torch"], pytorch),
    "JAX jit": (["jax"], jax),
    "NumPy by hand": (["numpy"], by_hand),
}

if __name__ == "__main__":
    main(CONTESTANTS)
