"""One hidden layer comes as near to a continuous function as one likes: the wider, the nearer.

python examples/universal_approximation.py [out]
"""

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import nn
import optim

WIDTHS = (1, 3, 10, 50)


def function(x):
    return np.sin(3 * x) + 0.5 * np.abs(x)


def main(out="out"):
    x = np.linspace(-2, 2, 200)[:, None]
    y = function(x)
    figure = Figure(figsize=(10, 2.8), layout="constrained")
    for axes, width in zip(figure.subplots(1, len(WIDTHS), sharey=True), WIDTHS, strict=True):
        model = nn.MLP([1, width, 1], "tanh", rng=1)
        model.layers[0].weight.data *= 4  # so that the units' bends lie spread over the interval
        model.layers[0].bias.data *= 4
        optimizer = optim.Adam(model.parameters(), lr=0.02)
        optim.fit(model, nn.mse_loss, (x, y), optimizer, epochs=400, batch_size=50, rng=0, progress=False)
        optimizer.param_groups[0]["lr"] = 0.002
        optim.fit(model, nn.mse_loss, (x, y), optimizer, epochs=200, batch_size=50, rng=0, progress=False)
        found = model(x).numpy()
        worst = float(np.abs(found - y).max())
        print(f"{width:3} hidden unit{'s' * (width > 1):1}  largest distance {worst:.3f}")
        axes.plot(x, y, color="#888", linewidth=3, label="the function")
        axes.plot(x, found, color="#c4520c", label="the network")
        axes.set(title=f"{width} unit{'s' * (width > 1)}: within {worst:.2f}", xlabel="x")
    figure.axes[0].legend(frameon=False, fontsize=8)
    Path(out).mkdir(exist_ok=True, parents=True)
    figure.savefig(Path(out) / "universal_approximation.png", dpi=150)


if __name__ == "__main__":
    main(*sys.argv[1:])
