"""Operations with cases: what holds where bounds are tensors, too."""

import numpy as np
import pytest

from autograd import ArgumentError, Tensor, clip, grad, hardshrink, softmax, softshrink


def test_bounds_that_are_tensors_have_a_gradient_where_they_took_the_place():
    x, low, high = np.array([-1.0, 0.0, 0.5, 3.0]), np.array([-0.5, -0.5, 0.5, -0.5]), np.array([1.0, 1.0, 1.0, 2.0])
    by_x, by_low, by_high = grad(lambda *args: clip(*args).sum(), argnum=(0, 1, 2))(x, low, high)
    np.testing.assert_array_equal(by_x, [0, 1, 1, 0])
    np.testing.assert_array_equal(by_low, [1, 0, 0, 0])
    np.testing.assert_array_equal(by_high, [0, 0, 0, 1])


def test_where_bounds_cross_the_upper_one_holds_and_nan_is_kept():
    low, high = Tensor([2.0, np.nan, 0.0], requires_grad=True), np.array([1.0, 5.0, 1.0])
    found = np.clip(np.array([0.5, 0.5, np.nan]), low, high)
    np.testing.assert_array_equal(found.numpy(), np.clip([0.5, 0.5, np.nan], low.numpy(), high))


def test_a_tensor_for_a_parameter_is_refused_by_name():
    with pytest.raises(ArgumentError, match="softmax has no derivative by 'axis'"):
        softmax(np.ones((2, 2)), axis=Tensor(1))


def test_the_sign_of_a_complex_number_is_its_direction_and_moves_around_the_circle():
    z = Tensor(np.array([3.0 - 4.0j, 0.0]), requires_grad=True)
    found = np.sign(z)
    np.testing.assert_allclose(found.numpy(), [0.6 - 0.8j, 0.0])
    found.real.sum().backward()
    np.testing.assert_allclose(z.grad, [0.8 * (0.8 + 0.6j) / 5, 0.0])  # d cos(phi) = -sin(phi) / |z|, along i z / |z|
    real = np.sign(Tensor([-2.0, 0.0], requires_grad=True))
    np.testing.assert_array_equal(real.numpy(), [-1.0, 0.0])
    assert not real.requires_grad


def test_the_angle_of_zero_has_no_direction_and_the_derivative_zero():
    np.testing.assert_array_equal(grad(lambda z: np.angle(z).sum())(np.array([0j, 2.0 + 0j])), [0, 0.5j])
    assert grad(np.angle)(0j) == 0
    assert grad(lambda z: np.angle(z, deg=True))(np.complex64(0)).dtype == np.complex64


@pytest.mark.parametrize("function", [softshrink, hardshrink])
def test_what_shrinks_passes_nan_on(function):
    found = function(Tensor([np.nan, 0.2, -0.5, 0.5, np.inf, -np.inf]))
    np.testing.assert_array_equal(found.numpy(), [np.nan, 0, 0, 0, np.inf, -np.inf])
