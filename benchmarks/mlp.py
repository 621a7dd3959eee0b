"""One training step of a network, float32: cross-entropy, backward, SGD with momentum. The size is a place in SHAPES.

What is compiled takes the batch as NumPy arrays, which may be others at each call, and gives the loss.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from benchmarks.contest import main

SHAPES = (
    ((64, 64, 10), 32),
    ((64, 128, 128, 10), 128),
    ((784, 512, 512, 10), 256),
    ((32,) * 20 + (10,), 1),
)
"""The widths of the layers, and the rows of a batch."""


def batch(size):
    widths, rows = SHAPES[size]
    rng = np.random.default_rng(0)
    return rng.standard_normal((rows, widths[0])).astype(np.float32), rng.integers(0, widths[-1], rows)


def start_values(size):
    rng = np.random.default_rng(1)
    shapes = [shape for n, m in pairwise(SHAPES[size][0]) for shape in ((m, n), (m,))]
    return [(rng.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32) for shape in shapes]


def memograd(size, compiled=False):
    import autograd
    import nn
    import optim

    x, y = batch(size)
    model = nn.MLP(list(SHAPES[size][0]), dtype=np.float32, rng=0)
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    chosen = autograd.compile(step) if compiled else step
    return lambda: chosen(x, y)


def memograd_compiled(size):
    return memograd(size, compiled=True)


def pytorch(size):
    import torch

    x, y = (torch.from_numpy(each) for each in batch(size))
    layers = [part for n, m in pairwise(SHAPES[size][0]) for part in (torch.nn.Linear(n, m), torch.nn.ReLU())][:-1]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def by_hand(size):
    x, y = batch(size)
    parameters = start_values(size)
    memory = [np.zeros_like(each) for each in parameters]
    weights, biases = parameters[::2], parameters[1::2]
    rows = len(x)
    every = np.arange(rows)

    def step():
        inputs = [x]
        for w, b in zip(weights, biases, strict=True):
            z = inputs[-1] @ w.T + b
            inputs.append(np.maximum(z, 0))
        raised = np.exp(z - z.max(axis=1, keepdims=True))
        p = raised / raised.sum(axis=1, keepdims=True)
        loss = -np.log(p[every, y]).mean()
        p[every, y] -= 1
        p /= rows
        gradients = []
        for w, h in zip(reversed(weights), reversed(inputs[:-1]), strict=True):
            gradients += [p.sum(axis=0), p.T @ h]
            if h is not x:
                p = (p @ w) * (h > 0)
        for value, kept, g in zip(parameters, memory, reversed(gradients), strict=True):
            kept *= np.float32(0.9)
            kept += g
            value -= np.float32(0.01) * kept
        return loss

    return step


def jax(size):
    import jax as j

    x, y = batch(size)

    def loss(parameters, x, y):
        h = x
        for w, b in zip(parameters[::2], parameters[1::2], strict=True):
            z = h @ w.T + b
            h = j.nn.relu(z)
        return -j.nn.log_softmax(z)[j.numpy.arange(len(x)), y].mean()

    @partial(j.jit, donate_argnums=(0, 1))
    def update(parameters, memory, x, y):
        found, gradients = j.value_and_grad(loss)(parameters, x, y)
        memory = [0.9 * kept + g for kept, g in zip(memory, gradients, strict=True)]
        return [p - 0.01 * kept for p, kept in zip(parameters, memory, strict=True)], memory, found

    state = [start_values(size), [np.zeros_like(each) for each in start_values(size)]]

    def step():
        *state[:], found = update(*state, x, y)
        return found.block_until_ready()

    return step


def mygrad(size):
    import mygrad as mg
    from mygrad.nnet.losses import softmax_crossentropy

    x, y = batch(size)
    parameters = [mg.tensor(each) for each in start_values(size)]
    memory = [np.zeros_like(each.data) for each in parameters]

    def step():
        h = x
        for w, b in zip(parameters[::2], parameters[1::2], strict=True):
            z = h @ w.T + b
            h = mg.nnet.relu(z)
        softmax_crossentropy(z, y).backward()
        for p, kept in zip(parameters, memory, strict=True):
            kept *= np.float32(0.9)
            kept += p.grad
            p.data -= np.float32(0.01) * kept

    return step


def hips(size):
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    from autograd import grad

    x, y = batch(size)

    def loss(parameters):
        h = x
        for w, b in zip(parameters[::2], parameters[1::2], strict=True):
            z = anp.dot(h, w.T) + b
            h = anp.maximum(z, 0)
        return anp.mean(logsumexp(z, axis=1) - z[np.arange(len(x)), y])

    gradient, parameters = grad(loss), start_values(size)
    memory = [np.zeros_like(each) for each in parameters]

    def step():
        for p, kept, g in zip(parameters, memory, gradient(parameters), strict=True):
            kept *= np.float32(0.9)
            kept += g
            p -= np.float32(0.01) * kept

    return step


CONTESTANTS = {
    "memograd": (["autograd"], memograd),
    "memograd compiled": (["autograd"], memograd_compiled),
    "PyTorch": (["torch"], pytorch),
    "JAX jit": (["jax"], jax),
    "NumPy by hand": (["numpy"], by_hand),
    "MyGrad": (["mygrad"], mygrad),
    "HIPS autograd": (["autograd"], hips),
}

if __name__ == "__main__":
    main(CONTESTANTS)
