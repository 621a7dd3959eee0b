"""Makes activations.npz: `python tests/reference/make_activations.py`, with PyTorch 2.13 installed."""

import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.reference.activations import CASES, EDGES, ONCE, RANDOM  # noqa: E402  found by the line above


def numbers(key, options, points, second):
    """Value and gradients of an activation in evaluation, and, if asked for, of the square of the gradient."""
    module = getattr(torch.nn, key.partition("/")[0])(**options).double().eval()
    x = torch.tensor(points, requires_grad=True)
    out = module(x)
    weights = torch.linspace(0.5, 1.5, out.numel(), dtype=torch.float64).reshape(out.shape)
    first = torch.autograd.grad((out * weights).sum(), [x, *module.parameters()], create_graph=second)
    found = {"value": out, **{f"first/{place}": each for place, each in enumerate(first)}}
    if second:
        along = (first[0] * first[0]).sum()
        found["second"] = torch.autograd.grad(along, x)[0] if along.requires_grad else torch.zeros_like(x)
    return {name: each.detach().numpy() for name, each in found.items()}


if __name__ == "__main__":
    arrays = {}
    for key, options in CASES.items():
        for where, points in (("random", RANDOM), ("edges", EDGES)):
            found = numbers(key, options, points, second=where == "random" and key not in ONCE)
            arrays |= {f"{key}/{where}/{what}": each for what, each in found.items()}
    np.savez_compressed(HERE / "activations.npz", **arrays)
