"""The error function and its complement, with SciPy's arithmetic where SciPy is installed."""

import math

import numpy as np

from autograd.declaration import elementwise, example
from autograd.errors import MissingDependencyError
from autograd.operations.elementary import exp
from autograd.operations.samples import NUMBER, REALS
from autograd.optional import special_function

# fmt: off
__all__ = [
    "erf", "erfc",
]
# fmt: on

_SLOPE = 2 / math.sqrt(math.pi)
_ON_REALS = (example(REALS), example(NUMBER))


def _of(name, x):
    """A function of SciPy's, or else of Python's own, number by number."""
    try:
        return special_function(name)(x)
    except MissingDependencyError:
        return np.vectorize(getattr(math, name), otypes=[np.float64])(x).astype(np.result_type(x))[()]


@elementwise(
    partial={"x": lambda x: _SLOPE * exp(-x * x)},
    notation=r"\operatorname{erf}\left({x}\right)",
    examples=_ON_REALS,
)
def erf(x):
    r"""Error function, $\frac{2}{\sqrt{\pi}} \int_0^x e^{-t^2} dt$. Shapes: any, kept. Range: (-1, 1)."""
    return _of("erf", x)


@elementwise(
    partial={"x": lambda x: -_SLOPE * exp(-x * x)},
    notation=r"\operatorname{erfc}\left({x}\right)",
    examples=_ON_REALS,
)
def erfc(x):
    r"""Complement of the error function, $1 - \operatorname{erf} x$, exact where that is small. Shapes: any, kept."""
    return _of("erfc", x)
