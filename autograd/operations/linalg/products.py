"""Products and diagonals as `numpy.linalg` has them: of the last two axes."""

from __future__ import annotations

from autograd.composite import composite
from autograd.declaration import example
from autograd.operations import arranging, products, shaping
from autograd.operations.samples import B223, M23, M34, OTHERS, REALS, ROW, V3

# fmt: off
__all__ = [
    "cross", "diagonal", "matmul", "matrix_transpose", "outer", "tensordot", "trace", "vecdot",
]
# fmt: on


@composite(example(V3, ROW))
def cross(x1, x2, /, *, axis=-1):
    """Vector product. Shapes: (..., 3), (..., 3) -> (..., 3)."""
    return products.cross(x1, x2, axis=axis)


@composite(example(B223), example(M34, offset=1))
def diagonal(x, /, *, offset=0):
    """The diagonals of matrices. Shapes: (..., m, n) -> (..., k)."""
    return arranging.diagonal(x, offset, -2, -1)


@composite(example(M23, M34))
def matmul(x1, x2, /):
    """Matrix product. Shapes: (..., n, k), (..., k, m) -> (..., n, m)."""
    return products.matmul(x1, x2)


@composite(example(B223))
def matrix_transpose(x, /):
    """Transposes of matrices. Shapes: (..., n, m) -> (..., m, n)."""
    return shaping.swap_last(x)


@composite(example(V3, ROW))
def outer(x1, x2, /):
    """Every element of one vector times every one of the other. Shapes: (n,), (m,) -> (n, m)."""
    return products.outer(x1, x2)


@composite(example(M23, M34, axes=1))
def tensordot(x1, x2, /, *, axes=2):
    """Sum over several axes of both. Shapes: as `autograd.tensordot`."""
    return products.tensordot(x1, x2, axes)


@composite(example(B223), example(M34, offset=1))
def trace(x, /, *, offset=0):
    """The sums of the diagonals of matrices. Shapes: (..., m, n) -> (...)."""
    return arranging.trace(x, offset, -2, -1)


@composite(example(REALS, OTHERS))
def vecdot(x1, x2, /, *, axis=-1):
    """Sum of products along an axis, the elements of x1 conjugated. Shapes: any two that broadcast; the axis goes."""
    return products.vecdot(x1, x2, axis=axis)
