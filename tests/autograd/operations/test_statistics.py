"""Quantiles, and reductions that leave out what is not a number: beside infinities, NaN, and where nothing is left."""

import numpy as np
import pytest

from autograd import Tensor, grad

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    "line", [[1, 2, INF], [INF, INF], [1, INF], [-INF, 1], [-INF, 1, 2], [1, 2, NAN, 4], [NAN, INF], [3, 1, 2, 0]]
)
def test_a_median_is_numpys_beside_infinities_and_nan(line):
    np.testing.assert_array_equal(np.median(Tensor(line)).numpy(), np.median(line))


def test_a_quantile_at_an_element_is_that_element_and_between_two_it_leans_to_the_infinite_one():
    x = Tensor(np.array([-INF, 1.0, 2.0, INF, INF]))
    np.testing.assert_array_equal(
        np.quantile(x, [0.0, 0.1, 0.25, 0.375, 0.5, 0.6, 0.9]), [-INF, -INF, 1, 1.5, 2, INF, INF]
    )
    assert np.isnan(np.quantile(Tensor([-INF, INF]), 0.5).numpy())


def test_nan_makes_the_quantiles_of_its_own_line_nan():
    x = np.array([[1.0, NAN, 2.0], [3.0, 1.0, 2.0]])
    for method in ("linear", "lower", "weibull"):
        found = np.quantile(Tensor(x), [0.2, 0.5], axis=1, method=method)
        np.testing.assert_allclose(found.numpy(), np.quantile(x, [0.2, 0.5], axis=1, method=method))


def test_the_derivative_of_a_median_does_not_reach_the_infinity_beside_it():
    np.testing.assert_array_equal(grad(np.median)(np.array([1.0, 2.0, INF])), [0, 1, 0])
