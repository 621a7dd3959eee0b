"""A plan: a program made ready to run, with the cells it reads and writes and what it holds under."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.node import Node
from autograd.plan.bindings import Bindings
from autograd.plan.building import Builder
from autograd.plan.calls import Form, leaves_among
from autograd.plan.cells import Lent
from autograd.plan.chunks import in_parts
from autograd.plan.exchange import Exchange
from autograd.plan.flat import Layout, flattened
from autograd.plan.loading import bound, loaded
from autograd.plan.passes import after_passes, without_dead_code
from autograd.plan.program import Constant, Program
from autograd.plan.reuse import in_place, with_quick_products, with_ready_numbers
from autograd.plan.rooms import into_rooms, through_rooms, with_views
from autograd.plan.trace import Trace
from autograd.plan.writing import VIEWS, OtherThanRecorded, Text, written


@dataclass(frozen=True)
class Stats:
    """What became of a recording."""

    steps: tuple[tuple[str, int], ...]
    """How many calls the program had, as recorded and after each pass."""
    buffers: int
    """How many arrays it makes."""
    nbytes: int
    """Their bytes, if each were kept."""
    seconds: float
    """What the passes and the writing took; not the run that was recorded."""

    def __str__(self) -> str:
        lines = [f"{name.replace('_', ' '):24} {count:8,} calls" for name, count in self.steps]
        return "\n".join([*lines, f"{self.buffers:,} arrays, {self.nbytes:,} bytes; planned in {self.seconds:.3f} s"])


@dataclass(frozen=True)
class Plan:
    """What replays a run. Read-only: calls share it."""

    drawn: Layout
    """The program before large work is done in parts, as it is drawn."""
    shown: Layout
    """The program as it is read and saved."""
    ready: Layout
    """The program as it runs: the same calls, with arrays and numbers prepared."""
    text: Text
    exchange: Exchange
    results: int
    """How many outputs are results; the others are written."""
    lent: tuple[Lent, ...]
    """What stands for the leaves among the arguments, in their order."""
    seen: frozenset[int]
    """The identities of the leaves from around the function, which may not be among its arguments as well."""
    bindings: Bindings
    form: Form
    draws: bool
    """Whether it draws random numbers: to run it twice is not to run it once."""
    stats: Stats

    def replay(self, parts: Sequence[Any], given: Sequence[Any]) -> list[Any] | None:
        """The results of a call with these arguments; None if something that it was recorded under is another.

        Raises: OtherThanRecorded if a value decides otherwise, and nothing has changed.
        """
        if self.lent and not self._lend(parts):
            return None
        return self.exchange.replay(*given) if self.bindings.hold() else None

    def _lend(self, parts: Sequence[Any]) -> bool:
        """Let its cells have the leaves among the arguments. Whether none is seen from around the function too."""
        given = leaves_among(parts)
        for lent, each in zip(self.lent, given, strict=True):
            lent.of = each
        return self.seen.isdisjoint(map(id, given))

    def let_go(self) -> None:
        """Hold no argument any more."""
        for lent in self.lent:
            lent.of = None

    def changed(self, parts: Sequence[Any]) -> str:
        """Why it does not hold in a call with these arguments."""
        try:
            if self.lent and not self._lend(parts):
                return "an argument is a tensor that the function sees from around it"
            return self.exchange.changed() if self.bindings.hold() else self.bindings.changed()
        finally:
            self.let_go()


def planned(
    trace: Trace, results: Sequence[Node], names: dict[Node, str], name: str, form: Form, bindings: Bindings
) -> Plan:
    """The plan of a run that is over."""
    began = time.perf_counter()
    simple, counts = _simplified(trace, results, names)
    flat = _flattened(simple)
    program, parts = in_parts(flat.program)
    shown = replace(flat, program=program)
    ready = _ready(shown)
    texts = [*trace.texts, *parts]
    run = _drawing_again(loaded(bound(_text(ready.program, texts, name)))[name], program)
    return Plan(
        drawn=flat,
        shown=shown,
        ready=ready,
        text=_text(shown.program, texts, name),
        exchange=Exchange(ready, shown.read, run, len(results)),
        results=len(results),
        lent=tuple(trace.lent.values()),
        seen=frozenset(map(id, trace.leaves_seen())),
        bindings=bindings,
        form=form,
        draws=any(step.draws for step in program.steps),
        stats=_stats(program, (*counts, ("flattened", len(flat.program.steps))), time.perf_counter() - began),
    )


def _simplified(
    trace: Trace, results: Sequence[Node], names: dict[Node, str]
) -> tuple[Layout, tuple[tuple[str, int], ...]]:
    """The program after the passes, with its cells, and how many steps it had after each."""
    roots = [*results, *(node for node in trace.writes.values() if node is not None)]
    program, counts = after_passes(Builder(trace, names).build(roots))
    writes = tuple((cell, node is not None) for cell, node in trace.writes.items())
    return Layout(program, tuple(trace.cells), writes), counts


def _flattened(layout: Layout) -> Layout:
    layout = flattened(layout)
    return replace(layout, program=without_dead_code(layout.program))


def _drawing_again(run: Callable[..., Any], program: Program) -> Callable[..., Any]:
    """A program that leaves generators as they were where it does not fit: the run in its place draws the same."""
    found = [each.value for step in program.steps if step.draws for each in step.reads() if isinstance(each, Constant)]
    generators = [each for each in found if isinstance(each, np.random.Generator)]
    if not generators or not any(step.function == "assume" for step in program.steps):
        return run

    def run_or_restore(*inputs: Any) -> Any:
        states = [each.bit_generator.state for each in generators]
        try:
            return run(*inputs)
        except OtherThanRecorded:
            for each, state in zip(generators, states, strict=True):
                each.bit_generator.state = state
            raise

    return run_or_restore


def _ready(layout: Layout) -> Layout:
    """The layout as it runs: what it shows, with arrays to fill, views cut, numbers prepared, and arrays reused."""
    layout = with_views(through_rooms(into_rooms(layout)))
    return replace(layout, program=with_quick_products(in_place(with_ready_numbers(layout.program))))


def _text(program: Program, parts: list[Text], name: str) -> Text:
    taken = [each for text in parts for each in (*text.constants, *text.defines)]
    return written(program, name, f"Recorded from {name}.", taken=taken).after(parts)


def _stats(program: Program, counts: tuple[tuple[str, int], ...], seconds: float) -> Stats:
    arrays = [step.out for step in program.steps if step.function not in VIEWS and step.function != "assume"]
    nbytes = sum(math.prod(each.shape) * each.dtype.itemsize for each in arrays)
    return Stats(counts, len(arrays), nbytes, seconds)
