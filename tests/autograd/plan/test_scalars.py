"""Graphs of many scalars: grouped into vector operations, with the values and gradients of one by one."""

import random

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, compile, special  # noqa: A004  ours
from autograd.declaration import elementwise


def network(weights, rows):
    """A small network of scalars in micrograd's way, with powers, divisions, constants, and shared terms."""
    total = 0
    for row in rows:
        hidden = [sum((w * x for w, x in zip(weights[i : i + 3], row, strict=True)), weights[i + 3]) for i in (0, 4, 8)]
        active = [autograd.relu(h) + h.tanh() * 0.5 - h**2 / (h**2 + 1.5) for h in hidden]
        total = total + (2.0 - active[0] * active[1]) / (1.0 + active[2] ** 2)
    return total * (1.0 / len(rows)) + 1e-3 * sum(w * w for w in weights)


def start(seed=0):
    return [Value(each) for each in np.random.default_rng(seed).normal(size=12)]


def trained(step, weights, count=5):
    found = []
    for _ in range(count):
        loss = step()
        found.append((loss.data, [w.data for w in weights], [w.grad for w in weights]))
    return found


def step_of(weights, rows):
    def step():
        loss = network(weights, rows)
        for w in weights:
            w.grad = 0
        loss.backward()
        for w in weights:
            w.data -= 0.05 * w.grad
        return loss

    return step


def close(found, expected):
    for one, other in zip(found, expected, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_a_network_of_scalars_trains_in_groups_as_one_by_one():
    rows = np.random.default_rng(1).normal(size=(20, 3)).tolist()
    eager, grouped = start(), start()
    compiled = compile(step_of(grouped, rows))
    close(trained(compiled, grouped), trained(step_of(eager, rows), eager))
    assert compiled.recompiles == 0
    assert "scalar_values" in compiled.source
    assert len(compiled.plan.ready.program.steps) < 200


def test_points_that_are_arguments_may_differ_in_each_call():
    eager, grouped = start(), start()
    batches = np.random.default_rng(2).normal(size=(4, 10, 3))

    def step(weights):
        def run(points):
            rows = [[Value(x) for x in row] for row in points]
            loss = network(weights, rows)
            for w in weights:
                w.grad = 0
            loss.backward()
            return loss, [w.grad for w in weights]

        return run

    compiled = compile(step(grouped))
    for points in batches:
        loss, gradients = compiled(points)
        expected, slopes = step(eager)(points)
        assert loss.data == pytest.approx(expected.data, rel=1e-12)
        np.testing.assert_allclose(gradients, slopes, rtol=1e-11)
    assert compiled.recompiles == 0


def test_scalars_that_come_from_arrays_and_go_to_arrays_stay_connected():
    def make():
        w = Tensor(np.linspace(-1.0, 1.0, 8), requires_grad=True)

        def step(x):
            w.zero_grad()
            parts = [w[i] * x[i] for i in range(8)]
            loss = sum(a * b + a / (2.0 + b * b) for a in parts for b in parts)
            loss.backward()
            return loss

        return w, step

    (w, step), (other, plain) = make(), make()
    compiled = compile(step)
    for seed in range(3):
        x = np.random.default_rng(seed).normal(size=8)
        assert compiled(x).item() == pytest.approx(plain(x).item(), rel=1e-12)
        np.testing.assert_allclose(w.grad, other.grad, rtol=1e-11)


def test_a_long_chain_of_sums_has_the_digits_of_one_addition_after_another():
    weights = [Value(each) for each in 10.0 ** np.random.default_rng(3).uniform(-8, 8, 300)]

    @compile
    def added():
        loss = sum(w * 1.0 for w in weights)
        loss.backward()
        return loss

    added()
    total = 0.0
    for w in weights:
        total += w.data
    assert added().data == total
    assert weights[0].grad == 2.0


def test_two_long_chains_of_sums_side_by_side_have_these_digits_too():
    weights = [Value(each) for each in np.random.default_rng(3).normal(size=200)]

    def made(x):
        first, second = (sum(w * x for w in weights[start::2]) for start in range(2))
        loss = first * second
        loss.backward()
        return loss

    compiled = compile(made)
    for x in np.random.default_rng(4).normal(size=20):
        assert compiled(x).data == made(x).data


def test_two_sweeps_in_one_function_each_have_their_block():
    weights = start()

    @compile
    def twice():
        network(weights, [[1.0, 2.0, 3.0]] * 8).backward()
        first = [w.grad for w in weights]
        network(weights, [[1.0, 0.0, -1.0]] * 8).backward()
        return first, [w.grad for w in weights]

    for _ in range(2):
        for w in weights:
            w.grad = 0
        first, both = twice()
    for w in weights:
        w.grad = 0
    network(weights, [[1.0, 2.0, 3.0]] * 8).backward()
    np.testing.assert_allclose(first, [w.grad for w in weights], rtol=1e-12)
    network(weights, [[1.0, 0.0, -1.0]] * 8).backward()
    np.testing.assert_allclose(both, [w.grad for w in weights], rtol=1e-12)


def agrees(make, inputs=(2.0, 3.0, 0.5)):
    """A function and its compiled form give the same for each input, the compiled one in groups."""
    plain, compiled = make(), compile(make())
    for x in map(np.float64, inputs):
        expected, found = plain(x), compiled(x)
        assert [each is None for each in found] == [each is None for each in expected]
        numbers = [[each.item() for each in row if each is not None] for row in (found, expected)]
        np.testing.assert_allclose(*numbers, rtol=1e-11, atol=1e-13)
    assert "scalar_values" in compiled.source
    assert compiled.recompiles == 0


def many(start=0.31):
    return [Value(start + 0.01 * each) for each in range(80)]


def swept(loss, weights):
    """The gradients of a loss, computed anew."""
    for w in weights:
        w.zero_grad()
    loss.backward()
    return [w.grad for w in weights]


def of_many(loss_of, start=0.31):
    """Makes functions that give a loss of many weights and an argument, and its gradients."""

    def make():
        weights = many(start)

        def run(x):
            loss = loss_of(weights, x)
            return [loss, *swept(loss, weights)]

        return run

    return make


def test_powers_with_and_without_gradient_keep_their_exponents():
    def loss(weights, x):
        return sum(x**2 * w + (w + x) ** 3 + ((w + x) * 0.1) ** 2 for w in weights)

    agrees(of_many(loss))


def test_blocks_of_one_function_keep_their_powers_apart():
    def make():
        weights = many()

        def run(x):
            first = sum((w * x) ** 2 + (w + x) ** 3 for w in weights)
            before = swept(first, weights)
            second = sum((w * x) ** 4 for w in weights)
            return [first, second, *before, *swept(second, weights)]

        return run

    agrees(make)


def test_numbers_of_an_operation_are_told_apart_by_their_sign_too():
    def loss(weights, x):
        return sum(w * (np.arctan2(0.0, w - 9.0) - np.arctan2(-0.0, w - 9.0)) * x for w in weights)

    agrees(of_many(loss))


def test_a_sweep_after_an_update_reaches_the_weights():
    def make():
        weights = many()

        def run(x):
            found = []
            for _ in range(3):
                loss = sum((w * x - 1.0) ** 2 for w in weights)
                found += [loss, *swept(loss, weights)]
                for w in weights:
                    w.data -= 0.1 * w.grad
            return [*found, *[w.data for w in weights]]

        return run

    agrees(make)


def test_a_partial_sum_may_be_returned_and_used():
    def make():
        weights = many()

        def run(x):
            data = sum([(w * x - 1.0) ** 2 for w in weights])
            loss = data + 0.1 * sum(w * w for w in weights)
            gradients = swept(loss, weights)
            return [loss, data, data * 2.0, data.grad, *gradients]

        return run

    agrees(make)


def test_a_value_of_a_block_may_be_read_before_the_sweep():
    def make():
        weights = many()

        def run(x):
            scores = [w * x - 0.5 for w in weights]
            right = sum(autograd.where(each > 0, 1.0, 0.0) for each in scores)
            double = scores[3].data * 2.0
            loss = sum(each**2 for each in scores)
            return [*swept(loss, weights), loss, right, double]

        return run

    agrees(make)


@pytest.mark.parametrize(
    "middle",
    [
        lambda a: np.clip(a, -10.0, 0.7),
        lambda a: autograd.where(a > 0.7, a, 2.0 * a),
        lambda a: np.stack([a, a * a]).sum(),
        np.mean,
    ],
    ids=["clip", "where", "stack", "mean"],
)
def test_what_is_no_operation_on_single_numbers_may_stand_in_the_middle(middle):
    def loss(weights, x):
        a = weights[0] * x
        return sum((w * x - 1.0) ** 2 for w in weights) * middle(a) + a

    agrees(of_many(loss))


def test_every_adjoint_of_a_value_is_kept():
    def make():
        weights = many()

        def run(x):
            given, made, number = Value(x), Value(0.5), Value(0.5)
            differences = [w * given - made for w in weights]
            data = sum(each**2 for each in differences)
            loss = data + number * weights[0]
            gradients = swept(loss, weights)
            kept = [given, made, number, data, loss, *differences]
            once = [each.grad for each in kept]
            differences[1].grad = 0.0
            (data * loss).backward()
            return [*gradients, *once, *[each.grad for each in kept]]

        return run

    agrees(make)


def test_an_adjoint_that_a_tensor_retains_is_kept():
    def make():
        weights = [Tensor(0.01 * each, requires_grad=True) for each in range(80)]

        def run(x):
            products = [w * x for w in weights]
            products[3].retain_grad()
            loss = sum(each**2 for each in products)
            return [loss, *swept(loss, weights), products[3].grad, products[4].grad]

        return run

    agrees(make)


def test_a_hook_sees_and_changes_an_adjoint():
    def loss(weights, x):
        products = [w * x for w in weights]
        products[5].register_hook(lambda adjoint: 3.0 * adjoint)
        return sum(each**2 for each in products)

    agrees(of_many(loss))


@pytest.mark.parametrize("step", [np.sign, np.floor, lambda a: np.copysign(2.0, a), lambda a: a // 0.7])
def test_an_operation_without_a_derivative_ends_a_gradient(step):
    def make():
        weights, factors = many(), many(0.5)

        def run(x):
            inner = weights[0] * x
            loss = sum(f * step(w * x - 1.0) for w, f in zip(weights, factors, strict=True)) * step(inner)
            return [loss, *swept(loss, [*weights, *factors]), inner.grad]

        return run

    agrees(make)


def test_no_gradient_flows_through_what_is_detached():
    def make():
        weights, factors = many(), many(0.5)

        def run(x):
            products = [w * x for w in weights]
            apart = [each.detach() for each in products]
            loss = sum([a * b for a, b in zip(products[1:], apart, strict=False)] + [a * a for a in products[40:]])
            loss = loss + sum(w.data * f for w, f in zip(weights, factors, strict=True))
            with autograd.no_grad():
                constant = products[0] + products[1]
            loss = loss + (constant + products[2])
            return [loss, *swept(loss, [*weights, *factors])]

        return run

    agrees(make)


def test_operations_that_are_called_as_a_whole_stand_in_groups_too():
    agrees(of_many(lambda weights, x: sum(w * special.erf(w * x) + special.gammaln(w + x) for w in weights)))


def test_an_operation_of_three_operands_stands_outside_the_groups():
    @elementwise(partial={"x": lambda y, z: y * z, "y": lambda x, z: x * z, "z": lambda x, y: x * y})
    def product_of_three(x, y, z):
        """Product, $x y z$."""
        return x * y * z

    agrees(of_many(lambda weights, x: sum(w * x * product_of_three(w, w * x, w + x) + w for w in weights)))


def test_draws_come_in_the_order_of_the_run():
    def make():
        weights, rng = many(), np.random.default_rng(4)

        def run(x):
            products = [w * x for w in weights]
            around = autograd.random.normal(products[3], 0.1, rng=rng)
            factor = autograd.random.normal(1.0, 0.1, rng=rng)
            loss = sum(each**2 for each in products) * factor
            return [*swept(loss, weights), around, factor]

        return run

    agrees(make)


SINGLE = [
    lambda a: a**2,
    lambda a: (a * a + 1.0) ** 0.5,
    lambda a: (a * a + 0.5) ** -1,
    np.tanh,
    autograd.relu,
    lambda a: np.exp(np.tanh(a)),
    lambda a: np.maximum(a, 0.25),
    np.sign,
]
MIDDLE = [lambda a: np.clip(a, -1.0, 1.0), lambda a: autograd.where(a > 0.0, a, 0.3 * a), lambda a: np.stack([a, a])[1]]
PAIRS = [lambda a, b: a + b, lambda a, b: np.tanh(a) * b, lambda a, b: a - b, lambda a, b: a / (b * b + 1.0)]


def at_random(seed):
    """Makes a function of a few shared weights: steps drawn at random, in two sweeps with an update in between."""

    def make():
        weights = [Value(each) for each in np.random.default_rng(seed).normal(size=6)]

        def run(x):
            draw, found = random.Random(seed), []
            for _ in range(2):
                known = [*weights, x * weights[0], Value(x)]
                while len(known) < 120:
                    a, b = draw.choice(known[-40:]), draw.choice(known)
                    chosen = draw.choices([SINGLE, MIDDLE, PAIRS], [10, 1, 12])[0]
                    known.append(draw.choice(chosen)(*(a, b)[: 1 + (chosen is PAIRS)]))
                data = sum(known[60:])
                loss = data + draw.choice(MIDDLE)(known[-1]) * 0.1 * sum(w * w for w in weights)
                found += [*swept(loss, weights), loss, data, *known[8:], data.grad, *[each.grad for each in known[7:]]]
                for w in weights:
                    w.data -= 0.01 * w.grad
            return [*found, *[w.data for w in weights]]

        return run

    return make


OF_BLOCKS = ["scalar_values", "scalar_adjoints", "each_power", "each_power_back_left", "each_multiply"]
OF_BLOCKS += ["numbers", "places_1", "np_array", "np_empty", "np_zeros"]


@pytest.mark.parametrize("name", OF_BLOCKS)
def test_a_function_or_argument_may_be_called_as_what_a_block_uses(name):
    rows = np.random.default_rng(1).normal(size=(4, 3)).tolist()
    eager, grouped = start(), start()
    space = {"step": step_of(grouped, rows)}
    exec(f"def {name}(x): return step(), x * 2", space)
    exec(f"def second({name}): return step(), {name} * 2", space)
    for function in (space[name], space["second"]):
        compiled = compile(function)
        found = trained(lambda compiled=compiled: compiled(np.ones(3))[0], grouped)
        close(found, trained(step_of(eager, rows), eager))
        assert "scalar_values" in compiled.source


@pytest.mark.parametrize("seed", range(6))
def test_random_graphs_of_scalars_compile_to_what_they_are(seed):
    agrees(at_random(seed))


@pytest.mark.parametrize("edge", [-0.0, -np.inf])
def test_a_root_written_as_a_power_is_that_of_one_number(edge):
    def step(a, b):
        out = sum((b * float(k) for k in range(80)), 1 / a**0.5 + a**1.5)
        out.backward()
        return out, a.grad, b.grad

    compiled = compile(step)
    with np.errstate(all="ignore"):
        for each in (4.0, edge):
            given = Value(each), Value(0.0)
            found, expected = compiled(*given), step(Value(each), Value(0.0))
            assert [found[0].data, *found[1:]] == [expected[0].data, *expected[1:]]
    assert "scalar_values" in compiled.source
