"""Graphs of many scalars: grouped into vector operations, with the values and gradients of one by one."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, compile  # noqa: A004  ours


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
