"""The picture of a plan: what it is given, each line of its program, what it gives back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograd.drawing.drawing import Drawing
from autograd.drawing.fold import by_kind
from autograd.drawing.view import Arrow, Spot, View
from autograd.notation import sizes
from autograd.plan.passes import without_dead_code
from autograd.plan.program import Atom, Program, Variable
from autograd.plan.writing import Statement, statements

_WORDS = {
    "variable": "kept between calls",
    "data": "argument",
    "constant": "constant",
    "result": "a line of the program",
    "root": "given back, or kept",
    "group": "several lines of a kind",
}


def pictured(program: Program, name: str, cells: int, *, direction: str, max_nodes: int) -> Drawing:
    """The program of a name as a drawing; `cells` of its inputs, the last ones, are kept between calls."""
    work = tuple(step for step in program.steps if step.function != "assume")
    program = without_dead_code(replace(program, steps=work))
    view = View(words=_WORDS)
    arguments = len(program.inputs) - cells
    for place, variable in enumerate(program.inputs):
        role = "data" if place < arguments else "variable"
        key, title = _key(variable), variable.name
        view.spots[key] = Spot(key, role, title, role, details=_about(variable))
    outputs = set(program.outputs)
    for each in statements(program, name):
        _add(view, each, outputs)
    if len(view.spots) > max_nodes:
        kinds = {key: replace(spot, kind=spot.operation or spot.kind) for key, spot in view.spots.items()}
        view = replace(by_kind(replace(view, spots=kinds)), words=_WORDS)
    return Drawing(view, frozenset({"value"}), direction)


def _add(view: View, line: Statement, outputs: set[Atom]) -> None:
    """A node for a line, and an edge from each that it reads; of what it fills, to what that is a part of."""
    filled = line.step.keywords.get("out")
    out = filled if isinstance(filled, Variable) else line.step.out
    key, kind = _key(out), line.step.function.removeprefix("np.").strip(".()") or line.step.function
    wholes = [arrow for arrow in view.arrows if arrow.end == key]
    view.arrows[:] = [arrow for arrow in view.arrows if arrow.end != key]
    view.arrows += [Arrow(key, arrow.start, arrow.slot) for arrow in wholes]
    role = "root" if out in outputs or line.step.out in outputs else "result"
    view.spots[key] = Spot(key, role, line.name, line.expression, details=_about(out), operation=kind)
    for slot, atom in enumerate(atom for atom in dict.fromkeys(line.reads) if atom is not out):
        if isinstance(atom, Variable):
            view.arrows.append(Arrow(_key(atom), key, slot))
        elif isinstance(atom.value, np.ndarray):
            start = f"{key}_{slot}"
            view.spots[start] = Spot(start, "constant", "", "constant", atom.value)
            view.arrows.append(Arrow(start, key, slot))


def _key(variable: Variable) -> str:
    return f"v{variable.serial}"


def _about(variable: Variable) -> tuple[str, ...]:
    return (f"{sizes(variable.shape)} {variable.dtype}",) if variable.shape else ()
