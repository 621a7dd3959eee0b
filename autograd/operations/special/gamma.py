"""The gamma function and its kin."""

import math
from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example
from autograd.operations.elementary import exp, log, log1p
from autograd.operations.piecewise import where
from autograd.operations.samples import NUMBER, POSITIVE, SHARES
from autograd.operations.trigonometric import cos, sin
from autograd.optional import special_function

# fmt: off
__all__ = [
    "beta", "betainc", "betaln", "digamma", "gamma", "gammainc", "gammaincc", "gammaln", "gammasgn", "multigammaln",
    "polygamma", "rgamma",
]
# fmt: on

_ON_POSITIVE = (example(POSITIVE),)
_PAIRS = (example(POSITIVE, POSITIVE[::-1]), example(POSITIVE, NUMBER))


@elementwise(partial={"x": lambda x, out: out * digamma(x)}, notation=r"\Gamma\left({x}\right)", examples=_ON_POSITIVE)
def gamma(x):
    """Gamma function, $\\Gamma(x)$, with $\\Gamma(n + 1) = n!$. Shapes: any, kept. Poles at 0, -1, -2, ..."""
    return special_function("gamma")(x)


@elementwise(partial={"x": lambda x: digamma(x)}, notation=r"\ln\Gamma\left({x}\right)", examples=_ON_POSITIVE)
def gammaln(x):
    """$\\ln |\\Gamma(x)|$. Shapes: any, kept."""
    return special_function("gammaln")(x)


@elementwise(partial={}, examples=_ON_POSITIVE)
def gammasgn(x):
    """The sign of the gamma function. Shapes: any, kept. Constant to differentiation."""
    return special_function("gammasgn")(x)


def _slope_of_rgamma(x: Any, out: Any) -> Any:
    """$-\\psi(x) / \\Gamma(x)$; mirrored where both have poles. Source: DLMF 5.5.3."""
    left = x < 0.5
    mirror = where(left, 1 - x, 1.0)
    mirrored = gamma(mirror) * (cos(np.pi * x) - sin(np.pi * x) * digamma(mirror) / np.pi)
    return where(left, mirrored, -out * digamma(where(left, 1.0, x)))


@elementwise(partial={"x": _slope_of_rgamma}, examples=(*_ON_POSITIVE, example(np.array([-3.0, -2.4, -1.0, 0.0, 0.3]))))
def rgamma(x):
    """$1 / \\Gamma(x)$, and 0 at 0, -1, -2, ... Shapes: any, kept."""
    return special_function("rgamma")(x)


@elementwise(partial={"x": lambda x: polygamma(1, x)}, notation=r"\psi\left({x}\right)", examples=_ON_POSITIVE)
def digamma(x):
    """$\\psi(x) = \\Gamma'(x) / \\Gamma(x)$. Shapes: any, kept. Poles at 0, -1, -2, ..."""
    return special_function("digamma")(x)


@elementwise(
    partial={"x": lambda n, x: polygamma(n + 1, x)},
    notation=r"\psi^{\left({n}\right)}\left({x}\right)",
    examples=(example(1, POSITIVE), example(2, POSITIVE)),
)
def polygamma(n, x):
    """The n-th derivative of digamma, for whole n. Shapes: any two that broadcast. n is constant."""
    return special_function("polygamma")(n, x)


@elementwise(partial={"x": lambda a, x: exp((a - 1) * log(x) - x - gammaln(a))}, examples=(example(1.7, POSITIVE),))
def gammainc(a, x):
    """Regularized lower incomplete gamma function. Shapes: any two that broadcast. a is constant. Range: [0, 1]."""
    return special_function("gammainc")(a, x)


@elementwise(partial={"x": lambda a, x: -exp((a - 1) * log(x) - x - gammaln(a))}, examples=(example(1.7, POSITIVE),))
def gammaincc(a, x):
    """Regularized upper incomplete gamma function. Shapes: any two that broadcast. a is constant. Range: [0, 1]."""
    return special_function("gammaincc")(a, x)


@elementwise(
    partial={
        "a": lambda a, b, out: out * (digamma(a) - digamma(a + b)),
        "b": lambda a, b, out: out * (digamma(b) - digamma(a + b)),
    },
    notation=r"\mathrm{B}\left({a}, {b}\right)",
    examples=_PAIRS,
)
def beta(a, b):
    """Beta function, $\\Gamma(a) \\Gamma(b) / \\Gamma(a + b)$. Shapes: any two that broadcast."""
    return special_function("beta")(a, b)


@elementwise(
    partial={"a": lambda a, b: digamma(a) - digamma(a + b), "b": lambda a, b: digamma(b) - digamma(a + b)},
    examples=_PAIRS,
)
def betaln(a, b):
    """$\\ln |\\mathrm{B}(a, b)|$. Shapes: any two that broadcast."""
    return special_function("betaln")(a, b)


@elementwise(
    partial={"x": lambda a, b, x: exp((a - 1) * log(x) + (b - 1) * log1p(-x) - betaln(a, b))},
    examples=(example(1.5, 2.5, SHARES),),
)
def betainc(a, b, x):
    """Regularized incomplete beta function. Shapes: any that broadcast. a, b are constant. Range: [0, 1]."""
    return special_function("betainc")(a, b, x)


@composite(example(POSITIVE + 1, 2), example(POSITIVE + 1, 3))
def multigammaln(a, d):
    """Logarithm of the multivariate gamma function of dimension d. Shapes: any, kept. Domain: a > (d - 1) / 2."""
    total = d * (d - 1) / 4 * math.log(math.pi)
    for j in range(d):
        total = total + gammaln(a - j / 2)
    return total
