"""Formulas typed by people are read by a whitelist: what is not on it is an error that points at its place."""

import contextlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import FormulaError, Value
from autograd.__main__ import main
from autograd.derivation.parsing import evaluated, functions, names_in

HOSTILE = [
    "__import__('os')",
    "w.__class__",
    "w[0]",
    "(lambda: w)()",
    "[w for w in (1, 2)]",
    "{w}",
    "f'{w}'",
    "w if w else 1",
    "w and 1",
    "w < 1",
    "(w := 2)",
    "sin(*w)",
    "sin(x=w)",
    "'text'",
    "b'bytes'",
    "1j",
    "True",
    "None",
    "...",
    "~w",
    "w @ w",
    "w // 2",
    "w % 2",
    "w ^ 2",
    "w; w",
    "w\nw",
    "w\x00",
    "",
    "(",
    "(" * 300 + "w" + ")" * 300,
    "-" * 900 + "w",
    "w" * 2000,
    "9" * 900,
    "1e999",
    "await w",
    "yield w",
    "open('f')",
    "sin",
    "getattr(w, 'data')",
    "0xffff ** w if 1 else 2",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_allowed_is_an_error_of_one_line_with_a_caret(text):
    with pytest.raises(FormulaError) as caught:
        evaluated(text, {"w": 2.0})
    lines = str(caught.value).split("\n")
    assert len(lines[0]) < 200
    assert lines[-1].strip() == "^"
    assert 0 <= caught.value.place <= len(caught.value.formula)


@pytest.mark.parametrize(
    ("text", "place"), [("w + z", 4), ("w ^ 2", 1), ("2 * frob(w)", 4), ("σ(ŷ) + z", 7), ("sin(w, w)", 0), ("w.a", 0)]
)
def test_the_caret_stands_under_the_place(text, place):
    with pytest.raises(FormulaError) as caught:
        evaluated(text, {"w": 2.0, "ŷ": 1.0})
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*w + 1", 5.0),
        ("w**-2", 0.25),
        ("-w**2", -4.0),
        ("2·w − 1", 3.0),
        ("w × w ÷ 4", 1.0),
        ("ln(e)", 1.0),
        ("sin(π/2)", 1.0),
        ("relu(-w)", 0.0),
        ("σ(0)", 0.5),
        ("+w", 2.0),
        ("  w ", 2.0),
    ],
)
def test_a_formula_is_computed(text, value):
    assert evaluated(text.strip(), {"w": 2.0}) == pytest.approx(value)


def test_numbers_are_floats_before_they_are_computed_with():
    assert evaluated("9**9**9**9**9", {}) == np.inf
    assert evaluated("1/0", {}) == np.inf


def test_a_formula_of_values_is_recorded():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    root = evaluated("tanh(w*x)**2", {"w": w, "x": x})
    root.backward()
    assert w.grad == pytest.approx(2 * np.tanh(6) * (1 - np.tanh(6) ** 2) * 3)


def test_names_are_told_in_order_and_functions_are_none():
    assert names_in("b + sin(w)*b*a") == ["b", "w", "a"]
    assert {"sin", "relu", "σ", "ln", "abs", "maximum"} <= set(functions())
    assert "floor" not in functions()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_formula_error(text):
    with contextlib.suppress(FormulaError):
        assert np.isscalar(evaluated(text, {"w": 2.0, "x": 0.5}))


def run(capsys, *arguments):
    code = main(["derive", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_prints_the_derivation(capsys):
    code, out, _ = run(capsys, "relu(w*x + b)**2", "--wrt", "w", "--at", "w=2,x=3,b=1")
    assert code == 0
    assert "v₂ = v₁ + b = 6 + 1 = 7" in out
    assert "∂v₄/∂w = ∂v₄/∂v₃ · ∂v₃/∂v₂ · ∂v₂/∂v₁ · ∂v₁/∂w" in out
    assert "= 42" in out


def test_the_command_writes_files_and_single_parts(capsys, tmp_path):
    page = tmp_path / "out.html"
    code, out, _ = run(capsys, "w*x", "--wrt", "w,x", "--at", "w=2,x=3", "--part", "memo", "--html", str(page))
    assert code == 0
    assert out.startswith("WITH THE MEMO")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run(capsys, "w*x", "--wrt", "w", "--at", "w=2,x=3", "--explain")[1].startswith("WHY IT IS AS LARGE AS IT IS")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["w*z", "--wrt", "w", "--at", "w=2"], "error: there is no value for 'z'"),
        (["w*2", "--wrt", "q", "--at", "w=2"], "error: --wrt q: the formula has the names w"),
        (["__import__('os')", "--wrt", "w", "--at", "w=2"], "error: there is no function '__import__'"),
        (["w*2", "--wrt", "w", "--at", "w=2", "--html", "out.xyz"], "error: a derivation is saved as"),
        (["w*2", "--wrt", "w", "--at", "w=2", "--digits", "0"], "error: derive needs digits"),
        (["w*2", "--wrt", "w", "--at", "w=2", "--md", "/nowhere/at/all.md"], "error: [Errno 2]"),
    ],
)
def test_an_error_of_the_command_is_told_and_gives_2(capsys, arguments, message):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(message)


@pytest.mark.parametrize("values", ["w", "w=", "w=two", "2=w", "w=1;x=2"])
def test_values_that_are_none_are_refused(capsys, values):
    with pytest.raises(SystemExit) as stopped:
        main(["derive", "w", "--wrt", "w", "--at", values])
    assert stopped.value.code == 2
    assert "--at" in capsys.readouterr().err


def test_it_runs_as_a_module_in_a_terminal_that_knows_no_unicode():
    command = [sys.executable, "-m", "autograd", "derive", "w*x", "--wrt", "w", "--at", "w=2,x=3", "--part", "paths"]
    done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""}, check=True)
    assert "∂v₁/∂w".encode() in done.stdout
