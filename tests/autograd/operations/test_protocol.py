"""NumPy's functions on tensors as NumPy lets them be called: options that are taken, and those that are refused."""

import numpy as np
import pytest

import autograd
from autograd import ArgumentError, DomainError, ShapeError, Tensor, glu, grad, protocol, special

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])
V = X[0]


def since(version, function, reason):
    """A case for NumPy from a version on."""
    old = np.lib.NumpyVersion(np.__version__) < version
    return pytest.param(function, marks=pytest.mark.skipif(old, reason=f"before NumPy {version} {reason}"))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.insert(x, slice(0, 2), 9.0),
        lambda x: np.insert(x, slice(1, 2), np.ones((2, 2)), axis=1),
        lambda x: np.insert(x, [1], np.array([[5.0, 6.0], [7.0, 8.0]]), axis=1),
        lambda x: np.insert(x, [1], [7.0, 8.0, 9.0]),
        lambda x: np.insert(x, 1, [7.0, 8.0], axis=1),
        lambda x: np.insert(x, [0, 2], 7.0, axis=1),
        since("2.2.0", lambda x: np.insert(x, np.array([True, False, True]), 9.0, axis=1), "True is a 1"),
        since("2.2.0", lambda x: np.insert(x, np.array([False, True, False]), [7.0, 8.0]), "True is a 1"),
        lambda x: np.insert(x, [], 5.0),
        lambda x: np.insert(x, [1, 3], [[1.0, 2.0]]),
        lambda x: np.insert(x, [0, 1], [[[1.0, 2.0]]], axis=1),
        lambda x: np.pad(x, ((1, 0), (2, 1)), constant_values=2.5),
        lambda x: np.choose([[0, 4, -3], [1, 0, 7]], [x, x * x], mode="clip"),
        lambda x: np.choose([[0, 4, -3], [1, 0, 7]], [x, x * x], mode="wrap"),
        lambda x: np.sum(x, dtype=np.float32),
        lambda x: np.sum(x, 0, np.float32),
        lambda x: np.mean(x, axis=1, dtype=np.float32),
        lambda x: np.prod(x, dtype=np.complex128),
        lambda x: np.var(x, dtype=np.float32, axis=0),
        lambda x: np.cumsum(x, axis=1, dtype=np.float32),
        lambda x: np.nansum(x, dtype=np.float32),
        lambda x: np.var(x, dtype=complex),
        lambda x: np.std(x, axis=0, dtype=np.complex64),
        lambda x: np.mean(x, axis=1, dtype=complex),
        lambda x: np.var(x, axis=0, correction=1),
        lambda x: np.nanstd(x, axis=1, correction=1),
        since("2.1.0", lambda x: np.reshape(x, (3, 2), copy=True), "there is no copy="),
        lambda x: np.reshape(x, (3, 2), order="F"),
        lambda x: x.reshape((3, 2), order="F"),
        lambda x: x.reshape(3, 2, order="C"),
        lambda x: np.vander(x[0], 0),
        lambda x: np.vander(x[0], 1),
    ],
)
def test_options_of_numpys_functions_are_honoured(function):
    found, expected = function(Tensor(X, requires_grad=True)), function(X)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
    found.real.sum().backward()


def test_widths_of_a_padding_may_be_told_for_some_axes():
    np.testing.assert_array_equal(np.pad(Tensor(X), {-1: 1}).numpy(), np.pad(X, ((0, 0), (1, 1))))


def test_what_a_tensor_is_padded_with_has_a_derivative():
    by_x, by_edge = grad(lambda x, edge: (np.pad(x, 1, constant_values=edge) ** 2).sum(), argnum=(0, 1))(V, 3.0)
    np.testing.assert_array_equal(by_x, 2 * V)
    assert by_edge == 2 * 2 * 3.0


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x: np.percentile(x, 50, weights=np.ones(3), method="inverted_cdf"), r"takes percentile\(a, q.*weights"),
        (lambda x: np.concatenate([x, x], dtype=np.float32), r"takes concatenate\(arrays.*dtype"),
        (lambda x: np.nansum(x, 0, np.float32), r"takes nansum\(a.*too many positional"),
        (lambda x: np.var(x, mean=2.0), "var has no parameter 'mean'"),
        (lambda x: np.pad(x, 1, constant_values=x), "does not turn into an array by itself"),
        (lambda x: np.take(x, [5], mode="around"), "'wrap', or 'clip'; found 'around'"),
    ],
)
def test_an_option_that_has_no_derivative_rule_is_refused_by_name(function, told):
    with pytest.raises(ArgumentError, match=told):
        function(Tensor(V, requires_grad=True))


@pytest.mark.parametrize("name", ["nansum", "nanprod", "nancumsum", "nancumprod"])
def test_nan_is_left_out_before_numbers_are_made_whole(name):
    x = np.array([1.5, np.nan, 2.5])
    found, expected = getattr(np, name)(Tensor(x), dtype=int), getattr(np, name)(x, dtype=int)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.numpy(), expected)


def test_a_mean_of_what_is_no_nan_is_no_whole_number():
    with pytest.raises(ArgumentError, match="nanmean leaves out NaN and gives fractions; it takes no dtype=int64"):
        np.nanmean(Tensor([1.0, np.nan]), dtype=int)


@pytest.mark.parametrize(
    ("x", "conditions", "functions"),
    [
        ([1.0, 2.0], [True, False], [5, 6]),
        ([1.0, 2.0], (1, 0), [lambda x: 3 * x, 6]),
        ([1.0, 2.0], np.array([False, True]), [5]),
        ([1.0, 2.0], [[True, False]], [5, 6]),
        ([1.0, 2.0], np.array([[True, False], [False, True]]), [5, 6]),
        ([1.0, 2.0], [[True, False], [False, False]], [5, 6, 7]),
        (1.0, [False, True], [5, 6]),
        (1.0, False, [5, 6]),
    ],
)
def test_a_flat_list_is_one_condition_of_a_piecewise_function(x, conditions, functions):
    found = np.piecewise(Tensor(x), conditions, functions)
    np.testing.assert_array_equal(found, np.piecewise(np.array(x), conditions, functions))


@pytest.mark.parametrize("options", [{}, {"left": -1.0}, {"left": -1.0, "right": 9.0}])
def test_the_broken_line_through_one_point_is_flat(options):
    x, height = np.array([0.0, 1.0, 2.0]), Tensor([5.0], requires_grad=True)
    found = np.interp(x, [1.0], height, **options)
    np.testing.assert_array_equal(found.numpy(), np.interp(x, [1.0], [5.0], **options))
    found.sum().backward()
    np.testing.assert_array_equal(height.grad, [3 - len(options)])


@pytest.mark.parametrize("width", [1.5, (1.0, 2.0), True, {0: 0.5}])
def test_a_padding_of_broken_width_is_refused(width):
    with pytest.raises(ArgumentError, match="pad takes whole numbers"):
        np.pad(Tensor(V), width)


def test_a_keyword_that_is_none_names_those_that_are():
    x = Tensor(np.ones((2, 2)))
    for call in (lambda: autograd.stack([x, x], dim=1), lambda: autograd.sort(x, dim=1), lambda: x.sum(dim=1)):
        with pytest.raises(ArgumentError, match=r"takes .*axis=") as told:
            call()
        assert "'dim'" in str(told.value)
    with pytest.raises(ArgumentError, match="missing a required argument: 'arrays'"):
        autograd.stack()


def test_a_function_that_does_not_tell_what_it_takes_is_called_as_what_stands_for_it(monkeypatch):
    def signature(function, told=protocol.inspect.signature):
        if function in (np.where, np.lexsort):
            raise ValueError("no signature found for builtin")  # as it is before NumPy 2.4
        return told(function)

    protocol._signature.cache_clear()
    monkeypatch.setattr(protocol.inspect, "signature", signature)
    x = Tensor(V, requires_grad=True)
    np.testing.assert_array_equal(np.where(x > 0, x, 0.0).numpy(), np.where(V > 0, V, 0.0))
    np.testing.assert_array_equal(np.lexsort((x,)), np.lexsort((V,)))
    protocol._signature.cache_clear()


@pytest.mark.filterwarnings("ignore:`newshape`:DeprecationWarning")
@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) >= "2.4.0", reason="NumPy 2.4 has no newshape=")
def test_a_shape_may_be_told_by_its_old_name():
    np.testing.assert_array_equal(np.reshape(Tensor(X), newshape=(3, 2)).numpy(), X.reshape(3, 2))


_TWO = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, axis: np.median(x, axis=axis),
        lambda x, axis: np.quantile(x, 0.5, axis=axis),
        lambda x, axis: np.percentile(x, 50, axis=(0, axis)),
        lambda x, axis: np.nanmedian(x, axis=axis),
        lambda x, axis: np.diff(x, axis=axis),
        lambda x, axis: np.gradient(x, axis=axis),
        since("2.1.0", lambda x, axis: np.cumulative_sum(x, axis=axis), "there is none"),
        since("2.1.0", lambda x, axis: np.cumulative_prod(x, axis=axis), "there is none"),
        lambda x, axis: np.take_along_axis(x, np.zeros((2, 3), int), axis=axis),
        lambda x, axis: np.apply_along_axis(np.sum, axis, x),
        lambda x, axis: np.rollaxis(x, axis),
        lambda x, axis: np.apply_over_axes(np.sum, x, axis),
        lambda x, axis: np.tensordot(x, x, axes=([axis], [axis])),
        lambda x, axis: np.rot90(x, 1, axes=(0, axis)),
        lambda x, axis: np.take(x, [0], axis=axis),
        lambda x, axis: np.delete(x, 0, axis=axis),
        lambda x, axis: np.insert(x, 0, 1.0, axis=axis),
        lambda x, axis: np.compress([True], x, axis=axis),
        lambda x, axis: np.split(x, 1, axis=axis),
        lambda x, axis: np.array_split(x, 1, axis=axis),
        lambda x, axis: np.linalg.norm(x, axis=axis),
        lambda x, axis: np.fft.fftshift(x, axes=axis),
        lambda x, axis: np.fft.fftn(x, axes=(axis,)),
        lambda x, axis: glu(x, axis=axis),
        lambda x, axis: np.unwrap(x, axis=axis),
        since("2.2.0", lambda x, axis: np.trim_zeros(x, axis=axis), "there is no axis="),
    ],
)
def test_an_axis_that_there_is_not_is_refused(function):
    for axis in (2, 5):
        with pytest.raises(ShapeError, match=r"axis \d was asked for, and the array has 2"):
            function(Tensor(_TWO), axis)
    with pytest.raises((ArgumentError, TypeError)):
        function(Tensor(_TWO), 1.0)


def test_a_plane_has_two_axes():
    with pytest.raises(ShapeError, match=r"a plane, which has two axes; found \(0, 0\)"):
        np.rot90(Tensor(_TWO), axes=(0, 0))


@pytest.mark.parametrize(
    "function",
    [
        lambda x, axis: np.linalg.norm(x, axis=axis),
        lambda x, axis: np.gradient(x, axis=axis),
        lambda x, axis: np.fft.fftshift(x, axes=axis),
        lambda x, axis: np.fft.fftn(x, axes=axis if np.ndim(axis) else [axis]),
        lambda x, axis: np.median(x, axis=axis),
        lambda x, axis: np.rollaxis(x, axis),
        lambda x, axis: np.apply_over_axes(np.sum, x, axis),
        lambda x, axis: np.transpose(x, (axis, 1 - axis)),
    ],
)
def test_an_axis_may_be_a_number_of_numpys(function):
    np.testing.assert_allclose(function(Tensor(_TWO), np.int64(1)).numpy(), function(_TWO, np.int64(1)))


@pytest.mark.parametrize("axes", [0, -1, [0, -1], (-2, 0), np.int64(2)])
def test_what_is_applied_over_axes_keeps_each_in_its_place(axes):
    x = np.arange(24.0).reshape(2, 3, 4)
    found, expected = np.apply_over_axes(np.sum, Tensor(x), axes), np.apply_over_axes(np.sum, x, axes)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found.numpy(), expected)


def test_a_function_of_another_module_is_not_taken_for_that_of_its_name():
    x = Tensor([-1.0, 4.0], requires_grad=True)
    with pytest.raises(ArgumentError, match=r"np\.lib\.\w*\.sqrt has no derivative rule here"):
        np.emath.sqrt(x)
    np.testing.assert_array_equal(np.lib.stride_tricks.sliding_window_view(x, 2).numpy(), [[-1.0, 4.0]])
    np.testing.assert_array_equal(np.linalg.norm(x, 1).numpy(), 5.0)
    np.testing.assert_allclose(np.fft.fft(x).numpy(), [3.0, -5.0])


@pytest.mark.parametrize(
    ("start", "stop"), [(-1.0, -8.0), (3.0, 7.0), (1j, -8j), (-1 - 1j, 2 + 1j), ([-1.0, 2.0], -3j)]
)
def test_ratios_are_equal_between_any_numbers_that_one_ratio_joins(start, stop):
    found, expected = np.geomspace(start, Tensor(stop), 4), np.geomspace(start, stop, 4)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12)
    np.testing.assert_array_equal(found.numpy()[[0, -1]], expected[[0, -1]])


def test_no_ratio_leads_to_zero():
    with pytest.raises(DomainError, match="none leads from 0 or to it"):
        np.geomspace(1.0, Tensor(0.0), 4)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.linalg.solve(x, [1.0, 2.0, 3.0]),
        lambda x: np.linalg.solve([[1, 2, 0], [3, 5, 0], [0, 0, 1]], x),
        lambda x: np.float_power(x, [1, 2, 3]),
        lambda x: np.dot(x, [1, 2, 3]),
        lambda x: np.inner(x, [[1, 2, 3]]),
        lambda x: np.tensordot(x, [[1.0], [2.0], [3.0]], 1),
        lambda x: np.linspace(x[0], [1, 2, 3], 4),
        lambda x: np.linalg.tensorsolve(x, [1, 2, 3]),
        lambda x: np.gradient(x, [0, 1, 3], axis=1),
        lambda x: np.delete(x, [], axis=0),
        lambda x: np.take(x, [], axis=1),
        lambda x: np.take(x, [[2, 0]], axis=1),
    ],
)
def test_a_list_beside_a_tensor_is_an_array(function):
    x = np.array([[1.0, 2.0, 4.0], [2.0, 7.0, 1.0], [0.5, 3.0, 6.0]])
    np.testing.assert_allclose(function(Tensor(x, requires_grad=True)).numpy(), function(x))


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8])
def test_the_derivative_of_an_angle_is_exact_beside_numbers_of_any_kind(kind):
    y, x = np.array([1, 0, 1], kind), np.array([0.5, -2.0, 3.0])
    found = grad(lambda x: np.arctan2(y, x).sum())(x)
    np.testing.assert_allclose(found, -y.astype(float) / (x**2 + y))
    found = grad(lambda x: special.rel_entr(y, x).sum())(np.abs(x))
    np.testing.assert_allclose(found, -y.astype(float) / np.abs(x))


def test_a_matrix_times_a_number_is_told_of_the_other_operator():
    for product in (lambda x: x @ 2, lambda x: 2.0 @ x, lambda x: np.matmul(x, 2)):
        with pytest.raises(ShapeError, match=r"matmul cannot take .*a number is no matrix, and \* multiplies by it"):
            product(Tensor(X))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.median(x),
        lambda x: np.median(x.reshape(0, 2), axis=0),
        lambda x: np.median(x.reshape(2, 0), axis=1, keepdims=True),
        lambda x: np.nanmedian(x),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_middle_of_nothing_is_nan(function):
    found, expected = function(Tensor(np.zeros(0), requires_grad=True)), function(np.zeros(0))
    np.testing.assert_array_equal(found.numpy(), expected, strict=True)
    found.sum().backward()


@pytest.mark.parametrize("trim", ["f", "b", "fb"])
@pytest.mark.parametrize("x", [[0, 0], [0, 1, 0], [], [0, 2, 0, 3, 0, 0]])
def test_zeros_are_trimmed_at_the_ends(x, trim):
    np.testing.assert_array_equal(np.trim_zeros(Tensor(x), trim), np.trim_zeros(np.array(x), trim))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="before NumPy 2.2 of vectors alone")
@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": (1,)}, {"trim": "b"}])
@pytest.mark.parametrize("x", [np.pad(X, 1), np.zeros((2, 3)), X])
def test_zeros_are_trimmed_along_every_axis(x, options):
    np.testing.assert_array_equal(np.trim_zeros(Tensor(x), **options).numpy(), np.trim_zeros(x, **options), strict=True)


@pytest.mark.parametrize(
    "function",
    [np.reciprocal, np.nancumsum, np.nancumprod, np.modf, np.cumsum, lambda x: np.linalg.norm(x, 0)],
)
@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_numbers_of_any_kind_give_those_of_numpys_kind(function, dtype):
    x = np.array([1, 2, 4], dtype)
    for found, expected in zip(np.atleast_1d(function(Tensor(x))), np.atleast_1d(function(x)), strict=True):
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == expected.dtype


def test_a_matrix_to_the_power_of_nothing_is_a_tensor():
    found = np.linalg.matrix_power(Tensor([[1.0, np.nan], [3.0, 4.0]], requires_grad=True), 0)
    np.testing.assert_array_equal(found.numpy(), np.eye(2))
    assert np.linalg.matrix_power(Tensor(np.ones((3, 2, 2))), 0).shape == (3, 2, 2)


def test_axes_that_an_output_has_no_place_for_are_not_summed_unseen():
    with pytest.raises(ArgumentError, match=r"'\.\.\.' stands for 1 axes, and the output has none"):
        np.einsum("i...j,...j->i", Tensor(np.ones((2, 3, 4))), np.ones((3, 4)))
    np.testing.assert_array_equal(np.einsum("i...->i", Tensor(np.ones(3))), np.ones(3))


def test_options_that_say_nothing_are_none():
    np.testing.assert_array_equal(np.add(Tensor(V), 1.0, where=True, dtype=None).numpy(), V + 1)
    with pytest.raises(ArgumentError, match=r"np\.add on a tensor takes no where"):
        np.add(Tensor(V), 1.0, where=V > 0)


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "var", "std", "cumsum", "cumprod"])
def test_a_method_computes_in_the_dtype_it_is_told(name):
    for dtype in (np.float32, None):
        found, expected = getattr(Tensor(X), name)(axis=1, dtype=dtype), getattr(X, name)(axis=1, dtype=dtype)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)


def test_what_is_asked_of_values_or_sizes_is_answered_off_the_graph():
    x = Tensor([[1.0, np.nan, 3.0], [4.0, 2.0, np.nan]], requires_grad=True)
    np.testing.assert_array_equal(np.nanargmax(x, axis=1), [2, 0])
    assert np.nanargmin(x) == 0
    np.testing.assert_array_equal(np.unravel_index(Tensor(np.array([1, 5])), (2, 3)), [[0, 1], [1, 2]])
    assert (x.itemsize, x.nbytes) == (8, 48)


def test_a_ufunc_reduces_to_what_stands_for_it():
    np.testing.assert_allclose(np.logaddexp.reduce(Tensor(X), axis=1).numpy(), np.logaddexp.reduce(X, axis=1))
    with pytest.raises(ArgumentError, match=r"np\.hypot\.accumulate has no derivative rule here"):
        np.hypot.accumulate(Tensor(V))


def test_bits_are_shifted_with_pythons_operators():
    x, y = np.array([1, -3, 6]), np.array([0, 2, 1])
    for found, expected in (
        (Tensor(x) << Tensor(y), x << y),
        (Tensor(x) >> 1, x >> 1),
        (1 << Tensor(y), 1 << y),
        (x >> Tensor(y), x >> y),
        (np.left_shift(x, Tensor(y)), x << y),
    ):
        np.testing.assert_array_equal(found.numpy(), expected, strict=True)
    with pytest.raises(ArgumentError, match="left_shift, <<, is for masks and integers; found float64"):
        Tensor(V) << 1


@pytest.mark.parametrize("axes", [range(2), np.arange(2)], ids=["range", "array"])
@pytest.mark.parametrize(
    "function",
    [
        lambda a, axes: np.fft.fftn(a, axes=axes),
        lambda a, axes: np.fft.fftshift(a, axes=axes),
        lambda a, axes: np.rot90(a, axes=axes),
        lambda a, axes: np.apply_over_axes(np.sum, a, axes),
        lambda a, axes: np.median(a, axis=axes),
    ],
    ids=["fftn", "fftshift", "rot90", "apply_over_axes", "median"],
)
def test_axes_may_be_a_range_or_an_array(function, axes):
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(function(Tensor(x), axes).numpy(), function(x, axes))


def test_a_polynomial_of_small_whole_numbers_is_evaluated_in_large_ones():
    p = np.array([100, 100], np.uint8)
    for x in (2, -1, np.array([3, 4])):
        np.testing.assert_array_equal(np.polyval(Tensor(p), x).numpy(), np.polyval(p, x))
