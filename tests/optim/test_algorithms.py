"""SGD and Adam: PyTorch's numbers, memory, groups, state, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

import optim
from autograd import ArgumentError, DomainError, Tensor
from optim import SGD, Adam, StateError
from tests.reference.cases import CASES, KEPT, gradients

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "optimizers.npz")


def path_of(optimizer, p, shape):
    """The parameter after each step over the stream of gradients."""
    for g in gradients(shape):
        p.grad = np.asarray(g, p.dtype)[()]
        optimizer.step()
        yield np.array(p.numpy())


@pytest.mark.parametrize(("key", "name", "options", "shape"), CASES, ids=[case[0] for case in CASES])
def test_two_hundred_steps_are_pytorchs(key, name, options, shape):
    p = Tensor(np.full(shape, 0.5), requires_grad=True)
    path = list(path_of(getattr(optim, name)([p], **options), p, shape))
    np.testing.assert_allclose(np.array(path)[KEPT], GOLDEN[key], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("make", [lambda p: SGD(p, 0.1, momentum=0.9, weight_decay=0.1), lambda p: Adam(p, 0.1)])
def test_float32_stays_float32_and_follows_float64(make):
    narrow, wide = (Tensor(np.full(3, 0.5, dtype), requires_grad=True) for dtype in (np.float32, np.float64))
    pairs = zip(path_of(make([narrow]), narrow, (3,)), path_of(make([wide]), wide, (3,)), strict=True)
    for found, expected in list(pairs)[:5]:
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_parameters_without_elements_or_axes_are_moved(kind, shape):
    p = Tensor(np.zeros(shape), requires_grad=True)
    p.grad = np.ones(shape)[()]
    kind([p], lr=0.5).step()
    np.testing.assert_allclose(p.numpy(), np.full(shape, -0.5), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "kept"),
    [
        (lambda p: SGD(p, 0.1), 0),
        (lambda p: SGD(p, 0.1, momentum=0.9), 1),
        (lambda p: Adam(p, 0.1), 2),
        (lambda p: Adam(p, 0.1, amsgrad=True), 3),
    ],
)
def test_memory_is_what_the_course_tabulates(make, kept):
    p = Tensor(np.zeros(7, np.float32), requires_grad=True)
    p.grad = np.ones(7, np.float32)
    optimizer = make([p])
    optimizer.step()
    arrays = [each for each in optimizer.state_dict()["state"][0].values() if isinstance(each, np.ndarray)]
    assert sum(each.nbytes for each in arrays) == kept * 4 * 7


def test_a_parameter_without_a_gradient_is_skipped_and_keeps_no_memory():
    moved, still = (Tensor([1.0], requires_grad=True) for _ in range(2))
    moved.grad = np.array([1.0])
    optimizer = Adam([moved, still], lr=0.1)
    optimizer.step()
    assert still.item() == 1.0
    assert set(optimizer.state_dict()["state"]) == {0}


def test_groups_have_hyper_parameters_of_their_own_and_can_be_changed():
    slow, fast = (Tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = SGD([{"params": [slow]}, {"params": [fast], "lr": 1.0}], lr=0.1)
    for each in (slow, fast):
        each.grad = np.array([1.0])
    optimizer.step()
    assert (slow.item(), fast.item()) == (0.9, 0.0)
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    assert slow.item() == pytest.approx(0.4)


@pytest.mark.parametrize("make", [lambda p: SGD(p, 0.1, momentum=0.9), lambda p: Adam(p, 0.1, amsgrad=True)])
def test_a_resumed_run_is_the_same_to_the_bit_and_without_its_state_it_is_not(make):
    stream = gradients((3,))

    def run(optimizer, p, part):
        for g in part:
            p.grad = g
            optimizer.step()

    whole = Tensor(np.ones(3), requires_grad=True)
    run(make([whole]), whole, stream[10:20])
    first = Tensor(np.ones(3), requires_grad=True)
    before = make([first])
    run(before, first, stream[10:14])
    state = before.state_dict()
    resumed, forgetful = (Tensor(first.numpy(), requires_grad=True) for _ in range(2))
    after, blank = make([resumed]), make([forgetful])
    after.load_state_dict(state)
    run(before, first, stream[14:16])
    run(after, resumed, stream[14:20])
    run(blank, forgetful, stream[14:20])
    np.testing.assert_array_equal(resumed.numpy(), whole.numpy())
    assert not np.array_equal(forgetful.numpy(), whole.numpy())


def test_a_state_that_does_not_fit_changes_nothing():
    p, q = (Tensor(np.ones(2), requires_grad=True) for _ in range(2))
    p.grad = np.ones(2)
    optimizer = Adam([p], lr=0.1)
    optimizer.step()
    before = optimizer.state_dict()
    with pytest.raises(StateError, match="groups"):
        optimizer.load_state_dict(Adam([p, q]).state_dict())
    sgd = SGD([p], momentum=0.9)
    sgd.step()
    with pytest.raises(StateError, match="momentum_buffer"):
        optimizer.load_state_dict(sgd.state_dict())
    np.testing.assert_equal(optimizer.state_dict(), before)


def test_a_step_writes_to_no_array_it_was_given():
    p = Tensor(np.ones(3), requires_grad=True)
    y = (p * p).sum()
    y.backward()
    g = p.grad.copy()
    optimizer = SGD([p], 0.1, momentum=0.9, weight_decay=0.1)
    optimizer.step()
    np.testing.assert_array_equal(p.grad, g)
    optimizer.zero_grad()
    y.backward()
    np.testing.assert_array_equal(p.grad, g)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda p: SGD(p, lr=-1), DomainError, "lr"),
        (lambda p: SGD(p, lr=float("nan")), DomainError, "lr"),
        (lambda p: SGD(p, lr="fast"), ArgumentError, "a number.*fast"),
        (lambda p: SGD(p, nesterov=True), DomainError, "Nesterov"),
        (lambda p: Adam(p, betas=(0.9, 1.0)), DomainError, r"betas\[1\]"),
        (lambda p: Adam(p, eps=-1e-8), DomainError, "eps"),
        (lambda p: SGD([]), ArgumentError, "no parameters"),
        (lambda p: SGD([*p, *p]), ArgumentError, "already"),
        (lambda p: SGD([p[0] * 2]), ArgumentError, "leaf"),
        (lambda p: SGD([np.ones(3)]), ArgumentError, "leaf tensors"),
        (lambda p: SGD([{"params": p, "learning_rate": 1}]), ArgumentError, "learning_rate"),
    ],
)
def test_what_makes_no_sense_is_refused(make, error, said):
    with pytest.raises(error, match=said):
        make([Tensor([1.0], requires_grad=True)])


def test_repr_tells_groups_and_hyper_parameters():
    text = repr(SGD([Tensor([1.0], requires_grad=True)], lr=0.1))
    assert text.startswith("SGD(\n  group 0: 1 parameters, lr=0.1, momentum=0.0")
