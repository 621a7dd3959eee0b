"""An exercise leaves blanks, takes numbers and formulas, and tells the first factor that is wrong."""

import numpy as np
import pytest

import nn
from autograd import ArgumentError, FormulaError, Tensor, Value
from autograd.derivation import exercise
from tests.autograd.derivation.test_course import two_two_one


@pytest.fixture(scope="module")
def quiz():
    L, parameters, names = two_two_one()
    return exercise(L, parameters[0], names=names, blanks=4)


def test_it_leaves_blanks_where_answers_are_asked_for(quiz):
    text = str(quiz)
    assert text.count("____") == len(quiz.blanks) == 5
    assert quiz.blanks[-1] == "answer"
    assert "Fill in" in text
    assert "WITH THE MEMO" not in text
    assert str(quiz.solution) not in text
    assert "____" not in str(quiz.solution)
    assert quiz.html.startswith("<!DOCTYPE html>")
    assert r"\square" in quiz.latex


def test_the_generator_chooses_the_blanks():
    L, parameters, names = two_two_one()
    chosen = {exercise(L, parameters[0], rng=seed, names=names).blanks for seed in range(8)}
    assert len(chosen) > 1
    again = [exercise(L, parameters[0], rng=np.random.default_rng(3), names=names).blanks for _ in range(2)]
    assert again[0] == again[1]


def answers(quiz, label):
    edge = next(each for each in quiz.solution.partials if each.equation.label == label)
    return float(edge.value), edge.formula.text


def test_right_answers_are_right_as_numbers_and_as_formulas(quiz):
    for label in quiz.blanks[:-1]:
        number, formula = answers(quiz, label)
        assert quiz.check({label: number})
        assert quiz.check({label: round(number, 4)})
        assert quiz.check({label: formula})
    assert quiz.check({label: answers(quiz, label)[1] for label in quiz.blanks[:-1]}).message == "All right."


@pytest.mark.parametrize(
    "answer",
    [
        -0.02509,
        "-0.0251",
        "2*e*yhat*(1-yhat)*v_1*h_1*(1-h_1)*x_1",
        "2·e·ŷ·(1-ŷ)·v₁·h₁·(1-h₁)·x₁",
        "x_1 * v_1 * (yhat - y) * 2 * h_1 * (1 - h_1) * (yhat - yhat**2)",
    ],
)
def test_the_derivative_is_taken_in_any_form(quiz, answer):
    verdict = quiz.check(answer)
    assert verdict
    assert str(verdict) == "Right: ∂L/∂w₁₁ = -0.02509."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (0.02509, "the sign is wrong"),
        (-0.05018, "without the factor ∂o/∂h₁ = v₁ = 0.5"),
        ("2*e*yhat*(1-yhat)*v_1*h_1*(1-h_1)", "The factor ∂z₁/∂w₁₁ = x₁ is missing."),
        ("2*e*yhat*(1-yhat)*v_1*h_1*(1-h_1)*x_2", "∂z₁/∂w₁₁ = x₁ is missing. Instead of it there is x₂."),
        ("2*e*yhat*(1-yhat)*v_2*h_1*(1-h_1)*x_1", "∂o/∂h₁ = v₁ is missing. Instead of it there is v₂."),
        ("2*e*yhat*(1-yhat)*v_1*h_1*(1-h_1)*x_1*x_1*x_1", "There is a factor too many: x₁"),
        (7.5, "beginning with ∂L/∂e"),
    ],
)
def test_a_wrong_answer_is_told_its_first_wrong_factor(quiz, answer, message):
    verdict = quiz.check(answer)
    assert not verdict
    assert message in verdict.message


def test_a_formula_that_is_right_here_alone_is_wrong():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    quiz = exercise((w * x) ** 2, w, blanks=0)
    assert quiz.check("2*w*x*x")
    assert not quiz.check("2*w*x")
    assert "∂v₂/∂v₁ = v₁ is missing. Instead of it there is w" in quiz.check("2*w*x").message


def test_one_path_of_several_is_not_the_sum():
    L, _, names = two_two_one()
    quiz = exercise(L, names["x_1"], names=names)
    assert quiz.check(-0.01434)
    assert "one path alone; the derivative is the sum over 2 paths" in quiz.check(-0.005019).message
    assert "Compute the 2 products" in quiz.check(0.3).message


def test_an_element_of_a_network_makes_an_exercise():
    model = nn.MLP([2, 2, 1], "sigmoid", rng=0)
    loss = nn.mse_loss(model(np.array([[0.5, -1.0]])), np.array([[0.3]]))
    quiz = exercise(loss, model.layers[0].weight[0, 1])
    assert quiz.check(float(quiz.solution.value))
    assert quiz.check("2*(ŷ-y)*W²₁₁*O₁₁*(1-O₁₁)*x₂")
    assert "W²₁₁ is missing" in quiz.check("2*(ŷ-y)*O₁₁*(1-O₁₁)*x₂").message


def test_what_is_no_answer_is_refused(quiz):
    with pytest.raises(ArgumentError, match=r"asks for .*answer; found an answer to 'p99'"):
        quiz.check({"p99": 1})
    with pytest.raises(ArgumentError, match="a number or a formula; found list"):
        quiz.check([1.0])
    with pytest.raises(FormulaError, match="no function '__import__'"):
        quiz.check("__import__('os')")
    with pytest.raises(FormulaError, match="no value for 'q'"):
        quiz.check("q + 1")


def test_what_makes_no_exercise_is_refused():
    w = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ArgumentError, match="of an array choose an element"):
        exercise((w * w).sum(), w)
    with pytest.raises(ArgumentError, match="blanks=-1"):
        exercise((w * w).sum(), w[0], blanks=-1)
