"""A large network learns a small noisy set by heart. Dropout and an L2 penalty keep it to what is general.

python examples/overfitting.py [out]
"""

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
import optim

KINDS = {"nothing": (0.0, 0.0), "dropout 0.6": (0.6, 0.0), "L2, λ/m = 0.01": (0.0, 0.01)}


def noisy(rng, count):
    """Two half-moons with much noise."""
    angle, label = rng.uniform(0, np.pi, count), rng.integers(0, 2, count)
    moons = np.where(label, (1 - np.cos(angle), 0.4 - np.sin(angle)), (np.cos(angle), np.sin(angle))).T
    return moons + 0.3 * rng.standard_normal((count, 2)), label


def measured(model, inputs, labels):
    """Accuracy and loss of a model in evaluation."""
    output = model(inputs)
    return optim.accuracy(output.numpy(), labels), nn.cross_entropy(output, labels).item()


def main(out="out"):
    rng = np.random.default_rng(3)
    train, held_out = noisy(rng, 80), noisy(rng, 2000)
    plane = np.stack(np.meshgrid(np.linspace(-2, 3, 160), np.linspace(-1.3, 1.8, 120)), axis=-1)
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    for axes, (name, (dropout, decay)) in zip(figure.subplots(1, 3, sharey=True), KINDS.items(), strict=True):
        model = nn.MLP([2, 200, 200, 2], "relu", dropout=dropout, rng=0)
        weights = [each for each in model.parameters() if each.ndim > 1]
        biases = [each for each in model.parameters() if each.ndim == 1]
        optimizer = optim.Adam([{"params": weights, "weight_decay": decay}, {"params": biases}], lr=0.003)
        optim.fit(model, nn.cross_entropy, train, optimizer, epochs=150, rng=0, progress=False)
        model.eval()
        (seen, loss_seen), (others, loss_others) = (measured(model, *data) for data in (train, held_out))
        print(
            f"{name:15} seen: loss {loss_seen:.2f}, {seen:6.1%} right;  others: loss {loss_others:.2f}, {others:6.1%}"
        )
        share = nn.Softmax()(model(plane)).numpy()[..., 1]
        axes.contourf(plane[..., 0], plane[..., 1], share, levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.6)
        axes.scatter(*train[0].T, c=train[1], cmap="RdBu_r", edgecolors="white", s=28)
        axes.set(title=f"{name}\nloss {loss_seen:.2f} here, {loss_others:.2f} on others", xticks=[], yticks=[])
    Path(out).mkdir(exist_ok=True, parents=True)
    figure.savefig(Path(out) / "overfitting.png", dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
