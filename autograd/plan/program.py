"""A program: what a run computed, as steps that each call NumPy once, from inputs to outputs.

A pass is a function from a program to a program. Nothing here is changed once made, so passes share what they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import numpy as np

_serial = count()


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A value that the program is given or computes: what is known of it before it runs."""

    shape: tuple[int, ...]
    dtype: Any
    name: str
    weak: bool = False
    """A Python number: it does not widen the dtype of an array."""
    serial: int = field(default_factory=_serial.__next__)


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A value that is the same in every run: a number, or an array that nobody writes to."""

    value: Any


Atom = Variable | Constant
"""What a step reads, and a program gives back."""


_PLAIN = {bool, int, float, str, bytes, slice, type(None), type(Ellipsis), type(np._NoValue)}
_NUMBERS = (bool, int, float, complex)


def kept(part: Any) -> Any:
    """A part of a call as a program keeps it: as a Constant, unless its text is read back as the same."""
    if type(part) in (tuple, list):
        return type(part)(map(kept, part))
    if isinstance(part, type):
        is_text = part in _NUMBERS or getattr(np, part.__name__, None) is part
    else:
        is_text = type(part) in _PLAIN or isinstance(part, Variable | Constant | np.dtype)
        is_text = is_text or (type(part) is complex and bool(np.isfinite(part)))
    return part if is_text else Constant(part)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One call: `np.add`, a method as `.reshape`, `[]` for an index, or an operation that is called as a whole."""

    function: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    out: Variable
    phase: str = "forward"
    scope: str = ""
    whole: Callable[..., Any] | None = None
    """The function itself where it is not NumPy's."""
    draws: bool = False

    @property
    def kept(self) -> bool:
        """Whether it has to run also where nobody reads what it makes: a draw, a check, or a write."""
        return self.draws or self.function == "assume" or "out" in self.keywords

    @property
    def ufunc(self) -> np.ufunc | None:
        """The ufunc that it calls, or reduces with, if that makes one array."""
        name = self.function.removesuffix(".reduce")
        found = getattr(np, name[3:], None) if self.whole is None and name.startswith("np.") else None
        return found if isinstance(found, np.ufunc) and found.nout == 1 else None

    @property
    def goes_by_element(self) -> bool:
        """Whether it calls a ufunc that makes each element of those in its place."""
        return self.ufunc is not None and self.ufunc.signature is None and not self.function.endswith(".reduce")

    def reads(self) -> list[Atom]:
        """The atoms among the arguments, at any depth, in order."""
        return list(_atoms((*self.arguments, *self.keywords.values())))

    def with_atoms(self, change: Callable[[Atom], Atom]) -> Step:
        """The same call on other atoms."""
        if all(change(atom) is atom for atom in self.reads()):
            return self
        arguments = tuple(_replaced(each, change) for each in self.arguments)
        keywords = {name: _replaced(each, change) for name, each in self.keywords.items()}
        return replace(self, arguments=arguments, keywords=keywords)


def _atoms(parts: Any) -> Iterator[Atom]:
    for each in parts:
        if isinstance(each, Variable | Constant):
            yield each
        elif isinstance(each, tuple | list):
            yield from _atoms(each)


def _replaced(part: Any, change: Callable[[Atom], Atom]) -> Any:
    if isinstance(part, Variable | Constant):
        return change(part)
    if isinstance(part, tuple | list):
        return type(part)(_replaced(each, change) for each in part)
    return part


@dataclass(frozen=True, slots=True)
class Program:
    """Steps in an order in which they can run. `inputs` are told at each call; `outputs` are what it gives back."""

    inputs: tuple[Variable, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Atom, ...]

    def readers(self) -> dict[Variable, list[Step]]:
        """The steps that read each variable."""
        found: dict[Variable, list[Step]] = {}
        for step in self.steps:
            for atom in step.reads():
                if isinstance(atom, Variable):
                    found.setdefault(atom, []).append(step)
        return found
