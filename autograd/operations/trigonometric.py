"""Circular functions and their inverses, angles in radians and degrees."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example
from autograd.node import values_of
from autograd.notation import Binding
from autograd.operations.elementary import sqrt
from autograd.operations.indexing import axis_of
from autograd.operations.piecewise import absolute, where
from autograd.operations.samples import FRACTIONS, LARGE, NUMBER, OTHERS, REALS, ROW, V3
from autograd.rule import Over

# fmt: off
__all__ = [
    "arccos", "arccot", "arccsc", "arcsec", "arcsin", "arctan", "arctan2", "cos", "cot", "csc", "deg2rad", "rad2deg",
    "sec", "sin", "sinc", "tan", "unwrap",
]
# fmt: on

_ON_REALS = (example(REALS), example(NUMBER))
_ON_FRACTIONS = (example(FRACTIONS),)
_BEYOND_ONE = (example(LARGE),)


@elementwise(partial={"x": lambda x: cos(x)}, notation=r"\sin\left({x}\right)", examples=_ON_REALS)
def sin(x):
    """Sine. Shapes: any, kept. Units: radians."""
    return np.sin(x)


@elementwise(partial={"x": lambda x: -sin(x)}, notation=r"\cos\left({x}\right)", examples=_ON_REALS)
def cos(x):
    """Cosine. Shapes: any, kept. Units: radians."""
    return np.cos(x)


@elementwise(partial={"x": lambda out: 1 + out**2}, notation=r"\tan\left({x}\right)", examples=_ON_FRACTIONS)
def tan(x):
    """Tangent. Shapes: any, kept. Units: radians."""
    return np.tan(x)


@elementwise(partial={"x": Over(lambda x: sqrt(1 - x**2))}, notation=r"\arcsin\left({x}\right)", examples=_ON_FRACTIONS)
def arcsin(x):
    """Inverse sine. Shapes: any, kept. Domain: [-1, 1]. Range: [-pi/2, pi/2] radians."""
    return np.arcsin(x)


@elementwise(
    partial={"x": Over(lambda x: -sqrt(1 - x**2))}, notation=r"\arccos\left({x}\right)", examples=_ON_FRACTIONS
)
def arccos(x):
    """Inverse cosine. Shapes: any, kept. Domain: [-1, 1]. Range: [0, pi] radians."""
    return np.arccos(x)


@elementwise(partial={"x": Over(lambda x: 1 + x**2)}, notation=r"\arctan\left({x}\right)", examples=_ON_REALS)
def arctan(x):
    """Inverse tangent. Shapes: any, kept. Range: (-pi/2, pi/2) radians."""
    return np.arctan(x)


@elementwise(partial={"x": lambda x, out: out * tan(x)}, notation=r"\sec\left({x}\right)", examples=_ON_FRACTIONS)
def sec(x):
    """Secant, $1 / \\cos x$. Shapes: any, kept. Units: radians."""
    return 1 / np.cos(x)


@elementwise(partial={"x": lambda x, out: -out * cot(x)}, notation=r"\csc\left({x}\right)", examples=_ON_FRACTIONS)
def csc(x):
    """Cosecant, $1 / \\sin x$. Shapes: any, kept. Units: radians."""
    return 1 / np.sin(x)


@elementwise(partial={"x": lambda out: -1 - out**2}, notation=r"\cot\left({x}\right)", examples=_ON_FRACTIONS)
def cot(x):
    """Cotangent, $\\cos x / \\sin x$. Shapes: any, kept. Units: radians."""
    return 1 / np.tan(x)


@elementwise(
    partial={"x": lambda x: 1 / (absolute(x) * sqrt(x**2 - 1))},
    notation=r"\operatorname{arcsec}\left({x}\right)",
    examples=_BEYOND_ONE,
)
def arcsec(x):
    """Inverse secant. Shapes: any, kept. Domain: |x| >= 1. Range: [0, pi] radians."""
    return np.arccos(1 / x)


@elementwise(
    partial={"x": lambda x: -1 / (absolute(x) * sqrt(x**2 - 1))},
    notation=r"\operatorname{arccsc}\left({x}\right)",
    examples=_BEYOND_ONE,
)
def arccsc(x):
    """Inverse cosecant. Shapes: any, kept. Domain: |x| >= 1. Range: [-pi/2, pi/2] radians."""
    return np.arcsin(1 / x)


@elementwise(
    partial={"x": lambda x: -1 / (1 + x**2)}, notation=r"\operatorname{arccot}\left({x}\right)", examples=_ON_REALS
)
def arccot(x):
    """Inverse cotangent, continuous through 0. Shapes: any, kept. Range: (0, pi) radians."""
    return np.pi / 2 - np.arctan(x)


def _square(x: Any, y: Any) -> Any:
    """$x^2 + y^2$, and 1 at the origin, where the angle has no direction and the derivatives are 0."""
    square = x * x + y * y
    return where(square == 0, 1.0, square)


@elementwise(
    partial={"y": lambda y, x: x / _square(x, y), "x": lambda y, x: y / -_square(x, y)},
    notation=r"\operatorname{atan2}\left({y}, {x}\right)",
    examples=(example(REALS, OTHERS), example(REALS, ROW), example(REALS, NUMBER)),
)
def arctan2(y, x):
    """The angle of the point (x, y), arguments in NumPy's order. Shapes: any two that broadcast.

    Range: [-pi, pi] radians. Both derivatives are 0 at the origin.
    """
    return np.arctan2(y, x)


@elementwise(partial={"x": np.pi / 180}, notation=r"\frac{\pi}{180} {x}", binding=Binding.PRODUCT, examples=_ON_REALS)
def deg2rad(x):
    """An angle in radians from one in degrees. Shapes: any, kept."""
    return np.deg2rad(x)


@elementwise(partial={"x": 180 / np.pi}, notation=r"\frac{180}{\pi} {x}", binding=Binding.PRODUCT, examples=_ON_REALS)
def rad2deg(x):
    """An angle in degrees from one in radians. Shapes: any, kept."""
    return np.rad2deg(x)


def _slope_of_sinc(x: Any, out: Any) -> Any:
    """$(\\cos \\pi x - \\operatorname{sinc} x) / x$; near 0, where that cancels, its power series."""
    near = absolute(x) < 1e-2
    s = (np.pi * x) ** 2
    series = -(np.pi**2) * x / 3 * (1 - s / 10 * (1 - s / 28 * (1 - s / 54)))
    return where(near, series, (cos(np.pi * x) - out) / where(near, 1.0, x))


@elementwise(
    partial={"x": _slope_of_sinc},
    notation=r"\operatorname{sinc}\left({x}\right)",
    examples=(example(REALS), example(np.array([0.0, 0.004, 0.5]))),
)
def sinc(x):
    """$\\sin(\\pi x) / (\\pi x)$, and 1 at 0. Shapes: any, kept."""
    return np.sinc(x)


@composite(example(V3), example(LARGE, axis=0))
def unwrap(p, discont=None, axis=-1, *, period=2 * np.pi):
    """Angles with jumps of more than half a period taken out, along `axis`. Shapes: any, kept."""
    values = values_of(p)
    return p + (np.unwrap(values, discont, axis_of(axis, np.ndim(values)), period=period) - values)
