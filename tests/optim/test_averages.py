"""Averages of numbers and of models: their formulas, PyTorch's numbers, and what a fit gives them."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot

import nn
import optim
from autograd import ArgumentError, DomainError, Tensor
from optim import EMA, SGD, AveragedModel, BatchEnded, EpochEnded, StateError

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "training.npz")
WALK = np.random.default_rng(0).standard_normal((8, 3)).cumsum(axis=0)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_the_average_weighs_each_value_by_its_age(beta):
    values = np.random.default_rng(0).standard_normal(30)
    average, biased = EMA(beta), EMA(beta, bias_correction=False)
    for t in range(1, 31):
        weights = (1 - beta) * beta ** np.arange(t)[::-1].astype(float)
        assert biased.update(values[t - 1]) == pytest.approx(weights @ values[:t], rel=1e-12, abs=1e-15)
        assert average.update(values[t - 1]) == pytest.approx(weights @ values[:t] / weights.sum(), rel=1e-9)
    assert average.value == pytest.approx(biased.value / (1 - beta**30), rel=1e-12)


def test_a_constant_is_its_own_average_from_the_start_with_the_correction_alone():
    assert [EMA(0.98).update(7.0) for _ in range(3)] == pytest.approx([7.0] * 3, rel=1e-14)
    assert EMA(0.98, bias_correction=False).update(7.0) == pytest.approx(0.14)


def test_arrays_are_averaged_element_by_element_and_not_written_to():
    average, first = EMA(0.5), np.array([1.0, 2.0])
    average.update(first)
    np.testing.assert_allclose(average.update(np.array([4.0, 2.0])), [3.0, 2.0])
    np.testing.assert_array_equal(first, [1.0, 2.0])


def test_an_average_of_nothing_and_a_beta_of_one_are_refused():
    with pytest.raises(StateError, match="nothing has been averaged"):
        EMA().value
    assert repr(EMA()) == "EMA(beta=0.9, 0 values)"
    for beta in (1.0, -0.1, np.nan):
        with pytest.raises(DomainError, match="beta"):
            EMA(beta)


def test_the_picture_shows_values_and_both_averages_with_how_many_values_they_are_of():
    series = np.random.default_rng(0).standard_normal(40)
    axes = optim.plot_ema(series, [0.9, 0.98])
    labels = [line.get_label() for line in axes.lines]
    assert labels == [
        "values", "β = 0.9: about 10 values", "without bias correction", "β = 0.98: about 50 values",
        "without bias correction",
    ]  # fmt: skip
    average = EMA(0.9)
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [average.update(x) for x in series])
    assert axes.lines[2].get_ydata()[0] == pytest.approx(0.1 * series[0])
    pyplot.close("all")
    with pytest.raises(ArgumentError, match="the series is empty"):
        optim.plot_ema([])


# -- of models -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "decay"), [("swa", None), ("ema", 0.9)])
def test_averaged_models_are_pytorchs(kind, decay):
    model = nn.Linear(3, 1, bias=False, rng=0)
    averaged, found = AveragedModel(model, decay), []
    for weight in WALK:
        model.weight.data = weight[None].copy()
        averaged.update_parameters(model)
        found.append(averaged.module.weight.numpy()[0])
        np.testing.assert_array_equal(model.weight.numpy()[0], weight)
    np.testing.assert_allclose(found, GOLDEN[kind], rtol=1e-13)
    assert averaged.n_averaged == len(WALK)
    if decay is None:
        np.testing.assert_allclose(found[-1], WALK.mean(axis=0), rtol=1e-12)


class WithBuffers(nn.Linear):
    """A layer whose state has more than its parameters."""

    def __init__(self):
        super().__init__(2, 1, rng=0)
        self.running, self.count = nn.Buffer(np.zeros(2)), nn.Buffer(np.array(0))


@pytest.mark.parametrize(("use_buffers", "expected"), [(False, 4.0), (True, 3.0)])
def test_buffers_are_copied_or_averaged_and_counts_always_copied(use_buffers, expected):
    model = WithBuffers()
    averaged = AveragedModel(model, use_buffers=use_buffers)
    for value in (2.0, 4.0):
        model.running.data, model.count.data = np.full(2, value), model.count.numpy() + 1
        averaged.update_parameters(model)
    np.testing.assert_array_equal(averaged.module.running.numpy(), expected)
    assert averaged.module.count.item() == 2


@pytest.mark.parametrize("use_buffers", [False, True])
def test_a_weight_of_two_names_is_averaged_as_any_other(use_buffers):
    layer = WithBuffers()
    model = nn.Sequential(layer, nn.Linear(1, 2, bias=False, rng=0), layer)
    model.tied = model[1].weight
    averaged = AveragedModel(model, use_buffers=use_buffers)
    for value in (2.0, 4.0):
        for each in (layer.weight, layer.running, model.tied):
            each.data = np.full(each.shape, value)
        averaged.update_parameters(model)
    np.testing.assert_array_equal(averaged.module[2].weight.numpy(), [[3.0, 3.0]])
    np.testing.assert_array_equal(averaged.module.tied.numpy(), [[3.0], [3.0]])
    np.testing.assert_array_equal(averaged.module[2].running.numpy(), [3.0 if use_buffers else 4.0] * 2)


def walked(callbacks):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, 2))
    model = nn.Linear(2, 1, rng=0)
    optim.fit(
        model, nn.mse_loss, (X, X[:, :1]), SGD(model.parameters(), 0.1), epochs=4, batch_size=10, rng=0,
        callbacks=callbacks(model), progress=False,
    )  # fmt: skip
    return model


@pytest.mark.parametrize(("occasion", "start", "count"), [(EpochEnded, 0, 4), (EpochEnded, 2, 2), (BatchEnded, 3, 3)])
def test_a_fit_takes_averages_at_the_occasions_asked_for_and_is_not_changed(occasion, start, count):
    kept, made = [], []

    def callbacks(model):
        def note(event):
            if isinstance(event, occasion) and event.epoch >= start:
                kept.append(event.model.weight.numpy())

        made.append(AveragedModel(model))
        return [note, made[0].after(occasion, start)]

    model = walked(callbacks)
    assert made[0].n_averaged == len(kept) == count
    np.testing.assert_allclose(made[0].module.weight.numpy(), np.mean(kept, axis=0), rtol=1e-13)
    np.testing.assert_array_equal(model.weight.numpy(), walked(lambda model: []).weight.numpy())
    assert model.training
    assert not made[0].module.training


def test_an_averaged_model_is_called_and_saved_like_the_model():
    model = nn.Linear(3, 1, bias=False, rng=0)
    averaged, again = AveragedModel(model, 0.9), AveragedModel(model, 0.9)
    for weight in WALK[:4]:
        model.weight.data = weight[None].copy()
        averaged.update_parameters(model)
    again.load_state_dict(averaged.state_dict())
    for each in (averaged, again):
        model.weight.data = WALK[4][None].copy()
        each.update_parameters(model)
    x = Tensor(np.ones((2, 3)))
    np.testing.assert_array_equal(averaged(x).numpy(), again(x).numpy())
    assert again.n_averaged == 5
    with pytest.raises(StateError, match="found module"):
        averaged.load_state_dict({"module": {}})
    with pytest.raises(StateError, match="found a NoneType; nothing loaded"):
        averaged.load_state_dict(None)
    with pytest.raises(ValueError, match="nothing was loaded"):
        averaged.load_state_dict({"n_averaged": 1, "module": {}})
    before = averaged.module.state_dict()
    for count in ("x", -1, 1.5, [1], np.inf, None):
        with pytest.raises(StateError, match="'n_averaged' is a whole number, 0 or more; the state has"):
            averaged.load_state_dict({"n_averaged": count, "module": model.state_dict()})
    np.testing.assert_equal(averaged.module.state_dict(), before)
    assert averaged.n_averaged == 5


def test_numbers_out_of_range_are_refused():
    model = nn.Linear(2, 1, rng=0)
    with pytest.raises(DomainError, match="decay"):
        AveragedModel(model, 1.0)
    with pytest.raises(DomainError, match="start"):
        AveragedModel(model).after(EpochEnded, start=-1)
