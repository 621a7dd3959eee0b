"""Other names that NumPy has for the same operation."""

from autograd.operations import (
    arithmetic,
    complex,
    division,
    hyperbolic,
    joining,
    piecewise,
    powers,
    reduction,
    rounding,
    shaping,
    special,
    trigonometric,
)

# fmt: off
__all__ = [
    "abs", "acos", "acosh", "amax", "amin", "around", "asin", "asinh", "atan", "atan2", "atanh", "concat", "conjugate",
    "degrees", "i0", "mod", "permute_dims", "pow", "radians", "row_stack", "true_divide",
]
# fmt: on

abs = piecewise.absolute
acos = trigonometric.arccos
acosh = hyperbolic.arccosh
amax = reduction.max
amin = reduction.min
around = rounding.round
asin = trigonometric.arcsin
asinh = hyperbolic.arcsinh
atan = trigonometric.arctan
atan2 = trigonometric.arctan2
atanh = hyperbolic.arctanh
concat = joining.concatenate
conjugate = complex.conj
degrees = trigonometric.rad2deg
i0 = special.i0
mod = division.remainder
permute_dims = shaping.transpose
pow = powers.power
radians = trigonometric.deg2rad
row_stack = joining.vstack
true_divide = arithmetic.divide
