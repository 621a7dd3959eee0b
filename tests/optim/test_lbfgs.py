"""L-BFGS: PyTorch's numbers, its line search, its state, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from autograd import ArgumentError, CompileError, DomainError, Tensor, compile  # noqa: A004  ours
from optim import LBFGS, StateError
from tests.reference.minima import CASES, FUNCTIONS, START

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "minima.npz")


def problem(name, options, start=START, dtype=np.float64):
    parameters = [Tensor(each, requires_grad=True, dtype=dtype) for each in start]
    optimizer = LBFGS(parameters, **options)

    def closure():
        optimizer.zero_grad()
        loss = FUNCTIONS[name](*parameters)
        loss.backward()
        return loss

    return parameters, optimizer, closure


def flat(parameters):
    return np.concatenate([np.ravel(p.numpy()) for p in parameters])


@pytest.mark.parametrize(("key", "case"), CASES.items(), ids=CASES)
def test_the_path_and_the_counts_are_pytorchs(key, case):
    parameters, optimizer, closure = problem(*case[:2])
    path = []
    for _ in range(case[2]):
        optimizer.step(closure)
        path.append([*flat(parameters), optimizer.history.n_iter, optimizer.history.func_evals])
    np.testing.assert_array_equal(np.array(path)[:, 4:], GOLDEN[key][:, 4:])
    np.testing.assert_allclose(np.array(path), GOLDEN[key], rtol=1e-12, atol=1e-12)


def test_a_line_search_finds_the_bottom_of_the_valley():
    parameters, optimizer, closure = problem("valley", {"line_search_fn": "strong_wolfe", "tolerance_change": 1e-20})
    before = closure().item()
    assert optimizer.step(closure).item() == before
    for _ in range(4):
        optimizer.step(closure)
    np.testing.assert_allclose(flat(parameters), np.ones(4), atol=1e-7)


def test_a_minimum_ends_the_descent_at_once():
    parameters, optimizer, closure = problem("valley", {}, start=([1.0, 1.0], [1.0, 1.0]))
    optimizer.step(closure)
    np.testing.assert_array_equal(flat(parameters), np.ones(4))
    assert optimizer.history.func_evals == 1


def test_float32_stays_and_a_number_and_a_parameter_without_gradient_are_in_the_row():
    parameters, optimizer, closure = problem("bowl", {"lr": 0.01}, start=([1.0], 0.5), dtype=np.float32)
    still = Tensor([7.0], requires_grad=True, dtype=np.float32)
    optimizer.param_groups[0]["params"].append(still)
    optimizer.step(closure)
    assert {p.dtype for p in parameters} == {np.dtype(np.float32)}
    assert (parameters[1].shape, still.item()) == ((), 7.0)


def test_a_resumed_run_is_the_same_to_the_bit_and_without_its_state_it_is_not():
    options = {"lr": 0.01, "max_iter": 3}
    whole, optimizer, closure = problem("bowl", options)
    for _ in range(2):
        optimizer.step(closure)
    state, here = optimizer.state_dict(), [p.numpy().copy() for p in whole]
    optimizer.step(closure)
    ends = []
    for remembers in (True, False):
        parameters, resumed, again = problem("bowl", options, start=here)
        if remembers:
            resumed.load_state_dict(state)
        resumed.step(again)
        ends.append(flat(parameters))
    np.testing.assert_array_equal(ends[0], flat(whole))
    assert not np.array_equal(ends[1], flat(whole))


def test_a_state_of_other_parameters_changes_nothing():
    _, optimizer, closure = problem("bowl", {"lr": 0.01})
    optimizer.step(closure)
    before = optimizer.state_dict()
    _, other, other_closure = problem("bowl", {"lr": 0.02}, start=([1.0], [2.0]))
    other.step(other_closure)
    kept = before["state"][0]
    spoilt = [{**kept, **other} for other in ({"n_iter": -1}, {"d": None}, {"ro": None}, {"ro": [1.0]}, {"t": "x"})]
    states = [{**before, "state": {0: each}} for each in ({"step": 1}, *spoilt)]
    for state in (other.state_dict(), *states):
        with pytest.raises(StateError):
            optimizer.load_state_dict(state)
        np.testing.assert_equal(optimizer.state_dict(), before)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda p: LBFGS([{"params": p[:1]}, {"params": p[1:]}]), ArgumentError, "one group"),
        (lambda p: LBFGS([Tensor([1j], requires_grad=True)]), ArgumentError, "real"),
        (lambda p: LBFGS(p, line_search_fn="armijo"), DomainError, "'strong_wolfe'; found 'armijo'"),
        (lambda p: LBFGS(p, history_size=0), DomainError, "history_size"),
        (lambda p: LBFGS(p, lr=-1.0), DomainError, "lr"),
        (lambda p: LBFGS(p).step(), ArgumentError, r"step\(closure\)"),
    ],
)
def test_what_makes_no_sense_is_refused(make, error, said):
    with pytest.raises(error, match=said):
        make([Tensor(each, requires_grad=True) for each in START])


def test_it_cannot_be_compiled_and_says_why():
    _, optimizer, closure = problem("bowl", {})
    with pytest.raises(CompileError, match="LBFGS goes on by the losses"):
        compile(lambda: optimizer.step(closure))()
