"""Arrays made and joined: what holds for values that are tensors."""

import numpy as np
import pytest

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
