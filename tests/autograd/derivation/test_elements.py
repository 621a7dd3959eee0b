"""A derivative by one element of an array is told in numbers, from the graph written out element by element."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, GraphError, Tensor, log_softmax, softmax, sweep
from autograd.derivation import derive
from autograd.derivation.elements import Element
from autograd.operation import registry
from tests.autograd.derivation.test_every_operation import EXAMPLES, formulas, leaves, told

EQUATIONS = {
    2: "∂L/∂W³₁₁ = ∂L/∂ŷ · ∂ŷ/∂W³₁₁",
    1: "∂L/∂W²₁₁ = ∂L/∂ŷ · ∂ŷ/∂O₂₁ · ∂O₂₁/∂W²₁₁",
    0: "∂L/∂W¹₁₁ = ∂L/∂ŷ · [ ∂ŷ/∂O₂₁ · ∂O₂₁/∂O₁₁ · ∂O₁₁/∂W¹₁₁ + ∂ŷ/∂O₂₂ · ∂O₂₂/∂O₁₁ · ∂O₁₁/∂W¹₁₁ ]",
}


def network(rows=1, output="sigmoid"):
    rng = np.random.default_rng(3)
    model = nn.MLP([3, 3, 2, 1], "sigmoid", output=output, rng=0)
    return model, nn.mse_loss(model(rng.normal(size=(rows, 3))), rng.uniform(size=(rows, 1)))


@pytest.mark.parametrize("layer", EQUATIONS)
@pytest.mark.parametrize("output", ["sigmoid", None])
def test_a_weight_of_a_recorded_network_gives_the_equations_of_the_course(layer, output):
    model, loss = network(output=output)
    derivation = derive(loss, model.layers[layer].weight[0, 0])
    lines = [line.strip() for line in str(derivation).splitlines()]
    assert EQUATIONS[layer] in lines
    assert "All 23 parameters in one sweep" in str(derivation)


def test_a_weight_is_named_from_which_unit_to_which():
    model, loss = network()
    weight = model.layers[0].weight
    derivation = derive(loss, weight[1, 2])
    assert derivation.title.text == "∂L/∂W¹₃₂"
    np.testing.assert_allclose(derivation.value, sweep(loss)[weight][1, 2], rtol=1e-12)
    assert derivation.forward[0].equation.chain[0][1].text == "σ(x₁ · W¹₁₁ + x₂ · W¹₂₁ + x₃ · W¹₃₁ + b¹₁)"


@pytest.mark.parametrize(
    "select", [lambda w: w[1], lambda w: w.T[:, 1], lambda w: w[1].reshape(3, 1), lambda w: w[1:2]]
)
def test_several_elements_are_told_in_one_derivation(select):
    model, loss = network()
    weight = model.layers[0].weight
    derivation = derive(loss, select(weight))
    np.testing.assert_allclose(derivation.value, sweep(loss)[weight][1], rtol=1e-12)
    assert derivation.title.text == "∂L/∂W¹₁₂, ∂L/∂W¹₂₂, ∂L/∂W¹₃₂"
    assert max(each.error for each in derivation.check) < 1e-6


def test_what_all_rows_contribute_alike_is_written_once():
    model, loss = network(rows=4)
    weight = model.layers[1].weight
    derivation = derive(loss, weight[0, 1])
    symbols, formula, numbers, value = derivation.forms[0].equation.chain
    assert symbols[1].text == "Σᵢ ∂L/∂ŷ⁽ⁱ⁾ · ∂ŷ⁽ⁱ⁾/∂O⁽ⁱ⁾₂₁ · ∂O⁽ⁱ⁾₂₁/∂W²₂₁"
    assert formula[1].text == "Σᵢ 0.5 · (ŷ⁽ⁱ⁾ - y⁽ⁱ⁾) · ŷ⁽ⁱ⁾ · (1 - ŷ⁽ⁱ⁾) · W³₁₁ · O⁽ⁱ⁾₂₁ · (1 - O⁽ⁱ⁾₂₁) · O⁽ⁱ⁾₁₂"
    assert len(numbers[1].text.replace("e-", "").split(" + ")) == 4
    np.testing.assert_allclose(derivation.value, sweep(loss)[weight][0, 1], rtol=1e-12)
    assert value[0] == "≈"


def test_of_one_row_the_derivation_is_its_share():
    model, loss = network(rows=4)
    element = model.layers[0].weight[2, 0]
    shares = [derive(loss, element, row=row) for row in range(4)]
    np.testing.assert_allclose(sum(each.value for each in shares), derive(loss, element).value, rtol=1e-12)
    assert "x⁽³⁾₁" in str(shares[2])
    assert "x⁽²⁾₁" not in str(shares[2])
    assert max(each.check[0].error for each in shares) < 1e-6


def test_rows_that_differ_are_not_written_as_one():
    model = nn.MLP([2, 3], rng=0)
    loss = nn.cross_entropy(model(np.array([[0.5, -1.0], [1.5, 0.3]])), np.array([1, 0]))
    derivation = derive(loss, model.layers[0].weight[0, 0])
    texts = [formula.text for _, formula in derivation.forms[0].equation.chain]
    assert texts[0] == "Σᵢ ∂L/∂z⁽ⁱ⁾₁ · ∂z⁽ⁱ⁾₁/∂W₁₁"
    assert not any("softmax" in text for text in texts)
    partials = [edge.formula.text for edge in derivation.partials[:2]]
    assert partials == [
        "0.5 · softmax(z⁽¹⁾₁, z⁽¹⁾₂, z⁽¹⁾₃)₁",
        "0.5 · (softmax(z⁽²⁾₁, z⁽²⁾₂, z⁽²⁾₃)₁ - 1)",
    ]


def test_an_operation_that_is_no_sum_of_products_keeps_its_name_and_its_rule():
    z = Tensor([0.3, -0.2, 0.9], requires_grad=True, name="z")
    p = softmax(z)
    loss = (p * np.array([1.0, 2.0, 4.0])).sum()
    derivation = derive(loss, z[1], names={"p": p})
    partials = {edge.symbol.text: edge.formula.text for edge in derivation.partials}
    assert partials["∂p₁/∂z₂"] == "-p₂ · p₁"
    assert partials["∂p₂/∂z₂"] == "p₂ · (1 - p₂)"
    assert derivation.value == pytest.approx(sweep(loss)[z][1], rel=1e-12)
    assert "softmax(z₁, z₂, z₃)₁" in str(derivation)


def test_an_element_that_nothing_reads_has_no_path():
    w = Tensor([1.0, 2.0], requires_grad=True, name="w")
    with pytest.raises(GraphError, match="no path leads from w₂"):
        derive(w[0] * 3.0, w[1])


def test_an_element_of_what_is_no_part_of_the_graph_is_refused():
    a, b = (Tensor([1.0, 2.0], requires_grad=True, name=name) for name in "ab")
    with pytest.raises(GraphError, match="no path"):
        derive(a.sum(), b[0])
    with pytest.raises(GraphError, match="no path"):
        derive(a.sum(), (a * 2)[0])


def test_too_many_elements_and_rows_that_are_not_there_are_refused():
    w = Tensor(np.ones((9, 9)), requires_grad=True)
    with pytest.raises(ArgumentError, match="at most 64 elements one by one; found 81"):
        derive((w * w).sum(), w[:])
    model, loss = network(rows=2)
    with pytest.raises(ArgumentError, match="row=2: the data has 2 rows"):
        derive(loss, model.layers[0].weight[0, 0], row=2)
    with pytest.raises(ArgumentError, match="row=0 is for a derivation by elements"):
        derive(loss, model.layers[0].weight, row=0)


def test_an_element_of_a_large_model_is_told_in_matrix_form():
    rng = np.random.default_rng(0)
    model = nn.MLP([50, 60, 10], rng=0)
    loss = nn.cross_entropy(model(rng.normal(size=(20, 50))), rng.integers(0, 10, size=20))
    weight = model.layers[0].weight
    derivation = derive(loss, weight[3, 7])
    assert derivation.value == sweep(loss)[weight][3, 7]
    assert derivation.title.text == "∂L/∂W¹₈₄"
    assert derivation.memo.section.equations[-1].note == "entry [3, 7] of W̄¹"
    assert derivation.check[0].error < 1e-5
    with pytest.raises(ArgumentError, match="Ask for style='matrix'"):
        derive(loss, weight[3, 7], style="leibniz")


def test_what_flows_through_no_grad_and_constants_stays_constant():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    loss = (x * x.detach()).sum()
    assert derive(loss, x[1]).value == 2.0


def weighted(case):
    """A number that depends on every element of an operation's result, and up to three elements it depends on."""
    operation, place = case
    example = operation.examples[place]
    arguments, wanted = leaves(operation, example)
    result = operation(*arguments, **example.parameters)
    if np.iscomplexobj(result.value) or np.size(wanted[0].value) > 30:
        return None, []
    root = (result * np.arange(1.0, 1.0 + np.size(result.value)).reshape(np.shape(result.value))).sum()
    adjoint = sweep(root)[wanted[0]] if wanted[0] in sweep(root) else np.zeros(wanted[0].shape)
    return root, [wanted[0][index] for index in np.ndindex(wanted[0].shape) if index and adjoint[index] != 0][:3]


@pytest.mark.parametrize("case", [case for case in EXAMPLES if weighted(case)[1]], ids=told)
def test_every_operation_is_written_out_with_the_derivatives_of_its_rule(case):
    root, elements = weighted(case)
    adjoint = sweep(root)[elements[0].inputs[0]]
    derivation = derive(root, elements)
    expected = [adjoint[each.parameters["index"]] for each in elements]
    np.testing.assert_allclose(derivation.value, expected, rtol=1e-10)
    for formula in formulas(derivation):
        opened, closed = formula.latex.count("{"), formula.latex.count("}")
        assert opened - formula.latex.count(r"\{") == closed - formula.latex.count(r"\}")


def test_most_operations_are_among_them():
    assert len({case[0].name for case in EXAMPLES if weighted(case)[1]}) > 150


def test_the_recorded_derivative_of_an_element_has_the_value_of_its_rule():
    z = Tensor([[0.3, -0.2, 0.9], [1.1, 0.4, -0.7]], requires_grad=True, name="z")
    derivation = derive(log_softmax(z)[0, 1] + log_softmax(z)[1].sum(), z[0])
    recorded = [edge for edge in derivation.partials if isinstance(edge.step.operation, Element)]
    assert len(recorded) == 3
    for edge in recorded:
        assert float(getattr(edge.recorded, "value", edge.recorded)) == pytest.approx(float(edge.value), rel=1e-12)


def test_the_registry_is_left_alone_by_elements():
    before = dict(registry)
    z = Tensor([0.3, -0.2], requires_grad=True)
    derive(softmax(z)[0], z[1])
    assert registry == before


def test_the_class_and_the_weight_are_told_in_the_numbers_of_the_page():
    layer = nn.Linear(2, 3, rng=0)
    text = str(derive(nn.cross_entropy(layer(np.array([[0.5, -1.0]])), np.array([1])), layer.weight[0, 0]))
    assert "cross_entropy(z₁, z₂, z₃; target 2)" in text
    assert "W₂₃ leads from input 2 to unit 3 of its layer" in " ".join(text.split())
    assert "weight[2, 1]" in text
