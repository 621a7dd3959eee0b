"""Declarations: what a user can declare, what is refused when the declaration is read, and how it is written."""

import inspect

import numpy as np
import pytest

import autograd
from autograd import ArgumentError, DeclarationError, Tensor, elementwise, gradcheck, structural
from autograd.notation import Binding, Formula
from autograd.operation import registry

x, y, total = Formula("x", "x"), Formula("y", "y"), Formula("a + b", "a + b", Binding.SUM)


@pytest.fixture(autouse=True)
def forget_what_is_declared_here():
    before = set(registry)
    yield
    for name in set(registry) - before:
        del registry[name]


def test_a_users_operation_is_differentiable_in_both_modes_and_to_second_order():
    @elementwise(partial={"x": lambda x, steepness, out: steepness * out * (1 - out)}, notation=r"s\left({x}\right)")
    def steep(x, *, steepness=1.0):
        return 1 / (1 + np.exp(-steepness * x))

    assert gradcheck(lambda x: steep(x, steepness=3.0), np.array([0.2, -0.4]), order=2)
    assert gradcheck(steep, np.array([0.2, -0.4]), order=2)


def test_a_rule_that_asks_for_an_unknown_name_is_refused():
    with pytest.raises(DeclarationError, match="asks for 'z'"):

        @elementwise(partial={"x": lambda z: z})
        def wrong(x):
            return x


def test_a_rule_for_what_is_no_argument_is_refused():
    with pytest.raises(DeclarationError, match="'w'"):

        @structural(vjp={"w": lambda g: g})
        def wrong(x):
            return x


def test_a_pull_back_takes_the_adjoint_first():
    with pytest.raises(DeclarationError, match="takes the adjoint 'g' first; found x, g"):

        @structural(vjp={"x": lambda x, g: g * x})
        def wrong(x):
            return x


def test_a_slot_is_asked_for_where_there_are_several():
    with pytest.raises(DeclarationError, match="asks for 'slot'"):

        @structural(vjp={"x": lambda g, slot: g * slot})
        def wrong(x):
            return x


def test_a_name_can_be_declared_once():
    with pytest.raises(DeclarationError, match="tanh"):

        @elementwise(partial={})
        def tanh(x):
            return x


def test_parameters_must_be_named():
    with pytest.raises(DeclarationError, match="name each parameter"):

        @elementwise(partial={})
        def wrong(x, **options):
            return x


def test_an_operation_keeps_its_signature_and_docstring():
    assert str(inspect.signature(autograd.sum)) == "(a, *, axis=None, keepdims=False, initial=0, where=True)"
    assert "Hyperbolic tangent" in autograd.tanh.__doc__
    assert autograd.tanh.__name__ == "tanh"


def test_called_with_arrays_an_operation_computes():
    assert isinstance(autograd.tanh([0.0, 1.0]), np.ndarray)
    assert autograd.multiply(2, 3) == 6
    assert isinstance(autograd.tanh(Tensor([0.0])), Tensor)


@pytest.mark.parametrize(
    ("name", "operands", "latex", "text"),
    [
        ("multiply", {"x": total, "y": y}, r"\left(a + b\right) \cdot y", "(a + b) · y"),
        ("add", {"x": total, "y": y}, "a + b + y", "a + b + y"),
        ("subtract", {"x": y, "y": total}, r"y - \left(a + b\right)", "y - (a + b)"),
        ("divide", {"x": total, "y": total}, r"\frac{a + b}{a + b}", "(a + b) / (a + b)"),
        ("power", {"x": total, "y": Formula("2", "2")}, r"\left(a + b\right)^{2}", "(a + b)^2"),
        ("exp", {"x": total}, "e^{a + b}", "exp(a + b)"),
        ("tanh", {"x": total}, r"\tanh\left(a + b\right)", "tanh(a + b)"),
    ],
)
def test_operands_get_parentheses_where_they_bind_too_loosely(name, operands, latex, text):
    written = registry[name].notation.write(operands)
    assert (written.latex, written.text) == (latex, text)


def test_an_operation_returns_one_array_or_number():
    @structural(vjp={"x": lambda g: g})
    def made(x):
        return results[0]

    x = Tensor([1.0, 2.0], requires_grad=True)
    for results in ((np.ones(2), np.ones(2)),), ([1.0, 2.0],), (None,), ("text",):
        with pytest.raises(ArgumentError, match=f"returned a {type(results[0]).__name__}"):
            made(x)
    results = (3,)
    assert made(x).dtype == np.int64
