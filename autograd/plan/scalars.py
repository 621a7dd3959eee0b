"""A graph of many scalars as a few vector operations: like nodes of one level are computed together.

All values stand in one vector, inputs first: what gradients end at, and what is not made element by element. A level is
what depends on earlier levels alone; the nodes of a level that apply the same operation are a group: gather their
operands, apply it once, and put the results side by side. A chain of additions is one sum, over rows, in the order of
the chain, so that not a digit differs. Backwards each group adds its contributions to the adjoints of its operands, in
the opposite order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.mode import no_grad
from autograd.node import Node
from autograd.operation import Elementwise, Operation
from autograd.plan.building import beneath
from autograd.plan.trace import Trace

_ADD, _MULTIPLY = "add", "multiply"
_POOLED = {_ADD, _MULTIPLY, "subtract", "divide"}
"""Operations whose plain numbers are put among the inputs; of others, as powers, they belong to the operation."""


@dataclass(frozen=True)
class Kind:
    """What the nodes of a group have in common: the operation, its plain numbers, or how many terms a sum has."""

    operation: Operation
    numbers: tuple[Any, ...] = field(compare=False)
    told: str
    """The numbers as text: 0.0 and -0.0 are equal, and not the same."""
    terms: int

    @property
    def is_sum(self) -> bool:
        """Whether it stands for chains of additions."""
        return self.operation.name == _ADD

    @property
    def served(self) -> tuple[bool, ...]:
        """For each operand, whether the operation has a derivative by it."""
        if self.is_sum:
            return (True,) * self.terms
        slots = {slot for slot, _ in self.operation.pulls}
        return tuple(slot in slots for slot, number in enumerate(self.numbers) if number is None)


@dataclass(frozen=True)
class Group:
    """Nodes of one kind and level: where their operands stand in the vector (a row for each), and their results.

    Gradients reach all of them, or none.
    """

    kind: Kind
    operands: np.ndarray
    wanted: tuple[bool, ...]
    """For each operand, whether an adjoint is to flow to any of them."""
    start: int
    stop: int


@dataclass(frozen=True)
class Block:
    """The groups of a graph, in the order in which they are computed, and where their nodes stand in the vector."""

    inputs: list[Node]
    constants: np.ndarray
    groups: list[Group]
    places: dict[Node, int]
    adjoints: dict[Node, int]
    """Where nodes that keep their adjoints find them, in a vector like that of the values."""
    size: int

    def values(self) -> np.ndarray:
        """The vector of the recorded run."""
        found = np.empty(self.size)
        found[: len(self.inputs)] = [node.value for node in self.inputs]
        found[len(self.inputs) : len(self.inputs) + len(self.constants)] = self.constants
        places = np.fromiter(self.places.values(), np.intp, len(self.places))
        found[places] = [node.value for node in self.places]
        return found


def grouped(root: Node, trace: Trace) -> Block:
    """The block of the scalars that a root is computed from, as far as the traced run goes."""
    return _Grouping(root, _scalars(root, trace), trace).block()


def _scalars(root: Node, trace: Trace) -> list[tuple[Node, bool]]:
    """The nodes of a block, oldest first, each with whether it is computed there; the others are its inputs.

    What an input is computed from is no part of the block, which would have to be computed before itself.
    """
    found = _down(root, trace.started, set())
    before = beneath([node for node, inner in found.items() if not inner], trace)
    if any(found.get(node) for node in before):
        found = _down(root, trace.started, before)
    return sorted(found.items(), key=lambda item: item[0].order)


def _down(root: Node, started: int, before: set[Node]) -> dict[Node, bool]:
    """The nodes from a root down to those that are not computed in a block, each with whether it is."""
    found: dict[Node, bool] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in found:
            found[node] = inner = node.order >= started and node not in before and _is_computed(node)
            if inner:
                stack.extend(source for source in node.inputs if source is not None)
    return found


def _is_computed(node: Node) -> bool:
    """Whether a node is made element by element of real numbers, and is no end of gradients and has no hook."""
    operation = node.operation
    if not isinstance(operation, Elementwise) or operation.arity not in (1, 2) or node.parameters or node.hooks:
        return False
    if node.value.__class__ is not np.float64 or node.x.__class__ not in _NUMBERS:
        return False
    if operation.arity == 1:
        return not node.requires_grad or _requires_gradient(node.a)
    numbers = node.y.__class__ in _NUMBERS
    return numbers and (not node.requires_grad or _requires_gradient(node.a) or _requires_gradient(node.b))


def _requires_gradient(source: Node | None) -> bool:
    return source is not None and source.requires_grad


_NUMBERS = frozenset((float, int, np.float64))


class _Grouping:
    """The steps from nodes to a block, each a pass over all nodes."""

    def __init__(self, root: Node, nodes: Sequence[tuple[Node, bool]], trace: Trace) -> None:
        self._trace = trace
        self._nodes = [node for node, inner in nodes if inner]
        self._reached = _reached(root, self._nodes)
        outer = [node for node, inner in nodes if not inner]
        given = {*trace.arguments, *trace.cells.values(), *self._reached}
        self._fixed = {node for node in outer if node.operation is None and node not in given}
        self._inputs = [node for node in outer if node not in self._fixed]
        self._places: dict[Node, int] = {node: place for place, node in enumerate(self._inputs)}
        self._constants: dict[str, int] = {}
        self._sums: dict[Node, list[Any]] = {}
        self._absorbed: dict[Node, Node] = {}

    def block(self) -> Block:
        self._chain()
        levels: dict[Any, int] = {}
        waiting: dict[tuple[int, Kind, bool], list[tuple[Node, list[Any]]]] = {}
        for node in self._nodes:
            if node in self._absorbed:
                continue
            kind, operands = self._kind(node)
            level = 1 + max((levels.get(each, 0) for each in operands if isinstance(each, Node)), default=0)
            levels[node] = level
            waiting.setdefault((level, kind, node in self._reached), []).append((node, operands))
        offset = len(self._inputs) + len(self._constants)
        groups = []
        for (_, kind, reached), members in sorted(waiting.items(), key=lambda item: item[0][0]):
            groups.append(self._group(kind, members, reached, offset))
            offset = groups[-1].stop
        constants = np.array(list(map(float.fromhex, self._constants)), dtype=np.float64)
        places = {node: self._places[node] for node in self._nodes if node not in self._absorbed}
        return Block(list(map(self._input, self._inputs)), constants, groups, places, self._adjoints(), offset)

    def _input(self, node: Node) -> Any:
        """An input as the block reads it: without its gradient, where none reaches it."""
        with no_grad():
            return node if node in self._reached or not node.requires_grad else self._trace.plain(node)

    def _adjoints(self) -> dict[Node, int]:
        """The place of each adjoint that is kept; part of a sum has the adjoint of the whole."""
        found = dict(self._places)
        for part, whole in reversed(self._absorbed.items()):
            found[part] = found[whole]
        return {node: found[node] for node in self._nodes if node.retains and node in self._reached}

    def _chain(self) -> None:
        """Find what each sum adds up: a sum that is read by the next alone is part of that."""
        readers = Counter(source for node in self._nodes for source in node.inputs)
        for node in self._nodes:
            if node.operation is None or node.operation.name != _ADD:
                continue
            left, right = _operands(node)
            for before, term in ((left, right), (right, left)):
                if self._continues(before, node) and readers[before] == 1:
                    self._absorbed[before] = node
                    self._sums[node] = self._sums.pop(before)
                    self._sums[node].append(term)
                    break
            else:
                self._sums[node] = [left, right]

    def _continues(self, before: Any, node: Node) -> bool:
        """Whether an operand is a sum, which gradients reach as they reach what is made of it."""
        return isinstance(before, Node) and before in self._sums and self._is_reached(before) is self._is_reached(node)

    def _is_reached(self, operand: Any) -> bool:
        return isinstance(operand, Node) and operand in self._reached

    def _kind(self, node: Node) -> tuple[Kind, list[Any]]:
        operation = node.operation
        assert operation is not None
        if node in self._sums:
            terms = [self._pooled(each) for each in self._sums[node]]
            return Kind(operation, (), "", len(terms)), terms
        operands = _operands(node)
        if operation.name in _POOLED:
            return Kind(operation, (None, None), "", 0), [self._pooled(each) for each in operands]
        numbers = tuple(None if isinstance(each, Node) else each for each in operands)
        terms = [self._pooled(each) for each in operands if isinstance(each, Node)]
        return Kind(operation, numbers, repr(numbers), 0), terms

    def _pooled(self, operand: Any) -> Any:
        """An operand; a plain number gets its place among the constants."""
        if not isinstance(operand, Node) or operand in self._fixed:
            number = operand.value if isinstance(operand, Node) else operand
            self._constants.setdefault(float(number).hex(), len(self._constants))
            return float(number)
        return operand

    def _group(self, kind: Kind, members: list[tuple[Node, list[Any]]], reached: bool, start: int) -> Group:
        members.sort(key=lambda member: [self._place(each) for each in member[1][:1]])
        rows = np.array([[self._place(each) for each in operands] for _, operands in members], np.intp).T
        for place, (node, _) in enumerate(members, start):
            self._places[node] = place
        wanted = tuple(
            reached and served and any(self._is_reached(operands[slot]) for _, operands in members)
            for slot, served in enumerate(kind.served)
        )
        rows = np.ascontiguousarray(rows)  # in the other order NumPy would add the terms of a sum by pairs
        return Group(kind, rows, wanted, start, start + len(members))

    def _place(self, operand: Any) -> int:
        if isinstance(operand, Node):
            return self._places[operand]
        return len(self._inputs) + self._constants[float(operand).hex()]


def _reached(root: Node, nodes: Sequence[Node]) -> set[Any]:
    """What gradients flow to from a root, through nodes that are given oldest first."""
    found = {root}
    for node in reversed(nodes):
        if node in found and node.operation is not None:
            inputs = node.inputs
            for slot, _ in node.operation.pulls:
                source = inputs[slot]
                if source is not None and source.requires_grad:
                    found.add(source)
    return found


def _operands(node: Node) -> tuple[Any, ...]:
    """The sources of a node, a plain number where there is none."""
    assert node.operation is not None
    first = node.x if node.a is None else node.a
    return (first,) if node.operation.arity == 1 else (first, node.y if node.b is None else node.b)
