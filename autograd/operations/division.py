"""Whole quotients and what they leave; the parts a floating-point number is made of."""

from __future__ import annotations

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.node import values_of
from autograd.operations.arithmetic import subtract
from autograd.operations.rounding import floor, trunc
from autograd.operations.samples import INTEGERS, LARGE, NUMBER, REALS, ROW
from autograd.operations.shaping import floats

# fmt: off
__all__ = [
    "copysign", "divmod", "floor_divide", "fmod", "frexp", "ldexp", "modf", "nextafter", "remainder",
]
# fmt: on

_PAIRS = (example(REALS, LARGE), example(REALS, ROW * 1.1), example(LARGE, NUMBER * 1.1))


@elementwise(partial={}, notation=r"\left\lfloor \frac{{x}}{{y}} \right\rfloor", text="⌊{x} / {y}⌋", examples=_PAIRS)
def floor_divide(x, y):
    """The largest whole number not above $x / y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.floor_divide(x, y)


@elementwise(
    partial={"x": 1, "y": lambda x, y: -floor(x / y)},
    notation=r"{x} \bmod {y}",
    examples=_PAIRS,
)
def remainder(x, y):
    """What floored division leaves, $x - y \\lfloor x/y \\rfloor$, with the sign of y. Shapes: any that broadcast."""
    return np.remainder(x, y)


@elementwise(
    partial={"x": 1, "y": lambda x, y: -trunc(x / y)},
    examples=_PAIRS,
)
def fmod(x, y):
    """What division cut towards zero leaves, with the sign of x, as in C. Shapes: any two that broadcast."""
    return np.fmod(x, y)


@composite(*_PAIRS)
def divmod(x1, x2):
    """The pair `floor_divide(x1, x2), remainder(x1, x2)`. Shapes: any two that broadcast."""
    return floor_divide(x1, x2), remainder(x1, x2)


@composite(example(REALS), example(NUMBER))
def modf(x):
    """The pair of broken and whole part, both with the sign of x. Shapes: any, kept. The whole part is constant."""
    x = floats(x)
    whole = trunc(x)
    return subtract(x, whole), whole


@elementwise(
    partial={"x": lambda x, y: copysign(1.0, x) * copysign(1.0, y)},
    examples=_PAIRS,
)
def copysign(x, y):
    """The size of x with the sign of y, which is constant to differentiation. Shapes: any two that broadcast."""
    return np.copysign(x, y)


@structural(
    vjp={"x": lambda g, y: ldexp(g, y)},
    linear_in=("x",),
    notation=r"{x} \cdot 2^{{y}}",
    examples=(example(REALS, INTEGERS), example(NUMBER, 3)),
)
def ldexp(x, y):
    """$x \\, 2^y$ for whole numbers y, exactly. Shapes: any two that broadcast."""
    return np.ldexp(x, y)


@composite(example(REALS), example(NUMBER))
def frexp(x):
    """The pair of mantissa in [0.5, 1) and exponent, $x = m \\, 2^e$. Shapes: any, kept. The exponent is constant."""
    exponent = np.frexp(values_of(x))[1]
    return ldexp(x, -exponent), exponent


@elementwise(partial={"x": 1}, examples=_PAIRS)
def nextafter(x, y):
    """The next floating-point number after x towards y. Shapes: any two that broadcast."""
    return np.nextafter(x, y)
