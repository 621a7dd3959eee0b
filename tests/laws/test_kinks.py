"""At every kink and singular point the value and the derivative are those the documentation states."""

import numpy as np
import pytest

from autograd import Tensor, grad, hypot, sinc, where
from tests.test_documents import script

KINKS = script("make_kinks")


@pytest.mark.parametrize("row", KINKS.ROWS, ids=lambda row: f"{row.name} at {row.point}")
def test_a_kink_has_the_stated_value_and_derivative(row):
    value, derivative = KINKS.found(row)
    np.testing.assert_allclose(value, row.value, atol=1e-15)
    np.testing.assert_allclose(derivative, row.derivative, atol=1e-12)


def test_the_page_of_kinks_is_up_to_date():
    assert KINKS.PLACE.read_text(encoding="utf-8") == KINKS.page(), "run `make docs`"


def test_a_power_of_zero_is_flat_to_every_order():
    f = grad(lambda x: x**0)
    for _ in range(3):
        assert f(0.0) == 0.0
        f = grad(f)


def test_sinc_has_its_second_derivative_at_zero():
    assert grad(grad(sinc))(0.0) == pytest.approx(-(np.pi**2) / 3)
    assert grad(grad(grad(grad(sinc))))(0.0) == pytest.approx(np.pi**4 / 5)


def test_a_masked_branch_does_not_leak_to_second_order():
    f = grad(lambda x: where(x > 0, np.log(x), 0.0) if isinstance(x, Tensor) else 0.0)
    with np.errstate(all="ignore"):
        assert f(0.0) == 0.0
        assert grad(f)(0.0) == 0.0


def test_a_zero_adjoint_below_a_mask_keeps_its_higher_derivatives():
    f = lambda x: where(x > -1, (x * x) ** 2, 0.0)  # noqa: E731  it is wrapped below
    for _ in range(4):
        f = grad(f)
    assert f(0.0) == 24.0


def test_hypot_of_tiny_numbers_does_not_vanish():
    x = Tensor(3e-200, requires_grad=True)
    hypot(x, 4e-200).backward()
    assert x.grad == pytest.approx(0.6)
