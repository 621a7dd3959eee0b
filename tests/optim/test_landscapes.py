"""Landscapes: surfaces, paths on them, a model's loss around it, and their pictures."""

import re

import numpy as np
import pytest
from matplotlib import pyplot

import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor, grad, hessian
from optim import SGD, Adam, Surface, landscape, model_landscape, regression_surface, surfaces
from optim.landscapes import contours

RACE = {"SGD": lambda p: SGD(p, lr=0.1), "Adam": lambda p: Adam(p, lr=0.2)}


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("surface", surfaces.SURFACES, ids=lambda each: each.name.split(":")[0])
def test_a_surface_is_shown_around_its_start_and_its_minima(surface):
    (left, right), (bottom, top) = surface.limits
    for x, y in (surface.start, *surface.minima):
        assert left < x < right
        assert bottom < y < top
    slope = grad(lambda p: surface.function(p[0], p[1]))
    for minimum in surface.minima:
        np.testing.assert_allclose(slope(np.array(minimum, float)), 0.0, atol=1e-12)
        around = np.array(minimum, float) + 0.05 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
        assert all(surface.function(*each) > surface.function(*minimum) for each in around)


def test_each_surface_has_its_difficulty():
    def curvatures(surface, at):
        return np.linalg.eigvalsh(hessian(lambda p: surface.function(p[0], p[1]))(np.array(at, float)))

    assert np.ptp(curvatures(surfaces.BOWL, (0, 0))) == 0
    assert curvatures(surfaces.RAVINE, (0, 0))[1] == pytest.approx(20 * curvatures(surfaces.RAVINE, (0, 0))[0])
    assert curvatures(surfaces.ROSENBROCK, (1, 1))[1] > 1000 * curvatures(surfaces.ROSENBROCK, (1, 1))[0]
    low, high = curvatures(surfaces.SADDLE, (0, 0))
    assert low < 0 < high
    start = np.array(surfaces.PLATEAU.start)
    assert np.abs(grad(lambda p: surfaces.PLATEAU.function(p[0], p[1]))(start)).max() < 0.05
    many = surfaces.MANY_MINIMA
    assert curvatures(many, (0, 1.2))[0] > 0
    assert many.function(0, 1.2) > many.function(0, 0)


def test_a_path_is_the_start_and_the_point_after_each_step():
    found = landscape(surfaces.BOWL, {"SGD": lambda p: SGD(p, lr=0.1)}, steps=4)
    expected = np.array(surfaces.BOWL.start) * 0.8 ** np.arange(5)[:, None]
    np.testing.assert_allclose(found.paths["SGD"], expected)
    np.testing.assert_allclose(found.values("SGD"), (expected**2).sum(axis=1))


def test_every_optimizer_starts_at_the_same_point_which_can_be_chosen():
    found = landscape(surfaces.SADDLE, RACE, steps=3, start=(1.0, 0.0))
    assert list(found.paths) == ["SGD", "Adam"]
    assert all(path.shape == (4, 2) for path in found.paths.values())
    assert all((path[0] == [1.0, 0.0]).all() for path in found.paths.values())
    assert (found.paths["SGD"][:, 1] == 0).all()


def test_a_path_that_explodes_is_shown_as_far_as_it_went():
    found = landscape(surfaces.ROSENBROCK, {"SGD": lambda p: SGD(p, lr=1.0)}, steps=50)
    assert 2 < len(found.paths["SGD"]) < 50
    found.plot().figure.canvas.draw()


def test_the_picture_has_contours_paths_start_and_minimum():
    found = landscape(surfaces.RAVINE, RACE, steps=5)
    axes = found.plot()
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == ["SGD", "Adam", "start", "minimum"]
    np.testing.assert_array_equal(lines["SGD"].get_xydata(), found.paths["SGD"])
    np.testing.assert_array_equal(lines["start"].get_xydata(), [surfaces.RAVINE.start])
    np.testing.assert_array_equal(lines["minimum"].get_xydata(), surfaces.RAVINE.minima)
    assert (axes.get_xlim(), axes.get_ylim()) == surfaces.RAVINE.limits
    assert len(axes.collections) == 2


def test_a_surface_of_ones_own_needs_no_minimum_and_no_spread():
    slope = Surface("slope", lambda x, y: x + 2 * y, start=(0.0, 0.0), limits=((-1, 1), (-1, 1)))
    axes = landscape(slope, {"SGD": lambda p: SGD(p, lr=0.1)}, steps=2).plot()
    assert [line.get_label() for line in axes.lines] == ["SGD", "start"]
    flat = Surface("flat", lambda x, y: 0 * x * y + 3, start=(0.0, 0.0), limits=((-1, 1), (-1, 1)))
    with pytest.raises(DomainError, match=r"is 3\.0 everywhere"):
        landscape(flat, RACE, steps=1).plot()


def test_contours_are_of_what_is_finite():
    def height(x, y):
        return np.where(x > 2.9, np.inf, np.where(x < -2.9, np.nan, x**2 + y**2))

    surface = Surface("pole", height, start=(1.0, 1.0), limits=((-3, 3), (-3, 3)))
    axes = landscape(surface, {"SGD": lambda p: SGD(p, lr=0.1)}, steps=1).plot()
    assert np.isfinite(axes.collections[0].levels).all()
    with pytest.raises(DomainError, match="the surface is finite nowhere"):
        contours(axes, np.zeros(2), np.zeros(2), np.full((2, 2), np.nan), 1.0)


@pytest.mark.parametrize(("suffix", "begins"), [("gif", b"GIF8"), ("html", b"\n\n<script"), ("png", b"\x89PNG")])
def test_paths_are_saved_in_motion_or_whole(tmp_path, suffix, begins):
    path = landscape(surfaces.BOWL, RACE, steps=2).save(tmp_path / f"race.{suffix}")
    assert path.read_bytes()[: len(begins)] == begins
    assert [each.name for each in tmp_path.iterdir()] == [f"race.{suffix}"]
    assert not pyplot.get_fignums()


def test_a_film_as_a_page_needs_no_network_and_has_every_frame_and_sign(tmp_path):
    page = landscape(surfaces.BOWL, RACE, steps=70).save(tmp_path / "race.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<link|fa-", page)
    assert len(re.findall(r"frames\[\d+\] = ", page)) == 60
    assert page.count("▶") == 4


def test_what_cannot_be_shown_is_said(tmp_path):
    with pytest.raises(ArgumentError, match="no optimizer whose path"):
        landscape(surfaces.BOWL, {})
    with pytest.raises(DomainError, match="steps has to be a whole number, 1 or more; found 0"):
        landscape(surfaces.BOWL, RACE, steps=0)
    with pytest.raises(ArgumentError, match=r"saved as \.gif"):
        landscape(surfaces.BOWL, RACE, steps=1).save(tmp_path / "race.mp4")
    assert not list(tmp_path.iterdir())
    assert not pyplot.get_fignums()


# -- features of unlike sizes --------------------------------------------------------------------------------------


def unlike(rng):
    X = np.stack([rng.uniform(0, 1, 80), rng.uniform(0, 20, 80)], axis=1)
    return X, X @ [3.0, 0.5]


def test_a_regression_surface_is_the_loss_over_its_two_weights():
    X, y = unlike(np.random.default_rng(0))
    surface = regression_surface(X, y + 0.1)
    for w in ([0.0, 0.0], [3.0, 0.5], [-1.0, 2.0]):
        assert surface.function(*w) == pytest.approx(np.mean((X @ w - y - 0.1) ** 2), rel=1e-9)
    best = np.linalg.lstsq(X, y + 0.1, rcond=None)[0]
    np.testing.assert_allclose(surface.minima, [best])
    assert np.ptp(surface.limits[0]) == pytest.approx(np.ptp(surface.limits[1]))


def test_standardized_features_make_the_ravine_a_bowl_and_the_descent_short():
    X, y = unlike(np.random.default_rng(0))
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    steps = []
    for features, target in ((X, y), (Z, y - y.mean())):
        steepest = 2 * np.linalg.eigvalsh(features.T @ features / len(features))[-1]
        surface = regression_surface(features, target)
        path = landscape(surface, {"SGD": lambda p, s=steepest: SGD(p, lr=1 / s)}, steps=300).paths["SGD"]
        far = np.abs(path - surface.minima).max(axis=1) > 0.01
        steps.append(int(far.sum()))
    assert steps[0] == 301
    assert steps[1] < 30


def test_a_regression_surface_checks_its_shapes():
    with pytest.raises(DomainError, match="there are no rows"):
        regression_surface(np.zeros((0, 2)), np.zeros(0))
    with pytest.raises(ShapeError, match="over two features"):
        regression_surface(np.zeros((4, 3)), np.zeros(4))
    with pytest.raises(ShapeError, match=r"found \(4, 2\) and \(4, 1\)"):
        regression_surface(np.zeros((4, 2)), np.zeros((4, 1)))


# -- a model's loss ------------------------------------------------------------------------------------------------


def trained():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    return nn.MLP([2, 4, 2], "tanh", rng=0), (X, (X[:, 0] > 0).astype(int))


def test_the_middle_is_the_models_loss_and_the_model_is_not_changed():
    model, data = trained()
    before = model.state_dict()
    found = model_landscape(model, nn.cross_entropy, data, span=0.5, size=5, rng=0)
    assert found.loss == pytest.approx(float(nn.cross_entropy(model(data[0]), data[1])), rel=1e-12)
    np.testing.assert_array_equal(found.steps, [-0.5, -0.25, 0.0, 0.25, 0.5])
    np.testing.assert_equal(model.state_dict(), before)
    assert model.training


def test_the_same_seed_shows_the_same_plane():
    model, data = trained()
    one, other, third = (model_landscape(model, nn.cross_entropy, data, size=3, rng=rng).values for rng in (0, 0, 1))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, third)


def test_each_row_of_a_direction_is_as_long_as_the_models_and_biases_stay():
    model = nn.Linear(3, 2, rng=0)
    model.weight.data = np.array([[3.0, 0.0, 4.0], [0.0, 0.1, 0.0]])
    seen = []

    def loss(output, target):
        seen.append(output.numpy())
        return Tensor(0.0)

    model_landscape(model, loss, (np.eye(3), None), size=3, rng=0)
    weights = [output.T - model.bias.numpy()[:, None] for output in seen]
    first = weights[5] - weights[4]  # one step along the first direction from the middle
    second = weights[7] - weights[4]
    for direction in (first, second):
        np.testing.assert_allclose(np.linalg.norm(direction, axis=1), [5.0, 0.1], rtol=1e-9)
    assert not np.allclose(first, second)


def test_a_scaled_relu_network_has_the_same_landscape():
    model, data = nn.MLP([2, 4, 2], "relu", rng=0), trained()[1]
    for layer in model.layers:
        layer.bias.data = np.zeros(layer.bias.shape)
    scaled = nn.MLP([2, 4, 2], "relu", rng=0)
    scaled.load_state_dict(model.state_dict())
    scaled.layers[0].weight.data = 10 * model.layers[0].weight.numpy()
    scaled.layers[1].weight.data = model.layers[1].weight.numpy() / 10
    one, other = (model_landscape(each, nn.cross_entropy, data, size=5, rng=0).values for each in (model, scaled))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_the_models_landscape_is_plotted_with_its_loss():
    model, data = trained()
    found = model_landscape(model, nn.cross_entropy, data, size=5, rng=0)
    axes = found.plot()
    assert axes.texts[0].get_text() == f"the model: {found.loss:.3g}"
    assert axes.get_xlim() == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("options", "said"), [({"size": 4}, "size is odd"), ({"size": 1}, "size"), ({"span": 0.0}, "span")]
)
def test_sizes_and_spans_out_of_range_are_refused(options, said):
    model, data = trained()
    with pytest.raises(DomainError, match=said):
        model_landscape(model, nn.cross_entropy, data, **options)
