"""A plan: a program made ready to run, with the cells it reads and writes and the guards it holds under."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.mode import Cell
from autograd.node import Node
from autograd.plan.building import Builder, names_of
from autograd.plan.loading import loaded
from autograd.plan.passes import after_passes
from autograd.plan.program import Program
from autograd.plan.trace import Guard, Trace
from autograd.plan.writing import Text, may_be_shared, written

@dataclass(frozen=True)
class Plan:
    """What replays a run. Read-only: calls share it."""

    program: Program
    text: Text
    run: Callable[..., tuple[Any, ...]]
    reads: tuple[Cell, ...]
    known: list[Any]
    writes: tuple[tuple[Cell, bool], ...]
    """The cells that are written, and whether something is (else None), in the order of the outputs."""
    copied: tuple[int, ...]
    """The outputs that may share memory with something else."""
    results: int
    """How many outputs are results; the others are written."""
    guards: tuple[Guard, ...]
    shaped: Callable[[Sequence[Any]], Any]
    """The results in the form in which the function returns them."""
    counts: tuple[tuple[str, int], ...]
    seconds: float
    gradients: tuple[int, ...] = ()
    """The arguments that get a gradient: the last of the results."""

    def holds(self) -> bool:
        """Whether everything it was recorded under is as it was."""
        return all(guard.look() == guard.recorded for guard in self.guards)


def planned(
    trace: Trace,
    results: Sequence[Node],
    function: Callable[..., Any],
    arguments: Sequence[str],
    shaped: Callable[[Sequence[Any]], Any],
    name: str,
) -> Plan:
    """The plan of a run that is over."""
    began = time.perf_counter()
    roots = [*results, *(node for node in trace.writes.values() if node is not None)]
    program, counts = after_passes(Builder(trace, names_of(trace, function, arguments)).build(roots))
    text = written(program, name, f"Recorded from {name}.")
    return Plan(
        program=program,
        text=text,
        run=loaded(text)[name],
        reads=tuple(trace.cells),
        known=[kind_of(node.value) for node in trace.cells.values()],
        writes=tuple((cell, node is not None) for cell, node in trace.writes.items()),
        copied=tuple(place for place, shared in enumerate(may_be_shared(program)) if shared),
        results=len(results),
        guards=tuple(trace.guards),
        shaped=shaped,
        counts=counts,
        seconds=time.perf_counter() - began,
    )


def kind_of(value: Any) -> Any:
    """What of a cell's value a plan is made for."""
    return (value.shape, value.dtype) if isinstance(value, np.ndarray | np.generic) else type(value)
