"""Makes layers.npz: `python tests/reference/make_layers.py`, with PyTorch 2.13 installed."""

import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.reference.layers import CASES, batches, numbers  # noqa: E402  found by the line above


def derivatives(key, module, inputs):
    """The output, its gradient along a seed by inputs and parameters, and that gradient's own, along another."""
    leaves = {f"input{i}": each for i, each in enumerate(inputs)} | dict(module.named_parameters())
    out = module(*inputs)
    first = torch.autograd.grad(
        (out * torch.tensor(numbers(f"{key}/seed", out.shape))).sum(), list(leaves.values()), create_graph=True
    )
    along = sum((g * torch.tensor(numbers(f"{key}/along", g.shape))).sum() for g in first)
    second = (
        torch.autograd.grad(along, list(leaves.values()), allow_unused=True)
        if along.requires_grad
        else [None] * len(first)
    )
    found = {"output": out}
    for name, one, other in zip(leaves, first, second, strict=True):
        found |= {f"first/{name}": one, f"second/{name}": torch.zeros_like(one) if other is None else other}
    return {name: each.detach().numpy() for name, each in found.items()}


def case(key, name, arguments, options, shapes):
    torch.manual_seed(0)
    module = getattr(torch.nn, name)(*arguments, **options).double()
    with torch.no_grad():
        for path, parameter in module.named_parameters():
            parameter += 0.3 * torch.tensor(numbers(f"{key}/{path}", parameter.shape))
    found = {f"before/{path}": each.numpy().copy() for path, each in module.state_dict().items()}
    for inputs in batches(key, shapes):
        tensors = [torch.tensor(each, requires_grad=True) for each in inputs]
        trained = derivatives(key, module, tensors)
    found |= {f"train/{what}": each for what, each in trained.items()}
    found |= {f"after/{path}": each.numpy().copy() for path, each in module.state_dict().items()}
    found |= {f"eval/{what}": each for what, each in derivatives(key, module.eval(), tensors).items()}
    return {f"{key}/{what}": each for what, each in found.items()}


if __name__ == "__main__":
    arrays = {}
    for key, chosen in CASES.items():
        arrays |= case(key, *chosen)
    np.savez_compressed(HERE / "layers.npz", **arrays)
