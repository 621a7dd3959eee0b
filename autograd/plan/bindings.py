"""What a function sees around it, by name: for the names in its program, and to record again where one is bound anew.

Variables that the function names and attributes of the modules that ran are looked at before a replay; where one is
bound to another tensor, array or number, the function is recorded again. What stands deeper, in lists or in attributes
of other objects, is not looked at.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

import numpy as np

from autograd.mode import Owner
from autograd.node import Node

_NUMBERS = (bool, int, float, complex, str)
_LOOKED_AT = (Node, np.ndarray, *_NUMBERS)
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
    """What the names around a function, and those of modules, are bound to now, and in which mode each module ran."""

    def __init__(self, function: Callable[..., Any], owners: Mapping[Owner, bool]) -> None:
        code = getattr(function, "__code__", None)
        spaces: list[tuple[Any, Iterable[str]]] = [(vars(each), list(vars(each))) for each in owners]
        if code is not None:
            spaces.append((function.__globals__, _global_names(code)))
        bound = [(space.get, name, space[name]) for space, names in spaces for name in names if name in space]
        self._bound = [each for each in bound if isinstance(each[2], _LOOKED_AT)]
        cells = [(cell, _content(cell)) for cell in getattr(function, "__closure__", None) or ()]
        self._cells = [each for each in cells if isinstance(each[1], _LOOKED_AT)]
        self._modes = list(owners.items())

    def hold(self) -> bool:
        """Whether modes are as they were, and every name is bound to the same tensor or array, or an equal number."""
        for owner, training in self._modes:
            if owner.training != training:
                return False
        for bound_to, name, value in self._bound:
            if bound_to(name) is not value and not _equal(bound_to(name), value):
                return False
        for cell, value in self._cells:
            if _content(cell) is not value and not _equal(_content(cell), value):
                return False
        return True


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


def _equal(found: Any, value: Any) -> bool:
    """Whether two numbers are the same though not one object."""
    return isinstance(value, _NUMBERS) and type(found) is type(value) and bool(found == value)
