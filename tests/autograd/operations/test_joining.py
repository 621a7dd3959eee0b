"""Arrays made and joined: what holds for values that are tensors."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, full_like


def test_an_array_filled_with_a_tensor_keeps_its_derivative():
    fill = Value(3.0)
    found = np.full_like(Tensor(np.ones((2, 3), np.float32)), fill)
    assert (found.shape, found.dtype) == ((2, 3), np.float32)
    np.testing.assert_array_equal(found.numpy(), 3.0)
    (found.sum() + np.full_like(np.ones(2), 1.0).sum() + full_like([1.0, 2.0], fill, shape=4).sum()).backward()
    assert fill.grad == 6 + 4


@pytest.mark.parametrize("options", [{}, {"dtype": np.float32}, {"shape": (2, 2)}])
def test_an_array_filled_with_a_plain_number_is_plain_and_may_be_written_to(options):
    found = np.full_like(Tensor([1.0, 2.0], requires_grad=True), 3.0, **options)
    assert type(found) is np.ndarray
    assert found.dtype == options.get("dtype", np.float64)
    found[0] = 1.0


@pytest.mark.parametrize("name", ["concatenate", "hstack", "vstack", "dstack", "column_stack", "stack"])
@pytest.mark.parametrize(
    "parts",
    [[[1, 2], [3]], [[1, 2], [3, 4]], [1.0, [2, 3]], [1, 2], [[1, 2], [[3, 4], [5, 6]]], [[[1], [2]], [[3], [4]]]],
)
def test_lists_of_numbers_are_joined_as_numpy_joins_them(name, parts):
    try:
        expected = getattr(np, name)(parts)
    except ValueError:
        with pytest.raises(autograd.ShapeError):
            getattr(autograd, name)(parts)
        return
    found = getattr(autograd, name)(parts)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


def test_lists_are_arrays_to_a_product_of_many_and_to_array_itself():
    matrices = [[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]]
    np.testing.assert_array_equal(autograd.linalg.multi_dot(matrices), np.linalg.multi_dot(matrices))
    assert autograd.array([]).shape == (0,)
