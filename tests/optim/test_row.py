"""Parameters side by side in rows: moved as each by itself, whatever happens to some of them in between."""

import copy
import pickle

import numpy as np
import pytest

import optim
from autograd import ShapeError, Tensor, compile  # noqa: A004  ours
from tests.optim.algorithms import ALL, EXAMPLES, made, movable, told

SHAPES = [(3, 2), (), (4,), (0, 2), (1, 1), (100, 100), (7000,), (8000,), (60, 90), (8192,), (8193,)] + [(5000,)] * 13
"""Small ones, some beside the limits of what is laid side by side, and more than one row of them."""


def parameters(shapes, dtype=np.float64):
    rng = np.random.default_rng(0)
    return [Tensor(rng.normal(size=shape), requires_grad=True, dtype=dtype) for shape in shapes]


def descend(optimizers, ps, steps, seed=1):
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        for p in ps:
            p.grad = np.asarray(rng.normal(size=p.shape), p.dtype)[()]
        for each in optimizers:
            each.step()


def same(one, other):
    for p, q in zip(one, other, strict=True):
        assert (p.shape, p.dtype, type(p.value)) == (q.shape, q.dtype, type(q.value))
        np.testing.assert_array_equal(p.numpy(), q.numpy())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "options"), ALL, ids=told)
def test_together_they_move_as_each_by_itself_to_the_bit(name, options, dtype):
    together, apart = (movable(name, parameters(SHAPES, dtype)) for _ in range(2))
    descend([made(name, together, options)], together, 4)
    descend([made(name, [p], options) for p in apart], apart, 4)
    same(together, apart)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_rule_says_that_it_goes_by_element_if_and_only_if_a_part_moves_as_in_the_whole(name):
    options = EXAMPLES[name][0]
    whole, parts = parameters([(4, 3)]), parameters([(4, 3)])
    halves = [Tensor(parts[0].numpy()[i : i + 2], requires_grad=True) for i in (0, 2)]
    one, other = made(name, whole, options), made(name, halves, options)
    g = np.random.default_rng(2).normal(size=(4, 3))
    for _ in range(2):
        whole[0].grad, halves[0].grad, halves[1].grad = g, g[:2], g[2:]
        one.step()
        other.step()
    moved_alike = np.array_equal(whole[0].numpy(), np.concatenate([p.numpy() for p in halves]))
    arrays = all(isinstance(each, np.ndarray) for each in one.kept[whole[0]] if each is not None)
    assert one.by_element == (moved_alike and arrays)


def test_a_parameter_that_pauses_is_loaded_or_rebound_goes_its_own_way():
    together, apart = parameters([(3,), (2, 2), ()]), parameters([(3,), (2, 2), ()])
    one = optim.Adam(together, lr=0.1, amsgrad=True)
    several = [optim.Adam([p], lr=0.1, amsgrad=True) for p in apart]
    descend([one], together, 2), descend(several, apart, 2)
    state, states = one.state_dict(), [each.state_dict() for each in several]
    for ps, optimizers in ((together, [one]), (apart, several)):
        ps[1].grad = None
        for each in optimizers:
            each.step()
        ps[1].grad = np.ones((2, 2))
        ps[0].data += 1.0
        for each in optimizers:
            each.step()
        descend(optimizers, ps, 2)
    same(together, apart)
    one.load_state_dict(state)
    for each, old in zip(several, states, strict=True):
        each.load_state_dict(old)
    descend([one], together, 2), descend(several, apart, 2)
    same(together, apart)
    assert [one.counts[p] for p in together] == [4, 4, 4]


def test_eager_and_compiled_steps_take_turns():
    mixed, eager = parameters([(3,), (2, 2), ()]), parameters([(3,), (2, 2), ()])
    one, other = (optim.Adam(ps, lr=0.1) for ps in (mixed, eager))
    compiled = compile(one.step)
    for i in range(12):
        for ps in (mixed, eager):
            for p in ps:
                p.grad = np.full(p.shape, np.sin(i + p.ndim))[()]
        (compiled if i % 4 < 2 else one.step)()
        other.step()
        same(mixed, eager)
    assert str(one.state_dict()) == str(other.state_dict())
    assert compiled.recompiles == 0


def dtypes(optimizer):
    """Those of parameters and of the arrays that are kept for them."""
    kept = [each for p in optimizer.parameters() for each in optimizer.kept.get(p, ()) if isinstance(each, np.ndarray)]
    return {each.dtype.name for each in (*optimizer.parameters(), *kept)}


@pytest.mark.parametrize("wrap", [lambda step: step, compile], ids=["eager", "compiled"])
@pytest.mark.parametrize(("name", "options"), ALL, ids=told)
def test_memories_go_with_parameters_to_another_dtype(name, options, wrap):
    ps = movable(name, parameters([(3, 2), (4,), (100, 100)]))
    optimizer = made(name, ps, options)
    step = wrap(optimizer.step)
    for dtype in ("float64", "float32", "float64", "float32"):
        for p in ps:
            p.assign(p.numpy().astype(dtype))
        for _ in range(2):
            for p in ps:
                p.grad = np.full(p.shape, 0.5, dtype)
            step()
        assert dtypes(optimizer) == {dtype}


@pytest.mark.parametrize("moved", [[0], [0, 1]])
def test_one_dtype_beside_another_is_kept_apart(moved):
    ps = parameters([(3,), (4,)])
    optimizer = optim.Adam(ps)
    descend([optimizer], ps, 2)
    for i in moved:
        ps[i].assign(ps[i].numpy().astype(np.float32))
    descend([optimizer], ps, 2)
    assert [p.dtype == np.float32 for p in ps] == [i in moved for i in range(2)]


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))], ids=["deepcopy", "pickle"]
)
def test_a_copied_optimizer_goes_on_as_the_one_it_was_copied_from(copied):
    ps, others = parameters([(3,), (2, 2)]), parameters([(3,), (2, 2)])
    one, other = (optim.SGD(each, lr=0.1, momentum=0.9) for each in (ps, others))
    descend([one], ps, 3), descend([other], others, 3)
    others, other = copied((others, other))
    for each, optimizer in ((ps, one), (others, other)):
        descend([optimizer], each, 2)
        each[1].grad = None
        optimizer.step()
        descend([optimizer], each, 2)
    same(ps, others)
    assert str(one.state_dict()) == str(other.state_dict())


def test_memory_that_is_written_from_outside_counts():
    ps = parameters([(3,), (2,)])
    optimizer = optim.SGD(ps, lr=1.0, momentum=0.5)
    descend([optimizer], ps, 1)
    state = optimizer.state_dict()
    for kept in state["state"].values():
        kept["momentum_buffer"][:] = 8.0
    optimizer.load_state_dict(state)
    before = ps[0].numpy().copy()
    for p in ps:
        p.grad = np.zeros(p.shape)
    optimizer.step()
    np.testing.assert_array_equal(ps[0].numpy(), before - 4.0)


def test_a_parameter_that_joins_after_momentum_was_switched_off_moves_without_it():
    old, new = parameters([(2,), (2,)])
    optimizer = optim.SGD([old, new], lr=1.0, momentum=0.5)
    old.grad = np.ones(2)
    optimizer.step()
    optimizer.param_groups[0]["momentum"] = 0.0
    new.grad, old.grad = np.ones(2), np.ones(2)
    optimizer.step()
    optimizer.counts[new] = optimizer.counts[old]  # as after loading: alike, but for the memory
    before = [p.numpy().copy() for p in (old, new)]
    optimizer.step()
    for p, q in zip((old, new), before, strict=True):
        np.testing.assert_array_equal(p.numpy(), q - 1.0)


def test_a_row_is_not_gathered_again_unless_a_parameter_was_given_other_data():
    ps = parameters([(3,), (2, 2)])
    optimizer = optim.Adam(ps, lr=0.1)
    descend([optimizer], ps, 2)
    owner = ps[0].value.base
    assert owner is not None
    assert all(p.value.base is owner for p in ps)
    (row,) = optimizer.layouts[0].rows
    assert row._value() is row._value()
    ps[1].data = np.ones((2, 2))
    np.testing.assert_array_equal(row._value()[3:], np.ones(4))


@pytest.mark.parametrize("shape", [(2, 3), (100, 100)])
def test_a_gradient_set_by_hand_may_be_a_number_or_wider_and_has_to_fit(shape):
    p = Tensor(np.ones(shape, np.float32), requires_grad=True)
    optimizer = optim.SGD([p], lr=0.5)
    for gradient, end in ((0, 1.0), (1.0, 0.5), (np.ones(shape), 0.0)):
        p.grad = gradient
        optimizer.step()
        np.testing.assert_array_equal(p.numpy(), np.full(shape, end))
        assert p.dtype == np.float32
    p.grad = np.ones(shape[1])
    with pytest.raises(ShapeError, match=rf"\({shape[0]}, {shape[1]}\) has a gradient of shape \({shape[1]},\)"):
        optimizer.step()
    np.testing.assert_array_equal(p.numpy(), np.zeros(shape))


def test_an_empty_parameter_that_comes_first_has_a_state_as_the_others():
    empty, other = (Tensor(np.zeros(size), requires_grad=True) for size in (0, 2))
    optimizer = optim.SGD([empty, other], lr=0.1, momentum=0.9)
    for _ in range(2):
        for each in (empty, other):
            each.grad = np.ones(each.shape)
        optimizer.step()
    assert list(optimizer.state_dict()["state"]) == [0, 1]
