"""The course's own examples come out as it writes them: the 3-3-2-1 network, the 2-2-1 network, two paths."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.derivation import derive

EXAMPLE = Path(__file__).parents[3] / "examples" / "chain_rule_3321.py"

EQUATIONS = {
    "W^3_11": "∂L/∂W³₁₁ = ∂L/∂ŷ · ∂ŷ/∂W³₁₁",
    "W^2_11": "∂L/∂W²₁₁ = ∂L/∂ŷ · ∂ŷ/∂O₂₁ · ∂O₂₁/∂W²₁₁",
    "W^1_11": "∂L/∂W¹₁₁ = ∂L/∂ŷ · [ ∂ŷ/∂O₂₁ · ∂O₂₁/∂O₁₁ · ∂O₁₁/∂W¹₁₁ + ∂ŷ/∂O₂₂ · ∂O₂₂/∂O₁₁ · ∂O₁₁/∂W¹₁₁ ]",
}


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("chain_rule_3321", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def network(example):
    return example.network(inputs=(1.0, 0.5, -1.5), target=1.0)


@pytest.mark.parametrize("weight", EQUATIONS)
def test_the_three_equations_stand_in_the_text_character_by_character(network, weight):
    loss, parameters = network
    lines = [line.strip() for line in str(derive(loss, parameters[weight])).splitlines()]
    assert EQUATIONS[weight] in lines


def test_the_network_has_23_parameters_and_the_text_says_so(network):
    loss, parameters = network
    assert len(parameters) == 23
    assert "All 23 parameters in one sweep" in str(derive(loss, parameters["W^1_11"]))


@pytest.mark.parametrize("weight", EQUATIONS)
def test_the_derivatives_of_the_network_are_its_central_differences(example, weight):
    loss, parameters = example.network(inputs=(1.0, 0.5, -1.5), target=1.0)

    def at(step):
        start = example.start_value
        place = tuple(int(digit) for digit in (weight[2], weight[4], weight[5]))
        example.start_value = lambda *where: start(*where) + (step if where == place else 0)
        try:
            return example.network(inputs=(1.0, 0.5, -1.5), target=1.0)[0].value
        finally:
            example.start_value = start

    expected = (at(1e-6) - at(-1e-6)) / 2e-6
    np.testing.assert_allclose(derive(loss, parameters[weight]).value, expected, rtol=1e-7)


def test_the_memo_form_reads_the_adjoint_of_the_prediction_once_for_each_unit_above(network):
    loss, parameters = network
    memo = {step.equation.left.text: step for step in derive(loss, parameters["W^1_11"]).memo}
    assert list(memo) == ["∂L/∂L", "∂L/∂ŷ", "∂L/∂O₂₂", "∂L/∂O₂₁", "∂L/∂O₁₁", "∂L/∂W¹₁₁"]
    assert memo["∂L/∂ŷ"].reads == 2
    assert memo["∂L/∂O₁₁"].equation.chain[0][1].text == "∂L/∂O₂₁ · ∂O₂₁/∂O₁₁ + ∂L/∂O₂₂ · ∂O₂₂/∂O₁₁"


def test_the_example_prints_all_of_it(example, capsys):
    example.main()
    printed = capsys.readouterr().out
    assert "23 trainable parameters" in printed
    for equation in EQUATIONS.values():
        assert equation in printed


def two_two_one():
    """The 2-2-1 sigmoid network with its squared error: the loss, the nine parameters, and names."""
    w_11, w_12, w_21, w_22 = Value(0.2), Value(0.4), Value(-0.3), Value(0.1)
    b_1, b_2, v_1, v_2, c = Value(0.1), Value(-0.1), Value(0.5), Value(-0.6), Value(0.2)
    parameters = [w_11, w_12, w_21, w_22, b_1, b_2, v_1, v_2, c]
    x_1, x_2, y = Value(1.0), Tensor(0.5), Tensor(1.0)
    z_1 = w_11 * x_1 + w_12 * x_2 + b_1
    h_1 = z_1.sigmoid()
    z_2 = w_21 * x_1 + w_22 * x_2 + b_2
    h_2 = z_2.sigmoid()
    o = v_1 * h_1 + v_2 * h_2 + c
    yhat = o.sigmoid()
    e = yhat - y
    L = e**2
    return L, parameters, locals()


def test_the_2_2_1_network_costs_39_multiplications_path_by_path_and_15_with_the_memo():
    L, parameters, names = two_two_one()
    derivation = derive(L, parameters, names=names)
    counts = derivation.counts
    assert (counts.path_by_path, counts.multiplications, counts.paths) == (39, 15, 9)
    reads = {step.equation.left.text: step.reads for step in derivation.memo if step.reads > 1}
    assert reads == {"∂L/∂o": 5, "∂L/∂z₁": 3, "∂L/∂z₂": 3}


def test_the_2_2_1_network_prints_the_worked_numbers():
    L, parameters, names = two_two_one()
    text = str(derive(L, parameters, names=names))
    for line in (
        "z₁ = w₁₁ · x₁ + w₁₂ · x₂ + b₁ = 0.2 · 1 + 0.4 · 0.5 + 0.1 = 0.5",
        "z₂ = w₂₁ · x₁ + w₂₂ · x₂ + b₂ = (-0.3) · 1 + 0.1 · 0.5 + (-0.1) = -0.35",
        "L  = e^2 ≈ (-0.4346)^2 ≈ 0.1889",
        "∂h₁/∂z₁  = h₁ · (1 - h₁) ≈ 0.6225 · (1 - 0.6225) ≈ 0.2350",
        "∂L/∂o   = ∂L/∂ŷ · ∂ŷ/∂o ≈ (-0.8692) · 0.2457 ≈ -0.2136   (read 5 times below, for 9 paths)",
        "∂L/∂w₁₁ = ∂L/∂z₁ · ∂z₁/∂w₁₁ ≈ (-0.02509) · 1 ≈ -0.02509",
        "∂L/∂v₂  = ∂L/∂o · ∂o/∂v₂ ≈ (-0.21357) · 0.41338 ≈ -0.08829",
    ):
        assert line in text, line


def test_the_2_2_1_network_has_one_path_to_a_weight_and_two_to_an_input():
    L, parameters, names = two_two_one()
    assert len(derive(L, parameters[0], names=names).paths) == 1
    by_input = derive(L, names["x_1"], names=names)
    np.testing.assert_allclose([path.value for path in by_input.paths], [-0.005019, -0.009322], atol=5e-7)
    np.testing.assert_allclose(by_input.value, -0.01434, atol=5e-6)


def test_two_paths_give_the_sum_of_two_products():
    x = Value(0.5, name="x")
    f = np.sin(x)
    g = x**2
    h = np.exp(f + g)
    derivation = derive(h, x, names={"f": f, "g": g, "h": h})
    first, second = derivation.forms[0].equation.chain[0][1].text.split(" + ")
    assert (first, second) == ("∂h/∂f · ∂f/∂x", "∂h/∂g · ∂g/∂x")
    np.testing.assert_allclose(derivation.value, np.exp(np.sin(0.5) + 0.25) * (np.cos(0.5) + 1.0))


@pytest.mark.parametrize(("make", "each"), [(lambda a: a * a, 3.0), (lambda a: a + a, 1.0)])
def test_a_value_in_both_operands_has_two_paths(make, each):
    a = Value(3.0, name="a")
    derivation = derive(make(a), a)
    assert [path.value for path in derivation.paths] == [each, each]
    assert [edge.slot for edge in derivation.partials] == [0, 1]
    assert derivation.forms[0].equation.chain[0][1].text == "∂v₁/∂a⁽¹⁾ + ∂v₁/∂a⁽²⁾"
    assert derivation.value == 2 * each
