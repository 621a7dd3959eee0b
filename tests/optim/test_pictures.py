"""Pictures of training: they show what was recorded, change nothing, and are saved whole."""

import numpy as np
import pytest
from matplotlib import pyplot

import nn
import optim
from autograd import ArgumentError, DomainError, ShapeError
from optim import Boundary, Distributions, History


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def trained():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] > 0).astype(int)
    model = nn.MLP([2, 6, 2], "tanh", rng=0)
    boundary, every = Boundary(X, y, every=2, size=20), Distributions(X[:10])
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    history = optim.fit(
        model, nn.cross_entropy, (X, y), optimizer, epochs=6, validation=(X, y), metrics={"accuracy": optim.accuracy},
        callbacks=[boundary, every], rng=0, progress=False,
    )  # fmt: skip
    return model, X, y, boundary, every, history


def test_curves_show_each_measure_and_its_validation_dashed(trained):
    history = trained[-1]
    axes = history.plot()
    shown = {line.get_label(): line for line in axes.lines}
    assert set(shown) == {"loss", "loss, validation", "accuracy", "accuracy, validation"}
    np.testing.assert_array_equal(shown["loss"].get_ydata(), history["loss"])
    assert shown["loss"].get_color() == shown["loss, validation"].get_color()
    assert (shown["loss"].get_linestyle(), shown["loss, validation"].get_linestyle()) == ("-", "--")


def test_an_empty_history_cannot_be_plotted():
    with pytest.raises(ArgumentError, match="the history is empty"):
        History().plot()


def test_the_boundary_is_what_the_model_decides(trained):
    _, X, y, boundary, _, _ = trained
    assert boundary.epochs == [0, 2, 4, 6]
    decided = boundary.decided()
    assert decided.shape == (20, 20)
    assert (decided[:, -1] == 1).all()
    assert (decided[:, 0] == 0).all()
    axes = boundary.plot(4)
    assert axes.get_title() == "epoch 4"
    np.testing.assert_array_equal(axes.collections[-1].get_offsets(), X)
    np.testing.assert_array_equal(axes.collections[-1].get_array(), y)


def test_one_score_is_decided_at_the_threshold():
    model = nn.Sequential(nn.Linear(2, 1, rng=0), nn.Sigmoid())
    boundary = Boundary(np.array([[-1.0, -1.0], [1.0, 1.0]]), [0, 1], size=5, threshold=2.0)
    boundary(optim.FitStarted(model, None, History()))
    assert not boundary.decided().any()
    boundary.threshold = -1.0
    assert boundary.decided().all()


def test_distributions_count_every_value_of_every_layer_at_every_epoch(trained):
    model, _, _, _, every, _ = trained
    names = [name for name, _ in model.named_parameters()]
    assert every.layers("weights") == every.layers("gradients") == names
    assert every.layers("activations") == ["layers.0", "activation", "layers.1"]
    counts, edges = every.counts("weights", "layers.0.weight")
    assert counts.shape == (7, 41)
    assert (counts.sum(axis=1) == 12).all()
    np.testing.assert_array_equal(counts[-1], np.histogram(model.layers[0].weight.numpy(), bins=edges)[0])
    assert every.counts("gradients", "layers.0.weight")[0].shape[0] == 6
    assert every.counts("activations", "activation")[0].sum() == 7 * 10 * 6


@pytest.mark.parametrize("what", ["weights", "gradients", "activations"])
def test_each_layer_has_its_map(trained, what):
    every = trained[4]
    figure = every.plot(what)
    assert [axes.get_title() for axes in figure.axes] == every.layers(what)


@pytest.mark.parametrize(("suffix", "begins"), [("gif", b"GIF8"), ("html", b"\n\n<script"), ("png", b"\x89PNG")])
def test_films_are_saved_by_suffix(trained, tmp_path, suffix, begins):
    _, _, _, boundary, every, _ = trained
    for film in (boundary, every):
        path = film.save(tmp_path / f"film.{suffix}")
        assert path.read_bytes()[: len(begins)] == begins
    assert len(list(tmp_path.iterdir())) == 1
    assert not pyplot.get_fignums()


def test_recording_changes_nothing():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 2)), rng.integers(0, 2, size=20)
    found = []
    for callbacks in ([], [Boundary(X, y, size=5), Distributions(X)]):
        model = nn.MLP([2, 3, 2], rng=0)
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        optim.fit(model, nn.cross_entropy, (X, y), optimizer, epochs=3, callbacks=callbacks, rng=0, progress=False)
        found.append([each.numpy() for each in model.parameters()])
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_recording_leaves_each_module_in_its_mode():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Dropout(0.5))
    model[1].eval()
    for each in (Boundary(np.ones((3, 2)), np.ones(3), size=3), Distributions(np.ones((3, 2)))):
        each(optim.FitStarted(model, None, History()))
        assert [module.training for module in model.modules()] == [True, True, False]


@pytest.mark.parametrize("film", [Boundary(np.ones((3, 2)), np.ones(3)), Distributions()])
def test_a_plain_function_has_no_film(film):
    with pytest.raises(ArgumentError, match=f"{type(film).__name__} shows a model .* found function"):
        film(optim.FitStarted(lambda x: x, None, History()))


def test_what_cannot_be_shown_is_said(trained, tmp_path):
    _, _, _, boundary, every, _ = trained
    with pytest.raises(ArgumentError, match="inputs of shape"):
        Boundary(np.zeros((4, 3)), np.zeros(4))
    points = np.zeros((4, 2))
    for make in (
        lambda: Distributions(every=0), lambda: Distributions(bins=0), lambda: Boundary(points, np.zeros(4), every=1.5),
        lambda: Boundary(points, np.zeros(4), size=0),
    ):  # fmt: skip
        with pytest.raises(DomainError, match="has to be a whole number, 1 or more"):
            make()
    with pytest.raises(ShapeError, match="one row for each sample"):
        Boundary(points, np.zeros(3))
    with pytest.raises(DomainError, match="there are no rows"):
        Boundary(points[:0], np.zeros(0))
    for bad in (np.nan, np.inf):
        with pytest.raises(DomainError, match="finite inputs"):
            Boundary([[0.0, 1.0], [bad, 0.0]], np.zeros(2))
    with pytest.raises(ArgumentError, match="nothing was recorded yet"):
        Distributions().plot()
    with pytest.raises(ArgumentError, match="epoch 3 was not recorded"):
        boundary.plot(3)
    with pytest.raises(ArgumentError, match="found 'biases'"):
        every.plot("biases")
    with pytest.raises(ArgumentError, match=r"saved as \.gif"):
        boundary.save(tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []
