"""Sums, differences, products and quotients."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import elementwise, example
from autograd.notation import Binding
from autograd.operations.piecewise import where
from autograd.operations.samples import COLUMN, NUMBER, OTHERS, POSITIVE, REALS, ROW

# fmt: off
__all__ = [
    "add", "divide", "hypot", "multiply", "negative", "positive", "reciprocal", "square", "subtract",
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


def _one_over(y: Any) -> Any:
    """$1 / y$, of Python's zeros too what NumPy has: inf, or NaN of a complex one."""
    return np.divide(1, y).item() if isinstance(y, int | float | complex) and y == 0 else 1 / y


@elementwise(
    partial={"x": _one_over, "y": lambda y, out: -out / y},
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
    """The same value as a node of its own, $+x$. Shapes: any, kept. Truth values too, of which NumPy takes no plus."""
    return x.astype(bool) if getattr(x, "dtype", None) == np.dtype(bool) else +x


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
    return np.reciprocal(x)


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


@elementwise(
    partial={"x": lambda x, out: x / where(out == 0, 1.0, out), "y": lambda y, out: y / where(out == 0, 1.0, out)},
    notation=r"\sqrt{{x}^2 + {y}^2}",
    examples=_PAIRS,
)
def hypot(x, y):
    """Length of the hypotenuse, $\\sqrt{x^2 + y^2}$, without overflow. Shapes: any two that broadcast.

    Both derivatives are 0 at (0, 0).
    """
    return np.hypot(x, y)
