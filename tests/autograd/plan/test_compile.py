"""compile: what may vary between calls, what is recorded again, what is refused, and what stays whole."""

import array
import contextlib
import copy
import gc
import pickle
import threading
import warnings
import weakref
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import (
    ArgumentError,
    CompileError,
    CompileWarning,
    GraphError,
    Tensor,
    Value,
    compile,  # noqa: A004  ours
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
)
from autograd.mode import Cell
from autograd.operation import registry
from autograd.plan.exchange import commit

X = np.array([1.0, 2.0, 3.0])


def wave(x):
    return (np.sin(x) * x**2).sum()


def training(compiled, make, seed=0, dtype=np.float64):
    """A model, its optimizer, and the step that trains it."""
    model = nn.MLP([3, 5, 2], rng=seed, dtype=dtype)
    optimizer = make(model.parameters())

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return model, optimizer, compile(step) if compiled else step


def batches(count, dtype=np.float64):
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(4, 3)).astype(dtype), rng.integers(0, 2, 4)) for _ in range(count)]


def same_parameters(one, other):
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
        np.testing.assert_array_equal(a.grad, b.grad)


# -- functions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transformed",
    [
        wave,
        grad(wave),
        hessian(wave),
        jacobian(lambda x: np.sin(x) * x[0]),
        jacobian(lambda x: np.outer(x, x), mode="reverse"),
        lambda x: jvp(wave, [x], [x])[1],
        grad(lambda x: grad(wave)(x).sum()),
        grad(lambda x: (hessian(wave)(x) ** 2).sum()),
        lambda x: {"twice": 2 * x, "parts": [x[1:], (x.sum(), 7)]},
    ],
)
def test_a_compiled_function_gives_what_it_gives_eagerly_in_the_same_form(transformed):
    compiled = compile(transformed)
    for x in (X, X[::-1] / 2, -X):
        found, expected = autograd.trees.leaves(compiled(x)), autograd.trees.leaves(transformed(x))
        assert list(map(type, found)) == list(map(type, expected))
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-14)
    assert compiled.recompiles == 0


def test_arguments_may_be_nested_and_named():
    compiled = compile(lambda data, *, scale: data["x"] * scale + data["rest"][0])
    data = {"x": X, "rest": [X, "unused"]}
    np.testing.assert_array_equal(compiled(data, scale=X), X * X + X)
    np.testing.assert_array_equal(compiled({"x": 2 * X, "rest": [X, "unused"]}, scale=X), 2 * X * X + X)
    assert compiled.recompiles == 0


def test_a_tensor_that_is_given_gets_its_gradient():
    @compile
    def step(x):
        (x * x).sum().backward()

    for factor in (1.0, 2.0):
        x = Tensor(factor * X, requires_grad=True)
        step(x)
        np.testing.assert_array_equal(x.grad, 2 * factor * X)


def test_a_scalar_program_on_values_gives_values():
    @compile
    def energy(a, b):
        a, b = Value(a), Value(b)
        out = a * b + b**3
        out.backward()
        return out, a.grad, b.grad

    energy(np.float64(1.0), np.float64(2.0))
    out, by_a, by_b = energy(np.float64(2.0), np.float64(3.0))
    assert isinstance(out, Value)
    assert (out.data, by_a, by_b) == (33.0, 3.0, 29.0)


# -- what may vary -------------------------------------------------------------------------------------------------


OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.5, nesterov=True, weight_decay=0.01),
    "maximize": lambda p: optim.SGD(p, lr=0.0001, maximize=True),
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "amsgrad": lambda p: optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=0.01),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_a_thousand_steps_with_a_schedule_are_those_of_eager_training_to_the_bit(make, dtype):
    eager, eager_optimizer, step = training(False, make, dtype=dtype)
    model, optimizer, compiled = training(True, make, dtype=dtype)
    data = batches(7, dtype)
    for i in range(1000):
        rate = 0.05 / (1 + i / 100)
        for each in (eager_optimizer, optimizer):
            each.param_groups[0]["lr"] = rate
        x, y = data[i % 7]
        assert step(x, y).item() == compiled(x, y).item()
    same_parameters(eager, model)
    assert compiled.recompiles == 0
    assert str(optimizer.state_dict()) == str(eager_optimizer.state_dict())


def test_parameters_may_be_rebound_and_loaded_and_optimizers_restored_between_calls():
    eager, eager_optimizer, step = training(False, OPTIMIZERS["momentum"])
    model, optimizer, compiled = training(True, OPTIMIZERS["momentum"])
    other, (x, y) = nn.MLP([3, 5, 2], rng=9), batches(1)[0]
    for _ in range(3):
        step(x, y), compiled(x, y)
    kept = optimizer.state_dict()
    for _ in range(3):
        step(x, y), compiled(x, y)
    for net, opt in ((eager, eager_optimizer), (model, optimizer)):
        net.load_state_dict(other.state_dict())
        opt.load_state_dict(kept)
        net.layers[0].bias.data += 1.0
    for _ in range(3):
        step(x, y), compiled(x, y)
    same_parameters(eager, model)
    assert compiled.recompiles == 0


def test_micrograds_loop_with_gradients_set_by_hand_trains_as_eager():
    weights = [[Value(0.5), Value(-1.0)] for _ in range(2)]

    def step(pair, x):
        for each in pair:
            each.grad = 0
        loss = (pair[0] * x + pair[1]) ** 2
        loss.backward()
        for each in pair:
            each.data -= 0.1 * each.grad
        return loss

    compiled = compile(lambda x: step(weights[0], x))
    for x in (1.0, 2.0, -1.0, 0.5):
        assert compiled(np.float64(x)).data == step(weights[1], np.float64(x)).data
    assert [each.data for each in weights[0]] == [each.data for each in weights[1]]


def of_its_own(x):
    w = Tensor(np.zeros(3), requires_grad=True)
    optimizer = optim.Adam([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        ((w - x) ** 2).sum().backward()
        optimizer.step()
    return w


def of_an_optimizer_of_its_own(w, x):
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)
    for _ in range(2):
        optimizer.zero_grad()
        (w * x).sum().backward()
        optimizer.step()
    return w


def test_an_optimizer_that_is_made_in_a_call_begins_anew_in_each():
    compiled = compile(of_its_own)
    for x in (X, X, X + 1):
        np.testing.assert_array_equal(compiled(x).numpy(), of_its_own(x).numpy())
    assert compiled.recompiles == 0
    one, other = (Tensor(np.zeros(3), requires_grad=True) for _ in range(2))
    compiled = compile(of_an_optimizer_of_its_own)
    for x in (X, X + 1, X):
        compiled(one, x)
        of_an_optimizer_of_its_own(other, x)
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_an_optimizer_that_was_saved_in_a_longer_run_goes_on_out_of_sight():
    w = Tensor(np.zeros(3), requires_grad=True)
    optimizer = optim.Adam([w], lr=0.1)
    optimizer.order = 10**12
    copied = pickle.loads(pickle.dumps(optimizer))
    hidden = [*range(2000), copied]

    @compile
    def step(x):
        moved = hidden[-1].parameters()[0]
        ((moved - x) ** 2).sum().backward()
        hidden[-1].step()
        moved.grad = None

    for _ in range(3):
        step(X)
    assert [each["step"] for each in copied.state_dict()["state"].values()] == [3]


class Holder:
    optimizer = None


def in_a_variable():
    held = None

    def kept(make):
        nonlocal held
        held = make() if held is None else held
        return held

    return kept


def in_an_attribute():
    holder = Holder()

    def kept(make):
        if holder.optimizer is None:
            holder.optimizer = make()
        return holder.optimizer

    return kept


def in_a_dict():
    held = {}

    def kept(make):
        if not held:
            held["optimizer"] = make()
        return held["optimizer"]

    return kept


@pytest.mark.parametrize("keeping", [in_a_variable, in_an_attribute, in_a_dict])
@pytest.mark.filterwarnings("ignore::autograd.CompileWarning")
def test_an_optimizer_that_is_made_in_the_first_call_and_kept_goes_on(keeping):
    def trained(compiled):
        w, kept = Tensor(np.zeros(3), requires_grad=True), keeping()

        def step(x):
            optimizer = kept(lambda: optim.Adam([w], lr=0.1))
            ((w - x) ** 2).sum().backward()
            optimizer.step()
            w.grad = None
            return x

        step = compile(step) if compiled else step
        for _ in range(4):
            step(X)
        return w.numpy()

    np.testing.assert_array_equal(trained(True), trained(False))


@pytest.mark.parametrize("make", [optim.AdamW, optim.Rprop, optim.Adan])
def test_a_number_as_gradient_counts_for_each_element_and_stays_until_the_next_call(make):
    def trained(compiled):
        used, unused = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
        optimizer = make([used, unused], lr=0.1)
        used.grad = unused.grad = np.ones(2)

        def step(x):
            (used * x).sum().backward()
            optimizer.step()
            used.grad = unused.grad = 0
            return x

        step = compile(step) if compiled else step
        for _ in range(4):
            step(np.array([1.0, 2.0]))
        unused.grad = None
        step(np.ones(2))
        return used.numpy(), unused.numpy(), used.grad, unused.grad, str(optimizer.state_dict())

    for one, other in zip(trained(True), trained(False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_gradient_set_by_hand_is_fitted_to_its_parameter_as_in_an_eager_step():
    def moved(compiled):
        w = Tensor(X, requires_grad=True)
        optimizer = optim.Adam([w], lr=0.1)

        def run(x):
            optimizer.step()
            return x

        step = compile(run) if compiled else run
        for gradient in (X, X * 2, X.astype(np.float32), [1.0, 2.0, 3.0], 0.5, [3.0, 2.0, 1.0]):
            w.grad = gradient
            step(X)
        w.grad = X[None]
        with pytest.raises(autograd.ShapeError, match="has a gradient of shape"):
            step(X)
        return w.numpy()

    np.testing.assert_array_equal(moved(True), moved(False))


def test_gradients_add_up_over_calls_that_do_not_clear_them():
    w = Tensor(X, requires_grad=True)

    @compile
    def add(x):
        (w * x).sum().backward()

    for i in range(1, 5):
        add(X)
        np.testing.assert_array_equal(w.grad, i * X)
    w.zero_grad()
    add(X)
    np.testing.assert_array_equal(w.grad, X)


def test_draws_are_made_again_in_the_sequence_of_eager_calls():
    def noisy(rng):
        return lambda x: (
            autograd.random.bernoulli(np.full(3, 0.5), rng=rng) * x + autograd.random.normal(0.0, 1.0, rng=rng)
        )

    eager, compiled = noisy(np.random.default_rng(3)), compile(noisy(np.random.default_rng(3)))
    for _ in range(5):
        np.testing.assert_array_equal(eager(X), compiled(X))
    assert compiled.recompiles == 0


def test_a_call_that_an_operation_decides_otherwise_draws_what_the_eager_one_draws():
    def noisy(rng):
        return lambda x: np.prod(x) + autograd.random.normal(0.0, 1.0, rng=rng) + grad(lambda x: np.prod(x))(x).sum()

    eager, compiled = noisy(np.random.default_rng(3)), compile(noisy(np.random.default_rng(3)))
    for x in (X, 0 * X, X, np.array([0.0, 2.0, 3.0]), X):  # through zeros the products of the others go another way
        assert eager(x) == compiled(x)


def test_an_array_from_around_the_function_is_read_anew():
    scale = np.ones(3)
    compiled = compile(lambda x: x * scale)
    compiled(X)
    scale[:] = 2.0
    np.testing.assert_array_equal(compiled(X), 2 * X)


def test_memory_that_is_not_numpys_is_read_anew():
    numbers, raw = array.array("d", [1.0, 2.0, 3.0]), bytearray(np.ones(3).tobytes())

    def weighted(x):
        return x * np.asarray(numbers) + np.frombuffer(raw) * x.sum()

    compiled = compile(weighted)
    for each in (1.0, 2.0, 5.0):
        numbers[0], raw[:8] = each, np.float64(-each).tobytes()
        np.testing.assert_array_equal(compiled(X), weighted(X))
    assert compiled.recompiles == 0


class Normalized(nn.Module):
    """Batch normalization with running averages, and dropout, as a user would write them."""

    def __init__(self, rng):
        self.inner, self.outer = nn.Linear(3, 6, rng=rng), nn.Linear(6, 2, rng=rng)
        self.mean, self.var, self.rng = Tensor(np.zeros(6)), Tensor(np.ones(6)), rng

    def forward(self, x):
        h = self.inner(x)
        if self.training:
            mean, var = h.mean(axis=0), h.var(axis=0)
            self.mean.data = 0.9 * self.mean + 0.1 * mean.detach()
            self.var.data = 0.9 * self.var + 0.1 * var.detach()
            h = h * autograd.random.bernoulli(np.full(6, 0.8), rng=self.rng) / 0.8
        else:
            mean, var = self.mean, self.var
        return self.outer(np.tanh((h - mean) / np.sqrt(var + 1e-5)))


def clipped_step(model, optimizer, largest=0.05):
    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        norm = np.sqrt(sum((p.grad**2).sum() for p in model.parameters()))
        scale = np.minimum(1.0, largest / (norm + 1e-6))
        for p in model.parameters():
            p.grad = p.grad * scale
        optimizer.step()
        return loss, norm

    return step


def test_running_averages_dropout_and_clipping_go_on_as_in_eager_training():
    found = []
    for wrap in (lambda step: step, compile):
        model = Normalized(np.random.default_rng(0))
        step = wrap(clipped_step(model, optim.Adam(model.parameters(), lr=0.01)))
        losses = [(loss.item(), float(norm)) for loss, norm in (step(x, y) for x, y in batches(30))]
        model.eval()
        evaluated = wrap(lambda x, model=model: model(x))
        for _ in range(2):
            last = evaluated(batches(1)[0][0]).numpy()
        found.append((losses, model.mean.numpy(), model.var.numpy(), last, [p.grad for p in model.parameters()]))
    for eager, compiled in zip(*found, strict=True):
        for one, other in zip(eager, compiled, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-15)
    assert max(norm for _, norm in found[0][0]) > 0.05


def test_steps_that_are_taken_several_times_in_one_function_follow_one_another():
    eager, eager_optimizer, _ = training(False, OPTIMIZERS["momentum"])
    model, optimizer, _ = training(False, OPTIMIZERS["momentum"])

    def several(model, optimizer):
        def run(x, y):
            for _ in range(3):
                optimizer.zero_grad()
                loss = nn.cross_entropy(model(x), y)
                loss.backward()
                optimizer.step()
            return loss

        return run

    step, compiled = several(eager, eager_optimizer), compile(several(model, optimizer))
    for x, y in batches(4):
        assert step(x, y).item() == compiled(x, y).item()
    same_parameters(eager, model)
    assert optimizer.counts == dict.fromkeys(model.parameters(), 12)


def test_a_checkpoint_and_a_custom_derivative_are_recorded_as_what_they_compute():
    @autograd.custom_vjp(lambda g, out, x: g * 2 * x)
    def squared(x):
        return np.array([each * each for each in x.tolist()])

    def swept(x):
        w = Tensor(np.ones(3), requires_grad=True)
        inner = autograd.checkpoint(lambda x: np.sin(squared(x)))(w * x)
        inner.sum().backward()
        return inner * 2.0, w.grad / x

    compiled = compile(swept)
    for x in (X, 2 * X, -X):
        (value, slope), (expected, expected_slope) = compiled(x), swept(x)
        np.testing.assert_array_equal(value.numpy(), expected.numpy())
        np.testing.assert_array_equal(slope, expected_slope)
        np.testing.assert_allclose(slope, 2 * x * np.cos(x * x), rtol=1e-14)
    assert compiled.recompiles == 0


# -- what records again --------------------------------------------------------------------------------------------


def test_a_new_shape_dtype_form_number_or_mode_is_recorded_again_and_known_from_then_on():
    model = nn.MLP([3, 2], rng=0)
    compiled = compile(lambda x, power=2: model(x) ** power)
    calls = [(X,), (np.stack([X, X]),), (X.astype(np.float32),), (X, 3), (Tensor(X),)]
    for count, arguments in enumerate([*calls, *calls]):
        np.testing.assert_allclose(
            compiled(*arguments).numpy(), (model(arguments[0]) ** (arguments[1:] or (2,))[0]).numpy()
        )
        assert compiled.recompiles == min(count, 4)
    model.eval()
    compiled(X)
    assert compiled.recompiles == 5
    model.train()
    compiled(X)
    assert compiled.recompiles == 5


def test_a_name_that_is_bound_to_another_tensor_array_or_number_is_recorded_again():
    model, scale, shift = nn.Linear(3, 2, rng=0), np.ones(3), 1.0
    compiled = compile(lambda x: model(x * scale) + shift)

    def agree(count):
        for x in (X, -X):
            np.testing.assert_array_equal(compiled(x).numpy(), (model(x * scale) + shift).numpy())
        assert compiled.recompiles == count

    agree(0)
    model.weight = nn.Parameter(np.ones((2, 3)))
    agree(1)
    scale = np.full(3, 2.0)
    agree(2)
    shift = 3.0
    agree(3)
    shift = float("3")
    agree(3)


def test_a_model_and_an_optimizer_that_are_made_anew_are_the_ones_that_are_trained():
    model, optimizer, _ = training(False, OPTIMIZERS["momentum"])

    @compile
    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    eager, _, eager_step = training(False, OPTIMIZERS["momentum"], seed=1)
    for x, y in batches(2):
        step(x, y)
    model, optimizer, _ = training(False, OPTIMIZERS["momentum"], seed=1)
    for x, y in batches(3):
        assert step(x, y).item() == eager_step(x, y).item()
    same_parameters(eager, model)
    assert step.recompiles == 1


def test_within_no_grad_results_are_constants_and_nothing_is_trained():
    model, _, compiled = training(True, OPTIMIZERS["sgd"])
    x, y = batches(1)[0]
    applied = compile(model)
    for wanted in (True, False, True, False):
        with contextlib.nullcontext() if wanted else no_grad():
            assert applied(x).requires_grad is model(x).requires_grad is wanted
    assert applied.recompiles == 1
    compiled(x, y)
    before = [each.numpy().copy() for each in model.parameters()]
    with no_grad(), pytest.raises(GraphError, match="outside no_grad"):
        compiled(x, y)
    for one, two in zip(before, model.parameters(), strict=True):
        np.testing.assert_array_equal(one, two.numpy())


@dataclass
class Settings:
    scale: float = 2.0
    power: ClassVar[int] = 2


class Sizes:
    step = 0.5

    @classmethod
    def of(cls, x):
        return x * cls.step


class Scaled:
    factor = 2.0

    def __init__(self):
        self.head = nn.Linear(3, 2, rng=0)


def swapped(change):
    """A change of what a function reads, that it should see."""
    settings, chosen, activation = Settings(), {"shift": 1.0, "unused": X}, np.tanh
    model = nn.Sequential(nn.Linear(3, 3, rng=0), nn.ReLU(), nn.Linear(3, 2, rng=1))
    whole, network = Scaled(), nn.MLP([2, 2], rng=0)
    names = {"settings": settings, "chosen": chosen, "model": model, "whole": whole, "network": network}

    def function(x, scaled):
        shifted = activation(model(x)) ** settings.power * settings.scale + chosen["shift"]
        return network(shifted + scaled.head(x) * scaled.factor) * Sizes.step + Sizes.of(1.0)

    if change == "function":
        return function, whole, lambda: exec_in(function, activation=np.sin)
    return function, whole, lambda: CHANGES[change](**names)


def exec_in(function, **names):
    for name, value in names.items():
        function.__closure__[function.__code__.co_freevars.index(name)].cell_contents = value


CHANGES = {
    "a layer in a list": lambda model, **_: model.__setitem__(1, nn.Tanh()),
    "a layer more": lambda model, **_: model.append(nn.Tanh()),
    "a layer within a network": lambda network, **_: network.layers.__setitem__(0, nn.Linear(2, 2, rng=7)),
    "a layer of another object": lambda whole, **_: setattr(whole, "head", nn.Linear(3, 2, rng=7)),
    "a number of an object": lambda settings, **_: setattr(settings, "scale", 3.0),
    "a number of a class": lambda **_: setattr(Sizes, "step", Sizes.step / 2),
    "a number of its class": lambda whole, **_: setattr(whole, "factor", 3.0),
    "a place in a dict": lambda chosen, **_: chosen.update(shift=5.0),
    "function": None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_function_reads_is_looked_at_and_recorded_again_where_it_is_another(change):
    function, whole, apply = swapped(change)
    compiled = compile(function)
    for x in (X, -X):
        np.testing.assert_array_equal(compiled(x, whole).numpy(), function(x, whole).numpy())
    before = function(X, whole).numpy()
    apply()
    assert not np.array_equal(function(X, whole).numpy(), before)
    for x in (X, -X):
        np.testing.assert_array_equal(compiled(x, whole).numpy(), function(x, whole).numpy())
    assert compiled.recompiles == 1


def test_a_parameter_that_is_frozen_or_has_got_a_hook_is_recorded_again():
    model, optimizer, compiled = training(True, OPTIMIZERS["sgd"])
    eager, _, step = training(False, OPTIMIZERS["sgd"])
    first = [next(iter(each.parameters())) for each in (model, eager)]
    hooks = []

    def both(change):
        hooks[:] = [change(each) for each in first]

    changes = [
        lambda p: p.requires_grad_(False),
        lambda p: p.requires_grad_(True),
        lambda p: p.register_hook(lambda g: 2 * g),
    ]
    for count, change in enumerate([None, *changes]):
        if change is not None:
            both(change)
        for x, y in batches(3):
            assert step(x, y).item() == compiled(x, y).item()
        assert compiled.recompiles == (0, 1, 2, 3)[count]
    for each in hooks:
        each.remove()
    for x, y in batches(3):
        assert step(x, y).item() == compiled(x, y).item()
    same_parameters(eager, model)
    assert optimizer.counts[first[0]] == 12


def test_gradients_that_add_up_until_an_update_are_recorded_once():
    losses = []
    for wrap in (compile, lambda function: function):
        model, optimizer, _ = training(False, OPTIMIZERS["adam"])

        def add(x, y, model=model):
            loss = nn.cross_entropy(model(x), y)
            loss.backward()
            return loss

        def update(optimizer=optimizer):
            optimizer.step()
            optimizer.zero_grad()

        add, update = wrap(add), wrap(update)
        found = []
        for i, (x, y) in enumerate(batches(12)):
            found.append(add(x, y).item())
            if i % 3 == 2:
                update()
        losses.append(found)
        if wrap is compile:
            assert (add.recompiles, update.recompiles) == (1, 0)
    assert losses[0] == losses[1]


def test_a_rate_that_the_function_itself_changes_is_refused():
    w = Tensor(X, requires_grad=True)
    optimizer = optim.SGD([w], lr=0.5)
    scheduler = optim.Scheduler(optimizer, optim.ExponentialLR(0.5))

    def step(x, change):
        optimizer.zero_grad()
        (w * x).sum().backward()
        optimizer.step()
        change()

    with pytest.raises(CompileError, match=r"changed lr from 0.5 to 0.25, which a replay would not do"):
        compile(step)(X, lambda: optimizer.param_groups[0].update(lr=0.25))
    with pytest.raises(CompileError, match=r"scheduler.step\(\) within a compiled function"):
        compile(step)(X, scheduler.step)
    np.testing.assert_array_equal(w.numpy(), X)


def test_another_hyper_parameter_than_the_learning_rate_is_recorded_again():
    model, optimizer, compiled = training(True, OPTIMIZERS["momentum"])
    eager, eager_optimizer, step = training(False, OPTIMIZERS["momentum"])
    for momentum in (0.9, 0.5, 0.9):
        for each in (optimizer, eager_optimizer):
            each.param_groups[0]["momentum"] = momentum
        for x, y in batches(3):
            step(x, y), compiled(x, y)
    same_parameters(eager, model)
    assert compiled.recompiles == 1


def test_the_cache_of_plans_is_bounded():
    compiled = compile(lambda x, n: x * n, most_plans=3)
    for n in range(5):
        compiled(X, n)
    compiled(X, 4)
    assert compiled.recompiles == 4
    with pytest.warns(CompileWarning, match="program has been recorded 6 times, now because an argument is of another"):
        compiled(X, 0)
    for n in range(10):
        compiled(X, n)
    assert compiled.recompiles == 14


def test_why_a_function_was_recorded_again_is_told():
    model, optimizer, compiled = training(True, OPTIMIZERS["momentum"])
    assert compiled.reason == "it has not been called"
    first, group, (x, y) = next(iter(model.parameters())), optimizer.param_groups[0], batches(1)[0]
    told = {
        "it was called first": lambda: None,
        "an argument is of another shape, dtype, form or number": lambda: None,
        "a hyper-parameter of SGD is another": lambda: group.update(momentum=0.8),
        "a parameter is frozen or free, or has other hooks": lambda: first.requires_grad_(False),
        "Linear.training is another": lambda: model.layers[1].eval(),
        "a list, dict or module holds more or less": lambda: setattr(model, "note", "new"),
        "a place of ModuleList is another": lambda: model.layers.__setitem__(1, nn.Linear(5, 2, rng=3)),
    }
    for place, (reason, change) in enumerate(told.items()):
        change()
        compiled(x[: 1 + (place > 0)], y[: 1 + (place > 0)])
        assert compiled.reason == reason
    assert compiled.recompiles == len(told) - 1


def test_a_name_and_a_gradient_that_are_others_are_told():
    scale, w = 2.0, Tensor(X, requires_grad=True)
    adding = compile(lambda x: (w * x * scale).sum().backward())
    for _ in range(2):
        adding(X)
    assert adding.reason == "a parameter has another gradient, or none"
    scale = 3.0
    adding(X)
    assert adding.reason == "scale is another"
    w.grad = None
    adding(X)
    assert adding.reason == "grad_p has come, or gone, or is of another dtype"


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decides",
    [
        lambda x: x if x.sum() > 0 else -x,
        lambda x: float(x.sum()),
        lambda x: int(x.sum()),
        lambda x: x.sum().item(),
        lambda x: x.numpy(),
        lambda x: x.tolist(),
        lambda x: np.asarray(x) * 2,
        lambda x: x[x > 1],
        lambda x: f"{x.sum():.2f}",
        lambda x: repr(Value(0.0) + x[0]),
        lambda x: str(Tensor(x) * 2),
        lambda x: np.nonzero(x),
        lambda x: range(3)[x.astype(int)[0]],
    ],
)
def test_a_plain_value_that_depends_on_an_argument_is_refused_with_the_users_line(decides):
    with pytest.raises(CompileError, match=r"test_compile\.py:\d+"):
        compile(decides)(X)


@pytest.mark.parametrize(
    ("decides", "said"),
    [
        (
            lambda i: X[i],
            r"test_compile\.py:\d+.*; use operations; of an array X, .* Tensor\(X\)\[i\], or autograd\.take",
        ),
        (lambda i: np.take(X, i), r"test_compile\.py:\d+.*Tensor\(X\)\[i\], or autograd\.take"),
        (lambda i: i.sum().item(), r"return the tensor, and call item\(\) outside"),
    ],
)
def test_what_to_do_instead_of_asking_for_a_plain_value_is_said(decides, said):
    with pytest.raises(CompileError, match=said):
        compile(decides)(np.array([1, 0]))


@pytest.mark.parametrize("name", ["view", "flat", "strides", "flags", "tobytes", "base"])
def test_what_only_numpys_arrays_have_is_refused_with_the_users_line(name):
    with pytest.raises(CompileError, match=rf"no attribute '{name}' in a compiled function, at .*test_compile.py:\d+"):
        compile(lambda x: getattr(x, name))(X)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        compile(lambda x: x.nothing)(X)
    np.testing.assert_array_equal(compile(lambda x: x * (x.nbytes + x.itemsize))(X), X * (X.nbytes + X.itemsize))


def test_a_plain_value_that_depends_on_a_parameter_is_refused_and_a_constant_one_is_not():
    w = Tensor(X, requires_grad=True)
    with pytest.raises(CompileError, match="varies between calls"):
        compile(lambda: float(w.sum()))()
    np.testing.assert_array_equal(compile(lambda x: x * float(Tensor(3.0)))(X), 3 * X)


def test_draws_that_are_not_recorded_and_arrays_written_to_are_refused():
    with pytest.raises(CompileError, match="global generator"):
        compile(lambda x: x * np.random.rand(3))(X)
    generator = np.random.default_rng(0)
    with pytest.raises(CompileError, match="the generator 'generator'"):
        compile(lambda x: x * generator.random(3))(X)
    buffer = np.zeros(3)

    def writes(x):
        y = x * buffer
        buffer[:] = 1.0
        return y

    with pytest.raises(CompileError, match="wrote to an array"):
        compile(writes)(X)


@pytest.mark.parametrize(
    "draws",
    [
        lambda x: x + autograd.random.normal(0.0, 1.0, size=3, rng=np.random.default_rng(0)),
        lambda x: nn.Dropout(0.5, rng=0)(x),
        lambda x: x + autograd.random.normal(0.0, 1.0, size=3, rng=np.random.PCG64(0)),
    ],
)
def test_a_generator_that_is_made_in_a_call_is_refused_with_the_users_line(draws):
    with pytest.raises(CompileError, match=r"did not see before it ran, at .*test_compile.py:\d+, .*rng=") as refused:
        compile(draws)(X)
    assert "rng=np.random" in str(refused.value) or "Dropout" in str(refused.value)


@pytest.mark.parametrize("seed", [0, np.int64(1), (1, 2)])
def test_a_seed_gives_the_same_numbers_in_every_call(seed):
    def drawn(x):
        return x + autograd.random.normal(0.0, 1.0, size=3, rng=seed)

    compiled = compile(drawn)
    for _ in range(3):
        np.testing.assert_array_equal(compiled(X), drawn(X))


def test_a_result_recorded_before_is_refused():
    w = Tensor(X, requires_grad=True)
    before = w * 2
    with pytest.raises(GraphError, match="recorded before"):
        compile(lambda x: (before * x).sum())(X)


def test_an_index_out_of_range_is_an_error_in_a_replay_too():
    compiled = compile(lambda x, i: x[np.arange(2), i])
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(compiled(x, np.array([0, -1])), [0.0, 5.0])
    for beyond in ([0, 3], [-4, 0]):
        with pytest.raises(IndexError):
            compiled(x, np.array(beyond))


def test_an_error_in_a_replay_is_told_as_in_the_function():
    w = Tensor(np.eye(2), requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1)

    @compile
    def step(a):
        optimizer.zero_grad()
        (w * autograd.linalg.inv(a)).sum().backward()
        optimizer.step()

    step(np.eye(2))
    before, gradient = w.numpy(), w.grad
    with pytest.raises(autograd.DomainError, match=r"inv cannot take a: shape \(2, 2\)"):
        step(np.ones((2, 2)))
    np.testing.assert_array_equal(w.numpy(), before)
    np.testing.assert_array_equal(w.grad, gradient)
    step(np.eye(2))
    assert step.recompiles == 0


@pytest.mark.parametrize("first", [0, 1])
def test_an_operation_that_catches_an_error_goes_both_ways(first):
    @autograd.structural(vjp={"a": lambda g: g})
    def inverse(a):
        try:
            return np.linalg.inv(a)
        except np.linalg.LinAlgError:
            return np.linalg.pinv(a)

    given = [2 * np.eye(2), np.ones((2, 2))]
    slope = grad(autograd.linalg.det)
    for function in (lambda a: inverse(a) * 2, lambda a: slope(a) + 1):
        compiled = compile(function)
        for a in (given[first], given[1 - first], *given):
            np.testing.assert_allclose(compiled(a), function(a), rtol=1e-12, atol=1e-12)


# -- safety --------------------------------------------------------------------------------------------------------


def test_an_error_leaves_everything_as_it_was():
    model, optimizer, compiled = training(True, OPTIMIZERS["adam"])
    x, y = batches(1)[0]
    compiled(x, y)
    before, state = model.state_dict(), str(optimizer.state_dict())
    with pytest.raises(autograd.DomainError, match="indices from 0 to 1"):
        compiled(x, y + 5)
    assert str(optimizer.state_dict()) == state
    for name, held in model.state_dict().items():
        np.testing.assert_array_equal(held, before[name])


def test_an_error_while_recording_leaves_everything_as_it_was():
    w = Tensor(X, requires_grad=True)
    w.grad = np.zeros(3)

    @compile
    def fails(x):
        (w * x).sum().backward()
        w.data -= w.grad
        raise KeyError("injected")

    with pytest.raises(KeyError):
        fails(X)
    np.testing.assert_array_equal(w.numpy(), X)
    np.testing.assert_array_equal(w.grad, np.zeros(3))


def test_an_error_in_the_middle_of_a_replay_leaves_everything_as_it_was():
    calls = []

    @autograd.structural(vjp={"x": lambda g: g})
    def fails_later(x):
        calls.append(1)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return np.array(x.tolist())

    w = Tensor(X, requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9)

    @compile
    def step():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        optimizer.step()
        return fails_later(w)

    while len(calls) < 3:
        step()
    before, gradient, state = w.numpy(), w.grad, str(optimizer.state_dict())
    with pytest.raises(KeyboardInterrupt):
        step()
    np.testing.assert_array_equal(w.numpy(), before)
    np.testing.assert_array_equal(w.grad, gradient)
    assert str(optimizer.state_dict()) == state


def test_an_interrupt_between_two_writes_undoes_the_first():
    class Breaking(Cell):
        held, broken, name, place = 0.0, False, "breaking", ()

        def read(self):
            return self.held

        def write(self, new):
            if self.broken:
                self.broken = False
                raise KeyboardInterrupt
            self.held = new

    first, second = Breaking(), Breaking()
    second.broken = True
    with pytest.raises(KeyboardInterrupt):
        commit([first, second], [1.0, 1.0], [0.0, 0.0])
    assert (first.held, second.held) == (0.0, 0.0)


def test_an_interrupt_between_two_writes_of_a_replay_undoes_the_first():
    class Breaking(dict):
        broken = 0

        def setdefault(self, key, default):
            self.broken -= 1
            if self.broken == 0:
                raise KeyboardInterrupt
            return super().setdefault(key, default)

    net, other = nn.MLP([3, 4, 2], rng=0), nn.MLP([3, 4, 2], rng=0)
    optimizer, plain = (optim.Adam(each.parameters(), lr=0.1) for each in (net, other))

    def step(net, optimizer, x):
        optimizer.zero_grad()
        loss = (net(x) ** 2).sum()
        loss.backward()
        optimizer.step()
        return loss

    compiled = compile(lambda x: step(net, optimizer, x))
    for _ in range(3):
        compiled(X)
        step(other, plain, X)
    optimizer.kept = Breaking(optimizer.kept)
    for broken in (1, 3, 8):  # of the eight memories
        optimizer.kept.broken = broken
        arrays, state = [(p.numpy(), p.grad.copy()) for p in net.parameters()], str(optimizer.state_dict())
        with pytest.raises(KeyboardInterrupt):
            compiled(X)
        for p, (value, gradient) in zip(net.parameters(), arrays, strict=True):
            np.testing.assert_array_equal(p.numpy(), value)
            np.testing.assert_array_equal(p.grad, gradient)
        assert str(optimizer.state_dict()) == state
        assert compiled(X) == step(other, plain, X)
    assert compiled.recompiles == 0


def test_the_power_of_a_product_is_not_lost():
    w = Tensor(np.arange(6.0).reshape(3, 2) / 4, requires_grad=True)

    def step():
        w.zero_grad()
        loss = ((X @ w) ** 4).sum()
        loss.backward()
        return loss.data, w.grad

    compiled, expected = compile(step), step()
    for _ in range(3):
        for one, other in zip(compiled(), expected, strict=True):
            np.testing.assert_array_equal(one, other)


MASK = Tensor(np.array([True, False, True]))


@pytest.mark.parametrize(
    "masked",
    [
        lambda x: x * Tensor(x > 1),
        lambda x: x * (Tensor(x) > 1).detach(),
        lambda x: autograd.where(MASK.data, x, 0),
        lambda x: x * MASK.detach() * +Tensor(x > 1),
    ],
)
def test_tensors_of_truth_values_are_taken_as_any_other(masked):
    compiled = compile(masked)
    for x in (X, X, -X):
        np.testing.assert_array_equal(compiled(x), masked(x))


def test_results_share_no_memory_with_parameters_arguments_or_each_other():
    w = Tensor(X, requires_grad=True)
    compiled = compile(lambda x: (x, w.data, w * 1, x[:2], x[1:]))
    for _ in range(2):
        found = compiled(X)
        for each in found:
            if not isinstance(each, Tensor):  # that is not written to
                each[:] = -1.0
        assert not any(
            np.shares_memory(each.numpy() if isinstance(each, Tensor) else each, w.numpy()) for each in found
        )
    np.testing.assert_array_equal(w.numpy(), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(X, [1.0, 2.0, 3.0])


@pytest.mark.parametrize("share", [lambda x: autograd.einsum("ij->ji", x), lambda x: np.split(x, 2)[0]])
def test_results_that_are_views_by_any_argument_share_no_memory(share):
    w, x = Tensor(np.ones((2, 2)), requires_grad=True), np.ones((2, 2))
    compiled = compile(lambda x: (share(w.data), share(x), y := x * 2, share(y)))
    for _ in range(3):
        *found, last = compiled(x)
        assert not np.shares_memory(found[2], last)
        for each in found:
            each[:] = -1.0
    np.testing.assert_array_equal(w.numpy(), 1.0)
    np.testing.assert_array_equal(x, 1.0)


def test_gradients_and_values_handed_out_stay_as_they_were():
    model, _, compiled = training(True, OPTIMIZERS["momentum"])
    parameter = next(iter(model.parameters()))
    for x, y in batches(3):
        compiled(x, y)
        seen, gradient = parameter.numpy(), parameter.grad
        kept = seen.copy(), gradient.copy()
        compiled(x, y)
        np.testing.assert_array_equal(seen, kept[0])
        np.testing.assert_array_equal(gradient, kept[1])


def test_what_anything_holds_of_a_step_is_not_written_over_by_the_ones_after_the_next():
    model, optimizer, compiled = training(True, OPTIMIZERS["momentum"])
    weight, bias = model.layers[0].weight, model.layers[0].bias
    data = batches(8)
    compiled(*data[0])
    held = []
    for x, y in data[1:]:
        compiled(x, y)
        recorded = nn.cross_entropy(model(x), y)  # a graph: it reads the parameters of now when it is swept
        slopes = autograd.sweep(recorded)[weight].copy()
        for seen in (weight.numpy(), weight.grad[1:], bias.grad, optimizer.kept[bias][0], weight.numpy().T):
            held.append((seen, seen.copy()))
        held.append((lambda recorded=recorded: autograd.sweep(recorded)[weight], slopes))
    for seen, expected in held:
        np.testing.assert_array_equal(seen() if callable(seen) else seen, expected)


def test_two_flat_arrays_in_turn_are_enough_where_nobody_holds_an_old_one():
    model, _, compiled = training(True, OPTIMIZERS["momentum"])
    weight = model.layers[0].weight
    seen = []
    for x, y in batches(8):
        compiled(x, y)
        seen.append((weight.value.ctypes.data, weight.stored_grad.ctypes.data))
    assert len(set(seen[1:])) == 2
    kept = weight.numpy()
    for x, y in batches(4):
        compiled(x, y)
        assert weight.value.ctypes.data != kept.ctypes.data


def test_nothing_is_held_of_the_arguments_after_a_call():
    compiled = compile(lambda x: (x * x).sum())
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            x = Tensor(X)
            held = weakref.ref(x)
            compiled(x)
            del x
            gc.collect()
            assert held() is None
    finally:
        gc.enable()


def test_threads_that_share_a_compiled_step_lose_no_update():
    w = Tensor(np.zeros(3), requires_grad=True)
    optimizer = optim.SGD([w], lr=1.0)

    @compile
    def step(x):
        optimizer.zero_grad()
        (w * x).sum().backward()
        optimizer.step()

    step(X)
    threads = [threading.Thread(target=lambda: [step(X) for _ in range(50)]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    np.testing.assert_allclose(w.numpy(), -201 * X)


def test_methods_and_modules_can_be_compiled():
    class Scaled:
        def __init__(self, factor):
            self.factor = Tensor(factor, requires_grad=True)

        @compile
        def slope(self, x):
            return grad(lambda x: (self.factor * x**2).sum())(x).detach()

    for one, other in ((Scaled(1.0), Scaled(2.0)),):
        for _ in range(2):
            np.testing.assert_array_equal(one.slope(X).numpy(), 2 * X)
            np.testing.assert_array_equal(other.slope(X).numpy(), 4 * X)
    model = nn.MLP([3, 4, 2], rng=0)
    compiled = compile(model)
    for x in (X, -X):
        np.testing.assert_array_equal(compiled(x).numpy(), model(x).numpy())
    assert compiled.recompiles == 0


class Compiling(nn.Module):
    """A module that holds a compiled method of its own."""

    def __init__(self):
        self.layer = nn.Linear(3, 2, rng=0)
        self.run = compile(self.forward)

    def forward(self, x):
        return self.layer(x)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_a_copy_of_what_holds_a_compiled_function_has_one_of_its_own(copied):
    model = Compiling()
    expected = model.run(X)
    other = copied(model)
    other.layer.weight.data[...] = 0.0
    np.testing.assert_array_equal(other.run(X).numpy(), other.layer(X).numpy())
    np.testing.assert_array_equal(model.run(X).numpy(), expected.numpy())
    assert (model.run.recompiles, other.run.recordings) == (0, 1)


def test_the_average_of_a_model_that_holds_a_compiled_function():
    average = optim.AveragedModel(Compiling())
    np.testing.assert_array_equal(average(X).numpy(), Compiling()(X).numpy())


def test_compiled_functions_nest():
    inner = compile(lambda x: np.sin(x) * 2)
    outer = compile(lambda x: inner(x) + 1)
    for x in (X, -X):
        np.testing.assert_array_equal(outer(x), np.sin(x) * 2 + 1)


def test_a_result_that_is_differentiated_is_an_error_that_says_what_to_do():
    w = Tensor(X, requires_grad=True)
    loss = compile(lambda: (w * w).sum())()
    squared = compile(lambda x: (x * x).sum())
    for differentiate in (
        loss.backward,
        lambda: (loss * 2).backward(),
        lambda: grad(squared)(X),
        lambda: hessian(squared)(X),
    ):
        with pytest.raises(GraphError, match="what a compiled function returned"):
            differentiate()
    np.testing.assert_array_equal(compile(grad(squared))(X), 2 * X)
    np.testing.assert_array_equal(grad(squared.__wrapped__)(X), 2 * X)


def test_what_is_no_function_is_refused():
    with pytest.raises(ArgumentError, match="compile takes a function; found int 3"):
        compile(3)


# -- what it shows -------------------------------------------------------------------------------------------------


def test_the_source_has_the_users_names_and_says_what_is_forward_backward_and_update():
    _, _, compiled = training(True, OPTIMIZERS["momentum"])
    with pytest.raises(CompileError, match="has not been called yet"):
        _ = compiled.source
    compiled(*batches(1)[0])
    lines = compiled.source.splitlines()
    parts = [line.strip() for line in lines if line.strip().startswith("#")]
    assert parts[-3:] == ["# forward", "# backward", "# update"]
    assert lines[0] == "def step(x, y, parameters, momentum_buffers, t, lr):"
    assert "    linear = x @ layers_0_weight.T + layers_0_bias" in lines
    assert "    np.matmul(d_linear.T, relu, out=grad_layers_1_weight)" in lines
    assert "    new_parameters = parameters - lr * new_momentum_buffers" in lines
    assert max(map(len, lines)) <= 120


def test_the_picture_shows_arguments_what_is_kept_each_line_and_what_is_given_back():
    _, _, compiled = training(True, OPTIMIZERS["nesterov"])
    compiled(*batches(1)[0])
    spots = {spot.title: spot for spot in compiled.draw().view.spots.values()}
    assert spots["x"].role == spots["y"].role == "data"
    assert spots["parameters"].role == spots["lr"].role == "variable"
    assert spots["new_parameters"].role == spots["gradients"].role == "root"
    lines = [line.strip() for line in compiled.source.splitlines()]
    for name in ("linear", "relu", "layers_0_weight", "new_momentum_buffers", "new_parameters", "new_t"):
        assert f"{name} = {spots[name].kind}" in lines
    assert spots["grad_layers_0_weight"].kind == "d_linear_2.T @ x"
    assert "kept between calls" in compiled.draw().dot
    folded = compiled.draw(max_nodes=15).view
    assert len(folded.spots) <= 15
    assert "folded by kind" in folded.remark


def test_the_picture_leads_from_what_a_line_reads_to_what_it_fills():
    _, _, compiled = training(True, OPTIMIZERS["nesterov"])
    compiled(*batches(1)[0])
    view = compiled.draw().view
    titles = {key: spot.title for key, spot in view.spots.items()}
    edges = {(titles[arrow.start], titles[arrow.end]) for arrow in view.arrows}
    assert ("x", "grad_layers_0_weight") in edges
    assert ("grad_layers_0_weight", "gradients") in edges
    assert "gradients" in {start for start, _ in edges}
    assert ("gradients", "grad_layers_0_weight") not in edges


STRANGE = {
    "Fortran order": np.asfortranarray(np.arange(12.0).reshape(3, 4) / 7 - 0.5),
    "negative strides": (np.arange(12.0).reshape(3, 4) / 7 - 0.5)[::-1, ::-2],
    "float32": np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3),
    "no elements": np.zeros((0, 3)),
    "one element": np.ones((1, 1)),
    "a NumPy number": np.float64(1.5),
    "no axes": np.array(2.5),
    "integers": np.arange(6).reshape(2, 3),
    "NaN and infinity": np.array([np.nan, 1.0, -np.inf]),
    "large": np.random.default_rng(0).normal(size=(300, 400)),
}


@pytest.mark.parametrize("x", STRANGE.values(), ids=STRANGE)
def test_any_array_gives_to_the_bit_what_it_gives_eagerly(x):
    def run(x):
        y = np.tanh(x) * x + 1
        return y, y.sum() * x, np.exp(-y * y).mean(), np.sort(y, axis=None), np.where(x > 0, y, -y), y.T.ravel()

    compiled = compile(run)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of nothing
        for given in (x, x * 2, x):
            for found, expected in zip(compiled(given), run(given), strict=True):
                assert isinstance(found, np.ndarray | np.generic)
                assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
                np.testing.assert_array_equal(found, expected)


def test_labels_as_rows_are_those_of_each_call():
    @compile
    def scores(labels, w):
        return (autograd.one_hot(labels, 3) @ w).sum(axis=0)

    w = np.arange(6.0).reshape(3, 2)
    for labels in ([0, 1], [2, 2], [1, 0]):
        np.testing.assert_array_equal(scores(np.array(labels), w), w[labels].sum(axis=0))
    assert scores.recompiles == 0
    with pytest.raises(autograd.DomainError, match="found 1 to 3"):
        scores(np.array([1, 3]), w)


def thrice(function, argument):
    """What three calls give, and what the argument, a tensor, holds then."""
    results = [np.asarray(function(argument)).copy() for _ in range(3)]
    return results, argument.numpy().copy(), None if argument.grad is None else argument.grad.copy()


def moved(w):
    (w * w).sum().backward()
    w.data = w.data - 0.1 * w.grad
    w.zero_grad()
    return w.data.sum()


def gradient_alone(w):
    w.zero_grad()
    (w * w).sum().backward()
    return w.grad * 1.0


def gradient_so_far(w):
    (w * w).sum().backward()
    return w.grad * 1.0


@pytest.mark.parametrize("function", [moved, gradient_alone, gradient_so_far])
def test_a_tensor_among_the_arguments_is_updated_and_keeps_its_gradient_as_in_the_function(function):
    (eager, values, grad), (results, same, found) = (
        thrice(chosen, Tensor([1.0, 2.0, 3.0], requires_grad=True)) for chosen in (function, compile(function))
    )
    np.testing.assert_array_equal(results, eager)
    np.testing.assert_array_equal(same, values)
    assert (found is None) == (grad is None)
    if grad is not None:
        np.testing.assert_array_equal(found, grad)


def test_a_tensor_given_twice_is_one_leaf():
    def product(a, b):
        (a * b * b).sum().backward()
        return (a + b).sum()

    compiled = compile(product)
    one, other, both = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(3))
    for _ in range(2):
        compiled(one, other)
        compiled(both, both)
    np.testing.assert_array_equal(one.grad, [2.0, 8.0])
    np.testing.assert_array_equal(other.grad, [4.0, 16.0])
    np.testing.assert_array_equal(both.grad, [6.0, 24.0])


def test_a_tensor_that_is_an_argument_and_seen_from_around_is_refused():
    p = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1)

    @compile
    def step(q):
        (q * q).sum().backward()
        optimizer.step()

    with pytest.raises(CompileError, match="given q as an argument, and sees the same tensor"):
        step(p)
    step(Tensor([3.0, 4.0], requires_grad=True))
    with pytest.raises(CompileError, match="leave it out of the arguments"):
        step(p)


def test_backward_does_not_end_at_a_result_among_the_arguments():
    w = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(GraphError, match="a result of operations"):
        compile(lambda h: (h * h).sum().backward())(w * 2)


def test_constants_that_are_returned_belong_to_the_caller():
    @compile
    def several(x):
        return autograd.flip(np.arange(3.0)), np.zeros(2), {1, 2}, x * 2

    for _ in range(3):
        order, zeros, numbers, _ = several(np.ones(3))
        np.testing.assert_array_equal(order, [2.0, 1.0, 0.0])
        np.testing.assert_array_equal(zeros, [0.0, 0.0])
        assert numbers == {1, 2}
        order += 1
        zeros += 1
        numbers.clear()


def test_a_result_is_no_view_of_an_argument():
    x = np.arange(3.0)
    compiled = compile(lambda x: np.flip(x))
    assert not any(np.shares_memory(compiled(x), x) for _ in range(2))


@dataclass
class Pair:
    one: object


@dataclass(slots=True)
class Slotted:
    one: object


def generator(x):
    yield x * 2


@pytest.mark.parametrize(
    "function",
    [lambda x: Pair(x * 2), lambda x: Slotted(x * 2), generator, lambda x: {"a": x * 2}.values(), lambda x: {x * 2}],
)
def test_results_in_what_a_replay_cannot_fill_are_refused(function):
    with pytest.raises(CompileError, match="which a replay cannot fill"):
        compile(function)(Tensor([1.0, 2.0]))


def test_masked_arrays_are_refused():
    with pytest.raises(CompileError, match="found a MaskedArray"):
        compile(lambda x: (x * 2).sum())(np.ma.masked_array([1.0, 2.0], mask=[True, False]))


@pytest.mark.parametrize("name", ["float16", "complex64", "uint8", "longdouble", ">f8", "bool", "int32"])
def test_every_dtype_can_be_written(name):
    dtype = np.dtype(name)
    compiled = compile(lambda x: autograd.astype(x, dtype=dtype))
    for _ in range(2):
        assert compiled(np.ones(3)).dtype == dtype


def test_half_precision_trains():
    p = Tensor(np.ones(3, np.float16), requires_grad=True)
    optimizer = optim.SGD([p], lr=0.1)

    @compile
    def step(x):
        optimizer.zero_grad()
        (p * x).sum().backward()
        optimizer.step()

    for _ in range(3):
        step(np.ones(3))
    assert p.dtype == np.float16
    np.testing.assert_allclose(p.numpy(), 0.7, rtol=2e-3)


def after_an_update(w, x):
    w.grad = None
    y = (w * w * x).sum()
    w.data = w.data - 1.0
    y.backward()
    return w.grad * 1.0


def of_a_tensor_made_within(_, x):
    t = Tensor(x, requires_grad=True)
    (t * t).sum().backward()
    return t.grad * 1.0


def onto_a_number(w, x):
    w.grad = 5.0
    (w * x).sum().backward()
    return w.grad * 1.0


@pytest.mark.parametrize("function", [after_an_update, of_a_tensor_made_within, onto_a_number])
def test_gradients_are_those_of_what_was_read(function):
    one, other = (Tensor([1.0, 2.0, 3.0], requires_grad=True) for _ in range(2))
    compiled = compile(lambda x: function(other, x))
    for x in (np.ones(3), np.arange(3.0), np.full(3, 2.0)):
        np.testing.assert_array_equal(compiled(x), function(one, x))
    np.testing.assert_array_equal(other.numpy(), one.numpy())


@pytest.mark.parametrize("algorithm", ["Adam", "RAdam", "SGD"])
@pytest.mark.parametrize("order", [(True, False), (False, True), (False, True, False)])
def test_steps_within_one_call_are_counted_for_each_parameter(algorithm, order):
    def trained(compiled):
        a, b = (Tensor([1.0, 2.0, 3.0], requires_grad=True) for _ in "ab")
        optimizer = getattr(optim, algorithm)([a, b], lr=0.1)

        def step(x):
            for alone in order:
                optimizer.zero_grad()
                (a * a * x if alone else a * b * x).sum().backward()
                optimizer.step()

        chosen = compile(step) if compiled else step
        for shift in range(3):
            chosen(np.arange(3.0) + shift)
        return a.numpy(), b.numpy(), [optimizer.counts[each] for each in (a, b)]

    for one, other in zip(trained(False), trained(True), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-14)


@pytest.mark.parametrize(
    "reads", [float, lambda w: w.item(), lambda w: w.numpy(), lambda w: 1.0 if w else 2.0, lambda w: np.asarray(w.data)]
)
def test_the_plain_value_of_a_parameter_is_refused_also_where_it_is_read_first(reads):
    w = Tensor(2.0, requires_grad=True)
    with pytest.raises(CompileError):
        compile(lambda x: x * reads(w))(np.ones(2))


def shifted(x):
    def centre(a):
        a -= a.mean()

    y = x * 2
    centre(y)
    return y


def under_two_names(x):
    one = x * 2
    other = one
    other += 1
    return one, other


def over_a_product(x):
    z = np.outer(x, x) @ x
    z += x
    z *= 2
    return z


def over_a_share(x):
    e = np.exp(x - x.max())
    e /= e.sum()
    return e


@pytest.mark.parametrize("function", [shifted, under_two_names, over_a_product, over_a_share])
def test_an_array_of_ones_own_is_written_to_in_place_under_all_its_names(function):
    compiled = compile(function)
    for x in (np.arange(3.0), np.array([2.0, -1.0, 0.5])):
        np.testing.assert_array_equal(compiled(x), function(x))


def test_in_place_gradients_are_those_of_the_function():
    def slope(x):
        def loss(w):
            h = np.tanh(w * x)
            return (h * h).sum()

        g = grad(loss)(x)
        g *= 0.5
        return g

    x = np.arange(3.0)
    compiled = compile(slope)
    for _ in range(2):
        np.testing.assert_allclose(compiled(x), slope(x), rtol=1e-15)


def over_data(p, x):
    d = p.data
    d -= x
    d *= 2


def over_a_gradient(p, x):
    p.zero_grad()
    (p * p * x).sum().backward()
    g = p.grad
    g *= 0.5
    p.data -= p.grad


def over_an_accumulated_gradient(p, x):
    (p * p * x).sum().backward()
    p.grad /= 2
    p.data -= 0.1 * p.grad


@pytest.mark.parametrize("function", [over_data, over_a_gradient, over_an_accumulated_gradient])
def test_what_is_written_to_a_tensors_array_is_the_tensors(function):
    one, other = (Tensor([1.0, 2.0, 3.0], requires_grad=True) for _ in range(2))
    compiled = compile(lambda x: function(other, x))
    for shift in range(4):
        x = np.arange(3.0) * 0.1 + shift
        function(one, x)
        compiled(x)
        np.testing.assert_array_equal(other.numpy(), one.numpy())
        np.testing.assert_array_equal(0.0 if other.grad is None else other.grad, 0.0 if one.grad is None else one.grad)


def test_an_operation_of_the_users_that_has_the_name_of_a_ufunc_is_called_as_it_is():
    @autograd.elementwise(partial={"x": 0.0})
    def spacing(x):
        """The numbers, made in a way that is not followed."""
        return np.array(x.tolist())

    try:
        compiled = compile(lambda x, w: spacing(x @ w) * 2 + 1)
        for _ in range(3):
            np.testing.assert_array_equal(compiled(np.ones((2, 3)), np.ones((3, 2))), np.full((2, 2), 7.0))
    finally:
        del registry["spacing"]


def test_two_tables_that_are_indexed_and_lie_side_by_side_are_moved():
    def tables():
        return [Tensor(np.ones((rows, 2)), requires_grad=True) for rows in (5, 3)]

    def step(tables, rows):
        first, second = tables
        first.grad = second.grad = None
        loss = ((first[rows] + second[np.arange(3)]) ** 2).mean()
        loss.backward()
        for each in tables:
            each.data -= 0.1 * each.grad
        return loss

    eager, other = tables(), tables()
    compiled = compile(lambda rows: step(other, rows))
    for rows in ([0, 1, 3], [4, 4, 0], [1, 2, 1]):
        assert compiled(np.array(rows)) == step(eager, np.array(rows))
    for one, two in zip(eager, other, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def over_an_argument(x):
    x += 1
    return x


def over_a_view(x):
    h = x * 2
    v = h[0:2]
    v += 1
    return h


def beside_a_view(x):
    h = x * 2
    v = h[0:2]
    h += 1
    return v


@pytest.mark.parametrize("function", [over_an_argument, over_a_view, beside_a_view])
def test_writing_to_what_others_may_have_is_refused(function):
    with pytest.raises(CompileError, match="in place, as by a \\+= b"):
        compile(function)(np.arange(3.0))


@pytest.mark.parametrize(
    "names", [("\u03c6", "\u03d5"), ("\u00b5", "w"), ("replay", "w"), ("given", "replay"), ("x\u00b2", "x2")]
)
def test_names_that_are_one_to_python_or_taken_stay_apart(names):
    def made():
        both = [Tensor(np.ones((3, 2)), requires_grad=True, name=name) for name in names]
        optimizer = optim.SGD(both, lr=0.1)

        def step():
            p, q = both
            optimizer.zero_grad()
            (np.tanh(p) + np.tanh(q * 2)).sum().backward()
            optimizer.step()
            return p.data, q.data

        return step

    eager, compiled = made(), compile(made())
    for _ in range(3):
        np.testing.assert_array_equal(compiled(), eager())


def test_a_lone_parameter_goes_on_from_a_fresh_state():
    p = Tensor(np.ones(2), requires_grad=True)
    optimizer = optim.Adam([p], lr=0.1)

    @compile
    def step():
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()

    fresh = optimizer.state_dict()
    for _ in range(3):
        optimizer.load_state_dict(fresh)
        step()
        step()
    assert step.recordings == 1


def test_a_gradient_that_is_a_tensor_is_taken_as_its_values():
    moved = []
    for wrap in (lambda step: step, compile):
        p = Tensor([1.0, 1.0], requires_grad=True)
        step = wrap(optim.SGD([p], lr=0.1).step)
        for size in (1.0, 2.0, 3.0):
            p.grad = Tensor([size, size])
            step()
        moved.append(p.value)
    for value in moved:
        assert type(value) is np.ndarray
        np.testing.assert_allclose(value, 0.4)


@pytest.mark.parametrize("algorithm", [optim.Rprop, optim.SGD, optim.RMSprop])
def test_an_empty_parameter_lies_before_another(algorithm):
    def made():
        p, q = (Tensor(np.ones(size), requires_grad=True) for size in (0, 2))
        optimizer = algorithm([p, q], lr=0.1)

        def step():
            optimizer.zero_grad()
            ((p * p).sum() + (q * q).sum()).backward()
            optimizer.step()
            return q.data

        return step

    eager, compiled = made(), compile(made())
    for _ in range(3):
        np.testing.assert_array_equal(compiled(), eager())
