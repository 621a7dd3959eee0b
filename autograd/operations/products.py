"""Products of matrices and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ShapeError
from autograd.notation import Binding
from autograd.operations.arithmetic import multiply
from autograd.operations.complex import conj
from autograd.operations.indexing import axis_of
from autograd.operations.reduction import sum
from autograd.operations.samples import B223, COMPLEX, M23, M34, NUMBER, OTHERS, REALS, ROW, V3
from autograd.operations.shaping import expand_dims, moveaxis, ravel, reshape, swap_last, transpose

# fmt: off
__all__ = [
    "cross", "dot", "inner", "kron", "linear", "matmul", "matvec", "outer", "tensordot", "vdot", "vecdot", "vecmat",
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
        return matmul(g, a) if a.ndim == 2 else (g[..., None, :] @ a)[..., 0, :]
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
    try:
        beside_vector = a.ndim + b.ndim == 3 and a.ndim and b.ndim
    except AttributeError as error:
        raise ValueError("a number is no matrix, and * multiplies by it") from error
    if beside_vector and (0 in a.strides or 0 in b.strides):
        return np.dot(a, b)  # the adjoint of a sum has strides of 0, which BLAS does not take, and dot copies
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


def _by_a_number(a: Any, b: Any) -> Any:
    """The product with a number: beside whole numbers a whole one of Python's is an int64 here, as NumPy has it."""
    whole = all(np.result_type(each).kind in "biu" for each in (a, b))
    return multiply(*(np.int64(each) if whole and type(each) is int else each for each in (a, b)))


@composite(
    example(M23, M34), example(V3, V3), example(REALS, NUMBER), example(B223, M34), example(M23, B223.swapaxes(1, 2))
)
def dot(a, b):
    """Sum over the last axis of a and the second to last of b. Shapes: (..., k), (..., k, m) -> (..., ..., m).

    Vectors and matrices as in `matmul`; a number multiplies.
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _by_a_number(a, b)
    if np.ndim(b) <= 2:
        return matmul(a, b)
    return tensordot(a, b, axes=(-1, -2))


@composite(example(V3, V3 * 2), example(M23, REALS), example(V3, NUMBER))
def inner(a, b):
    """Sum over the last axes of both. Shapes: (..., k), (..., k) -> (..., ...)."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _by_a_number(a, b)
    return tensordot(a, b, axes=(-1, -1))


@structural(
    vjp={
        "a": lambda g, a, b: reshape(matmul(g, ravel(b)), shape=a.shape),
        "b": lambda g, a, b: reshape(matmul(ravel(a), g), shape=b.shape),
    },
    linear_in=("a", "b"),
    notation=r"{a} \otimes {b}",
    text="{a} ⊗ {b}",
    binding=Binding.PRODUCT,
    needs={"a": Binding.PRODUCT, "b": Binding.POWER},
    examples=(example(V3, ROW), example(REALS, ROW[:2])),
)
def outer(a, b):
    """Every element of a times every element of b. Shapes: any two, taken as (n,), (m,) -> (n, m)."""
    return np.outer(a, b)


@composite(example(M23, REALS), example(M23, B223, ([0, 1], [1, 2])), example(B223, M23.T, 1), example(V3, ROW, 0))
def tensordot(a, b, axes=2):
    """Sum over several axes of both: the last of a and the first of b, or pairs. Shapes: the axes left, a's first.

    Raises: ShapeError if the sizes of a pair differ.
    """
    ours, theirs = _paired(axes, np.ndim(a), np.ndim(b))
    if [a.shape[i] for i in ours] != [b.shape[i] for i in theirs]:
        raise ShapeError(f"tensordot over the axes {ours} of shape {a.shape} and {theirs} of {b.shape}: sizes differ")
    left = [i for i in range(a.ndim) if i not in ours]
    right = [i for i in range(b.ndim) if i not in theirs]
    size = int(np.prod([a.shape[i] for i in ours], dtype=int))
    rows = reshape(transpose(a, axes=(*left, *ours)), shape=(_size(a, left), size))
    columns = reshape(transpose(b, axes=(*theirs, *right)), shape=(size, _size(b, right)))
    return reshape(matmul(rows, columns), shape=(*[a.shape[i] for i in left], *[b.shape[i] for i in right]))


def _size(a: Any, axes: list[int]) -> int:
    return int(np.prod([a.shape[i] for i in axes], dtype=int))


def _paired(axes: Any, ndim: int, other: int) -> tuple[list[int], list[int]]:
    if np.ndim(axes) == 0:
        return list(range(ndim - axes, ndim)), list(range(axes))
    ours, theirs = ([each] if np.ndim(each) == 0 else list(each) for each in axes)
    return [axis_of(i, ndim) for i in ours], [axis_of(i, other) for i in theirs]


@composite(example(V3, ROW), example(COMPLEX, COMPLEX[::-1]), example(REALS, OTHERS))
def vdot(a, b):
    """Sum of the products of all elements, those of a conjugated. Shapes: two of one size -> ()."""
    return matmul(conj(ravel(a)), ravel(b))


@composite(example(V3, ROW), example(REALS, OTHERS), example(REALS, ROW), example(COMPLEX, COMPLEX[::-1], axis=0))
def vecdot(x1, x2, /, *, axis=-1):
    """Sum of products along an axis, the elements of x1 conjugated. Shapes: any two that broadcast; the axis goes."""
    return sum(multiply(conj(x1), x2), axis=axis)


@composite(example(M34, M34[0]), example(B223, REALS))
def matvec(x1, x2):
    """Matrices times vectors. Shapes: (..., m, n), (..., n) -> (..., m)."""
    return matmul(x1, expand_dims(x2, axis=-1))[..., 0]


@composite(example(V3, M34), example(REALS[:, :2], B223))
def vecmat(x1, x2):
    """Vectors, conjugated, times matrices. Shapes: (..., n), (..., n, m) -> (..., m)."""
    return matmul(expand_dims(conj(x1), axis=-2), x2)[..., 0, :]


@composite(example(M23, M34), example(V3, ROW), example(B223, M23))
def kron(a, b):
    """Every element of a times the whole of b, as blocks. Shapes: axis by axis n, m -> n m."""
    ndim = max(np.ndim(a), np.ndim(b))
    if np.ndim(a) == np.ndim(b) == 1:
        return ravel(outer(a, b))
    first = (1,) * (ndim - np.ndim(a)) + np.shape(a)
    second = (1,) * (ndim - np.ndim(b)) + np.shape(b)
    apart = reshape(a, shape=tuple(part for size in first for part in (size, 1)))
    within = reshape(b, shape=tuple(part for size in second for part in (1, size)))
    return reshape(multiply(apart, within), shape=tuple(n * m for n, m in zip(first, second, strict=True)))


@composite(example(V3, ROW), example(REALS, ROW), example(M34[:, :2], OTHERS.T, axisa=0, axisb=0))
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Vector product, at right angles to both. Shapes: (..., 3), (..., 3) -> (..., 3); leading axes broadcast.

    Raises: ShapeError for vectors of another size.
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    a, b = moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ShapeError(f"cross takes vectors of 3 numbers; found shapes {a.shape} and {b.shape}")
    later, latest = np.array([1, 2, 0]), np.array([2, 0, 1])
    found = a[..., later] * b[..., latest] - a[..., latest] * b[..., later]
    return moveaxis(found, -1, axisc)
