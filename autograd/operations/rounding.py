"""Whole numbers near a number, and its sign: steps, constant to differentiation."""

import numpy as np

from autograd.declaration import elementwise, example
from autograd.operations.samples import REALS

# fmt: off
__all__ = [
    "ceil", "fix", "floor", "rint", "round", "trunc",
]
# fmt: on


@elementwise(partial={}, notation=r"\operatorname{sign}\left({x}\right)", examples=(example(REALS),))
def signum(x):
    """-1, 0 or 1: `sign` of real numbers. Shapes: any, kept. Constant to differentiation."""
    return np.sign(x)


@elementwise(partial={}, notation=r"\left\lfloor {x} \right\rfloor", examples=(example(REALS),))
def floor(x):
    """The largest whole number not above x. Shapes: any, kept. Constant to differentiation."""
    return np.floor(x)


@elementwise(partial={}, notation=r"\left\lceil {x} \right\rceil", examples=(example(REALS),))
def ceil(x):
    """The smallest whole number not below x. Shapes: any, kept. Constant to differentiation."""
    return np.ceil(x)


@elementwise(partial={}, examples=(example(REALS),))
def trunc(x):
    """The whole part: the nearest whole number towards 0. Shapes: any, kept. Constant to differentiation."""
    return np.trunc(x)


@elementwise(partial={}, examples=(example(REALS),))
def fix(x):
    """As `trunc`. Shapes: any, kept. Constant to differentiation."""
    return np.trunc(x)


@elementwise(partial={}, examples=(example(REALS),))
def rint(x):
    """The nearest whole number, of two the even one. Shapes: any, kept. Constant to differentiation."""
    return np.rint(x)


@elementwise(partial={}, examples=(example(REALS), example(REALS, decimals=1)))
def round(a, *, decimals=0):
    """The nearest number with so many decimals, of two the even one. Shapes: any, kept. Constant to differentiation."""
    return np.round(a, decimals)
