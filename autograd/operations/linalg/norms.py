"""Lengths of vectors and sizes of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError
from autograd.notation import Binding
from autograd.operations.complex import conj, is_complex
from autograd.operations.linalg.decompositions import svdvals
from autograd.operations.linalg.inverse import inv
from autograd.operations.piecewise import absolute, slope_of_absolute, where
from autograd.operations.reduction import axes_of, max, min, restored, sum
from autograd.operations.samples import B223, COMPLEX, M23, REALS, SQUARE, STACKED, V3
from autograd.operations.shaping import expand_dims, moveaxis, ravel, reshape

# fmt: off
__all__ = [
    "cond", "matrix_norm", "norm", "vector_norm",
]
# fmt: on


def _length_rule(g: Any, x: Any, out: Any, ord: Any, axis: Any) -> Any:
    """$|x_i|^{p-1} / \\|x\\|^{p-1}$ along x, and 0 where the length is 0."""
    total = restored(out, x, axis)
    total = where(total == 0, 1.0, total)
    if ord == 2:
        return restored(g, x, axis) / total * (conj(x) if is_complex(x) else x)
    sizes = absolute(x)
    ratios = where(sizes == 0, 1.0, sizes / total)
    return restored(g, x, axis) * slope_of_absolute(x, sizes) * ratios ** (ord - 1)


@structural(
    vjp={"x": _length_rule},
    notation=r"\left\|{x}\right\|_{ord}",
    binding=Binding.ATOM,
    examples=(
        example(REALS),
        example(REALS, axis=1, ord=3),
        example(B223, axis=(0, 2), keepdims=True),
        example(COMPLEX, ord=2.5),
    ),
)
def length(x, *, ord=2, axis=None, keepdims=False):
    """$(\\sum_i |x_i|^p)^{1/p}$; its derivative at 0 is 0. Shapes: any; the reduced axes go, or stay with size 1."""
    if ord == 2 and axis is None:
        return np.linalg.norm(x, keepdims=keepdims)
    sizes = np.abs(x)
    if ord == 2:
        return np.sqrt(np.add.reduce(sizes * sizes, axis=axis, keepdims=keepdims))
    return np.add.reduce(sizes**ord, axis=axis, keepdims=keepdims) ** (1 / ord)


@composite(
    example(V3),
    example(REALS, axis=1, ord=1),
    example(REALS, axis=0, ord=np.inf),
    example(REALS, axis=0, ord=-np.inf),
    example(B223, axis=(0, 2), ord=3, keepdims=True),
    example(COMPLEX),
)
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Length by the p-norm `ord`, over all elements or over `axis`. Shapes: any; the reduced axes go, or stay."""
    if ord == np.inf:
        return max(absolute(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return min(absolute(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return sum(where(x != 0, 1.0, absolute(x)), axis=axis, keepdims=keepdims)
    if ord == 1:
        return sum(absolute(x), axis=axis, keepdims=keepdims)
    return length(x, ord=ord, axis=axis, keepdims=keepdims)


_MATRIX_ORDERS = ("fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf)


@composite(*[example(REALS, ord=ord) for ord in _MATRIX_ORDERS], example(STACKED, keepdims=True, ord="nuc"))
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """Size of a matrix: Frobenius, nuclear, spectral (2, -2), by columns (1, -1) or rows (inf, -inf).

    Shapes: (..., m, n) -> (...), or (..., 1, 1) with `keepdims`. Raises: ArgumentError for another `ord`.
    """
    if ord not in _MATRIX_ORDERS:
        raise ArgumentError(f"a matrix norm is one of {', '.join(map(str, _MATRIX_ORDERS))}; found {ord!r}")
    found = _matrix_size(x, ord)
    return reshape(found, shape=(*found.shape, 1, 1)) if keepdims else found


def _matrix_size(x: Any, ord: Any) -> Any:
    if ord == "fro":
        return length(x, axis=(-2, -1))
    if ord == "nuc":
        return sum(svdvals(x), axis=-1)
    if ord in (2, -2):
        return (max if ord > 0 else min)(svdvals(x), axis=-1)
    return (max if ord > 0 else min)(sum(absolute(x), axis=-2 if abs(ord) == 1 else -1), axis=-1)


@composite(
    example(REALS),
    example(V3, 3),
    example(V3, 1, keepdims=True),
    example(M23, "nuc"),
    example(M23, 2),
    example(B223, "fro", (0, 2)),
    example(B223, 1, 1),
    example(B223, None, (0, 1), True),
    example(COMPLEX),
)
def norm(x, ord=None, axis=None, keepdims=False):
    """Length of a vector or size of a matrix, as NumPy chooses: all elements, one axis, or the two of a matrix.

    Shapes: any; the axes go, or stay with size 1 (`keepdims`). At 0 the derivative is 0.
    Raises: ArgumentError for an unknown `ord`.
    """
    if axis is None and ord is None:
        found = length(ravel(x))
        return reshape(found, shape=(1,) * np.ndim(x)) if keepdims else found
    axes = axes_of(axis, np.ndim(x))
    if len(axes) == 1:
        return vector_norm(x, axis=axes[0], keepdims=keepdims, ord=2 if ord is None else ord)
    if len(axes) != 2:
        raise ArgumentError(f"norm with ord={ord!r} needs one axis, or two for a matrix; found {axes}")
    found = matrix_norm(moveaxis(x, axes, (-2, -1)), ord="fro" if ord is None else ord)
    return expand_dims(found, axis=axes) if keepdims else found


@composite(example(SQUARE), example(SQUARE, 1), example(SQUARE, "fro"), example(M23, -2), example(STACKED, 2))
def cond(x, p=None):
    """Condition number, $\\|x\\|_p \\|x^{-1}\\|_p$, by default with the spectral norm. Shapes: (..., m, n) -> (...)."""
    if p in (None, 2, -2):
        values = svdvals(x)
        return values[..., -1] / values[..., 0] if p == -2 else values[..., 0] / values[..., -1]
    return matrix_norm(x, ord=p) * matrix_norm(inv(x), ord=p)
