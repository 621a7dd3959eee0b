"""Between arrays a derivation is in matrix form: pull-backs with shapes, and the adjoints of the sweep."""

import numpy as np
import pytest

import nn
from autograd import GraphError, Tensor, no_grad, sweep
from autograd.derivation import derive


def layer(named=True):
    rng = np.random.default_rng(0)
    X, Y = Tensor(rng.normal(size=(5, 3)), name="X"), Tensor(rng.normal(size=(5, 2)), name="Y")
    W, b = (Tensor(rng.normal(size=size), requires_grad=True, name=name) for size, name in (((3, 2), "W"), ((2,), "b")))
    Z = X @ W + b
    A = Z.sigmoid()
    L = ((A - Y) ** 2).mean()
    names = {"Z": Z, "A": A, "L": L} if named else {}
    return L, [W, b], names


def written(derivation):
    return {step.equation.left.text: step.equation for step in derivation.memo}


def test_the_adjoints_of_a_layer_are_written_as_their_pull_backs():
    L, parameters, names = layer()
    memo = written(derive(L, parameters, names=names))
    assert memo["W̄"].chain[0][1].text == "Xᵀ @ Z̄"
    assert memo["b̄"].chain[0][1].text == "Σ Z̄"
    assert memo["Z̄"].chain[0][1].text == "Ā ⊙ A ⊙ (1 - A)"
    assert memo["Ā"].chain[0][1].text == "0.2 · (A - Y)"


def test_shapes_stand_under_the_factors_in_latex_and_after_the_formula_in_text():
    L, parameters, names = layer()
    derivation = derive(L, parameters, names=names)
    assert written(derivation)["W̄"].shapes == "(5×3)ᵀ @ (5×2) → (3×2)"
    assert r"\underset{5 \times 3}{X}^{\top}\,\underset{5 \times 2}{\bar{Z}}" in derivation.latex
    assert "shapes (5×3) @ (3×2) + (2) → (5×2)" in str(derivation)


@pytest.mark.parametrize("named", [True, False])
def test_the_values_of_the_memo_are_those_of_the_sweep(named):
    L, parameters, names = layer(named)
    derivation = derive(L, parameters, names=names)
    adjoints = sweep(L)
    for step in derivation.memo:
        np.testing.assert_allclose(step.value, adjoints[step.node], rtol=1e-12)
    np.testing.assert_array_equal(derivation.value[0], adjoints[parameters[0]])
    assert derivation.counts_of_all.paths == (2 if named else sweep(L).counts().paths)


def test_a_matrix_of_more_than_16_entries_is_told_by_its_shape_alone():
    W = Tensor(np.arange(20.0).reshape(4, 5), requires_grad=True, name="W")
    text = str(derive((W * W).sum(), W))
    assert "W = array of (4×5)" in text
    assert "19" not in text


def test_constant_arrays_get_a_letter_and_uniform_ones_are_a_number():
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    derivation = derive((w * np.array([3.0, 4.0]) + np.array([7.0, 7.0])).sum(), w)
    assert derivation.forward[0].equation.chain[0][1].text == "w ⊙ C₁"
    assert "C₁ = [3  4]" in str(derivation)
    assert derivation.forward[1].equation.chain[0][1].text == "v₁ + 7"


class Scaled(nn.Module):
    def __init__(self):
        self.gains = nn.ModuleList([Gain(), Gain()])

    def forward(self, x):
        return self.gains[1](self.gains[0](x))


class Gain(nn.Module):
    def __init__(self):
        self.gain = nn.Parameter(np.array([2.0, 3.0]))

    def forward(self, x):
        return x * self.gain


def test_parameters_that_no_textbook_names_have_their_paths_with_numbers_in_brackets():
    model = Scaled()
    loss = (model(np.array([[1.0, 2.0]])) ** 2).sum()
    assert derive(loss, model.gains[1].gain).title.text.endswith("/∂gains[1].gain")


def test_a_network_has_the_names_of_textbooks():
    rng = np.random.default_rng(1)
    model = nn.MLP([3, 4, 2], "tanh", rng=rng)
    loss = nn.mse_loss(model(rng.normal(size=(5, 3))), rng.normal(size=(5, 2)))
    derivation = derive(loss, list(model.parameters()))
    forward = [step.equation.left.text for step in derivation.forward]
    assert forward == ["Z¹", "A¹", "Ŷ", "L"]
    assert [each.left.text for each in derivation.forward.section.given] == ["W¹", "b¹", "W²", "b²", "Y", "X"]
    memo = written(derivation)
    assert memo["∂L/∂Ŷ"].chain[0][1].text == "0.2 · (Ŷ - Y)"
    assert memo["Ā¹"].chain[0][1].text == "∂L/∂Ŷ @ W²"
    assert memo["Z̄¹"].chain[0][1].text == "Ā¹ ⊙ (1 - (A¹)^2)"
    assert memo["W̄²"].chain[0][1].text == "(∂L/∂Ŷ)ᵀ @ A¹"
    assert memo["W̄¹"].chain[0][1].text == "(Z̄¹)ᵀ @ X"
    assert memo["b̄¹"].chain[0][1].text == "Σ Z̄¹"


def test_a_single_layer_has_no_number_and_names_of_the_call_come_first():
    rng = np.random.default_rng(1)
    model, X = nn.Linear(3, 2, rng=rng), rng.normal(size=(4, 3))
    loss = (model(X) ** 2).mean()
    assert derive(loss, model.weight).title.text == "∂L/∂W"
    derivation = derive(loss, model.weight, names={"V": model.weight, "data": X})
    assert derivation.title.text == "∂L/∂V"
    assert derivation.forward[0].equation.chain[0][1].text == "data @ Vᵀ + b"


def test_a_fold_from_matrices_to_numbers_is_told_in_matrix_form():
    X = Tensor([[1.0, 2.0], [3.0, 4.0]], name="X")
    b = Tensor(0.5, requires_grad=True, name="b")
    memo = written(derive((X * b).sum(), b))
    assert memo["b̄"].chain[0][1].text == "Σ v̄₁ ⊙ X"
    assert memo["b̄"].chain[-1][1].text == "10"


def test_a_derivation_of_matrices_keeps_its_numbers():
    L, (W, _), names = layer()
    before = derive(L, W, names=names)
    text = str(before)
    W.data = np.zeros((3, 2))
    assert str(before) == text
    assert str(derive(L, W, names=names)) == text


class Shared(nn.Module):
    def __init__(self):
        self.step = nn.Linear(2, 2, bias=False, rng=0)
        self.out = nn.Linear(2, 1, bias=False, rng=1)

    def forward(self, x):
        for _ in range(3):
            x = np.tanh(self.step(x))
        return self.out(x)


def test_a_layer_applied_again_has_the_time_below_its_name_and_transposes_cancel():
    model = Shared()
    X = np.random.default_rng(0).normal(size=(4, 2))
    derivation = derive(nn.mse_loss(model(X), X[:, :1]), model.step.weight)
    memo = written(derivation)
    assert [step.equation.left.text for step in derivation.forward][:4] == ["Z¹₁", "A¹₁", "Z¹₂", "A¹₂"]
    assert memo["W̄¹"].chain[0][1].text == "(Z̄¹₁)ᵀ @ X + (Z̄¹₂)ᵀ @ A¹₁ + (Z̄¹₃)ᵀ @ A¹₂"
    assert memo["Ā¹₃"].chain[0][1].text == "∂L/∂Ŷ @ W²"


def test_what_was_spread_out_to_add_is_written_as_it_was():
    X = Tensor(np.random.default_rng(0).normal(size=(6, 3)), requires_grad=True, name="X")
    mu = X.mean(axis=0)
    D = X - mu
    memo = written(derive((D**3).sum(), X, names={"mu": mu, "D": D}))
    assert memo["μ̄"].chain[0][1].text == "-Σ D̄"
    assert memo["X̄"].chain[0][1].text == "1/6 · μ̄ + D̄"


def test_an_element_within_no_grad_says_that_it_is_cut_off():
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    loss = (w * w).sum()
    with no_grad():
        element = w[0]
    with pytest.raises(GraphError, match=r"computed within no_grad\(\)"):
        derive(loss, element)


def test_a_recorded_gradient_of_arrays_is_derived_again():
    x = Tensor(np.array([0.3, -0.2, 0.5]), requires_grad=True, name="x")
    valley = ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()
    slope = sweep(valley, create_graph=True)[x]
    derivation = derive((slope * np.array([1.0, 2.0, 3.0])).sum(), x, names={"g": slope})
    assert derivation.check[0].error < 1e-6
    for node, (recorded, _) in derivation.teller.closed().items():
        np.testing.assert_allclose(getattr(recorded, "value", recorded), derivation.teller.adjoints[node], rtol=1e-9)
