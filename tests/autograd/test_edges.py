"""Edges: empty and single arrays, zero dimensions, odd memory layouts, integers, subnormals, infinities and NaN."""

import numpy as np
import pytest

import autograd
from autograd import ArgumentError, DomainError, GraphError, InPlaceError, Tensor, grad, sweep, vjp

UNARY = ["exp", "log1p", "sqrt", "sin", "tanh", "arcsinh", "abs", "relu", "sigmoid", "softplus", "square", "negative"]
BINARY = ["add", "subtract", "multiply", "divide", "power", "maximum", "hypot", "logaddexp", "arctan2"]


def function(name):
    return getattr(autograd, name)


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 4), (1,), (1, 1), ()])
def test_unary_operations_on_empty_and_single_arrays(name, shape):
    x = Tensor(np.full(shape, 0.7), requires_grad=True)
    out = function(name)(x)
    assert out.shape == shape
    out.backward(np.ones(shape))
    assert np.shape(x.grad) == shape


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(("left", "right"), [((0,), (1,)), ((0, 3), (3,)), ((), (0,)), ((2, 1), (1, 0)), ((), ())])
def test_binary_operations_broadcast_with_empty_arrays(name, left, right):
    x, y = (Tensor(np.full(shape, 0.7), requires_grad=True) for shape in (left, right))
    out = function(name)(x, y)
    out.backward(np.ones(out.shape))
    assert np.shape(x.grad) == left
    assert np.shape(y.grad) == right


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1), ()])
def test_sums_of_nothing_are_zero_and_products_one(axis):
    for name, value in (("sum", 0.0), ("prod", 1.0)):
        x = Tensor(np.zeros((0, 3)), requires_grad=True)
        out = function(name)(x, axis=axis)
        np.testing.assert_array_equal(out.numpy(), np.full(out.shape, value))
        out.backward(np.ones(out.shape))
        assert x.grad.shape == (0, 3)


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "sort", "diff", "flip", "ravel", "trapezoid"])
@pytest.mark.parametrize("size", [0, 1])
def test_functions_of_one_axis_take_none_and_one(name, size):
    x = Tensor(np.full(size, 1.5), requires_grad=True)
    if name == "diff" and size == 0:
        return
    out = function(name)(x)
    if name != "trapezoid":
        np.testing.assert_array_equal(out.numpy(), getattr(np, name)(np.full(size, 1.5)))
    out.backward(np.ones(out.shape))
    assert x.grad.shape == (size,)


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min"])
def test_a_number_can_be_reduced_along_axis_0_as_in_numpy(name):
    x = Tensor(1.5, requires_grad=True)
    function(name)(x, axis=0).backward()
    assert x.grad == 1.0


def test_empty_stacks_of_matrices_and_empty_rows():
    a = Tensor(np.zeros((0, 3, 3)), requires_grad=True)
    for out in (autograd.linalg.svdvals(a), autograd.linalg.eigvalsh(a), autograd.linalg.det(a), autograd.softmax(a)):
        out.backward(np.zeros(out.shape))
    assert autograd.softmax(Tensor(np.zeros((2, 0)))).shape == (2, 0)


@pytest.mark.parametrize("layout", ["negative", "fortran", "sliced", "read-only", "broadcast", "transposed"])
def test_memory_layout_makes_no_difference(layout):
    whole = np.random.default_rng(0).standard_normal((4, 6))
    odd = {
        "negative": whole[::-1, ::-1],
        "fortran": np.asfortranarray(whole),
        "sliced": np.repeat(whole, 2, axis=0)[::2],
        "read-only": whole.copy(),
        "broadcast": np.broadcast_to(whole[:1], (4, 6)),
        "transposed": whole.T.copy().T,
    }[layout]
    odd.flags.writeable = layout != "read-only" and odd.flags.writeable
    contiguous = np.ascontiguousarray(odd).copy()

    def f(x):
        return (np.tanh(x) @ x.T * x[:, 1:2]).sum(axis=0)

    for found, expected in zip(vjp(f, odd)[1](np.ones(4)), vjp(f, contiguous)[1](np.ones(4)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16, bool])
def test_integers_and_booleans_are_constants_beside_floats(dtype):
    x = Tensor(np.array([0.5, 1.5]), requires_grad=True)
    mask = np.array([1, 0]).astype(dtype)
    for out in (x * mask, mask * x, x + mask, np.where(mask.astype(bool), x, 0.0)):
        out.sum().backward()
    np.testing.assert_array_equal(x.grad, [1 + 1 + 1 + 1, 0 + 0 + 1 + 0])
    assert not Tensor(mask).requires_grad


def test_float16_stays_float16():
    x = Tensor(np.array([0.5, 1.5], np.float16), requires_grad=True)
    out = (np.exp(x) * 2).sum()
    out.backward()
    assert out.dtype == x.grad.dtype == np.float16


def test_subnormals_and_extremes_keep_their_derivatives():
    tiny = np.nextafter(0.0, 1.0)
    assert grad(lambda x: x * 3.0)(tiny) == 3.0
    assert grad(np.tanh)(1e308) == 0.0
    assert grad(autograd.sigmoid)(-800.0) == 0.0
    assert grad(autograd.softplus)(800.0) == 1.0
    assert grad(lambda x: autograd.logsumexp(x * np.ones(3)))(1e300) == pytest.approx(1.0)


def test_infinities_and_nan_pass_through_as_in_numpy():
    x = Tensor(np.array([np.inf, -np.inf, np.nan, 1.0]), requires_grad=True)
    out = np.maximum(x, 0.0).sum() + np.where(np.isfinite(x), x * x, 0.0).sum()
    out.backward()
    np.testing.assert_array_equal(x.grad[[0, 1, 3]], [1.0, 0.0, 3.0])


def test_an_unused_input_is_zero_to_grad_and_absent_from_a_sweep():
    assert grad(lambda x, y: x * x, argnum=1)(2.0, 3.0) == 0.0
    x, y = (Tensor(each, requires_grad=True) for each in (2.0, 3.0))
    adjoints = sweep(x * x)
    assert y not in adjoints
    with pytest.raises(GraphError, match="no path"):
        adjoints[y]


@pytest.mark.parametrize(
    "write",
    [
        lambda x, a: np.add(a, x, out=a),
        lambda x, a: np.sum(x, out=a),
        lambda x, a: np.copyto(a, x),
        lambda x, a: np.put_along_axis(x, np.array([0]), 1.0, 0),
        lambda x, a: np.fill_diagonal(x, 1.0),
        lambda x, a: x.sort(),
        lambda x, a: x.fill(0.0),
    ],
)
def test_functions_that_write_are_refused_and_say_what_to_do(write):
    with pytest.raises(InPlaceError, match=r"use|gives a new"):
        write(Tensor(np.ones(2), requires_grad=True), np.zeros(2))


def test_operators_in_place_make_a_new_result_and_leave_the_one_before():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = before = x * 1.0
    y += 1.0
    y *= 2.0
    np.testing.assert_array_equal(before.numpy(), [1.0, 2.0])
    y.sum().backward()
    np.testing.assert_array_equal(x.numpy(), [1.0, 2.0])
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])


def test_every_at_method_and_repeated_indices():
    x = Tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True)
    v = Tensor(np.array([10.0, 0.5]), requires_grad=True)
    at = x.at[np.array([0, 2])]
    expected = {
        "set": [10, 2, 0.5],
        "add": [11, 2, 3.5],
        "multiply": [10, 2, 1.5],
        "divide": [0.1, 2, 6],
        "min": [1, 2, 0.5],
        "max": [10, 2, 3],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(at, name)(v).numpy(), values)
        assert autograd.gradcheck(
            lambda a, b, name=name: getattr((a if isinstance(a, Tensor) else Tensor(a)).at[[0, 2]], name)(b),
            x.numpy(),
            v.numpy(),
        )
    np.testing.assert_array_equal(x.at[[1, 1]].add(1.0).numpy(), [1, 4, 3])


def test_methods_of_numpys_ufuncs():
    x = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
    np.testing.assert_array_equal(np.add.reduce(x).numpy(), [4, 6])
    np.testing.assert_array_equal(np.multiply.reduce(x, axis=1).numpy(), [2, 12])
    np.testing.assert_array_equal(np.add.accumulate(x).numpy(), [[1, 2], [4, 6]])
    np.testing.assert_array_equal(np.subtract.outer(x[0], x[1]).numpy(), [[-2, -3], [-1, -2]])
    np.testing.assert_array_equal(np.where(x > 1.5)[0], [0, 1, 1])


@pytest.mark.parametrize(
    "labels", [[2, 0, 1], np.array([[1], [2]], np.uint8), 1, np.int32(0), np.zeros((2, 0), int), []]
)
def test_one_hot_rows_are_those_of_the_identity(labels):
    found = autograd.one_hot(labels, 3, dtype=np.float32)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.eye(3, dtype=np.float32)[np.asarray(labels, int)])


@pytest.mark.parametrize(
    ("labels", "classes", "kind", "told"),
    [
        ([0, 3], 3, DomainError, "indices from 0 to 2; found 0 to 3"),
        ([-1, 0], 3, DomainError, "found -1 to 0"),
        ([1.0], 3, ArgumentError, "found float64"),
        ([0], 0, ArgumentError, "an integer above 0; found 0"),
        ([0], 2.0, ArgumentError, "an integer above 0; found 2.0"),
    ],
)
def test_one_hot_says_what_is_no_class(labels, classes, kind, told):
    with pytest.raises(kind, match=told):
        autograd.one_hot(labels, num_classes=classes)


def test_a_product_over_an_axis_of_size_one_reaches_both_arrays():
    x = np.arange(12.0).reshape(3, 4)
    row = np.array([[1.0, -2.0, 3.0, 0.5]])
    by_x, by_row = grad(lambda x, y: np.einsum("ij,ij->", x, y), argnum=(0, 1))(x, row)
    np.testing.assert_array_equal(by_x, np.broadcast_to(row, (3, 4)))
    np.testing.assert_array_equal(by_row, x.sum(axis=0, keepdims=True))


def test_points_of_a_broken_line_may_be_lists():
    assert grad(lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 4.0]))(1.5) == 3.0


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin", "logsumexp", "gelu", "hardswish", "log_sigmoid"])
def test_whole_numbers_and_lists_are_taken_as_floats(name):
    expected = function(name)(np.array([1.0, -2.0]))
    for same in ([1, -2], [1.0, -2.0], np.array([1, -2])):
        np.testing.assert_array_equal(function(name)(same), expected)
    np.testing.assert_array_equal(function(name)(Tensor(np.array([1, -2]))).numpy(), expected)


BYTES = [np.array([[0, 1, 200, 255]], np.uint8), np.array([[-128, 127, 3, 0]], np.int8), np.array([[True, False] * 2])]


@pytest.mark.parametrize("x", BYTES, ids=lambda x: x.dtype.name)
@pytest.mark.parametrize(
    "name",
    [
        *(
            "sigmoid",
            "silu",
            "softplus",
            "logsumexp",
            "softmax",
            "log_softmax",
            "log_sigmoid",
            "softmin",
            "mish",
            "glu",
        ),
        *("soft_clipping", "softsign", "elu", "celu", "selu", "gelu", "hardsigmoid", "hardswish", "hardshrink"),
        *("softshrink", "tanhshrink", "bent_identity"),
    ],
)
def test_activations_of_bytes_and_truth_values_are_those_of_the_same_floats(name, x):
    expected = function(name)(x.astype(float))
    for found in (function(name)(x), function(name)(Tensor(x)).numpy()):
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_cross_entropy_of_bytes_is_that_of_the_same_floats():
    logits, labels = np.arange(900, dtype=np.uint8).reshape(300, 3), np.zeros(300, int)
    assert autograd.cross_entropy(logits, labels) == autograd.cross_entropy(logits.astype(float), labels)
