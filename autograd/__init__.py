"""A scalar and tensor reverse-mode autodiff engine on NumPy: backpropagation = chain rule + memoization."""

# ruff: noqa: F403, F405  every operation is public here, by its name

from autograd.adjoints import Adjoints, Counts
from autograd.check import GradientReport, check_parameters, gradcheck
from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.derivation import Derivation, derive
from autograd.distribution import warn_if_mixed
from autograd.drawing import Drawing, draw
from autograd.errors import (
    AnomalyError,
    ArgumentError,
    AutogradError,
    DeclarationError,
    DomainError,
    DrawingError,
    GradcheckError,
    GraphError,
    IndexingError,
    InPlaceError,
    MissingDependencyError,
    ShapeError,
)
from autograd.mode import detect_anomaly, enable_grad, no_grad
from autograd.operations.arithmetic import *
from autograd.operations.complex import *
from autograd.operations.elementary import *
from autograd.operations.piecewise import *
from autograd.operations.products import *
from autograd.operations.reduction import *
from autograd.operations.shaping import *
from autograd.operations.stable import *
from autograd.reverse import sweep
from autograd.tensor import Tensor, Value
from autograd.transforms import grad, jvp, value_and_grad, vjp

__distribution__ = "memograd"
"""Whose `autograd` this is: `nn` and `optim` look, since another distribution installs a package of this name."""

warn_if_mixed(__path__)

# fmt: off
__all__ = [
    "Adjoints",
    "AnomalyError",
    "ArgumentError",
    "AutogradError",
    "Counts",
    "DeclarationError",
    "Derivation",
    "DomainError",
    "Drawing",
    "DrawingError",
    "GradcheckError",
    "GradientReport",
    "GraphError",
    "InPlaceError",
    "IndexingError",
    "MissingDependencyError",
    "ShapeError",
    "Tensor",
    "Value",
    "absolute",
    "add",
    "all",
    "angle",
    "any",
    "arccos",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "argmax",
    "argmin",
    "astype",
    "broadcast_to",
    "cbrt",
    "ceil",
    "check_parameters",
    "clip",
    "composite",
    "concatenate",
    "conj",
    "cos",
    "cosh",
    "cross_entropy",
    "cumsum",
    "derive",
    "detect_anomaly",
    "divide",
    "draw",
    "elementwise",
    "enable_grad",
    "equal",
    "example",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "floor",
    "grad",
    "gradcheck",
    "greater",
    "greater_equal",
    "imag",
    "isfinite",
    "isnan",
    "jvp",
    "leaky_relu",
    "less",
    "less_equal",
    "linear",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logsumexp",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "moveaxis",
    "multiply",
    "negative",
    "no_grad",
    "not_equal",
    "positive",
    "power",
    "prod",
    "ravel",
    "real",
    "reciprocal",
    "relu",
    "reshape",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "structural",
    "subtract",
    "sum",
    "sum_to",
    "swap_last",
    "swapaxes",
    "sweep",
    "tan",
    "tanh",
    "transpose",
    "value_and_grad",
    "var",
    "vjp",
    "where",
]
# fmt: on
