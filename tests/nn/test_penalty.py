"""Penalties and the bound on weights: values by hand, what counts as a weight, and how weight decay compares."""

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import ArgumentError, DomainError, Tensor, gradcheck

W = np.array([[1.0, -2.0], [0.0, 3.0]])


def model(dtype=np.float64):
    return nn.MLP([3, 4, 2], "tanh", rng=0, dtype=dtype)


def weights(of):
    return [each for name, each in of.named_parameters() if name.endswith("weight")]


def biases(of):
    return [each for name, each in of.named_parameters() if name.endswith("bias")]


def test_penalties_by_hand():
    assert float(nn.l1_penalty([Tensor(W)], 0.5, m=2)) == 0.5 / 2 * 6
    assert float(nn.l2_penalty([Tensor(W)], 0.5, m=2)) == 0.5 / (2 * 2) * 14
    assert float(nn.elastic_net_penalty([Tensor(W), Tensor(W)], 0.5, 3.0, m=2)) == 2 * (0.5 / 2 * 6 + 3 / 4 * 14)


@pytest.mark.parametrize(
    "penalty",
    [
        lambda w: nn.l1_penalty([w], 0.3, 5),
        lambda w: nn.l2_penalty(w, 0.3, 5),
        lambda w: nn.elastic_net_penalty([w], 0.3, 0.2, 5),
    ],
)
def test_derivatives_of_penalties_are_those_of_central_differences(penalty):
    assert gradcheck(penalty, W + 0.25, order=2)


def test_of_a_module_the_weights_count_and_the_biases_do_not():
    net = model()
    nn.elastic_net_penalty(net, 0.1, 0.1).backward()
    assert all(each.grad is None for each in biases(net))
    for each in weights(net):
        np.testing.assert_allclose(each.grad, 0.1 * np.sign(each.numpy()) + 0.1 * each.numpy(), rtol=1e-15)
    given = nn.l2_penalty(net.parameters(), 0.1)
    assert float(given) == pytest.approx(0.05 * sum(float((each.numpy() ** 2).sum()) for each in net.parameters()))
    assert nn.l2_penalty(model(np.float32), 0.1).dtype == np.float32


def trained(make, penalized, rate=0.1, strength=0.4, m=6, steps=5):
    """The weights after some steps, with the L2 penalty in the loss or its strength over m as weight decay."""
    rng = np.random.default_rng(1)
    net, x, y = model(), rng.standard_normal((m, 3)), rng.standard_normal((m, 2))
    decayed = {"params": weights(net), "weight_decay": 0.0 if penalized else strength / m}
    optimizer = make([decayed, {"params": biases(net), "weight_decay": 0.0}], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.mse_loss(net(x), y)
        (loss + nn.l2_penalty(net, strength, m) if penalized else loss).backward()
        optimizer.step()
    return net.state_dict()


def test_under_plain_descent_the_l2_penalty_is_weight_decay_of_its_strength_over_m():
    penalized, decayed = trained(optim.SGD, True), trained(optim.SGD, False)
    for name, each in penalized.items():
        np.testing.assert_allclose(each, decayed[name], rtol=1e-13, atol=1e-16)


def test_a_step_along_the_penalty_alone_shrinks_weights_by_1_minus_rate_times_strength_over_m():
    w = nn.Parameter(W)
    nn.l2_penalty([w], 0.4, m=6).backward()
    optim.SGD([w], lr=0.1).step()
    np.testing.assert_allclose(w.numpy(), (1 - 0.1 * 0.4 / 6) * W, rtol=1e-15)


def test_under_adam_the_l2_penalty_and_decoupled_weight_decay_differ():
    penalized = trained(optim.Adam, True)
    rng = np.random.default_rng(1)
    net, x, y = model(), rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    optimizer = optim.Adam(net.parameters(), lr=0.1)
    for _ in range(5):
        optimizer.zero_grad()
        nn.mse_loss(net(x), y).backward()
        for each in weights(net):
            each.data = (1 - 0.1 * 0.4 / 6) * each.numpy()
        optimizer.step()
    name = "layers.0.weight"
    assert np.abs(penalized[name] - net.state_dict()[name]).max() > 1e-3


def test_long_rows_are_shortened_to_the_bound_and_short_ones_left_to_the_bit():
    w = nn.Parameter(np.array([[3.0, 4.0], [0.1, 0.3], [0.0, 0.0], [0.6, 0.8]]))
    before = w.numpy().copy()
    nn.max_norm_([w], 1.0)
    np.testing.assert_allclose(w.numpy()[0], [0.6, 0.8], rtol=1e-15)
    np.testing.assert_array_equal(w.numpy()[1:3], before[1:3])
    kernel = nn.Parameter(np.ones((2, 3, 2, 2), np.float32))
    nn.max_norm_(kernel, 2)
    np.testing.assert_allclose(np.sqrt((kernel.numpy() ** 2).sum(axis=(1, 2, 3))), 2, rtol=1e-6)
    assert kernel.dtype == np.float32
    assert kernel.requires_grad


def test_the_bound_leaves_biases_and_frozen_weights_alone():
    net = model()
    net.layers[0].requires_grad_(False)
    before = net.state_dict()
    nn.max_norm_(net, 1e-3)
    changed = {name for name, each in net.state_dict().items() if not np.array_equal(each, before[name])}
    assert changed == {"layers.1.weight"}


def test_penalty_and_bound_are_part_of_a_compiled_step():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    states = []
    for compiled in (False, True):
        net = model()
        optimizer = optim.SGD(net.parameters(), lr=0.5)

        def step(x, y, net=net, optimizer=optimizer):
            optimizer.zero_grad()
            loss = nn.mse_loss(net(x), y) + nn.elastic_net_penalty(net, 0.01, 0.1, 6)
            loss.backward()
            optimizer.step()
            nn.max_norm_(net, 0.7)
            return loss

        run = autograd.compile(step) if compiled else step
        for _ in range(4):
            run(x, y)
        states.append(net.state_dict())
    for name, each in states[0].items():
        np.testing.assert_allclose(each, states[1][name], rtol=1e-13)
    assert max(np.linalg.norm(states[1]["layers.0.weight"], axis=1)) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: nn.l1_penalty([], 0.1), ArgumentError, "none in it"),
        (lambda: nn.l2_penalty(nn.ReLU(), 0.1), ArgumentError, "found ReLU"),
        (lambda: nn.l2_penalty(["w"], 0.1), ArgumentError, "other things"),
        (lambda: nn.max_norm_([W], 0.1), ArgumentError, "ndarray"),
        (lambda: nn.l1_penalty([Tensor(W)], -0.1), DomainError, "-0.1"),
        (lambda: nn.l1_penalty([Tensor(W)], 0.1, m=0), DomainError, "m to be a number of 1 or more"),
        (lambda: nn.l2_penalty([Tensor(W)], "0.1"), ArgumentError, "strength to be a number of 0 or more; found '0.1'"),
        (lambda: nn.max_norm_([nn.Parameter(W)], 0), DomainError, "max_norm to be a number above 0"),
        (lambda: nn.max_norm_([nn.Parameter(W), nn.Parameter(W[0])], 0.1), ArgumentError, r"\(2,\)"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, error, said):
    with pytest.raises(error, match=said):
        call()
