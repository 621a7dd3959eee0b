"""Large parameters: each is moved by a program, recorded from the rule as within `compile`, on all cores together.

To ask the system for new pages takes as long as the arithmetic. So the program writes memories over, and new values
into what a parameter held two steps before; either only where nobody else holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from autograd.plan.cores import on_all_cores
from autograd.plan.fused import Fused, fused
from autograd.plan.kinds import Nonzero, Number
from autograd.plan.sides import Spares, is_alone
from optim.hyper import RATE, Path, all_but, number_at, with_numbers
from optim.row import fitting

if TYPE_CHECKING:
    from optim.update_rule import UpdateRule

_PART, _WORTH_SHARING = 2**17, 2**21
"""Elements that a core moves at a time; elements times calls from which on it is worth to wake the others."""


class Large:
    """The programs of a rule for its large parameters, and the arrays that they fill."""

    def __init__(self, rule: UpdateRule) -> None:
        self._rule = rule
        self._programs: list[tuple[Any, dict[Any, Fused | None]]] = []
        self._spares = Spares()

    def __reduce__(self) -> tuple[Any, ...]:
        return Large, (self._rule,)  # programs belong to a process, and are soon recorded again

    def move(self, parameters: Sequence[Tensor], hyper: Mapping[str, Any], group: int) -> list[Tensor]:
        """One step for each of a group. Returned are those that the rule has no program for."""
        if not parameters:
            return []
        self._spares.begin()
        varying = (RATE, *self._rule.varying_in(group))
        known, numbers = self._programs_for(hyper, varying), [number_at(hyper, path) for path in varying]
        moves, alone = [], []
        for parameter in parameters:
            memory = self._rule.memory_of(parameter, hyper)
            key = parameter.dtype, tuple([each is not None for each in memory])
            if key not in known:
                known[key] = self._program(*key, hyper, varying)
            program = known[key]
            if program is None:
                alone.append(parameter)
            else:
                moves.append(_Move(self._rule, parameter, memory, program, numbers))
        self._done(moves)
        return alone

    def _done(self, moves: Sequence[_Move]) -> None:
        """All of the moves, or, if something is wrong with one, none. An interrupt comes afterwards."""
        interrupt, together = None, sum(move.size for move in moves) >= _WORTH_SHARING
        works = [work for move in moves for work in move.works(self._spares, over=together)]
        if together:
            interrupt = on_all_cores(works)
        else:
            for work in works:
                work()
        for move in moves:
            move.finish(self._spares)
        if interrupt is not None:
            raise interrupt

    def _programs_for(self, hyper: Mapping[str, Any], varying: Sequence[Path]) -> dict[Any, Fused | None]:
        """The programs for all hyper-parameters but those that vary, by dtype and what of the memory is used."""
        whole, rest = all_but(varying, hyper)
        fixed = varying, [hyper[name] for name in whole], [number_at(hyper, path) for path in rest]
        for known, programs in self._programs:
            if known == fixed:
                return programs
        self._programs = [(fixed, {}), *self._programs[:7]]
        return self._programs[0][1]

    def _program(
        self, dtype: Any, used: Sequence[bool], hyper: Mapping[str, Any], varying: Sequence[Path]
    ) -> Fused | None:
        def update(arrays: Sequence[Any], numbers: Sequence[Any]) -> Sequence[Any]:
            value, gradient, *kept = arrays
            coming, (step, *varied) = iter(kept), numbers
            memory = [next(coming) if each else None for each in used]
            told = with_numbers(hyper, dict(zip(varying, varied, strict=True)))
            new, memory = self._rule.update(value, gradient, memory, step, told)
            return new, *(each for each in memory if each is not None)

        count, (rate, *others) = sum(used), [number_at(hyper, path) for path in varying]
        numbers = [(Number, 1), (Number, rate), *((Nonzero, each) for each in others)]
        made: Fused | None = fused(update, 2 + count, numbers, (None, *range(2, 2 + count)), dtype)
        return made


class _Move:
    """One step of one parameter."""

    def __init__(
        self, rule: UpdateRule, parameter: Tensor, memory: list[Any], program: Fused, numbers: Sequence[float]
    ) -> None:
        self._rule, self._parameter, self._memory, self._program = rule, parameter, memory, program
        self._step = rule.counts.get(parameter, 0) + 1
        self._numbers = program.numbers(self._step, *numbers)
        self._gradient = fitting(parameter.stored_grad, parameter)
        self._slots = [slot for slot, each in enumerate(memory) if each is not None]
        self._made: list[Any] = []
        self.size = parameter.size * program.calls

    def works(self, spares: Spares, *, over: bool) -> list[Callable[[], None]]:
        """What has to be done before it is finished; `over` allows that memories which are free are written over."""
        allowed = self._program.over if over else ()
        over_it = [place in allowed and is_alone(self._memory, slot) for place, slot in enumerate(self._slots, 1)]
        value, memory = self._parameter.value, [self._memory[slot] for slot in self._slots]
        new = [old if free else np.empty(old.shape, old.dtype) for old, free in zip(memory, over_it, strict=True)]
        self._made = [spares.take(value), *new]
        read = [each.reshape(-1) for each in (value, self._gradient, *memory)]
        filled = [self._made[place].reshape(-1) for place in self._program.fills]
        parts = [slice(start, start + _PART) for start in range(0, value.size, _PART)]
        return [
            self._program.fill([each[part] for each in read], self._numbers, [each[part] for each in filled])
            for part in parts
        ]

    def finish(self, spares: Spares) -> None:
        """Let the parameter have what was computed."""
        memory: list[Any] = [None] * len(self._memory)
        for slot, made in zip(self._slots, self._made[1:], strict=True):
            memory[slot] = made
        spares.put(self._parameter.value)
        self._parameter.assign(self._made[0])
        self._rule.counts[self._parameter], self._rule.kept[self._parameter] = self._step, memory
