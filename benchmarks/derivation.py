"""How long a derivation takes: a weight of the course's network, one of a large model, and counting many paths."""

import statistics
import time

import numpy as np

import nn
from autograd import Value, derive, sweep


def _network(sizes, rows, loss):
    rng = np.random.default_rng(0)
    model = nn.MLP(sizes, "sigmoid", rng=0)
    return model, loss(model(rng.normal(size=(rows, sizes[0]))), rng)


def small():
    """A weight of the first layer of 3-3-2-1, by elements, written as text."""
    model, loss = _network([3, 3, 2, 1], 1, lambda out, rng: nn.mse_loss(out, rng.uniform(size=out.shape)))
    return lambda: str(derive(loss, model.layers[0].weight[0, 0]))


def large():
    """A weight of 784-512-512-10 with 32 rows, in matrix form, written as a page."""
    model, loss = _network([784, 512, 512, 10], 32, lambda out, rng: nn.cross_entropy(out, rng.integers(0, 10, 32)))
    return lambda: derive(loss, model.layers[0].weight[3, 7]).html


def paths(steps):
    """The paths of a graph of so many nodes, counted."""
    x = y = Value(0.5)
    for _ in range(steps // 4):
        y = (y * 0.5 + x).tanh() * y
    return lambda: sweep(y).counts()


def rows(count, tiny=False):
    """Title, seconds and goal of each."""
    each = [("a weight of 3-3-2-1", small(), 0.05), ("a weight of 784-512-512-10", large(), 0.1)]
    each.append(("paths of 10⁵ nodes, counted", paths(400 if tiny else 100_000), 1.0))
    for title, run, goal in each:
        run()
        yield f"derivation: {title}", statistics.median(_timed(run) for _ in range(count)), goal


def _timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
