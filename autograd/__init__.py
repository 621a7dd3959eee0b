"""A scalar and tensor reverse-mode autodiff engine on NumPy: backpropagation = chain rule + memoization."""

# ruff: noqa: F403, F405  every operation is public here, by its name

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING, Any

from autograd.adjoints import Adjoints, Counts
from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.distribution import warn_if_mixed
from autograd.errors import (
    AnomalyError,
    ArgumentError,
    AutogradError,
    CompileError,
    CompileWarning,
    DeclarationError,
    DomainError,
    DrawingError,
    FormulaError,
    GradcheckError,
    GraphError,
    IndexingError,
    InPlaceError,
    MissingDependencyError,
    ShapeError,
    StateError,
)
from autograd.familiar import OF_THE_ENGINE, absent
from autograd.mode import detect_anomaly, enable_grad, no_grad
from autograd.operations import fft, linalg, random, special, stats
from autograd.operations.activations import *
from autograd.operations.aliases import *
from autograd.operations.arithmetic import *
from autograd.operations.arranging import *
from autograd.operations.comparison import *
from autograd.operations.complex import *
from autograd.operations.convolution import *
from autograd.operations.division import *
from autograd.operations.elementary import *
from autograd.operations.factors import *
from autograd.operations.gaussian import *
from autograd.operations.hyperbolic import *
from autograd.operations.joining import *
from autograd.operations.missing import *
from autograd.operations.ordering import *
from autograd.operations.picking import *
from autograd.operations.piecewise import *
from autograd.operations.polynomials import *
from autograd.operations.powers import *
from autograd.operations.products import *
from autograd.operations.reduction import *
from autograd.operations.rounding import *
from autograd.operations.scans import *
from autograd.operations.shaping import *
from autograd.operations.stable import *
from autograd.operations.statistics import *
from autograd.operations.summation import *
from autograd.operations.trigonometric import *
from autograd.operations.units import *
from autograd.reverse import sweep
from autograd.tensor import Tensor, Value
from autograd.transforms import (
    checkpoint,
    curl,
    custom_vjp,
    divergence,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    laplacian,
    stop_gradient,
    tensor_jacobian_product,
    value_and_grad,
    vectorize,
    vjp,
)
from autograd.why import why

if TYPE_CHECKING:
    from autograd.check import GradientReport, check_parameters, gradcheck
    from autograd.derivation import Derivation, Exercise, derive, exercise
    from autograd.drawing import Drawing, draw
    from autograd.plan.compiled import Compiled, compile

__distribution__ = "memograd"
"""Whose `autograd` this is: `nn` and `optim` look, since another distribution installs a package of this name."""

warn_if_mixed(__path__)

modules.update(
    {f"{__name__}.{each.__name__.rpartition('.')[2]}": each for each in (fft, linalg, random, special, stats)}
)
"""So that `from autograd.stats import norm` finds what `autograd.stats` is."""

_LATER = dict.fromkeys(("Derivation", "Exercise", "derive", "exercise"), "derivation")
_LATER |= dict.fromkeys(("GradientReport", "check_parameters", "gradcheck"), "check")
_LATER |= {"Drawing": "drawing", "draw": "drawing", "Compiled": "plan.compiled", "compile": "plan.compiled"}
"""What is loaded when it is first asked for: most programs neither check nor draw nor derive."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise absent("module 'autograd'", name, OF_THE_ENGINE)
    return getattr(import_module(f"autograd.{_LATER[name]}"), name)


# fmt: off
__all__ = [
    "Adjoints", "AnomalyError", "ArgumentError", "AutogradError", "CompileError", "CompileWarning", "Compiled",
    "Counts", "DeclarationError", "Derivation", "DomainError", "Drawing", "DrawingError", "Exercise", "FormulaError",
    "GradcheckError", "GradientReport", "GraphError", "InPlaceError", "IndexingError", "MissingDependencyError",
    "ShapeError", "StateError", "Tensor", "Value", "abs", "absolute", "acos", "acosh", "add", "all", "amax", "amin",
    "angle", "any", "apl", "append", "apply_along_axis", "apply_over_axes", "arccos", "arccosh", "arccot", "arccoth",
    "arccsc", "arccsch", "arcsec", "arcsech", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin",
    "argpartition", "argsort", "around", "array", "array_split", "asin", "asinh", "astype", "atan", "atan2", "atanh",
    "atleast_1d", "atleast_2d", "atleast_3d", "average", "bent_identity", "binary_step", "bitwise_and", "bitwise_or",
    "bitwise_xor", "block", "brelu", "broadcast_arrays", "broadcast_to", "cbrt", "ceil", "celu", "check_parameters",
    "checkpoint", "choose", "clip", "column_stack", "compile", "composite", "compress", "concat", "concatenate", "conj",
    "conjugate", "conv1d", "conv2d", "convolve", "copy", "copysign", "corrcoef", "correlate", "cos", "cosh", "cot",
    "coth", "count_nonzero", "cov", "cross", "cross_entropy", "csc", "csch", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum", "curl", "custom_vjp", "deg2rad", "degrees", "delete", "derive", "detect_anomaly", "diag",
    "diagflat", "diagonal", "diff", "divergence", "divide", "divmod", "dot", "draw", "dsplit", "dstack", "ediff1d",
    "einsum", "elementwise", "elementwise_grad", "elu", "enable_grad", "equal", "erf", "erfc", "example", "exercise",
    "exp", "exp2", "expand_dims", "expm1", "extract", "fabs", "fft", "fix", "flatten", "flip", "fliplr", "flipud",
    "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod", "frexp", "full", "full_like", "gelu", "geomspace",
    "glu", "grad", "gradcheck", "gradient", "greater", "greater_equal", "hardshrink", "hardsigmoid", "hardswish",
    "hardtanh", "heaviside", "hessian", "hsplit", "hstack", "hvp", "hypot", "i0", "imag", "inner", "insert", "interp",
    "invert", "isfinite", "isinf", "isnan", "isneginf", "isposinf", "jacobian", "jvp", "kron", "laplacian", "ldexp",
    "leaky_relu", "left_shift", "less", "less_equal", "linalg", "linear", "linspace", "log", "log1p", "log2", "log10",
    "log_sigmoid", "log_softmax", "logaddexp", "logaddexp2", "logical_and", "logical_not", "logical_or", "logical_xor",
    "logspace", "logsumexp", "matmul", "matrix_transpose", "matvec", "max", "maximum", "maxout", "mean", "median",
    "meshgrid", "min", "minimum", "mish", "mod", "modf", "moveaxis", "multiply", "nan_to_num", "nancumprod",
    "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd",
    "nansum", "nanvar", "negative", "nextafter", "no_grad", "not_equal", "one_hot", "outer", "pad", "partition",
    "percentile", "permute_dims", "piecewise", "polyadd", "polyder", "polyint", "polymul", "polysub", "polyval",
    "positive", "pow", "power", "prelu", "prod", "ptp", "quantile", "rad2deg", "radians", "random", "ravel", "real",
    "real_if_close", "reciprocal", "relu", "relu6", "remainder", "repeat", "reshape", "resize", "right_shift", "rint",
    "roll", "rollaxis", "rot90", "round", "row_stack", "sec", "sech", "select", "selu", "sigmoid", "sign", "signbit",
    "silu", "sin", "sinc", "sinh", "sliding_window_view", "soft_clipping", "soft_exponential", "softmax", "softmin",
    "softplus", "softshrink", "softsign", "sort", "special", "split", "sqnl", "sqrt", "square", "squeeze", "stack",
    "stats", "std", "stop_gradient", "structural", "subtract", "sum", "sum_to", "swap_last", "swapaxes", "sweep",
    "take", "take_along_axis", "tan", "tanh", "tanhshrink", "tensor_jacobian_product", "tensordot", "threshold", "tile",
    "trace", "transpose", "trapezoid", "tril", "trim_zeros", "triu", "true_divide", "trunc", "unstack", "unwrap",
    "value_and_grad", "vander", "var", "vdot", "vecdot", "vecmat", "vectorize", "vjp", "vsplit", "vstack", "where",
    "why",
]
# fmt: on
