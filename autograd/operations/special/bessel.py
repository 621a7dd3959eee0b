"""Bessel functions, and modified ones."""

from autograd.declaration import elementwise, example
from autograd.operations.rounding import signum
from autograd.operations.samples import POSITIVE, REALS
from autograd.optional import special_function

# fmt: off
__all__ = [
    "i0", "i0e", "i1", "i1e", "iv", "ive", "j0", "j1", "jn", "y0", "y1", "yn",
]
# fmt: on

_ON_REALS = (example(REALS),)
_ON_POSITIVE = (example(POSITIVE),)


@elementwise(partial={"x": lambda x: -j1(x)}, notation=r"J_0\left({x}\right)", examples=_ON_REALS)
def j0(x):
    """Bessel function of the first kind of order 0. Shapes: any, kept."""
    return special_function("j0")(x)


@elementwise(partial={"x": lambda x: (j0(x) - jn(2, x)) / 2}, notation=r"J_1\left({x}\right)", examples=_ON_REALS)
def j1(x):
    """Bessel function of the first kind of order 1. Shapes: any, kept."""
    return special_function("j1")(x)


@elementwise(
    partial={"x": lambda n, x: (jn(n - 1, x) - jn(n + 1, x)) / 2},
    notation=r"J_{{n}}\left({x}\right)",
    examples=(example(2, REALS),),
)
def jn(n, x):
    """Bessel function of the first kind of order n, constant. Shapes: any two that broadcast."""
    return special_function("jn")(n, x)


@elementwise(partial={"x": lambda x: -y1(x)}, notation=r"Y_0\left({x}\right)", examples=_ON_POSITIVE)
def y0(x):
    """Bessel function of the second kind of order 0. Shapes: any, kept. Domain: x > 0."""
    return special_function("y0")(x)


@elementwise(partial={"x": lambda x: (y0(x) - yn(2, x)) / 2}, notation=r"Y_1\left({x}\right)", examples=_ON_POSITIVE)
def y1(x):
    """Bessel function of the second kind of order 1. Shapes: any, kept. Domain: x > 0."""
    return special_function("y1")(x)


@elementwise(
    partial={"x": lambda n, x: (yn(n - 1, x) - yn(n + 1, x)) / 2},
    notation=r"Y_{{n}}\left({x}\right)",
    examples=(example(2, POSITIVE),),
)
def yn(n, x):
    """Bessel function of the second kind of whole order n, constant. Shapes: any two that broadcast."""
    return special_function("yn")(n, x)


@elementwise(partial={"x": lambda x: i1(x)}, notation=r"I_0\left({x}\right)", examples=_ON_REALS)
def i0(x):
    """Modified Bessel function of order 0. Shapes: any, kept."""
    return special_function("i0")(x)


@elementwise(partial={"x": lambda x: (i0(x) + iv(2, x)) / 2}, notation=r"I_1\left({x}\right)", examples=_ON_REALS)
def i1(x):
    """Modified Bessel function of order 1. Shapes: any, kept."""
    return special_function("i1")(x)


@elementwise(
    partial={"x": lambda v, x: (iv(v - 1, x) + iv(v + 1, x)) / 2},
    notation=r"I_{{v}}\left({x}\right)",
    examples=(example(2, REALS), example(1.5, POSITIVE)),
)
def iv(v, x):
    """Modified Bessel function of order v, constant. Shapes: any two that broadcast."""
    return special_function("iv")(v, x)


@elementwise(partial={"x": lambda x, out: i1e(x) - signum(x) * out}, examples=_ON_REALS)
def i0e(x):
    """$e^{-|x|} I_0(x)$. Shapes: any, kept."""
    return special_function("i0e")(x)


@elementwise(partial={"x": lambda x, out: (i0e(x) + ive(2, x)) / 2 - signum(x) * out}, examples=_ON_REALS)
def i1e(x):
    """$e^{-|x|} I_1(x)$. Shapes: any, kept."""
    return special_function("i1e")(x)


@elementwise(
    partial={"x": lambda v, x, out: (ive(v - 1, x) + ive(v + 1, x)) / 2 - signum(x) * out},
    examples=(example(2, REALS), example(1.5, POSITIVE)),
)
def ive(v, x):
    """$e^{-|x|} I_v(x)$ for an order v, constant. Shapes: any two that broadcast."""
    return special_function("ive")(v, x)
