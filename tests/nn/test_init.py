"""Start values: their bounds, their moments, their fans, and what is refused."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor
from nn import init

SHAPES = [(400, 300), (32, 16, 5, 5)]


def deviation_agrees(values, std):
    """Whether the mean and the deviation of many draws are those of a distribution, within five standard errors."""
    error = 5 * std / np.sqrt(values.size)
    assert abs(values.mean()) < error
    assert values.std() == pytest.approx(std, abs=error)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("name", "std"),
    [
        ("xavier_normal", lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out))),
        ("he_normal", lambda fan_in, fan_out: np.sqrt(2 / fan_in)),
        ("lecun_normal", lambda fan_in, fan_out: np.sqrt(1 / fan_in)),
        ("xavier_uniform", lambda fan_in, fan_out: np.sqrt(6 / (fan_in + fan_out)) / np.sqrt(3)),
        ("he_uniform", lambda fan_in, fan_out: np.sqrt(6 / fan_in) / np.sqrt(3)),
        ("lecun_uniform", lambda fan_in, fan_out: np.sqrt(1 / fan_in)),
    ],
)
def test_values_by_the_fans_have_their_deviation_for_convolutions_too(name, std, shape):
    out, inputs, *kernel = shape
    field = int(np.prod(kernel))
    expected = std(inputs * field, out * field)
    values = init.BY_NAME[name](0, shape, np.float64)
    deviation_agrees(values, expected)
    if "uniform" in name:
        assert np.abs(values).max() <= expected * np.sqrt(3)
        assert np.abs(values).max() > 0.999 * expected * np.sqrt(3)


def test_fan_out_and_gains_are_as_asked_for():
    deviation_agrees(init.he_normal(0, (200, 50), mode="fan_out"), np.sqrt(2 / 200))
    deviation_agrees(init.xavier_normal(0, (200, 50), gain=init.gain("tanh")), 5 / 3 * np.sqrt(2 / 250))
    found = [init.gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "selu", "leaky_relu")]
    assert found == pytest.approx([1, 1, 5 / 3, np.sqrt(2), 0.75, np.sqrt(2 / (1 + 0.01**2))])


@pytest.mark.parametrize("shape", [(5, 5), (3, 8), (8, 3), (4, 3, 2, 2)])
def test_orthogonal_rows_or_columns_stand_at_right_angles(shape):
    values = init.orthogonal(1, shape, gain=2.0).reshape(shape[0], -1)
    product = values @ values.T if values.shape[0] <= values.shape[1] else values.T @ values
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_values_are_uniform_among_rotations():
    first = [init.orthogonal(seed, (2, 2))[0, 0] for seed in range(2000)]
    assert abs(np.mean(first)) < 5 * np.sqrt(0.5 / 2000)


def test_a_truncated_normal_keeps_within_its_bounds_and_has_its_moments():
    values = init.truncated_normal(0, (200_000,), std=1.0, a=-1.0, b=2.0)
    assert (-1 <= values.min() < -0.99, 1.99 < values.max() <= 2) == (True, True)
    phi, Phi = (lambda t: np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)), {-1: 0.15865525393145707, 2: 0.9772498680518208}
    mean = (phi(-1) - phi(2)) / (Phi[2] - Phi[-1])
    assert values.mean() == pytest.approx(mean, abs=0.01)
    with pytest.raises(DomainError, match="bounds a < b"):
        init.truncated_normal(0, (3,), a=1.0, b=1.0)


def test_constants_and_the_identity():
    assert init.constant(None, (2, 2), value=0.5).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert (init.zeros(None, (2,)).tolist(), init.ones(None, (1,)).tolist()) == ([0, 0], [1])
    assert init.eye(None, (2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("name", init.BY_NAME)
def test_a_seed_gives_the_same_again_and_the_dtype_is_kept(name):
    one, other = (init.BY_NAME[name](3, (6, 4), np.float32) for _ in range(2))
    assert (one.dtype, one.shape) == (np.float32, (6, 4))
    np.testing.assert_array_equal(one, other)
    model = nn.MLP([4, 6, 2], init=name, dtype=np.float32, rng=0)
    assert model.layers[0].weight.dtype == np.float32
    assert not model.layers[0].bias.numpy().any()


@pytest.mark.parametrize(
    "made",
    [lambda shape: np.ones(shape, int), lambda shape: np.ones(shape).tolist(), lambda shape: Tensor(np.ones(shape))],
)
def test_a_function_of_start_values_may_make_whole_numbers_lists_and_tensors(made):
    model = nn.MLP([2, 1], init=lambda rng, shape, dtype: made(shape), dtype=np.float32)
    np.testing.assert_array_equal(model.layers[0].weight.numpy(), np.ones((1, 2), np.float32), strict=True)
    model(np.ones((1, 2))).backward()


def test_start_values_are_a_copy_of_what_a_function_made():
    kept = np.ones((2, 2))
    model = nn.MLP([2, 2, 2], init=lambda rng, shape, dtype: kept)
    kept[:] = 5
    assert model.layers[0].weight.numpy().max() == 1


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (lambda rng, shape, dtype: np.ones(shape[::-1]), ShapeError, r"of \(1, 2\) float64 .*; found shape \(2, 1\)"),
        (lambda rng, shape, dtype: 1.0, ShapeError, r"found shape \(\)"),
        (lambda rng, shape, dtype: np.ones(shape, complex), ArgumentError, "found complex128"),
        (lambda rng, shape, dtype: None, ArgumentError, "NoneType"),
        (0.1, ArgumentError, r"a function \(rng, shape, dtype\); found float"),
    ],
)
def test_start_values_that_do_not_fit_are_refused(given, error, said):
    with pytest.raises(error, match=said):
        nn.MLP([2, 1], init=given)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: init.he_normal(0, (3,)), ShapeError, r"two axes or more.*found \(3,\)"),
        (lambda: init.orthogonal(0, (3,)), ShapeError, "two axes or more"),
        (lambda: init.eye(0, (3, 3, 3)), ShapeError, "two axes"),
        (lambda: init.he_normal(0, (3, 3), mode="fan"), ArgumentError, "'fan_in' or 'fan_out'; found 'fan'"),
        (lambda: init.gain("gelu"), ArgumentError, "no gain for 'gelu'"),
    ],
)
def test_what_does_not_fit_is_refused(make, error, said):
    with pytest.raises(error, match=said):
        make()
