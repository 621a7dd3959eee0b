"""Element-wise calls on large arrays, done in parts that stay in the processor's cache.

A row of such calls reads and writes each array from memory once, not once for each call, and what it makes on the way
needs a few short buffers, not an array each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from autograd.plan.buffers import Places, Run, lines_of, run_of
from autograd.plan.program import Atom, Constant, Program, Step, Variable
from autograd.plan.writing import USED, Text, numbered

_LEAST, _BYTES = 2**16, 2**19
"""Arrays of fewer elements stay in the cache anyway; a part of an array is so many bytes."""

_WORTH_SHARING = 2**21
"""Elements times calls: with less to do, to wake another core takes longer than to do it alone."""

_BLAS = ("np.matmul", "np.dot", "np.linalg.")
"""Calls after which the other cores are busy: the library's threads wait for more work there, turning round."""


def in_parts(program: Program) -> tuple[Program, list[Text]]:
    """The program with rows of calls as one call each, and the texts of these."""
    steps: list[Step] = []
    texts: list[Text] = []
    busy = any(step.function.startswith(_BLAS) for step in program.steps)
    for run in _runs(program.steps):
        found = run_of(run, program) if len(run) > 1 else None
        if found is None:
            steps += run
            continue
        texts.append(text_of(found, f"in_parts_{len(texts) + 1}", share=not busy))
        for variable in found.made:
            steps.append(Step("np.empty", (variable.shape, variable.dtype), {}, variable, run[0].phase, run[0].scope))
        told = (0, prod(run[0].out.shape), *found.arrays, *found.numbers, *found.made)
        done = Variable((), np.dtype(bool), "done")
        steps.append(Step(texts[-1].defines[-1], told, {"out": tuple(found.made)}, done, run[0].phase, run[0].scope))
    return replace(program, steps=tuple(steps)), texts


def _runs(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps in order, those that can be done in parts together."""
    run: list[Step] = []
    for step in steps:
        if run and (not _fits(step) or step.out.shape != run[0].out.shape):
            yield run
            run = []
        run.append(step)
        if not _fits(step):
            yield run
            run = []
    if run:
        yield run


def _fits(step: Step) -> bool:
    return prod(step.out.shape) >= _LEAST and can_be_in_parts(step)


def can_be_in_parts(step: Step) -> bool:
    """Whether a step can be done in parts: a call on numbers, and on arrays of the shape of what it makes."""
    return (
        step.goes_by_element
        and not step.keywords
        and all(_shape(each) in ((), step.out.shape) and not isinstance(each, Constant) for each in step.arguments)
    )


def _shape(part: Any) -> tuple[int, ...]:
    return part.shape if isinstance(part, Variable) else np.shape(part)


def part_of(
    run: Run, name: str, over: Mapping[Variable, Variable] | None = None
) -> tuple[Text, Mapping[str, np.dtype[Any]]]:
    """The function of a run on its arrays, its numbers, the arrays it fills, and buffers of these names and dtypes.

    Each array in `over` may be the same as the one that it has there, which is not read after the first is filled.
    """
    names = _named((*run.arrays, *run.numbers, *run.made), {name, "part", "start", "first", "last", *USED})
    places = Places(run, names, over or {})
    head = f"def {name}({', '.join([*names.values(), *places.buffers])}):"
    source = "\n".join([head, *lines_of(run, places), ""])
    return Text(source, tuple(names.values()), {}, {}, (name,)), places.buffers


def text_of(run: Run, name: str, *, share: bool) -> Text:
    """The function of a run from a first to a last element of its arrays, with that of a part before it."""
    part, buffers = part_of(run, name.replace("in_parts", "part"))
    variables, names = (*run.arrays, *run.numbers, *run.made), part.inputs
    size = _BYTES // max(each.dtype.itemsize for each in variables if each.shape)
    named = list(zip(variables, names, strict=True))
    given = [f"{name}[part]" if variable.shape else name for variable, name in named]
    given += [f"{buffer}[: part.stop - start]" for buffer in buffers]
    lines = [
        f"def {name}(first, last, {', '.join(names)}):",
        *(f"    {name} = {name}.reshape(-1)" for variable, name in named if len(variable.shape) > 1),
        *(f"    {buffer} = np.empty({size}, np.{dtype.name})" for buffer, dtype in buffers.items()),
        f"    for start in range(first, last, {size}):",
        f"        part = slice(start, min(start + {size}, last))",
        f"        {part.defines[0]}({', '.join(given)})",
        "",
    ]
    worth = share and len(run.steps) * prod(run.steps[0].out.shape) >= _WORTH_SHARING
    source = "\n".join([part.source, "", *lines])
    return Text(source, (), {}, {}, (*part.defines, name), {name: size} if worth else {})


def _named(variables: Sequence[Variable], taken: set[str]) -> dict[Atom, str]:
    found: dict[Atom, str] = {}
    for variable in variables:
        found[variable] = next(name for name in numbered(variable.name) if name not in {*taken, *found.values()})
    return found
