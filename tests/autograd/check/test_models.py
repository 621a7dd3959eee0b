"""Checking all parameters of a model together: it passes what is right, and finds a planted fault and where it is."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, GradcheckError, GraphError, Tensor, check_parameters, custom_vjp, gradcheck

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((8, 3)), RNG.standard_normal((8, 2))


def model():
    return nn.MLP([3, 4, 2], "tanh", rng=0, dtype=np.float64)


def test_a_right_gradient_is_good_and_every_entry_is_looked_at():
    net = model()
    before = {name: each.numpy().copy() for name, each in net.named_parameters()}
    report = check_parameters(net, lambda: ((net(X) - Y) ** 2).mean() + sum((p * p).sum() for p in net.parameters()))
    assert report.verdict == "good"
    assert report.ratio < 5e-7
    assert report.direction < 1e-6
    assert report.checked == sum(each.size for each in net.parameters())
    for name, each in net.named_parameters():
        np.testing.assert_array_equal(each.numpy(), before[name])


def test_the_ratio_is_the_formula_of_the_notes():
    net = nn.Linear(2, 1, rng=0, dtype=np.float64)

    @custom_vjp(lambda g, out, x: 1.01 * g)
    def off(x):
        return x

    with pytest.raises(GradcheckError, match=r"wrong: ratio 0\.005 over 3 entries"):
        check_parameters(net, lambda: off(net(X[:, :2])).sum())


def test_a_planted_fault_is_found_with_its_parameter_and_index():
    net = model()
    name, parameter = next(iter(net.named_parameters()))

    @custom_vjp(lambda g, out, x: g + 0.01 * (np.arange(g.size).reshape(g.shape) == 5))
    def faulty(x):
        return x

    def loss():
        return ((net(X) - Y) ** 2).mean() + faulty(parameter).sum()

    with pytest.raises(GradcheckError, match=rf"{name}\[1, 2\]"):
        check_parameters(net, loss)


def test_some_entries_of_each_parameter_can_be_drawn():
    net = model()
    report = check_parameters(net, lambda: (net(X) ** 2).sum(), samples=2, rng=1)
    assert report.checked == 2 * len(list(net.parameters()))


def test_what_cannot_be_checked_is_refused():
    single = nn.Linear(2, 1, rng=0, dtype=np.float32)
    with pytest.raises(ArgumentError, match=r"float64.*astype"):
        check_parameters(single, lambda: single(np.ones((1, 2), np.float32)).sum())
    net, rng = model(), np.random.default_rng(0)
    with pytest.raises(GraphError, match="two runs"):
        check_parameters(net, lambda: (net(X) * rng.random()).sum())
    with pytest.raises(ArgumentError, match="samples as a whole number above 0, or None; found 0"):
        check_parameters(net, lambda: net(X).sum(), samples=0)
    other = Tensor(2.0, requires_grad=True)
    with pytest.raises(GraphError, match="no parameter"):
        check_parameters(net, lambda: other * other)


def test_a_kink_nearby_is_remarked():
    with pytest.raises(GradcheckError, match="kink"):
        gradcheck(np.abs, np.array([0.5, 1e-9]))
