"""A step of an optimizer within a run that is recorded: what it reads and writes are cells, so that a replay moves on.

The learning rate, the number of steps, and hyper-parameters that were seen to change vary between replays; the other
hyper-parameters, the parameters, and which of them have a gradient, are what a recording is for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from autograd.mode import Cell, Recording, no_grad
from optim.hyper import RATE, Path, all_but, as_read, number_at, with_numbers
from optim.row import fitting

if TYPE_CHECKING:
    from optim.update_rule import UpdateRule


@dataclass(frozen=True, eq=False)
class _OfOptimizer(Cell):
    """Something of an optimizer."""

    optimizer: UpdateRule

    @property
    def belongs_to(self) -> UpdateRule:
        """The optimizer."""
        return self.optimizer


@dataclass(frozen=True, eq=False)
class Hyper(_OfOptimizer):
    """A hyper-parameter of a group that may be another number at each step: the learning rate, or one that is not 0."""

    group: int
    path: Path

    @property
    def place(self) -> tuple[Any, ...]:
        """The group's."""
        return id(self.optimizer), self.group, self.path

    @property
    def nonzero(self) -> bool:
        """All but the rate: what belongs to a hyper-parameter that is 0 may not be in a program."""
        return self.path != RATE

    def read(self) -> float | None:
        """What it is now: a schedule may have changed it. None if it is 0, and there is more to it than a number."""
        found = number_at(self.optimizer.param_groups[self.group], self.path)
        return None if found == 0 and self.nonzero else found

    def reading(self, name: Callable[[Any, str], str]) -> str | None:
        """The number in the group, of what may be 0."""
        key, place = self.path
        found = f"{name(self.optimizer, 'optimizer')}.param_groups[{self.group}][{key!r}]"
        return None if self.nonzero or place is not None else f"float({found})"

    def write(self, new: Any) -> None:
        """For another step."""
        group = self.optimizer.param_groups[self.group]
        group.update(with_numbers(group, {self.path: new}))

    @property
    def name(self) -> str:
        """PyTorch's; of `betas` beta1 and beta2."""
        name, place = self.path
        return name if place is None else f"{name.removesuffix('s')}{place + 1}"


@dataclass(frozen=True, eq=False)
class Count(_OfOptimizer):
    """How many steps some parameters have made, all the same number."""

    parameters: tuple[Any, ...]

    @property
    def place(self) -> tuple[int, ...]:
        """The parameters', within the optimizer."""
        return id(self.optimizer), *map(id, self.parameters)

    def read(self) -> int | None:
        """The number; None if they have not one number any more."""
        found = list(map(self.optimizer.counts.get, self.parameters, repeat(0)))
        return found[0] if found.count(found[0]) == len(found) else None

    def reading(self, name: Callable[[Any, str], str]) -> str:
        """The same in Python."""
        counts = f"{name(self.optimizer, 'optimizer')}.counts.get"
        found = [f"{counts}({name(each, each.name or 'leaf')}, 0)" for each in self.parameters]
        return f"{found[0]} if {' == '.join(found)} else None" if len(found) > 1 else found[0]

    def write(self, new: int) -> None:
        """For each of them. Rows end: what they write to is not what is kept any more."""
        self.optimizer.layouts.clear()
        self.optimizer.counts.update(dict.fromkeys(self.parameters, new))

    def writing(self, name: Callable[[Any, str], str]) -> str:
        """The places of all of them, to be assigned to one after the other."""
        counts = f"{name(self.optimizer, 'optimizer')}.counts"
        return " = ".join(f"{counts}[{name(each, each.name or 'leaf')}]" for each in self.parameters)

    def before_writing(self, name: Callable[[Any, str], str]) -> str:
        """Rows end."""
        return f"{name(self.optimizer, 'optimizer')}.layouts.clear()"

    @property
    def name(self) -> str:
        """The papers'."""
        return "t"


@dataclass(frozen=True, eq=False)
class Memory(_OfOptimizer):
    """One array that is kept for a parameter."""

    parameter: Any
    slot: int

    @property
    def place(self) -> tuple[int, ...]:
        """The parameter's, within the optimizer."""
        return id(self.optimizer), id(self.parameter), self.slot

    def read(self) -> Any:
        """The array; before the first step, what it starts from."""
        kept = self.optimizer.kept.get(self.parameter)
        if kept is None or kept[self.slot] is None:
            return self.optimizer.memory_of(self.parameter)[self.slot]
        return kept[self.slot] if self.parameter.shape else kept[self.slot] * 1  # a number, no array of no axes

    def write(self, new: Any) -> None:
        """The others stay."""
        self.optimizer.kept.setdefault(self.parameter, [None] * len(self.optimizer.memory))[self.slot] = new

    def reading(self, name: Callable[[Any, str], str]) -> str | None:
        """What is kept, if that is an array with axes: the array of a number is read as one."""
        return self._place(name, "get", (None,) * len(self.optimizer.memory))

    def writing(self, name: Callable[[Any, str], str]) -> str | None:
        """The place of that."""
        return self._place(name, "setdefault", [None] * len(self.optimizer.memory))

    def _place(self, name: Callable[[Any, str], str], how: str, nothing: Any) -> str | None:
        optimizer, parameter = name(self.optimizer, "optimizer"), name(self.parameter, self.parameter.name or "leaf")
        return f"{optimizer}.kept.{how}({parameter}, {nothing})[{self.slot}]" if self.parameter.shape else None

    @property
    def name(self) -> str:
        """The memory's."""
        return self.optimizer.memory[self.slot]


def since(first: int, t: Any) -> Any:
    """1.0 from step `first` on and 0.0 before it: a decision by the step count in arithmetic, which can be recorded."""
    beyond = t - first + 0.5
    return 0.5 + 0.5 * beyond / (beyond * beyond) ** 0.5


@no_grad()
def record_step(optimizer: UpdateRule, run: Recording) -> None:
    """Record the update of every parameter that has a gradient."""
    optimizer.layouts.clear()  # their rows write in place to what is read from here on
    varying = [optimizer.varying_in(place) for place in range(len(optimizer.param_groups))]
    groups, whose = optimizer.param_groups, type(optimizer).__name__
    run.watch([optimizer], f"a group of {whose} is another", attrgetter("param_groups"))
    run.watch(groups, f"a group of {whose} is another")
    for group, paths in zip(groups, varying, strict=True):
        whole, rest = all_but((RATE, *paths), group)
        run.watch(group["params"], f"a parameter of {whose} is another")
        run.watch(["params", *whole], f"a hyper-parameter of {whose} is another", group.get)
        run.watch(rest, f"a hyper-parameter of {whose} is another", partial(number_at, group))
    for place, group in enumerate(groups):
        moving = [each for each in group["params"] if each.grad is not None]
        for before, together in _by_steps(optimizer, run, moving):
            counted = Count(optimizer, together)
            step = (run.read(counted) if before is None else before) + 1
            numbers = {path: run.read(Hyper(optimizer, place, path)) for path in (RATE, *varying[place])}
            hyper = with_numbers(as_read(group), numbers)
            for parameter in together:
                _record_update(optimizer, run, parameter, step, hyper)
            run.write(counted, step)
            _made_within.setdefault(run, {}).update({(optimizer, each): step for each in together})


_made_within: WeakKeyDictionary[Recording, dict[Any, Any]] = WeakKeyDictionary()
"""How many steps parameters have made by now in runs that are recorded: counts move once a run is over."""


def _by_steps(optimizer: UpdateRule, run: Recording, moving: Sequence[Any]) -> list[tuple[Any, tuple[Any, ...]]]:
    """Parameters that have made as many steps together, with that number if it is of this run."""
    within = _made_within.get(run, {})
    groups: dict[Any, list[Any]] = {}
    for each in moving:
        made = within.get((optimizer, each))
        groups.setdefault(optimizer.counts.get(each, 0) if made is None else ("now", id(made)), []).append(each)
    return [(within.get((optimizer, several[0])), tuple(several)) for several in groups.values()]


def _record_update(optimizer: UpdateRule, run: Recording, parameter: Any, step: Any, hyper: dict[str, Any]) -> None:
    cells = [Memory(optimizer, parameter, slot) for slot in range(len(optimizer.memory))]
    now = optimizer.memory_of(parameter)
    if parameter in optimizer.kept:
        optimizer.kept[parameter] = now  # in the dtype that the parameter has by now
    used = [kept is not None for kept in now]
    memory = [run.read(cell) if kept else None for cell, kept in zip(cells, used, strict=True)]
    gradient = fitting(parameter.grad, parameter)
    new, memory = optimizer.update(run.operand(parameter), gradient, memory, step, hyper)
    for cell, kept in zip(cells, memory, strict=True):
        if kept is not None:
            run.write(cell, kept)
    parameter.assign(new)
