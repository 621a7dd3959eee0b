"""Why weights do not start at zero: units that start alike learn alike, and a layer of them is one unit.

python examples/symmetry.py [out]
"""

import sys
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
import optim
from nn import init

STARTS = {
    "zeros": init.zeros,
    "one constant": partial(init.constant, value=0.5),
    "random": "xavier_uniform",
}


def main(out="out"):
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (200, 2))
    labels = (points[:, 0] * points[:, 1] > 0).astype(int)
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for axes, (name, start) in zip(figure.subplots(1, 3, sharey=True), STARTS.items(), strict=True):
        model = nn.MLP([2, 6, 2], "tanh", init=start, rng=0)
        paths = [model.layers[0].weight.numpy()[:, 0].copy()]

        def watch(event, model=model, paths=paths):
            if isinstance(event, optim.EpochEnded):
                paths.append(model.layers[0].weight.numpy()[:, 0].copy())

        optimizer = optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
        data = points, labels
        history = optim.fit(
            model, nn.cross_entropy, data, optimizer, epochs=60, batch_size=None, callbacks=[watch], progress=False
        )
        different = len(np.unique(model.layers[0].weight.numpy().round(9), axis=0))
        kinds = f"{different} kind{'s' * (different > 1)} of unit"
        print(f"{name:13} {kinds} among 6 after training, loss {history['loss'][-1]:.3f}")
        axes.plot(paths, color="#0b5e9c", linewidth=1.2)
        axes.set(title=f"{name}: {kinds}", xlabel="epoch")
    figure.axes[0].set_ylabel("weight from x₁ to each hidden unit")
    Path(out).mkdir(exist_ok=True, parents=True)
    figure.savefig(Path(out) / "symmetry.png", dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
