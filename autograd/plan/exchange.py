"""What a plan reads from its cells before its program runs, and writes to them afterwards: all of it, or nothing.

For small arrays the calls of Python around a program take as long as the program. So what goes on around it is written
out as well, for the cells of this plan, as a function of Python that makes no calls but those it cannot do without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context
from sys import getrefcount
from typing import Any

import numpy as np

from autograd.mode import Cell
from autograd.plan.building import identifier
from autograd.plan.calls import owned
from autograd.plan.cells import Captured, Gradient
from autograd.plan.flat import Layout
from autograd.plan.loading import loaded
from autograd.plan.program import Variable
from autograd.plan.sides import Flat
from autograd.plan.writing import Text, may_be_shared

_NUMBERS = {"i": int, "f": float}
_USED = {"replay", "given", "np", "list", "map", "type", "int", "float", "BaseException", "OtherThanRecorded"}


class Exchange:
    """The cells of a layout, in the order in which its program takes and gives their values.

    `replay(*given)` runs the program and gives its results; None if a cell holds what the program is not for.
    `reads` are the program's variables for what it reads, `run` is the program.
    """

    def __init__(self, layout: Layout, reads: Sequence[Variable], run: Callable[..., Any], results: int) -> None:
        self._reads = layout.reads
        self._kinds = [_NUMBERS[each.dtype.kind] if each.weak else each.dtype for each in reads]
        page = _Page(layout, self._kinds, [each.shape for each in reads], run)
        self.source = "\n    ".join(["def replay(*given):", *page.lines(results)]) + "\n"
        """What replays, in Python."""
        self.replay: Callable[..., list[Any] | None] = loaded(Text(self.source, (), page.named, {}))["replay"]

    def changed(self) -> str:
        """Which cell holds something, or nothing, or another dtype, where that was not so."""
        found = zip(self._reads, self._kinds, strict=True)
        kinds = ((cell, kind, type if isinstance(kind, type) else kind_of) for cell, kind in found)
        other = [cell.name for cell, kind, of in kinds if of(cell.read()) != kind]
        return f"{other[0]} has come, or gone, or is of another dtype" if other else "an array has another shape"


class _Page:
    """Writes the function. What belongs to the cells has names in it."""

    def __init__(self, layout: Layout, kinds: Sequence[Any], shapes: Sequence[Any], run: Callable[..., Any]) -> None:
        self._layout, self._kinds, self._shapes = layout, kinds, shapes
        self.named: dict[str, Any] = {"run": run, "kind_of": kind_of, "owned": owned}
        self.named |= {"getrefcount": getrefcount, "quietly": _quietly(layout)}
        self._taken, self._wished = {*self.named, *_USED}, Counter[str]()
        self._names: dict[int, str] = {}
        self._held = {cell: self._variable(cell.name) for cell in layout.reads}
        self._rooms = {cell: self._variable(f"new_{cell.name}") for cell in layout.rooms}
        others = (cell for cell, kept in layout.writes if kept and cell not in self._rooms)
        self._made = {cell: self._variable(f"new_{cell.name}") for cell in others}

    def _variable(self, wish: str) -> str:
        wish = identifier(wish)
        self._wished[wish] += 1
        name = wish if self._wished[wish] == 1 else f"{wish}_{self._wished[wish]}"
        if name in self._taken:
            return self._variable(wish)
        self._taken.add(name)
        return name

    def _name(self, thing: Any, wish: str) -> str:
        """The name of an object that is there between calls."""
        if id(thing) not in self._names:
            self._names[id(thing)] = self._variable(wish)
            self.named[self._names[id(thing)]] = thing
        return self._names[id(thing)]

    def _cell(self, cell: Cell) -> str:
        return self._name(cell, f"cell_of_{cell.name}")

    def lines(self, results: int) -> Iterator[str]:
        """The lines of the function."""
        for (cell, name), kind, shape in zip(self._held.items(), self._kinds, self._shapes, strict=True):
            if isinstance(cell, Flat):
                yield from self._reading_flat(cell, name)
            else:
                yield from self._reading(cell, name, kind, shape)
        for cell, name in self._rooms.items():
            yield f"{name} = {self._cell(cell)}.spare"
            yield f"if list(map(getrefcount, {name}.both)) != {name}.alone:"
            yield f"    {name} = {self._cell(cell)}.room()"
        outputs = [*(self._variable("result") for _ in range(results)), *self._made.values()]
        taken = [*self._held.items(), *self._rooms.items()]
        inputs = [f"{name}.flat" if isinstance(cell, Flat) else name for cell, name in taken]
        views = [f"*{taken[place][1]}.views" for place in self._layout.views]
        yield f"{_several(outputs)} = quietly(run, {', '.join(['*given', *inputs, *views])})"
        shared = may_be_shared(self._layout.program)
        yield from (f"{each} = owned({each})" for each, is_shared in zip(outputs, shared, strict=True) if is_shared)
        if self._layout.writes:
            yield from self._writing()
        yield f"return [{', '.join(outputs[:results])}]"

    def _reading(self, cell: Cell, name: str, kind: Any, shape: Any) -> Iterator[str]:
        """What a cell holds, if it is of the kind that the program is for, and of the shape where users set that."""
        there = cell.reading(self._name)
        if there is not None:
            yield f"{name} = {there}"
            yield f"if {name} is None:"
        yield f"{'    ' if there else ''}{name} = {self._cell(cell)}.read()"
        plain = isinstance(kind, type)
        other = f"type({name}) is not {kind.__name__}" if plain else f"kind_of({name}) != {self._name(kind, 'kind')}"
        yield f"if {other}" + (f" or {name}.shape != {shape}:" if isinstance(cell, Captured | Gradient) else ":")
        yield "    return None"

    def _reading_flat(self, cell: Flat, name: str) -> Iterator[str]:
        """The flat array with its views, if they are what its cells hold, or a new one."""
        yield f"{name} = {self._cell(cell)}.held"
        now = [each.reading(self._name) for each in cell.cells]
        if None in now:
            yield f"if not {self._cell(cell)}.is_held():"
        else:
            views = [self._variable(f"{name}_{i}") for i in range(len(now))]
            yield f"{_several(views)} = {name}.views"
            yield f"if {' or '.join(f'{one} is not {view}' for one, view in zip(now, views, strict=True))}:"
        yield f"    {name} = {self._cell(cell)}.laid()"
        yield f"    if {name} is None:"
        yield "        return None"

    def _writing(self) -> Iterator[str]:
        """Every cell has what is new, or, if something interrupts, what it held before."""
        cleared = {cell: "None" for cell, kept in self._layout.writes if not kept}
        new = dict([*self._made.items(), *cleared.items(), *self._rooms.items()])
        give, back = list[str](), list[str]()
        for cell, name in new.items():
            before = self._held.get(cell)
            if before is None:
                before = self._variable(f"old_{cell.name}")
                yield f"{before} = {self._now(cell)}"
            elif isinstance(cell, Flat):
                before = f"{before}.views"
            if isinstance(cell, Flat):
                if cell not in self._rooms:
                    yield f"{name} = {self._cell(cell)}.filled({name})"
                give.append(self._giving(cell, f"{name}.views"))
                give.append(f"{self._cell(cell)}.held, {self._cell(cell)}.spare = {name}, {self._cell(cell)}.held")
            else:
                give.append(self._giving(cell, name))
            back.append(self._giving(cell, before))
        yield from dict.fromkeys(filter(None, (cell.before_writing(self._name) for cell in new)))
        yield "try:"
        yield from (f"    {line}" for line in give)
        yield "except BaseException:"
        yield from (f"    {line}" for line in back)
        yield "    raise"

    def _now(self, cell: Cell) -> str:
        """What a cell holds; of a flat one, what its cells hold."""
        now = [each.reading(self._name) for each in (cell.cells if isinstance(cell, Flat) else [cell])]
        if None in now:
            return f"{self._cell(cell)}.{'found' if isinstance(cell, Flat) else 'read'}()"
        return _several(now) if isinstance(cell, Flat) else f"{now[0]}"

    def _giving(self, cell: Cell, new: str) -> str:
        """A line that lets a cell hold something else; a flat one, its cells."""
        places = [each.writing(self._name) for each in (cell.cells if isinstance(cell, Flat) else [cell])]
        if None in places:
            return f"{self._cell(cell)}.{'give' if isinstance(cell, Flat) else 'write'}({new})"
        return f"{_several(places) if isinstance(cell, Flat) else places[0]} = {new}"


def _quietly(layout: Layout) -> Callable[..., Any]:
    """What calls a function with NumPy's warnings off.

    A context in which they are is entered in less time than they are turned off. It is another context to what is not
    NumPy's, which may ask for variables of the one it is called in.
    """
    if any(step.whole is not None for step in layout.program.steps):
        return _with_warnings_off
    quiet = Context()
    quiet.run(np.seterr, all="ignore")
    return quiet.run


def _with_warnings_off(function: Callable[..., Any], *arguments: Any) -> Any:
    with np.errstate(all="ignore"):
        return function(*arguments)


def _several(names: Sequence[Any]) -> str:
    """A tuple of them, to be assigned to, or from."""
    return f"({', '.join(names)}{',' * (len(names) == 1)})"


def kind_of(value: Any) -> Any:
    """The dtype of a cell's value, which a plan is made for; of what is no array a text, as None equals float64."""
    return getattr(value, "dtype", "no array")


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
