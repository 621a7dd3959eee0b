"""A graph of many scalars as a few vector operations: like nodes of one level are computed together.

All values stand in one vector, inputs first. A level is what depends on earlier levels alone; the nodes of a level
that apply the same operation are a group: gather their operands, apply it once, and put the results side by side. A
chain of additions is one sum, over rows, in the order of the chain, so that not a digit differs. Backwards each group
adds its contributions to the adjoints of its operands, in the opposite order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.node import Node
from autograd.operation import Elementwise, Operation
from autograd.plan.trace import Trace

_ADD, _MULTIPLY = "add", "multiply"
_POOLED = {_ADD, _MULTIPLY, "subtract", "divide"}
"""Operations whose plain numbers are put among the inputs; of others, as powers, they belong to the operation."""


@dataclass(frozen=True)
class Kind:
    """What the nodes of a group have in common: the operation, its plain numbers, or how many terms a sum has."""

    operation: Operation
    numbers: tuple[Any, ...]
    terms: int

    @property
    def is_sum(self) -> bool:
        """Whether it stands for chains of additions."""
        return self.operation.name == _ADD


@dataclass(frozen=True)
class Group:
    """Nodes of one kind and level: where their operands stand in the vector (a row for each), and their results."""

    kind: Kind
    operands: np.ndarray
    wanted: tuple[bool, ...]
    """For each operand, whether an adjoint is to flow to any of them."""
    start: int
    stop: int


@dataclass(frozen=True)
class Block:
    """The groups of a graph, in the order in which they are computed, and where its nodes stand in the vector."""

    inputs: list[Node]
    constants: np.ndarray
    groups: list[Group]
    places: dict[Node, int]
    size: int

    def values(self) -> np.ndarray:
        """The vector of the recorded run."""
        found = np.empty(self.size)
        found[len(self.inputs) : len(self.inputs) + len(self.constants)] = self.constants
        places = np.fromiter(self.places.values(), np.intp, len(self.places))
        found[places] = [node.value for node in self.places]
        return found


def grouped(root: Node, trace: Trace) -> Block:
    """The block of the scalars that a root is computed from, as far as the traced run goes."""
    return _Grouping(_scalars(root, trace.started), trace).block()


def _scalars(root: Node, started: int) -> list[tuple[Node, bool]]:
    """The nodes of a block, oldest first, each with whether it is computed there; the others are its inputs."""
    found: dict[Node, bool] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in found:
            found[node] = inner = node.order >= started and _is_computed(node)
            if inner:
                stack.extend(source for source in node.inputs if source is not None)
    return sorted(found.items(), key=lambda item: item[0].order)


def _is_computed(node: Node) -> bool:
    """Whether a node is made element by element of real numbers."""
    operation = node.operation
    if not isinstance(operation, Elementwise) or node.parameters:
        return False
    return node.value.__class__ is np.float64 and all(read.__class__ in _NUMBERS for read in node.reads)


_NUMBERS = frozenset((float, int, np.float64))


class _Grouping:
    """The steps from nodes to a block, each a pass over all nodes."""

    def __init__(self, nodes: Sequence[tuple[Node, bool]], trace: Trace) -> None:
        self._nodes = [node for node, inner in nodes if inner]
        outer = [node for node, inner in nodes if not inner]
        given = {*trace.arguments, *trace.cells.values()}
        self._fixed = {node for node in outer if node.operation is None and node not in given}
        self._inputs = [node for node in outer if node not in self._fixed]
        self._places: dict[Node, int] = {node: place for place, node in enumerate(self._inputs)}
        self._constants: dict[str, int] = {}
        self._sums: dict[Node, list[Any]] = {}
        self._absorbed: set[Node] = set()

    def block(self) -> Block:
        self._chain()
        levels: dict[Any, int] = {}
        waiting: dict[tuple[int, Kind], list[tuple[Node, list[Any]]]] = {}
        for node in self._nodes:
            if node in self._absorbed:
                continue
            kind, operands = self._kind(node)
            level = 1 + max((levels.get(each, 0) for each in operands if isinstance(each, Node)), default=0)
            levels[node] = level
            waiting.setdefault((level, kind), []).append((node, operands))
        offset = len(self._inputs) + len(self._constants)
        groups = []
        for (_, kind), members in sorted(waiting.items(), key=lambda item: item[0][0]):
            groups.append(self._group(kind, members, offset))
            offset = groups[-1].stop
        constants = np.array(list(map(float.fromhex, self._constants)), dtype=np.float64)
        return Block(self._inputs, constants, groups, self._places, offset)

    def _chain(self) -> None:
        """Find what each sum adds up: a sum that is read by the next alone is part of that."""
        readers = Counter(source for node in self._nodes for source in node.inputs)
        for node in self._nodes:
            if node.operation is None or node.operation.name != _ADD:
                continue
            left, right = _operands(node)
            for before, term in ((left, right), (right, left)):
                if isinstance(before, Node) and before in self._sums and readers[before] == 1:
                    self._absorbed.add(before)
                    self._sums[node] = self._sums.pop(before)
                    self._sums[node].append(term)
                    break
            else:
                self._sums[node] = [left, right]

    def _kind(self, node: Node) -> tuple[Kind, list[Any]]:
        operation = node.operation
        assert operation is not None
        if node in self._sums:
            terms = [self._pooled(each) for each in self._sums[node]]
            return Kind(operation, (), len(terms)), terms
        operands = _operands(node)
        if operation.name in _POOLED:
            return Kind(operation, (), 0), [self._pooled(each) for each in operands]
        numbers = tuple(None if isinstance(each, Node) else each for each in operands)
        return Kind(operation, numbers, 0), [self._pooled(each) for each in operands if isinstance(each, Node)]

    def _pooled(self, operand: Any) -> Any:
        """An operand; a plain number gets its place among the constants."""
        if not isinstance(operand, Node) or operand in self._fixed:
            number = operand.value if isinstance(operand, Node) else operand
            self._constants.setdefault(float(number).hex(), len(self._constants))
            return float(number)
        return operand

    def _group(self, kind: Kind, members: list[tuple[Node, list[Any]]], start: int) -> Group:
        members.sort(key=lambda member: [self._place(each) for each in member[1][:1]])
        rows = np.array([[self._place(each) for each in operands] for _, operands in members], np.intp).T
        for place, (node, _) in enumerate(members, start):
            self._places[node] = place
        wanted = tuple(
            any(isinstance(operands[slot], Node) and operands[slot].requires_grad for _, operands in members)
            for slot in range(len(rows))
        )
        return Group(kind, rows, wanted, start, start + len(members))

    def _place(self, operand: Any) -> int:
        if isinstance(operand, Node):
            return self._places[operand]
        return len(self._inputs) + self._constants[float(operand).hex()]


def _operands(node: Node) -> tuple[Any, ...]:
    """The sources of a node, a plain number where there is none."""
    return tuple(read if source is None else source for source, read in zip(node.inputs, node.reads, strict=True))
