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
    """A flat array with its views. It is free as long as nobody else refers to it, or to one of them."""

    __slots__ = ("_alone", "_both", "flat", "views")

    def __init__(self, size: int, dtype: Any, places: Sequence[tuple[slice, tuple[int, ...]]]) -> None:
        self.flat = np.empty(size, dtype)
        self.views = [self.flat[place].reshape(shape) for place, shape in places]
        self._both = [self.flat, *self.views]
        self._alone = list(map(getrefcount, self._both))

    def is_free(self) -> bool:
        """Whether it may be written to."""
        return list(map(getrefcount, self._both)) == self._alone


class Flat(Cell):
    """Cells of one dtype side by side. Read, it is one flat array; written, each cell holds a view of it."""

    def __init__(self, cells: Sequence[Cell], shapes: Sequence[tuple[int, ...]], dtype: Any, label: str) -> None:
        kind = type(cells[0]) if len(set(map(type, cells))) == 1 else Cell
        self._read_all, self._write_all = kind.reading(cells), kind.writing(cells)
        ends = np.cumsum([0, *map(prod, shapes)]).tolist()
        self._places = [(slice(a, b), shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)]
        self._size, self._dtype, self._label = ends[-1], dtype, label
        self._held: Side | None = None
        self._spare: Side | None = None

    @property
    def place(self) -> tuple[int, ...]:
        """Its own: it knows what it has written."""
        return (id(self),)

    @property
    def name(self) -> str:
        """What it holds of all."""
        return self._label

    @property
    def starts(self) -> list[int]:
        """Where each cell's part begins."""
        return [place.start for place, _ in self._places]

    def views(self, flat: Any) -> list[Any]:
        """The parts of a flat array that it has read or given, each in the shape of its cell."""
        for side in (self._held, self._spare):
            if side is not None and flat is side.flat:
                return side.views
        return [flat[place].reshape(shape) for place, shape in self._places]

    def read(self) -> Any:
        """The flat array itself, if every cell still holds its view; else a new one of what they hold."""
        found = self._read_all()
        if self._held is not None and all(map(is_, found, self._held.views)):
            return self._held.flat
        return None if any(each is None for each in found) else np.concatenate([np.ravel(each) for each in found])

    def room(self) -> Any:
        """A flat array that nobody else has, to be filled, and then given to `write`."""
        if self._spare is None or not self._spare.is_free():
            self._spare = Side(self._size, self._dtype, self._places)
        return self._spare.flat

    def write(self, new: Any) -> None:
        """A view for each cell; None for each if it is None."""
        if new is None:
            self._write_all([None] * len(self._places))
            return
        if self._spare is not None and new is self._spare.flat:
            self._held, self._spare = self._spare, self._held
        elif self._held is None or new is not self._held.flat:
            self.room()[...] = new
            self._held, self._spare = self._spare, self._held
        assert self._held is not None
        self._write_all(self._held.views)
