"""Numbers, matrices and shapes as formulas: significant digits, and whether what is shown is exact."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograd.notation import Binding, Formula

_NUMBER = re.compile(r"-?[0-9]+((\.[0-9]+)?(e-?[0-9]+)?|/[0-9]+)")
_LARGEST_DENOMINATOR = 1000
_ENTRIES = 16
"""A matrix with more entries than this is told by its shape alone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A formula, and whether all its numbers stand as they are, none of them rounded."""

    formula: Formula
    exact: bool = True


def number(value: Any, digits: int, *, full: bool = False) -> Shown:
    """A number in short if that is exact, else rounded to `digits` significant digits: never 0 for what is not.
    With `full` all digits stand there in any case.

    >>> number(0.25, 4).formula.text, number(2 / 3, 4).formula.text, number(-1.5e-9, 4).formula.text
    ('0.25', '0.6667', '-1.5e-9')
    """
    plain = np.asarray(value).reshape(())[()]
    if plain.dtype.kind == "c":
        return _complex(plain, digits)
    if plain.dtype.kind == "b":
        return Shown(Formula("1", "1") if plain else Formula("0", "0"))
    if not math.isfinite(plain):
        return Shown(_not_finite(float(plain)))
    mantissa, exponent, exact = _decimal(plain, digits, full)
    latex, text = mantissa, mantissa
    if exponent:
        text = f"{mantissa}e{exponent}"
        latex = rf"{mantissa} \cdot 10^{{{exponent}}}" if mantissa != "1" else f"10^{{{exponent}}}"
    loose = Binding.SUM if mantissa.startswith("-") else Binding.PRODUCT if exponent else Binding.ATOM
    return Shown(Formula(latex, text, loose), exact)


def quotient(value: Any, digits: int) -> Shown:
    """A number as in a formula: as it is if that is short, else as a fraction if it is one, else rounded.

    >>> quotient(0.25, 4).formula.text, quotient(1 / 3, 4).formula.text, quotient(-2 / 150, 4).formula.text
    ('0.25', '1/3', '-1/75')
    """
    shown = number(value, digits)
    if shown.exact or np.asarray(value).dtype.kind != "f" or not math.isfinite(value):
        return shown
    near = Fraction(float(value)).limit_denominator(_LARGEST_DENOMINATOR)
    if not near or abs(near - Fraction(float(value))) > 4 * np.finfo(np.asarray(value).dtype).eps * abs(near):
        return shown
    sign, above = "-" if near < 0 else "", abs(near.numerator)
    latex = rf"{sign}\frac{{{above}}}{{{near.denominator}}}"
    return Shown(Formula(latex, f"{sign}{above}/{near.denominator}", Binding.SUM if sign else Binding.PRODUCT))


def count(whole: int) -> str:
    """A whole number with its thousands apart; one of more than 100 digits by its size.

    >>> count(2**60), count(2**400)
    ('1,152,921,504,606,846,976', 'about 2.582e120')
    """
    if whole < 10**100:
        return f"{whole:,}"
    exponent = math.log10(whole)
    mantissa = 10 ** (exponent % 1)
    return f"about {mantissa:.3f}e{int(exponent)}"


def _decimal(value: Any, digits: int, full: bool) -> tuple[str, int, bool]:
    """Mantissa, exponent of ten (0 for a plain decimal), and whether they give the number back."""
    rounded = f"{value:.{digits - 1}e}"
    magnitude = abs(float(rounded))
    if magnitude == 0 or (magnitude < 1e5 and value == int(value)):
        return str(int(value)), 0, True
    exponent = int(rounded.partition("e")[2])
    if 1e-3 <= magnitude < 1e5:
        mantissa, exponent = f"{value:.{max(digits - 1 - exponent, 0)}f}", 0
    else:
        mantissa = rounded.partition("e")[0]
    exact = bool(value.dtype.type(float(f"{mantissa}e{exponent}")) == value)
    short = exact and not full and "." in mantissa
    return (mantissa.rstrip("0").rstrip(".") if short else mantissa), exponent, exact


def _not_finite(value: float) -> Formula:
    if math.isnan(value):
        return Formula(r"\mathrm{nan}", "nan")
    return Formula(r"\infty", "∞") if value > 0 else Formula(r"-\infty", "-∞", Binding.SUM)


def _complex(value: Any, digits: int) -> Shown:
    real, imaginary = number(value.real, digits), number(abs(value.imag), digits)
    sign = "-" if math.copysign(1.0, value.imag) < 0 else "+"
    latex = f"{real.formula.latex} {sign} {imaginary.formula.latex} i"
    text = f"{real.formula.text} {sign} {imaginary.formula.text}i"
    return Shown(Formula(latex, text, Binding.SUM), real.exact and imaginary.exact)


def rounded(value: Any, digits: int) -> Any:
    """A number as it reads once it is written with so many digits."""
    plain = np.asarray(value).reshape(())[()]
    if plain.dtype.kind != "f" or not math.isfinite(plain):
        return value
    return float(number(plain, digits).formula.text)


def is_number(formula: Formula) -> bool:
    """Whether a formula is one plain number."""
    return _NUMBER.fullmatch(formula.text) is not None


def matrix(value: Any, digits: int) -> Shown | None:
    """A vector or a matrix entry by entry, in text a line to a row; None if it has more than 16, or more axes."""
    array = np.asarray(value)
    if array.size == 1:
        return number(array, digits)
    if not 0 < array.size <= _ENTRIES or array.ndim > 2:
        return None
    exact = all(number(entry, digits).exact for entry in array.flat)
    entries = [[number(entry, digits, full=not exact) for entry in row] for row in np.atleast_2d(array)]
    latex = r" \\ ".join(" & ".join(entry.formula.latex for entry in row) for row in entries)
    texts = [[entry.formula.text for entry in row] for row in entries]
    wide = [max(map(len, column)) for column in zip(*texts, strict=True)]
    rows = ["[" + "  ".join(map(str.rjust, row, wide)) + "]" for row in texts]
    return Shown(Formula(rf"\begin{{bmatrix}} {latex} \end{{bmatrix}}", "\n".join(rows)), exact)


def shape(value: Any) -> Formula:
    """The shape of an array, rows by columns, in parentheses in text; a number's is 1."""
    sizes = [str(size) for size in np.shape(value)] or ["1"]
    return Formula(r" \times ".join(sizes), f"({'×'.join(sizes)})")
