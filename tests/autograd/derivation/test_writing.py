"""What a reader sees: names, numbers, the relation between them, and three scripts that hold nothing unsafe."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import ArgumentError, Tensor, Value
from autograd.derivation import derive
from autograd.derivation.mathml import mathml
from autograd.derivation.names import written
from autograd.derivation.quantities import matrix, number


@pytest.mark.parametrize(
    ("name", "latex", "text"),
    [
        ("W^3_11", "W^{3}_{11}", "W³₁₁"),
        ("O_21", "O_{21}", "O₂₁"),
        ("yhat", r"\hat{y}", "ŷ"),
        ("y_hat", r"\hat{y}", "ŷ"),
        ("hat_y", r"\hat{y}", "ŷ"),
        ("ŷ", r"\hat{y}", "ŷ"),
        ("L", "L", "L"),
        ("alpha", r"\alpha", "α"),
        ("sigma2", r"\sigma_{2}", "σ₂"),
        ("σ", r"\sigma", "σ"),
        ("w1", "w_{1}", "w₁"),
        ("x_train", r"x_{\mathrm{train}}", "x_train"),
        ("loss", r"\mathrm{loss}", "loss"),
        ("lambda_", r"\lambda", "λ"),
        ("layers.0.weight", r"\text{layers.0.weight}", "layers.0.weight"),
        ("my_long_name", r"\mathrm{my}\_\mathrm{long}\_\mathrm{name}", "my_long_name"),
        (r"\input{x}", r"\backslash \mathrm{input}\{\mathrm{x}\}", r"\input{x}"),
        ("$x_1$", r"\$\mathrm{x}\_\mathrm{1}\$", "$x_1$"),
        ("a & b", r"\mathrm{a}\ \&\ \mathrm{b}", "a & b"),
        ("bad\x1b[31m\n", r"\mathrm{bad}\text{�}\text{[31m}\ ", "bad�[31m "),
    ],
)
def test_a_name_is_written_as_mathematics_or_as_plain_text(name, latex, text):
    assert (written(name).latex, written(name).text) == (latex, text)


HOSTILE = [
    "$x$",
    r"\input{/etc/passwd}",
    "</script><script>alert(1)</script>",
    "a&b",
    "_",
    "^",
    "{",
    "}",
    "%",
    "#",
    "~",
    "\\",
]


def balanced(latex):
    """Whether braces, \\left and \\right, and environments are balanced, and math mode is never left."""
    bare = re.sub(r"\\[{}$\\]", "", latex)
    opened = re.findall(r"\\begin\{(\w+)\}", bare)
    closed = re.findall(r"\\end\{(\w+)\}", bare)
    return (
        bare.count("{") == bare.count("}")
        and len(re.findall(r"\\left\b", bare)) == len(re.findall(r"\\right\b", bare))
        and sorted(opened) == sorted(closed)
        and "$" not in bare
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_means_nothing_to_latex_or_to_a_page(name):
    w = Value(2.0, name=name)
    derivation = derive(np.tanh(w * 3), w)
    assert balanced(derivation.latex)
    assert r"\input" not in derivation.latex
    assert "<script" not in derivation.html
    ElementTree.fromstring(mathml(written(name).latex))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12))
def test_any_name_gives_balanced_latex_and_well_formed_mathml(name):
    formula = written(name)
    assert balanced(formula.latex)
    assert formula.text.isprintable()
    ElementTree.fromstring(mathml(formula.latex))


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (0.0, "0", True),
        (-0.0, "0", True),
        (3.0, "3", True),
        (0.25, "0.25", True),
        (0.1 + 0.2, "0.3000", False),
        (2 / 3, "0.6667", False),
        (12345.678, "12346", False),
        (123456.789, "1.235e5", False),
        (1e-9, "1e-9", True),
        (1.23456e-5, "1.235e-5", False),
        (0.00099999, "0.001000", False),
        (99999.9, "1.000e5", False),
        (1e100, "1e100", True),
        (float("nan"), "nan", True),
        (float("-inf"), "-∞", True),
        (np.float32(0.1), "0.1", True),
        (True, "1", True),
        (1 - 2j, "1 - 2i", True),
    ],
)
def test_a_number_shows_significant_digits_and_says_whether_it_was_rounded(value, text, exact):
    shown = number(value, 4)
    assert (shown.formula.text, shown.exact) == (text, exact)


@settings(max_examples=300, deadline=None)
@given(st.floats(-1e300, 1e300), st.integers(1, 14))
def test_a_number_is_never_shown_as_zero_unless_it_is_and_within_half_a_digit(value, digits):
    shown = number(value, digits)
    read = float(shown.formula.text)
    assert (read == 0) == (value == 0)
    assert shown.exact == (read == value)
    assert abs(read - value) <= 0.51 * abs(value) * 10.0 ** (1 - digits)


def test_a_matrix_of_at_most_16_entries_is_shown_entry_by_entry():
    shown = matrix(np.array([[1.0, -0.5], [10.0, 2 / 3]]), 4)
    assert shown.formula.text == "[ 1  -0.5000]\n[10   0.6667]"
    assert matrix(np.zeros((5, 4)), 4) is None
    assert matrix(np.zeros(0), 4) is None


def test_the_sign_is_equal_as_long_as_nothing_was_rounded():
    w = Value(0.5, name="w")
    exact = derive(w * 3 + 1, w).forward[0].equation
    rounded = derive(np.tanh(w) * 3, w).forward
    assert [relation for relation, _ in exact.chain] == ["=", "=", "="]
    assert [relation for relation, _ in rounded[0].equation.chain] == ["=", "=", "≈"]
    assert [relation for relation, _ in rounded[1].equation.chain] == ["=", "≈", "≈"]


def test_negative_numbers_stand_in_parentheses_within_products_and_powers():
    w, x = Value(-2.0, name="w"), Value(-3.0, name="x")
    text = str(derive((w * x + x) ** 2 - w, w))
    assert "(-2) · (-3) = 6" in text
    assert "6 + (-3) = 3" in text
    assert "9 - (-2) = 11" in text


def test_a_name_with_a_superscript_is_raised_to_a_power_in_parentheses():
    w = Value(2.0, name="W^1_1")
    derivation = derive(w**3, w)
    assert "(W¹₁)^3" in str(derivation)
    assert r"\left(W^{1}_{1}\right)^{3}" in derivation.latex


def test_two_nodes_of_one_name_are_told_apart():
    a, b = Value(2.0, name="h"), Value(3.0, name="h")
    text = str(derive(a * b, b))
    assert "∂v₁/∂h⟨2⟩" in text
    assert "v₁ = h · h⟨2⟩ = 2 · 3 = 6" in text


def test_names_come_from_a_table_of_either_direction_before_the_tensors_own():
    w = Value(2.0, name="own")
    root = w * 3
    assert derive(root, w, names={"given": w, "number": 3}).title.text == "∂v₁/∂given"
    assert derive(root, w, names={w: "given", root: "J"}).title.text == "∂J/∂given"
    assert derive(root, w).title.text == "∂v₁/∂own"
    with pytest.raises(ArgumentError, match="name has to be a str"):
        derive(root, w, names={w: 3})


def test_automatic_names_pass_over_those_that_are_taken():
    taken = Value(2.0, name="v_1")
    assert derive(taken * 3, taken).title.text == "∂v₂/∂v₁"


def test_pythons_sum_leaves_no_zero_in_a_formula():
    w = [Value(each, name=f"w_{place}") for place, each in enumerate((1.0, 2.0, 3.0))]
    hidden = sum(w) * 2
    root = hidden**2
    root.name, hidden.name = "L", "h"
    assert derive(root, w[0]).forward[0].equation.chain[0][1].text == "2 · (w₀ + w₁ + w₂)"


def test_a_formula_too_long_to_read_is_left_as_a_function():
    w = Value(1.0, name="w")
    node = w
    for _ in range(12):
        node = np.sin(node) + node
    named = node * 1.0
    root = named**2
    derivation = derive(root, w, names={"h": named, "L": root})
    assert derivation.forward[0].equation.chain[0][1].text == "h(⋯)"
    assert derivation.partials[1].formula is None
    assert derivation.partials[1].equation.note == "through 24 unnamed steps"


def test_without_numbers_there_are_only_symbols():
    w, x = Value(2.5, name="w"), Value(3.5, name="x")
    derivation = derive(np.tanh(w * x), w, numbers=False)
    assert "≈" not in str(derivation)
    assert derivation.forms[0].equation.chain[-1][1].text == "(1 - v₂^2) · x"


def network():
    w, b, x = Value(0.5, name="w"), Value(-1.0, name="b^1"), Tensor(2.0, name="x_1")
    a = np.tanh(w * x + b)
    root = (a * a - 1) ** 2 / (1 + abs(a)) + np.maximum(a, 0.1) + np.where(a > 0, a, 2 * a) + (2.0**a).relu()
    return root, [w, b]


def test_lines_keep_to_100_columns():
    root, parameters = network()
    assert max(map(len, str(derive(root, parameters)).splitlines())) <= 100


def test_latex_is_balanced_and_every_equation_is_well_formed_mathml():
    root, parameters = network()
    derivation = derive(root, parameters)
    assert balanced(derivation.latex)
    for part in (derivation.forward, derivation.partials, derivation.paths, derivation.memo):
        assert balanced(part.latex)
        for line in part.section.equations:
            for formula in (line.left, *(formula for _, formula in line.chain)):
                assert balanced(formula.latex)
                assert ElementTree.fromstring(mathml(formula.latex)).tag == "math"


def test_the_page_needs_no_script_and_no_network():
    root, parameters = network()
    page = derive(root, parameters).html
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"<script|https?://|src=|@import|url\(", page)
    assert page.count("<math") == page.count("</math>") > 20
    assert "prefers-color-scheme: dark" in page


def test_each_part_writes_itself():
    root, parameters = network()
    derivation = derive(root, parameters)
    assert str(derivation.memo).startswith("WITH THE MEMO\n")
    assert str(derivation.paths) in str(derivation)
    assert derivation.forward.latex.startswith(r"\begin{gathered}")
    assert derivation.partials._repr_html_().startswith('<div class="derivation">')
    assert derivation._repr_latex_() == f"$${derivation.latex}$$"


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".txt", "∂"), (".tex", r"\documentclass"), (".md", "# $"), (".html", "<!DOCTYPE html>")]
)
def test_a_derivation_is_saved_by_suffix(tmp_path, suffix, begins):
    w = Value(2.0, name="w")
    path = tmp_path / f"derivation{suffix}"
    path.write_text("before")
    derive(w**2, w).save(path)
    assert path.read_text(encoding="utf-8").startswith(begins)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_derivation_keeps_the_link_it_is_saved_to_and_the_permissions(tmp_path):
    w = Value(2.0, name="w")
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    derive(w**2, w).save(link)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("∂")
    assert real.stat().st_mode & 0o777 == 0o640


def test_an_unknown_suffix_is_refused_and_nothing_is_written(tmp_path):
    w = Value(2.0, name="w")
    with pytest.raises(ArgumentError, match=r"saved as .txt, .tex, .md, .html; found 'derivation.pdf'"):
        derive(w**2, w).save(tmp_path / "derivation.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    w = Value(2.0, name="w")
    path = tmp_path / "derivation.txt"
    path.write_text("before")

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr("autograd.files.os.fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        derive(w**2, w).save(path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["derivation.txt"]
