"""Each pass on a program of its own: what it takes away, and that the results stay."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, compile, grad, no_grad  # noqa: A004  ours
from autograd.mode import recorded_by
from autograd.plan.building import Builder
from autograd.plan.chunks import in_parts
from autograd.plan.kinds import Array
from autograd.plan.loading import loaded
from autograd.plan.passes import (
    PASSES,
    broadcast_last,
    in_plain_form,
    simplified,
    with_plain_numbers,
    without_dead_code,
    without_repetition,
)
from autograd.plan.program import Constant
from autograd.plan.reuse import in_place, with_quick_products, with_ready_numbers
from autograd.plan.trace import Trace
from autograd.plan.writing import written

X = np.arange(6.0).reshape(2, 3) / 4


def program_of(function, *arrays):
    """The program of a function before any pass."""
    trace = Trace()
    trace.arguments = [Array(0.0).detach() for _ in arrays]
    for node, array in zip(trace.arguments, arrays, strict=True):
        node.value = array
    with recorded_by(trace), no_grad():
        found = function(*trace.arguments)
    trace.finish()
    outputs = [trace.operand(each) for each in (found if isinstance(found, tuple) else (found,))]
    names = dict(zip(trace.arguments, "xyz", strict=False))
    return Builder(trace, names).build(outputs)


def run(program, *arrays):
    program, texts = in_parts(program)
    text = written(program, "program", "", taken=[each for text in texts for each in text.defines]).after(texts)
    return loaded(text)["program"](*arrays)


def calls(program):
    return [step.function for step in program.steps]


def same(before, after, *arrays):
    for one, other in zip(run(before, *arrays), run(after, *arrays), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def unused(x):
    np.exp(x)
    return np.sin(x)


def twice_the_same(x):
    return np.sin(x) * 2 + np.exp(np.sin(x)) + np.sin(x) * 2


def nothing_done(x):
    return ((x * 1).T.T / 1.0).reshape(2, 3) + 0 * x


@pytest.mark.parametrize(
    ("one", "function", "left"),
    [
        (without_repetition, twice_the_same, ["np.sin", "np.multiply", "np.exp", "np.add", "np.add"]),
        (simplified, nothing_done, None),
        (broadcast_last, lambda x: np.broadcast_to(x[0], (2, 3)) * x, None),
        (in_plain_form, lambda x: np.swapaxes(x, 0, 1).sum(axis=0, keepdims=False), ["np.swapaxes", "np.add.reduce"]),
        (with_plain_numbers, lambda x: np.full((2, 3), 0.1) * x + np.float64(2.5) - np.zeros((2, 1)), None),
        (without_dead_code, lambda x: (np.sin(x), np.cos(x)), ["np.sin", "np.cos"]),
    ],
)
def test_a_pass_keeps_the_results(one, function, left):
    before = program_of(function, X)
    after = one(before)
    same(before, after, X)
    assert len(after.steps) <= len(before.steps)
    assert left is None or one is in_plain_form or calls(after) == left


def test_what_nobody_reads_goes_and_draws_stay():
    generator = np.random.default_rng(0)

    def draws(x):
        autograd.random.normal(0.0, 1.0, rng=generator)
        return unused(x)

    trace_free = program_of(unused, X)
    assert calls(without_dead_code(trace_free)) == ["np.sin"]
    compiled = compile(draws)
    compiled(X), compiled(X)
    other = np.random.default_rng(0)
    other.standard_normal(2)
    assert generator.random() == other.random()


def test_exact_algebra_takes_out_what_does_nothing_and_keeps_what_does():
    assert calls(without_dead_code(simplified(in_plain_form(program_of(nothing_done, X))))) == ["np.multiply", "np.add"]
    kept = program_of(lambda x: (x * 1.5, x.astype(np.float32), x.T, -x), X)
    assert len(simplified(kept).steps) == len(kept.steps)


def test_a_constant_that_is_one_number_is_written_as_that_beside_an_array_of_its_dtype():
    kinds = [
        type(each)
        for step in with_plain_numbers(program_of(lambda x: np.full((2, 3), 0.1) * x, X)).steps
        for each in step.arguments
    ]
    assert float in kinds
    single = program_of(lambda x: np.full((2, 3), 0.1) * x, X.astype(np.float32))
    assert [step.arguments for step in with_plain_numbers(single).steps] == [step.arguments for step in single.steps]


def test_a_number_spread_out_is_read_as_it_was():
    after = without_dead_code(broadcast_last(program_of(lambda x: np.broadcast_to(x[0], (2, 3)) * x, X)))
    assert "np.broadcast_to" not in calls(after)


def test_constants_are_computed_once_while_recording():
    assert calls(program_of(lambda x: x * np.sqrt(Tensor(2.0) * 8.0), X)) == ["np.multiply"]


def test_large_element_wise_work_is_done_in_parts_with_the_same_digits():
    large = np.random.default_rng(0).random((300, 400))

    def chain(x, y):
        middle = np.tanh(x * y) + 1.5
        return middle, np.exp(-middle * middle) * x - np.abs(y)

    program = program_of(chain, large, large[::-1])
    parted, texts = in_parts(program)
    assert len(texts) == 1
    assert calls(parted) == ["np.empty", "np.empty", "in_parts_1"]
    for found, expected in zip(run(program, large, large[::-1]), chain(large, large[::-1]), strict=True):
        np.testing.assert_array_equal(found, expected)


def written_to(program):
    return [step.function for step in program.steps if "out" in step.keywords]


def test_an_array_that_nobody_reads_any_more_is_written_again():
    def layers(x, w, b):
        h = x @ w + b
        y = np.tanh(h) * h
        return (y + 1.0).sum(), -y

    arrays = X, np.ones((3, 4)), np.arange(4.0)
    before = program_of(layers, *arrays)
    after = in_place(before)
    same(before, after, *arrays)
    assert written_to(after) == ["np.add", "np.multiply", "np.negative"]


def twice_read(h):
    first = h[0]
    return h + 1.0, first * 2.0


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (lambda x: x + 1.0, lambda x: x),  # an argument
        (lambda y: y + 1.0, np.exp),  # it may be in another order than rows
        (lambda h: (h + 1.0, h), lambda x: x @ x.T),  # a result
        (lambda h: (h + 1.0) * h, lambda x: x @ x.T),  # read again
        (twice_read, lambda x: x @ x.T),  # a view of it is read again
        (lambda h: h + h.T, lambda x: x @ x.T),  # a view of it is read at the same time
        (lambda h: h > 1.0, lambda x: x @ x.T),  # another dtype
        (lambda h: np.add.reduce(h, axis=0), lambda x: x @ x.T),  # another shape
    ],
)
def test_an_array_that_somebody_may_still_read_is_not_written_to(function, start):
    before = program_of(lambda x: function(start(x)), X)
    after = in_place(before)
    same(before, after, X)
    assert "np.add" not in written_to(after)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_made_ready_give_the_same_digits(dtype):
    def numbers(x):
        return np.maximum(x * 0.1 + 1, 1.3) / 3, x > 0, 2 - x, x**2

    before = program_of(numbers, X.astype(dtype))
    after = with_ready_numbers(before)
    same(before, after, X.astype(dtype))
    kinds = [type(each) for step in after.steps for each in step.arguments]
    assert kinds.count(Constant) == 6
    assert int in kinds  # of the power: there a number is another call


@pytest.mark.parametrize(("dtype", "quick"), [(np.float32, 2), (np.float64, 2), (np.complex128, 0), (np.int64, 0)])
def test_products_of_two_matrices_of_floats_are_quicker_with_the_same_digits(dtype, quick):
    def products(x, v):
        return x @ x.T, x.T @ x, x @ v, np.stack([x, x]) @ x.T

    arrays = (X * 4).astype(dtype), np.arange(3).astype(dtype)
    before = program_of(products, *arrays)
    after = with_quick_products(before)
    same(before, after, *arrays)
    assert calls(before).count("np.matmul") == 4
    assert calls(after).count("np.dot") == quick


def test_a_constant_that_is_indexed_by_an_argument_is_picked_from_by_numpy_itself():
    table = Tensor(np.arange(12.0).reshape(6, 2))
    picked = compile(lambda rows: autograd.take(table, rows, axis=0) * 2)
    for rows in ([0, 2, 5], [1, 1, -1]):
        np.testing.assert_array_equal(picked(np.array(rows)).numpy(), table.numpy()[rows] * 2)
    assert ".take(rows, axis=0) * 2" in picked.source


def test_a_compiled_program_has_no_more_calls_after_the_passes():
    compiled = compile(grad(lambda x: (autograd.softmax(x) ** 2 + autograd.log_softmax(x)).sum()))
    compiled(X)
    counts = [count for _, count in compiled.stats.steps]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]
    assert [name for name, _ in compiled.stats.steps][1:-1] == [each.__name__ for each in PASSES]
    assert "calls" in str(compiled.stats)
    assert compiled.stats.buffers > 0
    assert compiled.stats.nbytes > 0


def test_what_leads_to_a_new_value_is_computed_where_that_is_kept():
    p = Tensor(np.ones((2, 3)), requires_grad=True)
    q = Tensor(np.ones(4), requires_grad=True)

    @compile
    def step(x):
        for each in (p, q):
            each.data = (each.data * x + x) * 0.5 - each.data

    for x in (2.0, 3.0, 4.0):
        before = p.numpy().copy()
        step(np.float64(x))
        np.testing.assert_array_equal(p.numpy(), (before * x + x) * 0.5 - before)
    filled = [each.keywords["out"].name for each in step.plan.ready.program.steps if "out" in each.keywords]
    assert filled == ["new_parameters"] * 4


def test_parameters_that_are_moved_alike_lie_side_by_side_and_others_do_not():
    alike = [Tensor(np.full(shape, 0.5), requires_grad=True) for shape in ((2, 3), (4,), (1,))]
    other = Tensor(np.ones(3), requires_grad=True)
    known = {}

    @compile
    def step(x):
        for p in (*alike, other):
            p.zero_grad()
        sum((p * p).sum() for p in (*alike, other)).backward()
        for p in alike:
            p.data -= 0.1 * p.grad
        other.data = other.data * x - other.grad

    for _ in range(3):
        step(np.ones(3))
        known = {id(p.stored_grad.base) for p in alike}
    assert len(known) == 1
    assert step.source.count("new_parameters =") == 1
    assert "new_other" in step.source
    np.testing.assert_allclose(alike[0].numpy(), 0.5 * 0.8**3)
    np.testing.assert_allclose(other.numpy(), [-1.0] * 3)
    alike[1].data += 1.0
    step(np.ones(3))
    np.testing.assert_allclose(alike[1].numpy(), (0.5 * 0.8**3 + 1) * 0.8)
    np.testing.assert_allclose(alike[2].numpy(), [0.5 * 0.8**4])


def test_a_long_chain_in_a_compiled_function_needs_no_recursion():
    w = Tensor(np.ones(3), requires_grad=True)

    @compile
    def step():
        y = w * 1.5
        for _ in range(3000):
            y = y * 0.999 + 0.001
        w.data = y.detach() + w

    step()
    step()
    assert w.shape == (3,)


def test_within_detect_anomaly_the_function_itself_runs_and_tells_its_line():
    compiled = compile(lambda x: np.log(x))
    compiled(X + 1)
    with (
        np.errstate(all="ignore"),
        autograd.detect_anomaly(),
        pytest.raises(autograd.AnomalyError, match="test_passes"),
    ):
        compiled(Tensor(X - 1))


OF_PROGRAMS = [
    "np_tanh",
    "np_empty",
    "buffer_1",
    "min",
    "slice",
    "range",
    "part",
    "part_1",
    "in_parts_1",
    "bool",
    "run",
]


@pytest.mark.parametrize("size", [3, 2**16])
@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_a_function_or_argument_may_be_called_as_what_a_program_uses(name, size):
    space = {"np": np}
    body = "return np.tanh({0} * y) + np.exp({0}) * y > 0.5, np.sin({0} + y) * 2 - y"
    exec(f"def {name}(x, y): {body.format('x')}", space)
    exec(f"def second({name}, y): {body.format(name)}", space)
    x, y = np.linspace(0.0, 1.0, size), np.linspace(1.0, 3.0, size)
    for function in (space[name], space["second"]):
        compiled = compile(function)
        for found in (compiled(x, y), compiled(x, y)):
            np.testing.assert_array_equal(found, function(x, y))


def var(x):
    return np.var(x)


@pytest.mark.parametrize("function", [var, np.i0])
def test_a_function_may_be_called_as_an_operation_in_it(function):
    compiled = compile(function)
    for found in (compiled(X), compiled(X)):
        np.testing.assert_array_equal(found, function(X))


def test_two_operations_of_one_name_are_two():
    def doubling(factor):
        @autograd.elementwise(partial={"x": float(factor)})
        def times(x):
            return factor * np.array(x.tolist())

        return times

    two, three = doubling(2), doubling(3)
    compiled = compile(lambda x: two(x) + 10 * three(x))
    for found in (compiled(X), compiled(X)):
        np.testing.assert_array_equal(found, 2 * X + 30 * X)


def test_the_defaults_of_a_users_operation_are_not_those_of_numpy():
    @autograd.structural(vjp={"x": lambda g: g})
    def total(x, *, keepdims=True):
        return np.array(np.sum(x, axis=0, keepdims=keepdims).tolist())

    compiled = compile(lambda x: total(x, keepdims=False))
    for found in (compiled(X), compiled(X)):
        np.testing.assert_array_equal(found, X.sum(axis=0))


def test_an_exponent_in_an_array_is_no_number():
    compiled = compile(lambda x: autograd.power(x, np.full(3, 0.5)))
    x = np.array([-np.inf, -0.0, 4.0])
    with np.errstate(all="ignore"):
        for given in (np.ones(3), x):
            np.testing.assert_array_equal(1 / compiled(given), 1 / given ** np.full(3, 0.5))
