"""Laws of every function written in operations, run on every one of its examples."""

from __future__ import annotations

import sys
from functools import reduce

import numpy as np
import pytest

import autograd
from autograd import Tensor, concatenate, gradcheck, ravel, real
from autograd.composite import composites
from autograd.node import Node
from autograd.operation import registry
from tests.laws.test_operations import of_numpy

DOUBLE = {"float_power"}
"""What promotes to float64 in NumPy, whatever it is given."""

LATER = {"pad": "2.4.0", "take_along_axis": "2.3.0", "trim_zeros": "2.2.0"}
"""Since when NumPy takes all of the examples: widths in a dict, no axis, several axes."""


def every_example(holds=lambda function, case: True):
    """Run a law on every example of every composite for which it makes sense."""
    return pytest.mark.parametrize(
        ("function", "case"),
        [
            pytest.param(function, case, id=f"{key}-{position}")
            for key, function in composites.items()
            for position, case in enumerate(function.examples)
            if holds(function, case)
        ],
    )


def named_as_in_numpy(function, case):
    known = of_numpy(function) is not None and np.lib.NumpyVersion(np.__version__) >= LATER.get(function.key, "2.0.0")
    return known and function.name not in ("array", "full")  # these do not ask a tensor


def is_in_one_dtype(function, case):
    """Whether a case is of one dtype in NumPy: no complex numbers, no Python number that becomes an array."""
    listed = [each for each in case.arguments if isinstance(each, list | tuple)]
    numbers = isinstance(case.arguments[-1], float) or any(type(part) is float for each in listed for part in each)
    complex_numbers = any(np.iscomplexobj(each) for each in leaves(case.arguments))
    return function.key not in DOUBLE and not complex_numbers and not numbers


def is_number(each):
    return (
        isinstance(each, np.ndarray | np.generic | Node) and np.asarray(getattr(each, "value", each)).dtype.kind in "fc"
    )


def mapped(change, tree):
    """Every array of floats within lists, tuples and dicts changed."""
    if isinstance(tree, dict):
        return {name: mapped(change, each) for name, each in tree.items()}
    if isinstance(tree, list | tuple):
        parts = [mapped(change, each) for each in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return change(tree) if is_number(tree) else tree


def leaves(tree):
    found = []
    mapped(found.append, tree)
    return found


def test_every_composite_has_examples_and_a_sentence():
    assert [key for key, each in composites.items() if not each.examples] == ["random.permutation"]
    assert all(each.__doc__ for each in composites.values())


def test_no_name_stands_for_two_things():
    assert not composites.keys() & registry.keys()


def test_everything_is_reachable_under_its_name():
    for key, each in {**registry, **composites}.items():
        module = sys.modules.get(each.function.__module__)
        if each.name in getattr(module, "__all__", ()):
            assert reduce(getattr, key.split("."), autograd) is each, key


@every_example(named_as_in_numpy)
def test_numpys_function_gives_the_same_value_on_tensors(function, case):
    expected = of_numpy(function)(*case.arguments, **case.parameters)
    tensors = mapped(lambda each: Tensor(each, requires_grad=True), case.arguments)
    for called in (function, of_numpy(function)):
        found = called(*tensors, **case.parameters)
        assert all(isinstance(each, Tensor) for each in leaves(found) if np.asarray(each.value).dtype.kind in "fc")
        for ours, theirs in zip(leaves(found), leaves(expected), strict=True):
            assert ours.shape == np.shape(theirs)
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-12, atol=1e-14)


@every_example()
def test_plain_arrays_give_plain_arrays(function, case):
    found = function(*case.arguments, **case.parameters)
    assert not any(isinstance(each, Node) for each in leaves(found))


@every_example()
def test_derivatives_agree_with_central_differences_to_second_order(function, case):
    given = [case.arguments, case.parameters]

    def f(*values):
        rest = iter(values)
        arguments, parameters = mapped(lambda _: next(rest), given)
        return concatenate([ravel(each) for each in leaves(function(*arguments, **parameters))])

    assert gradcheck(f, *leaves(given), order=2)


@every_example(is_in_one_dtype)
def test_float32_stays_float32(function, case):
    given = mapped(lambda each: Tensor(np.float32(each), requires_grad=True), [case.arguments, case.parameters])
    total = sum(real(each).sum() for each in leaves(function(*given[0], **given[1])) if each.requires_grad)
    assert total.dtype == np.float32
    total.backward()
    assert {each.grad.dtype for each in leaves(given) if each.grad is not None} == {np.dtype(np.float32)}
