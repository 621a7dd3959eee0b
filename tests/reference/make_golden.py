"""Makes network.npz: `python tests/reference/make_golden.py`, with PyTorch 2.13 installed.

The tests read the files; they need no PyTorch.
"""

import itertools
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent


def network():
    """A network, its state, and its outputs and gradients under two losses."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 6), torch.nn.ReLU(), torch.nn.Linear(6, 3)
    ).double()
    rng = np.random.default_rng(1)
    x, classes, values = rng.standard_normal((7, 4)), rng.integers(0, 3, 7), rng.standard_normal((7, 3))
    shares = rng.dirichlet(np.ones(3), 7)
    found = {f"state/{name}": each.numpy() for name, each in model.state_dict().items()}
    found |= {"x": x, "classes": classes, "values": values, "shares": shares}
    losses = {
        "cross_entropy": (torch.nn.functional.cross_entropy, classes),
        "cross_entropy_shares": (torch.nn.functional.cross_entropy, shares),
        "mse_loss": (torch.nn.functional.mse_loss, values),
    }
    for (name, (loss, target)), reduction in itertools.product(losses.items(), ("mean", "sum", "none")):
        model.zero_grad()
        inputs = torch.tensor(x, requires_grad=True)
        out = model(inputs)
        value = loss(out, torch.tensor(target), reduction=reduction)
        value.sum().backward()
        found[f"{name}/{reduction}/value"] = value.detach().numpy()
        found[f"{name}/{reduction}/x"] = inputs.grad.numpy()
        found |= {f"{name}/{reduction}/{path}": each.grad.numpy().copy() for path, each in model.named_parameters()}
    found["output"] = out.detach().numpy()
    return found


if __name__ == "__main__":
    np.savez_compressed(HERE / "network.npz", **network())
