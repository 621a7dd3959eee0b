"""A saved plan: a module that runs in a fresh interpreter without this library, and goes on as the plan would."""

import subprocess
import sys
from itertools import accumulate

import numpy
import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import CompileError, Tensor, Value, compile, elementwise  # noqa: A004  ours

ALONE = """
import sys
sys.modules["autograd"] = sys.modules["nn"] = sys.modules["optim"] = None
import numpy as np
import step
data = np.load("data.npz")
found = [step.run(*(data[name][i] for name in data.files)) for i in range(3)]
np.savez("found.npz", results=found, **{name: value for name, value in step.STATE.items()})
"""


def alone(compiled, folder, **batches):
    """The results of three calls in another interpreter, and the state after them."""
    compiled.save(folder / "step.py")
    np.savez(folder / "data.npz", **batches)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(np.load(folder / "found.npz"))


def test_a_training_step_goes_on_alone(tmp_path):
    model = nn.MLP([3, 8, 2], rng=0, dtype=np.float32)
    optimizer = optim.Adam(model.parameters(), lr=0.01)

    @compile
    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(3, 5, 3)).astype(np.float32), rng.integers(0, 2, (3, 5))
    step(x[0], y[0])
    found = alone(step, tmp_path, x=x, y=y)
    expected = [step(*batch).item() for batch in zip(x, y, strict=True)]
    np.testing.assert_array_equal(found["results"], np.array(expected, np.float32))
    expected = np.concatenate([parameter.numpy().ravel() for parameter in model.parameters()])
    np.testing.assert_array_equal(found["parameters"], expected)
    assert found["t"] == 4


def test_draws_decompositions_and_scalars_go_on_alone(tmp_path):
    generator = np.random.default_rng(1)
    weights = [Value(0.1 * i) for i in range(40)]

    @compile
    def step(x):
        noisy = x + autograd.random.normal(0.0, 1.0, size=(3, 3), rng=generator)
        largest = autograd.linalg.svd(noisy)[1][0] + autograd.linalg.slogdet(noisy)[1]
        loss = sum((w * w * 2 - w).relu() for w in weights)
        for w in weights:
            w.grad = 0
        loss.backward()
        for w in weights:
            w.data -= 0.1 * w.grad
        return largest + loss.detach()

    x = np.random.default_rng(0).normal(size=(3, 3, 3))
    step(x[0])
    found = alone(step, tmp_path, x=x)
    np.testing.assert_array_equal(found["results"], [step(each) for each in x])


def test_what_cannot_run_alone_is_refused_and_nothing_is_written(tmp_path):
    kept = [2.0]

    @elementwise(partial={"x": 2.0})
    def closes_over(x):
        return kept[0] * np.array(x.tolist())

    compiled = compile(lambda x: closes_over(x))
    with pytest.raises(CompileError, match="has not been called"):
        compiled.save(tmp_path / "step.py")
    compiled(np.ones(3))
    for name, message in (("step.py", "closes_over cannot be saved"), ("step.txt", r"ends in \.py")):
        with pytest.raises(CompileError, match=message):
            compiled.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_two_gradients_of_one_name_are_two_states(tmp_path):
    a, b = (Tensor(np.ones(3), requires_grad=True) for _ in "ab")
    a.grad = np.zeros(3)

    @compile
    def step(x):
        (a * x).sum().backward()
        b.grad = None
        (b * x * x).sum().backward()
        a.data = a.data - 0.1 * a.grad
        b.data = b.data - 0.01 * b.grad
        return (a * 1).sum()

    x = np.array([1.0, 2.0, 3.0])
    step(x)
    found = alone(step, tmp_path, x=np.stack([x] * 3))
    np.testing.assert_array_equal(found["results"], [step(x).numpy() for _ in range(3)])


@pytest.mark.parametrize("name", ["run", "STATE", "READ", "zip", "np", "found", "Path"])
def test_a_program_has_any_name_that_its_function_or_argument_has(tmp_path, name):
    space = {"tanh": np.tanh}
    exec(f"def {name}(x, y): return tanh(x) * y.sum()", space)
    exec(f"def second({name}, y): return tanh({name}) * y.sum()", space)
    x = np.array([1.0, 2.0, 3.0])
    for function in (space[name], space["second"]):
        compiled = compile(function)
        expected = compiled(x, x)
        found = alone(compiled, tmp_path, x=np.stack([x] * 3), y=np.stack([x] * 3))
        np.testing.assert_array_equal(found["results"], [expected] * 3)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x * 2, np.zeros(3), x * 3),
        lambda x: (np.float32(2.0), x * 2, 1.5, float("inf"), Tensor(x) * 2, np.ones(())),
        lambda x: (x * float("inf"),),
        lambda x: np.ones(3),
        lambda x: 2,
        lambda x: {"first": x * 2},
        autograd.grad(lambda x: np.sign(x).sum()),
    ],
)
def test_results_that_are_constant_are_given_too(tmp_path, function):
    compiled = compile(function)
    expected = compiled(np.ones(3))
    compiled.save(tmp_path / "step.py")
    space = {"__file__": str(tmp_path / "step.py")}
    exec((tmp_path / "step.py").read_text(), space)
    for _ in range(2):
        found = space["run"](np.ones(3))
        assert isinstance(found, tuple) is isinstance(expected, tuple)
        pairs = zip(found, expected, strict=True) if isinstance(found, tuple) else [(found, expected)]
        for one, other in pairs:
            plain = other["first"] if isinstance(other, dict) else getattr(other, "value", other)
            assert type(one) is type(plain)
            np.testing.assert_array_equal(one, plain)


class Own:
    """A type that is nowhere but here."""

    number = 2.0


@elementwise(partial={"x": 2.0})
def with_a_type(x):
    return Own.number * np.array(x.tolist())


@elementwise(partial={"x": 2.0})
def with_the_library(x):
    return numpy.array(list(accumulate([0.0, *x.ravel().tolist()], lambda _, each: each * 2)))[1:].reshape(x.shape)


def test_what_an_operation_takes_from_the_standard_library_is_imported(tmp_path):
    compiled = compile(lambda x: with_the_library(x) + autograd.grad(lambda x: (autograd.conv2d(x, x) ** 2).sum())(x))
    x = np.random.default_rng(0).normal(size=(3, 1, 1, 4, 4))
    compiled(x[0])
    found = alone(compiled, tmp_path, x=x)
    np.testing.assert_array_equal(found["results"], [compiled(each) for each in x])


def test_a_type_that_is_no_librarys_is_refused(tmp_path):
    compiled = compile(lambda x: with_a_type(x))
    compiled(np.ones(3))
    with pytest.raises(CompileError, match="it uses Own"):
        compiled.save(tmp_path / "step.py")


@elementwise(partial={"x": 1.0})
def told(x, *, by=None):
    return np.array(x.tolist()) * (2.0 if by is None else len(repr(by)))


@pytest.mark.parametrize("by", [{"a": np.inf}, {"a": np.ones(2)}, np.exp, Own, complex("inf"), b"a", {1: (2, None)}])
def test_what_an_operation_is_told_may_be_anything_and_is_saved_where_it_is_text(tmp_path, by):
    compiled = compile(lambda x: told(x, by=by))
    x = np.ones(3)
    for found in (compiled(x), compiled(x)):
        np.testing.assert_array_equal(found, told(x, by=by))
    if isinstance(by, bytes) or (isinstance(by, dict) and 1 in by):
        np.testing.assert_array_equal(alone(compiled, tmp_path, x=np.ones((3, 3)))["results"], [found] * 3)
    elif not isinstance(by, complex):
        with pytest.raises(CompileError, match="cannot be saved as text"):
            compiled.save(tmp_path / "step.py")


def test_a_dtype_that_an_operation_names_is_saved(tmp_path):
    compiled = compile(autograd.sigmoid)
    x = np.arange(1, 4)
    compiled(x)
    found = alone(compiled, tmp_path, x=np.stack([x] * 3))
    np.testing.assert_array_equal(found["results"], [compiled(x)] * 3)
