"""What the names that a function sees are bound to: it is recorded again where that is something else.

Before a replay one looks at variables in sight of the function and at attributes of the modules that ran, then at
places of lists, dicts and sets there, and at attributes that the function names. Where one is another object, or
another number, the function is recorded again; so it is where a small array there has been written to that no operation
read, or that is read in several places, by NumPy itself perhaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain, islice, starmap
from operator import attrgetter, is_
from types import FunctionType
from typing import Any

import numpy as np

from autograd.mode import Cell, Owner
from autograd.plan.cells import Captured, Row
from autograd.plan.seen import CONTAINERS, MAPPINGS, PLACES, UNBOUND, Seen, attributes_of, content, is_open

_NUMBERS = (bool, int, float, complex, str, np.generic)
_GIVEN = ("__defaults__", "__kwdefaults__")
_SMALL = 2**16
"""Bytes of an array that is looked at whole, not at its shape alone: what NumPy makes of it is a constant."""
_GONE = (ValueError, RuntimeError, LookupError)
"""A variable is bound to nothing, a dict is being written to by another thread, a list has become shorter."""
_content = attrgetter("cell_contents")
_is_without: Callable[..., bool] = type({}.keys()).isdisjoint


class Bindings:
    """What the names of a plan are bound to, and in which mode each module ran. Made before the run, which it ends by.

    A list, dict or set to which the run itself has written is a log of it, and no input.
    """

    def __init__(self, seen: Seen) -> None:
        self._seen: Seen | None = seen
        self._values = _values(seen)
        self._before = [(name, each, _contents(each)) for name, each in _containers(seen, seen.modules())]
        self.effects: list[str] = []
        """What the run has changed: a replay does not."""

    def keep(self, ran: Mapping[Owner, bool], cells: Collection[Cell]) -> None:
        """What they are bound to now, with the modules that ran, each in its mode, and the cells that are read anew."""
        assert self._seen is not None
        seen, self._seen = self._seen, None
        self._find_effects(seen)
        seen.look_again()
        modules = list(dict.fromkeys(part for each in ran for _, part in each.named_modules()))
        for each in modules:
            each.training = each.training  # in the object itself: a mode that is set later takes no new place
        others = [(row, row.now()) for row in self._looks(seen, modules)]
        self._lay_out([*((_of_module(each), _in_mode(each, ran)) for each in modules), *others])
        self._absent = seen.absent()
        self._arrays = self._looked_at(seen, cells)

    def watch(self, watched: Iterable[tuple[Row, list[Any]]]) -> None:
        """Look at these as well, and at what they held."""
        self._lay_out([*self._places, *watched])

    def _lay_out(self, places: list[tuple[Row, list[Any]]]) -> None:
        self._places = sorted(places, key=lambda place: place[0].of is not None)
        self._rows = [row for row, _ in self._places]
        self._containers = [row.held for row in self._rows if row.of is None]
        self._lengths = [len(held) for row, held in self._places if row.of is None]
        self._others = [(row.of, row.held) for row in self._rows if row.of is not None]
        self._recorded = [each for _, recorded in self._places for each in recorded]
        self._told = [[row.told] * len(held) if isinstance(row.told, str) else row.told for row, held in self._places]

    def _looks(self, seen: Seen, modules: Sequence[Owner]) -> list[Row]:
        """Places of containers, variables and attributes, and the classes of objects."""
        closed = [(name, cell) for name, cell in seen.cells if content(cell) is not UNBOUND]
        known = set(map(id, modules))
        others = [each for _, each in seen.objects if id(each) not in known]
        attributes = [(each, name) for each in others for name in _of_its_own(each, seen.attributes)]
        objects = [each for _, each in seen.objects if is_open(type(each))]
        held = [(f"a place of {name}", view) for name, each in self._inputs(seen, modules) for view in _views(each)]
        rows = [
            *(Row(view, [told] * len(view)) for told, view in held),
            *(Row(names, names, space.get) for space, names in _by_space(seen)),
            Row([cell for _, cell in closed], [name for name, _ in closed], _content),
            Row(attributes, [_named(each, name) for each, name in attributes], _attribute),
            Row(objects, [f"the class {type(each).__name__} of an object" for each in objects], type),
        ]
        return [each for each in rows if each.of is None or each.held]

    def _looked_at(self, seen: Seen, cells: Collection[Cell]) -> list[tuple[str, np.ndarray[Any, Any], Any]]:
        """Arrays that no operation reads, or that are read in several places: NumPy may read them by itself."""
        reads = Counter[int]()
        for name, value in (*((name, value) for (_, name), (_, value) in _values(seen).items()), *seen.given):
            reads[id(value)] += seen.loads[name]
        named = (*zip(chain.from_iterable(self._told), self._recorded, strict=True), *seen.given)
        arrays = [(name, each) for name, each in named if isinstance(each, np.ndarray) and _may_change(each)]
        return [
            (name, each, _written(each)) for name, each in arrays if reads[id(each)] > 1 or Captured(each) not in cells
        ]

    def _inputs(self, seen: Seen, modules: Iterable[Owner]) -> list[tuple[str, Any]]:
        """The containers but the logs."""
        logs = {id(each): name for name, each, before in self._before if not _are_same(_contents(each), before)}
        self._before.clear()
        self.effects += [f"what {name} holds" for name in logs.values()]
        return [(name, each) for name, each in _containers(seen, modules) if id(each) not in logs]

    def _find_effects(self, seen: Seen) -> None:
        for place, (name, value) in _values(seen).items():
            if not _is_same(value, self._values.get(place, (name, UNBOUND))[1]):
                self.effects.append(name)
        self._values.clear()

    def _now(self) -> list[Any]:
        """What it looks at, in a row."""
        found: list[Any] = []
        for held in self._containers:
            found += held
        for of, held in self._others:
            found += map(of, held)
        return found

    def hold(self) -> bool:
        """Whether modes are as they were, and every name is bound to the same object, or to an equal number."""
        try:
            now = self._now()
        except _GONE:
            return False
        if self._absent and not all(starmap(_is_without, self._absent)):
            return False
        if list(map(len, self._containers)) != self._lengths:
            return False
        if len(now) != len(self._recorded) or not all(map(is_, now, self._recorded)):
            if not _are_same(now, self._recorded):
                return False
            self._recorded = now
        return not (self._arrays and any(_written(each) != before for _, each, before in self._arrays))

    def changed(self) -> str:
        """The first of these that is something else."""
        before = iter(self._recorded)
        for row, told in zip(self._rows, self._told, strict=True):
            try:
                now = row.now()
            except _GONE:
                return "a variable is bound to nothing, or a dict is being written to"
            recorded = list(islice(before, len(told)))
            if len(now) != len(recorded):
                return row.told if isinstance(row.told, str) else "a list, dict or module holds more or less"
            other = [name for name, one, held in zip(told, now, recorded, strict=True) if not _is_same(one, held)]
            if other:
                return row.told if isinstance(row.told, str) else f"{other[0]} is another"
        come = sorted(name for keys, names in self._absent for name in names & keys)
        written = [name for name, each, before in self._arrays if _written(each) != before]
        if come:
            return f"{come[0]} is another"
        return f"{(*written, 'an array')[0]}, which NumPy reads by itself, has been written to"


def _values(seen: Seen) -> dict[tuple[int, str], tuple[str, Any]]:
    """What variables in sight and attributes are called and bound to, by where they are."""
    found = {(id(where), name): (name, where.get(name, UNBOUND)) for where, name in seen.variables}
    found |= {(id(cell), name): (name, content(cell)) for name, cell in seen.cells}
    for _, each in seen.objects:
        names = vars(each) if isinstance(each, Owner) else _of_its_own(each, seen.attributes)
        of = ((name, _named(each, name), _attribute((each, name))) for name in names if name != "training")
        found |= {(id(each), name): (told, value) for name, told, value in of}
    return found


def _by_space(seen: Seen) -> list[tuple[Mapping[str, Any], list[str]]]:
    """The names of variables by the module or the class that they are variables of."""
    spaces: dict[int, tuple[Mapping[str, Any], list[str]]] = {}
    for space, name in seen.variables:
        spaces.setdefault(id(space), (space, []))[1].append(name)
    return list(spaces.values())


def _named(value: Any, name: str) -> str:
    kind = value.__name__ if isinstance(value, type) else type(value).__name__
    return kind if name.startswith("_") else f"{kind}.{name}"


def _containers(seen: Seen, modules: Iterable[Owner]) -> list[tuple[str, Any]]:
    """The lists, dicts and sets in sight, and those that attributes of modules are bound to, by name."""
    of_modules = ((_named(part, name), each) for part in modules for name, each in vars(part).items())
    held = ((name, each) for name, each in of_modules if isinstance(each, CONTAINERS) and len(each) <= PLACES)
    return list({id(each): (name, each) for name, each in (*seen.containers, *held)}.values())


def _are_same(now: Sequence[Any], before: Sequence[Any]) -> bool:
    return len(now) == len(before) and all(map(_is_same, now, before))


def _is_same(found: Any, value: Any) -> bool:
    """Whether it is the same object, an equal number, or a tuple of such."""
    if found is value or type(found) is not type(value):
        return found is value
    if isinstance(value, tuple):
        return _are_same(found, value)
    equal = isinstance(value, _NUMBERS) and bool(found == value)
    return equal and (value != 0 or repr(found) == repr(value))  # by -0.0 one divides otherwise than by 0.0


def _of_module(module: Owner) -> Row:
    return Row(vars(module).values(), [_named(module, name) for name in vars(module)])


def _in_mode(module: Owner, ran: Mapping[Owner, bool]) -> list[Any]:
    """What a module holds, in the mode in which it ran."""
    return [ran.get(module, each) if name == "training" else each for name, each in vars(module).items()]


def _views(held: Any) -> tuple[Any, ...]:
    """The contents of a container, as it holds them at any time: of a dict the keys and the values."""
    return (held.keys(), held.values()) if isinstance(held, MAPPINGS) else (held,)


def _contents(held: Any) -> list[Any]:
    return [each for view in _views(held) for each in view]


def _may_change(array: np.ndarray[Any, Any]) -> bool:
    """Whether it can be written to, or what it is a view of."""
    return array.flags.writeable or (isinstance(array.base, np.ndarray) and _may_change(array.base))


def _written(array: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    """What is looked at of an array."""
    return (array.shape, array.tobytes()) if array.nbytes <= _SMALL else (array.shape,)


def _of_its_own(value: Any, names: Iterable[str]) -> list[str]:
    """The attributes among these that an object holds itself, and the default values of a function that has some."""
    held = attributes_of(value)
    given = _GIVEN if isinstance(value, FunctionType) else ()
    return [*(name for name in given if getattr(value, name)), *(name for name in sorted(names) if name in held)]


def _attribute(place: tuple[Any, str]) -> Any:
    return getattr(*place, UNBOUND)
