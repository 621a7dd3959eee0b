"""Clipping: PyTorch's numbers, in plain code and in compiled steps, and what is refused."""

import math
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import ArgumentError, DomainError, Tensor
from optim import SGD, clip_grad_norm_, clip_grad_value_

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "training.npz")
GRADIENTS = [np.array([3.0, -4.0, 0.5]), np.array([[0.1, -2.0], [7.0, 1e-3]]), np.float64(-0.25)]
CLIPS = [(most, norm) for most in (0.5, 8.0, 100.0) for norm in (1.0, 2.0, 3.5, math.inf)]


def parameters(dtype=np.float64):
    """Parameters with those gradients, and one without."""
    made = [Tensor(np.zeros(each.shape), requires_grad=True, dtype=dtype) for each in GRADIENTS]
    for each, gradient in zip(made, GRADIENTS, strict=True):
        each.grad = gradient.astype(dtype)
    return [*made, Tensor(np.zeros(2), requires_grad=True)]


def gradients(made):
    return np.concatenate([np.ravel(each.grad) for each in made if each.grad is not None])


@pytest.mark.parametrize("case", range(len(CLIPS)))
def test_clipping_by_norm_is_pytorchs(case):
    made = parameters()
    total = clip_grad_norm_(iter(made), *CLIPS[case])
    np.testing.assert_allclose(np.append(gradients(made), total), GOLDEN[f"norm/{case}"], rtol=1e-14)
    assert made[-1].grad is None


@pytest.mark.parametrize("most", [0.1, 3.0])
def test_clipping_by_value_is_pytorchs(most):
    made = parameters()
    clip_grad_value_(made, most)
    np.testing.assert_array_equal(gradients(made), GOLDEN[f"value/{most}"])
    assert made[-1].grad is None


def test_a_group_is_clipped_by_itself_and_one_tensor_need_no_list():
    one, other = parameters()[:2]
    optimizer = SGD([{"params": [one]}, {"params": [other], "lr": 1.0}])
    assert clip_grad_norm_(optimizer.param_groups[0]["params"], 1.0) == pytest.approx(math.sqrt(25.25))
    np.testing.assert_array_equal(other.grad, GRADIENTS[1])
    assert clip_grad_norm_(other, 1e9, math.inf) == 7.0
    clip_grad_value_(other, 1.0)
    assert np.abs(other.grad).max() == 1.0


def test_float32_stays_float32():
    made = parameters(np.float32)
    assert clip_grad_norm_(made, 1.0).dtype == np.float32
    clip_grad_value_(made, 0.1)
    assert {each.grad.dtype for each in made[:-1]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("size", [300.0, 1e-4])
def test_the_norm_of_float16_neither_overflows_nor_vanishes(size):
    w = Tensor(np.zeros(100, np.float16), requires_grad=True)
    w.grad = np.full(100, size, np.float16)
    total = clip_grad_norm_(w, size)
    assert total.dtype == np.float32
    assert total == pytest.approx(10 * size, rel=1e-3)
    np.testing.assert_allclose(w.grad, np.full(100, size / 10), rtol=0.02)
    assert w.grad.dtype == np.float16


@pytest.mark.parametrize("wrap", [lambda step: step, autograd.compile], ids=["eager", "compiled"])
def test_gradients_of_several_dtypes_keep_them(wrap):
    made = [Tensor(np.ones(3, dtype), requires_grad=True) for dtype in (np.float16, np.float32, np.float64)]

    @wrap
    def step():
        for each in made:
            each.grad = None
        sum((3 * each).sum() for each in made).backward()
        return clip_grad_norm_(made, 1.0)

    for _ in range(2):
        assert float(step()) == pytest.approx(9.0)
        assert [each.grad.dtype.name for each in made] == ["float16", "float32", "float64"]
        np.testing.assert_allclose(np.concatenate([each.grad for each in made]), 1 / 3, rtol=1e-3)


def test_without_a_limit_the_norm_is_only_measured():
    made = parameters()
    made[0].grad = np.array([np.inf, 1.0, 2.0])
    assert clip_grad_norm_(made, math.inf) == np.inf
    np.testing.assert_array_equal(made[0].grad, [np.inf, 1.0, 2.0])
    np.testing.assert_array_equal(made[1].grad, GRADIENTS[1])


def test_a_norm_that_is_no_number_is_refused():
    with pytest.raises(ArgumentError, match="norm_type has to be a number; found str 'a'"):
        clip_grad_norm_(parameters(), 1.0, norm_type="a")


def test_without_gradients_the_norm_is_zero():
    assert clip_grad_norm_([Tensor([1.0], requires_grad=True)], 1.0) == 0.0
    assert clip_grad_norm_([], 1.0, math.inf) == 0.0


def test_a_norm_that_is_not_finite_is_an_error_if_asked_and_nothing_is_scaled():
    made = parameters()
    made[0].grad = np.array([np.inf, 0.0, 1.0])
    with pytest.raises(DomainError, match="is inf, so they cannot be clipped"):
        clip_grad_norm_(made, 1.0, error_if_nonfinite=True)
    np.testing.assert_array_equal(made[1].grad, GRADIENTS[1])
    with np.errstate(invalid="ignore"):  # infinity by 0 is NaN, here as in PyTorch
        assert clip_grad_norm_(made, 1.0) == np.inf
    np.testing.assert_array_equal(made[1].grad, 0.0)


@pytest.mark.parametrize(
    "clip",
    [
        lambda made: clip_grad_norm_(made, -1.0),
        lambda made: clip_grad_norm_(made, math.nan),
        lambda made: clip_grad_norm_(made, 1.0, 0.0),
        lambda made: clip_grad_norm_(made, 1.0, -math.inf),
        lambda made: clip_grad_value_(made, -0.1),
    ],
)
def test_limits_and_norms_out_of_range_are_refused(clip):
    with pytest.raises(DomainError):
        clip(parameters())


def stepping(clip, wrap):
    model = nn.MLP([3, 5, 2], rng=0)
    optimizer = SGD(model.parameters(), lr=0.5, momentum=0.9)

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        total = clip(model.parameters())
        optimizer.step()
        return loss, total

    return model, wrap(step)


@pytest.mark.parametrize(
    "clip",
    [
        lambda parameters: clip_grad_norm_(parameters, 0.1),
        lambda parameters: clip_grad_norm_(parameters, 0.05, math.inf, error_if_nonfinite=True),
        lambda parameters: clip_grad_norm_(parameters, 1e6),
        lambda parameters: clip_grad_value_(parameters, 0.01),
    ],
)
def test_a_compiled_step_clips_as_the_eager_one_does(clip):
    rng = np.random.default_rng(1)
    batches = [(rng.normal(size=(4, 3)), rng.integers(0, 2, 4)) for _ in range(12)]
    found = []
    for wrap in (lambda step: step, autograd.compile):
        model, step = stepping(clip, wrap)
        told = [step(*batch) for batch in batches]
        found.append(([float(loss.item()) for loss, _ in told], [total for _, total in told], model.state_dict()))
    for one, other in zip(*found, strict=True):
        np.testing.assert_equal(list(other), list(one))
    for name, array in found[0][2].items():
        np.testing.assert_allclose(found[1][2][name], array, rtol=1e-13, atol=1e-15)
    assert step.recompiles == 0


def test_a_replay_looks_at_the_norm_too_and_makes_no_update():
    model, step = stepping(lambda made: clip_grad_norm_(made, 1.0, error_if_nonfinite=True), autograd.compile)
    x, y = np.ones((4, 3)), np.zeros(4, int)
    step(x, y)
    before = model.state_dict()
    with pytest.raises(DomainError, match="total norm"):
        step(x * np.nan, y)
    np.testing.assert_equal(model.state_dict(), before)
