"""A function that goes element by element as a program that fills given arrays: for eager code on large arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.mode import no_grad, recorded_by
from autograd.node import Node, leaf
from autograd.plan.buffers import Run, may_be_over, run_of
from autograd.plan.building import Builder
from autograd.plan.chunks import can_be_in_parts, part_of
from autograd.plan.kinds import Array, Number
from autograd.plan.loading import loaded
from autograd.plan.passes import after_passes
from autograd.plan.program import Program, Variable
from autograd.plan.trace import Trace
from autograd.plan.writing import written

_SAMPLE = np.array([0.25, 0.75])

Function = Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
"""`function(arrays, numbers)` gives arrays."""


class Fused:
    """The program of a function of arrays of one shape and of numbers.

    `fills` tells which of the function's results each array is that `fill` fills, and `over` which of these may be the
    array that it was wished to be.
    """

    def __init__(self, program: Program, arrays: Sequence[Variable], over: Sequence[int | None], run: Run) -> None:
        self.calls = len(run.steps)
        self.fills = tuple(program.outputs.index(each) for each in run.made)
        wished = {each: over[place] for each, place in zip(run.made, self.fills, strict=True)}
        given = {each: arrays[place] for each, place in wished.items() if place is not None}
        kept = {each: read for each, read in given.items() if may_be_over(run, each, read)}
        self.over = frozenset(place for each, place in zip(run.made, self.fills, strict=True) if each in kept)
        self._reads = [arrays.index(each) for each in run.arrays]
        scalars = tuple(step for step in program.steps if not step.out.shape)
        numbers = tuple(each for each in program.inputs if each not in arrays)
        self._numbers = loaded(written(Program(numbers, scalars, tuple(run.numbers)), "numbers", ""))["numbers"]
        text, buffers = part_of(run, "fill", kept)
        self._fill, self._buffers = loaded(text)["fill"], list(buffers.values())

    def numbers(self, *numbers: float) -> tuple[Any, ...]:
        """What the arrays are computed with, from the function's numbers."""
        found: tuple[Any, ...] = self._numbers(*numbers)
        return found

    def fill(self, arrays: Sequence[Any], numbers: Sequence[Any], filled: Sequence[Any]) -> Callable[[], None]:
        """What computes it all when it is called. Shapes: all arrays (n,)."""
        buffers = [np.empty(len(arrays[0]), dtype) for dtype in self._buffers]
        return partial(self._fill, *[arrays[place] for place in self._reads], *numbers, *filled, *buffers)


def fused(
    function: Function,
    arrays: int,
    numbers: Sequence[tuple[type[Number], float]],
    over: Sequence[int | None],
    dtype: Any,
) -> Any:
    """A function of so many arrays of a dtype, and of numbers such as these, as a `Fused`.

    `over` tells, for each of its results, which of the arrays may be written over with it. The function is run once, on
    nodes; of the numbers, given by kind and value, it may take + - * / ** and no decisions. None if it does not go by
    element.
    """
    trace = Trace()
    nodes: list[Node] = [leaf(Array, _SAMPLE.astype(dtype)) for _ in range(arrays)]
    told: list[Node] = [kind(each) for kind, each in numbers]
    with recorded_by(trace), no_grad():
        found = function(nodes, told)
    trace.arguments = [*nodes, *told]
    names = {node: f"{'number' if isinstance(node, Number) else 'array'}_{i}" for i, node in enumerate(trace.arguments)}
    program, _ = after_passes(Builder(trace, names).build(found))
    steps = [step for step in program.steps if step.out.shape]
    run = run_of(steps, program)
    if run is None or set(run.made) != set(program.outputs) or not all(map(can_be_in_parts, steps)):
        return None
    distinct = len(set(program.outputs)) == len(program.outputs) == len(over)
    return Fused(program, program.inputs[:arrays], over, run) if distinct else None
