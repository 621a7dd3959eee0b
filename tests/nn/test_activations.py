"""Activations: PyTorch's values and derivatives, what the course has by hand, both ends of the line, learned ones."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import autograd
import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor, gradcheck, sweep
from nn.learned import BY_NAME, activation_named
from tests.reference.activations import CASES, EDGES, ONCE, RANDOM

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "activations.npz")
POINTS = {"random": RANDOM, "edges": EDGES}
ROWS = {"softmax", "log_softmax", "softmin"}
ELEMENTWISE = [name for name in BY_NAME if name not in ROWS]


def made(key, dtype=np.float64):
    options = {{"dim": "axis"}.get(name, name): value for name, value in CASES[key].items()}
    return getattr(nn, key.partition("/")[0])(**options).astype(dtype).eval()


@pytest.mark.parametrize("where", POINTS)
@pytest.mark.parametrize("key", CASES)
def test_an_activation_is_pytorchs_with_its_derivatives(key, where):
    module, x = made(key), Tensor(POINTS[where], requires_grad=True)
    out = module(x)
    weights = np.linspace(0.5, 1.5, out.size).reshape(out.shape)
    adjoints = sweep((out * weights).sum(), create_graph=True)
    np.testing.assert_allclose(out.numpy(), GOLDEN[f"{key}/{where}/value"], rtol=1e-12, atol=1e-12)
    for place, leaf in enumerate([x, *module.parameters()]):
        found, golden = adjoints[leaf].numpy(), GOLDEN[f"{key}/{where}/first/{place}"]
        np.testing.assert_allclose(found, golden, rtol=5e-8 if key in ONCE else 1e-12, atol=1e-12)
    if where == "random" and key not in ONCE:
        along = (adjoints[x] * adjoints[x]).sum()
        again = sweep(along)[x] if along.requires_grad and x in sweep(along) else np.zeros(x.shape)
        np.testing.assert_allclose(again, GOLDEN[f"{key}/random/second"], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("key", CASES)
def test_a_float32_activation_stays_float32_forward_and_backward(key):
    module, x = made(key, np.float32), Tensor(RANDOM.astype(np.float32), requires_grad=True)
    out = module(x)
    out.sum().backward()
    assert (out.dtype, x.grad.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(out.numpy(), GOLDEN[f"{key}/random/value"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("dtype", "far"), [(np.float64, 1e4), (np.float32, 80.0)])
@pytest.mark.parametrize("name", BY_NAME)
def test_value_and_gradient_stay_finite_far_out(name, dtype, far):
    x = Tensor(np.array([[-far, far], [far, -far]], dtype), requires_grad=True)
    out = activation_named(name, dtype, rng=0)(x)
    out.sum().backward()
    assert np.isfinite(out.numpy()).all()
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("key", ["Softmax", "LogSoftmax", "Softmin"])
def test_a_row_of_equal_logits_is_shared_equally_however_large(key):
    out = made(key)(np.full((1, 4), 1e4))
    np.testing.assert_allclose(out, np.log(0.25) if key == "LogSoftmax" else 0.25)


BY_HAND = {
    "binary_step": ([-1.0, 0.0, 2.0], [0, 1, 1], [0, 0, 0]),
    "sqnl": ([-3.0, -1.0, 0.0, 1.0, 3.0], [-1, -0.75, 0, 0.75, 1], [0, 0.5, 1, 0.5, 0]),
    "brelu": ([-1.0, -2.0, 3.0, 4.0], [0, -2, 3, 0], [0, 1, 1, 0]),
    "bent_identity": ([0.0, np.sqrt(3.0)], [0, 0.5 + np.sqrt(3)], [1, 1 + np.sqrt(3) / 4]),
    "soft_exponential": ([-2.0, 5.0], [-2, 5], [1, 1]),
    "soft_clipping": ([0.5], [0.5], [np.tanh(0.25)]),
    "elliotsig": ([-3.0, 1.0], [-0.75, 0.5], [1 / 16, 1 / 4]),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_courses_own_activations_are_what_its_formulas_give_by_hand(name):
    points, values, slopes = BY_HAND[name]
    x = Tensor(np.array([points]), requires_grad=True)
    out = activation_named(name)(x)
    out.sum().backward()
    np.testing.assert_allclose(out.numpy()[0], values, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(x.grad[0], slopes, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("alpha", [-0.4, -1e-4, 0.0, 1e-4, 0.4])
def test_soft_exponential_goes_from_logarithm_to_exponential_smoothly(alpha):
    x = np.array([-0.7, 0.3, 1.1])
    if alpha < 0:
        expected = -np.log(1 - alpha * (x + alpha)) / alpha
    else:
        expected = (np.exp(alpha * x) - 1) / alpha + alpha if alpha else x
    np.testing.assert_allclose(autograd.soft_exponential(x, np.float64(alpha)), expected, rtol=1e-11)
    by_alpha = autograd.grad(lambda a: autograd.soft_exponential(x, a).sum())(np.float64(alpha))
    step = 1e-6
    ahead, behind = (autograd.soft_exponential(x, np.float64(alpha + each)).sum() for each in (step, -step))
    assert by_alpha == pytest.approx((ahead - behind) / (2 * step), rel=1e-6)
    if alpha == 0:
        assert by_alpha == pytest.approx((x**2 / 2 + 1).sum())


@pytest.mark.parametrize(
    "module", [nn.APL(3, rng=3), nn.APL(2, 4, rng=1), nn.SoftExponential(0.3), nn.SoftExponential(-0.2), nn.PReLU(4)]
)
def test_what_is_learned_has_its_derivatives(module):
    names = [name for name, _ in module.named_parameters()]
    assert names in (["a", "b"], ["alpha"], ["weight"])
    assert gradcheck(lambda x: module(x), RANDOM / 2, order=2)
    assert autograd.check_parameters(module, lambda: (module(RANDOM / 2) ** 2).sum()).verdict == "good"


def test_hinges_add_up_as_the_formula_says():
    module = nn.APL(2, rng=0)
    module.a.data, module.b.data = np.array([0.5, -1.0]), np.array([0.0, 1.0])
    np.testing.assert_allclose(module(np.array([-2.0, 0.5, 3.0])).numpy(), [0.5 * 2 - 3, 0.5 - 0.5, 3.0])


def test_rrelu_draws_a_slope_for_each_element_in_training_and_takes_the_mean_in_evaluation():
    x, module = np.full((400, 50), -1.0, np.float32), nn.RReLU(0.2, 0.4, rng=0)
    slopes = -module(x)
    assert slopes.dtype == np.float32
    assert 0.2 <= slopes.min() < slopes.max() <= 0.4
    assert slopes.mean() == pytest.approx(0.3, abs=5 * (0.2 / np.sqrt(12)) / np.sqrt(x.size))
    np.testing.assert_allclose(module.eval()(x), -0.3, rtol=1e-6)


@pytest.mark.parametrize("x", [np.full(1000, -1), Tensor(np.full(1000, -1)), [-1.0] * 1000])
def test_rrelu_draws_its_slopes_as_floats_for_whole_numbers_and_lists_too(x):
    slopes = -np.asarray(nn.RReLU(0.2, 0.4, rng=0)(x))
    assert slopes.dtype == np.float64
    assert 0.2 <= slopes.min() < slopes.max() <= 0.4


def test_rrelu_draws_on_in_a_replay_as_it_does_eagerly():
    eager, module = nn.RReLU(rng=5), nn.RReLU(rng=5)
    compiled = autograd.compile(lambda x: module(x))
    for _ in range(3):
        np.testing.assert_array_equal(compiled(RANDOM), eager(RANDOM))


def test_maxout_takes_the_largest_of_neighbours():
    x = Tensor(np.array([[1.0, 3.0, -2.0, -5.0]]), requires_grad=True)
    out = nn.Maxout(2)(x)
    out.sum().backward()
    assert (out.numpy().tolist(), x.grad.tolist()) == ([[3.0, -2.0]], [[0.0, 1.0, 1.0, 0.0]])


@pytest.mark.parametrize(
    ("make", "x", "error", "said"),
    [
        (lambda: nn.Maxout(3), np.ones((2, 4)), ShapeError, r"groups of 3 .* found shape \(2, 4\)"),
        (lambda: nn.GLU(), np.ones((2, 3)), ShapeError, "found 3 entries along axis -1"),
        (lambda: nn.PReLU(3), np.ones((2, 4)), ShapeError, "as many channels along axis 1"),
        (lambda: nn.GELU("erf"), np.ones(2), ArgumentError, "'none' or 'tanh'; found 'erf'"),
        (lambda: nn.RReLU(0.5, 0.1), None, DomainError, "lower at most upper"),
        (lambda: nn.ReLU(inplace=True), None, ArgumentError, "ReLU has no option 'inplace': .* a new array"),
        (lambda: nn.LogSoftmax(dim=1), None, ArgumentError, "LogSoftmax has no option 'dim': its name is axis"),
        (lambda: nn.GLU(width=1), None, ArgumentError, "GLU has no option 'width'$"),
        (lambda: nn.Hardtanh(1.0, -1.0), None, ArgumentError, "min_val below max_val"),
        (lambda: activation_named("rely"), None, ArgumentError, "no activation 'rely'; choose one of identity"),
    ],
)
def test_what_does_not_fit_is_refused(make, x, error, said):
    with pytest.raises(error, match=said):
        make()(x)


def test_reprs_are_pytorchs():
    assert repr(nn.Softplus()) == "Softplus(beta=1.0, threshold=20.0)"
    assert repr(nn.PReLU()) == "PReLU(num_parameters=1)"
    assert repr(nn.LeakyReLU(0.2)) == "LeakyReLU(negative_slope=0.2)"
    assert repr(nn.GELU()) == "GELU(approximate='none')"


def test_learned_activations_of_a_float32_model_are_float32_and_start_from_its_seed():
    one, other = (nn.MLP([2, 3, 1], "apl", dtype=np.float32, rng=4) for _ in range(2))
    assert one.activation.a.dtype == np.float32
    np.testing.assert_array_equal(one.activation.a.numpy(), other.activation.a.numpy())


# -- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_curves_are_the_value_and_the_slope_that_differences_give(name):
    axes = nn.plot_activation(name, Figure().subplots())
    value, slope = (line.get_ydata() for line in axes.lines[-2:])
    x = axes.lines[-1].get_xdata()
    smooth = np.flatnonzero(np.isfinite(value[2:] + value[1:-1] + value[:-2] + slope[1:-1])) + 1
    differences = (value[smooth + 1] - value[smooth - 1]) / (x[smooth + 1] - x[smooth - 1])
    away = np.abs(np.gradient(slope)[smooth]) < 0.02  # differences round off kinks
    np.testing.assert_allclose(slope[smooth][away], differences[away], atol=0.02)
    assert away.mean() > 0.9
    assert axes.get_title() == name


def test_a_curve_leaves_every_module_in_its_own_mode_and_no_gradients():
    module = nn.Sequential(nn.PReLU(), nn.Sequential(nn.Dropout(0.5, rng=0), nn.Tanh()).eval())
    before = [each.training for each in module.modules()]
    nn.plot_activation(module, Figure().subplots())
    assert [each.training for each in module.modules()] == before == [True, True, False, False, False]
    assert module[0].weight.grad is None


def test_jumps_are_not_drawn_as_steep_lines():
    for name in ("binary_step", "hardshrink"):
        assert np.isnan(nn.plot_activation(name, Figure().subplots()).lines[-2].get_ydata()).any()


def test_what_acts_on_rows_has_no_curve():
    with pytest.raises(ArgumentError, match="Softmax acts on whole rows"):
        nn.plot_activation("softmax")


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "silu", "softsign", "gelu", "elu", "mish"])
def test_whole_numbers_give_what_their_floats_give(name):
    whole = np.array([-2, 0, 3])
    np.testing.assert_array_equal(getattr(autograd, name)(whole), getattr(autograd, name)(whole.astype(float)))
