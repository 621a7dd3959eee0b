"""From a trace to a program: every node that an output depends on, lowered to NumPy calls."""

from __future__ import annotations

import keyword
import re
import unicodedata
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.errors import CompileError
from autograd.node import Node, owners
from autograd.operation import Operation
from autograd.plan.cells import Captured, Data, Gradient
from autograd.plan.kinds import Number
from autograd.plan.lowering import follow
from autograd.plan.program import Atom, Constant, Program, Step, Variable, kept
from autograd.plan.seen import Seen
from autograd.plan.trace import Trace
from autograd.source import Source
from autograd.whole import Whole

_creation = attrgetter("order")
_NUMBERS = {"add", "subtract", "multiply", "divide", "power", "negative"}


def identifier(text: str) -> str:
    """A name that Python takes, as near to the given one as can be."""
    found = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", text)).strip("_") or "v"  # as Python reads names
    return f"_{found}" if found[0].isdigit() or keyword.iskeyword(found) else found


def sources_of(node: Node, trace: Trace) -> list[Node]:
    """What has to be there before a node: for a value of a block, all of them; for a draw, also the one before."""
    if node in trace.elements:
        return [trace.elements[node][0]]
    if node.order < trace.started:
        return []
    earlier = bisect_left(trace.draws, node.order, key=_creation) if isinstance(node.operation, Source) else 0
    return [*trace.draws[max(earlier - 1, 0) : earlier], *(source for source in node.inputs if source is not None)]


def beneath(nodes: Iterable[Node], trace: Trace) -> set[Node]:
    """Nodes and all that has to be there before them."""
    found: set[Node] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack += sources_of(node, trace)
    return found


class Builder:
    """Turns the nodes of a trace into steps, each once."""

    def __init__(self, trace: Trace, names: dict[Node, str]) -> None:
        self._trace = trace
        self._names = names
        for cell, node in trace.writes.items():
            if node is not None and not isinstance(cell, Gradient):
                held = trace.cells.get(cell)
                self._names.setdefault(node, f"new_{names.get(held, cell.name) if held is not None else cell.name}")
        self._paths = {part: path for root in trace.owners for path, part in reversed(list(root.named_modules()))}
        self._steps: list[Step] = []
        self._atoms: dict[Node, Atom] = {}
        self.inputs: list[Variable] = []
        for node in (*trace.arguments, *trace.cells.values()):
            self.inputs.append(self._variable(node, self._name(node)))
            self._atoms[node] = self.inputs[-1]

    def build(self, roots: Iterable[Node]) -> Program:
        """The program that computes the roots."""
        outputs = list(roots)
        for node in self._reached([*outputs, *self._trace.draws]):
            self._atoms[node] = self._lowered(node)
        return Program(tuple(self.inputs), tuple(self._steps), tuple(self._atoms[node] for node in outputs))

    def _reached(self, roots: list[Node]) -> list[Node]:
        """What has to be computed, oldest first; what reads a value of a block is as old as that."""
        ages: dict[Node, float] = {}
        stack = list(roots)
        while stack:
            node = stack[-1]
            sources = [each for each in sources_of(node, self._trace) if each not in self._atoms]
            waiting = [each for each in sources if each not in ages]
            stack += waiting
            if not waiting:
                stack.pop()
                latest = max((ages[each] for each in sources), default=0)
                ages[node] = latest + 0.5 if node in self._trace.elements else max(latest, node.order)
        return sorted(ages.keys() - self._atoms.keys(), key=lambda node: (ages[node], node.order))

    def _lowered(self, node: Node) -> Atom:
        element = self._trace.elements.get(node)
        if element is not None:
            return self._element(node, *element)
        operation = node.operation
        if operation is None or node.order < self._trace.started:
            return Constant(node.value)
        operands: list[tuple[Any, Atom]] = [
            (read, Constant(read) if source is None else self._atoms[source])
            for source, read in zip(node.inputs, node.reads, strict=True)
        ]
        about = self._about(node)
        if isinstance(node, Number):
            return self._number(node, operands, about)
        if not isinstance(operation, Source) and not (isinstance(operation, Whole) and operation.called):
            followed = follow(operation.function, operands, dict(node.parameters or {}), about, node.value)
            if followed is not None:
                self._steps += followed[0]
                return followed[1]
        return self._called(node, operation, [atom for _, atom in operands], about)

    def _called(self, node: Node, operation: Operation, atoms: list[Atom], about: tuple[str, str, str]) -> Atom:
        """A call of the operation as a whole."""
        out = self._variable(node, about[2])
        if isinstance(operation, Whole) and operation.called:
            self._steps.append(Step(operation.called, (atoms,), {}, out, *about[:2]))
            return out
        parameters = {name: kept(value) for name, value in (node.parameters or {}).items()}
        draws = isinstance(operation, Source)
        self._steps.append(
            Step(operation.name, tuple(atoms), parameters, out, *about[:2], whole=operation.function, draws=draws)
        )
        return out

    def _element(self, node: Node, vector: Node, place: int) -> Atom:
        """One of the values of a block."""
        out = self._variable(node, self._name(node))
        self._steps.append(Step("[]", (self._atoms[vector], place), {}, out, *self._about(node)[:2]))
        return out

    def _number(self, node: Node, operands: list[tuple[Any, Atom]], about: tuple[str, str, str]) -> Atom:
        assert node.operation is not None
        if node.operation.name not in _NUMBERS:
            raise CompileError(
                f"a learning rate or step count went through '{node.operation.name}'; only + - * / ** can be recorded"
            )
        out = Variable((), np.dtype(type(node.value)), about[2], weak=True)
        self._steps.append(Step(f"np.{node.operation.name}", tuple(atom for _, atom in operands), {}, out, *about[:2]))
        return out

    def _about(self, node: Node) -> tuple[str, str, str]:
        """The phase a node belongs to, the module, and the name of what it makes."""
        trace = self._trace
        place = bisect([began for began, _ in trace.backwards], node.order) - 1
        within = place >= 0 and node.order < trace.backwards[place][1]
        phase = "backward" if within else "update" if place >= 0 else "forward"
        chain = owners(node)
        return phase, self._paths.get(chain[-1], "") if chain else "", identifier(self._name(node))

    def _name(self, node: Node) -> str:
        if node in self._names:
            return self._names[node]
        of = self._trace.adjoints.get(node)
        if of is not None:
            return ("grad_" if of.operation is None else "d_") + self._name(of)
        return node.name or (node.operation.name if node.operation is not None else "value")

    def _variable(self, node: Node, name: str) -> Variable:
        value = node.value
        weak = isinstance(node, Number)
        return Variable(np.shape(value), np.asarray(value).dtype, identifier(name), weak)


def names_of(trace: Trace, seen: Seen, arguments: Iterable[str]) -> dict[Node, str]:
    """What to call the inputs: by module path, by the variable of the user's, or by the parameter."""
    found: dict[Node, str] = dict(zip(trace.arguments, arguments, strict=True))
    for owner in trace.owners:
        for path, parameter in owner.named_parameters():
            found.setdefault(parameter, path)
    taken: Counter[str] = Counter()
    visible = {id(value): name for name, value in reversed(list(seen.bound()))}
    for cell, node in trace.cells.items():
        held = cell.leaf if isinstance(cell, Data) else cell.array if isinstance(cell, Captured) else None
        known = visible.get(id(held)) if held is not None else None
        if node not in found:
            wish = known or getattr(held, "name", None) or cell.name
            taken[wish] += 1
            found[node] = wish if taken[wish] == 1 else f"{wish}_{taken[wish]}"
    return found
