"""The main job: learn to read handwritten digits, then draw the network, derive a gradient and show the mistakes.

python examples/digits.py [--epochs 40] [--seed 0] [--out out]
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import nn
import optim
from autograd import Value, derive, draw


def data(seed):
    """The 1,797 images of 8 x 8 pixels: standardized training and held-out rows, and the held-out images."""
    digits = load_digits()
    rows = train_test_split(
        digits.data, digits.target, digits.images, test_size=0.2, stratify=digits.target, random_state=seed
    )
    train, test, train_labels, test_labels, _, images = rows
    scaler = StandardScaler().fit(train)
    return (scaler.transform(train), train_labels), (scaler.transform(test), test_labels), images


def learn(train, test, epochs, seed):
    """A trained network and the history of its training."""
    model = nn.MLP([64, 128, 64, 10], "relu", dtype=np.float32, rng=seed)
    history = optim.fit(
        model,
        nn.cross_entropy,
        train,
        optim.Adam(model.parameters(), lr=1e-3, weight_decay=2e-3),
        epochs=epochs,
        batch_size=32,
        validation=test,
        metrics={"accuracy": optim.accuracy},
        rng=seed,
    )
    return model, history


def curves(history):
    """Loss and accuracy by epoch, on training and held-out images."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    epochs = range(1, history.epochs + 1)
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        axes.plot(epochs, history[name], label="training", color="#0b5e9c")
        axes.plot(epochs, history[f"val_{name}"], label="held out", color="#c4520c", linestyle="--")
        axes.set(xlabel="epoch", ylabel=name)
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.axes[0].set_ylim(bottom=0)
    return figure


def mistakes(images, labels, predicted):
    """The held-out images that were read wrongly, with what they are and what they were taken for."""
    wrong = np.flatnonzero(predicted != labels)[:24]
    columns = min(8, max(1, len(wrong)))
    rows = max(1, -(-len(wrong) // columns))
    figure = Figure(figsize=(1.25 * columns + 0.4, 1.6 * rows + 0.5), layout="constrained")
    figure.suptitle(f"{np.sum(predicted != labels)} of {len(labels)} held-out digits were read wrongly", fontsize=11)
    for position, axes in enumerate(np.ravel(figure.subplots(rows, columns, squeeze=False))):
        axes.axis("off")
        if position < len(wrong):
            i = wrong[position]
            axes.imshow(images[i], cmap="gray_r")
            axes.set_title(f"a {labels[i]}, read as {predicted[i]}", fontsize=8)
    return figure


def neuron():
    """One sigmoid neuron with a squared error, small enough for every step of its gradient to be written."""
    w, b, x = Value(0.6, "w"), Value(-0.2, "b"), 1.5
    z = w * x + b
    z.name = "z"
    guess = z.sigmoid()
    guess.name = "yhat"
    loss = (guess - 1.0) ** 2
    loss.name = "L"
    return loss, w


def write(folder, model, history, train, test, images):
    """All pictures and derivations, into a folder."""
    inputs, labels = test
    predicted = model(inputs.astype(np.float32)).numpy().argmax(axis=1)
    curves(history).savefig(folder / "curves.png", dpi=150)
    mistakes(images, labels, predicted).savefig(folder / "mistakes.png", dpi=150)
    batch = train[0][:32].astype(np.float32), train[1][:32]
    draw(nn.cross_entropy(model(batch[0]), batch[1]), fold="module").save(folder / "network.svg")
    derivation = derive(*neuron())
    derivation.save(folder / "derivation.html")
    derivation.save(folder / "derivation.txt")


def into(out, make):
    """Let `make` fill a folder that takes the place of files in `out` only once all of it is there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as place:
        folder = Path(place)
        make(folder)
        out.mkdir(exist_ok=True)
        for file in sorted(folder.iterdir()):
            shutil.move(file, out / file.name)


def arguments(given):
    """The options, checked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=40, help="passes over the training images (default 40)")
    parser.add_argument("--seed", type=int, default=0, help="of the split, the start values and the shuffling")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for what is written (default out)")
    options = parser.parse_args(given)
    if options.epochs < 1:
        parser.error(f"--epochs is a whole number above 0; found {options.epochs}")
    if options.seed < 0:
        parser.error(f"--seed is a whole number, 0 or more; found {options.seed}")
    if options.out.exists() and not options.out.is_dir():
        parser.error(f"--out is a folder; {options.out} is a file")
    return options


def main(given=None):
    """Train, write, and say where; the accuracy on held-out images is returned."""
    options = arguments(given)
    train, test, images = data(options.seed)
    start = time.perf_counter()
    model, history = learn(train, test, options.epochs, options.seed)
    seconds = time.perf_counter() - start
    into(options.out, lambda folder: write(folder, model, history, train, test, images))
    accuracy = history["val_accuracy"][-1]
    print(f"{accuracy:.1%} of {len(test[1])} held-out digits read rightly after {seconds:.1f} s of training")
    for file in sorted(options.out.iterdir()):
        print(f"  {file}")
    return accuracy


if __name__ == "__main__":
    sys.exit(0 if main() > 0 else 1)
