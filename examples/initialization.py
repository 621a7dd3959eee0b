"""What becomes of a signal through ten layers, for each way to start the weights: it vanishes, saturates or lives.

python examples/initialization.py [out]
"""

import sys
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
from nn import init

DEPTH, WIDTH = 10, 256
STARTS = {
    "normal, std 0.01": partial(init.normal, std=0.01),
    "normal, std 1": partial(init.normal, std=1.0),
    "Xavier normal": init.xavier_normal,
    "He normal": init.he_normal,
}


def activations(activation, start, x):
    """What comes out of each hidden layer."""
    model = nn.MLP([WIDTH] * (DEPTH + 1) + [1], activation, init=start, rng=0)
    for layer in list(model.layers)[:-1]:
        x = model.activation(layer(x)).numpy()
        yield x


def saturated(out):
    """The share of tanh's results that stand at an end, -1 or 1, where its slope is below 0.02."""
    return float(np.mean(np.abs(out) > 0.99))


def main(out="out"):
    x = np.random.default_rng(0).standard_normal((200, WIDTH))
    figure = Figure(figsize=(10, 5.2), layout="constrained")
    grid = figure.subplots(2, len(STARTS))
    for row, activation in zip(grid, ("tanh", "relu"), strict=True):
        for axes, (name, start) in zip(row, STARTS.items(), strict=True):
            layers = list(activations(activation, start, x))
            spread = [float(each.std()) for each in layers]
            said = f"std after layer 1: {spread[0]:9.3g}   after layer {DEPTH}: {spread[-1]:9.3g}"
            if activation == "tanh":
                said += f"   saturated: {saturated(layers[-1]):.0%}"
                told = f"{saturated(layers[-1]):.0%} saturated\n(beyond ±0.99)"
                axes.text(0.95, 0.95, told, transform=axes.transAxes, ha="right", va="top", fontsize=9)
            print(f"{activation}, {name:17} {said}")
            axes.semilogy(range(1, DEPTH + 1), spread, "o-", color="#0b5e9c", markersize=4)
            axes.set(title=f"{activation}, {name}", ylim=(1e-16, 1e12), xticks=(1, 5, 10))
            axes.axhline(1, color="#888", linewidth=0.8)
    for axes in grid[-1]:
        axes.set_xlabel("layer")
    for axes in grid[:, 0]:
        axes.set_ylabel("std of what comes out")
    Path(out).mkdir(exist_ok=True, parents=True)
    figure.savefig(Path(out) / "initialization.png", dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
