"""Products of matrices and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import example, structural
from autograd.notation import Binding
from autograd.operations.reduction import sum
from autograd.operations.samples import B223, M23, M34, ROW, V3
from autograd.operations.shaping import reshape, swap_last

# fmt: off
__all__ = [
    "linear", "matmul",
]
# fmt: on


def _to_left(g: Any, a: Any, b: Any) -> Any:
    """$G B^\\top$; a vector stands for a row on the left and a column on the right."""
    if b.ndim == 1:
        return g[..., None] * b
    if a.ndim == 1:
        return (g[..., None, :] @ swap_last(b))[..., 0, :]
    return g @ swap_last(b)


def _to_right(g: Any, a: Any, b: Any) -> Any:
    """$A^\\top G$."""
    if a.ndim == 1 and b.ndim == 1:
        return g * a
    if a.ndim == 1:
        return a[:, None] * g[..., None, :]
    if b.ndim == 1:
        return (swap_last(a) @ g[..., None])[..., 0]
    return swap_last(a) @ g


@structural(
    vjp={"a": _to_left, "b": _to_right},
    linear_in=("a", "b"),
    notation=r"{a}\,{b}",
    text="{a} @ {b}",
    binding=Binding.PRODUCT,
    needs={"a": Binding.PRODUCT, "b": Binding.POWER},
    examples=(
        example(M23, M34),
        example(B223, M34),
        example(B223, B223.swapaxes(1, 2)),
        example(V3, M34),
        example(M23, V3),
        example(V3, V3),
        example(B223, V3),
    ),
)
def matmul(a, b):
    """Matrix product. Shapes: (..., n, k), (..., k, m) -> (..., n, m); leading axes broadcast, vectors as in NumPy."""
    return np.matmul(a, b)


def _rows(x: Any) -> Any:
    """Everything but the last axis as one axis of rows."""
    return x if x.ndim == 2 else reshape(x, shape=(-1, x.shape[-1]))


@structural(
    vjp={
        "x": lambda g, weight: g @ weight,
        "weight": lambda g, x: _rows(g).T @ _rows(x),
        "bias": lambda g: sum(_rows(g), axis=0),
    },
    notation=r"{x}\,{weight}^{\top} + {bias}",
    text="{x} @ {weight}ᵀ + {bias}",
    binding=Binding.SUM,
    needs={"x": Binding.PRODUCT, "weight": Binding.ATOM, "bias": Binding.SUM},
    examples=(
        example(M23, M34.T, np.array([0.2, -0.4, 0.1, 0.3])),
        example(V3, M23, np.array([0.5, -0.1])),
        example(B223, M23, ROW[:2]),
    ),
)
def linear(x, weight, bias):
    """An affine layer, $x W^\\top + b$. Shapes: (..., k), (m, k), (m,) -> (..., m)."""
    result = np.matmul(x, weight.T)
    if bias.shape != weight.shape[:1]:
        raise ValueError(f"the bias has shape {bias.shape}, the weight {weight.shape}")
    result += bias
    return result
