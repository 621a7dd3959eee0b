"""Arithmetic with Python's numbers where NumPy's give infinities and NaN."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, grad, hessian, jvp, sweep

INF = np.inf


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("zero", [0, 0.0, -0.0, 0j])
def test_division_by_a_python_zero_has_the_derivative_of_one_by_an_array(zero):
    x, divisor = np.ones(2, type(zero / 1)), np.full(2, zero, type(zero / 1))
    for f in (lambda x, by: grad(lambda x: (x / by).real.sum())(x), lambda x, by: jvp(lambda x: x / by, (x,), (x,))[1]):
        np.testing.assert_array_equal(f(x, zero), f(x, divisor))
    variable = Tensor(x, requires_grad=True)
    out = variable / zero
    np.testing.assert_array_equal(sweep(out, np.ones(2)).local(out, 0), 1 / divisor[0])


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_division_by_a_python_zero_keeps_float32_and_compiles():
    x = Tensor(np.ones(2, np.float32), requires_grad=True)
    (x / 0).sum().backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(hessian(lambda x: (x / 0).sum())(np.ones(2)), np.zeros((2, 2)))
    np.testing.assert_array_equal(autograd.compile(grad(lambda x: (x / -0.0).sum()))(np.ones(2)), [-INF, -INF])


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("exponent", [INF, -INF, np.nan])
def test_a_power_with_an_exponent_that_is_no_finite_number_is_numpys(exponent):
    x = np.array([0.5, 2.0, 1.0])
    np.testing.assert_array_equal((Tensor(x, requires_grad=True) ** exponent).numpy(), x**exponent)


@pytest.mark.parametrize("exponent", [3, 3.0, 4.0, np.float64(3.0), np.int8(3)])
@pytest.mark.parametrize("x", [np.array([200, 50], np.uint8), np.array([3_000_000, 2]), np.array([True, False])])
def test_a_power_of_whole_numbers_has_the_dtype_of_numpys(x, exponent):
    for found in ((Tensor(x) ** exponent).numpy(), autograd.compile(lambda x: x**exponent)(x)):
        np.testing.assert_array_equal(found, x**exponent)
        assert found.dtype == (x**exponent).dtype


def test_an_exponent_of_numpys_widens_a_power_as_numpys():
    x = np.array([1.1, -2.0], np.float32)
    np.testing.assert_array_equal((Tensor(x) ** np.float64(3)).numpy(), x ** np.float64(3))
    assert (Tensor(x) ** 3.0).dtype == np.float32


@pytest.mark.parametrize("product", [np.dot, np.inner])
@pytest.mark.parametrize("number", [2, -1, 2.5])
def test_a_product_of_whole_numbers_with_a_number_is_numpys(product, number):
    x = np.array([200, 50], np.uint8)
    for found in (product(Tensor(x), number).numpy(), autograd.compile(lambda x: product(number, x))(x)):
        np.testing.assert_array_equal(found, product(x, number))
        assert found.dtype == product(x, number).dtype
    assert product(Tensor(x.astype(np.float32)), number).dtype == np.float32


@pytest.mark.parametrize("at", [2, np.array([2, -3]), 2.5])
def test_the_value_of_a_polynomial_of_whole_numbers_is_numpys(at):
    x = np.array([1, 2])
    for found in (np.polyval(Tensor(x), at).numpy(), autograd.compile(lambda x: np.polyval(x, at))(x)):
        np.testing.assert_array_equal(found, np.polyval(x, at))
        assert found.dtype == np.polyval(x, at).dtype
