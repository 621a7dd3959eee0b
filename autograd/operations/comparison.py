"""Comparisons, logic and questions about numbers: all constant to differentiation."""

from typing import Any

import numpy as np

from autograd.declaration import elementwise, example
from autograd.errors import ArgumentError
from autograd.notation import Binding
from autograd.operations.samples import CHOICE, INTEGERS, NUMBER, OTHERS, REALS, ROW

# fmt: off
__all__ = [
    "bitwise_and", "bitwise_or", "bitwise_xor", "equal", "greater", "greater_equal", "invert", "isfinite", "isinf",
    "isnan", "isneginf", "isposinf", "left_shift", "less", "less_equal", "logical_and", "logical_not", "logical_or",
    "logical_xor", "not_equal", "right_shift", "signbit",
]
# fmt: on

_BOTH = {"x": Binding.PRODUCT, "y": Binding.PRODUCT}
_PAIRS = (example(REALS, OTHERS), example(REALS, ROW), example(REALS, NUMBER))


@elementwise(partial={}, notation=r"\left[{x} > {y}\right]", text="[{x} > {y}]", examples=_PAIRS)
def greater(x, y):
    """Whether $x > y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.greater(x, y)


@elementwise(partial={}, notation=r"\left[{x} \ge {y}\right]", text="[{x} ≥ {y}]", examples=_PAIRS)
def greater_equal(x, y):
    """Whether $x \\ge y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.greater_equal(x, y)


@elementwise(partial={}, notation=r"\left[{x} < {y}\right]", text="[{x} < {y}]", examples=_PAIRS)
def less(x, y):
    """Whether $x < y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.less(x, y)


@elementwise(partial={}, notation=r"\left[{x} \le {y}\right]", text="[{x} ≤ {y}]", examples=_PAIRS)
def less_equal(x, y):
    """Whether $x \\le y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.less_equal(x, y)


@elementwise(partial={}, notation=r"\left[{x} = {y}\right]", text="[{x} = {y}]", examples=_PAIRS)
def equal(x, y):
    """Whether $x = y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.equal(x, y)


@elementwise(partial={}, notation=r"\left[{x} \ne {y}\right]", text="[{x} ≠ {y}]", examples=_PAIRS)
def not_equal(x, y):
    """Whether $x \\ne y$. Shapes: any two that broadcast. Constant to differentiation."""
    return np.not_equal(x, y)


@elementwise(
    partial={},
    notation=r"{x} \wedge {y}",
    text="{x} ∧ {y}",
    binding=Binding.PRODUCT,
    needs=_BOTH,
    examples=(example(CHOICE, ~CHOICE),),
)
def logical_and(x, y):
    """Whether both hold. Shapes: any two that broadcast. Constant to differentiation."""
    return np.logical_and(x, y)


@elementwise(
    partial={},
    notation=r"{x} \vee {y}",
    text="{x} ∨ {y}",
    binding=Binding.SUM,
    needs=_BOTH,
    examples=(example(CHOICE, ~CHOICE),),
)
def logical_or(x, y):
    """Whether either holds. Shapes: any two that broadcast. Constant to differentiation."""
    return np.logical_or(x, y)


@elementwise(
    partial={},
    notation=r"\neg {x}",
    text="¬{x}",
    binding=Binding.POWER,
    needs={"x": Binding.ATOM},
    examples=(example(CHOICE),),
)
def logical_not(x):
    """Whether it does not hold. Shapes: any, kept. Constant to differentiation."""
    return np.logical_not(x)


@elementwise(partial={}, examples=(example(REALS),))
def isnan(x):
    """Whether it is not a number. Shapes: any, kept. Constant to differentiation."""
    return np.isnan(x)


@elementwise(partial={}, examples=(example(REALS),))
def isfinite(x):
    """Whether it is neither infinite nor NaN. Shapes: any, kept. Constant to differentiation."""
    return np.isfinite(x)


@elementwise(partial={}, examples=(example(CHOICE, ~CHOICE), example(CHOICE, CHOICE)))
def logical_xor(x, y):
    """Whether one of the two holds, not both. Shapes: any two that broadcast. Constant to differentiation."""
    return np.logical_xor(x, y)


def _bits(name: str, *operands: Any) -> tuple[Any, ...]:
    for each in operands:
        dtype = np.result_type(each)
        if dtype.kind not in "biu":
            raise ArgumentError(f"{name} is for masks and integers; found {dtype}. Compare first, as in x > 0")
    return operands


_BITS = (example(CHOICE, ~CHOICE), example(INTEGERS, INTEGERS[::-1]), example(INTEGERS, CHOICE))


@elementwise(partial={}, examples=_BITS)
def bitwise_and(x, y):
    """The bits that both have: whether both hold. Shapes: any two that broadcast. Constant to differentiation."""
    return np.bitwise_and(*_bits("bitwise_and, &,", x, y))


@elementwise(partial={}, examples=_BITS)
def bitwise_or(x, y):
    """The bits that either has: whether either holds. Shapes: any two that broadcast. Constant to differentiation."""
    return np.bitwise_or(*_bits("bitwise_or, |,", x, y))


@elementwise(partial={}, examples=_BITS)
def bitwise_xor(x, y):
    """The bits that one of the two has, not both. Shapes: any two that broadcast. Constant to differentiation."""
    return np.bitwise_xor(*_bits("bitwise_xor, ^,", x, y))


_SHIFTS = (example(INTEGERS, np.abs(INTEGERS)), example(INTEGERS, np.array([0, 2, 1])))


@elementwise(partial={}, examples=_SHIFTS)
def left_shift(x, y):
    """$x \\, 2^y$ of whole numbers. Shapes: any two that broadcast. Constant to differentiation."""
    return np.left_shift(*_bits("left_shift, <<,", x, y))


@elementwise(partial={}, examples=_SHIFTS)
def right_shift(x, y):
    """$\\lfloor x / 2^y \\rfloor$ of whole numbers. Shapes: any two that broadcast. Constant to differentiation."""
    return np.right_shift(*_bits("right_shift, >>,", x, y))


@elementwise(partial={}, examples=(example(CHOICE), example(INTEGERS)))
def invert(x):
    """All bits turned: whether it does not hold. Shapes: any, kept. Constant to differentiation."""
    return np.invert(*_bits("invert, ~,", x))


@elementwise(partial={}, examples=(example(REALS),))
def isinf(x):
    """Whether it is infinite. Shapes: any, kept. Constant to differentiation."""
    return np.isinf(x)


@elementwise(partial={}, examples=(example(REALS),))
def isposinf(x):
    """Whether it is plus infinity. Shapes: any, kept. Constant to differentiation."""
    return np.isposinf(x)


@elementwise(partial={}, examples=(example(REALS),))
def isneginf(x):
    """Whether it is minus infinity. Shapes: any, kept. Constant to differentiation."""
    return np.isneginf(x)


@elementwise(partial={}, examples=(example(REALS),))
def signbit(x):
    """Whether the sign is minus, also that of a zero. Shapes: any, kept. Constant to differentiation."""
    return np.signbit(x)
