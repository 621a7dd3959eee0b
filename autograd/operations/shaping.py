"""Operations that rearrange elements and leave their values: shapes, axes, dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.errors import ArgumentError
from autograd.node import Node
from autograd.notation import Binding
from autograd.operations.indexing import axis_of
from autograd.operations.samples import B223, M23, NUMBER, REALS, ROW, V3

# fmt: off
__all__ = [
    "astype", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays", "broadcast_to", "copy", "expand_dims",
    "matrix_transpose", "moveaxis", "ravel", "reshape", "resize", "rollaxis", "squeeze", "swap_last", "swapaxes",
    "transpose",
]
# fmt: on


@structural(
    vjp={"a": lambda g, a, order: reshape(g, shape=a.shape, order=order)},
    linear_in=("a",),
    examples=(
        example(REALS, shape=(3, 2)),
        example(REALS, shape=-1),
        example(B223, shape=(2, -1)),
        example(B223, shape=(3, 4), order="F"),
    ),
)
def reshape(a, *, shape, order="C"):
    """The same elements in another shape, row by row, or with order="F" column by column.

    Shapes: any; to one of the same size, -1 for what is left.
    """
    return np.reshape(a, shape, _reading(order))


def _reading(order: str) -> Any:
    if order not in ("C", "F"):
        raise ArgumentError(f"elements are read in the order 'C' (by rows) or 'F' (by columns); found {order!r}")
    return order


@structural(
    vjp={"a": lambda g, a, order: reshape(g, shape=a.shape, order=order)},
    linear_in=("a",),
    examples=(example(REALS), example(NUMBER), example(REALS, order="F")),
)
def ravel(a, *, order="C"):
    """All elements in one row, row by row, or with order="F" column by column. Shapes: any; to (size,)."""
    return np.ravel(a, _reading(order))


def _inverse(axes: Any, ndim: int) -> Any:
    return None if axes is None else tuple(int(i) for i in np.argsort([axis % ndim for axis in axes]))


@structural(
    vjp={"a": lambda g, a, axes: transpose(g, axes=_inverse(axes, a.ndim))},
    linear_in=("a",),
    notation=r"{a}^{\top}",
    text="{a}ᵀ",
    binding=Binding.POWER,
    needs={"a": Binding.ATOM},
    examples=(example(REALS), example(B223, axes=(1, 2, 0)), example(B223, axes=(-1, 0, 1)), example(V3)),
)
def transpose(a, *, axes=None):
    """Axes in another order, by default reversed. Shapes: any, permuted."""
    return np.transpose(a, axes)


@structural(
    vjp={"a": lambda g: swap_last(g)},
    linear_in=("a",),
    notation=r"{a}^{\top}",
    text="{a}ᵀ",
    binding=Binding.POWER,
    needs={"a": Binding.ATOM},
    examples=(example(REALS), example(B223)),
)
def swap_last(a):
    """The transpose of a matrix, or of each of a stack of them. Shapes: (..., n, m) -> (..., m, n)."""
    return np.swapaxes(a, -1, -2)


@structural(
    vjp={"a": lambda g, axis1, axis2: swapaxes(g, axis1=axis1, axis2=axis2)},
    linear_in=("a",),
    examples=(example(B223, axis1=0, axis2=-1),),
)
def swapaxes(a, *, axis1, axis2):
    """Two axes exchanged. Shapes: any, permuted."""
    return np.swapaxes(a, axis1, axis2)


@structural(
    vjp={"a": lambda g, source, destination: moveaxis(g, source=destination, destination=source)},
    linear_in=("a",),
    examples=(example(B223, source=0, destination=-1), example(B223, source=(0, 1), destination=(2, 0))),
)
def moveaxis(a, *, source, destination):
    """Axes moved to other places, the rest in order. Shapes: any, permuted."""
    return np.moveaxis(a, source, destination)


@structural(
    vjp={"a": lambda g, a: reshape(g, shape=a.shape)},
    linear_in=("a",),
    examples=(example(M23[None], axis=0), example(M23[:, None, :, None])),
)
def squeeze(a, *, axis=None):
    """Axes of size one removed: all of them, or those given. Shapes: any; to one of the same size."""
    return np.squeeze(a, axis)


@structural(
    vjp={"a": lambda g, a: reshape(g, shape=a.shape)},
    linear_in=("a",),
    examples=(example(REALS, axis=0), example(REALS, axis=(1, -1))),
)
def expand_dims(a, *, axis):
    """New axes of size one. Shapes: any; to one of the same size."""
    return np.expand_dims(a, axis)


@structural(
    vjp={"x": lambda g: g},
    linear_in=("x",),
    examples=(example(ROW, shape=(2, 3)), example(NUMBER, shape=(2, 1)), example(M23[:, :1], shape=(4, 2, 3))),
)
def broadcast_to(x, *, shape):
    """x repeated to a larger shape, as arithmetic does it. Shapes: any that broadcasts to `shape`."""
    return np.broadcast_to(x, shape)


@composite(example(NUMBER), example(ROW), example(REALS, NUMBER))
def atleast_1d(*arys):
    """A number as an array of one element; arrays as they are. Shapes: any, to at least one axis."""
    return _each(arys, lambda each: reshape(each, shape=1) if np.ndim(each) == 0 else each)


@composite(example(NUMBER), example(ROW), example(REALS, ROW))
def atleast_2d(*arys):
    """Missing axes put in front. Shapes: (n,) -> (1, n)."""
    return _each(arys, lambda each: reshape(each, shape=(1, -1)) if np.ndim(each) < 2 else each)


@composite(example(NUMBER), example(ROW), example(REALS))
def atleast_3d(*arys):
    """Missing axes put around and behind, as NumPy has it. Shapes: (n,) -> (1, n, 1), (m, n) -> (m, n, 1)."""
    return _each(arys, _third_axis)


def _third_axis(each: Any) -> Any:
    if np.ndim(each) < 2:
        return reshape(each, shape=(1, -1, 1))
    return each[..., None] if each.ndim == 2 else each


def _each(arrays: Any, change: Any) -> Any:
    changed = tuple(change(operand(each)) for each in arrays)
    return changed[0] if len(changed) == 1 else changed


def operand(given: Any, dtype: Any = None) -> Any:
    """A tensor as it is, anything else as an array of the dtype: what has a shape."""
    return given if isinstance(given, Node) else np.asarray(given, dtype)


@composite(example(ROW, REALS), example(NUMBER, ROW, M23))
def broadcast_arrays(*args):
    """Each array repeated to the shape all of them broadcast to. Shapes: any that broadcast; a tuple of one shape."""
    shape = np.broadcast_shapes(*[np.shape(each) for each in args])
    return tuple(broadcast_to(each, shape=shape) for each in args)


@composite(example(B223, 2), example(B223, 0, 2), example(B223, -1, 1))
def rollaxis(a, axis, start=0):
    """An axis moved in front of another. Shapes: any, permuted. `moveaxis` says more plainly where it goes."""
    axis, start = axis_of(axis, a.ndim), axis_of(start, a.ndim + (start >= 0))
    return moveaxis(a, axis, start - 1 if start > axis else start)


@composite(example(REALS), example(B223))
def matrix_transpose(x):
    """The transpose of a matrix, or of each of a stack of them. Shapes: (..., n, m) -> (..., m, n)."""
    return swap_last(x)


@composite(example(REALS, (3, 3)), example(REALS, (2, 2)), example(ROW, 7))
def resize(a, new_shape):
    """The elements in row order, as often as it takes to fill another shape. Shapes: any; to `new_shape`."""
    size = int(np.prod(new_shape))
    return reshape(ravel(a)[np.arange(size) % a.size], shape=new_shape)


@composite(example(REALS), example(NUMBER))
def copy(a):
    """The same values as a node of its own. Shapes: any, kept."""
    return astype(a, dtype=a.dtype)


@elementwise(partial={"x": 1}, notation="{x}", text="{x}", examples=(example(REALS, dtype="float64"),))
def astype(x, *, dtype):
    """The same numbers as another dtype; a complex number as a real one is its real part. Shapes: any, kept."""
    real = x.real if np.iscomplexobj(x) and np.dtype(dtype).kind != "c" else x
    return real.astype(dtype)


_DOUBLE = np.dtype(np.float64)


def floats(x: Any) -> Any:
    """Whole numbers and truth values in double precision, where a minus neither wraps nor is refused; others as is."""
    if isinstance(x, int):
        return float(x)
    return astype(x, dtype=_DOUBLE) if getattr(x, "dtype", _DOUBLE).kind in "biu" else x


@elementwise(partial={"x": 1}, notation="{x}", text="{x}", examples=())
def recall(x, *, recorded):  # noqa: ARG001  x is what the derivative goes to
    """What x was when a graph read it, should it have been given new data since. Shapes: any, kept."""
    return recorded
