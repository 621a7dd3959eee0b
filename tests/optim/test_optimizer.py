"""What optimizers share: groups, states that do not fit, what is refused, and how they are told."""

import json

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import ArgumentError, DomainError, Tensor
from optim import SGD, Adam, StateError
from tests.optim.algorithms import ALL, made, movable, told


def parameters(count, shape=(2,)):
    found = [Tensor(np.ones(shape), requires_grad=True) for _ in range(count)]
    for p in found:
        p.grad = np.ones(shape)
    return found


def test_a_parameter_without_a_gradient_is_skipped_and_keeps_no_memory():
    moved, still = (Tensor([1.0], requires_grad=True) for _ in range(2))
    moved.grad = np.array([1.0])
    optimizer = Adam([moved, still], lr=0.1)
    optimizer.step()
    assert still.item() == 1.0
    assert set(optimizer.state_dict()["state"]) == {0}


@pytest.mark.parametrize("compiled", [False, True])
def test_pytorchs_words_for_forgetting_gradients_and_keeping_graphs_are_taken(compiled):
    still, number, moved = parameters(1) + parameters(2, ())
    still.grad = None
    optimizer = SGD([still, number, moved], lr=0.1, momentum=0.5)

    def step(none):
        optimizer.zero_grad(set_to_none=none)
        loss = (moved * 2.0).sum()
        loss.backward(retain_graph=True)
        optimizer.step()
        return loss

    run = autograd.compile(step) if compiled else step
    number.grad = np.float64(1.0)
    optimizer.step()
    for none in (False, False, True):
        run(none)
    assert number.item() == pytest.approx(1 - 0.1 * (1 + 0.5 + 0.25))
    assert number.grad is None
    assert still.numpy().tolist() == [1.0, 1.0]
    model = nn.Linear(2, 1, rng=0)
    model(np.ones(2)).sum().backward()
    model.zero_grad(set_to_none=False)
    assert [each.grad.tolist() for each in model.parameters()] == [[[0.0, 0.0]], [0.0]]


def test_groups_have_hyper_parameters_of_their_own_and_can_be_changed():
    slow, fast = parameters(2, (1,))
    optimizer = SGD([{"params": [slow]}, {"params": [fast], "lr": 1.0}], lr=0.1)
    optimizer.step()
    assert (slow.item(), fast.item()) == (0.9, 0.0)
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    assert slow.item() == pytest.approx(0.4)


def test_a_closure_is_called_first_and_its_loss_returned():
    (p,) = parameters(1)
    optimizer = SGD([p], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 2.0
    np.testing.assert_array_equal(p.numpy(), [0.0, 0.0])
    assert optimizer.step() is None


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda state: state["param_groups"][0]["params"].append(1), StateError, "groups"),
        (lambda state: state["param_groups"][0].pop("amsgrad"), StateError, "amsgrad"),
        (lambda state: state["param_groups"][0].update(lr=-1.0), DomainError, "lr"),
        (lambda state: state["state"][0].pop("exp_avg"), StateError, "exp_avg"),
        (lambda state: state["state"].update({5: state["state"][0]}), StateError, "number 5"),
        (lambda state: state["state"][0].update(exp_avg_sq=np.ones(3)), StateError, r"exp_avg_sq.*\(3,\)"),
        (lambda state: state["state"][0].update(exp_avg=["a", "b"]), StateError, "'exp_avg' is an array of .* float64"),
        (lambda state: state["state"][0].update(exp_avg=[1j, 2j]), StateError, "'exp_avg'.* has .* complex128"),
        (lambda state: state["state"][0].update(exp_avg=[1, [2]]), StateError, "'exp_avg' has rows of different"),
        (lambda state: state["state"][0].update(step="x"), StateError, "'step' is a whole number.* has 'x'"),
        (lambda state: state["state"][0].update(step=-3), StateError, "'step' is a whole number.* has -3"),
        (lambda state: state["state"].update(a=state["state"][0]), StateError, "'place' is a whole number.* 'a'"),
        (lambda state: state["state"].update({0: [1]}), StateError, "'state', dicts by place"),
        (lambda state: state["param_groups"][0].update(speed=1), StateError, "of the state has .*speed"),
        (lambda state: state["param_groups"][0].pop("params"), StateError, "as 'params'"),
        (lambda state: state.clear(), StateError, "has 'state', .* and 'param_groups'"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(spoil, error, said):
    optimizer = Adam(parameters(1), lr=0.1)
    optimizer.step()
    before = optimizer.state_dict()
    spoilt = Adam(parameters(1), lr=0.3)
    spoilt.step()
    state = spoilt.state_dict()
    spoil(state)
    with pytest.raises(error, match=said):
        optimizer.load_state_dict(state)
    np.testing.assert_equal(optimizer.state_dict(), before)


@pytest.mark.parametrize(("name", "options"), ALL, ids=told)
def test_a_state_is_loaded_in_the_dtype_of_the_parameters(name, options):
    found = {}
    for dtype in (np.float64, np.float32):
        ps = movable(name, [Tensor(np.ones(shape, dtype), requires_grad=True) for shape in ((2, 2), (3,), ())])
        for p in ps:
            p.grad = np.full(p.shape, 0.1, dtype)[()]
        found[dtype] = made(name, ps, options)
        found[dtype].step()
    wide, narrow = found[np.float64].state_dict(), found[np.float32]
    narrow.load_state_dict(wide)
    narrow.step()
    assert {p.dtype.name for p in narrow.parameters()} == {"float32"}
    found[np.float64].load_state_dict(wide)
    np.testing.assert_equal(found[np.float64].state_dict(), wide)


ONE, TWO = np.array([0.01, -0.02]), np.array([3e-4, 5e-4])
COUNT, RUN = np.float32(5), {"foreach": None, "capturable": False, "differentiable": False, "initial_lr": 0.1}
PYTORCHS = {
    "SGD": ({"momentum": 0.9, "dampening": 0.5, "nesterov": False}, {"momentum_buffer": ONE}),
    "Adam": ({"amsgrad": False, "fused": None, "decoupled_weight_decay": False}, {"exp_avg": ONE, "exp_avg_sq": TWO}),
    "AdamW": ({"amsgrad": False, "decoupled_weight_decay": True}, {"exp_avg": ONE, "exp_avg_sq": TWO}),
    "NAdam": (
        {"momentum_decay": 4e-3, "decoupled_weight_decay": False},
        {"mu_product": np.float32(0.5), "exp_avg": ONE, "exp_avg_sq": TWO},
    ),
    "RAdam": ({"decoupled_weight_decay": False}, {"exp_avg": ONE, "exp_avg_sq": TWO}),
    "Adamax": ({}, {"exp_avg": ONE, "exp_inf": TWO}),
    "Adagrad": ({"lr_decay": 0, "initial_accumulator_value": 0, "fused": None}, {"sum": TWO}),
    "Adadelta": ({"rho": 0.9}, {"square_avg": TWO, "acc_delta": TWO}),
    "Rprop": ({"etas": (0.5, 1.2), "step_sizes": (1e-6, 50)}, {"prev": ONE, "step_size": TWO}),
    "RMSprop": ({"alpha": 0.99, "momentum": 0.9, "centered": False}, {"square_avg": TWO, "momentum_buffer": ONE}),
    "Adafactor": ({"beta2_decay": -0.8, "eps": (None, 1e-3), "d": 1.0}, {"variance": TWO}),
}
"""The hyper-parameters that each has beside those of all, and what is kept for a vector, as PyTorch names them."""


def of_pytorch(name):
    hyper, memory = PYTORCHS[name]
    shared = {"lr": 0.2, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0, "maximize": False}
    known = getattr(optim, name)(parameters(1)).defaults
    group = {**{each: value for each, value in shared.items() if each in known}, **hyper, **RUN, "params": [0]}
    return {"state": {0: memory if name == "SGD" else {"step": COUNT, **memory}}, "param_groups": [group]}


@pytest.mark.parametrize("name", PYTORCHS)
def test_a_state_of_pytorchs_is_taken_over_without_what_it_says_of_the_run(name):
    optimizer, state = getattr(optim, name)(parameters(1), lr=0.1), of_pytorch(name)
    optimizer.load_state_dict(state)
    loaded = optimizer.state_dict()
    assert loaded["state"][0]["step"] == (1 if name == "SGD" else 5)
    given = {each: value for each, value in state["state"][0].items() if each != "step"}
    np.testing.assert_equal({each: loaded["state"][0][each] for each in given}, given)
    assert optimizer.param_groups[0]["lr"] == 0.2
    assert set(optimizer.param_groups[0]) == {"params", *optimizer.defaults}
    optimizer.step()


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("Adam", lambda group, memory: group.update(decoupled_weight_decay=True)),
        ("AdamW", lambda group, memory: group.update(decoupled_weight_decay=False)),
        ("Adam", lambda group, memory: group.update(amsgrad=True)),
        ("Adam", lambda group, memory: memory.pop("step")),
        ("SGD", lambda group, memory: memory.pop("momentum_buffer")),
        ("Adamax", lambda group, memory: group.update(speed=1)),
        ("Adagrad", lambda group, memory: memory.update(speed=1)),
    ],
)
def test_a_state_of_pytorchs_that_means_something_else_is_refused(name, spoil):
    optimizer, state = getattr(optim, name)(parameters(1), lr=0.1), of_pytorch(name)
    before, memory = optimizer.state_dict(), dict(state["state"][0])
    spoil(state["param_groups"][0], memory)
    with pytest.raises(StateError, match="nothing loaded"):
        optimizer.load_state_dict({**state, "state": {0: memory}})
    np.testing.assert_equal(optimizer.state_dict(), before)


def test_a_state_without_a_count_goes_on_after_the_first_step_where_there_is_a_buffer():
    hyper = {"momentum": 0.9, "dampening": 0.5}
    state, found = of_pytorch("SGD"), []
    for memory in ({"momentum_buffer": ONE}, {"momentum_buffer": None}):
        optimizer = SGD(parameters(1), lr=0.1, **hyper)
        optimizer.load_state_dict({**state, "state": {0: memory}})
        optimizer.step()
        found.append(optimizer.parameters()[0].numpy())
    np.testing.assert_allclose(found, [1 - 0.2 * (0.9 * ONE + 0.5), np.full(2, 1 - 0.2)])


def test_a_state_has_step_counts_and_places_and_takes_keys_that_are_text():
    one, other = Adam(parameters(2), lr=0.1), Adam(parameters(2), lr=0.2)
    one.step()
    state = one.state_dict()
    assert [kept["step"] for kept in state["state"].values()] == [1, 1]
    other.load_state_dict({**state, "state": {str(place): kept for place, kept in state["state"].items()}})
    np.testing.assert_equal(other.state_dict(), state)


@pytest.mark.parametrize(("name", "options"), [*ALL, ("LBFGS", {"lr": 0.1, "max_iter": 4})], ids=told)
def test_a_state_goes_through_text_to_the_bit(name, options):
    ps = movable(name, parameters(2, (2, 2)))

    def closure():
        for p in ps:
            p.grad = p.numpy() ** 3
        return (ps[0] ** 4 + ps[1] ** 4).sum() / 4

    one, other = made(name, ps, options), made(name, parameters(2, (2, 2)), options)
    for _ in range(2):
        one.step(closure)
    state = one.state_dict()
    text = json.dumps(state, default=lambda each: each.tolist())
    other.load_state_dict(json.loads(text))
    assert json.dumps(other.state_dict(), default=lambda each: each.tolist()) == text
    other.step(closure)
    one.load_state_dict(state)
    np.testing.assert_equal(one.state_dict(), state)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda p: SGD(p, lr=-1), DomainError, "lr"),
        (lambda p: SGD(p, lr=float("nan")), DomainError, "lr"),
        (lambda p: SGD(p, lr="fast"), ArgumentError, "a number.*fast"),
        (lambda p: SGD(p, lr=np.complex64(1)), ArgumentError, "lr has to be a number.*complex64"),
        (lambda p: SGD(p, dampening="x"), ArgumentError, "dampening has to be a number"),
        (lambda p: SGD(p, momentum=0.9, dampening=np.nan), DomainError, "dampening"),
        (lambda p: SGD(p, nesterov=True), DomainError, "Nesterov"),
        (lambda p: optim.Adafactor(p, eps=1e-3), ArgumentError, "eps has to be 2 numbers"),
        (lambda p: optim.Adafactor(p, eps=(1e-30,)), ArgumentError, "eps has to be 2 numbers"),
        (lambda p: optim.Adafactor(p, eps=(None, None)), ArgumentError, r"eps\[1\] has to be a number"),
        (lambda p: optim.Adafactor(p, beta2_decay="a"), ArgumentError, "beta2_decay has to be a number"),
        (lambda p: optim.Adafactor(p, beta2_decay=0.1), DomainError, "beta2_decay has to be at most 0"),
        (lambda p: optim.Muon(parameters(1, (1, 1)), ns_steps=2.5), DomainError, "ns_steps has to be a whole number"),
        (lambda p: optim.LBFGS(p, max_iter=2.5), DomainError, "max_iter has to be a whole number"),
        (lambda p: optim.LBFGS(p, max_iter="x"), DomainError, "max_iter has to be a whole number"),
        (lambda p: optim.LBFGS(p, history_size=1.5), DomainError, "history_size has to be a whole number"),
        (lambda p: Adam(p, betas=(0.9, 1.0)), DomainError, r"betas\[1\]"),
        (lambda p: Adam(p, betas=(0.9,)), ArgumentError, "2 numbers"),
        (lambda p: Adam(p, eps=-1e-8), DomainError, "eps"),
        (lambda p: optim.Momentum(p, beta=1.0), DomainError, "beta"),
        (lambda p: optim.RMSprop(p, alpha=1.5), DomainError, "alpha"),
        (lambda p: optim.Rprop(p, step_sizes=(1.0, 0.5)), DomainError, "step_sizes"),
        (lambda p: SGD([]), ArgumentError, "no parameters"),
        (lambda p: SGD([*p, *p]), ArgumentError, "already"),
        (lambda p: SGD([p[0] * 2]), ArgumentError, "leaf"),
        (lambda p: SGD([np.ones(3)]), ArgumentError, "leaf tensors"),
        (lambda p: SGD(nn.Linear(2, 1)), ArgumentError, r"found Linear.*: pass model\.parameters\(\)"),
        (lambda p: SGD([{"params": nn.Linear(2, 1)}]), ArgumentError, r"found Linear.*: pass model\.parameters\(\)"),
        (lambda p: SGD(nn.Sequential(nn.ReLU())), ArgumentError, r"as model\.parameters\(\) gives them; found ReLU"),
        (lambda p: SGD(nn.Linear(2, 1).named_parameters()), ArgumentError, r"parameters\(\) .* found \('weight'"),
        (lambda p: SGD([{"params": p, "learning_rate": 1}]), ArgumentError, "learning_rate"),
        (lambda p: Adam([Tensor([1j], requires_grad=True)]), ArgumentError, "real parameters.*complex128"),
    ],
)
def test_what_makes_no_sense_is_refused(make, error, said):
    with pytest.raises(error, match=said):
        make(parameters(1, (1,)))


def test_complex_parameters_descend_along_the_gradient_where_the_rule_is_linear():
    p = Tensor([1.0 + 1.0j], requires_grad=True)
    p.grad = np.array([2.0 - 1.0j])
    SGD([p], lr=0.5, momentum=0.9).step()
    np.testing.assert_array_equal(p.numpy(), [0.0 + 1.5j])


@pytest.mark.parametrize("gradient", [np.array([1j, 2.0]), 1j])
@pytest.mark.parametrize("name", ["SGD", "NAdam"])
def test_a_complex_gradient_of_a_real_parameter_is_refused(name, gradient):
    (p,) = parameters(1)
    p.grad = gradient
    with pytest.raises(ArgumentError, match="a parameter of float64 has a complex gradient"):
        getattr(optim, name)([p], lr=0.1).step()
    np.testing.assert_array_equal(p.numpy(), [1.0, 1.0])


def test_repr_tells_groups_and_hyper_parameters():
    text = repr(SGD([Tensor([1.0], requires_grad=True)], lr=0.1))
    assert text.startswith("SGD(\n  group 0: 1 parameters, lr=0.1, momentum=0.0")


def test_a_state_is_not_read_or_loaded_within_a_compiled_function():
    optimizer = optim.Adam([Tensor(np.ones(2), requires_grad=True)])
    state = optimizer.state_dict()
    for inside in (optimizer.state_dict, lambda: optimizer.load_state_dict(state)):
        with pytest.raises(autograd.CompileError, match=r"state_dict\(\) within a compiled function"):
            autograd.compile(inside)()
