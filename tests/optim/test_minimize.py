"""minimize: it finds minima of plain functions, says how it ended, and leaves what it was given alone."""

import dataclasses
import math

import numpy as np
import pytest

import optim
from autograd import ArgumentError, CompileError, DomainError, ShapeError
from optim import LBFGS, SGD, Adam, minimize


def rosenbrock(x):
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def bowl(x):
    return ((x - np.array([1.0, -2.0])) ** 2).sum()


def fast(p):
    return SGD(p, lr=0.25)


def test_a_function_may_change_its_argument_in_place():
    def moved(x):
        x -= np.array([1.0, -2.0])
        return (x * x).sum()

    np.testing.assert_allclose(minimize(moved, np.zeros(2), fast).x, [1.0, -2.0], atol=1e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_the_minimum_of_rosenbrocks_function_is_found(compiled):
    found = minimize(rosenbrock, [-1.2, 1.0], lambda p: Adam(p, lr=0.05), steps=4000, compiled=compiled)
    assert found.success
    np.testing.assert_allclose(found.x, [1.0, 1.0], atol=1e-5)
    assert found.fun == found.history[-1] < 1e-10
    assert len(found.history) == found.nit + 1
    assert "at most 1e-06" in found.message


def test_compiled_or_not_the_path_is_the_same_to_the_bit():
    paths = []
    for compiled in (False, True):
        paths.append([])
        found = minimize(rosenbrock, np.zeros(3), steps=50, callback=paths[-1].append, compiled=compiled)
        assert found.nit == len(paths[-1]) == 50
    np.testing.assert_array_equal(*paths)


def test_each_value_is_that_of_the_point_before_the_next_step():
    path = []
    found = minimize(bowl, [0.0, 0.0], fast, steps=4, callback=path.append)
    expected = [np.array([1.0, -2.0]) * (1 - 0.5**k) for k in range(5)]
    np.testing.assert_allclose(path, expected[1:])
    np.testing.assert_allclose(found.history, [((x - [1.0, -2.0]) ** 2).sum() for x in expected])
    np.testing.assert_array_equal(found.x, path[-1])


@pytest.mark.parametrize("start", [3.0, 3, np.float32(3.0), [3.0], {"a": (1.0, np.ones((2, 2))), "b": [1, 2]}])
def test_the_result_has_the_form_of_the_start(start):
    def squares(x):
        parts = [x["a"][0], x["a"][1], x["b"]] if isinstance(x, dict) else [x]
        return sum((part**2).sum() for part in parts)

    found = minimize(squares, start, lambda p: SGD(p, lr=0.45))
    assert found.success
    assert abs(found.fun) < 1e-10
    if isinstance(start, dict):
        assert found.x["a"][1].shape == (2, 2)
        assert found.x["b"].shape == (2,)
    else:
        assert np.shape(found.x) == np.shape(start)
        assert found.x.dtype == (np.float32 if isinstance(start, np.float32) else np.float64)


def test_the_start_is_not_written_to_and_the_result_is_ones_own():
    start = np.array([4.0, 4.0])
    found = minimize(bowl, start, fast)
    np.testing.assert_array_equal(start, 4.0)
    found.x[0] = 7.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.fun = 0.0


def test_no_steps_say_how_steep_it_is_at_the_start():
    found = minimize(bowl, [0.0, 0.0], steps=0)
    assert (found.nit, found.success, found.fun) == (0, False, 5.0)
    assert found.message == "the largest slope is 4 after 0 steps, above 1e-06"
    assert minimize(bowl, [1.0, -2.0], steps=0).success


def test_a_descent_that_explodes_ends_at_its_last_finite_point_without_success():
    with np.errstate(over="ignore", invalid="ignore"):
        found = minimize(lambda x: (x**4).sum(), [2.0], lambda p: SGD(p, lr=1.0))
    assert not found.success
    assert math.isfinite(found.fun)
    assert found.fun == pytest.approx(float(found.x[0]) ** 4)
    assert not math.isfinite(found.history[-1])
    assert "lower the learning rate" in found.message


def test_a_function_that_decides_by_values_runs_and_is_told_so_when_compiled():
    def kinked(x):
        return (x**2).sum() if x[0] > 0 else (x**4).sum()

    assert minimize(kinked, [1.0], lambda p: SGD(p, lr=0.1)).success
    with pytest.raises(CompileError, match="varies between calls") as caught:
        minimize(kinked, [1.0], compiled=True)
    assert "compiled=False" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "said"),
    [
        ((bowl, [0.0, 0.0]), {"steps": -1}, DomainError, "steps"),
        ((bowl, [0.0, 0.0]), {"steps": 1.5}, DomainError, "steps"),
        ((bowl, [0.0, 0.0]), {"tolerance": -1.0}, DomainError, "tolerance"),
        ((3.0, [0.0]), {}, ArgumentError, "takes a function"),
        ((bowl, [0.0, 0.0], "Adam"), {}, ArgumentError, "found function and str"),
        ((bowl, [0.0, 0.0], lambda p: p), {}, ArgumentError, "it made a list"),
        ((lambda x: x * 2, [0.0, 0.0]), {}, ShapeError, r"one number of its tensors; found shape \(2,\)"),
        ((lambda x: 3.0, [0.0]), {}, ShapeError, "found float 3.0"),
        ((bowl, ["a"]), {}, ArgumentError, "numbers"),
    ],
)
def test_what_cannot_be_minimized_is_said(arguments, options, error, said):
    with pytest.raises(error, match=said):
        minimize(*arguments, **options)


def test_the_default_is_adam():
    assert minimize.__defaults__ == (optim.Adam,)


def test_an_optimizer_that_evaluates_the_function_itself_is_given_it():
    def rosenbrock(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    found = minimize(
        rosenbrock, [-1.2, 1.0], lambda p: LBFGS(p, line_search_fn="strong_wolfe", tolerance_change=0.0), steps=20
    )
    assert (found.success, found.nit < 10) == (True, True)
    np.testing.assert_allclose(found.x, [1.0, 1.0], atol=1e-6)
