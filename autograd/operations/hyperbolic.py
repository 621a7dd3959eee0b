"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import numpy as np

from autograd.declaration import elementwise, example
from autograd.operations.elementary import sqrt
from autograd.operations.piecewise import absolute
from autograd.operations.samples import FRACTIONS, LARGE, NUMBER, REALS, SHARES
from autograd.rule import Over

# fmt: off
__all__ = [
    "arccosh", "arccoth", "arccsch", "arcsech", "arcsinh", "arctanh", "cosh", "coth", "csch", "sech", "sinh", "tanh",
]
# fmt: on

_ON_REALS = (example(REALS), example(NUMBER))
_ON_FRACTIONS = (example(FRACTIONS),)


@elementwise(partial={"x": lambda x: cosh(x)}, notation=r"\sinh\left({x}\right)", examples=_ON_REALS)
def sinh(x):
    """Hyperbolic sine. Shapes: any, kept."""
    return np.sinh(x)


@elementwise(partial={"x": lambda x: sinh(x)}, notation=r"\cosh\left({x}\right)", examples=_ON_REALS)
def cosh(x):
    """Hyperbolic cosine. Shapes: any, kept."""
    return np.cosh(x)


@elementwise(partial={"x": lambda out: 1 - out**2}, notation=r"\tanh\left({x}\right)", examples=_ON_REALS)
def tanh(x):
    r"""Hyperbolic tangent, $\tanh x = (e^x - e^{-x}) / (e^x + e^{-x})$.

    Derivative: $1 - \tanh^2 x$. Range: (-1, 1). Smoothness: $C^\infty$. Shapes: any, kept. Source: DLMF 4.28.
    """
    return np.tanh(x)


@elementwise(
    partial={"x": Over(lambda x: sqrt(x**2 + 1))}, notation=r"\operatorname{arsinh}\left({x}\right)", examples=_ON_REALS
)
def arcsinh(x):
    """Inverse hyperbolic sine. Shapes: any, kept."""
    return np.arcsinh(x)


@elementwise(
    partial={"x": Over(lambda x: 1 - x**2)}, notation=r"\operatorname{artanh}\left({x}\right)", examples=_ON_FRACTIONS
)
def arctanh(x):
    """Inverse hyperbolic tangent. Shapes: any, kept. Domain: (-1, 1)."""
    return np.arctanh(x)


@elementwise(
    partial={"x": Over(lambda x: sqrt(x - 1) * sqrt(x + 1))},
    notation=r"\operatorname{arcosh}\left({x}\right)",
    examples=(example(np.abs(LARGE)),),
)
def arccosh(x):
    """Inverse hyperbolic cosine. Shapes: any, kept. Domain: [1, inf)."""
    return np.arccosh(x)


@elementwise(
    partial={"x": lambda x, out: -out * tanh(x)},
    notation=r"\operatorname{sech}\left({x}\right)",
    examples=_ON_REALS,
)
def sech(x):
    """Hyperbolic secant, $1 / \\cosh x$. Shapes: any, kept. Range: (0, 1]."""
    return 1 / np.cosh(x)


@elementwise(
    partial={"x": lambda x, out: -out * coth(x)}, notation=r"\operatorname{csch}\left({x}\right)", examples=_ON_REALS
)
def csch(x):
    """Hyperbolic cosecant, $1 / \\sinh x$. Shapes: any, kept."""
    return 1 / np.sinh(x)


@elementwise(partial={"x": lambda out: 1 - out**2}, notation=r"\coth\left({x}\right)", examples=_ON_REALS)
def coth(x):
    """Hyperbolic cotangent, $1 / \\tanh x$. Shapes: any, kept."""
    return 1 / np.tanh(x)


@elementwise(
    partial={"x": lambda x: -1 / (x * sqrt(1 - x**2))},
    notation=r"\operatorname{arsech}\left({x}\right)",
    examples=(example(SHARES),),
)
def arcsech(x):
    """Inverse hyperbolic secant. Shapes: any, kept. Domain: (0, 1]."""
    return np.arccosh(1 / x)


@elementwise(
    partial={"x": lambda x: -1 / (absolute(x) * sqrt(1 + x**2))},
    notation=r"\operatorname{arcsch}\left({x}\right)",
    examples=_ON_REALS,
)
def arccsch(x):
    """Inverse hyperbolic cosecant. Shapes: any, kept."""
    return np.arcsinh(1 / x)


@elementwise(
    partial={"x": Over(lambda x: 1 - x**2)},
    notation=r"\operatorname{arcoth}\left({x}\right)",
    examples=(example(LARGE),),
)
def arccoth(x):
    """Inverse hyperbolic cotangent. Shapes: any, kept. Domain: |x| > 1."""
    return np.arctanh(1 / x)
