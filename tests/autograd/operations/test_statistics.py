"""Quantiles, and reductions that leave out what is not a number: beside infinities, NaN, and where nothing is left."""

import numpy as np
import pytest

import autograd
from autograd import ArgumentError, DomainError, ShapeError, Tensor, grad, no_grad

INF, NAN = np.inf, np.nan
V = np.array([0.0, 4.0, 5.0])


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


@pytest.mark.parametrize("line", [[0, 1, 5, 10], np.array([0, 200, 255], np.uint8), np.array([-128, 127], np.int8)])
@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
def test_quantiles_of_whole_numbers_lie_between_them(name, line):
    for method in ("linear", "midpoint", "higher"):
        found = getattr(np, name)(Tensor(np.array(line)), [0.3, 0.4], method=method)
        np.testing.assert_allclose(found.numpy(), np.quantile(np.float64(line), [0.3, 0.4], method=method))
    assert np.percentile(Tensor(np.array(line)), 40).item() == pytest.approx(np.percentile(np.float64(line), 40))
    assert autograd.median(line) == np.median(np.float64(line))


def test_the_median_of_truth_values_is_a_number():
    assert np.median(Tensor(np.array([True, False]))).item() == 0.5


@pytest.mark.filterwarnings("ignore:All-NaN")  # NumPy says so where we say nothing
@pytest.mark.parametrize("name", ["nanmax", "nanmin", "nanmedian"])
def test_a_line_without_a_number_has_nan_for_its_extremes_and_median(name):
    x = np.array([[NAN, NAN], [1.0, NAN], [-INF, NAN], [INF, NAN]])
    for axis in (0, 1, None):
        found = getattr(np, name)(Tensor(x, requires_grad=True), axis=axis)
        np.testing.assert_array_equal(found.numpy(), getattr(np, name)(x, axis=axis))
    found.backward()


def test_extremes_leave_out_nan_in_the_derivative_too():
    np.testing.assert_array_equal(
        grad(lambda x: np.nanmax(x, axis=1).sum())(np.array([[NAN, NAN], [1.0, NAN]])), [[0, 0], [1, 0]]
    )


@pytest.mark.parametrize("name", ["nanmax", "nanmin"])
def test_extremes_of_integers_are_integers_and_of_nothing_an_error(name):
    found = getattr(np, name)(Tensor(np.array([3, 1, 2])))
    assert (found.dtype, found.item()) == (np.int64, {"nanmax": 3, "nanmin": 1}[name])
    with pytest.raises(ShapeError, match="zero-size"):
        getattr(np, name)(Tensor(np.ones((0, 3))), axis=0)


@pytest.mark.parametrize("name", ["nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin"])
def test_of_the_numbers_only_those_that_count(name):
    x, where = np.array([[1.0, NAN, 3.0], [7.0, 5.0, NAN]]), np.array([[True, True, False], [True, False, True]])
    extra = {"initial": 4.0} if name in ("nansum", "nanprod", "nanmax", "nanmin") else {}
    found = getattr(np, name)(Tensor(x), axis=1, where=where, **extra)
    np.testing.assert_allclose(found.numpy(), getattr(np, name)(x, axis=1, where=where, **extra))


@pytest.mark.parametrize("weights", [{"aweights": [0.5, 0.5, 2]}, {"fweights": [3, 2, 1]}, {}])
@pytest.mark.parametrize("line", [[1, 2, 6], np.array([100, 200, 250], np.uint8), [True, False, True]])
def test_covariances_of_whole_numbers_are_those_of_the_same_floats(line, weights):
    line = np.array(line)
    expected = np.cov(line.astype(float), **weights)
    np.testing.assert_allclose(np.cov(Tensor(line), **weights).numpy(), expected)
    both = np.cov(Tensor(line), np.array([3, 1, 2], np.uint8), **weights)
    np.testing.assert_allclose(both.numpy(), np.cov(line.astype(float), [3.0, 1.0, 2.0], **weights))


def test_an_average_of_bytes_weighted_by_bytes_does_not_wrap():
    x, weights = np.array([100, 200, 250], np.uint8), np.array([3, 2, 1], np.uint8)
    assert np.average(Tensor(x), weights=weights).item() == pytest.approx(np.average(x, weights=weights))


def test_counts_have_a_derivative_by_their_weights_and_none_by_what_is_counted():
    places, weights, slopes = [0, 2, 2, 5], np.array([0.5, 1.0, 2.0, 4.0]), np.arange(7.0)
    found = np.bincount(Tensor(np.array(places)), minlength=7)
    np.testing.assert_array_equal(found, [1, 0, 2, 0, 0, 1, 0])
    by_weights = grad(lambda w: (np.bincount(places, weights=w, minlength=7) * slopes).sum())(weights)
    np.testing.assert_array_equal(by_weights, slopes[places])
    whole = np.bincount(places, weights=Tensor(np.array([200, 200, 100, 1], np.uint8)))
    np.testing.assert_array_equal(whole.numpy(), [200, 0, 300, 0, 0, 1])


def test_a_histogram_refuses_weights_that_require_a_gradient():
    weights = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    for called in (lambda: np.histogram(V, 2, weights=weights), lambda: np.histogram(V, 2, None, None, weights)):
        with pytest.raises(ArgumentError, match="histogram has no derivative by its weights"):
            called()
    for constant in (weights.detach(), weights.numpy()):
        np.testing.assert_array_equal(np.histogram(Tensor(V), 2, weights=constant)[0], [1, 5])
    with no_grad():
        np.testing.assert_array_equal(np.histogram(V, 2, weights=weights)[0], [1, 5])


@pytest.mark.filterwarnings("ignore:Degrees of freedom")  # NumPy says so where we say nothing
@pytest.mark.parametrize("name", ["nanvar", "nanstd"])
def test_the_spread_of_a_line_without_a_number_is_nan_and_its_neighbours_keep_their_derivative(name):
    x = Tensor([[1.0, 3.0], [NAN, NAN]], requires_grad=True)
    found = getattr(np, name)(x, axis=1)
    np.testing.assert_array_equal(found.numpy(), getattr(np, name)(x.numpy(), axis=1))
    found[0].backward()
    np.testing.assert_array_equal(x.grad[0], {"nanvar": [-1.0, 1.0], "nanstd": [-0.5, 0.5]}[name])


@pytest.mark.parametrize("name", ["nanmax", "nanmin"])
def test_an_extreme_of_no_number_is_the_initial_one(name):
    x, where = np.array([[NAN, NAN], [1.0, 2.0], [NAN, 7.0]]), np.array([True, False])
    for options in ({}, {"where": where}):
        found = getattr(np, name)(Tensor(x), axis=1, initial=1.5, **options)
        np.testing.assert_array_equal(found.numpy(), getattr(np, name)(x, axis=1, initial=1.5, **options))
    np.testing.assert_array_equal(grad(lambda x: np.nanmax(x, initial=0.0))(np.array([NAN, 1.0])), [0, 1])


def test_a_quantile_of_the_numbers_has_a_derivative_by_its_share():
    x = np.array([[1.0, NAN, 3.0, 7.0], [2.0, 5.0, 4.0, NAN]])
    assert grad(lambda q: np.nanquantile(x, q, axis=1).sum())(0.3) == pytest.approx(2 * (3 - 1) + 2 * (4 - 2))
    assert grad(lambda q: np.nanpercentile(x[0], q))(70.0) == pytest.approx(2 * (7 - 3) / 100)


def test_the_weights_of_an_average_may_be_of_several_axes_in_their_order():
    a, weights = np.arange(24.0).reshape(2, 3, 4), np.arange(12.0).reshape(3, 4)
    for axis, given in (((1, 2), weights), ((2, 1), weights.T), ((-1, -2), weights.T), (1, weights[:, 1])):
        for found, expected in zip(
            np.average(Tensor(a), axis, given, returned=True), np.average(a, axis, given, returned=True), strict=True
        ):
            np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    ("axis", "weights"), [(None, np.ones(2)), ((1, 0), np.ones((3, 3))), (0, np.ones(3)), (0, 2.0)]
)
def test_weights_of_an_average_that_do_not_fit_are_refused(axis, weights):
    with pytest.raises(ShapeError, match="weights of an average have the shape of the array, or of its axes"):
        np.average(Tensor(np.ones((2, 3))), axis, weights)


def test_weights_that_add_up_to_nothing_make_no_average():
    with pytest.raises(DomainError, match="add up to 0"):
        np.average(Tensor([1.0, 2.0]), weights=[1.0, -1.0])
