"""The picture of a plan: what it is given, each call, what it gives back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd.drawing.drawing import Drawing
from autograd.drawing.fold import by_kind
from autograd.drawing.view import Arrow, Spot, View
from autograd.plan.passes import without_dead_code
from autograd.plan.program import Constant, Program, Step, Variable

_WORDS = {
    "variable": "kept between calls",
    "data": "argument",
    "result": "a call of NumPy's",
    "root": "given back, or kept",
    "group": "several calls of a kind",
}


def pictured(program: Program, cells: int, *, direction: str, max_nodes: int) -> Drawing:
    """The program as a drawing; `cells` of its inputs, the last ones, are kept between calls."""
    checks = tuple(step for step in program.steps if step.function != "assume")
    program = without_dead_code(replace(program, steps=checks))
    view = View(words=_WORDS)
    arguments = len(program.inputs) - cells
    for place, variable in enumerate(program.inputs):
        role = "data" if place < arguments else "variable"
        key, name = _key(variable), variable.name
        view.spots[key] = Spot(key, role, name, role, details=_about(variable), requires_grad=False)
    outputs = set(program.outputs)
    for step in program.steps:
        _add(view, step, "root" if step.out in outputs else "result")
    view = replace(by_kind(view), words=_WORDS) if len(view.spots) > max_nodes else view
    return Drawing(view, frozenset({"value"}), direction)


def _add(view: View, step: Step, role: str) -> None:
    key, kind = _key(step.out), step.function.removeprefix("np.").strip(".()") or step.function
    view.spots[key] = Spot(key, role, step.out.name, kind, details=_about(step.out), requires_grad=True)
    for slot, atom in enumerate(step.reads()):
        if isinstance(atom, Constant):
            start = f"{key}_{slot}"
            view.spots[start] = Spot(start, "constant", "", "constant", _shown(atom.value), requires_grad=False)
        else:
            start = _key(atom)
        view.arrows.append(Arrow(start, key, slot))


def _shown(value: Any) -> Any:
    return value if isinstance(value, np.ndarray | np.generic | int | float) else None


def _key(variable: Variable) -> str:
    return f"v{variable.serial}"


def _about(variable: Variable) -> tuple[str, ...]:
    return (f"{' × '.join(map(str, variable.shape))} {variable.dtype}",) if variable.shape else ()
