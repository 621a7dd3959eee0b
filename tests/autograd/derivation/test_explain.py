"""Why a derivative is small: the factors of its largest path, or of its layers, largest effect first."""

from math import prod

import numpy as np
import pytest

import nn
from autograd import Tensor, Value
from autograd.derivation import derive


def chain(depth):
    z = Value(6.0, "z")
    a, names = z, {}
    for k in range(1, depth + 1):
        a = a.sigmoid()
        names[a] = f"a_{k}"
    return a, z, names


def test_the_factors_multiply_to_the_derivative_and_the_smallest_is_first():
    a, z, names = chain(4)
    derivation = derive(a, z, names=names)
    effects = derivation.explain()
    assert prod(effect.factor for effect in effects) == pytest.approx(derivation.value)
    lines = effects.section.equations
    assert lines[0].left.text == "a₁ · (1 - a₁)"
    assert lines[0].note == "shrinks it, in ∂a₁/∂z, the slope of sigmoid at 6"
    assert max(effect.size for effect in effects) == effects[-1].size


def test_a_factor_of_zero_stops_it():
    x, w = Value(-2.0, "x"), Value(3.0, "w")
    derivation = derive((w * x).relu() ** 2, w)
    first, second = derivation.explain().section.equations[:2]
    assert {first.left.text, second.left.text} == {"2 · v₂", "[v₁ > 0]"}
    assert first.note.startswith("stops it")


def test_of_several_paths_the_largest_is_told_and_cancelling_is_said():
    x = Value(3.0, "x")
    u, v = x * 5.0, x * 4.99
    L = u - v
    derivation = derive(L, x, names={"u": u, "v": v, "L": L})
    text = str(derivation.explain())
    assert "sum over 2 paths that cancel: the magnitudes make 9.99" in text
    assert "∂u/∂x = 5   (enlarges it)" in text


def test_the_other_factors_are_told_together():
    a, z, names = chain(30)
    told = derive(a, z, names=names).explain()
    assert len(told.section.equations) == 12
    assert told.section.remarks[0].startswith("18 more factors make")


def test_in_a_network_the_layers_that_shrink_it_are_named():
    rng = np.random.default_rng(0)
    model = nn.MLP([6, 8, 8, 8, 1], "sigmoid", rng=0)
    X = rng.normal(size=(10, 6))
    derivation = derive(nn.mse_loss(model(X), X[:, :1]), model.layers[0].weight)
    effects = derivation.explain()
    assert prod(effect.factor for effect in effects) == pytest.approx(np.linalg.norm(derivation.value))
    shrinking = [line for line in effects.section.equations if "slopes of sigmoid average" in line.note]
    assert len(shrinking) == 3
    assert "‖Z̄¹‖ / ‖Ā¹‖" in str(effects)


def test_dead_units_are_counted():
    Z = Tensor([[1.0, -1.0], [-2.0, -3.0]], requires_grad=True, name="Z")
    A = np.tanh(Z).relu()
    effects = derive(A.sum(), Z, names={"A": A}).explain()
    assert "slopes of relu average 0.25, 75% of them 0" in str(effects)


def test_each_of_several_derivatives_is_explained():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    derivation = derive(w * x, [w, x])
    assert str(derivation.explain(1).section.caption).startswith("∂v₁/∂x is 2")
