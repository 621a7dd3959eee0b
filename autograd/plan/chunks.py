"""Element-wise calls on large arrays, done in parts that stay in the processor's cache.

A row of such calls reads and writes each array from memory once, not once for each call, and what it makes on the way
needs a few short buffers, not an array each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from autograd.plan.program import Atom, Constant, Program, Step, Variable
from autograd.plan.writing import Text

_LEAST, _BYTES = 2**16, 2**18
"""Arrays of fewer elements stay in the cache anyway; a part of an array is so many bytes."""

_WORTH_SHARING = 2**21
"""Elements times calls: with less to do, to wake another core takes longer than to do it alone."""

_BLAS = ("np.matmul", "np.dot", "np.linalg.")
"""Calls after which the other cores are busy: the library's threads wait for more work there, turning round."""


@dataclass(frozen=True)
class _Run:
    """Calls that follow one another, on arrays of one shape."""

    steps: list[Step]
    arrays: list[Variable]
    numbers: list[Variable]
    made: list[Variable]
    """What others read of it."""


def in_parts(program: Program) -> tuple[Program, list[Text]]:
    """The program with rows of calls as one call each, and the texts of these."""
    steps: list[Step] = []
    texts: list[Text] = []
    busy = any(step.function.startswith(_BLAS) for step in program.steps)
    for run in _runs(program.steps):
        found = _run(run, program) if len(run) > 1 else None
        if found is None:
            steps += run
            continue
        texts.append(_written(found, f"in_parts_{len(texts) + 1}", share=not busy))
        for variable in found.made:
            steps.append(Step("np.empty", (variable.shape, variable.dtype), {}, variable, run[0].phase, run[0].scope))
        told = (0, prod(run[0].out.shape), *found.arrays, *found.numbers, *found.made)
        done = Variable((), np.dtype(bool), "done")
        steps.append(Step(texts[-1].defines[0], told, {"out": tuple(found.made)}, done, run[0].phase, run[0].scope))
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
    ufunc = getattr(np, step.function.removeprefix("np."), None)
    if not isinstance(ufunc, np.ufunc) or ufunc.signature is not None or ufunc.nout != 1 or step.keywords:
        return False
    return prod(step.out.shape) >= _LEAST and all(
        _shape(each) in ((), step.out.shape) and not isinstance(each, Constant) for each in step.arguments
    )


def _shape(part: Any) -> tuple[int, ...]:
    return part.shape if isinstance(part, Variable) else np.shape(part)


def _run(steps: list[Step], program: Program) -> _Run | None:
    inner = {step.out for step in steps}
    within = {id(step) for step in steps}
    outside = {atom for step in program.steps if id(step) not in within for atom in step.reads()}
    made = [step.out for step in steps if step.out in outside or step.out in set(program.outputs)]
    read = dict.fromkeys(atom for step in steps for atom in step.reads() if atom not in inner)
    given = [atom for atom in read if isinstance(atom, Variable)]
    if not made:
        return None
    return _Run(steps, [each for each in given if each.shape], [each for each in given if not each.shape], made)


def _written(run: _Run, name: str, *, share: bool) -> Text:
    """The function of a run."""
    names = _named((*run.arrays, *run.numbers, *run.made))
    size = _BYTES // max(each.dtype.itemsize for each in (*run.arrays, *run.made))
    arrays = (*run.arrays, *run.made)
    flat = [f"    {names[each]} = {names[each]}.reshape(-1)" for each in arrays if len(each.shape) > 1]
    buffers, lines = _lines(run, names)
    return Text(
        "\n".join(
            [
                f"def {name}(first, last, {', '.join(names.values())}):",
                *flat,
                *(f"    {buffer} = np.empty({size}, np.{dtype.name})" for buffer, dtype in buffers.items()),
                f"    for start in range(first, last, {size}):",
                f"        part = slice(start, min(start + {size}, last))",
                *([f"        count = min({size}, last - start)"] if buffers else []),
                *lines,
                "",
            ]
        ),
        (),
        {},
        {},
        (name,),
        {name: size} if share and len(run.steps) * prod(run.steps[0].out.shape) >= _WORTH_SHARING else {},
    )


def _named(variables: Sequence[Variable]) -> dict[Atom, str]:
    found: dict[Atom, str] = {}
    for variable in variables:
        name, number = variable.name, 1
        while name in found.values() or name in ("part", "start", "count", "first", "last", "np"):
            number += 1
            name = f"{variable.name}_{number}"
        found[variable] = name
    return found


def _lines(run: _Run, names: dict[Atom, str]) -> tuple[dict[str, Any], list[str]]:
    """The calls, each writing into an output, or a buffer that nobody needs any more."""
    last = {atom: place for place, step in enumerate(run.steps) for atom in step.reads()}
    buffers: dict[str, Any] = {}
    free: list[str] = []
    place_of = {
        each: f"{names[each]}[part]" if each.shape else names[each] for each in names if isinstance(each, Variable)
    }
    held: dict[Variable, str] = {}
    lines = []
    for place, step in enumerate(run.steps):
        reads = ", ".join(place_of[each] if isinstance(each, Variable) else repr(each) for each in step.arguments)
        for atom in set(step.reads()):
            if last[atom] == place and isinstance(atom, Variable) and atom in held:
                free.append(held.pop(atom))
        if step.out not in place_of:
            fitting = [each for each in free if buffers[each] == step.out.dtype]
            buffer = fitting[0] if fitting else f"buffer_{len(buffers) + 1}"
            free = [each for each in free if each != buffer]
            buffers[buffer] = step.out.dtype
            held[step.out] = buffer
            place_of[step.out] = f"{buffer}[:count]"
        lines.append(f"        {step.function}({reads}, out={place_of[step.out]})")
    return buffers, lines
