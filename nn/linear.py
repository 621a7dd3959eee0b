"""The affine layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ArgumentError, ShapeError, Tensor, linear
from nn import init
from nn.module import Module
from nn.parameter import Parameter


class Linear(Module):
    r"""An affine layer, $y = x W^\top + b$.

    `weight` has shape (out_features, in_features), `bias` (out_features,) or is None. Both start uniform on
    $\pm 1/\sqrt{\text{in\_features}}$, as PyTorch's.
    Shapes: (..., in_features) -> (..., out_features).
    Raises: ShapeError for an input of another number of features.

    >>> import numpy as np
    >>> from nn import Linear
    >>> Linear(3, 2, rng=0)(np.ones((4, 3))).shape
    (4, 2)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, dtype: Any = np.float64, rng: init.Rng = None
    ) -> None:
        for name, size in (("in_features", in_features), ("out_features", out_features)):
            if not isinstance(size, int | np.integer) or size < 1:
                raise ArgumentError(f"Linear needs {name} to be a whole number above 0; found {size!r}")
        source = init.generator(rng)
        bound = float(1 / np.sqrt(in_features))
        self.in_features, self.out_features = int(in_features), int(out_features)
        self.weight = Parameter(init.uniform(source, (out_features, in_features), bound, dtype))
        self.bias = Parameter(init.uniform(source, (out_features,), bound, dtype)) if bias else None

    def forward(self, x: Any) -> Any:
        """The layer's outputs. Shapes: (..., in_features) -> (..., out_features)."""
        shape = x.shape if isinstance(x, Tensor | np.ndarray) else np.shape(x)
        if shape[-1:] != (self.in_features,):
            raise ShapeError(
                f"Linear({self.in_features}, {self.out_features}) takes inputs of shape (..., {self.in_features}); "
                f"found {shape}"
            )
        return linear(x, self.weight, self.bias) if self.bias is not None else x @ self.weight.T

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
