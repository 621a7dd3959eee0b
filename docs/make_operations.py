"""Write docs/operations.md from the registry: every operation, its formula, its derivatives, its shapes.

The derivatives are not typed in: each rule is run on named numbers, and what it records is written out.
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor
from autograd import operations as package
from autograd.arguments import Example
from autograd.composite import Composite, composites
from autograd.contribution import Recorded
from autograd.mode import record_everything
from autograd.node import Node, ancestors
from autograd.notation import Binding, Formula
from autograd.operation import Elementwise, Operation, registry

PLACE = Path(__file__).with_name("operations.md")
OPENING = """\
# Operations

Every differentiable operation, by the file that declares it. `make docs` writes this page from the registry, and a test
says when it is out of date. The derivatives are what the rules themselves record when they are run on named numbers.
Where it says *pull-back*, the rule takes the adjoint of the result to that of an argument, for whole arrays: read it in
the file. Arguments that do not stand under "by" are constant to differentiation; switches stand at their defaults. A
function *written in operations* has no rule of its own: what it calls stands in the graph.
"""
COMPOSITES = "| written in operations | what it is |\n|---|---|\n"
CONSTANTS = {
    math.pi: r"\pi",
    math.pi**2: r"\pi^{2}",
    math.pi / 180: r"\frac{\pi}{180}",
    180 / math.pi: r"\frac{180}{\pi}",
    math.log(2): r"\ln 2",
    math.log(10): r"\ln 10",
    2 / math.sqrt(math.pi): r"\frac{2}{\sqrt{\pi}}",
    math.sqrt(math.pi) / 2: r"\frac{\sqrt{\pi}}{2}",
    1 / math.sqrt(2 * math.pi): r"\frac{1}{\sqrt{2 \pi}}",
    0.5: r"\frac{1}{2}",
}
"""Numbers that rules hold, by what is meant."""
HEAD = "| operation | formula | by | derivative | what it is |\n|---|---|---|---|---|\n"


def page() -> str:
    """The whole file."""
    parts = [OPENING]
    for name in sorted(each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
        module = importlib.import_module(name)
        operations = [each for each in registry.values() if each.function.__module__ == name and each.examples]
        written = [each for each in composites.values() if each.function.__module__ == name]
        if operations or written:
            parts.append(f"## {name.removeprefix('autograd.operations.')}\n\n{inspect.getdoc(module)}\n")
        if operations:
            parts.append(HEAD + "\n".join(map(row, operations)) + "\n")
        if written:
            parts.append(COMPOSITES + "\n".join(map(composite_row, written)) + "\n")
    return "\n".join(parts)


def composite_row(function: Composite) -> str:
    """One function written in operations as a row of its table."""
    return f"| `{function.name}{inspect.signature(function.function)}` | {about(function)} |"


def about(function: Operation | Composite) -> str:
    """The first sentence of its docstring."""
    sentence = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    prose, *rest = re.split(r"\$(.+?)\$", sentence)
    return cell(prose) + "".join(
        mathematics(formula) + cell(text) for formula, text in zip(rest[::2], rest[1::2], strict=True)
    )


def cell(text: str) -> str:
    """Prose as it stands in a table: a bar would end the cell."""
    return text.replace("|", r"\|")


def row(operation: Operation) -> str:
    """One operation as a row of the table."""
    signature = f"`{operation.name}{inspect.signature(operation.function)}`"
    formula = operation.notation.write({name: symbol(name) for name in (*operation.data, *operation.parameters)})
    by = ", ".join(f"`{name}`" for name in operation.rules)
    derivatives = ", ".join(mathematics(each.latex) for each in partials(operation)) or ("*pull-back*" if by else "")
    return "| " + " | ".join([signature, mathematics(formula.latex), by, derivatives, about(operation)]) + " |"


def mathematics(latex: str) -> str:
    """A formula as the page shows it; a bar would end the table's cell, so single and double ones go by name."""
    return "$`" + latex.replace(r"\|", r"\Vert ").replace("|", r"\vert ") + "`$"


def symbol(name: str) -> Formula:
    """A name as a formula: one letter as it is, a word upright."""
    return Formula(name if len(name) == 1 else r"\mathrm{" + name.replace("_", r"\_") + "}", name)


def partials(operation: Operation) -> list[Formula]:
    """The partial derivatives of an element-wise operation, written out, in the order of its rules.

    All its arguments are named leaves, those that it holds constant too, so that none is written as a number.
    """
    if not isinstance(operation, Elementwise) or not operation.rules:
        return []
    first = operation.examples[0]
    arguments = zip(first.arguments, operation.data, strict=True)
    operands = [Tensor(np.ravel(each)[0] * 1.0, requires_grad=True, name=name) for each, name in arguments]
    with record_everything():
        step = Recorded(operation(*operands, **first.parameters))
        step.parameters = {name: named(operation, name, first) for name in operation.parameters}
        return [written(operation.local(operation.data.index(name))(step)) for name in operation.rules]


def named(operation: Operation, name: str, case: Example) -> Any:
    """A parameter of a case, or its default, under its name if it is a number."""
    value = case.parameters.get(name, inspect.signature(operation.function).parameters[name].default)
    return Tensor(value, name=name) if isinstance(value, int | float) else value


def written(root: Any) -> Formula:
    """A recorded number as a formula of the named leaves it was made from."""
    if not isinstance(root, Node):
        return constant(root)
    formulas: dict[Node, Formula] = {}
    for node in reversed(ancestors(root, constants=True)):
        operation = node.operation
        if operation is None:
            formulas[node] = symbol(node.name) if node.name else constant(node.value)
            continue
        operands = zip(node.inputs, node.reads, strict=True)
        formulas[node] = operation.notation.write(
            {
                operation.argument_name(slot): constant(read) if source is None else formulas[source]
                for slot, (source, read) in enumerate(operands)
            }
        )
    return formulas[root]


def constant(value: Any) -> Formula:
    """A number, by its name if it has one, else short; a negative one binds like a sum."""
    if isinstance(value, complex):
        imaginary = {1: "i", -1: "-i"}.get(value.imag, f"{value.imag:.4g}i")
        text = imaginary if value.real == 0 else f"{value.real:.4g}{value.imag:+.4g}i"
    else:
        sign, size = "-" if value < 0 else "", abs(float(value))
        text = sign + CONSTANTS.get(size, f"{size:.4g}")
    if text.startswith("-"):
        return Formula(text, text, Binding.SUM)
    return Formula(text, text, Binding.PRODUCT if text in CONSTANTS.values() else Binding.ATOM)


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
