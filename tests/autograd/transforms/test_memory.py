"""Checkpoints, a user's own derivative, hooks, and why a gradient is what it is."""

import functools
import gc
import operator
import tracemalloc
import weakref

import numpy as np
import pytest

from autograd import (
    ArgumentError,
    DeclarationError,
    GraphError,
    ShapeError,
    Tensor,
    Value,
    checkpoint,
    custom_vjp,
    detect_anomaly,
    grad,
    gradcheck,
    no_grad,
    random,
    sweep,
    why,
)


def chain(x, length=20):
    for _ in range(length):
        x = np.tanh(x * 1.1 + 0.1)
    return x


def leaf(shape=(3,)):
    return Tensor(np.linspace(-1, 1, int(np.prod(shape))).reshape(shape), requires_grad=True)


def test_a_checkpoint_gives_the_same_value_and_gradient():
    x, y = leaf(), leaf()
    chain(x).sum().backward()
    checkpoint(chain)(y).sum().backward()
    np.testing.assert_array_equal(y.grad, x.grad)


def test_a_checkpoint_keeps_one_step_and_runs_once_more():
    runs = []

    def f(a, b):
        runs.append(1)
        return a * b + a, a - b

    a, b, w = leaf(), leaf(), leaf()
    total, less = checkpoint(lambda a, b: f(a * w, b))(a, b)
    assert total.operation.name == less.operation.name == "reshape"
    (total * less).sum().backward()
    assert len(runs) == 2
    expected = grad(lambda a, b, w: ((a * w * b + a * w) * (a * w - b)).sum(), argnum=(0, 1, 2))(*[leaf().numpy()] * 3)
    for variable, each in zip((a, b, w), expected, strict=True):
        np.testing.assert_allclose(variable.grad, each, rtol=1e-14)


def test_what_a_checkpoint_reads_may_be_made_from_one_another():
    x = leaf()
    y = np.sin(x)
    checkpoint(lambda y: (y * x).sum())(y).backward()
    np.testing.assert_allclose(x.grad, np.cos(x.numpy()) * x.numpy() + np.sin(x.numpy()), rtol=1e-12)


def test_a_checkpoint_of_a_function_that_makes_nothing_new_passes_gradients_on():
    x = leaf()
    held = x * 2
    other = held + 1
    for given, f in ((held, lambda h: h), (x, lambda h: h), (held, lambda _: other), (x, lambda h: (h, h + 1))):
        found = []
        for made in (f(given), checkpoint(f)(given)):
            x.zero_grad()
            (made[0] * made[1]).sum().backward()
            found.append(x.grad)
        np.testing.assert_allclose(found[1], found[0])
        assert found[0].any()


def test_a_hook_on_what_a_checkpoint_reads_is_called_once():
    x = leaf()
    held = x * 2
    held.register_hook(lambda adjoint: 10 * adjoint)
    checkpoint(lambda h: h * h)(held).sum().backward()
    np.testing.assert_allclose(x.grad, 10 * 8 * x.numpy())


def test_a_checkpoint_and_what_it_was_given_are_freed_at_once():
    class Given(np.ndarray):
        """An array that can be watched."""

    given = np.ones(3).view(Given)
    watched = weakref.ref(given)
    out = checkpoint(lambda x, given: x * np.asarray(given))(leaf(), given)
    out.sum().backward()
    gc.disable()
    try:
        del out, given
        assert watched() is None
    finally:
        gc.enable()


def test_checkpoints_nest_and_have_derivatives_of_every_order():
    f = checkpoint(lambda x: checkpoint(np.sin)(x) * x)
    assert gradcheck(f, np.array([0.3, -0.8]), order=2)
    assert grad(grad(grad(checkpoint(lambda x: x**4))))(2.0) == pytest.approx(48.0)


def test_what_a_checkpoint_draws_is_drawn_again():
    rng = np.random.default_rng(0)
    x = leaf((50,))
    checkpoint(lambda x: x * random.bernoulli(0.5, size=50, rng=rng))(x).sum().backward()
    assert set(x.grad) == {0.0, 1.0}


@pytest.mark.parametrize("wrap", [checkpoint, lambda f: checkpoint(lambda x: checkpoint(f)(x) * 1.0)])
def test_a_generator_moves_on_as_without_a_checkpoint(wrap):
    def masks(wrap):
        rng, found = np.random.default_rng(0), []
        for _ in range(3):
            x = leaf((20,))
            wrap(lambda x: x * random.bernoulli(0.5, size=20, rng=rng))(x).sum().backward()
            found.append(x.grad)
        return found

    np.testing.assert_array_equal(masks(wrap), masks(lambda f: f))


def test_a_checkpoint_says_when_the_second_run_is_another():
    rng = np.random.default_rng(0)
    x = leaf()
    y = checkpoint(lambda x: x * rng.random())(x)
    with pytest.raises(GraphError, match="another value"):
        y.sum().backward()
    z = checkpoint(lambda x: x * x)(x)
    x.data = np.zeros(3)
    with pytest.raises(GraphError, match="new data"):
        z.sum().backward()


def test_a_checkpoint_needs_tensors_and_records_nothing_within_no_grad():
    with pytest.raises(ArgumentError, match="tensors of one dtype"):
        checkpoint(lambda x: [x, "text"])(leaf())
    with no_grad():
        assert checkpoint(chain)(leaf()).operation is None


def test_a_checkpoint_of_plain_arrays_is_the_function():
    x = np.array([1.0, 2.0])
    assert type(checkpoint(np.sin)(x)) is np.ndarray
    assert checkpoint(lambda x: {"twice": 2 * x, "shape": "any"})(2.0) == {"twice": 4.0, "shape": "any"}
    assert not checkpoint(np.sin)(Tensor(x)).requires_grad


def test_a_checkpoint_holds_less_memory():
    def peak(f):
        x = Tensor(np.zeros(100_000), requires_grad=True)
        gc.collect()
        tracemalloc.start()
        for _ in range(8):
            x = f(x)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return held

    assert peak(checkpoint(chain)) < peak(chain) / 5


def test_custom_vjp_differentiates_code_that_is_no_operation():
    @custom_vjp(lambda g, out, x, y: (g * y, g * x))
    def product(x, y):
        return np.frombuffer((np.asarray(x) * y).tobytes())

    assert gradcheck(product, np.array([0.3, 0.5]), np.array([1.5, -2.0]), order=2)
    assert type(product(np.ones(2), np.ones(2))) is np.ndarray


def test_custom_vjp_may_leave_an_argument_out_and_its_count_is_checked():
    @custom_vjp(lambda g, out, x, y: (g, None))
    def first(x, y):
        return x + 0 * y

    x, y = leaf(), leaf()
    first(x, y).sum().backward()
    np.testing.assert_array_equal(y.grad, np.zeros(3))

    @custom_vjp(lambda g, out, x, y: (g,))
    def wrong(x, y):
        return x + y

    with pytest.raises(ArgumentError, match="returned 1 adjoints for 2 arguments"):
        wrong(x, y).sum().backward()


def test_custom_vjp_runs_its_backward_once_a_sweep_and_keeps_no_graph():
    runs = []

    @custom_vjp(lambda g, out, x, y: (runs.append(1), (g * y, g * x))[1])
    def product(x, y):
        return x * y

    x, y = leaf(), leaf()
    out = product(x, y)
    out.sum().backward()
    assert len(runs) == 1
    kept = weakref.ref(out)
    del out
    assert kept() is None


class Scaling:
    """Something that can be called, and has a method."""

    def __call__(self, x):
        return 3 * np.asarray(x)

    def by(self, x, factor=2.0):
        return np.asarray(x) * factor


@pytest.mark.parametrize(
    ("function", "backward", "expected"),
    [
        (np.sort, lambda g, out, a: 5 * g, [5.0, 5.0, 5.0]),
        (operator.neg, lambda g, out, a: -g, [-1.0, -1.0, -1.0]),
        (functools.partial(np.roll, shift=1), lambda g, out, a: g * out, [1.0, -1.0, 0.0]),
        (np.square, lambda g, out, x: g * x, [-1.0, 0.0, 1.0]),
        (Scaling(), lambda g, out, x: 3 * g, [3.0, 3.0, 3.0]),
        (Scaling().by, lambda g, out, x: 2 * g, [2.0, 2.0, 2.0]),
        (Scaling().by, lambda g, out, x, factor: (factor * g, None), [2.0, 2.0, 2.0]),
        (lambda *rows: np.asarray(rows[0]), lambda g, out, *rows: [g * len(rows)], [1.0, 1.0, 1.0]),
    ],
)
def test_custom_vjp_takes_whatever_can_be_called(function, backward, expected):
    x = leaf()
    custom_vjp(backward)(function)(x).sum().backward()
    np.testing.assert_array_equal(x.grad, expected)


def test_custom_vjp_takes_its_arguments_as_the_function_does():
    scaled = custom_vjp(lambda g, out, x, factor: (g * factor, (g * x).sum()))(Scaling().by)
    assert grad(lambda factor: scaled(np.ones(3), factor=factor).sum())(1.0) == 3.0
    np.testing.assert_array_equal(scaled(leaf(), 5.0).numpy(), [-5.0, 0.0, 5.0])
    ordered = custom_vjp(lambda g, out, a: g)(np.sort)
    np.testing.assert_array_equal(ordered(Tensor([[2.0, 1.0], [0.0, 3.0]]), axis=0).numpy(), [[0.0, 1.0], [2.0, 3.0]])
    with pytest.raises(DeclarationError, match=r"asks for x, y after g and out.*neg takes: a"):
        custom_vjp(lambda g, out, x, y: g)(operator.neg)


def test_custom_vjp_takes_any_number_of_arguments_and_parameters_of_any_name():
    total = custom_vjp(lambda g, out, x, *more: (g, *[g * each for each in more]))(lambda x, *more: x + sum(more))
    np.testing.assert_array_equal(grad(total, (0, 1, 2))(1.0, 2.0, 3.0), [1.0, 2.0, 3.0])
    scaled = custom_vjp(lambda g, out, x: g * 3.0)(lambda x, **by: x * by["factor"])
    assert (scaled(2.0, factor=4.0), grad(lambda x: scaled(x, factor=3.0))(2.0)) == (8.0, 3.0)
    with pytest.raises(ArgumentError, match="no derivative by 'factor'"):
        scaled(2.0, factor=Tensor(3.0))


@pytest.mark.parametrize(
    ("function", "backward"),
    [
        (lambda x: x, lambda g, out: g),
        (lambda x: x, lambda g: g),
        (lambda x, y: x, lambda g, out, x: g),
        (lambda *all: all[0], lambda g, out: g),
        (lambda x, y, *more: x, lambda g, out, x: g),
    ],
)
def test_custom_vjp_says_at_once_that_a_backward_function_takes_too_few_arguments(function, backward):
    with pytest.raises(DeclarationError, match=r"is given g, out and .*, and takes g.*; let it take them all"):
        custom_vjp(backward)(function)


def test_custom_vjp_keeps_nothing_of_a_sweep():
    watched = []

    def back(g, out, x):
        found = g * 2
        watched.append(weakref.ref(found))
        return found

    double = custom_vjp(back)(lambda x: np.asarray(x) * 2)
    x = leaf()
    (double(x) * 3).sum().backward()
    first = sweep((double(x) ** 2).sum(), create_graph=True)
    assert first[x].requires_grad
    x.zero_grad()
    del first
    assert [each() for each in watched] == [None, None]


def test_a_hook_looks_and_changes_and_goes():
    x = leaf()
    seen = []
    y = x * 2
    hook = y.register_hook(lambda adjoint: seen.append(adjoint.copy()))
    with y.register_hook(lambda adjoint: np.clip(adjoint, -0.5, 0.5)):
        (y * np.array([1.0, 0.1, -3.0])).sum().backward()
    np.testing.assert_array_equal(seen[0], [1.0, 0.1, -3.0])
    np.testing.assert_allclose(x.grad, [1.0, 0.2, -1.0])
    hook.remove()
    hook.remove()
    y.sum().backward()
    assert len(seen) == 1


def test_a_hook_sees_one_complete_adjoint_and_cannot_write_to_it():
    x = leaf()
    y = x * 1.0
    calls = []
    y.register_hook(calls.append)
    (y + y * y).sum().backward()
    assert len(calls) == 1
    with pytest.raises(ValueError, match="read-only"):
        calls[0][0] = 5.0


def test_a_hook_on_a_leaf_and_on_a_recorded_sweep():
    x = Value(3.0)
    x.register_hook(lambda adjoint: adjoint * 2)
    assert sweep(x * x)[x] == 12.0
    first = sweep(x * x, create_graph=True)[x]
    assert first.value == 12.0


def test_a_hook_has_to_keep_the_shape_and_needs_a_gradient():
    x = leaf()
    x.register_hook(lambda adjoint: adjoint[:2])
    with pytest.raises(ShapeError, match=r"\(3,\).*\(2,\)"):
        x.sum().backward()
    with pytest.raises(GraphError, match="no adjoint"):
        Tensor(1.0).register_hook(print)


def test_why_tells_the_three_nothings_apart():
    x = Tensor(2.0, requires_grad=True)
    assert why(x).startswith("not computed")
    y = x * 0.0
    y.backward()
    assert why(x).startswith("zero")
    assert "retain_grad()" in why(y)
    (x * 3).backward()
    assert why(x) == "a number: a path leads to it; its largest element is 3"
    assert "requires_grad=True" in why(Tensor(1.0))
    with pytest.raises(ArgumentError, match="float"):
        why(2.0)


def test_why_names_the_line_where_a_path_was_cut():
    x = Tensor(2.0, requires_grad=True)
    squared = x * x
    cut = squared.detach()
    other = Tensor(1.0, requires_grad=True)
    root = cut * other
    assert why(x, root).startswith("no path: detached at")
    assert "test_memory.py" in why(x, root)
    assert "`cut = squared.detach()`" in why(x, root)
    assert why(other, root).startswith("a number")
    assert why(x, squared.detach() * 3 + 1).startswith("no path: detached at")
    with no_grad():
        held = x * 5
    assert "no_grad()" in why(x, held + other)
    assert "sign has no derivative" in why(x, np.sign(x) * other)
    assert why(x, other * 2) == "no path: the root was not made from it"
    del squared
    assert "unless through what was detached at" in why(x, root)
    assert why(cut) == why(cut, root)
    assert "detached" in why(cut)


def test_an_anomaly_is_an_error_that_names_operation_and_line():
    x = Tensor([1.0, 0.0], requires_grad=True)
    with detect_anomaly(), np.errstate(all="ignore"):
        with pytest.raises(FloatingPointError, match=r"log.*test_memory\.py"):
            np.log(x)
        y = np.sqrt(x).sum()
        with pytest.raises(FloatingPointError, match=r"sqrt.*'x'.*test_memory\.py"):
            y.backward()
    assert (x * 2).sum().value == 2.0
