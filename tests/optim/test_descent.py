"""Batches and fit: counts, learning, reproducibility, events, modes and errors."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, CompileError, DomainError, ShapeError
from optim import (
    SGD,
    Adam,
    BatchEnded,
    EpochEnded,
    FitEnded,
    FitStarted,
    StopFit,
    TrainingError,
    accuracy,
    batch_count,
    fit,
    mini_batches,
)


def plane(rows=50, dtype=np.float64):
    """Points and the values of a linear function at them."""
    X = np.random.default_rng(0).standard_normal((rows, 2)).astype(dtype)
    return X, (X @ np.array([[2.0], [-1.0]], dtype) + 0.5).astype(dtype)


def fitted(**options):
    model = nn.Linear(2, 1, rng=0)
    chosen = {"epochs": 3, "batch_size": 8, "rng": 0, "progress": False, **options}
    return model, fit(model, nn.mse_loss, plane(), SGD(model.parameters(), lr=0.1), **chosen)


@pytest.mark.parametrize(("rows", "size", "updates"), [(320, 32, 10), (900, 150, 6), (800, 150, 6), (320, None, 1)])
def test_updates_per_epoch_are_the_courses(rows, size, updates):
    blocks = list(mini_batches(np.zeros((rows, 2)), batch_size=size))
    assert len(blocks) == batch_count(rows, size) == updates
    assert sum(len(x) for (x,) in blocks) == rows


def test_the_short_last_batch_is_kept():
    assert [len(x) for (x,) in mini_batches(np.zeros(800), batch_size=150)] == [150] * 5 + [50]


def test_batches_keep_rows_together_and_lose_none():
    rows = np.arange(10)
    for x, y in mini_batches(rows, rows * 2, batch_size=3, rng=1):
        np.testing.assert_array_equal(y, x * 2)
    shuffled = np.concatenate([x for (x,) in mini_batches(rows, batch_size=3, rng=1)])
    assert sorted(shuffled) == list(rows)
    assert list(shuffled) != list(rows)
    np.testing.assert_array_equal(next(mini_batches(rows, batch_size=4, shuffle=False))[0], [0, 1, 2, 3])


@pytest.mark.parametrize("batch_size", [None, 1, 8, 64])
def test_every_variant_finds_the_plane(batch_size):
    model, history = fitted(batch_size=batch_size, epochs=30 if batch_size in (1, 8) else 300)
    np.testing.assert_allclose(model.weight.numpy(), [[2.0, -1.0]], atol=1e-2)
    assert history.updates == history.epochs * batch_count(50, batch_size)
    assert history["loss"][-1] < history["loss"][0]


def test_the_same_seed_gives_the_same_run_to_the_bit():
    (one, history), (other, again), (third, _) = fitted(), fitted(), fitted(rng=1)
    np.testing.assert_array_equal(one.weight.numpy(), other.weight.numpy())
    assert history["loss"] == again["loss"]
    assert not np.array_equal(one.weight.numpy(), third.weight.numpy())


def test_compiled_or_not_the_run_is_the_same_to_the_bit_with_a_short_last_batch_too():
    (one, history), (other, again) = (fitted(batch_size=8, compiled=compiled) for compiled in (True, False))
    np.testing.assert_array_equal(one.weight.numpy(), other.weight.numpy())
    assert history["loss"] == again["loss"]


def test_a_model_that_decides_by_values_is_told_how_to_fit_it():
    class Deciding(nn.Linear):
        def forward(self, x):
            return super().forward(x) if x.sum() > 0 else x

    model = Deciding(2, 2, rng=0)
    with pytest.raises(CompileError, match="varies between calls") as caught:
        fit(model, nn.mse_loss, (np.ones((4, 2)), np.ones((4, 2))), SGD(model.parameters()), epochs=1, progress=False)
    assert "compiled=False" in caught.value.__notes__[0]


def test_the_mean_loss_of_an_epoch_counts_each_row_once():
    model = nn.Linear(2, 1, rng=0)
    X, y = plane(10)
    expected = float(nn.mse_loss(model(X), y))
    history = fit(model, nn.mse_loss, (X, y), SGD(model.parameters(), lr=0.0), epochs=1, batch_size=4, progress=False)
    assert history["loss"] == [pytest.approx(expected, rel=1e-12)]


@pytest.mark.parametrize("compiled", [True, False])
def test_validation_and_metrics_are_measured_without_gradients_and_in_evaluation(compiled):
    seen = []

    class Watched(nn.Linear):
        def forward(self, x):
            out = super().forward(x)
            seen.append((self.training, out.requires_grad))
            return out

    model = Watched(2, 3, rng=0)
    X, y = np.random.default_rng(0).standard_normal((12, 2)), np.arange(12) % 3
    model.eval()
    history = fit(
        model,
        nn.cross_entropy,
        (X, y),
        SGD(model.parameters(), 0.1),
        epochs=2,
        batch_size=6,
        validation=(X, y),
        metrics={"accuracy": accuracy},
        compiled=compiled,
        progress=False,
    )
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert seen == ([(True, True), (False, False)] if compiled else [(True, True), (True, True), (False, False)] * 2)
    assert history["val_accuracy"][-1] == accuracy(model(X).numpy(), y)
    assert model.training is False


def test_a_float32_model_stays_float32_on_float64_data():
    model = nn.MLP([2, 4, 1], dtype=np.float32, rng=0)
    fit(model, nn.mse_loss, plane(), Adam(model.parameters()), epochs=1, progress=False)
    assert {each.dtype for each in model.parameters()} == {np.dtype(np.float32)}


def test_callbacks_get_events_in_order_and_can_stop():
    told = []

    def callback(event):
        told.append(type(event))
        if isinstance(event, EpochEnded) and event.epoch == 1:
            raise StopFit

    _, history = fitted(epochs=5, batch_size=None, callbacks=[callback])
    assert told == [FitStarted, BatchEnded, EpochEnded, BatchEnded, EpochEnded, FitEnded]
    assert history.epochs == 2


def test_progress_is_shown_only_when_wanted(capsys):
    fitted(progress=False)
    quiet = capsys.readouterr()
    assert quiet.out == quiet.err == ""
    fitted(progress=True)
    assert "loss=" in capsys.readouterr().err


def test_a_loss_that_is_not_finite_names_the_place_and_leaves_the_parameters():
    X, y = plane(16)
    X[9] = np.nan
    model = nn.Linear(2, 1, rng=0)
    before = model.state_dict()
    with pytest.raises(TrainingError, match="epoch 0, batch 1"):
        fit(
            model,
            nn.mse_loss,
            (X, y),
            SGD(model.parameters(), 0.0),
            epochs=1,
            batch_size=8,
            shuffle=False,
            progress=False,
        )
    np.testing.assert_equal(model.state_dict(), before)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"epochs": -1}, DomainError, "epochs"),
        ({"batch_size": 0}, DomainError, "batch_size"),
        ({"validation": np.zeros(3)}, ArgumentError, "validation"),
        ({"validation": (np.zeros((3, 2)), np.zeros((4, 1)))}, ShapeError, "rows|row"),
    ],
)
def test_bad_options_are_refused(options, error, said):
    with pytest.raises(error, match=said):
        fitted(**options)


def test_bad_data_are_refused():
    model = nn.Linear(2, 1, rng=0)
    for data, error in [
        ((np.zeros((3, 2)), np.zeros(4)), ShapeError),
        ((np.zeros((0, 2)), np.zeros((0, 1))), DomainError),
    ]:
        with pytest.raises(error):
            fit(model, nn.mse_loss, data, SGD(model.parameters()), epochs=1, progress=False)


def test_accuracy_checks_its_shapes():
    with pytest.raises(ShapeError, match="classes"):
        accuracy(np.zeros(3), np.zeros(3, int))
