"""Makes programs.npz: `python tests/reference/make_programs.py`, with PyTorch 2.13 installed; the tests need none."""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).parents[2]))

from tests.reference.programs import COUNT, inputs, run


def main():
    found = {"value": [], "gradient": [], "product": []}
    for seed in range(COUNT):
        matrices, directions = (torch.tensor(each) for each in inputs(seed))
        matrices.requires_grad_()
        value = run(torch, seed, list(matrices))
        (gradient,) = torch.autograd.grad(value, matrices, create_graph=True)
        (product,) = torch.autograd.grad((gradient * directions).sum(), matrices)
        for name, each in (("value", value), ("gradient", gradient), ("product", product)):
            found[name].append(each.detach().numpy())
    np.savez_compressed(
        Path(__file__).with_name("programs.npz"), **{name: np.array(each) for name, each in found.items()}
    )


if __name__ == "__main__":
    main()
