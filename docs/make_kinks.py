"""Write docs/kinks.md: the value and the derivative at each kink and singular point, beside PyTorch's and JAX's.

Ours are computed when the page is made; the peers' are what PyTorch 2.13 and JAX 0.10 gave for the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor, sweep

PLACE = Path(__file__).with_name("kinks.md")
OPENING = """\
# Kinks and singular points

Where a function has no derivative, one has to be chosen. Ours: NumPy's value, and PyTorch's derivative where that is a
number. Mostly it is, of the derivatives that can be chosen, the one of least norm, by which a tie is shared evenly. But
`clip` has 1 at its bounds; an activation has at 0 the slope below it, also a larger one (`selu`, `elu`, `leaky_relu`);
and what sorts (`sort`, `quantile`) gives each of several equal elements the derivative of the place it takes. Where
PyTorch has no number, ours is the one of least norm, or the limit, where there is one, or else the infinity or NaN that
the formula gives. Two are unlike PyTorch's: the median is NumPy's, by sorting, and the determinant of a singular matrix
has its true derivative. A branch that `where` does not take has derivative 0, whatever its own is.
`make docs` computes our column, and a test holds it against the numbers here.

| function | at | value | derivative | PyTorch 2.13 | JAX 0.10 |
|---|---|---|---|---|---|
"""
NAN, INF = float("nan"), float("inf")


class Row(NamedTuple):
    """A function at a point: what we say, and what others say of its derivative (and its value, where that differs)."""

    name: str
    function: Callable[[Any], Any]
    point: list[float]
    value: float
    derivative: list[float]
    pytorch: str
    jax: str


ROWS = [
    Row("abs(x)", lambda x: ag.abs(x[0]), [0], 0, [0], "0", "1"),
    Row("relu(x)", lambda x: ag.relu(x[0]), [0], 0, [0], "0", "0"),
    Row("leaky_relu(x), slope 0.01", lambda x: ag.leaky_relu(x[0]), [0], 0, [0.01], "0.01", "1"),
    Row("leaky_relu(x), slope 2", lambda x: ag.leaky_relu(x[0], negative_slope=2.0), [0], 0, [2], "2", "1"),
    Row("elu(x), alpha 2", lambda x: ag.elu(x[0], alpha=2.0), [0], 0, [2], "2", "2"),
    Row("selu(x)", lambda x: ag.selu(x[0]), [0], 0, [1.0507009873554805 * 1.6732632423543772], "1.7581", "1.7581"),
    Row("sign(x) * x", lambda x: ag.sign(x[0]) * x[0], [0], 0, [0], "0", "0"),
    Row("maximum(x, y)", lambda x: ag.maximum(x[0], x[1]), [1, 1], 1, [0.5, 0.5], "½, ½", "½, ½"),
    Row("minimum(x, y)", lambda x: ag.minimum(x[0], x[1]), [1, 1], 1, [0.5, 0.5], "½, ½", "½, ½"),
    Row("fmax(x, y)", lambda x: ag.fmax(x[0], x[1]), [1, NAN], 1, [1, 0], "1, 0", "1, 0"),
    Row("max(x)", ag.max, [1, 1, 0], 1, [0.5, 0.5, 0], "½, ½, 0", "½, ½, 0"),
    Row("min(x)", ag.min, [0, 0, 1], 0, [0.5, 0.5, 0], "½, ½, 0", "½, ½, 0"),
    Row("clip(x, -1, 1)", lambda x: ag.clip(x[0], -1, 1), [1], 1, [1], "1", "½"),
    Row("hardtanh(x)", lambda x: ag.hardtanh(x[0]), [1], 1, [0], "0", "1"),
    Row("sqrt(x)", lambda x: ag.sqrt(x[0]), [0], 0, [INF], "inf", "inf"),
    Row("cbrt(x)", lambda x: ag.cbrt(x[0]), [0], 0, [INF], "none", "inf"),
    Row("linalg.norm(x)", ag.linalg.norm, [0, 0], 0, [0, 0], "0, 0", "NaN, NaN"),
    Row("hypot(x, y)", lambda x: ag.hypot(x[0], x[1]), [0, 0], 0, [0, 0], "NaN, NaN", "½, ½"),
    Row("arctan2(y, x)", lambda x: ag.arctan2(x[0], x[1]), [0, 0], 0, [0, 0], "0, 0", "NaN, NaN"),
    Row("sinc(x)", lambda x: ag.sinc(x[0]), [0], 1, [0], "0", "0"),
    Row("prod(x)", ag.prod, [0, 2, 3], 0, [6, 0, 0], "6, 0, 0", "6, 0, 0"),
    Row("sum(cumprod(x))", lambda x: ag.cumprod(x).sum(), [0, 2, 3], 0, [9, 0, 0], "9, 0, 0", "9, 0, 0"),
    Row("std(x)", ag.std, [2, 2], 0, [0, 0], "0, 0", "NaN, NaN"),
    Row("x ** 0", lambda x: x[0] ** 0, [0], 1, [0], "0", "NaN"),
    Row("x ** y", lambda x: x[0] ** x[1], [0, 2], 0, [0, 0], "0, 0", "0, 0"),
    Row("x ** y", lambda x: x[0] ** x[1], [0, 0], 1, [0, 0], "0, 0", "NaN, 0"),
    Row("where(x > 0, sqrt(x), 0)", lambda x: ag.where(x[0] > 0, ag.sqrt(x[0]), 0.0), [-1], 0, [0], "NaN", "NaN"),
    Row("where(x > 0, x log(x), 0)", lambda x: ag.where(x[0] > 0, x[0] * ag.log(x[0]), 0.0), [0], 0, [0], "NaN", "NaN"),
    Row("logsumexp(x)", ag.logsumexp, [-INF, -INF], -INF, [NAN, NAN], "NaN, NaN", "NaN, NaN"),
    Row("logaddexp(x, y)", lambda x: ag.logaddexp(x[0], x[1]), [-INF, -INF], -INF, [NAN, NAN], "NaN, NaN", "NaN, NaN"),
    Row("median(x)", ag.median, [1, 2, 3, 4], 2.5, [0, 0.5, 0.5, 0], "0, 1, 0, 0, value 2", "0, ½, ½, 0"),
    Row("median(x)", ag.median, [1, 2, 2], 2, [0, 1, 0], "0, ½, ½", "0, 1, 0"),
    Row("sort(x) @ [1, 10]", lambda x: ag.sort(x) @ np.array([1.0, 10.0]), [1, 1], 11, [1, 10], "1, 10", "1, 10"),
    Row("nan_to_num(x)", lambda x: ag.nan_to_num(x[0]), [NAN], 0, [0], "0", "0"),
    Row("remainder(x, 2)", lambda x: ag.remainder(x[0], 2.0), [4], 0, [1], "1", "1"),
    Row("heaviside(x, 1) * x", lambda x: ag.heaviside(x[0], 1.0) * x[0], [0], 0, [1], "none", "1"),
    Row(
        "linalg.det of [[a, b], [c, d]]",
        lambda x: ag.linalg.det(x.reshape(2, 2)),
        [1, 2, 2, 4],
        0,
        [4, -2, -2, 1],
        "0, 0, 0, 0",
        "4, -2, -2, 1",
    ),
]


def found(row: Row) -> tuple[float, list[float]]:
    """The value and the derivative, as they are computed."""
    x = Tensor(np.array(row.point, float), requires_grad=True)
    with np.errstate(all="ignore"):
        out = row.function(x)
        return float(out.item()), [float(each) for each in sweep(out)[x]]


def written(numbers: list[float]) -> str:
    """Numbers as the table has them."""
    names = {0.5: "½", INF: "inf", -INF: "-inf"}
    return ", ".join("NaN" if each != each else names.get(each, f"{each + 0.0:g}") for each in numbers)


def page() -> str:
    """The whole file."""
    lines = []
    for row in ROWS:
        value, derivative = found(row)
        cells = [f"`{row.name}`", written(row.point), written([value]), written(derivative), row.pytorch, row.jax]
        lines.append("| " + " | ".join(cells) + " |\n")
    return OPENING + "".join(lines)


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
