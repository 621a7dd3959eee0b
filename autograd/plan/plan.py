"""A plan: a program made ready to run, with the cells it reads and writes and the guards it holds under."""

from __future__ import annotations

import importlib.abc
import importlib.util
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from autograd.mode import Cell
from autograd.node import Node
from autograd.plan.building import Builder, names_of
from autograd.plan.passes import PASSES
from autograd.plan.program import Program
from autograd.plan.trace import Guard, Trace
from autograd.plan.writing import OtherThanRecorded, Text, may_be_shared, written

_number = count(1)


class _Loader(importlib.abc.InspectLoader):
    """Loads a program as a module, so that an error in it shows its line."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def get_source(self, fullname: str) -> str:  # noqa: ARG002  the loader has one source
        return self._text.source

    def exec_module(self, module: Any) -> None:
        vars(module).update(np=np, OtherThanRecorded=OtherThanRecorded, **self._text.constants, **self._text.functions)
        super().exec_module(module)


def loaded(text: Text, name: str) -> Callable[..., tuple[Any, ...]]:
    """The function that a text defines."""
    spec = importlib.util.spec_from_loader(f"autograd.plan.recorded_{next(_number)}", _Loader(text))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., tuple[Any, ...]] = getattr(module, name)
    return found


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
    program, counts = _after_passes(Builder(trace, names_of(trace, function, arguments)).build(roots))
    text = written(program, name, f"Recorded from {name}.")
    return Plan(
        program=program,
        text=text,
        run=loaded(text, name),
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


def _after_passes(program: Program) -> tuple[Program, tuple[tuple[str, int], ...]]:
    """The program after every pass, and how many steps it had after each."""
    counts = [("recorded", len(program.steps))]
    for each in PASSES:
        program = each(program)
        counts.append((each.__name__, len(program.steps)))
    return program, tuple(counts)


def kind_of(value: Any) -> Any:
    """What of a cell's value a plan is made for."""
    return (value.shape, value.dtype) if isinstance(value, np.ndarray | np.generic) else type(value)
