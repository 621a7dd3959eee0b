"""Schedules: PyTorch's numbers, what composes, what moves an optimizer, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot

import autograd
import nn
import optim
from autograd import ArgumentError, DomainError, Tensor
from optim import (
    SGD,
    Adam,
    BatchEnded,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    InverseSqrtLR,
    InverseTimeLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ProductLR,
    ReduceLROnPlateau,
    Schedule,
    Scheduler,
    SequentialLR,
    StateError,
    StepLR,
    WarmupLR,
)
from tests.reference.schedule_cases import BASE, CASES, PLATEAUS, STEPS, course_root, measures

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "schedules.npz")


def parameter():
    p = Tensor([1.0], requires_grad=True)
    p.grad = np.zeros(1)
    return p


def path(optimizer, scheduler, steps=STEPS):
    """Rate and momentum of the first group at each step."""
    found = []
    for _ in range(steps):
        group = optimizer.param_groups[0]
        found.append((group["lr"], group["momentum"]))
        optimizer.step()
        if len(found) < steps:
            scheduler.step()
    return np.array(found)


@pytest.mark.parametrize(("key", "name", "torchs", "ours"), CASES, ids=[case[0] for case in CASES])
def test_rates_and_momenta_are_pytorchs(key, name, torchs, ours):
    schedule = getattr(optim, name)(**ours)
    optimizer = SGD([parameter()], lr=BASE, momentum=0.9)
    both = GOLDEN[key].ndim == 2
    found = path(optimizer, Scheduler(optimizer, schedule, momentum=schedule.momentum if both else None))
    np.testing.assert_allclose(found if both else found[:, 0], GOLDEN[key], rtol=1e-12, atol=2e-15)


@pytest.mark.parametrize(
    ("key", "schedule"),
    [
        ("time", InverseTimeLR(0.3)),
        ("root", InverseSqrtLR(0.7)),
        ("root", LambdaLR(course_root)),
        ("multiplicative", MultiplicativeLR(lambda t: 1 - 0.5 / (t + 1))),
        ("chained", LinearLR(0.1, total_iters=5) * ExponentialLR(0.9) * CosineAnnealingLR(60)),
        ("sequential", SequentialLR([LinearLR(0.1), CosineAnnealingLR(20), StepLR(4, 0.5)], milestones=[5, 30])),
    ],
)
def test_functions_products_and_sequences_are_pytorchs(key, schedule):
    np.testing.assert_allclose([BASE * schedule(t) for t in range(STEPS)], GOLDEN[key], rtol=1e-12, atol=2e-15)


@pytest.mark.parametrize("case", range(len(PLATEAUS)))
def test_plateaus_are_pytorchs(case):
    options = PLATEAUS[case]
    optimizer = SGD([parameter()], lr=BASE)
    plateau = ReduceLROnPlateau(optimizer, **options)
    rates = [BASE]
    for measure in measures(options["mode"])[: STEPS - 1]:
        plateau.step(measure)
        rates.append(optimizer.param_groups[0]["lr"])
    np.testing.assert_allclose(rates, GOLDEN[f"plateau/{case}"], rtol=1e-12)
    assert len(set(rates)) > 1


def test_the_courses_decays_are_its_formulas():
    epochs = np.arange(1, 6)
    np.testing.assert_allclose([0.2 * InverseTimeLR(0.5)(t) for t in range(5)], 0.2 / (1 + 0.5 * np.arange(5)))
    np.testing.assert_allclose([(0.2 * ExponentialLR(0.95))(t) for t in range(5)], 0.95 ** np.arange(5) * 0.2)
    np.testing.assert_allclose([(0.2 * InverseSqrtLR(3.0))(t) for t in range(5)], 3.0 / np.sqrt(epochs) * 0.2)
    assert [StepLR(10, 0.5)(t) for t in (0, 9, 10, 19, 20)] == [1.0, 1.0, 0.5, 0.5, 0.25]


# -- composition ---------------------------------------------------------------------------------------------------


def test_schedules_multiply_with_schedules_functions_and_numbers_and_say_so():
    product = 0.1 * WarmupLR(4) * CosineAnnealingLR(10) * course_root
    for t in (0, 3, 12):
        assert product(t) == pytest.approx(0.1 * WarmupLR(4)(t) * CosineAnnealingLR(10)(t) * course_root(t), rel=1e-15)
    assert (course_root * WarmupLR(1))(3) == course_root(3)
    assert repr(0.1 * WarmupLR(4) * StepLR(2)) == "0.1 * WarmupLR(total_iters=4) * StepLR(step_size=2)"


def test_schedules_are_compared_by_what_they_say():
    assert WarmupLR(5) * StepLR(2) == WarmupLR(5) * StepLR(2) != WarmupLR(5) * StepLR(3)
    assert hash(MultiStepLR([1, 2])) == hash(MultiStepLR((1, 2)))
    assert {SequentialLR([StepLR(1), StepLR(2)], [3]), SequentialLR((StepLR(1), StepLR(2)), (3,))} == {
        SequentialLR([StepLR(1), StepLR(2)], [3])
    }


@pytest.mark.parametrize("t", [-1, 1.5, "3", True, None])
def test_a_step_is_a_whole_number_from_0(t):
    with pytest.raises(DomainError, match="a schedule's step has to be a whole number"):
        StepLR(2)(t)
    assert StepLR(2, 0.5)(np.int64(2)) == 0.5


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: WarmupLR(0), "total_iters"),
        (lambda: LinearLR(total_iters=0), "total_iters"),
        (lambda: LinearLR(-0.1), "start_factor"),
        (lambda: ConstantLR(np.nan), "factor"),
        (lambda: PolynomialLR(5, power=-1.0), "power"),
        (lambda: ExponentialLR(-0.5), "gamma"),
        (lambda: StepLR(0), "step_size"),
        (lambda: StepLR(2.0), "step_size"),
        (lambda: MultiStepLR([3, -1]), "milestone"),
        (lambda: InverseTimeLR(-1.0), "decay"),
        (lambda: InverseSqrtLR(-1.0), "k has"),
        (lambda: CosineAnnealingLR(0), "T_max"),
        (lambda: CosineAnnealingWarmRestarts(5, T_mult=0), "T_mult"),
        (lambda: OneCycleLR(10, pct_start=1.1), "pct_start"),
        (lambda: OneCycleLR(10, anneal_strategy="cosine"), "anneal_strategy has to be one of 'cos', 'linear'"),
        (lambda: OneCycleLR(10, div_factor=0.0), "div_factor"),
        (lambda: OneCycleLR(10)(11), "ends at step 10"),
        (lambda: CyclicLR(1.5), "low"),
        (lambda: CyclicLR(0.1, step_size_down=0), "step_size_down"),
        (lambda: CyclicLR(0.1, mode="square"), "'triangular', 'triangular2', 'exp_range'"),
        (lambda: -1.0 * StepLR(2), "a factor of a schedule"),
        (lambda: SequentialLR([StepLR(1), StepLR(2)], []), "2 schedules meet at 1 milestones"),
        (lambda: SequentialLR([StepLR(1)] * 3, [4, 4]), "each later"),
        (lambda: ReduceLROnPlateau(SGD([parameter()]), factor=1.0), "factor"),
        (lambda: ReduceLROnPlateau(SGD([parameter()]), mode="lowest"), "mode has to be one of 'min', 'max'"),
        (lambda: ReduceLROnPlateau(SGD([parameter()]), min_lr=[0.1, 0.2]), "each of the 1 groups; found 2"),
    ],
)
def test_options_out_of_range_are_refused(make, said):
    with pytest.raises(DomainError, match=said):
        make()


@pytest.mark.parametrize(
    "schedule",
    [
        ExponentialLR(2.0),
        ExponentialLR(2),
        ExponentialLR(np.float64(2.0)),
        np.float32(2) * ExponentialLR(np.float32(2)),
        StepLR(1, 2.0),
        2 * CyclicLR(0.5, mode="exp_range", gamma=2.0),
    ],
)
def test_a_factor_that_is_no_float_any_more_is_said(schedule):
    with pytest.raises(DomainError, match=r"is larger than any float at step 5000"):
        schedule(5000)


def test_a_cycle_may_have_shrunk_to_nothing():
    assert CyclicLR(0.5, step_size_up=1, mode="triangular2")(3000) == 0.5
    assert CyclicLR(0.5, step_size_up=1, mode="triangular2")(3001) == 0.5


def test_what_comes_in_sequence_are_functions():
    with pytest.raises(ArgumentError, match=r"SequentialLR takes a function of the step.* found int"):
        SequentialLR([1, 2], [3])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (StepLR, {"step_size": 10}),
        (ExponentialLR, {"gamma": 0.9}),
        (CosineAnnealingLR, {"T_max": 10}),
        (LambdaLR, {"lr_lambda": lambda t: 1.0}),
        (MultiplicativeLR, {}),
    ],
)
def test_an_optimizer_in_a_schedules_place_is_told_where_it_belongs(kind, options):
    with pytest.raises(ArgumentError, match=rf"write Scheduler\(optimizer, {kind.__name__}\(\.\.\.\)\)"):
        kind(SGD([parameter()]), **options)


def test_one_cycle_holds_its_last_rate_and_goes_through_phases_of_no_length():
    assert OneCycleLR(10)(10) == OneCycleLR(10)(9) == pytest.approx(1 / 25 / 1e4)
    assert OneCycleLR(10, pct_start=0.1)(0) == 1.0
    assert OneCycleLR(1)(0) == pytest.approx(1 / 25 / 1e4)


# -- moving an optimizer -------------------------------------------------------------------------------------------


def test_groups_keep_the_ratio_of_their_rates():
    slow, fast = parameter(), parameter()
    optimizer = SGD([{"params": [slow], "lr": 0.1}, {"params": [fast], "lr": 0.4}])
    scheduler = Scheduler(optimizer, OneCycleLR(8) * WarmupLR(3))
    for _ in range(8):
        one, other = scheduler.get_last_lr()
        assert other == pytest.approx(4 * one, rel=1e-15)
        scheduler.step()


def test_a_group_that_is_added_later_has_its_own_rate_as_base():
    optimizer = SGD([parameter()], lr=1.0)
    scheduler = Scheduler(optimizer, ExponentialLR(0.5))
    scheduler.step()
    optimizer.add_param_group({"params": [parameter()], "lr": 8.0})
    scheduler.step()
    assert scheduler.get_last_lr() == [0.25, 2.0]


def test_the_momentum_of_adam_is_its_first_beta():
    cycle, optimizer = OneCycleLR(9), Adam([parameter()])
    scheduler = Scheduler(optimizer, cycle, momentum=cycle.momentum)
    assert optimizer.param_groups[0]["betas"] == (0.95, 0.999)
    for _ in range(2):
        scheduler.step()
    assert optimizer.param_groups[0]["betas"] == (cycle.momentum(2), 0.999)


@pytest.mark.parametrize("bad", [lambda t: -1.0 if t else 1.0, lambda t: np.nan if t else 1.0])
def test_a_rate_that_is_none_is_refused_before_anything_changes(bad):
    optimizer = SGD([parameter()], lr=0.5)
    scheduler = Scheduler(optimizer, bad)
    with pytest.raises(DomainError, match="the schedule at step 1"):
        scheduler.step()
    assert (scheduler.t, scheduler.get_last_lr()) == (0, [0.5])


def test_what_is_no_schedule_and_what_is_no_optimizer_is_said():
    with pytest.raises(ArgumentError, match="takes an optimizer and a function"):
        Scheduler(StepLR(2), SGD([parameter()]))
    with pytest.raises(ArgumentError, match="takes an optimizer and a function"):
        Scheduler(SGD([parameter()]), StepLR)
    with pytest.raises(ArgumentError, match="has to be a number; found str"):
        Scheduler(SGD([parameter()]), lambda t: "fast")


@pytest.mark.parametrize("steps", [0, 3])
def test_a_saved_run_goes_on_to_the_bit(steps):
    def started():
        optimizer = SGD([parameter()], lr=0.3, momentum=0.9)
        return optimizer, Scheduler(optimizer, WarmupLR(3) * CosineAnnealingLR(9))

    optimizer, scheduler = started()
    for _ in range(steps):
        scheduler.step()
    other, again = started()
    other.load_state_dict(optimizer.state_dict())
    again.load_state_dict(scheduler.state_dict())
    np.testing.assert_array_equal(path(optimizer, scheduler, 6), path(other, again, 6))
    assert scheduler.t == again.t == steps + 5


def test_a_state_that_does_not_fit_is_refused_and_nothing_changes():
    optimizer = SGD([parameter()], lr=0.3)
    scheduler, plateau = Scheduler(optimizer, StepLR(2)), ReduceLROnPlateau(optimizer)
    for state in ({"t": 1}, {"t": 1, "base_lrs": [1.0, 2.0]}):
        with pytest.raises(StateError, match="nothing loaded"):
            scheduler.load_state_dict(state)
    for state in ({"t": -1, "base_lrs": [1.0]}, {"t": "x", "base_lrs": [1.0]}, {"t": 1, "base_lrs": ["x"]}, None):
        with pytest.raises(StateError, match="nothing loaded"):
            scheduler.load_state_dict(state)
    with pytest.raises(DomainError, match="a base rate"):
        scheduler.load_state_dict({"t": 1, "base_lrs": [-1.0]})
    fitting = {"best": 1.0, "num_bad_epochs": 2, "cooldown_counter": 0}
    for spoilt in ({"num_bad_epochs": "x"}, {"best": "x"}, {"best": None}, {"best": [1.0]}, {"cooldown_counter": -1}):
        with pytest.raises(StateError, match=f"'{min(spoilt)}' is .*nothing loaded"):
            plateau.load_state_dict({**fitting, **spoilt})
    for state in ({"best": 1.0}, None):
        with pytest.raises(StateError, match="num_bad_epochs"):
            plateau.load_state_dict(state)
    assert plateau.state_dict() == {"best": np.inf, "num_bad_epochs": 0, "cooldown_counter": 0}
    assert scheduler.state_dict() == {"t": 0, "base_lrs": [0.3]}
    assert scheduler.get_last_lr() == [0.3]


def test_a_schedule_that_fails_at_the_step_of_a_state_changes_nothing():
    optimizer = SGD([parameter()], lr=0.3)
    scheduler = Scheduler(optimizer, [1.0, 0.5].__getitem__)
    with pytest.raises(IndexError):
        scheduler.load_state_dict({"t": 7, "base_lrs": [9.0]})
    assert scheduler.state_dict() == {"t": 0, "base_lrs": [0.3]}
    assert scheduler.get_last_lr() == [0.3]


def test_a_plateau_lowers_the_rates_of_groups_that_came_later():
    optimizer = SGD([parameter()], lr=1.0)
    plateau, several = (ReduceLROnPlateau(optimizer, patience=0, min_lr=least) for least in (0.3, [0.3]))
    optimizer.add_param_group({"params": [parameter()], "lr": 2.0})
    plateau.step(1.0), plateau.step(1.0)
    assert [group["lr"] for group in optimizer.param_groups] == [0.3, 0.3]
    several.step(1.0)
    with pytest.raises(DomainError, match="one for each of the 2 groups; found 1"):
        several.step(1.0)


def test_a_plateau_that_is_saved_drops_when_it_would_have():
    rates = []
    for saved in (False, True):
        optimizer = SGD([parameter()], lr=1.0)
        plateau = ReduceLROnPlateau(optimizer, patience=2, cooldown=1)
        for step in range(9):
            plateau.step(1.0)
            if saved and step == 1:
                state, plateau = plateau.state_dict(), ReduceLROnPlateau(optimizer, patience=2, cooldown=1)
                plateau.load_state_dict(state)
            rates.append(optimizer.param_groups[0]["lr"])
    assert rates[:9] == rates[9:]
    assert rates[:9] == pytest.approx([1.0] * 3 + [0.1] * 4 + [0.01] * 2)


def test_a_compiled_step_reads_the_scheduled_rate_and_is_not_recorded_again():
    found = []
    for wrap in (lambda step: step, autograd.compile):
        w = Tensor([1.0, -2.0], requires_grad=True)
        optimizer = SGD([w], lr=0.1, momentum=0.5)
        scheduler = Scheduler(optimizer, WarmupLR(3) * ExponentialLR(0.7))

        def descend(x, w=w, optimizer=optimizer):
            optimizer.zero_grad()
            loss = ((w - x) ** 2).sum()
            loss.backward()
            optimizer.step()
            return loss

        step = wrap(descend)
        for _ in range(8):
            step(np.array([0.5, 0.25]))
            scheduler.step()
        found.append(w.numpy())
    np.testing.assert_array_equal(*found)
    assert step.recompiles == 0


# -- within fit ----------------------------------------------------------------------------------------------------


def fitted(**options):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((20, 2))
    model = nn.Linear(2, 1, rng=0)
    optimizer = SGD(model.parameters(), lr=0.2)
    rates = []

    def note(event):
        if isinstance(event, BatchEnded):
            rates.append(optimizer.param_groups[0]["lr"])

    chosen = {"epochs": 3, "batch_size": 10, "rng": 0, "progress": False, **options}
    callbacks = [note, *(make(optimizer) for make in chosen.pop("callbacks", []))]
    optim.fit(model, nn.mse_loss, (X, X[:, :1]), optimizer, callbacks=callbacks, **chosen)
    return optimizer, rates


def test_fit_follows_a_schedule_by_epochs_and_gives_the_base_rate_back():
    optimizer, rates = fitted(schedule=ExponentialLR(0.5))
    assert rates == [0.2, 0.2, 0.1, 0.1, 0.05, 0.05]
    assert optimizer.param_groups[0]["lr"] == 0.2


def test_a_scheduler_is_a_callback_that_can_step_at_each_update():
    _, rates = fitted(callbacks=[lambda optimizer: Scheduler(optimizer, ExponentialLR(0.5), on=BatchEnded)])
    np.testing.assert_allclose(rates, 0.2 * 0.5 ** np.arange(6))


def test_a_plateau_is_a_callback_that_looks_at_what_it_monitors():
    optimizer, _ = fitted(
        epochs=4, callbacks=[lambda optimizer: ReduceLROnPlateau(optimizer, mode="max", patience=0, monitor="loss")]
    )
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.2e-3)
    with pytest.raises(ArgumentError, match="monitors 'val_loss', which this fit does not measure; there are loss"):
        fitted(callbacks=[ReduceLROnPlateau])


# -- the picture ---------------------------------------------------------------------------------------------------


def test_a_plotted_schedule_shows_its_factors_and_others_beside_it():
    axes = optim.plot_schedule(WarmupLR(5), 10)
    optim.plot_schedule(lambda t: 0.5, 10, axes)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [WarmupLR(5)(t) for t in range(10)])
    assert axes.get_legend().get_texts()[0].get_text() == "WarmupLR(total_iters=5)"
    assert len(axes.lines) == 2
    pyplot.close("all")
    with pytest.raises(DomainError, match="1 step or more; found 0"):
        optim.plot_schedule(WarmupLR(5), 0)


def test_every_schedule_is_exported_and_has_a_repr_that_makes_it_again():
    kinds = [each for each in vars(optim).values() if isinstance(each, type) and issubclass(each, Schedule)]
    assert len(kinds) == 18
    for schedule in (OneCycleLR(9), CyclicLR(0.1), CosineAnnealingLR(9, floor=0.1), MultiStepLR([3, 3])):
        name, arguments = repr(schedule).rstrip(")").split("(", 1)
        assert getattr(optim, name) is type(schedule)
        assert "=" in arguments
    assert isinstance(2 * StepLR(1), ProductLR)
