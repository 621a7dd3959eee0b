"""Exponentials, logarithms and roots."""

import numpy as np

from autograd.declaration import elementwise, example
from autograd.notation import Binding
from autograd.operations.samples import NUMBER, POSITIVE, REALS
from autograd.rule import Over

# fmt: off
__all__ = [
    "cbrt", "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt",
]
# fmt: on

_ON_REALS = (example(REALS), example(NUMBER))
_ON_POSITIVE = (example(POSITIVE),)


@elementwise(partial={"x": "out"}, notation="e^{{x}}", text="exp({x})", binding=Binding.POWER, examples=_ON_REALS)
def exp(x):
    """Exponential, $e^x$. Shapes: any, kept. Range: $(0, \\infty)$."""
    return np.exp(x)


@elementwise(partial={"x": lambda out: 1 + out}, notation="e^{{x}} - 1", binding=Binding.SUM, examples=_ON_REALS)
def expm1(x):
    """$e^x - 1$, exact for small x. Shapes: any, kept."""
    return np.expm1(x)


@elementwise(
    partial={"x": lambda out: 0.6931471805599453 * out}, notation="2^{{x}}", binding=Binding.POWER, examples=_ON_REALS
)
def exp2(x):
    """$2^x$. Shapes: any, kept."""
    return np.exp2(x)


@elementwise(partial={"x": Over(lambda x: x)}, notation=r"\ln\left({x}\right)", examples=_ON_POSITIVE)
def log(x):
    """Natural logarithm, $\\ln x$. Shapes: any, kept. -inf at 0 and NaN below it, as in NumPy."""
    return np.log(x)


@elementwise(
    partial={"x": Over(lambda x: 0.6931471805599453 * x)}, notation=r"\log_2\left({x}\right)", examples=_ON_POSITIVE
)
def log2(x):
    """Logarithm to base 2. Shapes: any, kept."""
    return np.log2(x)


@elementwise(
    partial={"x": Over(lambda x: 2.302585092994046 * x)}, notation=r"\log_{10}\left({x}\right)", examples=_ON_POSITIVE
)
def log10(x):
    """Logarithm to base 10. Shapes: any, kept."""
    return np.log10(x)


@elementwise(partial={"x": Over(lambda x: 1 + x)}, notation=r"\ln\left(1 + {x}\right)", examples=_ON_POSITIVE)
def log1p(x):
    """$\\ln(1 + x)$, exact for small x. Shapes: any, kept."""
    return np.log1p(x)


@elementwise(partial={"x": Over(lambda out: 2 * out)}, notation=r"\sqrt{{x}}", text="sqrt({x})", examples=_ON_POSITIVE)
def sqrt(x):
    """Square root. Shapes: any, kept. The derivative at 0 is inf."""
    return np.sqrt(x)


@elementwise(partial={"x": Over(lambda out: 3 * out * out)}, notation=r"\sqrt[3]{{x}}", examples=_ON_REALS)
def cbrt(x):
    """Cube root, of negative numbers too. Shapes: any, kept. The derivative at 0 is inf."""
    return np.cbrt(x)
