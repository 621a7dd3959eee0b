"""Arrays joined to one, and one array split into several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import DomainError, ShapeError
from autograd.node import Node, value_of
from autograd.operations.indexing import axes_before, axis_of
from autograd.operations.samples import B223, M23, M34, NUMBER, OTHERS, REALS, ROW, SIGNAL, V3
from autograd.operations.shaping import (
    astype,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    broadcast_to,
    expand_dims,
    moveaxis,
    operand,
    ravel,
    reshape,
)
from autograd.trees import leaves

# fmt: off
__all__ = [
    "append", "array", "array_split", "block", "column_stack", "concatenate", "dsplit", "dstack", "full", "full_like",
    "hsplit", "hstack", "meshgrid", "split", "stack", "unstack", "vsplit", "vstack",
]
# fmt: on

_PAIR = (example([REALS, OTHERS]), example([ROW, V3]))


def _share(g: Any, arrays: Any, slot: int, axis: int) -> Any:
    """The part of a joined array that came from one of the arrays joined."""
    before = int(np.sum([each.shape[axis] for each in arrays[:slot]], dtype=int))
    part = slice(before, before + arrays[slot].shape[axis])
    return g[(*axes_before(axis, g.ndim), part)]


@structural(
    vjp={"arrays": _share},
    linear_in=("arrays",),
    examples=(example(REALS, OTHERS), example(REALS, M23[:, :1], axis=-1)),
)
def join(*arrays, axis=0):
    """Arrays joined along an axis they have. Shapes: alike but for that axis."""
    return np.concatenate(arrays, axis=axis)


@composite(*_PAIR, example([REALS, M23[:, :1]], 1), example((REALS, ROW, 2.0), axis=None))
def concatenate(arrays, axis=0):
    """Arrays joined along an axis they have, `axis=None` for all flattened. Shapes: alike but for that axis."""
    if len(arrays) == 0:
        raise DomainError("concatenate was given no array; give at least one")
    if axis is None:
        return join(*[ravel(each) for each in arrays], axis=0)
    return join(*arrays, axis=axis)


@composite(*_PAIR, example([NUMBER, 2.0]), example([REALS, OTHERS], axis=-1))
def stack(arrays, axis=0):
    """Arrays of one shape joined along a new axis. Shapes: n of s -> s with n put in at `axis`."""
    if len(arrays) == 0:
        raise DomainError("stack was given no array; give at least one")
    return join(*[expand_dims(each, axis=axis) for each in arrays], axis=axis)


@composite(example([NUMBER, 2.0, NUMBER]), example([ROW, V3]), example([[NUMBER, ROW[0]], [ROW[1], NUMBER]]))
def array(object):
    """An array of numbers, arrays and nested lists of them, stacked. Shapes: parts of one shape s -> (n, *s)."""
    if isinstance(object, list | tuple) and any(isinstance(each, Node) for each in leaves(object)):
        return stack([array(each) for each in object])
    return object if isinstance(object, Node) else np.array(object)


@composite(example((2, 3), NUMBER), example((2, 3), V3))
def full(shape, fill_value):
    """An array of `shape` that holds one value everywhere, or rows of it. Shapes: the value's broadcasts to `shape`."""
    return broadcast_to(fill_value, shape=(shape,) if np.ndim(shape) == 0 else tuple(shape))


@composite(example(REALS, NUMBER), example(V3, NUMBER, shape=(2, 3)), example(REALS, ROW))
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    """As `full`, in the shape and dtype of another array, or those given; plain numbers make a plain array.

    Shapes: the value's broadcasts to that of a, or `shape`.
    """
    if not isinstance(fill_value, Node):
        return np.full_like(value_of(a), fill_value, dtype, order, subok, shape)
    like = operand(a)
    values = astype(fill_value, dtype=like.dtype if dtype is None else dtype)
    return full(like.shape if shape is None else shape, values)


def _several(change: Any, arrays: Any) -> list[Any]:
    return [change(each) for each in arrays]


@composite(*_PAIR, example([NUMBER, 2.0]), example([REALS, ROW]))
def vstack(tup):
    """Rows put below each other. Shapes: (n,) counts as (1, n); joined along axis 0."""
    return concatenate(_several(atleast_2d, tup), axis=0)


@composite(*_PAIR, example([NUMBER, 2.0]))
def hstack(tup):
    """Columns put side by side. Shapes: joined along axis 1, vectors along axis 0."""
    parts = _several(atleast_1d, tup)
    return concatenate(parts, axis=0 if parts[0].ndim == 1 else 1)


@composite(*_PAIR, example([B223, B223]))
def dstack(tup):
    """Arrays put behind each other. Shapes: (m, n) counts as (m, n, 1); joined along axis 2."""
    return concatenate(_several(atleast_3d, tup), axis=2)


@composite(*_PAIR, example([V3, M34]))
def column_stack(tup):
    """Vectors as the columns of a matrix, beside matrices. Shapes: (n,) counts as (n, 1); joined along axis 1."""
    return concatenate([reshape(each, shape=(-1, 1)) if np.ndim(each) < 2 else each for each in tup], axis=1)


@composite(example([[M23, M23], [REALS, OTHERS]]), example([ROW, 2.0, V3]), example([[M34], [np.ones((1, 4))]]))
def block(arrays):
    """An array from nested lists of blocks: the innermost joined along the last axis, the next along the one before.

    Shapes: blocks that fit together; missing axes are put in front.
    """
    depth, ndim = _depth(arrays), _deepest(arrays)
    return _blocks(arrays, depth, np.maximum(depth, ndim))


def _depth(arrays: Any) -> int:
    return 1 + _depth(arrays[0]) if isinstance(arrays, list) else 0


def _deepest(arrays: Any) -> int:
    return max(map(_deepest, arrays)) if isinstance(arrays, list) else np.ndim(arrays)


def _blocks(arrays: Any, depth: int, ndim: int) -> Any:
    if not isinstance(arrays, list):
        return reshape(arrays, shape=(1,) * (ndim - np.ndim(arrays)) + np.shape(arrays))
    return concatenate([_blocks(each, depth - 1, ndim) for each in arrays], axis=-depth)


@composite(example(REALS, OTHERS), example(REALS, ROW), example(REALS, OTHERS, axis=1))
def append(arr, values, axis=None):
    """`values` put at the end of an axis, or of the flattened array. Shapes: as `concatenate`."""
    return concatenate([arr, values], axis=axis)


@composite(example(SIGNAL, 4), example(M34, [1, 3], axis=1), example(M34, 2))
def array_split(ary, indices_or_sections, axis=0):
    """Parts along an axis: before each index, or so many of nearly one size. Shapes: a list of parts."""
    along = axis_of(axis, ary.ndim)
    size = ary.shape[along]
    if isinstance(indices_or_sections, Sequence | np.ndarray):
        cuts = [0, *map(int, indices_or_sections), size]
    else:
        each, more = divmod(size, int(indices_or_sections))
        cuts = np.cumsum([0] + [each + 1] * more + [each] * (int(indices_or_sections) - more)).tolist()
    before = axes_before(along, ary.ndim)
    return [ary[(*before, slice(start, stop))] for start, stop in pairwise(cuts)]


@composite(example(SIGNAL, 3), example(M34, [1, 3], axis=1), example(M34, 2, -1))
def split(ary, indices_or_sections, axis=0):
    """Parts along an axis: before each index, or so many of one size. Shapes: a list of parts.

    Raises: ShapeError if they cannot be of one size.
    """
    size = ary.shape[axis_of(axis, ary.ndim)]
    if not isinstance(indices_or_sections, Sequence | np.ndarray) and size % indices_or_sections:
        raise ShapeError(
            f"split into {indices_or_sections} equal parts: {size} is no multiple of it along axis {axis}; "
            f"array_split makes parts of nearly one size"
        )
    return array_split(ary, indices_or_sections, axis=axis)


@composite(example(SIGNAL, 3), example(M34, 2))
def hsplit(ary, indices_or_sections):
    """Parts side by side, along axis 1, of a vector along axis 0. Shapes: as `split`."""
    return split(ary, indices_or_sections, axis=1 if ary.ndim > 1 else 0)


@composite(example(REALS, 2))
def vsplit(ary, indices_or_sections):
    """Parts below each other, along axis 0. Shapes: as `split`, of at least two axes."""
    return split(ary, indices_or_sections, axis=0)


@composite(example(B223, 3))
def dsplit(ary, indices_or_sections):
    """Parts behind each other, along axis 2. Shapes: as `split`, of at least three axes."""
    return split(ary, indices_or_sections, axis=2)


@composite(example(REALS), example(B223, axis=-1))
def unstack(x, /, *, axis=0):
    """The parts of which `stack` along `axis` makes x, as a tuple. Shapes: that axis goes."""
    moved = moveaxis(x, axis, 0)
    return tuple(moved[i] for i in range(moved.shape[0]))


@composite(example(ROW, V3[:2]), example(ROW, V3[:2], indexing="ij"), example(ROW, sparse=True))
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):  # noqa: ARG001  `copy` is NumPy's: always a copy
    """The coordinates of a grid's points, one array for each axis. Shapes: (n,), (m,), ... -> each (m, n, ...).

    With indexing="ij" the axes come in the order of the arguments; with `sparse` they are left at size one.
    """
    if indexing not in ("xy", "ij"):
        raise DomainError(f"meshgrid knows indexing 'xy' and 'ij'; found {indexing!r}")
    grids = [reshape(each, shape=(1,) * i + (-1,) + (1,) * (len(xi) - i - 1)) for i, each in enumerate(xi)]
    if indexing == "xy" and len(xi) > 1:
        grids = [moveaxis(each, 0, 1) for each in grids]
    return tuple(grids) if sparse else broadcast_arrays(*grids)
