"""Makes samples.npz: `python tests/reference/make_samples.py`, with PyTorch 2.13 and expecttest; the tests need none.

The sample inputs are those of PyTorch's own operator database. Left out: samples of more than `LARGEST` numbers, all
but the first `EACH` of an operator, operators whose low-rank inputs are made by PyTorch's wrapper around them.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

sys.path.append(str(Path(__file__).parents[2]))

from tests.reference.operators import OPERATORS
from tests.reference.samples import ARRAY, VARIABLE, directions, packed

LARGEST, EACH = 400, 10
WRAPPED = ("singular", "gradgrad")
RESULT = {"linalg.slogdet": 1, "sort": 0}


class UnfitError(Exception):
    """A sample that is too large, of another type, or without a derivative in PyTorch."""


def main():
    torch.manual_seed(0)
    samples, arrays = [], {}
    for info in op_db:
        if info.name in OPERATORS and torch.float64 in info.dtypes and info.variant_test_name not in WRAPPED:
            samples += of_operator(info, arrays)
    arrays["samples"] = np.array(json.dumps(samples))
    np.savez_compressed(Path(__file__).with_name("samples.npz"), **arrays)
    print(len({each["operator"] for each in samples}), "operators,", len(samples), "samples")


def of_operator(info, arrays):
    found = []
    for sample in info.sample_inputs("cpu", torch.float64, requires_grad=info.supports_autograd):
        try:
            found.append(of_sample(info, sample, arrays))
        except UnfitError:
            continue
        if len(found) == EACH:
            break
    return found


def of_sample(info, sample, arrays):
    value = info(sample.input, *sample.args, **sample.kwargs)
    value = value[RESULT[info.name]] if info.name in RESULT else value
    variables, kept = [], {}

    def keep(each):
        if not isinstance(each, torch.Tensor) or each.is_complex() or each.numel() > LARGEST:
            raise UnfitError
        name = f"a{len(arrays) + len(kept)}"
        kept[name] = each.detach().numpy(force=True)
        if each.requires_grad:
            variables.append(each)
        return [VARIABLE if each.requires_grad else ARRAY, name]

    if not isinstance(value, torch.Tensor) or value.numel() > LARGEST:
        raise UnfitError
    written = packed([sample.input, list(sample.args), sample.kwargs], keep)
    results = {"value": value, **derivatives(info, value, variables)}
    found = {"operator": info.name, "arguments": written}
    for name, each in results.items():
        found[name] = [keep(one)[1] for one in each] if isinstance(each, list) else keep(each)[1]
    arrays.update(kept)
    return found


def derivatives(info, value, variables):
    """The gradients of <value, v>, and those of <gradients, w> where PyTorch's are finite."""
    if not value.requires_grad:
        return {}
    seed, *along = (torch.tensor(each) for each in directions([value.shape, *(each.shape for each in variables)]))
    first = torch.autograd.grad(value, variables, seed, create_graph=True, materialize_grads=True)
    found = {"first": list(first)}
    slope = sum((each * w).sum() for each, w in zip(first, along, strict=True))
    if info.supports_gradgrad and slope.requires_grad:
        second = torch.autograd.grad(slope, variables, materialize_grads=True)
        if all(each.isfinite().all() for each in second):
            found["second"] = list(second)
    return found


if __name__ == "__main__":
    main()
