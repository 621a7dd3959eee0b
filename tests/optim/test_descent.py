"""Batches and fit: counts, learning, reproducibility, events, modes and errors."""

import contextlib
import sys
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

import nn
from autograd import (
    ArgumentError,
    CompileError,
    CompileWarning,
    DomainError,
    MissingDependencyError,
    ShapeError,
    Tensor,
)
from optim import (
    LBFGS,
    SGD,
    Adam,
    BatchEnded,
    EpochEnded,
    FitEnded,
    FitStarted,
    History,
    Scheduler,
    StepLR,
    StopFit,
    TrainingError,
    accuracy,
    batch_count,
    batch_gradient_descent,
    fit,
    mini_batch_gradient_descent,
    mini_batches,
    stochastic_gradient_descent,
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


FACTOR = 1.0
"""What a loss here reads."""


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
    with pytest.warns(CompileWarning, match="what seen holds") if compiled else contextlib.nullcontext():
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


def test_to_stop_after_the_end_is_to_end():
    told = []

    def late(event):
        if isinstance(event, FitEnded):
            raise StopFit("late")

    _, history = fitted(callbacks=[late, told.append])
    assert (history.epochs, history.stopped) == (3, "")
    assert isinstance(told[-1], FitEnded)


@pytest.mark.parametrize("epochs", [0, 2])
def test_each_module_is_in_its_own_mode_after_a_fit(epochs):
    model = nn.Sequential(nn.Linear(2, 1, rng=0), nn.Dropout(0.0))
    model[1].eval()
    fit(model, nn.mse_loss, plane(), SGD(model.parameters()), epochs=epochs, validation=plane(), progress=False)
    assert [each.training for each in model.modules()] == [True, True, False]


def test_a_list_of_one_rate_an_epoch_is_a_schedule():
    rates = []
    _, history = fitted(
        schedule=[1.0, 0.5, 0.25].__getitem__, batch_size=None,
        callbacks=[lambda event: rates.append(event.optimizer.param_groups[0]["lr"])],
    )  # fmt: skip
    assert history.epochs == 3
    assert rates == pytest.approx([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.1])


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


@pytest.mark.parametrize("compiled", [True, False])
def test_a_loss_that_is_not_finite_leaves_the_buffers(compiled):
    X, y = plane(16)
    X[9] = np.nan
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1, rng=0))
    with pytest.raises(TrainingError, match="batch 1"):
        fit(
            model, nn.mse_loss, (X, y), SGD(model.parameters(), 0.0), epochs=1, batch_size=8, shuffle=False,
            compiled=compiled, progress=False,
        )  # fmt: skip
    assert model[0].num_batches_tracked.item() == 1
    assert np.isfinite(model[0].running_mean.numpy()).all()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"epochs": -1}, DomainError, "epochs"),
        ({"batch_size": 0}, DomainError, "batch_size"),
        ({"accumulate": 0}, DomainError, "accumulate"),
        ({"tolerance": -1e-3}, DomainError, "tolerance"),
        ({"schedule": 0.1}, ArgumentError, "function of the step"),
        (
            {"schedule": Scheduler(SGD([Tensor([1.0])]), StepLR(1))},
            ArgumentError,
            r"a Scheduler .* callbacks=\[\.\.\.\]",
        ),
        ({"metrics": [accuracy]}, ArgumentError, "metrics is a dict of functions .* found a list"),
        ({"metrics": {"accuracy": 1.0}}, ArgumentError, "the metric 'accuracy' is a function .* found a float"),
        ({"metrics": {"loss": accuracy}}, ArgumentError, "name of its own.* found 'loss'"),
        ({"metrics": {"val_loss": accuracy}}, ArgumentError, "name of its own.* found 'val_loss'"),
        ({"callbacks": print}, ArgumentError, "callbacks is a list of functions .* found a builtin"),
        ({"callbacks": [3]}, ArgumentError, "a callback is a function of an event; found a int"),
        ({"callbacks": [History]}, ArgumentError, "a callback is a function .* found the class History"),
        ({"validation": np.zeros(3)}, ArgumentError, "validation"),
        ({"validation": (np.zeros((3, 2)), np.zeros((4, 1)))}, ShapeError, "rows|row"),
    ],
)
def test_bad_options_are_refused(options, error, said):
    with pytest.raises(error, match=said):
        fitted(**options)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"model": 3}, "model is a function of inputs; found a int"),
        ({"loss": "mse"}, "loss is a function of outputs and targets; found a str"),
        ({"loss": lambda out, y: 1.0}, "the loss is a tensor.* found a float"),
        ({"optimizer": Adam}, "optimizer is made of parameters.* found the class Adam"),
        ({"optimizer": LBFGS([Tensor([1.0], requires_grad=True)])}, r"LBFGS .* step\(closure\)"),
        ({"optimizer": SGD([{"params": []}])}, "this SGD has no parameters"),
    ],
)
def test_a_model_a_loss_and_an_optimizer_that_are_none_are_refused(changed, said, compiled):
    model = nn.Linear(2, 1, rng=0)
    given = {"model": model, "loss": nn.mse_loss, "optimizer": SGD(model.parameters()), **changed}
    with pytest.raises(ArgumentError, match=said):
        fit(data=plane(), epochs=1, compiled=compiled, progress=False, **given)


def test_a_first_group_may_be_empty():
    model = nn.Linear(2, 1, rng=0)
    optimizer = SGD([{"params": []}, {"params": model.parameters()}])
    assert fit(model, nn.mse_loss, plane(), optimizer, epochs=1, progress=False).epochs == 1


def test_bad_data_are_refused():
    model = nn.Linear(2, 1, rng=0)
    for data, error in [
        ((np.zeros((3, 2)), np.zeros(4)), ShapeError),
        ((np.zeros((0, 2)), np.zeros((0, 1))), DomainError),
    ]:
        with pytest.raises(error):
            fit(model, nn.mse_loss, data, SGD(model.parameters()), epochs=1, progress=False)


# -- what data may be ----------------------------------------------------------------------------------------------


def blocks(count=5, rows=10):
    X, y = plane(count * rows)
    return [(X[i * rows : (i + 1) * rows], y[i * rows : (i + 1) * rows]) for i in range(count)]


class Loader:
    """Batches that come anew at each iteration, and nothing else."""

    def __init__(self, batches):
        self.batches = batches

    def __iter__(self):
        return iter(self.batches)


class Files(Sequence):
    """Batches that are made when they are asked for."""

    def __init__(self, batches):
        self.batches, self.asked = batches, []

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        self.asked.append(i)
        return self.batches[i]


def learned(data, **options):
    model = nn.Linear(2, 1, rng=0)
    chosen = {"epochs": 2, "rng": 0, "progress": False, **options}
    history = fit(model, nn.mse_loss, data, SGD(model.parameters(), 0.1), **chosen)
    return model.weight.numpy(), history


def test_batches_of_an_iterable_a_sequence_and_arrays_in_order_are_one_run():
    batches = blocks()
    arrays = tuple(np.concatenate(each) for each in zip(*batches, strict=True))
    expected, history = learned(arrays, batch_size=10, shuffle=False, validation=arrays)
    for data in (Loader(batches), batches, Files(batches)):
        found, again = learned(data, shuffle=False, validation=Loader(batches))
        np.testing.assert_array_equal(found, expected)
        assert again["loss"] == history["loss"]
        assert again["val_loss"] == pytest.approx(history["val_loss"], rel=1e-12)
        assert again.updates == 10


def test_lists_are_arrays():
    X, y = plane()
    expected, _ = learned((X, y), batch_size=8)
    for data in ((X.tolist(), y.tolist()), (list(X), y)):
        np.testing.assert_array_equal(learned(data, batch_size=8)[0], expected)
    listed = [(x.tolist(), y.tolist()) for x, y in blocks()]
    np.testing.assert_array_equal(learned(listed)[0], learned(blocks())[0])


def test_a_sequence_is_shuffled_by_batches_and_an_iterable_comes_as_it_is():
    files = Files(blocks(8))
    learned(files, epochs=2)
    first, second = files.asked[:8], files.asked[8:]
    assert sorted(first) == sorted(second) == list(range(8))
    assert first != second
    np.testing.assert_array_equal(learned(Loader(blocks(8)))[0], learned(files, shuffle=False)[0])


def test_an_iterator_serves_one_epoch():
    assert learned(iter(blocks()), epochs=1)[1].updates == 5
    with pytest.raises(ArgumentError, match="data ends after one epoch"):
        learned(iter(blocks()), epochs=2)
    with pytest.raises(ArgumentError, match="validation ends after one epoch"):
        learned(blocks(), validation=iter(blocks()))


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (np.zeros((3, 2)), ArgumentError, "data is a tuple .* found a ndarray"),
        ({"X": 1}, ArgumentError, "found a dict"),
        (7, ArgumentError, "found a int"),
        ((np.zeros((3, 2)),), ArgumentError, "found a tuple of 1"),
        ([np.zeros((3, 2)), np.zeros((3, 1))], ArgumentError, "found a ndarray in it"),
        ([], DomainError, "no batches in epoch 0"),
        (tuple(blocks(2)), ArgumentError, "Several batches are a list of tuples"),
        ([([[1.0, 2.0], [3.0]], [[1.0], [2.0]])], ArgumentError, "with rows of one shape; found a list"),
        ([(np.zeros((3, 2)), np.zeros((2, 1)))], ShapeError, "one row for each sample"),
        (({"a": np.zeros((3, 2))}, np.zeros((3, 1))), ArgumentError, "one array each.* found a dict.* side by side"),
    ],
)
def test_data_of_another_kind_are_refused(data, error, said):
    with pytest.raises(error, match=said):
        learned(data)


def test_of_an_array_mapped_to_memory_only_the_rows_of_a_batch_are_read(tmp_path):
    rows, width = 4000, 500
    X = np.memmap(tmp_path / "X", np.float64, "w+", shape=(rows, width))
    X[:] = np.random.default_rng(0).standard_normal(width)
    model = nn.Linear(width, 1, rng=0, dtype=np.float32)
    optimizer = SGD(model.parameters(), 1e-4)
    tracemalloc.start()
    history = fit(model, nn.mse_loss, (X, np.zeros((rows, 1))), optimizer, epochs=1, batch_size=20, progress=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert history.updates == 200
    assert peak < X.nbytes / 4


def test_a_plain_function_is_fitted_too():
    X, y = plane()
    w, b = Tensor(np.zeros((2, 1)), requires_grad=True), Tensor(0.0, requires_grad=True)
    fit(lambda x: x @ w + b, nn.mse_loss, (X, y), SGD([w, b], 0.1), epochs=30, batch_size=8, rng=0, progress=False)
    np.testing.assert_allclose(w.numpy(), [[2.0], [-1.0]], atol=1e-6)


# -- variants, accumulation, tolerance -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "size", "updates"),
    [
        (batch_gradient_descent, None, 1),
        (stochastic_gradient_descent, 1, 50),
        (mini_batch_gradient_descent, 32, 2),
    ],
)
def test_the_three_variants_are_fit_with_a_size(variant, size, updates):
    model = nn.Linear(2, 1, rng=0)
    history = variant(model, nn.mse_loss, plane(), SGD(model.parameters(), 0.1), epochs=2, rng=0, progress=False)
    other, again = fitted(epochs=2, batch_size=size)
    np.testing.assert_array_equal(model.weight.numpy(), other.weight.numpy())
    assert history.updates == again.updates == 2 * updates


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_accumulated_batches_are_one_large_one_to_rounding(compiled, optimizer):
    X, y = plane(90)  # updates of 32, 32 and 26 rows, the last of these from batches of 8, 8, 8 and 2
    found = []
    for size, accumulate in ((32, 1), (8, 4), (11, 3)):
        model, told = nn.MLP([2, 4, 1], "tanh", rng=0), []
        history = fit(
            model, nn.mse_loss, (X, y), optimizer(model.parameters(), lr=0.05), epochs=2, batch_size=size,
            accumulate=accumulate, shuffle=False, compiled=compiled, progress=False, callbacks=[told.append],
        )  # fmt: skip
        losses = [event.loss for event in told if isinstance(event, BatchEnded)]
        found.append((history, losses, model.state_dict()))
    (large, losses, state), (small, again, others), (uneven, *_) = found
    assert large.updates == small.updates == uneven.updates == 6
    np.testing.assert_allclose(again, losses, rtol=1e-12)
    np.testing.assert_allclose(small["loss"], large["loss"], rtol=1e-12)
    for name, array in state.items():
        np.testing.assert_allclose(others[name], array, rtol=1e-9, atol=1e-12)


def test_a_bad_batch_among_accumulated_ones_makes_no_update():
    X, y = plane(16)
    X[15] = np.nan
    model = nn.Linear(2, 1, rng=0)
    before = model.state_dict()
    with pytest.raises(TrainingError, match="epoch 0, batch 3"):
        fit(
            model, nn.mse_loss, (X, y), SGD(model.parameters(), 0.0), epochs=1, batch_size=4, accumulate=2,
            shuffle=False, progress=False,
        )  # fmt: skip
    np.testing.assert_equal(model.state_dict(), before)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_fit_ends_when_the_loss_changes_by_no_more_than_the_tolerance(compiled):
    _, history = fitted(epochs=1000, batch_size=None, tolerance=1e-6, compiled=compiled)
    loss = history["loss"]
    assert 10 < history.epochs < 1000
    assert abs(loss[-1] - loss[-2]) <= 1e-6 < abs(loss[-2] - loss[-3])
    assert "the loss changed by" in history.stopped


@pytest.mark.parametrize("compiled", [True, False])
def test_a_fit_ends_where_the_gradient_is_no_larger_than_the_tolerance(compiled):
    model = nn.Linear(2, 1, rng=0)
    data = np.zeros((4, 2)), np.zeros((4, 1))
    model.bias.data = np.array([1e-4])
    history = batch_gradient_descent(
        model, nn.mse_loss, data, SGD(model.parameters(), 0.1), epochs=9, tolerance=1e-3, compiled=compiled,
        progress=False,
    )  # fmt: skip
    assert history.epochs == 1
    assert history.stopped == "the gradient's norm is 0.0002, at most 0.001"


def test_without_a_tolerance_a_fit_goes_on_and_says_nothing():
    _, history = fitted(epochs=3, batch_size=None)
    assert (history.epochs, history.stopped) == (3, "")


def test_no_epochs_leave_everything_as_it_was():
    before = nn.Linear(2, 1, rng=0).state_dict()
    model, history = fitted(epochs=0, validation=plane(), schedule=lambda t: 0.5)
    np.testing.assert_equal(model.state_dict(), before)
    assert (dict(history), history.updates, history.seconds, history.epochs) == ({}, 0, [], 0)


# -- the history ---------------------------------------------------------------------------------------------------


def test_the_history_knows_how_long_each_epoch_took_and_why_it_ended():
    def enough(event):
        if isinstance(event, EpochEnded):
            raise StopFit("good enough")

    _, history = fitted(callbacks=[enough])
    assert len(history.seconds) == 1
    assert history.seconds[0] > 0
    assert history.stopped == "good enough"


def test_the_history_is_a_table_with_a_row_for_each_epoch(monkeypatch):
    pandas = pytest.importorskip("pandas")
    _, history = fitted(validation=plane())
    frame = history.to_frame()
    assert list(frame.columns) == ["loss", "val_loss"]
    assert list(frame.index) == [1, 2, 3]
    assert list(frame["val_loss"]) == history["val_loss"]
    assert isinstance(History().to_frame(), pandas.DataFrame)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependencyError, match=r"memograd\[frame\]"):
        history.to_frame()


def test_accuracy_checks_its_shapes():
    with pytest.raises(ShapeError, match="classes"):
        accuracy(np.zeros(3), np.zeros(3, int))


def test_a_loss_and_a_model_that_a_callback_changes_are_the_changed_ones(monkeypatch):
    X, y = np.random.default_rng(0).standard_normal((12, 2)), np.arange(12) % 3
    found = []
    for compiled in (True, False):
        monkeypatch.setitem(globals(), "FACTOR", 1.0)
        weights, model = {"loss": 1.0}, nn.MLP([2, 4, 3], rng=0)

        def loss(out, y, weights=weights):
            return nn.cross_entropy(out, y) * weights["loss"] * FACTOR

        def change(event, weights=weights, model=model):
            if isinstance(event, EpochEnded):
                weights["loss"] /= 2
                monkeypatch.setitem(globals(), "FACTOR", 1.0 + event.epoch)
            if isinstance(event, EpochEnded) and event.epoch == 1:
                model.layers[0].weight.requires_grad_(False)
                model.activation = nn.Tanh()

        optimizer = SGD(model.parameters(), 0.1)
        options = {"epochs": 4, "callbacks": [change], "compiled": compiled, "progress": False}
        found.append((list(fit(model, loss, (X, y), optimizer, **options)["loss"]), str(model.state_dict())))
    assert found[0] == found[1]
