"""Losses: PyTorch's numbers, derivatives of two orders, hand-computed values, replays, and what is refused."""

import math
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor, gradcheck, jvp
from tests.reference.losses import CASES, LARGE, cotangent, extremes

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "losses.npz")
ROWS = {dtype: np.split(GOLDEN[dtype], GOLDEN["ends"])[:-1] for dtype in LARGE}
TOLERANCE = {"float64": {"rtol": 1e-12, "atol": 1e-12}, "float32": {"rtol": 1e-6, "atol": 1e-6}}
LOSSES = sorted({name for _, name, _, _ in CASES} | {"hinge_loss"})


def compared():
    for dtype in LARGE:
        for (key, *case), row in zip((*CASES, *extremes(dtype)), ROWS[dtype], strict=True):
            yield pytest.param(dtype, *case, row, id=f"{dtype}-{key}")


def as_given(each, dtype):
    return each.astype(dtype) if isinstance(each, np.ndarray | np.floating) and each.dtype.kind == "f" else each


def with_tensors(by, arguments, dtype):
    """The arguments in a dtype, and among them the tensors to be differentiated by."""
    given = {key: as_given(each, dtype) for key, each in arguments.items()}
    leaves = {key: Tensor(given[key], requires_grad=True) for key in by if given[key].dtype.kind == "f"}
    return given | leaves, leaves


@pytest.mark.parametrize(("dtype", "name", "by", "arguments", "row"), list(compared()))
def test_values_and_gradients_are_pytorchs(dtype, name, by, arguments, row):
    given, leaves = with_tensors(by, arguments, dtype)
    value = getattr(nn, name)(**given)
    (value * cotangent(value.shape).astype(dtype)).sum().backward()
    found = [value.numpy(), *(leaf.grad for leaf in leaves.values())]
    assert {each.dtype for each in found} == {np.dtype(dtype)}
    np.testing.assert_allclose(np.concatenate([each.ravel() for each in found]), row, **TOLERANCE[dtype])


# -- derivatives ---------------------------------------------------------------------------------------------------


def smooth_points():
    """One case of each loss, and of its options that change the formula, away from kinks."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0.2, 0.8, (3, 4)), rng.uniform(0.15, 0.85, (3, 4))
    shares, signs, classes = rng.dirichlet(np.ones(4), 3), np.array([[1.0, -1, 1, -1]] * 3), np.array([2, 0, 3])
    weight = np.array([0.5, 2.0, 1.0, 0.25])
    yield "mse_loss", (x, y), {}
    yield "l1_loss", (x, y), {}
    yield "huber_loss", (x, y), {"delta": 0.2}
    yield "smooth_l1_loss", (x, y), {"beta": 0.2}
    yield "binary_cross_entropy", (x, y), {"weight": y}
    yield "binary_cross_entropy_with_logits", (5 * x, y), {"pos_weight": weight}
    yield "cross_entropy", (x, classes), {}
    yield "cross_entropy", (x, shares), {}
    yield "cross_entropy", (x, classes), {"weight": weight, "label_smoothing": 0.1, "ignore_index": 3}
    yield "cross_entropy", (x, shares), {"weight": weight, "label_smoothing": 0.1}
    yield "nll_loss", (np.log(shares), classes), {"weight": weight}
    yield "multi_margin_loss", (x, classes), {"p": 2}
    yield "hinge_loss", (5 * x, 5 * signs / 5), {}
    yield "hinge_embedding_loss", (x, signs), {}
    yield "kl_div", (np.log(shares), np.roll(shares, 1, axis=0)), {}
    yield "kl_div", (np.log(shares), np.log(np.roll(shares, 1, axis=0))), {"log_target": True}
    yield "gaussian_nll_loss", (x, y, shares[:, :1]), {"full": True}
    yield "poisson_nll_loss", (x, 4 * y), {"full": True}
    yield "poisson_nll_loss", (x, 4 * y), {"log_input": False}
    yield "soft_margin_loss", (x, signs), {}
    yield "margin_ranking_loss", (x, y, signs), {"margin": 0.3}
    yield "cosine_embedding_loss", (x, y - 0.5, signs[0, :3]), {"margin": -0.9}
    yield "triplet_margin_loss", (x, y, shares), {"p": 3.0, "swap": True}


SMOOTH = list(smooth_points())
MOVED_OUT = {"hinge_loss", "soft_margin_loss", "hinge_embedding_loss", "margin_ranking_loss", "cosine_embedding_loss"}
"""Losses whose targets are -1 and 1 alone: there is nothing near them to compare with."""


@pytest.mark.parametrize(("name", "arguments", "options"), SMOOTH, ids=[case[0] for case in SMOOTH])
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_derivatives_of_two_orders_are_those_of_central_differences(name, arguments, options, reduction):
    fixed = arguments[-1:] if name in MOVED_OUT else ()
    varied = arguments[: len(arguments) - len(fixed)]
    assert gradcheck(lambda *moved: getattr(nn, name)(*moved, *fixed, reduction=reduction, **options), *varied, order=2)


def test_every_loss_is_looked_at():
    assert {name for name, _, _ in SMOOTH} == set(LOSSES) == {name for name in nn.__all__ if is_loss(name)}


def is_loss(name):
    return name.endswith("_loss") or "cross_entropy" in name or name == "kl_div"


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in MOVED_OUT])
def test_forward_mode_is_the_sweep_along_a_direction(name):
    _, arguments, options = next(case for case in SMOOTH if case[0] == name)
    floats = [each for each in arguments if each.dtype.kind == "f"]
    rest = arguments[len(floats) :]

    def f(*moved):
        return getattr(nn, name)(*moved, *rest, **options)

    directions = [np.cos(np.arange(each.size) * (i + 1)).reshape(each.shape) for i, each in enumerate(floats)]
    _, found = jvp(f, floats, directions)
    gradients = autograd.grad(f, tuple(range(len(floats))))(*floats)
    expected = sum(np.vdot(g, d) for g, d in zip(gradients, directions, strict=True))
    np.testing.assert_allclose(found, expected, rtol=1e-10)


# -- values by hand ------------------------------------------------------------------------------------------------


def test_binary_cross_entropy_is_minus_the_logarithm_of_the_likelihood():
    p, y = np.array([0.9, 0.2, 0.6]), np.array([1, 0, 0])
    likelihood = 0.9 * (1 - 0.2) * (1 - 0.6)
    assert nn.binary_cross_entropy(p, y, reduction="sum") == pytest.approx(-math.log(likelihood), rel=1e-15)
    z = np.log(p / (1 - p))
    assert nn.binary_cross_entropy_with_logits(z, y) == pytest.approx(-math.log(likelihood) / 3, rel=1e-14)


def test_logistic_regression_has_the_gradient_of_the_course():
    rng = np.random.default_rng(0)
    X, y, w, b = rng.normal(size=(8, 3)), rng.integers(0, 2, 8), rng.normal(size=3), 0.3
    w, b = Tensor(w, requires_grad=True), Tensor(b, requires_grad=True)
    p = autograd.sigmoid(X @ w + b)
    for loss in (nn.binary_cross_entropy(p, y), nn.binary_cross_entropy_with_logits(X @ w + b, y)):
        dw, db = autograd.sweep(loss)[w], autograd.sweep(loss)[b]
        np.testing.assert_allclose(dw, X.T @ (p.numpy() - y) / 8, rtol=1e-12)
        np.testing.assert_allclose(db, np.sum(p.numpy() - y) / 8, rtol=1e-12)


def test_the_cost_of_the_course_is_half_the_mean_squared_error():
    predicted, y = np.array([1.0, 2.0, 4.0]), np.array([0.0, 2.5, 3.0])
    assert nn.mse_loss(predicted, y) / 2 == pytest.approx((1 + 0.25 + 1) / (2 * 3), rel=1e-15)


@pytest.mark.parametrize("bound", [0.5, 1.0, 3.0])
def test_huber_is_its_bound_times_smooth_l1(bound):
    d = np.linspace(-4, 4, 33)
    huber = nn.huber_loss(d, 0 * d, delta=bound, reduction="none")
    np.testing.assert_allclose(huber, bound * nn.smooth_l1_loss(d, 0 * d, beta=bound, reduction="none"), rtol=1e-15)
    np.testing.assert_allclose(huber, np.where(abs(d) <= bound, d**2 / 2, bound * (abs(d) - bound / 2)), rtol=1e-14)


def test_huber_and_smooth_l1_at_a_half_are_0_625_and_1_25():
    assert float(nn.huber_loss(1.5, 0.0, delta=0.5)) == 0.625
    assert float(nn.smooth_l1_loss(1.5, 0.0, beta=0.5)) == 1.25


def test_hinge_loss_by_hand_has_derivative_0_at_the_margin():
    s = Tensor([2.0, 1.0, 0.5, -1.0], requires_grad=True)
    loss = nn.hinge_loss(s, [1, 1, 1, 1], reduction="sum")
    loss.backward()
    assert float(loss) == 0 + 0 + 0.5 + 2
    np.testing.assert_array_equal(s.grad, [0, 0, -1, -1])


def test_the_target_of_a_certain_probability_has_the_derivative_of_the_clamped_value():
    y = Tensor([0.5, 0.5], requires_grad=True)  # PyTorch has infinities here, beside values that end at 100
    nn.binary_cross_entropy(np.array([0.0, 1.0]), y, reduction="sum").backward()
    np.testing.assert_array_equal(y.grad, [100, -100])


def test_counts_of_0_and_1_add_nothing_to_the_full_poisson_loss_nor_to_a_derivative():
    y = Tensor([0.0, 1.0], requires_grad=True)
    loss = nn.poisson_nll_loss(np.array([0.5, 0.7]), y, full=True, reduction="sum")
    loss.backward()
    assert float(loss) == pytest.approx(math.exp(0.5) + math.exp(0.7) - 0.7, rel=1e-15)
    np.testing.assert_array_equal(y.grad, [-0.5, -0.7])


def test_a_share_of_0_adds_nothing_to_the_divergence():
    p = Tensor([[1.0, 0.0]], requires_grad=True)
    loss = nn.kl_div(np.log([[0.5, 0.5]]), p, reduction="batchmean")
    loss.backward()
    assert float(loss) == math.log(2)
    assert np.isfinite(p.grad).all()


def test_logits_of_minus_infinity_close_classes_without_a_nan():
    z = Tensor([[0.0, 1.0, -np.inf]], requires_grad=True)
    for options in ({}, {"ignore_index": -1}, {"weight": np.array([1.0, 2.0, 3.0])}):
        z.grad = None
        loss = nn.cross_entropy(z, np.array([1]), **options)
        loss.backward()
        assert float(loss) == pytest.approx(math.log1p(math.exp(-1)), rel=1e-14)
        np.testing.assert_allclose(z.grad, [[1 / (1 + math.e), -1 / (1 + math.e), 0]], rtol=1e-14)


@pytest.mark.parametrize("dtype", list(LARGE))
@pytest.mark.parametrize("name", ["soft_margin_loss", "hinge_loss", "poisson_nll_loss", "huber_loss", "nll_loss"])
def test_large_numbers_have_finite_losses_and_gradients_without_a_warning(name, dtype):
    x = np.array([1.0, -1.0, 0.0], dtype) * LARGE[dtype]
    target = np.array(1) if name == "nll_loss" else np.array([-1.0, -1.0, 1.0], dtype)
    if name == "poisson_nll_loss":
        x, target = -abs(x), abs(target)
    x = Tensor(x, requires_grad=True)
    loss = getattr(nn, name)(x, target)
    loss.backward()
    assert np.isfinite(float(loss))
    assert np.isfinite(x.grad).all()
    assert x.grad.dtype == dtype


def test_well_told_classes_keep_the_digits_of_their_small_losses():
    z = np.array([40.0, -40.0])
    found = nn.binary_cross_entropy_with_logits(z, np.array([1, 0]), reduction="none")
    np.testing.assert_allclose(found, np.log1p(np.exp([-40.0, -40.0])), rtol=1e-15)


# -- what is recorded ----------------------------------------------------------------------------------------------


def test_cross_entropy_without_options_is_one_operation():
    logits = Tensor(np.ones((3, 4)), requires_grad=True)
    for target in (np.array([0, 3, 1]), np.full((3, 4), 0.25)):
        loss = nn.cross_entropy(logits, target)
        assert loss.operation is autograd.cross_entropy
        assert loss.inputs[0] is logits


def without_by_hand(name):
    _, arguments, options = next(case for case in SMOOTH if case[0] == name)
    return arguments, options


@pytest.mark.parametrize("name", LOSSES)
def test_a_compiled_loss_replays_to_the_bit_for_new_arguments(name):
    arguments, options = without_by_hand(name)

    step = autograd.value_and_grad(lambda *given: getattr(nn, name)(*given, **options))
    compiled = autograd.compile(step)
    for shift in range(3):
        given = [np.roll(each, shift, axis=0) for each in arguments]
        for found, expected in zip(compiled(*given), step(*given), strict=True):
            np.testing.assert_array_equal(found, expected)
    assert compiled.recompiles == 0


REFUSED_LATER = [
    ("binary_cross_entropy", np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array([0.0, 1.5]), "0 to 1"),
    ("binary_cross_entropy_with_logits", np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array([-1.0, 1.0]), "0 to 1"),
    ("hinge_loss", np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([0.0, 1.0]), "2 . target - 1"),
    ("kl_div", np.log([0.5, 0.5]), np.array([0.0, 1.0]), np.array([0.0, np.nan]), "nan"),
    ("poisson_nll_loss", np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array([0.0, -1.0]), "counts"),
    ("nll_loss", np.log([[0.5, 0.5]]), np.array([1]), np.array([2]), "indices from 0 to 1"),
    ("cross_entropy", np.ones((1, 2)), np.array([1]), np.array([-1]), "-1"),
    ("cross_entropy", np.ones((1, 2)), np.array([[0.5, 0.5]]), np.array([[0.5, 1.5]]), "shares from 0 to 1"),
]


@pytest.mark.parametrize(("name", "input", "target", "wrong", "said"), REFUSED_LATER)
def test_a_replay_looks_at_its_targets_as_the_first_call_does(name, input, target, wrong, said):  # noqa: A002  PyTorch's
    compiled = autograd.compile(lambda x, y: getattr(nn, name)(x, y))
    expected = float(compiled(input, target))
    with pytest.raises(DomainError, match=said):
        compiled(input, wrong)
    with pytest.raises(DomainError, match=said):
        getattr(nn, name)(input, wrong)
    assert float(compiled(input, target)) == expected


def test_a_replay_reads_targets_from_outside_as_they_are_now():
    x, y = np.array([0.2, 0.7]), np.array([1.0, -1.0])
    compiled = autograd.compile(lambda x: nn.hinge_embedding_loss(x, y))
    before = float(compiled(x))
    y[:] = [-1.0, 1.0]
    assert float(compiled(x)) == float(nn.hinge_embedding_loss(x, y)) != before


# -- what is refused -----------------------------------------------------------------------------------------------

PAIRWISE = ["mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss", "binary_cross_entropy", "kl_div", "hinge_loss"]
PAIRWISE += ["binary_cross_entropy_with_logits", "hinge_embedding_loss", "poisson_nll_loss", "soft_margin_loss"]


@pytest.mark.parametrize("name", PAIRWISE)
def test_no_loss_broadcasts_a_column_against_a_row(name):
    with pytest.raises(ShapeError, match=rf"{name}.*\(3, 1\).*\(3,\).*reshape"):
        getattr(nn, name)(np.full((3, 1), 0.5), np.ones(3))


X, CUBE = np.full((3, 2), 0.5), np.ones((2, 3, 4))


@pytest.mark.parametrize(
    ("name", "arguments", "options", "error", "said"),
    [
        ("gaussian_nll_loss", (X, X[:, :1], X), {}, ShapeError, "reshape"),
        ("gaussian_nll_loss", (X, X, np.ones(2)), {}, ShapeError, r"without the last axis; found \(2,\)"),
        ("gaussian_nll_loss", (X, X, -X), {}, DomainError, "-0.5.*softplus"),
        ("gaussian_nll_loss", (X, X, X), {"eps": 0}, DomainError, "eps to be a number above 0; found 0"),
        ("margin_ranking_loss", (X, X, np.ones(2)), {}, ShapeError, "reshape"),
        ("cosine_embedding_loss", (X, X, np.ones((3, 1))), {}, ShapeError, r"targets \(N,\)"),
        ("triplet_margin_loss", (X, X, X[:1]), {}, ShapeError, "reshape"),
        ("triplet_margin_loss", (CUBE, CUBE, CUBE), {}, ShapeError, r"\(N, D\)"),
        ("triplet_margin_loss", (X, X, X), {"margin": -1}, DomainError, "margin to be a number above 0; found -1"),
        ("huber_loss", (X, X), {"delta": 0}, DomainError, "delta to be a number above 0; found 0"),
        ("huber_loss", (X, X), {"delta": "1"}, ArgumentError, "delta to be a number above 0; found '1'"),
        ("smooth_l1_loss", (X, X), {"beta": -1}, DomainError, "beta to be a number of 0 or more"),
        ("binary_cross_entropy", (2 * X, X + 1), {}, DomainError, "targets from 0 to 1; found 1.5"),
        ("binary_cross_entropy", (X - 1, X), {}, DomainError, "binary_cross_entropy_with_logits"),
        ("binary_cross_entropy", (X, X), {"weight": np.ones((2, 3, 2))}, ShapeError, r"\(2, 3, 2\)"),
        ("binary_cross_entropy", (X, X), {"weight": np.ones(3)}, ShapeError, r"weight.*\(3, 2\).*\(3,\)"),
        ("binary_cross_entropy_with_logits", (X, X), {"pos_weight": np.ones(3)}, ShapeError, "pos_weight"),
        (
            "cross_entropy",
            (X, np.eye(2, dtype=int)[[0, 1, 1]]),
            {},
            ArgumentError,
            r"float\).*argmax\(axis=1\)",
        ),
        ("cross_entropy", (X, np.array([0.0, 1.0, 1.0])), {}, ArgumentError, "integers"),
        ("cross_entropy", (X, np.array([0.0, 1.0, 1.0])), {"ignore_index": 1}, ArgumentError, r"astype\(int\)"),
        ("cross_entropy", (X, X), {"ignore_index": 1}, ArgumentError, "set their rows to 0"),
        ("cross_entropy", (X, np.array([0, 1, -100])), {"weight": np.ones(2)}, DomainError, "ignore_index"),
        ("cross_entropy", (X, np.array([1, 1, 1])), {"ignore_index": 1}, DomainError, "all of them are ignored"),
        ("cross_entropy", (X, np.array([0, 1, 1])), {"weight": np.ones(3)}, ShapeError, r"weight of shape \(2,\)"),
        ("cross_entropy", (X, np.array([0, 1, 1])), {"label_smoothing": 1.5}, DomainError, "label_smoothing"),
        ("cross_entropy", (X, X + 1), {}, DomainError, "shares from 0 to 1"),
        ("cross_entropy", (CUBE, np.zeros((2, 3), int)), {}, ShapeError, r"indices of shape \(2, 4\)"),
        ("cross_entropy", (np.float64(1), 0), {}, ShapeError, r"\(N, C\)"),
        ("cross_entropy", (np.ones((0, 3)), np.ones(0, int)), {}, ShapeError, "N > 0"),
        ("nll_loss", (X, np.array([0, 1, 2])), {}, DomainError, "0 to 1; found 0 to 2"),
        ("multi_margin_loss", (X, np.array([0, 1, 1])), {"p": 3}, DomainError, "p = 1 or 2"),
        ("multi_margin_loss", (CUBE, np.zeros((2, 4), int)), {}, ShapeError, r"\(C,\)"),
        ("kl_div", (np.ones(()), np.ones(())), {"reduction": "batchmean"}, ShapeError, "one row"),
        ("mse_loss", (np.ones(0), np.ones(0)), {}, ShapeError, "mean of nothing"),
        ("mse_loss", (X, X), {"reduction": "median"}, ArgumentError, "'mean', 'sum' or 'none'"),
        ("mse_loss", (["a"], ["b"]), {}, ArgumentError, "numbers"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_remedy(name, arguments, options, error, said):
    with pytest.raises(error, match=said):
        getattr(nn, name)(*arguments, **options)


def test_a_model_gone_astray_gives_a_nan_and_no_lecture_on_probabilities():
    assert np.isnan(nn.binary_cross_entropy(np.array([np.nan, 0.5]), np.array([1, 0])))


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, np.int8])
def test_whole_numbers_as_targets_are_numbers_of_the_inputs_dtype(dtype):
    x, y = np.array([0.25, 0.75], np.float32), np.array([1, 0])
    for name in ("mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"):
        found = getattr(nn, name)(x, y.astype(dtype))
        assert found.dtype == np.float32
        assert found == getattr(nn, name)(x, y.astype(np.float32))


def test_unsigned_numbers_do_not_wrap():
    assert nn.mse_loss(np.array([1], np.uint8), np.array([3], np.uint8)) == 4.0
