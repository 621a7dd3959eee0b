"""Makes optimizers.npz: `python tests/reference/make_optimizers.py`, with PyTorch 2.13 and expecttest installed.

The tests read the file; they need neither. It holds the options of PyTorch's own database of optimizer inputs, those
that its constructors refuse, and the parameter after some steps of each case.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.testing._internal.common_optimizers import optim_db

sys.path.append(str(Path(__file__).parents[2]))

from tests.reference.cases import KEPT, OPTIONS, cases, gradients, started


def database():
    """The options that PyTorch tests each optimizer with, and those that it refuses, where they are plain numbers."""
    accepted, refused = {}, {}
    for info in optim_db:
        accepted[info.name] = _plain(each.kwargs for each in info.optim_inputs_func("cpu"))
        errors = [each.optimizer_error_input for each in info.optim_error_inputs_func("cpu", torch.float64)]
        refused[info.name] = _plain(each.kwargs for each in errors if each.params is None)
    return {name: accepted[name] for name in OPTIONS}, {name: refused[name] for name in OPTIONS}


def _plain(options):
    def parts(each):
        return each if isinstance(each, tuple) else (each,)

    return [
        each for each in options if not any(torch.is_tensor(one) for value in each.values() for one in parts(value))
    ]


def path(name, chosen, shape, dtype):
    """The parameter after each of some steps."""
    p = torch.tensor(started(shape), dtype=getattr(torch, dtype), requires_grad=True)
    optimizer = getattr(torch.optim, name)([p], **chosen)
    if name == "Muon":
        torch.Tensor.bfloat16 = torch.Tensor.clone  # its iteration in the dtype of the parameter, as ours is
    found = []
    for g in gradients(shape):
        p.grad = torch.tensor(g, dtype=p.dtype).reshape(shape)
        optimizer.step()
        found.append(p.detach().numpy().copy())
    return np.array(found)[KEPT]


def main():
    accepted, refused = database()
    found = {key: path(*case) for key, *case in cases(accepted)}
    arrays = {"accepted": np.array(json.dumps(accepted)), "refused": np.array(json.dumps(refused))}
    np.savez_compressed(Path(__file__).with_name("optimizers.npz"), **arrays, **found)
    print(len(found), "cases")


if __name__ == "__main__":
    main()
