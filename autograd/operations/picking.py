"""Elements picked by index or by condition, under NumPy's names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.errors import ArgumentError, IndexingError
from autograd.mode import recording
from autograd.node import Node, value_of, values_of
from autograd.operations.comparison import logical_or
from autograd.operations.indexing import axis_of, gather, getitem, put
from autograd.operations.joining import concatenate
from autograd.operations.piecewise import where
from autograd.operations.samples import CHOICE, M34, OTHERS, REALS, ROW, V3
from autograd.operations.shaping import broadcast_to, moveaxis, operand, ravel, reshape

# fmt: off
__all__ = [
    "choose", "compress", "delete", "extract", "insert", "piecewise", "take", "take_along_axis",
]
# fmt: on


def plain(index: Any) -> Any:
    """An index as an array, out of the graph: it is constant to differentiation."""
    return np.asarray(values_of(index))


def _indices(given: Any) -> Any:
    """Indices as an array: of none, as an empty list has them, whole numbers."""
    found = plain(given)
    return found if found.size else found.astype(int)


def at_places(a: Any, indices: tuple[Any, ...]) -> Any:
    """`a[indices]` with whole numbers along the leading axes, of which some are tensors: indices that are data."""
    kinds = {np.asarray(value_of(each)).dtype.kind for each in indices}
    if not kinds <= {"i", "u"}:
        return getitem(a, index=tuple(map(values_of, indices)))
    if len(indices) == 1:
        return gather(a, indices[0], axis=0)
    flat, beyond = 0, False
    for each, size in zip(indices, a.shape, strict=False):
        beyond = logical_or(beyond, logical_or(each < -size, each >= size))
        flat = flat * size + where(each < 0, each + size, each)
    rows = reshape(a, shape=(-1, *a.shape[len(indices) :]))
    return gather(rows, where(beyond, len(rows), flat), axis=0)


@composite(
    example(V3, [2, 0, 2]),
    example(M34, np.array([[0, 1], [2, 2]])),
    example(M34, [1, -1], axis=1),
    example(M34, 5),
    example(V3, [4, -5], mode="wrap"),
)
def take(a, indices, axis=None, out=None, mode="raise"):  # noqa: ARG001  `out` is NumPy's, and refused before
    """The elements at `indices` along an axis, or of the flattened array. Shapes: the axis becomes that of `indices`.

    `mode` says what an index beyond the end does: "raise" an error, "wrap" around, or be "clip"ped.
    Raises: IndexingError for an index that does not exist.
    """
    if axis is None:
        a, axis = ravel(a), 0
    size = a.shape[axis_of(axis, a.ndim)]
    places = indices if isinstance(indices, Node) else _indices(indices)
    return gather(a, places if mode == "raise" else _within(plain(places), size, mode), axis=axis)


def _within(places: Any, size: int, mode: str) -> Any:
    """Indices beyond the end taken around it, or to it."""
    if mode not in ("wrap", "clip"):
        raise ArgumentError(f"an index beyond the end is refused by mode 'raise', or 'wrap', or 'clip'; found {mode!r}")
    return places % size if mode == "wrap" else np.clip(places, 0, size - 1)


@composite(
    example(M34, np.argsort(M34, axis=1), 1), example(M34, np.array([[2, 0, 1, 1]]), 0), example(V3, np.array([2, 0]))
)
def take_along_axis(arr, indices, axis=-1):
    """For each line along an axis the elements at the indices in that line. Shapes: as `indices`, the rest broadcast.

    Source: numpy.take_along_axis.
    """
    recorded = recording() is not None and isinstance(indices, Node)
    places = indices if recorded else plain(indices)
    if axis is None:
        arr, axis = ravel(arr), 0
    arr = operand(arr)
    if places.ndim != arr.ndim:
        raise IndexingError(f"take_along_axis needs indices with {arr.ndim} axes; found shape {places.shape}")
    along = axis_of(axis, arr.ndim)
    index = [
        places if i == along else np.arange(size).reshape((1,) * i + (-1,) + (1,) * (arr.ndim - i - 1))
        for i, size in enumerate(arr.shape)
    ]
    return at_places(arr, tuple(index)) if recorded else getitem(arr, index=tuple(index))


@composite(example([True, False, True], V3), example([False, True, True], M34, axis=0), example([True, True], M34))
def compress(condition, a, axis=None):
    """The parts along an axis, or of the flattened array, where the condition holds. Shapes: shorter along it."""
    return take(a, np.flatnonzero(plain(condition)), axis=axis)


@composite(example(CHOICE, REALS))
def extract(condition, arr):
    """The elements where the condition holds, in one row. Shapes: two of one size; to one axis."""
    return take(ravel(arr), np.flatnonzero(plain(condition)))


@composite(example(np.array([[0, 1, 1], [1, 0, 0]]), [REALS, OTHERS]), example(np.array([1, 0, 1]), [REALS, ROW]))
def choose(a, choices, out=None, mode="raise"):  # noqa: ARG001  `out` is NumPy's, and refused before
    """For each index in a the element of that choice; `mode` as in `take`. Shapes: all broadcast together.

    Raises: IndexingError for the index of a choice that does not exist.
    """
    which = plain(a) if mode == "raise" else _within(plain(a), len(choices), mode)
    if which.size and not 0 <= which.min() <= which.max() < len(choices):
        raise IndexingError(f"choose among {len(choices)} choices; found the index {which.min()} to {which.max()}")
    shape = np.broadcast_shapes(which.shape, *[np.shape(each) for each in choices])
    chosen = broadcast_to(choices[0], shape=shape)
    for i, choice in enumerate(choices[1:], start=1):
        chosen = where(which == i, choice, chosen)
    return chosen


@composite(example(V3, 1), example(M34, [0, 2], axis=1), example(M34, slice(None, None, 2), axis=0), example(M34, 3))
def delete(arr, obj, axis=None):
    """The array without the parts at `obj`: an index, several, a slice, a condition. Shapes: shorter along the axis."""
    if axis is None:
        arr, axis = ravel(arr), 0
    kept = np.delete(np.arange(arr.shape[axis_of(axis, arr.ndim)]), obj if isinstance(obj, slice) else _indices(obj))
    return take(arr, kept, axis=axis)


@composite(
    example(V3, 1, 5.0),
    example(M34, 2, ROW, axis=1),
    example(V3, [0, 3], [1.5, 2.5]),
    example(M34, 1, 0.5, 0),
    example(V3, slice(0, 2), 9.0),
    example(V3, [1], REALS[0]),
    example(M34, [1], REALS.T, axis=1),
    example(M34, [2], ROW[:, None], 1),
)
def insert(arr, obj, values, axis=None):
    """The array with `values` before `obj`: an index, several, a slice, a condition; before one, any number of them.

    Shapes: longer along the axis.
    """
    if axis is None:
        arr, axis = ravel(arr), 0
    along = axis_of(axis, arr.ndim)
    size = arr.shape[along]
    places = _places(obj, size)
    values = operand(values, arr.dtype)
    if places.size == 1 and np.ndim(values):
        values = values[(None,) * (arr.ndim - values.ndim)]
        values = values if places.ndim else moveaxis(values, 0, along)  # what stands before a number is a list of parts
    elif values.ndim > arr.ndim:
        values = reshape(values, shape=values.shape[values.ndim - arr.ndim :])
    count = values.shape[along] if places.size == 1 and np.ndim(values) else places.size
    shape = (*arr.shape[:along], count, *arr.shape[along + 1 :])
    order = np.insert(np.arange(size), places, np.arange(size, size + count))
    return take(concatenate([arr, broadcast_to(values, shape=shape)], axis=along), order, axis=along)


def _places(obj: Any, size: int) -> Any:
    """The indices that are told one by one, by a slice, or by a condition."""
    if isinstance(obj, slice):
        return np.arange(size)[obj]
    places = _indices(obj)
    return np.flatnonzero(places) if places.dtype == bool else places


@composite(
    example(REALS, [REALS < 0, REALS > 1], [lambda x: x * x, lambda x: 3 * x, 0.5]),
    example(REALS, [REALS < 0], [lambda x, a: a * x], 1.5),
)
def piecewise(x, condlist, funclist, *args, **kw):
    """Where a condition holds, its function of the elements there (or its number); what is left is the last one's.

    Without a function for what is left, that is 0. Where several conditions hold, the last one counts.
    Shapes: each condition that of x; a flat list is one condition, as in NumPy.
    Raises: ArgumentError unless there are as many functions as conditions, or one more.
    """
    conditions = _conditions(condlist, np.ndim(x))
    if len(funclist) not in (len(conditions), len(conditions) + 1):
        raise ArgumentError(
            f"piecewise with {len(conditions)} conditions takes {len(conditions)} or {len(conditions) + 1} functions; "
            f"found {len(funclist)}"
        )
    if len(funclist) > len(conditions):
        conditions.append(~np.any(conditions, axis=0))
    result: Any = np.zeros(x.shape, x.dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        if condition.any():
            found = function(getitem(x, index=condition), *args, **kw) if callable(function) else function
            result = put(result, found, index=condition)
    return result


def _conditions(condlist: Any, ndim: int) -> list[Any]:
    """Conditions one by one, on an array with so many axes; one alone may stand by itself."""
    if isinstance(condlist, list | tuple):
        alone = ndim > 0 and len(condlist) > 0 and plain(condlist[0]).ndim == 0
    else:
        condlist = plain(condlist)
        alone = condlist.ndim in (0, ndim)
    return [plain(each).astype(bool) for each in ([condlist] if alone else condlist)]
