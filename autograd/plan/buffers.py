"""Where each call of a run writes: to what it fills, or to a buffer, one that nobody needs any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from autograd.plan.program import Atom, Program, Step, Variable


@dataclass(frozen=True)
class Run:
    """Element-wise calls that follow one another, on arrays of one shape."""

    steps: list[Step]
    arrays: list[Variable]
    numbers: list[Variable]
    made: list[Variable]
    """What others read of it."""

    def filled_at(self, made: Variable) -> int:
        """The place of the step that makes an array."""
        return next(place for place, step in enumerate(self.steps) if step.out is made)

    def read_until(self, read: Atom) -> int:
        """The place of the last step that reads something."""
        return max(place for place, step in enumerate(self.steps) if read in step.reads())


def run_of(steps: list[Step], program: Program) -> Run | None:
    """Some steps of a program as a run, if anybody reads what they make."""
    inner = {step.out for step in steps}
    within = {id(step) for step in steps}
    outside = {atom for step in program.steps if id(step) not in within for atom in step.reads()}
    made = [step.out for step in steps if step.out in outside or step.out in set(program.outputs)]
    read = dict.fromkeys(atom for step in steps for atom in step.reads() if atom not in inner)
    given = [atom for atom in read if isinstance(atom, Variable)]
    if not made:
        return None
    return Run(steps, [each for each in given if each.shape], [each for each in given if not each.shape], made)


@dataclass(frozen=True)
class _Place:
    """Where something may stand for a while: from a step on, and until one that fills an output, or to the end."""

    name: str
    dtype: Any
    since: int
    until: int


class Places:
    """The names under which the steps of a run write, and the buffers that this takes beside what is filled."""

    def __init__(self, run: Run, names: Mapping[Atom, str], over: Mapping[Variable, Variable]) -> None:
        self._run = run
        self.buffers: dict[str, Any] = {}
        self.name_of: dict[Atom, str] = dict(names)
        since = {made: run.read_until(read) for made, read in over.items()}
        self._free = [_Place(names[each], each.dtype, since.get(each, 0), run.filled_at(each)) for each in run.made]
        held: dict[Atom, _Place] = {}
        for place, step in enumerate(run.steps):
            self._free += [held.pop(atom) for atom in set(step.reads()) & held.keys() if run.read_until(atom) == place]
            if step.out not in self.name_of:
                held[step.out] = self._taken(step.out, place)
                self.name_of[step.out] = held[step.out].name

    def _taken(self, variable: Variable, place: int) -> _Place:
        last = self._run.read_until(variable)
        fits = [each for each in self._free if each.dtype == variable.dtype and each.since <= place]
        fits = [each for each in fits if last <= each.until]
        if not fits:
            buffers = (f"buffer_{number}" for number in count(1))
            name = next(each for each in buffers if each not in self.name_of.values())
            self.buffers[name] = variable.dtype
            return _Place(name, variable.dtype, 0, len(self._run.steps))
        best = min(fits, key=lambda each: each.until)
        self._free = [each for each in self._free if each is not best]
        return best


def may_be_over(run: Run, made: Variable, read: Variable) -> bool:
    """Whether an array that is made may be written over one that is read: that is not read any more by then."""
    return made.dtype == read.dtype and run.read_until(read) <= run.filled_at(made)


def lines_of(run: Run, places: Places) -> Sequence[str]:
    """The calls, one on each line."""
    name_of = places.name_of
    return [
        f"    {step.function}({', '.join(_read(each, name_of) for each in step.arguments)}, out={name_of[step.out]})"
        for step in run.steps
    ]


def _read(part: Any, name_of: Mapping[Atom, str]) -> str:
    return name_of[part] if isinstance(part, Variable) else repr(part)
