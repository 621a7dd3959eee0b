"""Sample inputs of PyTorch's operator database: its values, gradients and second-order products are ours."""

from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, sweep
from tests.reference.operators import OPERATORS, NotOursError
from tests.reference.samples import VARIABLE, directions, load, unpacked

SAMPLES, ARRAYS = load(Path(__file__).parents[1] / "reference" / "samples.npz")
BY_OPERATOR = {}
for each in SAMPLES:
    BY_OPERATOR.setdefault(each["operator"], []).append(each)


def called(sample):
    """Our value at a sample's arguments, and the variables among them in PyTorch's order."""
    variables = []

    def read(kind, name):
        if kind != VARIABLE:
            return ARRAYS[name][()]
        variables.append(Tensor(ARRAYS[name], requires_grad=True))
        return variables[-1]

    first, others, named = unpacked(sample["arguments"], read)
    return OPERATORS[sample["operator"]](first, *others, **named), variables


def gradients(root, variables, seed=None):
    """The gradient by each variable as a tensor; zeros for those the root does not depend on."""
    found = sweep(root, seed, create_graph=True) if isinstance(root, Tensor) and root.requires_grad else {}
    return [found[each] if each in found else Tensor(np.zeros(each.shape)) for each in variables]


def close(found, name, digits):
    expected = ARRAYS[name]
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=10.0**-digits, atol=10.0 ** -(digits + 2), equal_nan=True)


def compare(sample):
    with np.errstate(all="ignore"):
        value, variables = called(sample)
    close(value.detach() if isinstance(value, Tensor) else value, sample["value"], 8)
    seed, *along = directions([np.shape(value), *(each.shape for each in variables)])
    first = gradients(value, variables, seed)
    for found, name in zip(first, sample.get("first", []), strict=False):
        close(found.detach(), name, 7)
    slope = sum(((each * w).sum() for each, w in zip(first, along, strict=True)), Tensor(0.0))
    for found, name in zip(gradients(slope, variables), sample.get("second", []), strict=False):
        close(found.detach(), name, 6)


@pytest.mark.parametrize("operator", BY_OPERATOR)
def test_pytorchs_numbers_are_ours(operator):
    compared = 0
    for sample in BY_OPERATOR[operator]:
        try:
            compare(sample)
        except NotOursError:
            continue
        compared += 1
    assert compared


def test_the_samples_cover_the_operators_and_second_order():
    assert BY_OPERATOR.keys() == OPERATORS.keys()
    assert sum("second" in each for each in SAMPLES) > 450
