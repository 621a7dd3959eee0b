"""The derivations of the textbooks come out of recorded code, with their final formulas."""

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, softmax, sweep
from autograd.derivation import derive


def chains(part):
    """What each line of a part says, by its left side."""
    return {line.left.text: [formula.text for _, formula in line.chain] for line in part.section.equations}


def samples(rows, columns, **named):
    rng = np.random.default_rng(0)
    return [
        Tensor(rng.normal(size=(rows, size) if size else (rows,)), requires_grad=True, name=name)
        for name, size in (("X", columns), *named.items())
    ]


def test_logistic_regression_is_prediction_minus_target_times_input():
    w, b, x, y = Value(0.7, "w"), Value(-0.2, "b"), Value(1.5, "x"), Value(1.0, "y")
    z = w * x + b
    yhat = z.sigmoid()
    L = -(y * np.log(yhat) + (1 - y) * np.log(1 - yhat))
    derivation = derive(L, [w, b], names=locals())
    assert chains(derivation.closed) == {"∂L/∂z": ["ŷ - y"], "∂L/∂b": ["ŷ - y"], "∂L/∂w": ["(ŷ - y) · x"]}
    assert chains(derivation.paths)["∂L/∂w"][:2] == [
        "∂L/∂ŷ · ∂ŷ/∂z · ∂z/∂w",
        "((1 - y) / (1 - ŷ) - y / ŷ) · ŷ · (1 - ŷ) · x",
    ]


def test_logistic_regression_of_a_batch_is_the_formula_of_the_course():
    X, y = samples(8, 3, y=1)
    w, b = Tensor(np.ones((3, 1)), requires_grad=True, name="w"), Tensor(0.0, requires_grad=True, name="b")
    z = X @ w + b
    yhat = z.sigmoid()
    J = -(y * np.log(yhat) + (1 - y) * np.log(1 - yhat)).mean()
    closed = chains(derive(J, [w, b], names={"z": z, "yhat": yhat, "J": J}).closed)
    assert closed["z̄"] == ["0.125 · (ŷ - y)"]
    assert closed["w̄"] == ["0.125 · Xᵀ @ (ŷ - y)"]
    assert closed["b̄"] == ["0.125 · Σ (ŷ - y)"]


def test_softmax_with_cross_entropy_is_shares_minus_target():
    rng = np.random.default_rng(0)
    model = nn.MLP([4, 5, 3], "relu", rng=0)
    loss = nn.cross_entropy(model(rng.normal(size=(6, 4))), rng.integers(0, 3, size=6))
    memo = chains(derive(loss, list(model.parameters())).memo)
    assert memo["Z̄²"][0] == "1/6 · (softmax(Z²) - Y)"


def test_softmax_and_logarithm_written_out_give_it_element_by_element():
    z = Tensor([0.2, -0.4, 1.1], requires_grad=True, name="z")
    p = softmax(z)
    L = -np.log(p[1])
    derivation = derive(L, z[:], names={"p": p, "L": L})
    closed = chains(derivation.closed)
    assert closed["∂L/∂z₁"] == ["p₁"]
    assert closed["∂L/∂z₂"] == ["-(1 - p₂)"]
    assert closed["∂L/∂z₃"] == ["p₃"]


def test_least_squares_is_the_normal_equation():
    X, y = samples(6, 3, y=1)
    w = Tensor(np.ones((3, 1)), requires_grad=True, name="w")
    L = ((X @ w - y) ** 2).mean()
    assert chains(derive(L, w, names={"L": L}).closed)["w̄"] == ["1/3 · Xᵀ @ (X @ w - y)"]


def test_a_network_of_two_layers_has_the_lines_of_the_course():
    X, Y = samples(8, 3, Y=1)
    rng = np.random.default_rng(1)
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 1), "b2": (1,)}
    W1, b1, W2, b2 = (Tensor(rng.normal(size=shape), requires_grad=True, name=name) for name, shape in shapes.items())
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    A2 = Z2.sigmoid()
    J = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).mean()
    derivation = derive(J, [W1, b1, W2, b2], names=locals())
    memo, closed = chains(derivation.memo), chains(derivation.closed)
    assert closed["Z̄₂"] == ["0.125 · (A₂ - Y)"]
    assert memo["W̄₂"][0] == "A₁ᵀ @ Z̄₂"
    assert memo["b̄₂"][0] == "Σ Z̄₂"
    assert memo["Ā₁"][0] == "Z̄₂ @ W₂ᵀ"
    assert memo["Z̄₁"][0] == "Ā₁ ⊙ (1 - A₁^2)"
    assert memo["W̄₁"][0] == "Xᵀ @ Z̄₁"
    assert memo["b̄₁"][0] == "Σ Z̄₁"


def test_batch_normalization_has_its_full_backward_pass():
    (X,) = samples(6, 3)
    gamma, beta = (Tensor(np.ones(3) * k, requires_grad=True, name=n) for k, n in ((1.5, "gamma"), (0.5, "beta")))
    mu = X.mean(axis=0)
    D = X - mu
    v = (D**2).mean(axis=0)
    s = (v + 1e-5) ** 0.5
    N = D / s
    Y = gamma * N + beta
    L = (Y**3).sum()
    derivation = derive(L, [X, gamma, beta], names=locals())
    memo = chains(derivation.memo)
    assert memo["γ̄"][0] == "Σ Ȳ ⊙ N"
    assert memo["β̄"][0] == "Σ Ȳ"
    assert memo["N̄"][0] == "Ȳ ⊙ γ"
    assert memo["v̄"][0] == "0.5 · s̄ ⊙ (v + 1e-5)^(-0.5)"
    assert memo["D̄"][0] == "1/3 · v̄ ⊙ D + N̄ / s"
    assert memo["μ̄"][0] == "-Σ D̄"
    assert memo["X̄"][0] == "1/6 · μ̄ + D̄"
    np.testing.assert_allclose(derivation.value[0], sweep(L)[X])


def test_a_recurrent_cell_through_three_steps_sums_over_the_time_it_was_used():
    W, U, b, h_0 = Value(0.5, "W"), Value(-0.3, "U"), Value(0.1, "b"), Value(0.4, "h_0")
    h_1 = np.tanh(W * h_0 + U * 1.0 + b)
    h_2 = np.tanh(W * h_1 + U * 0.5 + b)
    h_3 = np.tanh(W * h_2 - U + b)
    L = (h_3 - 0.2) ** 2
    derivation = derive(L, W, names=locals())
    assert chains(derivation.paths)["∂L/∂W"][:2] == [
        "∂L/∂h₃ · [ ∂h₃/∂W + ∂h₃/∂h₂ · ∂h₂/∂W + ∂h₃/∂h₂ · ∂h₂/∂h₁ · ∂h₁/∂W ]",
        "2 · (h₃ - 0.2) · [ (1 - h₃^2) · h₂ + (1 - h₃^2) · W · (1 - h₂^2) · h₁ "
        "+ (1 - h₃^2) · W · (1 - h₂^2) · W · (1 - h₁^2) · h₀ ]",
    ]
    assert derivation.value == sweep(L)[W]


def test_a_residual_block_has_the_one_that_keeps_the_gradient_alive():
    x, w = Value(0.3, "x"), Value(0.2, "w")
    f = np.tanh(w * x)
    y = x + f
    L = y**2
    symbols, formula = chains(derive(L, x, names=locals()).paths)["∂L/∂x"][:2]
    assert symbols == "∂L/∂y · [ ∂y/∂x + ∂y/∂f · ∂f/∂x ]"
    assert formula == "2 · y · [ 1 + (1 - f^2) · w ]"


def test_ten_sigmoids_make_the_product_vanish():
    z = Value(0.4, "z")
    a, names = z, {}
    for k in range(1, 11):
        a = a.sigmoid()
        names[a] = f"a_{k}"
    derivation = derive(a, z, names=names)
    formula = chains(derivation.paths)["∂a₁₀/∂z"][1]
    assert formula == " · ".join(f"{s} · (1 - {s})" for s in ["a₁₀", *(f"a{'₀₁₂₃₄₅₆₇₈₉'[k]}" for k in range(9, 0, -1))])
    assert 0 < derivation.value < 0.25**10


def test_a_derivative_can_be_derived_again():
    w, x = Value(0.7, "w"), Value(2.0, "x")
    L = (w * x) ** 3
    first = sweep(L, create_graph=True)[w]
    derivation = derive(first, w, names={"g": first})
    assert derivation.title.text == "∂g/∂w"
    assert derivation.value == pytest.approx(6 * 0.7 * 2.0**3)
    assert derivation.check[0].error < 1e-8
