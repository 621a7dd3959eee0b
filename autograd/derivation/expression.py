"""A recorded graph as a formula: each step through the notation of its operation, down to what has a symbol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.derivation.names import verbatim
from autograd.derivation.quantities import Shown, is_number
from autograd.node import Node
from autograd.notation import Binding, Formula, Notation
from autograd.operation import Operation, registry

Operand = Callable[[Node | None, Any], Shown | None]
"""`operand(source, read)`: how what a step read from a node, or as a constant, is shown; None to write it out."""

_LONGEST = 160
"""A formula of more characters than this, in text, is not written out."""

_HADAMARD = Notation(r"{x} \odot {y}", "{x} ⊙ {y}", Binding.PRODUCT, registry["multiply"].notation.needs)
_RESHAPING = {"reshape", "broadcast_to", "expand_dims", "squeeze"}
_NEUTRAL = {("add", 0): 0, ("add", 1): 0, ("subtract", 1): 0, ("multiply", 0): 1, ("multiply", 1): 1}
_NEUTRAL |= {("divide", 1): 1, ("power", 1): 1}
"""Operands that change nothing, by operation and slot: Python's `sum` starts with such a 0."""


def product(*factors: Formula) -> Formula:
    """Factors with a dot between them."""
    written = factors[0]
    for factor in factors[1:]:
        written = registry["multiply"].notation.write({"x": written, "y": factor})
    return written


def total(*terms: Formula) -> Formula:
    """Terms with a plus between them."""
    written = terms[0]
    for term in terms[1:]:
        written = registry["add"].notation.write({"x": written, "y": term})
    return written


def partial(of: Formula, by: Formula) -> Formula:
    """Leibniz' symbol of a partial derivative."""
    return Formula(rf"\frac{{\partial {of.latex}}}{{\partial {by.latex}}}", f"∂{of.text}/∂{by.text}")


def write(node: Node, operand: Operand, *, here: bool = False) -> Shown | None:
    """The formula of a recorded step. Neutral operands are left out of what it is nested in, not of the step itself.

    With `here` a choice by a condition that is the same everywhere shows only the branch that was taken, and a number
    is the same number in any shape.
    None if the formula would be too long to read.
    """
    table: dict[Node, Shown] = {}
    steps = steps_written(node, operand)
    for step in steps if len(steps) <= _LONGEST else ():
        shown = [operand(source, read) or table[_made(source)] for source, read in _operands(step)]
        plain = (_taken(step, shown) or _spread(step, shown)) if here else None
        table[step] = plain or _neutral(step, shown, node) or _applied(step, shown)
        if len(table[step].formula.text) > _LONGEST:
            return None
    return table.get(node)


def _operands(step: Node) -> Iterator[tuple[Node | None, Any]]:
    return zip(step.inputs, step.reads, strict=True)


def _made(source: Node | None) -> Node:
    assert source is not None
    return source


def steps_written(node: Node, operand: Operand) -> list[Node]:
    """What is to be written out, inputs before what is made of them; of too many steps for a formula only some."""
    found = {node}
    stack = [node]
    while stack and len(found) <= _LONGEST:
        step = stack.pop()
        for source, read in _operands(step):
            if source is not None and source not in found and operand(source, read) is None:
                found.add(source)
                stack.append(source)
    return sorted(found, key=lambda each: each.order)


def _applied(step: Node, shown: list[Shown]) -> Shown:
    operation = step.operation
    assert operation is not None
    formulas = [each.formula for each in shown]
    exact = all(each.exact for each in shown)
    if operation.name == "multiply":
        return Shown(_multiplied(step, formulas), exact)
    return Shown(operation.notation.write(_by_name(operation, formulas, step.parameters or {})), exact)


def _multiplied(step: Node, formulas: list[Formula]) -> Formula:
    """A product, with its number first: 2 * x is recorded as x * 2, since Python asks the tensor."""
    left, right = formulas
    source, constant = step.inputs
    if constant is None and source is not None and right.text == "-1":
        return registry["negative"].notation.write({"x": left})
    if constant is None and source is not None and is_number(right):
        left, right = right, left
    if left.text.startswith("-") and is_number(left) and not is_number(right):
        positive = replace(left, latex=left.latex[1:], text=left.text[1:], binding=Binding.ATOM)
        return registry["negative"].notation.write({"x": _product(step, positive, right)})
    return _product(step, left, right)


def _product(step: Node, left: Formula, right: Formula) -> Formula:
    source, constant = step.inputs
    if not all(map(_has_entries, step.inputs, step.reads)):
        return registry["multiply"].notation.write({"x": left, "y": right})
    left = left.enclosed(Binding.POWER) if _is_matrix_product(source) else left
    ends = constant is not None and (constant.operation is registry["divide"] or _is_matrix_product(constant))
    return _HADAMARD.write({"x": left, "y": right.enclosed(Binding.POWER) if ends else right})


def _is_matrix_product(source: Node | None) -> bool:
    return source is not None and source.operation is registry["matmul"]


def _has_entries(source: Node | None, read: Any) -> bool:
    """Whether what a step read is written as an array, and not as the one number it is made of."""
    return np.size(read) > 1 and (source is not None or bool((read != np.asarray(read).flat[0]).any()))


def _by_name(operation: Operation, formulas: list[Formula], parameters: Mapping[str, Any]) -> dict[str, Formula]:
    given = {name: verbatim(_told(value)) for name, value in parameters.items()}
    if isinstance(parameters.get("index"), tuple):
        given["index"] = verbatim(", ".join(_told(each) for each in parameters["index"]))
    if not operation.variadic:
        return given | dict(zip(operation.data, formulas, strict=True))
    latex, text = ", ".join(each.latex for each in formulas), ", ".join(each.text for each in formulas)
    return given | {operation.data[0]: Formula(latex, text)}


def _told(parameter: Any) -> str:
    """A parameter in short: a slice as it stands between brackets, a large array by its shape."""
    if isinstance(parameter, slice):
        ends = (parameter.start, parameter.stop, parameter.step)[: 2 if parameter.step is None else 3]
        return ":".join("" if each is None else str(each) for each in ends)
    if parameter is Ellipsis:
        return "..."
    if isinstance(parameter, np.ndarray) and parameter.size > 4:
        return f"array of shape {parameter.shape}"
    return str(parameter.tolist() if isinstance(parameter, np.ndarray) else parameter)


def told_parameters(step: Node) -> str:
    """The parameters of a step whose notation has no place for them, as in `axis=0`."""
    operation = step.operation
    assert operation is not None
    missing = [name for name in step.parameters or {} if f"{{{name}}}" not in operation.notation.latex]
    return ", ".join(f"{name}={_told((step.parameters or {})[name])}" for name in missing)


def _neutral(step: Node, shown: list[Shown], outermost: Node) -> Shown | None:
    """What a step on a neutral constant, within a formula, leaves as it is."""
    if step is outermost or len(shown) != 2:
        return None
    assert step.operation is not None
    for slot in (0, 1):
        constant = step.reads[slot]
        neutral = _NEUTRAL.get((step.operation.name, slot))
        if step.inputs[slot] is None and neutral is not None and np.ndim(constant) == 0 and constant == neutral:
            return shown[1 - slot]
    return None


def _taken(step: Node, shown: list[Shown]) -> Shown | None:
    """The branch of a choice that was taken everywhere."""
    assert step.operation is not None
    if step.operation.name != "where":
        return None
    condition = np.asarray(getattr(step.reads[0], "value", step.reads[0]))
    if not condition.size or condition.all() != condition.any():
        return None
    return shown[1] if condition.all() else shown[2]


def _spread(step: Node, shown: list[Shown]) -> Shown | None:
    """A number that is given another shape, or repeated to one, is still that number."""
    assert step.operation is not None
    return shown[0] if step.operation.name in _RESHAPING and np.size(step.reads[0]) == 1 else None


def as_function(symbol: Formula) -> Shown:
    """What stands for an expression too long to read: its result as a function of dots."""
    return Shown(Formula(rf"{symbol.latex}\left(\cdots\right)", f"{symbol.text}(⋯)"))


def in_brackets(formula: Formula) -> Formula:
    """A formula held together by square brackets."""
    return replace(formula, latex=rf"\bigl[ {formula.latex} \bigr]", text=f"[ {formula.text} ]", binding=Binding.ATOM)
