"""Laws of every registered operation, run on every one of its examples."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from autograd import Tensor, gradcheck, jacobian, jvp, sweep, vjp
from autograd.arguments import Example
from autograd.contribution import Recorded
from autograd.mode import record_everything
from autograd.node import Node
from autograd.operation import Elementwise, Operation, registry
from autograd.source import Source

NOT_SHOWN = {"recall"}
SINGLE = (np.float32, np.complex64)


def served(operation: Operation, case: Example) -> list[int]:
    """The operand slots of a case that hold floats and have a rule."""
    return [
        slot
        for slot, argument in enumerate(case.arguments)
        if np.asarray(argument).dtype.kind in "fc" and operation.argument_name(slot) in operation.rules
    ]


def every_example(holds=lambda operation, case: True):
    """Run a law on every example of every operation for which it makes sense."""
    return pytest.mark.parametrize(
        ("operation", "case"),
        [
            pytest.param(operation, case, id=f"{operation.name}-{position}")
            for operation in registry.values()
            for position, case in enumerate(operation.examples)
            if holds(operation, case)
        ],
    )


def of_numpy(function):
    """NumPy's function of the same name, or None."""
    return reduce(lambda place, name: getattr(place, name, None), function.key.split("."), np)


def named_as_in_numpy(operation, case):
    return of_numpy(operation) is not None and operation.name not in ("transpose", "reshape", "astype", "put")


def is_differentiable(operation, case):
    return bool(served(operation, case))


def has_partials(operation, case):
    real = not any(map(np.iscomplexobj, case.arguments))
    return isinstance(operation, Elementwise) and is_differentiable(operation, case) and real


def is_binary(operation, case):
    return has_partials(operation, case) and len(case.arguments) == len(operation.rules) == 2


def has_two_arrays(operation, case):
    return len(served(operation, case)) > 1 and float not in map(type, case.arguments)


def keeps_dtype(operation, case):
    return "dtype" not in operation.parameters


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
    """The arrays of a case as tensors; Python numbers stay what they are, and so do choices by index from another."""
    kinds = "bi" if all(np.asarray(each).dtype.kind == "i" for each in case.arguments) else "b"
    return [
        Tensor(np.asarray(each, dtype), requires_grad=requires_grad)
        if np.asarray(each).dtype.kind == "f" and type(each) is not float
        else Tensor(
            np.asarray(each, np.complex64 if dtype is np.float32 else np.complex128), requires_grad=requires_grad
        )
        if np.asarray(each).dtype.kind == "c"
        else Tensor(each)
        if np.asarray(each).dtype.kind in kinds
        else each
        for each in case.arguments
    ]


def test_every_operation_has_examples():
    ours = {key: each for key, each in registry.items() if each.function.__module__.startswith("autograd.")}
    drawn = {key for key, each in ours.items() if isinstance(each, Source)}
    assert {key for key, each in ours.items() if not each.examples} == NOT_SHOWN | drawn


@every_example()
def test_a_recorded_value_is_the_value_on_arrays(operation, case):
    expected = operation(*case.arguments, **case.parameters)
    found = operation(*as_tensors(case, requires_grad=True), **case.parameters)
    assert isinstance(found, Tensor)
    np.testing.assert_array_equal(found.numpy(), expected)
    assert found.shape == np.shape(expected)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of names that newer versions of NumPy are about to drop
@every_example(named_as_in_numpy)
def test_numpy_function_of_the_same_name_gives_the_same_value(operation, case):
    function = of_numpy(operation)
    expected = function(*case.arguments, **case.parameters)
    found = function(*as_tensors(case, requires_grad=True), **case.parameters)
    assert isinstance(found, Tensor)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-14, atol=1e-15)


@every_example(is_differentiable)
def test_both_modes_agree_with_central_differences_to_second_order(operation, case):
    f, points = of_served(operation, case)
    assert gradcheck(f, *points, order=2)


@every_example(is_differentiable)
def test_recorded_derivatives_are_those_on_arrays(operation, case):
    f, points = of_served(operation, case)
    variables = [Tensor(point, requires_grad=True) for point in points]
    root = f(*variables)
    seed = np.linspace(0.5, 1.5, root.size).reshape(root.shape)
    plain, recorded = sweep(root, seed), sweep(root, seed, create_graph=True)
    for variable in variables:
        if variable in plain:
            np.testing.assert_allclose(recorded[variable].numpy(), plain[variable], rtol=1e-14, atol=1e-16)


@every_example(keeps_dtype)
def test_float32_stays_float32_forward_and_backward(operation, case):
    variables = as_tensors(case, np.float32, requires_grad=True)
    out = operation(*variables, **case.parameters)
    if not out.requires_grad:
        assert out.dtype.kind in "biu" or out.dtype in SINGLE
        return
    assert out.dtype in SINGLE
    out.backward(np.ones(out.shape))
    for slot in served(operation, case):
        if isinstance(variables[slot], Tensor):
            assert variables[slot].grad.dtype == variables[slot].dtype


@every_example(is_binary)
def test_python_numbers_are_weak(operation, case):
    x = Tensor(np.float32([0.5, 1.5]), requires_grad=True)
    assert operation(x, 2.0).dtype == operation(2, x).dtype == np.float32


@every_example()
def test_inputs_are_not_written_to(operation, case):
    kept = [np.array(each, copy=True) for each in case.arguments]
    variables = as_tensors(case, requires_grad=True)
    out = operation(*variables, **case.parameters)
    if out.requires_grad:
        out.backward(np.ones(out.shape))
    for variable, original in zip(variables, kept, strict=True):
        np.testing.assert_array_equal(variable.numpy() if isinstance(variable, Tensor) else variable, original)


@every_example(has_two_arrays)
def test_a_constant_argument_gets_no_gradient_and_changes_none(operation, case):
    slots = served(operation, case)
    both = as_tensors(case, requires_grad=True)
    out = operation(*both, **case.parameters)
    out.backward(np.ones(out.shape))
    one = [each if slot == slots[0] else each.numpy() for slot, each in enumerate(as_tensors(case, requires_grad=True))]
    operation(*one, **case.parameters).backward(np.ones(out.shape))
    np.testing.assert_array_equal(one[slots[0]].grad, both[slots[0]].grad)


@every_example(is_differentiable)
def test_negative_strides_and_fortran_order_make_no_difference(operation, case):
    f, points = of_served(operation, case)
    odd = [np.asfortranarray(np.asarray(each)[::-1])[::-1] if np.ndim(each) else each for each in points]
    value, pull = vjp(f, *points)
    odd_value, odd_pull = vjp(f, *odd)
    np.testing.assert_allclose(odd_value, value, rtol=1e-14, atol=1e-15)
    for found, expected in zip(odd_pull(np.ones(np.shape(value))), pull(np.ones(np.shape(value))), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@every_example(has_partials)
def test_rules_run_on_named_leaves(operation, case):
    leaves = [
        Tensor(np.asarray(each, float), requires_grad=True, name=name)
        for each, name in zip(case.arguments, operation.data, strict=False)
    ]
    with record_everything():
        out = operation(*leaves, **case.parameters)
        for slot in served(operation, case):
            partial = operation.local(slot)(Recorded(out))
            assert isinstance(partial, int | float | complex | Node)


@every_example(is_differentiable)
def test_forward_mode_of_nothing_moving_is_zero(operation, case):
    f, points = of_served(operation, case)
    value, moved = jvp(f, points, [np.zeros(np.shape(each)) for each in points])
    np.testing.assert_array_equal(moved, np.zeros(np.shape(value)))


def is_real(operation, case):
    complex_numbers = [*case.arguments, operation(*case.arguments, **case.parameters)]
    return is_differentiable(operation, case) and not any(map(np.iscomplexobj, complex_numbers))


@every_example(is_real)
def test_forward_mode_along_all_directions_at_once_is_reverse_mode_for_all_results(operation, case):
    f, points = of_served(operation, case)
    places = tuple(range(len(points)))
    with np.errstate(all="ignore"):
        forward = jacobian(f, places, mode="forward")(*points)
        reverse = jacobian(f, places, mode="reverse")(*points)
    for found, expected in zip(forward, reverse, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@every_example(is_real)
def test_forward_mode_over_forward_mode_is_reverse_over_forward(operation, case):
    f, points = of_served(operation, case)
    rng = np.random.default_rng(0)
    along = [rng.standard_normal(np.shape(each)) for each in points]
    moved = jvp(lambda *x: jvp(f, x, along)[1], points, along)[1]
    seed = rng.standard_normal(np.shape(moved))
    pulled = vjp(lambda *x: jvp(f, x, along)[1], *points)[1](seed)
    expected = sum(float(np.sum(a * b)) for a, b in zip(pulled, along, strict=True))
    assert np.sum(moved * seed) == pytest.approx(expected, rel=1e-8, abs=1e-10)


@every_example(lambda operation, case: not operation.rules)
def test_what_has_no_rule_is_constant_to_differentiation(operation, case):
    assert not operation(*as_tensors(case, requires_grad=True), **case.parameters).requires_grad


@every_example(is_binary)
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_derivatives_have_the_shapes_of_what_was_broadcast(operation, case, data):
    shapes = data.draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
    x, y = (
        Tensor(np.resize(np.asarray(each, float), shape), requires_grad=True)
        for each, shape in zip(case.arguments, shapes.input_shapes, strict=True)
    )
    out = operation(x, y)
    assert out.shape == shapes.result_shape
    seed = np.ones(out.shape)
    adjoints = sweep(out, seed)
    for variable, slot in ((x, 0), (y, 1)):
        if operation.data[slot] in operation.rules:
            full = np.broadcast_to(adjoints.local(out, slot) * seed, out.shape)
            extra = full.ndim - variable.ndim
            axes = (*range(extra), *(i + extra for i, size in enumerate(variable.shape) if size == 1))
            expected = full.sum(axis=axes, keepdims=True).reshape(variable.shape)
            np.testing.assert_allclose(adjoints[variable], expected, rtol=1e-12)
