"""Large parameters: moved to the bit as their rule says, into arrays that nobody else holds, all of them or none."""

import copy
import pickle

import numpy as np
import pytest

import optim
from autograd import ShapeError, Tensor, sweep
from autograd.plan import cores
from optim import large
from tests.optim.algorithms import ALL, made, told

SIZES = [(8193,), (100, 100), (300_001,)]
"""Just too large for a row; of two axes; in several parts, on several cores."""


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(cores, "cores", lambda: 2)
    cores._pool.cache_clear()
    yield
    cores._pool().shutdown()
    cores._pool.cache_clear()


def parameters(shapes, dtype=np.float64):
    rng = np.random.default_rng(0)
    return [Tensor(rng.normal(size=shape), requires_grad=True, dtype=dtype) for shape in shapes]


def given_gradients(ps, seed):
    rng = np.random.default_rng(seed)
    for p in ps:
        p.grad = rng.normal(size=p.shape).astype(p.dtype)


def addresses(ps):
    return [p.value.ctypes.data for p in ps]


BY_ELEMENT = [(name, options) for name, options in ALL if getattr(optim, name).by_element]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "options"), BY_ELEMENT, ids=told)
def test_a_rule_that_goes_by_element_moves_large_parameters_as_it_says_to_the_bit(name, options, dtype):
    ps = parameters(SIZES, dtype)
    optimizer = made(name, ps, options)
    hyper = optimizer.param_groups[0]
    expected = [(p.numpy().copy(), optimizer.start(p.numpy(), hyper)) for p in ps]
    for step in range(1, 4):
        given_gradients(ps, step)
        optimizer.step()
        expected = [
            optimizer.update(value, p.grad, memory, step, hyper)
            for p, (value, memory) in zip(ps, expected, strict=True)
        ]
    for p, (value, memory) in zip(ps, expected, strict=True):
        np.testing.assert_array_equal(p.numpy(), value)
        assert (p.shape, p.dtype) == (value.shape, value.dtype)
        for found, wanted in zip(optimizer.kept[p], memory, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_values_take_turns_between_two_arrays_and_memories_stay_where_they_are():
    ps = parameters([(300_000,), (300_000,)])
    optimizer = optim.Adam(ps)
    seen = []
    for step in range(8):
        given_gradients(ps, step)
        optimizer.step()
        seen.append((*addresses(ps), *(each.ctypes.data for p in ps for each in optimizer.kept[p][:2])))
    assert len(set(seen[2:])) <= 4
    assert len({each[2:] for each in seen}) == 1


def test_what_anybody_holds_is_not_written_over():
    ps = parameters([(300_000,), (9000,)])
    optimizer = optim.SGD(ps, lr=0.1, momentum=0.9)
    held = []
    for step in range(5):
        loss = sum((p * p).sum() for p in ps)
        held += [(lambda loss=loss, p=p: sweep(loss)[p], 2 * p.numpy()) for p in ps]
        given_gradients(ps, step)
        optimizer.step()
        for p in ps:
            for seen in (p.numpy(), p.numpy()[5:], optimizer.kept[p][0], optimizer.kept[p][0][3:]):
                held.append((seen, seen.copy()))
    for seen, expected in held:
        np.testing.assert_array_equal(seen() if callable(seen) else seen, expected)


def test_all_are_moved_or_none():
    ps = parameters([(300_000,), (9000,)])
    optimizer = optim.SGD(ps, lr=0.1, momentum=0.9)
    given_gradients(ps, 0)
    optimizer.step()
    before, state = [p.numpy().copy() for p in ps], str(optimizer.state_dict())
    ps[1].grad = np.ones(7)
    with pytest.raises(ShapeError, match=r"\(9000,\) has a gradient of shape \(7,\)"):
        optimizer.step()
    for p, value in zip(ps, before, strict=True):
        np.testing.assert_array_equal(p.numpy(), value)
    assert str(optimizer.state_dict()) == state


def test_an_interrupt_waits_until_a_step_is_whole(monkeypatch):
    ps, others = parameters([(300_000,), (300_000,)]), parameters([(300_000,), (300_000,)])
    optimizer, other = (optim.Adam(each) for each in (ps, others))
    given_gradients(ps, 0), given_gradients(others, 0)
    wait, interrupts = cores.wait, [KeyboardInterrupt(), KeyboardInterrupt()]

    def interrupted(running):
        if interrupts:
            raise interrupts.pop()
        wait(running)

    monkeypatch.setattr(cores, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    other.step()
    for one, two in zip(ps, others, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
        np.testing.assert_array_equal(optimizer.kept[one][1], other.kept[two][1])


def test_an_optimizer_of_large_parameters_is_copied_and_pickled():
    ps = parameters([(9000,)])
    optimizer = optim.Adam(ps)
    given_gradients(ps, 0)
    optimizer.step()
    for again in (copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))):
        (q,), other = again((ps, optimizer))
        q.grad = np.ones(9000)
        other.step()
        assert other.counts[q] == 2
        assert not np.array_equal(q.numpy(), ps[0].numpy())


def test_a_program_is_recorded_once_for_each_group_of_hyper_parameters(monkeypatch):
    recorded = []
    fused = large.fused
    monkeypatch.setattr(large, "fused", lambda *told: recorded.append(told) or fused(*told))
    ps = parameters([(9000,), (9000,), (9001,)])
    optimizer = optim.SGD([{"params": ps[:2], "momentum": 0.9}, {"params": ps[2:], "weight_decay": 0.1}], lr=0.1)
    for step in range(3):
        given_gradients(ps, step)
        for group in optimizer.param_groups:
            group["lr"] /= 2
        optimizer.step()
    assert len(recorded) == 2


@pytest.mark.parametrize(("name", "options"), BY_ELEMENT, ids=told)
def test_hyper_parameters_that_change_are_read_by_one_program_more_to_the_bit(name, options, monkeypatch):
    recorded = []
    fused = large.fused
    monkeypatch.setattr(large, "fused", lambda *told: recorded.append(told) or fused(*told))
    (p,) = parameters([(9000,)])
    optimizer = made(name, [p], options)
    group, start = optimizer.param_groups[0], dict(optimizer.param_groups[0])
    value, memory = p.numpy().copy(), optimizer.start(p.numpy(), group)
    for step in range(1, 6):
        for each in optimizer.varying:
            group[each] = tuple(x / step for x in start[each]) if each == "betas" else start[each] / step
        given_gradients([p], step)
        optimizer.step()
        value, memory = optimizer.update(value, p.grad, memory, step, group)
    np.testing.assert_array_equal(p.numpy(), value)
    assert len(recorded) == (2 if any(start[each] for each in optimizer.varying) else 1)


def test_no_memory_is_the_gradient_that_the_user_may_write_to():
    found = []
    for size in (2, 10_000):
        p = Tensor(np.ones(size), requires_grad=True)
        optimizer = optim.Adan([p], lr=0.01)
        for step in range(4):
            if p.grad is not None:
                p.grad[...] = 0
            (p * p * (step + 1.0)).sum().backward()
            optimizer.step()
        found.append(p.numpy()[0])
    assert found[0] == found[1]
