"""Laws of every registered operation, run on every one of its examples."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, gradcheck, jvp, sweep, vjp
from autograd.node import Node, record_everything
from autograd.operation import Elementwise, Example, Operation, registry

CASES = [
    pytest.param(operation, each, id=f"{operation.name}-{position}")
    for operation in registry.values()
    for position, each in enumerate(operation.examples)
]
every_example = pytest.mark.parametrize(("operation", "case"), CASES)
NOT_SHOWN = {"recall"}


def served(operation: Operation, case: Example) -> list[int]:
    """The operand slots of a case that hold floats and have a rule."""
    return [
        slot
        for slot, argument in enumerate(case.arguments)
        if np.asarray(argument).dtype.kind == "f" and operation.argument_name(slot) in operation.rules
    ]


def of_served(operation: Operation, case: Example):
    """The operation as a function of the arguments it can be differentiated by, and these arguments."""
    slots = served(operation, case)

    def f(*values):
        arguments = list(case.arguments)
        for slot, value in zip(slots, values, strict=True):
            arguments[slot] = value
        return operation(*arguments, **case.parameters)

    return f, [case.arguments[slot] for slot in slots]


def as_tensors(case: Example, dtype=np.float64, requires_grad=False) -> list:
    """The arrays of a case as tensors; Python numbers and choices by index stay what they are."""
    return [
        Tensor(np.asarray(each, dtype), requires_grad=requires_grad)
        if np.asarray(each).dtype.kind == "f" and type(each) is not float
        else Tensor(each)
        if np.asarray(each).dtype.kind == "b"
        else each
        for each in case.arguments
    ]


def test_every_operation_has_examples():
    assert [name for name, each in registry.items() if not each.examples] == sorted(NOT_SHOWN)


@every_example
def test_a_recorded_value_is_the_value_on_arrays(operation, case):
    expected = operation(*case.arguments, **case.parameters)
    found = operation(*as_tensors(case, requires_grad=True), **case.parameters)
    assert isinstance(found, Tensor)
    np.testing.assert_array_equal(found.numpy(), expected)
    assert found.shape == np.shape(expected)


@every_example
def test_numpy_function_of_the_same_name_gives_the_same_value(operation, case):
    function = getattr(np, operation.name, None)
    if function is None or operation.name in ("transpose", "reshape", "astype", "put"):
        pytest.skip("NumPy has no function of this name and signature")
    expected = function(*case.arguments, **case.parameters)
    found = function(*as_tensors(case, requires_grad=True), **case.parameters)
    assert isinstance(found, Tensor)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-14, atol=1e-15)


@every_example
def test_both_modes_agree_with_central_differences_to_second_order(operation, case):
    f, points = of_served(operation, case)
    if not points:
        out = operation(*as_tensors(case), **case.parameters)
        assert not out.requires_grad
        return
    assert gradcheck(f, *points, order=2)


@every_example
def test_recorded_derivatives_are_those_on_arrays(operation, case):
    f, points = of_served(operation, case)
    if not points:
        pytest.skip("constant to differentiation")
    variables = [Tensor(point, requires_grad=True) for point in points]
    root = f(*variables)
    seed = np.linspace(0.5, 1.5, root.size).reshape(root.shape)
    plain, recorded = sweep(root, seed), sweep(root, seed, create_graph=True)
    for variable in variables:
        if variable in plain:
            np.testing.assert_allclose(recorded[variable].numpy(), plain[variable], rtol=1e-14, atol=1e-16)


@every_example
def test_float32_stays_float32_forward_and_backward(operation, case):
    variables = as_tensors(case, np.float32, requires_grad=True)
    if operation.name == "astype":
        pytest.skip("changes the dtype by name")
    out = operation(*variables, **case.parameters)
    if not out.requires_grad:
        assert out.dtype.kind in "biu" or out.dtype == np.float32
        return
    assert out.dtype == np.float32
    out.backward(np.ones(out.shape))
    assert {each.grad.dtype for each in variables if isinstance(each, Tensor) and each.requires_grad} == {
        np.dtype(np.float32)
    }


@every_example
def test_python_numbers_are_weak(operation, case):
    if len(case.arguments) != 2 or not isinstance(operation, Elementwise) or not operation.rules:
        pytest.skip("only for element-wise operations on two arguments")
    x = Tensor(np.float32([0.5, 1.5]), requires_grad=True)
    assert operation(x, 2.0).dtype == operation(2, x).dtype == np.float32


@every_example
def test_inputs_are_not_written_to(operation, case):
    kept = [np.array(each, copy=True) for each in case.arguments]
    variables = as_tensors(case, requires_grad=True)
    out = operation(*variables, **case.parameters)
    if out.requires_grad:
        out.backward(np.ones(out.shape))
    for variable, original in zip(variables, kept, strict=True):
        np.testing.assert_array_equal(variable.numpy() if isinstance(variable, Tensor) else variable, original)


@every_example
def test_a_constant_argument_gets_no_gradient_and_changes_none(operation, case):
    slots = served(operation, case)
    if len(slots) < 2 or float in map(type, case.arguments):
        pytest.skip("needs two arrays with rules")
    both = as_tensors(case, requires_grad=True)
    operation(*both, **case.parameters).sum().backward()
    one = [each if slot == slots[0] else each.numpy() for slot, each in enumerate(as_tensors(case, requires_grad=True))]
    operation(*one, **case.parameters).sum().backward()
    np.testing.assert_array_equal(one[slots[0]].grad, both[slots[0]].grad)


@every_example
def test_negative_strides_and_fortran_order_make_no_difference(operation, case):
    f, points = of_served(operation, case)
    if not points:
        pytest.skip("constant to differentiation")
    odd = [np.asfortranarray(np.asarray(each)[::-1])[::-1] if np.ndim(each) else each for each in points]
    value, pull = vjp(f, *points)
    odd_value, odd_pull = vjp(f, *odd)
    np.testing.assert_allclose(odd_value, value, rtol=1e-14, atol=1e-15)
    for found, expected in zip(odd_pull(np.ones(np.shape(value))), pull(np.ones(np.shape(value))), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@every_example
def test_rules_run_on_named_leaves(operation, case):
    leaves = [Tensor(np.asarray(each, float), requires_grad=True, name=name) for each, name in zip(case.arguments, operation.data, strict=False)]
    if not isinstance(operation, Elementwise) or not operation.rules or operation.name in ("logical_and", "logical_or"):
        pytest.skip("partials belong to element-wise operations")
    with record_everything():
        out = operation(*leaves, **case.parameters)
        for slot in served(operation, case):
            partial = operation.local(slot)(autograd.reverse.Recorded(out))
            assert isinstance(partial, int | float | Node)


@every_example
def test_forward_mode_of_nothing_moving_is_zero(operation, case):
    f, points = of_served(operation, case)
    if not points:
        pytest.skip("constant to differentiation")
    value, moved = jvp(f, points, [np.zeros(np.shape(each)) for each in points])
    np.testing.assert_array_equal(moved, np.zeros(np.shape(value)))
