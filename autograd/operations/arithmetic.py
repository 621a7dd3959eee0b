"""Sums, products, quotients and powers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import elementwise, example
from autograd.notation import Binding
from autograd.operations.elementary import log
from autograd.operations.piecewise import where
from autograd.operations.samples import COLUMN, NUMBER, OTHERS, POSITIVE, REALS, ROW, WITH_ZEROS

# fmt: off
__all__ = [
    "add", "divide", "multiply", "negative", "positive", "power", "reciprocal", "square", "subtract",
]
# fmt: on

_PAIRS = (example(REALS, OTHERS), example(REALS, ROW), example(COLUMN, REALS), example(REALS, NUMBER))
_SUM = {"x": Binding.SUM, "y": Binding.PRODUCT}
_PRODUCT = {"x": Binding.PRODUCT, "y": Binding.PRODUCT}


@elementwise(
    partial={"x": 1, "y": 1}, notation="{x} + {y}", text="{x} + {y}", binding=Binding.SUM, needs=_SUM, examples=_PAIRS
)
def add(x, y):
    """Sum, $x + y$. Shapes: any two that broadcast."""
    return x + y


@elementwise(
    partial={"x": 1, "y": -1}, notation="{x} - {y}", text="{x} - {y}", binding=Binding.SUM, needs=_SUM, examples=_PAIRS
)
def subtract(x, y):
    """Difference, $x - y$. Shapes: any two that broadcast."""
    return x - y


@elementwise(
    partial={"x": "y", "y": "x"},
    notation=r"{x} \cdot {y}",
    text="{x} · {y}",
    binding=Binding.PRODUCT,
    needs=_PRODUCT,
    examples=_PAIRS,
)
def multiply(x, y):
    """Product, $x y$, element by element. Shapes: any two that broadcast."""
    return x * y


@elementwise(
    partial={"x": lambda y: 1 / y, "y": lambda y, out: -out / y},
    notation=r"\frac{{x}}{{y}}",
    text="{x} / {y}",
    binding=Binding.PRODUCT,
    needs={"x": Binding.PRODUCT, "y": Binding.POWER},
    examples=(example(REALS, POSITIVE), example(REALS, ROW), example(NUMBER, OTHERS)),
)
def divide(x, y):
    """Quotient, $x / y$. Shapes: any two that broadcast. Division by zero gives NumPy's inf or NaN."""
    return x / y


@elementwise(
    partial={"x": -1},
    notation="-{x}",
    text="-{x}",
    binding=Binding.SUM,
    needs={"x": Binding.PRODUCT},
    examples=(example(REALS), example(NUMBER)),
)
def negative(x):
    """Negation, $-x$. Shapes: any, kept."""
    return -x


@elementwise(partial={"x": 1}, notation="{x}", text="{x}", examples=(example(REALS),))
def positive(x):
    """The same value as a node of its own, $+x$. Shapes: any, kept."""
    return +x


@elementwise(
    partial={"x": lambda out: -out * out},
    notation=r"\frac{1}{{x}}",
    text="1 / {x}",
    binding=Binding.PRODUCT,
    needs={"x": Binding.POWER},
    examples=(example(POSITIVE),),
)
def reciprocal(x):
    """Reciprocal, $1 / x$. Shapes: any, kept."""
    return 1 / x


@elementwise(
    partial={"x": lambda x: 2 * x},
    notation="{x}^2",
    text="{x}^2",
    binding=Binding.POWER,
    needs={"x": Binding.ATOM},
    examples=(example(REALS),),
)
def square(x):
    """Square, $x^2$. Shapes: any, kept."""
    return x * x


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

    Whole exponents up to 16 are multiplied out: NumPy's power is some sixty times slower for a negative base.
    At $x = 0$ the derivative by $y$ is 0, and where $y = 0$ that by $x$.
    Shapes: any two that broadcast. A negative base with a broken exponent gives NaN, as in NumPy.
    """
    if isinstance(x, np.ndarray) and isinstance(y, int | float) and y == int(y) and 2 < abs(y) <= 16:
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
