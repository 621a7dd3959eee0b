"""A training step of a network 64-64-10, batch 32, float32: cross-entropy, backward, SGD with momentum, eager."""

import numpy as np

from benchmarks.contest import main


def batch(rows):
    rng = np.random.default_rng(0)
    return rng.standard_normal((rows, 64)).astype(np.float32), rng.integers(0, 10, rows)


def start_values():
    rng = np.random.default_rng(1)
    return [(0.1 * rng.standard_normal(shape)).astype(np.float32) for shape in ((64, 64), (64,), (10, 64), (10,))]


def memograd(rows):
    import nn
    import optim

    x, y = batch(rows)
    model = nn.MLP([64, 64, 10], dtype=np.float32, rng=0)
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        nn.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def pytorch(rows):
    import torch

    x, y = (torch.from_numpy(each) for each in batch(rows))
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def by_hand(rows):
    x, y = batch(rows)
    parameters = start_values()
    memory = [np.zeros_like(each) for each in parameters]
    every = np.arange(rows)

    def step():
        w1, b1, w2, b2 = parameters
        z = x @ w1.T + b1
        h = np.maximum(z, 0)
        out = h @ w2.T + b2
        raised = np.exp(out - out.max(axis=1, keepdims=True))
        p = raised / raised.sum(axis=1, keepdims=True)
        loss = -np.log(p[every, y]).mean()
        p[every, y] -= 1
        p /= rows
        dz = (p @ w2) * (z > 0)
        for value, kept, g in zip(parameters, memory, (dz.T @ x, dz.sum(0), p.T @ h, p.sum(0)), strict=True):
            kept *= np.float32(0.9)
            kept += g
            value -= np.float32(0.01) * kept
        return loss

    return step


def jax(rows):
    import jax as j

    x, y = batch(rows)

    def loss(parameters):
        w1, b1, w2, b2 = parameters
        out = j.nn.relu(x @ w1.T + b1) @ w2.T + b2
        return -j.nn.log_softmax(out)[j.numpy.arange(rows), y].mean()

    @j.jit
    def update(parameters, memory):
        gradients = j.grad(loss)(parameters)
        memory = [0.9 * kept + g for kept, g in zip(memory, gradients, strict=True)]
        return [p - 0.01 * kept for p, kept in zip(parameters, memory, strict=True)], memory

    state = [start_values(), [np.zeros_like(each) for each in start_values()]]

    def step():
        state[:] = update(*state)
        state[0][0].block_until_ready()

    return step


def mygrad(rows):
    import mygrad as mg
    from mygrad.nnet.losses import softmax_crossentropy

    x, y = batch(rows)
    parameters = [mg.tensor(each) for each in start_values()]
    memory = [np.zeros_like(each.data) for each in parameters]

    def step():
        w1, b1, w2, b2 = parameters
        softmax_crossentropy(mg.nnet.relu(x @ w1.T + b1) @ w2.T + b2, y).backward()
        for p, kept in zip(parameters, memory, strict=True):
            kept *= np.float32(0.9)
            kept += p.grad
            p.data -= np.float32(0.01) * kept

    return step


def hips(rows):
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    from autograd import grad

    x, y = batch(rows)

    def loss(parameters):
        w1, b1, w2, b2 = parameters
        out = anp.maximum(anp.dot(x, w1.T) + b1, 0) @ w2.T + b2
        return anp.mean(logsumexp(out, axis=1) - out[np.arange(rows), y])

    gradient, parameters = grad(loss), start_values()
    memory = [np.zeros_like(each) for each in parameters]

    def step():
        for p, kept, g in zip(parameters, memory, gradient(parameters), strict=True):
            kept *= np.float32(0.9)
            kept += g
            p -= np.float32(0.01) * kept

    return step


CONTESTANTS = {
    "memograd": (["autograd"], memograd),
    "PyTorch": (["torch"], pytorch),
    "JAX jit": (["jax"], jax),
    "NumPy by hand": (["numpy"], by_hand),
    "MyGrad": (["mygrad"], mygrad),
    "HIPS autograd": (["autograd"], hips),
}

if __name__ == "__main__":
    main(CONTESTANTS)
