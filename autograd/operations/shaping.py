"""Operations that rearrange elements and leave their values: shapes, axes, joins, dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import elementwise, example, structural
from autograd.errors import DomainError
from autograd.notation import Binding
from autograd.operations.samples import B223, M23, NUMBER, OTHERS, REALS, ROW, V3

# fmt: off
__all__ = [
    "astype", "broadcast_to", "concatenate", "expand_dims", "moveaxis", "ravel", "reshape", "squeeze", "stack",
    "swap_last", "swapaxes", "transpose",
]
# fmt: on


@structural(
    vjp={"a": lambda g, a: reshape(g, shape=a.shape)},
    linear_in=("a",),
    examples=(example(REALS, shape=(3, 2)), example(REALS, shape=-1), example(B223, shape=(2, -1))),
)
def reshape(a, *, shape):
    """The same elements in another shape, in row order. Shapes: any; to one of the same size, -1 for what is left."""
    return np.reshape(a, shape)


@structural(
    vjp={"a": lambda g, a: reshape(g, shape=a.shape)}, linear_in=("a",), examples=(example(REALS), example(NUMBER))
)
def ravel(a):
    """All elements in one row. Shapes: any; to (size,)."""
    return np.ravel(a)


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


def _share(g: Any, arrays: Any, slot: int, axis: int) -> Any:
    """The part of a joined array that came from one of the arrays joined."""
    before = int(np.sum([each.shape[axis] for each in arrays[:slot]], dtype=int))
    part = slice(before, before + arrays[slot].shape[axis])
    return g[(slice(None),) * (axis % g.ndim) + (part,)]


@structural(
    vjp={"arrays": _share},
    linear_in=("arrays",),
    examples=(example(REALS, OTHERS), example(REALS, M23[:, :1], axis=-1)),
)
def join(*arrays, axis=0):
    """Arrays joined along an axis they have. Shapes: alike but for that axis."""
    return np.concatenate(arrays, axis=axis)


def concatenate(arrays: Any, axis: int | None = 0) -> Any:
    """Arrays joined along an axis they have, `axis=None` for all flattened. Shapes: alike but for that axis."""
    if axis is None:
        return join(*[ravel(each) for each in arrays], axis=0)
    if len(arrays) == 0:
        raise DomainError("concatenate was given no array; give at least one")
    return join(*arrays, axis=axis)


def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays of one shape joined along a new axis. Shapes: n of s -> s with n put in at `axis`."""
    if len(arrays) == 0:
        raise DomainError("stack was given no array; give at least one")
    return join(*[expand_dims(each, axis=axis) for each in arrays], axis=axis)


@elementwise(partial={"x": 1}, notation="{x}", text="{x}", examples=(example(REALS, dtype="float64"),))
def astype(x, *, dtype):
    """The same numbers as another dtype; a complex number as a real one is its real part. Shapes: any, kept."""
    real = x.real if np.iscomplexobj(x) and np.dtype(dtype).kind != "c" else x
    return real.astype(dtype)


@elementwise(partial={"x": 1}, notation="{x}", text="{x}", examples=())
def recall(x, *, recorded):  # noqa: ARG001  x is what the derivative goes to
    """What x was when a graph read it, should it have been given new data since. Shapes: any, kept."""
    return recorded
