"""Batch, mini-batch and stochastic descent on one problem: time, epochs and smoothness, measured.

python examples/descent_variants.py [--out out]
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
import optim

VARIANTS = {
    "batch": optim.batch_gradient_descent,
    "mini-batch": optim.mini_batch_gradient_descent,
    "stochastic": optim.stochastic_gradient_descent,
}
EPOCHS, GOOD = 40, 0.25


def data(rows=320):
    """Points around two centres, and the one that each belongs to."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, rows)
    return rng.normal(size=(rows, 2)) + 2.5 * labels[:, None], labels


def learned(variant):
    """The history of a fit, and the loss at each update."""
    model, losses = nn.MLP([2, 8, 2], "tanh", rng=0), []

    def note(event):
        if isinstance(event, optim.BatchEnded):
            losses.append(event.loss)

    optimizer = optim.SGD(model.parameters(), lr=0.1)
    history = variant(
        model, nn.cross_entropy, data(), optimizer, epochs=EPOCHS, rng=0, callbacks=[note], progress=False
    )
    return history, losses


def curves(runs):
    """The loss over the epochs: smooth where an update sees all rows, spiky where it sees one."""
    figure = Figure(figsize=(10, 3.2), layout="constrained")
    for axes, (name, (history, losses)) in zip(figure.subplots(1, 3, sharey=True), runs.items(), strict=True):
        updates = np.arange(1, len(losses) + 1) * EPOCHS / len(losses)
        axes.plot(updates, losses, ".", markersize=2, color="0.65", label="each update")
        axes.plot(range(1, EPOCHS + 1), history["loss"], linewidth=2, color="C0", label="mean of the epoch")
        axes.set(title=f"{name}, updates per epoch: {history.updates // EPOCHS}", xlabel="epoch", ylim=(0, 1.2))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("loss")
    figure.axes[0].legend(frameon=False, markerscale=4)
    return figure


def main():
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the picture (default out)")
    out = parser.parse_args().out
    runs = {name: learned(variant) for name, variant in VARIANTS.items()}
    print("variant     updates/epoch  ms/epoch  epochs to loss 0.25  jump between updates")
    for name, (history, losses) in runs.items():
        needed = next((i for i, loss in enumerate(history["loss"], start=1) if loss <= GOOD), f"over {EPOCHS}")
        speed, jump = 1000 * np.median(history.seconds), np.abs(np.diff(losses)).mean()
        print(f"{name:11} {history.updates // EPOCHS:13}  {speed:8.2f}  {needed:>20}  {jump:20.4f}")
    for rows, size in ((320, 32), (900, 150), (800, 150)):
        print(f"{rows} rows in batches of {size}: {optim.batch_count(rows, size)} updates an epoch")
    out.mkdir(parents=True, exist_ok=True)
    curves(runs).savefig(out / "descent.png", dpi=120)
    print(out / "descent.png")


if __name__ == "__main__":
    main()
