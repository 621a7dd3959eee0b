"""The derivative along a link, as a number and as a formula: the rules of its steps, run on tensors that have names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.adjoints import Adjoints
from autograd.contribution import conform
from autograd.derivation.expression import Operand, write
from autograd.derivation.graph import Link, gradient_slots
from autograd.derivation.labels import Labels
from autograd.derivation.quantities import Shown
from autograd.mode import record_everything
from autograd.node import Node, keep_step, leaf
from autograd.operation import Elementwise

_numbers = (bool, int, float, complex, np.generic)


def slope(link: Link, adjoints: Adjoints) -> Any:
    """The derivative along a link between numbers, as a number."""

    def contribution(g: Any, step: Node, slot: int) -> Any:
        local = np.asarray(adjoints.local(step, slot)).reshape(())[()]
        return g if link.masks and g == 0 else g * local

    with np.errstate(all="ignore"):
        return np.asarray(_swept(link, 1, contribution)).reshape(())[()]


def slope_recorded(link: Link, labels: Labels) -> Any:
    """The derivative along a link between numbers, recorded as its steps' own rules compute it."""
    with record_everything(), np.errstate(all="ignore"):
        return _swept(link, 1, lambda g, step, slot: _tidy_product(g, _local(step, slot, labels)))


def pull_recorded(link: Link, adjoint: Any, labels: Labels) -> Any:
    """What the adjoint of a link's step contributes to that of its source, recorded as their own rules compute it."""

    def contribution(g: Any, step: Node, slot: int) -> Any:
        pull = dict(_operation(step).pulls_of(step))[slot]
        return conform(pull(g, _named(step, labels)), np.asarray(step.reads[slot]))

    with record_everything(), np.errstate(all="ignore"):
        return _swept(link, adjoint, contribution)


def derivative(recorded: Any, operand: Operand, labels: Labels) -> Shown | None:
    """A recorded derivative as a formula; None if it is too long to read."""
    if not isinstance(recorded, Node):
        return labels.constant(recorded)
    return operand(recorded, recorded.value) or write(recorded, operand, here=True)


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


def _named(step: Node, labels: Labels) -> Node:
    """The step as a rule reads it to be recorded: nodes where there were nodes, leaves with the value of that time."""
    reads = [
        read if source is None else source if source.operation is not None else _stand_in(source, read, labels)
        for source, read in zip(step.inputs, step.reads, strict=True)
    ]
    seen: Node = leaf(type(step), step)
    keep_step(seen, _operation(step), [None] * len(reads), reads, step.parameters, None)
    return seen


def _stand_in(source: Node, read: Any, labels: Labels) -> Node:
    stand_in: Node = leaf(type(source), read, requires_grad=source.requires_grad)
    labels.called_again(stand_in, source)
    return stand_in


def _local(step: Node, slot: int, labels: Labels) -> Any:
    """The partial derivative of a step between numbers by one of its arguments: a number, or recorded."""
    operation, seen = _operation(step), _named(step, labels)
    if isinstance(operation, Elementwise):
        return operation.local(slot)(seen)
    return dict(operation.pulls_of(step))[slot](np.ones_like(step.value)[()], seen)


def _tidy_product(left: Any, right: Any) -> Any:
    """A product without factors of one, and with numbers first."""
    if isinstance(left, _numbers) and left == 1:
        return right
    if isinstance(right, _numbers):
        return left if right == 1 else -left if right == -1 else right * left
    return -right if isinstance(left, _numbers) and left == -1 else left * right
