"""Reading and writing parts of an array, in every form of index that NumPy has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.declaration import example, structural
from autograd.errors import ArgumentError, ShapeError
from autograd.notation import Binding
from autograd.operations.samples import B223, CHOICE, M34, NUMBER, REALS, ROW, V3

__all__: list[str] = []


def axis_of(axis: Any, ndim: int) -> int:
    """The number of an axis, counted from the front.

    Raises: ShapeError for one that an array of so many axes has not; ArgumentError for what is no whole number.
    """
    try:
        return normalize_axis_index(axis, ndim)
    except ValueError as error:
        raise ShapeError(
            f"axis {axis} was asked for, and the array has {ndim}; axes are counted from 0, or back from -1"
        ) from error
    except TypeError as error:
        raise ArgumentError(f"an axis is a whole number; found {axis!r}") from error


_PARTS = (
    example(REALS, index=0),
    example(REALS, index=(slice(None), 1)),
    example(M34, index=(slice(None, None, -2), slice(1, 3))),
    example(B223, index=(Ellipsis, 1)),
    example(V3, index=(None, slice(None))),
    example(M34, index=[0, 2, 0]),
    example(M34, index=(np.array([0, 2, 2]), np.array([1, 1, 1]))),
    example(REALS, index=CHOICE),
    example(B223, index=(slice(None), [1, 0, 1], None)),
    example(REALS, index=(1, 2)),
)


@structural(
    vjp={"a": lambda g, a, index: scatter(g, index=index, shape=a.shape)},
    linear_in=("a",),
    notation=r"{a}\left[{index}\right]",
    text="{a}[{index}]",
    binding=Binding.POWER,
    needs={"a": Binding.ATOM},
    examples=_PARTS,
)
def getitem(a, *, index):
    """The part `a[index]`; repeated indices add up in the derivative. Shapes: as NumPy's indexing has them."""
    return a[index]


def axes_before(axis: int, ndim: int) -> tuple[slice, ...]:
    """What stands in an index before that of an axis: all of the axes in front of it."""
    return (slice(None),) * (axis % ndim)


@structural(
    vjp={"a": lambda g, a, index, axis: spread(g, index, size=a.shape[axis], axis=axis)},
    linear_in=("a",),
    examples=(
        example(V3, np.array([2, 0, 2]), axis=0),
        example(M34, np.array([[0, 1], [2, -1]]), axis=1),
        example(B223, np.array(1), axis=-1),
    ),
)
def gather(a, index, *, axis):
    """The parts along an axis at the indices, which are data: they may be a tensor. Shapes: the axis becomes theirs."""
    return np.take(a, index, axis=axis)


@structural(
    vjp={"g": lambda g, index, axis: gather(g, index, axis=axis)},
    linear_in=("g",),
    examples=(example(V3, np.array([1, 1, 0]), size=4, axis=0), example(REALS, np.array([0, 2, 2]), size=3, axis=1)),
)
def spread(g, index, *, size, axis):
    """Zeros with the parts of g added at the indices along an axis: the transpose of `gather`."""
    lead = g.ndim - np.ndim(index) + 1
    along = axis % lead
    result = np.zeros((*g.shape[:along], size, *g.shape[along + np.ndim(index) :]), g.dtype)
    np.add.at(result, (*axes_before(along, lead), index), g)
    return result


def is_basic(index: Any) -> bool:
    """Whether no element can be named twice: ints, slices, ellipsis and new axes only."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or isinstance(part, int | np.integer | slice) for part in parts)


@structural(
    vjp={"g": lambda g, index: getitem(g, index=index)},
    linear_in=("g",),
    examples=(
        example(ROW, index=(0,), shape=(2, 3)),
        example(V3, index=np.array([1, 1, 0]), shape=(4,)),
    ),
)
def scatter(g, *, index, shape):
    """Zeros of `shape` with g added at `index`: the transpose of reading a part. Shapes: that of a[index] -> shape."""
    result = np.zeros(shape, np.result_type(g))
    if is_basic(index):
        result[index] = g
    else:
        np.add.at(result, index, g)
    return result


def _outside(g: Any, index: Any) -> Any:
    return put(g, 0.0, index=index)


@structural(
    vjp={"a": _outside, "values": lambda g, index: getitem(g, index=index)},
    examples=(
        example(REALS, ROW, index=(0,)),
        example(REALS, NUMBER, index=(slice(None), 1)),
        example(V3, np.array([0.3, -0.4]), index=np.array([0, 2])),
    ),
)
def put(a, values, *, index):
    """A copy of a with `values` at `index`, what `t.at[index].set(values)` gives. Shapes: values broadcast to a[index].

    An index must not name an element twice: which value would stay is not defined.
    """
    result = np.array(a, dtype=np.result_type(a, values))
    result[index] = values
    return result


@structural(
    vjp={"a": lambda g: g, "values": lambda g, index: getitem(g, index=index)},
    examples=(example(REALS, ROW, index=(0,)), example(V3, np.array([0.3, -0.4]), index=np.array([1, 1]))),
)
def put_add(a, values, *, index):
    """A copy of a with `values` added at `index`, what `t.at[index].add(values)` gives; repeated indices add up.

    Shapes: values broadcast to a[index].
    """
    result = np.array(a, dtype=np.result_type(a, values))
    if is_basic(index):
        result[index] += values
    else:
        np.add.at(result, index, values)
    return result
