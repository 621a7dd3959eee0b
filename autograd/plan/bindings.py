"""What a function sees around it, by name: for the names in its program, and to record again where one is bound anew.

Before a replay it looks at what variables that the function names and attributes of the modules that ran are bound to,
and one step further: at the places of lists and dicts there, and at attributes that the function names. Where one is
another object, or another number, the function is recorded again. What stands deeper, or is named only by functions
that it calls, is not looked at.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import getattr_static
from itertools import chain, starmap, zip_longest
from operator import is_
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from autograd.mode import Owner
from autograd.node import Node

_NUMBERS = (bool, int, float, complex, str, np.generic)
_UNBOUND = object()


def seen_by(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """The variables around a function, with what they are bound to: those it closes over, and the globals it reads."""
    code = getattr(function, "__code__", None)
    if code is None:
        return
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        yield name, _content(cell)
    for name in sorted(_global_names(code)):
        if name in function.__globals__:
            yield name, function.__globals__[name]


class Bindings:
    """What a plan's names are bound to, and in which mode each module ran.

    The names are those around the function and the attributes of modules that ran and of those within them, with what
    lists and dicts under these names hold; and, of other objects around it or among its arguments, the attributes that
    it names.
    """

    def __init__(self, function: Callable[..., Any], ran: Mapping[Owner, bool], arguments: Iterable[Any]) -> None:
        code = getattr(function, "__code__", None)
        self._globals = function.__globals__ if code is not None else {}
        self._names = [name for name in _global_names(code) if name in self._globals] if code is not None else []
        self._cells = [cell for cell in getattr(function, "__closure__", None) or () if _content(cell) is not _UNBOUND]
        bound = [*map(self._globals.get, self._names), *map(_content, self._cells)]
        modules = list(dict.fromkeys(part for each in ran for _, part in each.named_modules()))
        for each in modules:
            each.training = each.training  # in the object itself: a mode that is set later takes no new place
        objects = [*bound, *arguments, getattr(function, "__self__", None)]
        others = [each for each in objects if _is_looked_into(each)]
        self._attributes = [(each, name) for each in others for name in _of_its_own(each, _attribute_names(code))]
        held = [*bound, *(value for each in modules for value in vars(each).values())]
        self._live = [vars(each).values() for each in modules]
        self._live += map(_contents, {id(each): each for each in held if isinstance(each, list | dict)}.values())
        modes = [
            ran.get(each, value) if name == "training" else value
            for each in modules
            for name, value in vars(each).items()
        ]
        self._recorded = [*modes, *list(self._now())[len(modes) :]]

    def _now(self) -> Iterator[Any]:
        """What it looks at, one after the other, and an end: more or fewer would not fit what was recorded."""
        names, cells = map(self._globals.get, self._names), map(_content, self._cells)
        return chain(chain.from_iterable(self._live), names, cells, starmap(_attribute, self._attributes), _END)

    def hold(self) -> bool:
        """Whether modes are as they were, and every name is bound to the same object, or to an equal number."""
        return all(map(is_, self._now(), self._recorded)) or all(
            one is other or _equal(one, other) for one, other in zip_longest(self._now(), self._recorded)
        )


_END = (object(),)


def _contents(held: Any) -> Any:
    return held.values() if isinstance(held, dict) else held


def _is_looked_into(value: Any) -> bool:
    """Whether an object has attributes of its own that somebody may bind to something else."""
    return getattr(value, "__dict__", None) is not None and not isinstance(
        value, ModuleType | type | FunctionType | Node
    )


def _of_its_own(value: Any, names: Iterable[str]) -> list[str]:
    """The attributes among these that an object holds, or for which its class has a value that stands in."""
    return [
        name
        for name in names
        if name in vars(value) or isinstance(getattr_static(type(value), name, None), (*_NUMBERS, list, dict, Node))
    ]


def _attribute(value: Any, name: str) -> Any:
    return getattr(value, name, _UNBOUND)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a variable that is bound to nothing yet
        return _UNBOUND


def _global_names(code: CodeType) -> set[str]:
    """The globals that a function reads, within its inner functions too."""
    found, waiting = set(), [code]
    while waiting:
        each = waiting.pop()
        found |= {step.argval for step in dis.get_instructions(each) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        waiting.extend(part for part in each.co_consts if isinstance(part, CodeType))
    return found


def _attribute_names(code: CodeType | None) -> set[str]:
    """The names that a function uses, of attributes among them, within its inner functions too."""
    if code is None:
        return set()
    inner = (_attribute_names(part) for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*inner)


def _equal(found: Any, value: Any) -> bool:
    """Whether two numbers are the same though not one object."""
    return isinstance(value, _NUMBERS) and type(found) is type(value) and bool(found == value)
