"""A derivation is written as it is asked for: style, form of the slopes, simplified, with digits that reproduce."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import ArgumentError, Tensor, Value, exercise
from autograd.derivation import derive
from autograd.derivation.algebra import Algebra
from autograd.derivation.cancelling import Cancelling
from autograd.derivation.checking import compared
from autograd.derivation.expression import write
from autograd.derivation.labels import Labels
from autograd.derivation.parsing import evaluated
from autograd.derivation.polynomials import atom
from autograd.derivation.polynomials import number as constant
from autograd.derivation.quantities import count, quotient
from autograd.mode import record_everything
from tests.autograd.derivation.test_course import two_two_one
from tests.autograd.derivation.test_numbers import BINARY_CHOICES, CHOICES, grown

W, X = Value(0.7, "w"), Value(2.0, "x")


def neuron():
    z = W * X
    a = z.sigmoid()
    L = (a - 1.0) ** 2
    return L, {"z": z, "a": a, "L": L}


def first_formula(**manner):
    L, names = neuron()
    return derive(L, W, names=names, **manner).forms[0].equation.chain[1][1].text


def test_the_slope_of_a_function_is_told_in_three_forms():
    assert first_formula() == "2 · (a - 1) · a · (1 - a) · x"
    assert first_formula(slopes="substituted") == "2 · (a - 1) · σ(z) · (1 - σ(z)) · x"
    assert first_formula(slopes="function") == "2 · (a - 1) · σ′(z) · x"


@pytest.mark.parametrize("slopes", ["output", "substituted", "function"])
def test_every_form_has_the_same_numbers(slopes):
    L, names = neuron()
    derivation = derive(L, W, names=names, slopes=slopes)
    assert [edge.value for edge in derivation.partials] == [edge.value for edge in derive(L, W, names=names).partials]
    for edge in derivation.partials:
        assert float(getattr(edge.recorded, "value", edge.recorded)) == pytest.approx(float(edge.value))


def test_the_function_form_holds_between_arrays_as_well():
    Z = Tensor([[0.1, 0.2]], requires_grad=True, name="Z")
    A = np.tanh(Z)
    memo = derive((A**2).sum(), Z, names={"A": A}, slopes="function").memo
    assert memo[-1].equation.chain[0][1].text == "Ā ⊙ tanh′(Z)"


def test_the_styles_write_adjoints_differently():
    L, names = neuron()
    lines = {style: derive(L, W, names=names, style=style).memo for style in ("leibniz", "adjoint", "matrix")}
    left = {style: [step.equation.left.text for step in memo] for style, memo in lines.items()}
    assert left["leibniz"] == ["∂L/∂L", "∂L/∂a", "∂L/∂z", "∂L/∂w"]
    assert left["adjoint"] == ["L̄", "ā", "z̄", "w̄"]
    assert left["matrix"] == ["∂L/∂L", "ā", "z̄", "w̄"]
    assert lines["adjoint"][2].equation.chain[0][1].text == "ā · ∂a/∂z"
    assert lines["matrix"][2].equation.chain[0][1].text == "ā · a · (1 - a)"


def test_leibniz_style_between_arrays_has_fractions_and_no_bars():
    A = Tensor([[1.0, 2.0]], requires_grad=True, name="A")
    B = Tensor([[1.0], [3.0]], requires_grad=True, name="B")
    C = A @ B
    memo = derive((C * C).sum(), A, names={"C": C}, style="leibniz").memo
    assert memo[-1].equation.left.text == "∂v₁/∂A"
    assert memo[-1].equation.chain[0][1].text == "∂v₁/∂C @ Bᵀ"


@pytest.mark.parametrize(
    ("name", "value"), [("style", "lagrange"), ("slopes", "chain"), ("digits", 0), ("max_paths", 0)]
)
def test_a_manner_that_does_not_exist_is_refused(name, value):
    with pytest.raises(ArgumentError, match=name):
        derive(W * X, W, **{name: value})


def simplified(make):
    a, b = Value(2.0, "a"), Value(3.0, "b")
    with record_everything():
        made = make(Algebra({a, b}), a, b)
    labels = Labels(made, (), None, 4)
    return write(made, labels.opened().symbol).formula.text if made.operation else made.name


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda s, a, b: s.times(1.0, a), "a"),
        (lambda s, a, b: s.plus(a, 0.0), "a"),
        (lambda s, a, b: s.minus(0.0, a), "-a"),
        (lambda s, a, b: s.negated(s.negated(a)), "a"),
        (lambda s, a, b: s.minus(a, s.negated(b)), "a + b"),
        (lambda s, a, b: s.plus(a, s.negated(b)), "a - b"),
        (lambda s, a, b: s.negated(a - b), "b - a"),
        (lambda s, a, b: s.negated(1 - b), "-(1 - b)"),
        (lambda s, a, b: s.times(a, a), "a^2"),
        (lambda s, a, b: s.plus(a, a), "2 · a"),
        (lambda s, a, b: s.times(2.0, s.times(3.0, a)), "6 · a"),
        (lambda s, a, b: s.times(a, s.times(0.5, b)), "0.5 · a · b"),
        (lambda s, a, b: s.times(-1.0, a), "-a"),
        (lambda s, a, b: s.times(s.negated(a), b), "-a · b"),
        (lambda s, a, b: s.times(a, 1 / b), "a / b"),
        (lambda s, a, b: s.over(a, 1.0), "a"),
        (lambda s, a, b: s.raised(a, 1), "a"),
        (lambda s, a, b: s.minus(s.times(-2.0, a), b), "-2 · a - b"),
        (lambda s, a, b: s.plus(s.times(-2.0, a), b), "b - 2 · a"),
    ],
)
def test_what_a_person_would_simplify_is_simplified(make, text):
    assert simplified(make) == text


@settings(max_examples=60, deadline=None)
@given(CHOICES)
def test_simplifying_and_cancelling_change_no_value(choices):
    x, y = Value(0.7, "x"), Value(1.3, "y")
    root = grown(choices, [x, y])[-1]
    algebra = Algebra({x, y})
    cancelling = Cancelling({x, y}, lambda node: node.name or f"node {node.order}")
    for each in (algebra.simplified(root), cancelling.cancelled(root)):
        assert float(getattr(each, "value", each)) == pytest.approx(float(root.value), rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(CHOICES)
def test_every_adjoint_in_one_formula_has_the_value_of_the_sweep(choices):
    x, y = Value(0.7, "x"), Value(1.3, "y")
    root = grown(choices, [x, y])[-1]
    teller = derive(root, y).teller
    for node, (recorded, _) in teller.closed().items():
        value = float(getattr(recorded, "value", recorded))
        assert value == pytest.approx(float(teller.adjoints[node]), rel=1e-9, abs=1e-12)


def test_polynomials_are_divided_exactly_or_not_at_all():
    x, y, one = atom("x"), atom("y"), constant(1)
    assert ((x + y) * (x + -y)).over(x + y) == x + -y
    assert (x * x + one).over(x + one) is None
    assert (x * x * y + x * y * y).content() == x * y
    assert (constant(0.5) * x + constant(0.25)).content() == constant(0.25)


def test_what_cancels_to_nothing_is_nothing():
    x, y = Value(0.7, "x"), Value(1.3, "y")
    z = (x - y) / y + (y - x) / y
    assert Cancelling({x, y}, lambda node: node.name or str(node.order)).cancelled(z * y) == 0
    assert derive(z * y, x).value == pytest.approx(0)


def test_fractions_and_counts_are_written_as_people_do():
    assert quotient(2 / 3, 4).formula.text == "2/3"
    assert quotient(0.1234567, 4).formula.text == "0.1235"
    assert not quotient(0.1234567, 4).exact
    assert count(1234567) == "1,234,567"
    assert count(2**4000) == "about 1.318e1204"


def gives(numbers, value):
    """Whether a formula of numbers gives a value of four digits: it is off by half a unit of the last at most."""
    found = float(evaluated(numbers.replace("[", "(").replace("]", ")"), {}))
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - 3) if value else 1e-12
    return abs(found - value) <= 0.5001 * unit


def is_numeric(text):
    return re.fullmatch(r"[\d\s.e()\[\]·+-]+", text) is not None


def reckonable(derivation):
    """The lines that show a formula of numbers and its value, with both; but for differences of nearly equal ones."""
    for each in (*derivation.memo, *derivation.paths, *derivation.forms):
        texts = [formula.text for _, formula in each.equation.chain]
        if len(texts) > 1 and is_numeric(texts[-2]) and len(texts[-2]) < 300:
            terms = [abs(float(term)) for term in re.findall(r"\d+\.?\d*(?:e-?\d+)?", texts[-2])]
            if abs(float(texts[-1])) > 1e-4 * max(terms):
                yield texts[-2], float(texts[-1])


@settings(max_examples=80, deadline=None)
@given(BINARY_CHOICES)
def test_the_numbers_shown_give_the_number_shown(choices):
    x, y = Value(0.7, "x"), Value(1.3, "y")
    root = grown(choices, [x, y])[-1]
    for numbers, value in reckonable(derive(root, y)):
        assert gives(numbers, value)


def test_there_are_numbers_to_reckon_with():
    L, parameters, names = two_two_one()
    assert len(list(reckonable(derive(L, parameters, names=names)))) > 20


def test_a_difference_gets_the_digits_that_it_takes():
    a, b = Value(1.00044, "a"), Value(0.3, "b")
    L = a * 3.0 - b * 10.001
    line = derive(L, a, names={"L": L}).forward[-1].equation
    numbers, value = line.chain[-2:]
    assert gives(numbers[1].text, float(value[1].text))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 20)), min_size=2, max_size=7))
def test_the_check_agrees_and_is_told(choices):
    x, y = Value(0.7, "x"), Value(1.3, "y")
    root = grown(choices, [x, y])[-1]
    derivation = derive(root, root.inputs[0] if root.operation else x) if root is not x else derive(x, x)
    (found,) = derivation.check
    assert found.error < 1e-6 + found.step**2 or abs(found.derivative) < 1e-6  # the method's own error grows with h²
    tiny = max(abs(found.derivative), abs(found.difference)) < 1e-6
    assert ("apart" if tiny else "relative error") in derivation.check.section.equations[0].note


def test_a_derivative_of_nothing_is_told_by_how_far_the_difference_is_apart():
    a, b = Value(1.0, "a"), Value(2.0, "b")
    note = derive((a - 1) ** 2 * b, a).check.section.equations[0].note
    assert note.startswith("derivative 0, ")
    assert note.endswith(" apart")


def test_the_check_of_an_array_goes_along_a_direction_and_sees_a_wrong_rule():
    A = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True, name="A")
    (found,) = derive((A**2).sum(), A).check
    assert np.linalg.norm(found.direction) == pytest.approx(1.0)
    assert found.error < 1e-8
    wrong = compared(Labels((A**2).sum(), (), None, 4).nodes, A, 3 * A.value, None, found.wrt)
    assert wrong.error > 0.1


def test_single_precision_is_checked_in_double():
    w = Tensor(np.float32(0.3), requires_grad=True, name="w", dtype=np.float32)
    assert derive((w * np.float32(3)).sin(), w).check[0].error < 1e-6


def test_the_table_has_one_new_entry_a_row():
    L, names = neuron()
    table = derive(L, W, names=names).table.section.table
    filled = [[each is not None for each in row] for _, row in table.rows]
    assert filled == [[place <= row for place in range(4)] for row in range(4)]
    text = str(derive(L, W, names=names).table)
    assert "·" in text
    assert "∂L/∂a" in text


def test_an_adjoint_says_for_how_many_paths_it_is_read():
    x = Value(0.5, "x")
    u = x.sin()
    v = u * u
    L = v + u
    derivation = derive(L, x, names={"u": u, "v": v, "L": L})
    notes = {step.equation.left.text: step.equation.note for step in derivation.memo}
    assert notes["∂L/∂v"] == "read 2 times below, for 2 paths"
    assert [step.paths for step in derivation.memo] == [3, 2, 1, 1]


def test_what_is_looked_at_tells_what_it_is_in_a_line():
    a = Value(2.0, "a")
    derivation = derive((a * 3) ** 2, a)
    assert repr(derivation.paths) == "<Part 'Sum over paths': 1 items>"
    assert repr(exercise((a * 3) ** 2, a)).startswith("<Exercise on ∂v₂/∂a: blanks p1")
