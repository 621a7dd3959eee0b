"""Makes losses.npz: `python tests/reference/make_losses.py`, with PyTorch 2.13 installed; the tests need none.

For each dtype the results of all cases stand in one row; `ends` says where each ends.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).parents[2]))

from tests.reference.losses import CASES, LARGE, cotangent, extremes


def as_torch(given, dtype, requires_grad):
    if not isinstance(given, np.ndarray | np.floating):
        return given
    array = np.asarray(given)
    if array.dtype.kind != "f":
        return torch.tensor(array)
    return torch.tensor(array, dtype=dtype, requires_grad=requires_grad)


def results(name, by, arguments, dtype):
    """The value and the gradients, one after the other in one row."""
    given = {key: as_torch(each, dtype, key in by) for key, each in arguments.items()}
    value = getattr(torch.nn.functional, name)(**given)
    leaves = [given[key] for key in by if given[key].is_floating_point()]
    (value * torch.tensor(cotangent(value.shape))).sum().backward()
    return np.concatenate([each.detach().numpy().ravel() for each in (value, *(leaf.grad for leaf in leaves))])


def main():
    warnings.filterwarnings("ignore", message="reduction: 'mean' divides")  # of kl_div, which is what is compared
    found = {}
    for dtype in LARGE:
        rows = [results(*case, getattr(torch, dtype)) for _, *case in (*CASES, *extremes(dtype))]
        found[dtype], found["ends"] = np.concatenate(rows), np.cumsum([len(row) for row in rows])
    np.savez_compressed(Path(__file__).with_name("losses.npz"), **found)


if __name__ == "__main__":
    main()
