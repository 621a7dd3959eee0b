"""Affine and bilinear layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ShapeError, Tensor, einsum, linear
from nn import init
from nn.errors import check_sizes
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
        check_sizes("Linear", in_features=in_features, out_features=out_features)
        source = init.generator(rng)
        bound = float(1 / np.sqrt(in_features))
        self.in_features, self.out_features = int(in_features), int(out_features)
        self.weight = Parameter(init.uniform(source, (out_features, in_features), dtype, bound=bound))
        self.bias = Parameter(init.uniform(source, (out_features,), dtype, bound=bound)) if bias else None

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


class Bilinear(Module):
    r"""A form in two inputs, $y_o = x_1^\top W_o \, x_2 + b_o$.

    `weight` has shape (out_features, in1_features, in2_features), `bias` (out_features,) or is None. Both start uniform
    on $\pm 1/\sqrt{\text{in1\_features}}$.
    Shapes: (..., in1_features) and (..., in2_features) -> (..., out_features).
    Raises: ShapeError for inputs of other shapes. Source: the same numbers as torch.nn.Bilinear.

    >>> import numpy as np
    >>> from nn import Bilinear
    >>> Bilinear(3, 2, 5, rng=0)(np.ones((4, 3)), np.ones((4, 2))).shape
    (4, 5)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: Any = np.float64,
        rng: init.Rng = None,
    ) -> None:
        sizes = {"in1_features": in1_features, "in2_features": in2_features, "out_features": out_features}
        check_sizes("Bilinear", **sizes)
        source = init.generator(rng)
        bound = float(1 / np.sqrt(in1_features))
        self.in1_features, self.in2_features, self.out_features = map(int, sizes.values())
        self.weight = Parameter(init.uniform(source, (out_features, in1_features, in2_features), dtype, bound=bound))
        self.bias = Parameter(init.uniform(source, (out_features,), dtype, bound=bound)) if bias else None

    def forward(self, x1: Any, x2: Any) -> Any:
        """The form of each pair of rows. Shapes: (..., in1_features), (..., in2_features) -> (..., out_features)."""
        one, other = np.shape(x1), np.shape(x2)
        if one[:-1] != other[:-1] or (one[-1:], other[-1:]) != ((self.in1_features,), (self.in2_features,)):
            raise ShapeError(
                f"Bilinear({self.in1_features}, {self.in2_features}, {self.out_features}) takes inputs of shapes "
                f"(..., {self.in1_features}) and (..., {self.in2_features}); found {one} and {other}"
            )
        found = einsum("...i,oij,...j->...o", x1, self.weight, x2)
        return found if self.bias is None else found + self.bias

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
