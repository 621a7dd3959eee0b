"""Algorithms that PyTorch does not have: against their papers and sources written again in NumPy, and by hand."""

from itertools import combinations

import numpy as np
import pytest

from autograd import DomainError, Tensor
from optim import LAMB, LARS, Adan, Lion
from tests.reference.cases import gradients, started

SHAPE = (2, 3)


def path_of(make, stream):
    p = Tensor(started(SHAPE), requires_grad=True)
    optimizer = make([p])
    for g in stream:
        p.grad = g
        optimizer.step()
        yield p.numpy()


def agree(make, reference):
    """Over the noisy stream, a zero gradient among it, from a reference that is a generator sent gradients."""
    w = started(SHAPE)
    state = {}
    for t, (g, found) in enumerate(zip(gradients(SHAPE), path_of(make, gradients(SHAPE)), strict=True), start=1):
        w = reference(w, g, t, state)
        np.testing.assert_allclose(found, w, rtol=1e-12, atol=1e-12)


def length(x):
    return np.sqrt(np.sum(np.square(x)))


def lars_as_in_the_paper(w, g, t, state, lr=0.1, mu=0.9, lam=0.01, eta=0.02):
    usable = length(w) > 0 and length(g) > 0
    local = eta * length(w) / (length(g) + lam * length(w)) if usable else 1.0
    state["v"] = mu * state.get("v", 0.0) + lr * local * (g + lam * w)
    return w - state["v"]


def lars_of_lightning_bolts(w, g, t, state, lr=0.1, mu=0.9, lam=0.01, eta=0.02, eps=1e-8):
    d_p = g
    if lam != 0 and length(w) != 0 and length(g) != 0:
        d_p = (g + lam * w) * eta * (length(w) / (length(g) + length(w) * lam + eps))
    state["b"] = d_p if "b" not in state else mu * state["b"] + d_p
    return w - lr * state["b"]


def lars_of_optax(w, g, t, state, lr=0.1, mu=0.9, lam=0.01, eta=0.02, nesterov=True):
    u = g + lam * w
    trust = 1.0 if length(w) == 0 or length(u) == 0 else eta * length(w) / length(u)
    u = -lr * trust * u
    state["trace"] = u + mu * state.get("trace", 0.0)
    return w + (u + mu * state["trace"] if nesterov else state["trace"])


def larc_of_apex(w, g, t, state, lr=0.1, mu=0.9, lam=0.01, eta=0.02, eps=1e-8):
    if length(w) != 0 and length(g) != 0:
        adaptive = eta * length(w) / (length(g) + length(w) * lam + eps)
        g = (g + lam * w) * min(adaptive / lr, 1)
    state["b"] = g if "b" not in state else mu * state["b"] + g
    return w - lr * state["b"]


LARS_OPTIONS = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "trust_coefficient": 0.02}


@pytest.mark.parametrize(
    ("variant", "more", "reference"),
    [
        ("paper", {}, lars_as_in_the_paper),
        ("lightning", {"eps": 1e-8}, lars_of_lightning_bolts),
        ("optax", {"nesterov": True}, lars_of_optax),
        ("apex", {"eps": 1e-8}, larc_of_apex),
    ],
)
def test_lars_is_each_variant_as_its_source_has_it(variant, more, reference):
    agree(lambda p: LARS(p, **LARS_OPTIONS, **more, variant=variant), reference)


def test_the_variants_of_lars_differ():
    ends = []
    for variant in ("paper", "lightning", "optax", "apex"):
        p = Tensor(started(SHAPE), requires_grad=True)
        optimizer = LARS([p], **LARS_OPTIONS, variant=variant)
        for g in gradients(SHAPE)[10:20]:
            p.grad = g
            optimizer.step()
            optimizer.param_groups[0]["lr"] *= 0.5  # the rate within the buffer shows when it changes
        ends.append(p.numpy())
    assert all(np.abs(one - other).max() > 1e-6 for one, other in combinations(ends, 2))


def test_lars_of_lightning_without_decay_is_plain_momentum_and_apex_clips_at_the_rate():
    p = Tensor([3.0, 4.0], requires_grad=True)
    p.grad = np.array([0.6, 0.8])
    LARS([p], lr=0.5, weight_decay=0.0, variant="lightning").step()
    np.testing.assert_allclose(p.numpy(), [2.7, 3.6])
    p.grad = np.array([0.6, 0.8])  # r = 1 * 4.5 / 1, more than the rate
    LARS([p], lr=0.5, weight_decay=0.0, trust_coefficient=1.0, variant="apex").step()
    np.testing.assert_allclose(p.numpy(), [2.4, 3.2])


def test_two_steps_of_lars_by_hand():
    p = Tensor([3.0, 4.0], requires_grad=True)
    optimizer = LARS([p], lr=0.1, momentum=0.5, weight_decay=0.0, trust_coefficient=0.2)
    p.grad = np.array([0.0, 2.0])
    optimizer.step()  # r = 0.2 * 5 / 2 = 0.5, v = 0.1 * 0.5 * (0, 2) = (0, 0.1)
    np.testing.assert_allclose(p.numpy(), [3.0, 3.9])
    p.grad = np.array([0.0, 0.0])
    optimizer.step()  # v = (0, 0.05)
    np.testing.assert_allclose(p.numpy(), [3.0, 3.85])


@pytest.mark.parametrize("kind", [LARS, LAMB])
def test_a_group_that_is_not_adapted_is_neither_scaled_nor_decayed(kind):
    paths = []
    for decay in (0.0, 0.5):
        p, q = (Tensor([3.0, 4.0], requires_grad=True) for _ in range(2))
        optimizer = kind([{"params": [p]}, {"params": [q], "adapt": False}], lr=0.1, weight_decay=decay)
        for _ in range(2):
            p.grad = q.grad = np.array([0.0, 2.0])
            optimizer.step()
        paths.append((p.numpy(), q.numpy()))
    assert not np.array_equal(paths[0][0], paths[1][0])
    np.testing.assert_array_equal(paths[0][1], paths[1][1])
    by_hand = {LARS: 4 - 0.2 - (0.9 * 0.2 + 0.2), LAMB: 4 - 0.2}
    np.testing.assert_allclose(paths[0][1], [3.0, by_hand[kind]], rtol=1e-6)


def lamb_as_in_the_paper(x, g, t, state, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-6, lam=0.1):
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * g**2
    r = (state["m"] / (1 - beta1**t)) / (np.sqrt(state["v"] / (1 - beta2**t)) + eps)
    u = r + lam * x
    return x - lr * (length(x) / length(u)) * u


def test_lamb_is_as_in_its_paper():
    agree(lambda p: LAMB(p, lr=0.01, weight_decay=0.1), lamb_as_in_the_paper)


def test_one_step_of_lamb_by_hand():
    p = Tensor([3.0, 4.0], requires_grad=True)
    p.grad = np.array([0.0, 2.0])
    LAMB([p], lr=0.1, eps=0.25, betas=(0.5, 0.5)).step()  # r = (0, 2 / 2.25), so the step is 0.1 * 5 along the second
    np.testing.assert_allclose(p.numpy(), [3.0, 3.5])


def lion_as_in_the_paper(w, g, t, state, lr=0.01, beta1=0.9, beta2=0.99, lam=0.1):
    m = state.get("m", np.zeros(SHAPE))
    update = np.sign(beta1 * m + (1 - beta1) * g)
    state["m"] = beta2 * m + (1 - beta2) * g
    return w - lr * (update + lam * w)


def test_lion_is_as_in_its_paper():
    agree(lambda p: Lion(p, lr=0.01, weight_decay=0.1), lion_as_in_the_paper)


def test_two_steps_of_lion_by_hand():
    p = Tensor([1.0], requires_grad=True)
    optimizer = Lion([p], lr=0.1, betas=(0.9, 0.5), weight_decay=1.0)
    p.grad = np.array([2.0])
    optimizer.step()  # m = 0, then 1
    np.testing.assert_allclose(p.numpy(), [0.9 * 1.0 - 0.1])
    p.grad = np.array([-5.0])
    optimizer.step()  # 0.9 * 1 - 0.1 * 5 = 0.4 > 0
    np.testing.assert_allclose(p.numpy(), [0.9 * 0.8 - 0.1])


def adan_of_its_authors(p, g, t, state, lr=0.01, betas=(0.98, 0.92, 0.99), eps=1e-8, lam=0.1):
    beta1, beta2, beta3 = betas
    diff = g - state.get("pre", g)
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * diff
    state["n"] = beta3 * state.get("n", 0.0) + (1 - beta3) * (g + beta2 * diff) ** 2
    state["pre"] = g
    denominator = np.sqrt(state["n"]) / np.sqrt(1 - beta3**t) + eps
    p = p - lr / (1 - beta1**t) * state["m"] / denominator
    p = p - lr * beta2 / (1 - beta2**t) * state["v"] / denominator
    return p / (1 + lr * lam)


def test_adan_is_as_its_authors_have_it():
    agree(lambda p: Adan(p, lr=0.01, weight_decay=0.1), adan_of_its_authors)


def test_two_steps_of_adan_by_hand():
    p = Tensor([1.0], requires_grad=True)
    optimizer = Adan([p], lr=0.1, betas=(0.5, 0.5, 0.0), eps=0.0)
    p.grad = np.array([2.0])
    optimizer.step()  # m = 1, v = 0, n = 4: 0.1 * (1 / 0.5) / 2
    np.testing.assert_allclose(p.numpy(), [0.9])
    p.grad = np.array([4.0])
    optimizer.step()  # d = 2, m = 2.5, v = 1, n = 25: 0.1 * (2.5 / 0.75 + 0.5 * 1 / 0.75) / 5
    np.testing.assert_allclose(p.numpy(), [0.9 - 0.1 * (3 / 0.75) / 5])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: LARS(p, variant="fast"), "'paper', 'lightning', 'optax', 'apex'; found 'fast'"),
        (lambda p: LARS(p, trust_coefficient=-1.0), "trust_coefficient"),
        (lambda p: LARS(p, momentum=0.0, nesterov=True), "Nesterov"),
        (lambda p: LAMB(p, betas=(0.9, 1.0)), r"betas\[1\]"),
        (lambda p: Lion(p, weight_decay=-1.0), "weight_decay"),
        (lambda p: Adan(p, betas=(0.9, 0.9, 1.5)), r"betas\[2\]"),
    ],
)
def test_values_out_of_range_are_refused(make, said):
    with pytest.raises(DomainError, match=said):
        make([Tensor([1.0], requires_grad=True)])
