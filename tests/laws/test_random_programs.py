"""Random programs of 5 to 200 operations: PyTorch's numbers, and the two modes against each other to second order."""

from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import grad, hvp, jvp, value_and_grad
from tests.reference.programs import BINARY, COUNT, UNARY, inputs, program, run

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "programs.npz")


def of_three(seed):
    return lambda matrices: run(autograd, seed, [matrices[i] for i in range(3)])


def test_the_programs_use_every_operation_and_every_length():
    programs = [program(seed) for seed in range(COUNT)]
    assert {name for each in programs for name, _, _ in each} == {*UNARY, *BINARY}
    assert min(map(len, programs)) < 8
    assert max(map(len, programs)) > 150


@pytest.mark.parametrize("seed", range(COUNT))
def test_value_gradient_and_hessian_product_are_pytorchs(seed):
    matrices, directions = inputs(seed)
    value, gradient = value_and_grad(of_three(seed))(matrices)
    (_,), (product,) = hvp(of_three(seed), [matrices], [directions])
    np.testing.assert_allclose(value, GOLDEN["value"][seed], rtol=1e-9, atol=1e-12)
    for found, expected in ((gradient, GOLDEN["gradient"][seed]), (product, GOLDEN["product"][seed])):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8 * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("seed", range(0, COUNT, 3))
def test_forward_mode_is_reverse_mode_to_second_order(seed):
    f, (matrices, directions) = of_three(seed), inputs(seed)
    slope = jvp(f, [matrices], [directions])[1]
    assert slope == pytest.approx((grad(f)(matrices) * directions).sum(), rel=1e-8, abs=1e-10)
    forward = jvp(lambda x: jvp(f, [x], [directions])[1], [matrices], [directions])[1]
    reverse = (grad(lambda x: (grad(f)(x) * directions).sum())(matrices) * directions).sum()
    assert forward == pytest.approx(reverse, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("seed", range(COUNT))
def test_compiled_a_program_gives_the_same_value_and_gradient_elsewhere_too(seed):
    function, (matrices, directions) = value_and_grad(of_three(seed)), inputs(seed)
    compiled = autograd.compile(function)
    for given in (matrices, matrices * 0.99, matrices + 0.01 * directions):
        (value, gradient), (expected, slope) = compiled(given), function(given)
        np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-14 * max(1.0, np.abs(slope).max()))
    assert compiled.recompiles == 0
