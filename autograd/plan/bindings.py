"""What the names that a function sees are bound to: it is recorded again where that is something else.

Before a replay one looks at variables in sight of the function and at attributes of the modules that ran, and one step
further: at the places of lists and dicts there, and at attributes that the function names. Where one is another object,
or another number, the function is recorded again. What stands deeper is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, starmap, zip_longest
from operator import attrgetter, is_
from typing import Any

import numpy as np

from autograd.mode import Owner
from autograd.node import Node
from autograd.plan.seen import UNBOUND, Seen, content, has_attributes, of_class

_NUMBERS = (bool, int, float, complex, str, np.generic)
_END = (object(),)
_content = attrgetter("cell_contents")


class Bindings:
    """What a plan's names are bound to, and in which mode each module ran."""

    def __init__(self, function: Callable[..., Any], ran: Mapping[Owner, bool], arguments: Iterable[Any]) -> None:
        modules = list(dict.fromkeys(part for each in ran for _, part in each.named_modules()))
        for each in modules:
            each.training = each.training  # in the object itself: a mode that is set later takes no new place
        seen = Seen(function, [*arguments, *modules])
        spaces: dict[int, tuple[dict[str, Any], list[str]]] = {}
        for space, name in seen.variables:
            spaces.setdefault(id(space), (space, []))[1].append(name)
        self._spaces = list(spaces.values())
        self._cells = [cell for _, cell in seen.cells if content(cell) is not UNBOUND]
        known = set(map(id, modules))
        others = [each for _, each in seen.objects if has_attributes(each) and id(each) not in known]
        self._attributes = [(each, name) for each in others for name in _of_its_own(each, seen.attributes)]
        held = [*(each for _, each in seen.bound()), *(each for part in modules for each in vars(part).values())]
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
        names = [map(space.get, names) for space, names in self._spaces]
        attributes = starmap(_attribute, self._attributes)
        return chain(chain.from_iterable(self._live), *names, map(_content, self._cells), attributes, _END)

    def hold(self) -> bool:
        """Whether modes are as they were, and every name is bound to the same object, or to an equal number."""
        try:
            return all(map(is_, self._now(), self._recorded)) or all(
                one is other or _equal(one, other) for one, other in zip_longest(self._now(), self._recorded)
            )
        except ValueError:  # a variable is bound to nothing now
            return False


def _contents(held: Any) -> Any:
    return held.values() if isinstance(held, dict) else held


def _of_its_own(value: Any, names: Iterable[str]) -> list[str]:
    """The attributes among these that an object holds, or for which its class has a value that stands in."""
    return [
        name
        for name in names
        if name in vars(value) or isinstance(of_class(value, name), (*_NUMBERS, list, dict, Node))
    ]


def _attribute(value: Any, name: str) -> Any:
    return getattr(value, name, UNBOUND)


def _equal(found: Any, value: Any) -> bool:
    """Whether two numbers are the same though not one object."""
    return isinstance(value, _NUMBERS) and type(found) is type(value) and bool(found == value)
