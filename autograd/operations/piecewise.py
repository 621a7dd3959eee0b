"""Operations with kinks and cases.

At a kink the value is NumPy's and the derivative PyTorch's: the subgradient of least norm, ties split evenly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.errors import ArgumentError
from autograd.node import Node
from autograd.operations.comparison import isfinite, isnan, logical_and, logical_or
from autograd.operations.complex import conj, is_complex
from autograd.operations.rounding import signum
from autograd.operations.samples import CHOICE, COMPLEX, NUMBER, OTHERS, REALS, ROW

# fmt: off
__all__ = [
    "absolute", "clip", "fabs", "fmax", "fmin", "heaviside", "leaky_relu", "maximum", "minimum", "nan_to_num",
    "relu", "select", "sign", "where",
]
# fmt: on

_TWO = np.int8(2)
"""A small integer: the cases are told apart in arrays of bytes, which takes less time than in floats."""

_PAIRS = (example(REALS, OTHERS), example(REALS, ROW), example(REALS, NUMBER))


@elementwise(partial={"x": lambda x: x > 0}, examples=(example(REALS), example(NUMBER)))
def relu(x):
    r"""Rectifier, $\max(x, 0)$.

    Derivative: $1$ above 0, else $0$. Range: $[0, \infty)$. Smoothness: $C^0$. Shapes: any, kept.
    Source: Nair and Hinton 2010.
    """
    return np.maximum(x, 0)


def slope_of_absolute(x, out):
    """The sign; of a complex number, the conjugate of its direction; 0 at 0."""
    return conj(x) / where(out == 0, 1.0, out) if is_complex(x) else signum(x)


@elementwise(
    partial={"x": lambda x, negative_slope: (x > 0) + negative_slope * (x <= 0)},
    examples=(example(REALS), example(REALS, negative_slope=0.2)),
)
def leaky_relu(x, *, negative_slope=0.01):
    r"""$x$ above 0 and `negative_slope` times $x$ elsewhere.

    Derivative: $1$ above 0, else the slope. Range: all numbers. Smoothness: $C^0$. Shapes: any, kept.
    Source: Maas et al. 2013.
    """
    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0)


@elementwise(
    partial={"x": slope_of_absolute},
    notation=r"\left|{x}\right|",
    text="|{x}|",
    examples=(example(REALS), example(COMPLEX)),
)
def absolute(x):
    """Absolute value, $|x|$. Shapes: any, kept. The derivative at 0 is 0."""
    return np.absolute(x)


@elementwise(
    partial={"x": lambda x, y: 0.5 * (_TWO * (x > y) + (x == y)), "y": lambda x, y: 0.5 * (_TWO * (y > x) + (x == y))},
    notation=r"\max\left({x}, {y}\right)",
    examples=_PAIRS,
)
def maximum(x, y):
    """The larger of each two; a tie gives half the derivative to each. Shapes: any two that broadcast."""
    return np.maximum(x, y)


@elementwise(
    partial={"x": lambda x, y: 0.5 * (_TWO * (x < y) + (x == y)), "y": lambda x, y: 0.5 * (_TWO * (y < x) + (x == y))},
    notation=r"\min\left({x}, {y}\right)",
    examples=_PAIRS,
)
def minimum(x, y):
    """The smaller of each two; a tie gives half the derivative to each. Shapes: any two that broadcast."""
    return np.minimum(x, y)


def _inside(a, low, high):
    bounds = [a >= low] if low is not None else []
    bounds += [a <= high] if high is not None else []
    return logical_and(*bounds) if len(bounds) == 2 else bounds[0] if bounds else 1.0


@elementwise(
    partial={"a": _inside},
    notation=r"\operatorname{clip}\left({a}, {low}, {high}\right)",
    text="clip({a}, {low}, {high})",
    examples=(example(REALS, low=-0.5, high=1.0), example(REALS, low=0.1)),
)
def limited(a, *, low=None, high=None):
    """Values limited to [low, high]; the derivative is 1 within, bounds included, else 0. Shapes: any, kept."""
    return np.clip(a, low, high)


@structural(
    vjp={
        "x": lambda g, condition: where(condition, g, 0.0),
        "y": lambda g, condition: where(condition, 0.0, g),
    },
    masks=True,
    notation=r"\begin{cases} {x} & {condition} \\ {y} & \text{otherwise} \end{cases}",
    text="({x} if {condition} else {y})",
    examples=(example(CHOICE, REALS, OTHERS), example(CHOICE, REALS, ROW), example(CHOICE, NUMBER, OTHERS)),
)
def where(condition, x, y):
    """x where the condition holds, else y. Shapes: any three that broadcast.

    The branch not taken gets derivative 0, also where its own derivative is infinite or NaN.
    """
    return np.where(condition, x, y)


@elementwise(partial={"x": lambda x: signum(x)}, notation=r"\left|{x}\right|", text="|{x}|", examples=(example(REALS),))
def fabs(x):
    """Absolute value of real numbers, $|x|$. Shapes: any, kept. The derivative at 0 is 0."""
    return np.fabs(x)


@elementwise(
    partial={
        "x": lambda x, y: 0.5 * (_TWO * (x > y) + (x == y)) + isnan(y),
        "y": lambda x, y: 0.5 * (_TWO * (y > x) + (x == y)) + isnan(x),
    },
    examples=_PAIRS,
)
def fmax(x, y):
    """The larger of each two, or the one that is a number. Shapes: any two that broadcast. Ties as in `maximum`."""
    return np.fmax(x, y)


@elementwise(
    partial={
        "x": lambda x, y: 0.5 * (_TWO * (x < y) + (x == y)) + isnan(y),
        "y": lambda x, y: 0.5 * (_TWO * (y < x) + (x == y)) + isnan(x),
    },
    examples=_PAIRS,
)
def fmin(x, y):
    """The smaller of each two, or the one that is a number. Shapes: any two that broadcast. Ties as in `minimum`."""
    return np.fmin(x, y)


@elementwise(partial={"y": lambda x: x == 0}, examples=(example(REALS, OTHERS), example(REALS, NUMBER)))
def heaviside(x, y):
    """0 below 0, 1 above it, and y at 0: a step, constant in x. Shapes: any two that broadcast."""
    return np.heaviside(x, y)


@structural(
    vjp={"x": lambda g, x: where(isfinite(x), g, 0.0)},
    masks=True,
    examples=(example(REALS), example(REALS, nan=1.0, posinf=9.0, neginf=-9.0)),
)
def nan_to_num(x, *, copy=True, nan=0.0, posinf=None, neginf=None):  # noqa: ARG001  `copy` is NumPy's: always a copy
    """x with `nan` for NaN and the largest numbers, or those given, for infinities. Shapes: any, kept.

    What was replaced has derivative 0.
    """
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@structural(
    vjp={"z": lambda g, z, out: (g - conj(g * out * out)) / where(z == 0, np.inf, 2 * absolute(z))},
    notation=r"\operatorname{sign}\left({z}\right)",
    examples=(example(COMPLEX),),
)
def direction(z):
    """$z / |z|$, and 0 at 0: `sign` of complex numbers. Shapes: any, kept. The derivative at 0 is 0."""
    return np.sign(z)


@composite(example(COMPLEX))
def sign(x):
    """-1, 0 or 1, constant to differentiation; of complex numbers $x / |x|$, which is not, and 0 at 0.

    Shapes: any, kept. The derivative at 0 is 0.
    """
    return direction(x) if isinstance(x, Node) and is_complex(x) else signum(x)


def _kept(bound, beyond, a):
    """`a` but where it lies beyond a bound that is a tensor, or the bound is NaN."""
    return where(logical_or(beyond, isnan(bound)), bound, a)


@composite(example(REALS, -0.5, 1.0), example(REALS, 0.1, None), example(REALS, OTHERS, 2.0))
def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """Values limited to [a_min, a_max], NumPy's newer names being `min` and `max`.

    The derivative is 1 within, bounds included, else 0; by a bound that is a tensor, 1 where it took a's place. Where
    the bounds cross, the upper one holds. Shapes: any, broadcast with the bounds.
    """
    low, high = a_min if min is None else min, a_max if max is None else max
    if not isinstance(low, Node) and not isinstance(high, Node):
        return limited(a, low=low, high=high)
    a = a if low is None else _kept(low, a < low, a)
    return a if high is None else _kept(high, a > high, a)


@composite(example([CHOICE, ~CHOICE], [REALS, OTHERS]), example([CHOICE, REALS > 1], [REALS, ROW], 0.5))
def select(condlist, choicelist, default=0):
    """For each element the first choice whose condition holds, else `default`. Shapes: all broadcast together."""
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ArgumentError(
            f"select needs a choice for each condition; found {len(condlist)} conditions, {len(choicelist)} choices"
        )
    chosen: Any = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        chosen = where(condition, choice, chosen)
    return chosen
