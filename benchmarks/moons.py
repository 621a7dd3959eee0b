"""micrograd's demo: a training step of a network of scalars on 100 points of two moons, one code for both engines."""

import random

import numpy as np

from benchmarks.contest import main


class Neuron:
    def __init__(self, value, inputs, nonlinear):
        self.w = [value(random.uniform(-1, 1)) for _ in range(inputs)]
        self.b = value(0)
        self.nonlinear = nonlinear

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return act.relu() if self.nonlinear else act


class Network:
    def __init__(self, value, sizes):
        last = len(sizes) - 2
        self.layers = [[Neuron(value, sizes[i], i != last) for _ in range(sizes[i + 1])] for i in range(len(sizes) - 1)]

    def __call__(self, x):
        for layer in self.layers:
            x = [neuron(x) for neuron in layer]
        return x[0]

    def parameters(self):
        return [p for layer in self.layers for neuron in layer for p in [*neuron.w, neuron.b]]


def two_moons(rows):
    """Points on two half circles with noise, and +1 or -1 for which."""
    rng = np.random.default_rng(1337)
    angle = np.pi * rng.random(rows)
    label = np.arange(rows) % 2
    points = np.stack([np.cos(angle) * (1 - 2 * label) + label, np.sin(angle) * (1 - 2 * label) + 0.5 * label], axis=1)
    return (points + 0.1 * rng.standard_normal(points.shape)).tolist(), (2 * label - 1).tolist()


def step_with(value, rows):
    """One step on `rows` points: forward, hinge loss with regularization, backward, update."""
    random.seed(1337)
    points, labels = two_moons(rows)
    model = Network(value, [2, 16, 16, 1])
    parameters = model.parameters()

    def step():
        inputs = [list(map(value, row)) for row in points]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(labels, scores, strict=True)]
        total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = 0
        total.backward()
        for p in parameters:
            p.data -= 0.1 * p.grad
        return total

    return step


def memograd(rows):
    from autograd import Value

    return step_with(Value, rows)


def memograd_compiled(rows):
    from autograd import Value, compile  # noqa: A004  ours

    return compile(step_with(Value, rows))


def micrograd(rows):
    from micrograd.engine import Value

    return step_with(Value, rows)


CONTESTANTS = {
    "memograd": (["autograd"], memograd),
    "memograd compiled": (["autograd"], memograd_compiled),
    "micrograd": (["micrograd"], micrograd),
}

if __name__ == "__main__":
    main(CONTESTANTS)
