"""Convolutions by their definition, and what does not fit."""

import numpy as np
import pytest

from autograd import ArgumentError, ShapeError, Tensor, compile, conv1d, conv2d, convolve  # noqa: A004  ours


def test_a_convolution_of_images_is_the_sum_over_its_windows():
    rng = np.random.default_rng(0)
    x, weight, bias = rng.standard_normal((2, 4, 6, 5)), rng.standard_normal((6, 2, 3, 2)), rng.standard_normal(6)
    found = conv2d(x, weight, bias, stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2)
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (0, 0)])
    expected = np.empty((2, 6, 3, 3))
    for n, m, i, j in np.ndindex(expected.shape):
        channels = padded[n, 2 * (m // 3) : 2 * (m // 3) + 2]
        window = channels[:, 2 * i : 2 * i + 3, j : j + 3 : 2]
        expected[n, m, i, j] = (window * weight[m]).sum() + bias[m]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_padding_may_be_told_by_pytorchs_words():
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((4, 3, 2, 3))
    padded = np.pad(x, [(0, 0), (0, 0), (1, 2), (2, 2)])  # of the three rows one more at the end
    same = conv2d(x, weight, padding="same", dilation=(3, 2))
    np.testing.assert_allclose(same, conv2d(padded, weight, dilation=(3, 2)))
    assert same.shape == (2, 4, 5, 6)
    np.testing.assert_array_equal(conv2d(x, weight, padding="valid", stride=2), conv2d(x, weight, stride=2))
    for wrong, stride in (("same", 2), ("full", 1), (0.5, 1)):
        with pytest.raises(ArgumentError, match="padding is"):
            conv1d(x[:, :, 0], weight[:, :, 0], padding=wrong, stride=stride)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="along 2 axes"):
        conv2d(np.ones((3, 4)), np.ones((3, 4)))
    with pytest.raises(ShapeError, match=r"\(1, 3, 5\)"):
        conv1d(np.ones((1, 3, 5)), np.ones((2, 2, 3)))


def test_a_number_is_a_signal_of_one():
    x = np.arange(3)
    for found in (convolve(x, 2), compile(lambda x: np.convolve(x, 2))(x), convolve(2, Tensor(x)).numpy()):
        np.testing.assert_array_equal(found, np.convolve(x, 2))
