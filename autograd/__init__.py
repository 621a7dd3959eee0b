"""A scalar and tensor reverse-mode autodiff engine on NumPy: backpropagation = chain rule + memoization."""

from autograd.errors import (
    ArgumentError,
    AutogradError,
    DeclarationError,
    DomainError,
    GradcheckError,
    GraphError,
    IndexingError,
    InPlaceError,
    MissingDependencyError,
    ShapeError,
)
from autograd.node import enable_grad, no_grad
from autograd.operation import elementwise, example, registry, structural
from autograd.reverse import Adjoints, sweep
from autograd.tensor import Tensor, Value
