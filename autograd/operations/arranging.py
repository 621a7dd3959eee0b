"""The same elements in other places: mirrored, rolled, repeated, padded, seen through windows, along diagonals."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError, ShapeError
from autograd.node import Node, values_of
from autograd.operations.indexing import axes_before, getitem, put_add, scatter
from autograd.operations.joining import concatenate
from autograd.operations.piecewise import where
from autograd.operations.reduction import axes_of, sum
from autograd.operations.samples import B223, M34, NUMBER, REALS, ROW, SIGNAL, V3
from autograd.operations.shaping import astype, broadcast_to, moveaxis, ravel, reshape, swapaxes

# fmt: off
__all__ = [
    "diag", "diagflat", "diagonal", "flatten", "flip", "fliplr", "flipud", "pad", "repeat", "roll", "rot90",
    "sliding_window_view", "tile", "trace", "tril", "trim_zeros", "triu", "vander",
]
# fmt: on


@composite(example(REALS), example(REALS, order="F"))
def flatten(a, order="C"):
    """All elements in one row, as the method of NumPy's arrays has it: `ravel`. Shapes: any; to (size,)."""
    return ravel(a, order=order)


@structural(
    vjp={"m": lambda g, axis: flip(g, axis=axis)},
    linear_in=("m",),
    examples=(example(V3), example(REALS), example(REALS, axis=1), example(B223, axis=(0, 2))),
)
def flip(m, *, axis=None):
    """The elements in reverse order along all axes, or those given. Shapes: any, kept."""
    return np.flip(m, axis)


@composite(example(REALS))
def fliplr(m):
    """Left and right exchanged, along axis 1. Shapes: at least two axes, kept."""
    return flip(m, axis=1)


@composite(example(REALS), example(V3))
def flipud(m):
    """Up and down exchanged, along axis 0. Shapes: at least one axis, kept."""
    return flip(m, axis=0)


@composite(example(REALS), example(REALS, 2), example(REALS, -1), example(B223, k=1, axes=(1, 2)))
def rot90(m, k=1, axes=(0, 1)):
    """A plane turned k quarters, from its first axis towards the second. Shapes: the two exchanged if k is odd."""
    first, second = axes_of(axes, m.ndim)
    if first == second:
        raise ShapeError(f"rot90 turns a plane, which has two axes; found {axes} for shape {m.shape}")
    if k % 4 == 0:
        return flip(m, axis=())
    if k % 4 == 2:
        return flip(m, axis=(first, second))
    if k % 4 == 1:
        return swapaxes(flip(m, axis=second), first, second)
    return flip(swapaxes(m, first, second), axis=second)


def _back(shift: Any) -> Any:
    return tuple(-each for each in shift) if isinstance(shift, tuple | list) else -shift


@structural(
    vjp={"a": lambda g, shift, axis: roll(g, shift=_back(shift), axis=axis)},
    linear_in=("a",),
    examples=(example(V3, shift=1), example(REALS, shift=-2), example(B223, shift=(1, 2), axis=(0, 2))),
)
def roll(a, *, shift, axis=None):
    """The elements moved along an axis, those that fall off put in front again. Shapes: any, kept."""
    return np.roll(a, shift, axis)


def _gathered(g: Any, a: Any, repeats: Any, axis: Any) -> Any:
    if axis is None:
        return reshape(_gathered(g, ravel(a), repeats, 0), shape=a.shape)
    along = axis % a.ndim
    if np.ndim(repeats) == 0:
        split = (*a.shape[: along + 1], int(repeats), *a.shape[along + 1 :])
        return sum(reshape(g, shape=split), axis=along + 1)
    before, places = axes_before(along, a.ndim), np.repeat(np.arange(a.shape[along]), repeats)
    return put_add(np.zeros(a.shape, a.dtype), g, index=(*before, places))


@structural(
    vjp={"a": _gathered},
    linear_in=("a",),
    examples=(
        example(V3, repeats=2),
        example(REALS, repeats=3, axis=1),
        example(REALS, repeats=2, axis=-1),
        example(REALS, repeats=np.array([2, 0, 1]), axis=1),
    ),
)
def repeat(a, *, repeats, axis=None):
    """Each element several times in place, along an axis or in the flattened array. Shapes: longer along it."""
    return np.repeat(a, repeats, axis)


@composite(example(V3, 2), example(REALS, (2, 1, 2)), example(B223, (2, 1)))
def tile(A, reps):
    """The whole array several times along its axes. Shapes: each axis times its number; missing ones are 1."""
    reps = (reps,) if np.ndim(reps) == 0 else tuple(reps)
    shape = (1,) * (len(reps) - A.ndim) + A.shape
    reps = (1,) * (len(shape) - len(reps)) + reps
    between = tuple(part for pair in zip(reps, shape, strict=True) for part in pair)
    apart = reshape(A, shape=tuple(part for size in shape for part in (1, size)))
    return reshape(
        broadcast_to(apart, shape=between), shape=tuple(n * size for n, size in zip(reps, shape, strict=True))
    )


@structural(
    vjp={"m": lambda g, k: tril(g, k=k)},
    linear_in=("m",),
    examples=(example(M34), example(M34, k=1), example(B223, k=-1)),
)
def tril(m, *, k=0):
    """The lower triangle, from the k-th diagonal down; zeros above. Shapes: (..., n, m), kept."""
    return np.tril(m, k)


@structural(
    vjp={"m": lambda g, k: triu(g, k=k)},
    linear_in=("m",),
    examples=(example(M34), example(M34, k=1), example(B223, k=-1)),
)
def triu(m, *, k=0):
    """The upper triangle, from the k-th diagonal up; zeros below. Shapes: (..., n, m), kept."""
    return np.triu(m, k)


def _on_diagonal(shape: tuple[int, ...], offset: int) -> Any:
    """The index of a diagonal of the last two axes."""
    rows, columns = shape[-2:]
    size = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    along = np.arange(size)
    return (Ellipsis, along - min(offset, 0), along + max(offset, 0))


@composite(example(M34), example(M34, 1), example(M34, -1), example(B223, 0, 0, 2))
def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, `offset` above the main one. Shapes: the two axes go, one is put at the end."""
    moved = moveaxis(a, (axis1, axis2), (-2, -1))
    return getitem(moved, index=_on_diagonal(moved.shape, offset))


@composite(example(V3), example(V3, 1), example(M34), example(M34, -1))
def diag(v, k=0):
    """The matrix with a vector on its k-th diagonal, or the k-th diagonal of a matrix. Shapes: (n,) <-> (n, n)."""
    if np.ndim(v) == 2:
        return diagonal(v, k)
    if np.ndim(v) != 1:
        raise ArgumentError(f"diag takes a vector or a matrix; found shape {np.shape(v)}. For stacks use diagonal")
    size = v.shape[0] + abs(k)
    return scatter(v, index=_on_diagonal((size, size), k), shape=(size, size))


@composite(example(REALS), example(V3, -1))
def diagflat(v, k=0):
    """The matrix with all elements of v on its k-th diagonal. Shapes: any; to a square."""
    return diag(ravel(v), k)


@composite(example(M34), example(M34, 1), example(B223, 0, 1, 2))
def trace(a, offset=0, axis1=0, axis2=1):
    """The sum of a diagonal. Shapes: the two axes go."""
    return sum(diagonal(a, offset, axis1, axis2), axis=-1)


@composite(example(V3), example(V3, 4), example(ROW, 3, increasing=True))
def vander(x, N=None, increasing=False):
    """The powers of each element as a row, falling unless `increasing`. Shapes: (n,) -> (n, N)."""
    count = x.shape[0] if N is None else N
    if count == 0:
        return x[:, None][:, :0]
    columns = [x * 0 + 1]
    for _ in range(count - 1):
        columns.append(columns[-1] * x)
    rows = concatenate([column[:, None] for column in columns[:count]], axis=1)
    return rows if increasing else flip(rows, axis=1)


@composite(example(V3), example(SIGNAL, trim="b"), example(M34, axis=1), example(B223, "f"))
def trim_zeros(filt, trim="fb", axis=None):
    """An array without the zeros at the ends of all axes, or of those given. Shapes: any; each at most as long."""
    places, kept = np.nonzero(np.asarray(values_of(filt))), []
    for along, size in enumerate(np.shape(filt)):
        found = places[along] if along in axes_of(axis, np.ndim(filt)) else np.array([0, size - 1])
        first, last = (found.min(), found.max() + 1) if len(found) else (size, 0)
        kept.append(slice(first if "f" in trim.lower() else 0, last if "b" in trim.lower() else size))
    return filt[tuple(kept)]


_BY_INDEX = ("edge", "reflect", "symmetric", "wrap")


@composite(
    example(V3, 2),
    example(REALS, ((1, 0), (0, 2)), constant_values=1.5),
    example(REALS, 1, "edge"),
    example(M34, ((1, 2), (2, 0)), "reflect"),
    example(SIGNAL, (2, 3), "symmetric"),
    example(SIGNAL, (7, 2), "wrap"),
    example(M34, {1: (2, 1)}),
    example(REALS, ((1, 0), (0, 2)), constant_values=NUMBER),
)
def pad(array, pad_width, mode="constant", *, constant_values=0, reflect_type="even"):
    """More elements before and after each axis: a constant, or by `mode` edge, reflect, symmetric or wrap.

    Shapes: any; each axis longer by its two widths, given as one number, a pair, one for each axis, or a dict.
    Raises: ArgumentError for another mode, widths that are no whole numbers, or a constant with a gradient that is not
    of shape ().
    """
    widths = _widths(pad_width, array.ndim)
    if mode == "constant":
        return _padded(array, widths, constant_values)
    if mode not in _BY_INDEX or reflect_type != "even":
        raise ArgumentError(f"pad knows the modes constant, {', '.join(_BY_INDEX)} (even); found {mode!r}")
    for axis, width in enumerate(widths):
        places = np.pad(np.arange(array.shape[axis]), width, mode)
        array = getitem(array, index=(*axes_before(axis, array.ndim), places)) if any(width) else array
    return array


def _widths(pad_width: Any, ndim: int) -> list[list[int]]:
    """How many elements to put before and after each axis."""
    widths = np.zeros((ndim, 2), int)
    for axis, width in pad_width.items() if isinstance(pad_width, dict) else [(slice(None), pad_width)]:
        if np.asarray(width).dtype.kind not in "iu":
            raise ArgumentError(f"pad takes whole numbers of elements for its widths; found {width!r}")
        widths[axis] = width
    return [[int(before), int(after)] for before, after in widths]


def _padded(array: Any, widths: list[list[int]], constant_values: Any) -> Any:
    if isinstance(constant_values, Node) and np.ndim(constant_values.value) == 0:
        inner = np.pad(np.ones(array.shape, bool), widths)
        return where(inner, _padded(array, widths, 0), astype(constant_values, dtype=array.dtype))
    inside = tuple(slice(before, before + size) for (before, _), size in zip(widths, array.shape, strict=True))
    if np.ndim(constant_values) == 0 and constant_values == 0:
        sizes = [before + size + after for (before, after), size in zip(widths, array.shape, strict=True)]
        return scatter(array, index=inside, shape=tuple(sizes))
    outside = np.pad(np.zeros(array.shape, array.dtype), widths, constant_values=constant_values)
    return put_add(outside, array, index=inside)


@structural(
    vjp={"x": lambda g, x, axis: overlap_add(g, shape=x.shape, axis=axis)},
    linear_in=("x",),
    examples=(
        example(SIGNAL, window_shape=3),
        example(M34, window_shape=(2, 3)),
        example(B223, window_shape=(2,), axis=(-1,)),
        example(SIGNAL, window_shape=(2, 3), axis=(0, 0)),
    ),
)
def sliding_window_view(x, *, window_shape, axis=None):
    """Every window of a size along some axes, as new axes at the end. Shapes: (..., n) -> (..., n - w + 1, w)."""
    return np.lib.stride_tricks.sliding_window_view(x, window_shape, axis)


@structural(
    vjp={
        "windows": lambda g, windows, shape, axis: sliding_window_view(
            g, window_shape=windows.shape[len(shape) :], axis=axis
        )
    },
    linear_in=("windows",),
    examples=(
        example(M34[:, :3], shape=(5,), axis=None),
        example(B223[:, :, :2], shape=(2, 3), axis=(1,)),
        example(B223, shape=(5,), axis=(0, 0)),
    ),
)
def overlap_add(windows, *, shape, axis):
    """Windows added where they overlap: the transpose of `sliding_window_view`. Shapes: the windows' -> `shape`."""
    axes = axes_of(axis, len(shape))
    total = np.zeros(shape, windows.dtype)
    for offset in product(*[range(size) for size in windows.shape[len(shape) :]]):
        starts = [0] * len(shape)
        for along, start in zip(axes, offset, strict=True):
            starts[along] += start
        place = tuple(slice(start, start + size) for start, size in zip(starts, windows.shape, strict=False))
        total[place] += windows[(Ellipsis, *offset)]
    return total
