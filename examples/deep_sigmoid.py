"""A deep network of sigmoids does not learn: its gradients vanish. Batch normalization or shortcuts bring them back.

python examples/deep_sigmoid.py [out]
"""

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
import optim

DEPTH, WIDTH = 12, 16
MODELS = {
    "plain": {},
    "residual": {"residual": True},
    "batch norm": {"norm": "batch"},
    "ReLU, He": {"activation": "relu", "init": "he_normal"},
}


def main(out="out"):
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (400, 2))
    labels = (points[:, 0] * points[:, 1] > 0).astype(int)
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    sizes, losses = figure.subplots(1, 2)
    for name, options in MODELS.items():
        model = nn.MLP([2] + [WIDTH] * DEPTH + [2], **{"activation": "sigmoid", "rng": 0, **options})
        nn.cross_entropy(model(points), labels).backward()
        norms = [float(np.linalg.norm(layer.weight.grad)) for layer in model.layers]
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        history = optim.fit(model, nn.cross_entropy, (points, labels), optimizer, epochs=40, rng=0, progress=False)
        last = history["loss"][-1]
        print(f"{name:11} gradient of the first layer {norms[0]:8.2g}, of the last {norms[-1]:8.2g}; loss {last:.3f}")
        sizes.semilogy(range(1, DEPTH + 2), norms, "o-", markersize=3.5, label=name)
        losses.plot(range(1, 41), history["loss"], label=name)
    sizes.set(xlabel="layer", ylabel="norm of the gradient at the start")
    losses.set(xlabel="epoch", ylabel="loss", ylim=(0, 0.8))
    sizes.legend(frameon=False)
    Path(out).mkdir(exist_ok=True, parents=True)
    figure.savefig(Path(out) / "deep_sigmoid.png", dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
