"""What a plan reads from its cells before it runs, and what it writes to them afterwards: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.mode import Cell
from autograd.plan.cells import Captured
from autograd.plan.flat import Layout
from autograd.plan.program import Variable

_NUMBERS = {"i": int, "f": float}


class Exchange:
    """The cells of a layout, in the order in which its program takes and gives their values.

    `reads` are the program's variables for what it reads.
    """

    def __init__(self, layout: Layout, reads: Sequence[Variable]) -> None:
        self._reads, self._rooms = layout.reads, layout.rooms
        self._kinds = [_NUMBERS[each.dtype.kind] if each.weak else each.dtype for each in reads]
        self._captured = [cell.array for cell in layout.reads if isinstance(cell, Captured)]
        self._shapes = [each.shape for each in self._captured]
        both: Any = (*layout.reads, *layout.rooms)
        self._cut = [(both[place], place) for place in layout.views]
        self._written = [cell for cell, kept in layout.writes if kept]
        cleared = [cell for cell, kept in layout.writes if not kept]
        self._written += cleared
        self._nothing = [None] * len(cleared)
        place_of = {cell: place for place, cell in enumerate(layout.reads)}
        self._before = [(cell, place_of.get(cell)) for cell in self._written]

    def read(self) -> list[Any] | None:
        """What the cells hold, if it is of the kind that the program is for."""
        held = [cell.read() for cell in self._reads]
        return held if list(map(kind_of, held)) == self._kinds and not self._resized() else None

    def _resized(self) -> bool:
        """Whether an array from around the function has another shape, in place."""
        return [each.shape for each in self._captured] != self._shapes

    def changed(self) -> str:
        """Which cell holds something, or nothing, or another dtype, where that was not so."""
        found = zip(self._reads, self._kinds, strict=True)
        other = [cell.name for cell, kind in found if kind_of(cell.read()) != kind]
        if other:
            return f"{other[0]} has come, or gone, or is of another dtype"
        return "an array has another shape" if self._resized() else "something changed and changed back"

    def rooms(self) -> list[Any]:
        """Arrays that the program is to fill."""
        return [cell.room() for cell in self._rooms]

    def inputs(self, held: Sequence[Any], rooms: Sequence[Any]) -> list[Any]:
        """What the program takes after its arguments: these, and the views of flat arrays among them."""
        found = [*held, *rooms]
        for cell, place in self._cut:
            found += cell.views(found[place])
        return found

    def write(self, held: Sequence[Any], made: Sequence[Any], rooms: Sequence[Any]) -> None:
        """Give the cells what the program made and filled."""
        before = [cell.read() if place is None else held[place] for cell, place in self._before]
        commit(self._written, [*made, *rooms, *self._nothing], before)


def kind_of(value: Any) -> Any:
    """What of a cell's value a plan is made for: the shape of what tensors and optimizers hold does not change."""
    return getattr(value, "dtype", type(value))


def commit(cells: Sequence[Cell], values: Sequence[Any], before: Sequence[Any]) -> None:
    """Write a value to every cell, or, if something interrupts, to none: then each has what it held `before`."""
    done = False
    try:
        for cell, new in zip(cells, values, strict=True):
            cell.write(new)
        done = True
    finally:
        if not done:
            for cell, value in zip(cells, before, strict=True):
                cell.write(value)
