"""Powers, through zero and to any exponent."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example
from autograd.notation import Binding
from autograd.operations.elementary import log
from autograd.operations.piecewise import where
from autograd.operations.samples import NUMBER, OTHERS, POSITIVE, REALS, WITH_ZEROS
from autograd.operations.shaping import astype

# fmt: off
__all__ = [
    "float_power", "power",
]
# fmt: on


def _slope_in_base(x: Any, y: Any) -> Any:
    """$y x^{y-1}$, and 0 where y is 0: a power of 0 is flat, also at x = 0."""
    if isinstance(y, int | float):
        return 0.0 if y == 0 else y if y == 1 else y * x if y == 2 else y * x ** (y - 1)
    return y * x ** where(y == 0, 0.0, y - 1)


def _slope_in_exponent(x: Any, out: Any) -> Any:
    """$x^y \\log x$, by continuity 0 where x is 0."""
    return out * log(where(x == 0, 1.0, x))


@elementwise(
    partial={"x": _slope_in_base, "y": _slope_in_exponent},
    notation="{x}^{{y}}",
    text="{x}^{y}",
    binding=Binding.POWER,
    needs={"x": Binding.ATOM, "y": Binding.ATOM},
    examples=(
        example(POSITIVE, OTHERS),
        example(POSITIVE, NUMBER),
        example(REALS, 3),
        example(REALS, 2),
        example(REALS, -2),
        example(POSITIVE, 0.5),
        example(WITH_ZEROS, 0),
        example(WITH_ZEROS, 1),
        example(2.0, REALS),
    ),
)
def power(x, y):
    """Power, $x^y$, with $0^0 = 1$.

    Whole exponents up to 16 of what is no whole number are multiplied out: NumPy's power is some sixty times slower for
    a negative base.
    At $x = 0$ the derivative by $y$ is 0, and where $y = 0$ that by $x$.
    Shapes: any two that broadcast. A negative base with a broken exponent gives NaN, as in NumPy.
    """
    inexact = isinstance(x, np.ndarray) and x.dtype.kind in "fc"
    if inexact and type(y) in (int, float) and 2 < abs(y) <= 16 and y == int(y):
        result = _multiplied_out(x, abs(int(y)))
        return result if y > 0 else 1 / result
    return x**y


def _multiplied_out(x: np.ndarray, exponent: int) -> np.ndarray:
    result = None
    while exponent:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        x = x * x if exponent else x
    assert result is not None
    return result


@composite(example(POSITIVE, OTHERS), example(REALS, 3))
def float_power(x1, x2):
    """Power, $x_1^{x_2}$, in float64 whatever the arguments are. Shapes: any two that broadcast."""
    return power(_at_least_double(x1), _at_least_double(x2))


def _at_least_double(x: Any) -> Any:
    if isinstance(x, int | float | complex):
        return x
    return astype(x, dtype=np.result_type(x.dtype, np.float64))
