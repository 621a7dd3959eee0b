"""The derivative along a link, as a number and as a formula: the rules of its steps, run on tensors that have names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.adjoints import Adjoints
from autograd.contribution import conform
from autograd.derivation.algebra import Algebra
from autograd.derivation.elements import Element
from autograd.derivation.expression import Operand, write
from autograd.derivation.graph import Link, gradient_slots
from autograd.derivation.labels import Labels
from autograd.derivation.manner import Slopes
from autograd.derivation.quantities import Shown, is_number
from autograd.derivation.reckoning import in_numbers
from autograd.mode import record_everything
from autograd.node import Node, keep_step, leaf
from autograd.notation import Binding, Notation
from autograd.operation import Elementwise
from autograd.tensor import Tensor


def slope(link: Link, adjoints: Adjoints) -> Any:
    """The derivative along a link between numbers, as a number."""

    def contribution(g: Any, step: Node, slot: int) -> Any:
        local = np.asarray(adjoints.local(step, slot)).reshape(())[()]
        return g if link.masks and g == 0 else g * local

    with np.errstate(all="ignore"):
        return np.asarray(_swept(link, 1, contribution)).reshape(())[()]


def slope_recorded(link: Link, labels: Labels, slopes: Slopes) -> Any:
    """The derivative along a link between numbers, recorded as its steps' own rules compute it."""
    with record_everything(), np.errstate(all="ignore"):
        algebra = Algebra(labels.symbols)
        found = _swept(link, 1, lambda g, step, slot: algebra.times(g, local_recorded(step, slot, labels, slopes)))
        return algebra.simplified(found)


def pull_recorded(link: Link, adjoint: Any, labels: Labels, slopes: Slopes) -> Any:
    """What the adjoint of a link's step contributes to that of its source, recorded as their own rules compute it."""

    def contribution(g: Any, step: Node, slot: int) -> Any:
        prime = primed(step, labels) if slopes == "function" else None
        if prime is not None:
            return g * prime
        pull = _operation(step).pull_of(step, slot)
        return conform(pull(g, _named(step, labels, slopes)), np.asarray(step.reads[slot]))

    with record_everything(), np.errstate(all="ignore"):
        return Algebra(labels.symbols).simplified(_swept(link, adjoint, contribution))


def derivative(recorded: Any, operand: Operand, labels: Labels) -> Shown | None:
    """A recorded derivative as a formula; None if it is too long to read."""
    if not isinstance(recorded, Node):
        return labels.constant(recorded)
    return operand(recorded, recorded.value) or write(recorded, operand, here=True)


def slope_in_numbers(recorded: Any, labels: Labels) -> Shown | None:
    """A recorded derivative between numbers as a formula of numbers."""
    if not isinstance(recorded, Node):
        return labels.constant(recorded)
    return labels.value(recorded, recorded.value) or in_numbers(recorded, labels, recorded.value, here=True)


def _swept(link: Link, seed: Any, contribution: Callable[[Any, Node, int], Any]) -> Any:
    """The chain rule over the steps of one link."""
    table: dict[Node, Any] = {link.step: seed}
    inside = {link.source, *link.through}
    for step in link.through:
        g = table.get(step)
        for slot, source in gradient_slots(step) if g is not None else ():
            if link.slot in (None, slot) and source in inside:
                found = contribution(g, step, slot)
                table[source] = table[source] + found if source in table else found
    return table[link.source]


def _operation(step: Node) -> Any:
    assert step.operation is not None
    return step.operation


def _named(step: Node, labels: Labels, slopes: Slopes) -> Node:
    """The step as a rule reads it to be recorded: nodes where there were nodes, leaves with the value of that time.

    Its result is the step itself, which has a name, or to be substituted the same again without one.
    """
    reads = [
        source if source is not None and source.operation is not None else _stand_in(source, read, labels)
        for source, read in zip(step.inputs, step.reads, strict=True)
    ]
    result = step
    if slopes != "output":
        result = leaf(type(step), step.value)
        keep_step(result, _operation(step), step.inputs, step.reads, step.parameters, None)
    seen: Node = leaf(type(step), result)
    keep_step(seen, _operation(step), [None] * len(reads), reads, step.parameters, None)
    return seen


def _stand_in(source: Node | None, read: Any, labels: Labels) -> Any:
    """A leaf of the name that a leaf has, or a constant array; a number that has none is itself."""
    if source is None:
        shown = labels.constant(read) if isinstance(read, np.ndarray) and read.dtype.kind == "f" else None
        if shown is None or is_number(shown.formula):
            return read
        named: Node = leaf(Tensor, read)
        labels.symbols[named] = shown.formula
        return named
    stand_in: Node = leaf(type(source), read, requires_grad=source.requires_grad)
    labels.called_again(stand_in, source)
    return stand_in


def local_recorded(step: Node, slot: int, labels: Labels, slopes: Slopes) -> Any:
    """The partial derivative of a step between numbers by one of its arguments: a number, or recorded."""
    prime = primed(step, labels) if slopes == "function" else None
    if prime is not None:
        return prime
    operation = _operation(step)
    if isinstance(operation, Element):
        return operation.slope(slot)
    seen = _named(step, labels, slopes)
    if isinstance(operation, Elementwise):
        return operation.local(slot)(seen)
    return operation.pull_of(step, slot)(np.ones_like(step.value)[()], seen)


def primed(step: Node, labels: Labels) -> Node | None:
    """The derivative of a function by its sign, σ′(z), as a leaf of that name; None for what is no function of one."""
    operation = _operation(step)
    signs = [_FUNCTION.fullmatch(each) for each in (operation.notation.latex, operation.notation.text)]
    if not isinstance(operation, Elementwise) or operation.arity != 1 or None in signs:
        return None
    source, read = step.inputs[0], step.reads[0]
    inside = labels.symbol(source, read) or (write(source, labels.symbol) if source is not None else None)
    if inside is None:
        return None
    stand_in: Node = leaf(type(step), np.asarray(operation.local(0)(step))[()])
    latex, text = (f"{sign[1]}'{sign[2]}" for sign in signs if sign is not None)
    template = Notation(latex, text.replace("'", "\N{PRIME}"), Binding.ATOM, {})
    labels.symbols[stand_in] = template.write({operation.data[0]: inside.formula})
    return stand_in


_FUNCTION = re.compile(r"(\\?(?:operatorname\{\w+\}|\w+))(\(\{\w+\}\)|\\left\(\{\w+\}\\right\))")
"""A function's sign before parentheses with its one argument."""
