"""What layers and start values are made with: a wrong type or number is refused where it is given, by name."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, DomainError, ShapeError, no_grad
from nn import init

NUMBERS = {
    "LeakyReLU": "negative_slope", "ELU": "alpha", "CELU": "alpha", "SoftClipping": "alpha", "Softplus": "beta",
    "Hardtanh": "min_val", "Softshrink": "lambd", "Hardshrink": "lambd", "PReLU": "init", "RReLU": "lower",
    "SoftExponential": "alpha", "Dropout": "p", "ClassicDropout": "p", "AlphaDropout": "p",
}  # fmt: skip


@pytest.mark.parametrize("given", ["x", None, np.nan, 1j, [0.5], np.array([0.5]), np.array(np.nan)])
@pytest.mark.parametrize("kind", NUMBERS)
def test_what_is_no_number_is_refused_by_name(kind, given):
    name = NUMBERS[kind]
    with pytest.raises(ArgumentError, match=rf"{kind} needs {name} to be a number.*; found "):
        getattr(nn, kind)(**{name: given})
    assert getattr(nn, kind)(**{name: np.float32(0.125)})


@pytest.mark.parametrize("given", [np.array(0.125), np.array(0.125, np.float32), np.float64(0.125)])
@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_of_numpys_is_taken_as_pythons(kind, given):
    name, x = NUMBERS[kind], np.linspace(-1, 1, 5, dtype=np.float32)
    found, meant = (getattr(nn, kind)(**{name: each}).eval() for each in (given, 0.125))
    assert repr(found) == repr(meant)
    with no_grad():
        found, meant = np.asarray(found(x)), np.asarray(meant(x))
    assert found.dtype == meant.dtype
    np.testing.assert_array_equal(found, meant)


def test_layers_and_start_values_take_arrays_of_no_axes_as_numbers():
    assert [each.p for each in nn.MLP((3, 4, 4, 1), dropout=np.array(0.5)).dropouts] == [0.5, 0.5]
    assert type(nn.RMSNorm(2, eps=np.array(0.5)).eps) is float
    norm = nn.BatchNorm1d(2, eps=np.array(0.5), momentum=np.array(0.25))
    assert (norm.eps, norm.momentum) == (0.5, 0.25)
    assert init.truncated_normal(0, (2,), std=np.array(0.5)).shape == (2,)


@pytest.mark.parametrize("given", ["x", None, 1.5, True])
@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax", "Softmin", "GLU", "Flatten"])
def test_an_axis_is_a_whole_number(kind, given):
    with pytest.raises(ArgumentError, match=rf"{kind} needs .* to be a whole number; found {given!r}"):
        getattr(nn, kind)(given)


@pytest.mark.parametrize("given", ["x", 2.5, 0, -1, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda size: nn.Linear(size, 2),
        lambda size: nn.Bilinear(2, 2, size),
        lambda size: nn.BatchNorm1d(size),
        lambda size: nn.LayerNorm((2, size)),
        lambda size: nn.PReLU(size),
        lambda size: nn.APL(size),
        lambda size: nn.APL(2, size),
        lambda size: nn.Maxout(size),
    ],
)
def test_a_size_is_a_whole_number_above_0(make, given):
    with pytest.raises(ArgumentError, match=rf"to be a whole number above 0; found {given!r}"):
        make(given)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: nn.BatchNorm1d(2, eps=-1), DomainError, "eps to be a number of 0 or more; found -1"),
        (lambda: nn.BatchNorm1d(2, momentum=7), DomainError, "momentum to be a number between 0 and 1; found 7"),
        (lambda: nn.LayerNorm(2, eps="x"), ArgumentError, "eps to be a number of 0 or more; found 'x'"),
        (lambda: nn.LayerNorm(()), ArgumentError, r"normalized_shape to have an axis or more; found \(\)"),
        (lambda: nn.RMSNorm(2, eps=-1e-9), DomainError, "eps to be a number of 0 or more"),
        (lambda: nn.GELU("foo"), ArgumentError, "approximate to be 'none' or 'tanh'; found 'foo'"),
        (lambda: nn.Softplus(beta=0), DomainError, "beta to be a number other than 0; found 0"),
        (lambda: nn.ELU(True), ArgumentError, "alpha to be a number; found True"),
        (lambda: nn.CELU(0), DomainError, "alpha to be a number other than 0"),
        (lambda: nn.Threshold(0, "x"), ArgumentError, "value to be a number; found 'x'"),
        (lambda: init.uniform(0, (2,), bound=-1), DomainError, "bound to be a number of 0 or more; found -1"),
        (lambda: init.normal(0, (2,), std=-1), DomainError, "std to be a number of 0 or more"),
        (lambda: init.truncated_normal(0, (2,), std=0), DomainError, "std to be a number above 0; found 0"),
        (lambda: init.xavier_normal(0, (0, 0)), ShapeError, r"none of size 0; found \(0, 0\)"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_what_can(make, error, said):
    with pytest.raises(error, match=said):
        make()


def test_what_may_be_left_out_may_be_none():
    assert nn.BatchNorm1d(2, momentum=None).momentum is None
    assert nn.RMSNorm(2, eps=None).eps is None
    assert nn.Softplus(beta=-2.0)(1.0) == pytest.approx(np.log1p(np.exp(-2.0)) / -2.0)
