"""Laws that hold for every algorithm: compiled as eager, resumed as never stopped, nothing written that was given."""

import numpy as np
import pytest

import nn
import optim
from autograd import Tensor, compile  # noqa: A004  ours
from tests.optim.algorithms import ALL, EXAMPLES, FIRST, made, movable, told
from tests.reference.cases import gradients

each_algorithm = pytest.mark.parametrize(("name", "options"), FIRST, ids=told)
each_branch = pytest.mark.parametrize(("name", "options"), ALL, ids=told)


def test_every_algorithm_is_listed():
    exported = {name for name in optim.__all__ if isinstance(getattr(optim, name), type)}
    rules = {name for name in exported if issubclass(getattr(optim, name), optim.UpdateRule)} - {"UpdateRule"}
    assert rules == set(EXAMPLES)


def training(name, options, dtype):
    model = nn.MLP([3, 5, 2], rng=0, dtype=dtype)
    optimizer = made(name, model.parameters(), options)

    def step(x, y):
        for p in model.parameters():  # also those that the algorithm does not move
            p.grad = None
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return model, optimizer, step


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_branch
def test_a_compiled_step_moves_as_the_eager_one_to_the_bit(name, options, dtype):
    model, optimizer, step = training(name, options, dtype)
    other, other_optimizer, function = training(name, options, dtype)
    compiled, rng = compile(function), np.random.default_rng(1)
    for i in range(120):
        x, y = rng.normal(size=(4, 3)).astype(dtype), rng.integers(0, 2, 4)
        for each in (optimizer, other_optimizer):
            each.param_groups[0]["lr"] = options["lr"] / (1 + i / 100)
        assert step(x, y).item() == compiled(x, y).item()
    for one, two in zip(model.parameters(), other.parameters(), strict=True):
        assert one.dtype == dtype
        np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert str(optimizer.state_dict()) == str(other_optimizer.state_dict())
    assert compiled.recompiles == 0


VARYING = [(name, options, each) for name, options in ALL for each in getattr(optim, name).varying]


def scaled(value, factor):
    return tuple(factor * each for each in value) if isinstance(value, tuple) else factor * value


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "options", "hyper"), VARYING, ids=told)
def test_a_hyper_parameter_that_changes_at_every_step_is_recorded_once_again_to_the_bit(name, options, hyper, dtype):
    model, optimizer, step = training(name, options, dtype)
    other, other_optimizer, function = training(name, options, dtype)
    compiled, rng, start = compile(function), np.random.default_rng(1), optimizer.param_groups[0][hyper]
    for i in range(20):
        x, y = rng.normal(size=(4, 3)).astype(dtype), rng.integers(0, 2, 4)
        for each in (optimizer, other_optimizer):
            each.param_groups[0][hyper] = scaled(start, 1 - i / 40)
        assert step(x, y).item() == compiled(x, y).item()
    assert str(optimizer.state_dict()) == str(other_optimizer.state_dict())
    for one, two in zip(model.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert compiled.recompiles == (1 if start else 0)


@each_algorithm
def test_numbers_of_numpys_do_not_widen_float32(name, options):
    parameters = [Tensor(np.ones((2, 3), np.float32), requires_grad=True)]
    optimizer = made(name, parameters, options)
    group = optimizer.param_groups[0]
    group.update({each: np.float64(value) for each, value in group.items() if type(value) is float})
    descend(optimizer, parameters, [1.0, 2.0])
    kept = [each for each in optimizer.kept[parameters[0]] if isinstance(each, np.ndarray)]
    assert {each.dtype for each in (*parameters, *kept)} == {np.dtype(np.float32)}


SWITCHES = [
    ("SGD", {"lr": 0.1, "momentum": 0.9}, {"momentum": 0.0}),
    ("LARS", {"lr": 0.1, "momentum": 0.9, "trust_coefficient": 0.1}, {"momentum": 0.0}),
    ("RMSprop", {"lr": 0.01, "momentum": 0.9}, {"momentum": 0.0}),
    ("RMSprop", {"lr": 0.01, "centered": True}, {"centered": False}),
    ("Adam", {"lr": 0.01, "amsgrad": True}, {"amsgrad": False}),
]


@pytest.mark.parametrize("size", [6, 10_000])
@pytest.mark.parametrize(("name", "options", "off"), SWITCHES, ids=told)
def test_a_memory_that_is_not_needed_for_a_while_is_kept_for_later(name, options, off, size):
    found = []
    for wrap in (lambda step: step, compile):
        p = Tensor(np.linspace(-1.0, 1.0, size).reshape(2, -1), requires_grad=True)
        optimizer = made(name, [p], options)
        step = wrap(optimizer.step)
        for change in ({}, off, off, options):
            optimizer.param_groups[0].update(change)
            p.grad = np.cos(p.numpy())
            step()
        found.append((p.numpy(), *optimizer.kept[p]))
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)


def trained(changes, wrap=compile):
    """The recordings of an AdamW whose first group is changed before each step, and its parameters."""
    _, optimizer, function = training("AdamW", {"lr": 0.1}, np.float64)
    run = wrap(function)
    for i, change in enumerate(changes):
        change(optimizer)
        run(np.full((4, 3), 0.1 * i), np.arange(4) % 2)
    return run, [each.numpy() for each in optimizer.parameters()]


def betas(first, second):
    return lambda optimizer: optimizer.param_groups[0].update(betas=[first, second])


def first_of_betas(value):
    def change(optimizer):
        optimizer.param_groups[0]["betas"][0] = value

    return change


def decay(value):
    return lambda optimizer: optimizer.param_groups[0].update(weight_decay=value)


def another_group(optimizer):
    optimizer.add_param_group({"params": [Tensor(np.ones(2), requires_grad=True)]})


@pytest.mark.parametrize(
    ("changes", "recompiles"),
    [
        pytest.param([betas(b, 0.99) for b in (0.9, 0.8, 0.7, 0.6)], 1, id="one of two"),
        pytest.param([betas(0.9, b) for b in (0.9, 0.8)] + [betas(b, 0.8) for b in (0.7, 0.6, 0.5)], 2, id="in turn"),
        pytest.param([betas(0.9, 0.99), *map(first_of_betas, (0.8, 0.7, 0.6))], 1, id="written into a list"),
        pytest.param([decay(each) for each in (0.1, 0.0, 0.2, 0.0, 0.3)], 2, id="0 and another"),
        pytest.param([decay(each) for each in (0.1, 0.1, np.float64(0.2), np.float64(0.3))], 1, id="NumPy's"),
        pytest.param([decay(0.1), decay(0.1), another_group, decay(0.1)], 1, id="a group more"),
    ],
)
def test_what_changes_within_a_group_is_read_anew_or_recorded(changes, recompiles):
    run, found = trained(changes)
    _, expected = trained(changes, wrap=lambda function: function)
    for one, two in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, two)
    assert run.recompiles == recompiles


def test_a_hyper_parameter_that_a_rule_decides_by_is_recorded_again():
    class Clipped(optim.UpdateRule):
        by_element = True

        def __init__(self, params):
            super().__init__(params, {"lr": 0.1, "most": 1.0})

        def check(self, **hyper):
            pass

        def update(self, value, gradient, memory, _step, hyper):
            return value - hyper["lr"] * gradient * (2.0 if hyper["most"] > 0.5 else hyper["most"]), memory

    w = Tensor([1.0, 2.0], requires_grad=True)
    optimizer, found = Clipped([w]), []

    @compile
    def step(x):
        optimizer.zero_grad()
        (w * x).sum().backward()
        optimizer.step()

    for most in (1.0, 0.4, 0.3, 1.0):
        optimizer.param_groups[0]["most"] = most
        step(np.array([1.0, 0.0]))
        found.append(w.numpy()[0])
    np.testing.assert_allclose(found, [0.8, 0.76, 0.73, 0.53], rtol=1e-12)
    assert step.recompiles == 2


def descend(optimizer, parameters, part):
    for gradient in part:
        for p in parameters:
            p.grad = np.full(p.shape, 1.0)[()] * gradient
        optimizer.step()


@each_branch
def test_a_resumed_run_is_the_same_to_the_bit(name, options):
    stream = gradients(())[10:30]
    shapes = ((3, 2), (2,), ())
    whole, first, resumed = ([Tensor(np.ones(shape), requires_grad=True) for shape in shapes] for _ in range(3))
    descend(made(name, whole, options), whole, stream)
    before, after = made(name, first, options), made(name, resumed, {**options, "lr": 123.0})
    descend(before, first, stream[:9])
    for p, q in zip(resumed, first, strict=True):
        p.data = q.numpy()
    after.load_state_dict(before.state_dict())
    descend(before, first, stream[9:12])
    descend(after, resumed, stream[9:])
    for p, q in zip(whole, resumed, strict=True):
        np.testing.assert_array_equal(p.numpy(), q.numpy())


@pytest.mark.parametrize(("name", "options"), [case for case in ALL if case != ("SGD", {"lr": 0.1})], ids=told)
def test_a_run_that_forgets_its_state_goes_elsewhere(name, options):
    stream = gradients(())[10:20]
    whole, forgetful = ([Tensor(np.ones((3, 2)), requires_grad=True)] for _ in range(2))
    descend(made(name, whole, options), whole, stream)
    descend(made(name, forgetful, options), forgetful, stream[:5])
    descend(made(name, forgetful, options), forgetful, stream[5:])
    assert not np.array_equal(whole[0].numpy(), forgetful[0].numpy())


@each_branch
def test_a_state_that_was_taken_does_not_change_with_later_steps(name, options):
    parameters = [Tensor(np.ones(shape), requires_grad=True) for shape in ((3, 2), (2, 2))]
    optimizer = made(name, parameters, options)
    descend(optimizer, parameters, [1.0, -2.0])
    state = optimizer.state_dict()
    told_then = str(state)
    descend(optimizer, parameters, [3.0])
    assert str(state) == told_then


@each_branch
def test_a_step_writes_to_no_array_it_was_given_and_an_older_graph_stays_true(name, options):
    parameters = [Tensor(np.ones(shape), requires_grad=True) for shape in ((3, 2), (2, 2))]
    optimizer = made(name, parameters, options)
    for _ in range(3):
        loss = sum((p * p * p).sum() for p in parameters)
        optimizer.zero_grad()
        loss.backward()
        found = [p.grad.copy() for p in parameters]
        optimizer.step()
        for p, g in zip(parameters, found, strict=True):
            np.testing.assert_array_equal(p.grad, g)
        optimizer.zero_grad()
        loss.backward()
        for p, g in zip(parameters, found, strict=True):
            np.testing.assert_array_equal(p.grad, g)


@each_algorithm
def test_descent_goes_down_and_with_maximize_up(name, options):
    for maximize in (False, True):
        p = Tensor([[1.0, -2.0], [3.0, 0.5]], requires_grad=True)
        optimizer = made(name, [p], {**options, "lr": 1e-3, "maximize": maximize})
        losses = []
        for _ in range(20):
            optimizer.zero_grad()
            loss = (p * p).sum()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        assert (np.diff(losses) > 0).all() if maximize else (np.diff(losses) < 0).all()


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1, 1)])
@each_algorithm
def test_parameters_without_elements_or_axes_are_moved(name, options, shape):
    p = Tensor(np.ones(shape), requires_grad=True)
    if not movable(name, [p]):
        pytest.skip("it is for matrices")
    p.grad = np.ones(shape)[()]
    made(name, [p], options).step()
    assert p.shape == shape
    assert (p.numpy() < 1).all()


@each_algorithm
def test_a_rate_in_numpys_float64_does_not_widen_float32(name, options):
    parameters = [Tensor(np.ones(shape, np.float32), requires_grad=True) for shape in ((2, 3), ())]
    optimizer = made(name, parameters, {**options, "lr": np.float64(0.01)})
    for p in parameters:
        p.grad = np.ones(p.shape, np.float32)[()]
    optimizer.step()
    assert {p.dtype for p in parameters} == {np.dtype(np.float32)}


@each_algorithm
def test_groups_have_rates_of_their_own(name, options):
    parameters = [Tensor(np.ones((2, 2)), requires_grad=True) for _ in range(2)]
    optimizer = made(name, [{"params": [parameters[0]], "lr": 0.0}, {"params": [parameters[1]]}], options)
    descend(optimizer, parameters, [1.0])
    if name == "Rprop":  # its sizes are kept within bounds
        assert 1 - parameters[0].numpy().max() == pytest.approx(1e-6)
    else:
        np.testing.assert_array_equal(parameters[0].numpy(), np.ones((2, 2)))
    assert (parameters[1].numpy() != 1).all()


@pytest.mark.parametrize(
    ("name", "options", "arrays"),
    [
        ("SGD", {"lr": 0.1}, 0),
        ("SGD", {"lr": 0.1, "momentum": 0.9}, 1),
        ("Momentum", {}, 1),
        ("Adagrad", {}, 1),
        ("Adadelta", {}, 2),
        ("RMSprop", {}, 1),
        ("RMSprop", {"momentum": 0.9}, 2),
        ("RMSprop", {"centered": True}, 2),
        ("Adam", {}, 2),
        ("Adam", {"amsgrad": True}, 3),
        ("AdamW", {}, 2),
        ("LARS", {}, 1),
        ("LARS", {"momentum": 0.0}, 0),
        ("LAMB", {}, 2),
        ("Lion", {}, 1),
        ("Muon", {}, 1),
        ("Adan", {}, 4),
        ("NAdam", {}, 2),
        ("Adamax", {}, 2),
        ("RAdam", {}, 2),
        ("Rprop", {}, 2),
    ],
    ids=told,
)
def test_memory_is_what_the_course_tabulates(name, options, arrays):
    p = Tensor(np.zeros((7, 3), np.float32), requires_grad=True)
    p.grad = np.ones((7, 3), np.float32)
    optimizer = made(name, [p], options)
    optimizer.step()
    kept = [each for each in optimizer.state_dict()["state"][0].values() if isinstance(each, np.ndarray)]
    assert sum(each.nbytes for each in kept) == arrays * p.numpy().nbytes == arrays * 4 * 21


def test_momentum_is_the_heavy_ball_at_a_smaller_rate_and_corrected_starts_along_the_gradient():
    p, q, r = (Tensor(np.ones(3), requires_grad=True) for _ in range(3))
    descend(optim.Momentum([p], lr=0.5, beta=0.9), [p], gradients(())[10:60])
    descend(optim.SGD([q], lr=0.5 * (1 - 0.9), momentum=0.9), [q], gradients(())[10:60])
    np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-13)
    descend(optim.Momentum([r], lr=0.5, beta=0.9, bias_correction=True), [r], [1.0, -1.0])
    np.testing.assert_allclose(r.numpy(), 1 - 0.5 - 0.5 * (0.09 - 0.1) / (1 - 0.81), rtol=1e-13)


def test_a_centered_variance_that_rounds_below_0_counts_as_0():
    p = Tensor(np.zeros(1), requires_grad=True)
    descend(optim.RMSprop([p], lr=1e-12, alpha=0.9, centered=True), [p], [0.1] * 400)
    assert np.isfinite(p.numpy()).all()


def test_a_memory_that_an_option_switched_on_later_needs_starts_then():
    p = Tensor(np.ones((2, 2)), requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1)
    descend(optimizer, [p], [1.0])
    optimizer.param_groups[0]["momentum"] = 0.5
    descend(optimizer, [p], [1.0, 1.0])
    np.testing.assert_allclose(p.numpy(), np.full((2, 2), 1 - 0.1 - 0.1 - 0.15))
