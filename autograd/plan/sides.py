"""Cells side by side in one flat array, of which each holds a view; and arrays that are written again.

A step makes new values for parameters, memories and gradients, and what was handed out of the old ones stays as it was.
So there are two flat arrays in turn: the one that is held now, and the one before, which is written to if nobody else
holds it or a part of it. Whether somebody does is seen by counting references.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import is_
from sys import getrefcount
from threading import Lock
from typing import Any

import numpy as np

from autograd.mode import Cell


class Spares:
    """Arrays that were replaced, to be filled again as soon as nobody else holds them.

    What is replaced in one round may be held until the next one, by the graph that read it; after that it is let go.
    """

    def __init__(self) -> None:
        self._before: dict[Any, list[Any]] = {}
        self._now: dict[Any, list[Any]] = {}
        self._lock = Lock()

    def begin(self) -> None:
        """A new round."""
        self._before, self._now = self._now, {}

    def put(self, array: Any) -> None:
        """Let an array be filled again."""
        with self._lock:
            self._now.setdefault((array.shape, array.dtype), []).append(array)

    def take(self, like: Any) -> Any:
        """An array of the shape and dtype of another, that nobody else has."""
        key = like.shape, like.dtype
        with self._lock:
            now, before = self._now.get(key), self._before.get(key)
            if now and is_alone(now, -1):
                return now.pop()
            while before:
                if is_alone(before, -1):
                    return before.pop()
                before.pop()
        return np.empty(like.shape, like.dtype)


def is_alone(arrays: list[Any], place: int) -> bool:
    """Whether an array may be written over: a whole one, that nobody holds but this list."""
    return _references(arrays, place) == _ALONE and _is_whole(arrays[place])


def _is_whole(array: Any) -> bool:
    return bool(array.base is None and array.flags.c_contiguous and array.flags.writeable)


def _references(arrays: list[Any], place: int) -> int:
    array = arrays[place]
    return getrefcount(array)


_ALONE = _references([np.empty(0)], 0)
"""The references of an array that nobody but a list holds."""


class Side:
    """A flat array with views in the shapes of what lies there. It is free if nobody else refers to any of them."""

    __slots__ = ("alone", "both", "flat", "views")

    def __init__(self, size: int, dtype: Any, places: Sequence[tuple[slice, tuple[int, ...]]]) -> None:
        self.flat = np.empty(size, dtype)
        self.views = [self.flat[place].reshape(shape) for place, shape in places]
        self.both = [self.flat, *self.views]
        self.alone = list(map(getrefcount, self.both))
        """How many refer to each of both if nobody else does."""


class Flat(Cell):
    """Cells of one dtype side by side: each holds a view of one flat array, and a new one takes its place.

    `held` is what they hold, if they still do, and `spare` what they held before.
    """

    def __init__(self, cells: Sequence[Cell], shapes: Sequence[tuple[int, ...]], dtype: Any, label: str) -> None:
        self.cells = cells
        ends = np.cumsum([0, *map(prod, shapes)]).tolist()
        self._places = [(slice(a, b), shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)]
        self._size, self._dtype, self._label = ends[-1], dtype, label
        self.held, self.spare = self._side(), self._side()

    def _side(self) -> Side:
        return Side(self._size, self._dtype, self._places)

    @property
    def place(self) -> tuple[int, ...]:
        """Its own: it knows what it has written."""
        return (id(self),)

    @property
    def name(self) -> str:
        """What it holds of all."""
        return self._label

    @property
    def ends(self) -> list[tuple[int, int]]:
        """Where each cell's part begins, and where it ends."""
        return [(place.start, place.stop) for place, _ in self._places]

    def found(self) -> list[Any]:
        """What the cells hold."""
        return [cell.read() for cell in self.cells]

    def is_held(self) -> bool:
        """Whether that is what was written to them last."""
        return all(map(is_, self.found(), self.held.views))

    def laid(self) -> Side | None:
        """A new flat array of what the cells hold; None if that is not arrays of their dtype and shapes."""
        found = self.found()
        kinds = [(getattr(each, "dtype", None), getattr(each, "shape", None)) for each in found]
        if kinds != [(self._dtype, shape) for _, shape in self._places]:
            return None
        side = self._side()
        np.concatenate([np.ravel(each) for each in found], out=side.flat)
        return side

    def read(self) -> Any:
        """A flat array of what the cells hold."""
        laid = self.laid()
        return None if laid is None else laid.flat

    def room(self) -> Side:
        """A flat array that nobody else has, to be filled."""
        self.spare = self._side()
        return self.spare

    def filled(self, new: Any) -> Side:
        """One with these numbers in it."""
        if list(map(getrefcount, self.spare.both)) != self.spare.alone:
            self.room()
        self.spare.flat[...] = new
        return self.spare

    def give(self, views: Sequence[Any]) -> None:
        """Let each cell hold one of these."""
        for cell, view in zip(self.cells, views, strict=True):
            cell.write(view)

    def write(self, new: Any) -> None:
        """A view of an array like this for each cell."""
        side = self.filled(new)
        self.give(side.views)
        self.held, self.spare = side, self.held
