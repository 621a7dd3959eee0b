"""Operations with kinks and cases, and the comparisons they are made of.

At a kink the value is NumPy's and the derivative PyTorch's: the subgradient of least norm, ties split evenly.
"""

import numpy as np

from autograd.declaration import elementwise, example, structural
from autograd.notation import Binding
from autograd.operations.complex import conj, is_complex
from autograd.operations.samples import CHOICE, COMPLEX, NUMBER, OTHERS, REALS, ROW

# fmt: off
__all__ = [
    "absolute", "ceil", "clip", "equal", "floor", "greater", "greater_equal", "isfinite", "isnan", "leaky_relu",
    "less", "less_equal", "logical_and", "logical_not", "logical_or", "maximum", "minimum", "not_equal", "relu",
    "sign", "where",
]
# fmt: on

_BOTH = {"x": Binding.PRODUCT, "y": Binding.PRODUCT}
_PAIRS = (example(REALS, OTHERS), example(REALS, ROW), example(REALS, NUMBER))


@elementwise(partial={"x": lambda x: x > 0}, examples=(example(REALS), example(NUMBER)))
def relu(x):
    r"""Rectifier, $\max(x, 0)$. Shapes: any, kept. Range: $[0, \infty)$. The derivative at 0 is 0.

    Source: Nair and Hinton 2010.
    """
    return np.maximum(x, 0)


def _slope_of_absolute(x, out):
    """The sign; of a complex number, the conjugate of its direction; 0 at 0."""
    return conj(x) / where(out == 0, 1.0, out) if is_complex(x) else sign(x)


@elementwise(
    partial={"x": lambda x, negative_slope: (x > 0) + negative_slope * (x <= 0)},
    examples=(example(REALS), example(REALS, negative_slope=0.2)),
)
def leaky_relu(x, *, negative_slope=0.01):
    r"""$x$ above 0 and `negative_slope` times $x$ elsewhere, its derivative at 0 the slope. Shapes: any, kept."""
    return np.where(x > 0, x, negative_slope * x)


@elementwise(
    partial={"x": _slope_of_absolute},
    notation=r"\left|{x}\right|",
    text="|{x}|",
    examples=(example(REALS), example(COMPLEX)),
)
def absolute(x):
    """Absolute value, $|x|$. Shapes: any, kept. The derivative at 0 is 0."""
    return np.absolute(x)


@elementwise(partial={}, notation=r"\operatorname{sign}\left({x}\right)", examples=(example(REALS),))
def sign(x):
    """-1, 0 or 1. Shapes: any, kept. Constant to differentiation."""
    return np.sign(x)


@elementwise(
    partial={"x": lambda x, y: (x > y) + 0.5 * (x == y), "y": lambda x, y: (y > x) + 0.5 * (x == y)},
    notation=r"\max\left({x}, {y}\right)",
    examples=_PAIRS,
)
def maximum(x, y):
    """The larger of each two; a tie gives half the derivative to each. Shapes: any two that broadcast."""
    return np.maximum(x, y)


@elementwise(
    partial={"x": lambda x, y: (x < y) + 0.5 * (x == y), "y": lambda x, y: (y < x) + 0.5 * (x == y)},
    notation=r"\min\left({x}, {y}\right)",
    examples=_PAIRS,
)
def minimum(x, y):
    """The smaller of each two; a tie gives half the derivative to each. Shapes: any two that broadcast."""
    return np.minimum(x, y)


def _inside(a, a_min, a_max):
    bounds = [a >= a_min] if a_min is not None else []
    bounds += [a <= a_max] if a_max is not None else []
    return logical_and(*bounds) if len(bounds) == 2 else bounds[0] if bounds else 1.0


@elementwise(
    partial={"a": _inside}, examples=(example(REALS, a_min=-0.5, a_max=1.0), example(REALS, a_min=0.1, a_max=None))
)
def clip(a, *, a_min=None, a_max=None):
    """Values limited to [a_min, a_max]; the derivative is 1 within, bounds included, else 0. Shapes: any, kept."""
    return np.clip(a, a_min, a_max)


@structural(
    vjp={
        "x": lambda g, condition: where(condition, g, 0.0),
        "y": lambda g, condition: where(condition, 0.0, g),
    },
    masks=True,
    notation=r"\begin{cases} {x} & {condition} \\ {y} & \text{otherwise} \end{cases}",
    text="({x} if {condition} else {y})",
    examples=(example(CHOICE, REALS, OTHERS), example(CHOICE, REALS, ROW), example(CHOICE, NUMBER, OTHERS)),
)
def where(condition, x, y):
    """x where the condition holds, else y. Shapes: any three that broadcast.

    The branch not taken gets derivative 0, also where its own derivative is infinite or NaN.
    """
    return np.where(condition, x, y)


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


@elementwise(partial={}, notation=r"\left\lfloor {x} \right\rfloor", examples=(example(REALS),))
def floor(x):
    """The largest whole number not above x. Shapes: any, kept. Constant to differentiation."""
    return np.floor(x)


@elementwise(partial={}, notation=r"\left\lceil {x} \right\rceil", examples=(example(REALS),))
def ceil(x):
    """The smallest whole number not below x. Shapes: any, kept. Constant to differentiation."""
    return np.ceil(x)
