"""A block of scalars as a program: two functions over one vector, forward and backward, a few lines for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.mode import no_grad, recorded_by
from autograd.node import Node, keep_step, leaf
from autograd.operation import Elementwise
from autograd.operations.indexing import getitem
from autograd.plan.building import Builder
from autograd.plan.kinds import Array
from autograd.plan.loading import loaded
from autograd.plan.passes import after_passes
from autograd.plan.program import Program, Step
from autograd.plan.scalars import Block, Group, Kind, grouped
from autograd.plan.trace import Trace
from autograd.plan.writing import Text, numbered, written
from autograd.whole import Whole

_FEWEST = 64
"""Blocks of fewer scalars are not worth the gathers."""


def through_block(trace: Trace, root: Node) -> Node:
    """The root as an element of the values of a block, if it is made of many scalars; else the root itself."""
    block = grouped(root, trace)
    if len(block.places) < _FEWEST:
        return root
    suffix = f"_{len(trace.texts) + 1}" if trace.texts else ""
    text = _Page(block, block.places[root], suffix, trace.texts).text()
    functions = loaded(text)
    row = _row(block.inputs)
    values = leaf(Array, block.values())
    keep_step(values, Whole(functions[f"scalar_values{suffix}"], {}), [row], [row.value], None, None)
    adjoints = Whole(functions[f"scalar_adjoints{suffix}"], {})
    place, stop = block.places[root], len(block.inputs)

    def scalar_result(values: Any, row: Any) -> Any:  # noqa: ARG001  what the adjoint goes to
        return values[place]

    def adjoints_of_inputs(g: Any, values: Any) -> Any:
        found = adjoints(values, g)
        trace.owed.append((block.adjoints, found))
        return found[:stop]

    result = leaf(Array, root.value, requires_grad=True)
    operation = Whole(scalar_result, {"row": adjoints_of_inputs})
    keep_step(result, operation, [values, row], [values.value, row.value], None, None)
    for node, within in block.places.items():
        trace.elements.setdefault(node, (values, within))
    trace.texts.append(text)
    found: Node = result
    return found


def _row(inputs: list[Node]) -> Any:
    """The inputs side by side."""
    found = leaf(Array, np.array([node.value for node in inputs]), requires_grad=True)
    keep_step(found, _ROW, inputs, [node.value for node in inputs], None, None)
    return found


def _row_of(*scalars: Any) -> Any:
    return np.array(scalars)


_ROW = Whole(_row_of, {"scalars": lambda g, slot: getitem(g, index=slot)}, called="np.array")


class _Page:
    """The text of a block."""

    def __init__(self, block: Block, root: int, suffix: str, before: Sequence[Text]) -> None:
        self._block, self._root, self._suffix = block, root, suffix
        self._taken = {name for text in before for name in (*text.constants, *text.defines)}
        self._constants: dict[str, Any] = {}
        self._called: dict[str, Any] = {}
        self._kinds: dict[Kind, str] = {}
        self._functions: list[str] = []
        self._written: list[str] = []

    def text(self) -> Text:
        """The functions of the kinds, `scalar_values(inputs)` and `scalar_adjoints(v, g)`."""
        forward, backward = list(self._forward()), list(self._backward())
        source = "\n\n".join([*self._functions, "\n".join(forward) + "\n", "\n".join(backward) + "\n"])
        defined = (f"scalar_values{self._suffix}", f"scalar_adjoints{self._suffix}", *self._written)
        return Text(source, (), self._constants, self._called, defined)

    def _forward(self) -> Iterator[str]:
        block, count = self._block, len(self._block.inputs)
        yield f"def scalar_values{self._suffix}(inputs):"
        yield f'    """{block.size:,} numbers: {count} inputs, then {len(block.groups)} groups of like operations."""'
        yield f"    v = np.empty({block.size})"
        yield f"    v[:{count}] = inputs"
        if len(block.constants):
            self._constants[f"numbers{self._suffix}"] = block.constants
            yield f"    v[{count}:{count + len(block.constants)}] = numbers{self._suffix}"
        for group in block.groups:
            place = f"v[{group.start}:{group.stop}]"
            if group.kind.is_sum:
                yield f"    {place} = {self._summed(group)}"
            else:
                operands = ", ".join(f"v[{self._index(each)}]" for each in group.operands)
                yield f"    {place} = {self._function(group)}({operands})"
        yield "    return v"

    def _summed(self, group: Group) -> str:
        rows = self._index(group.operands)
        if len(group.operands[0]) == 1:  # of one column NumPy would add pairs first
            return f"np.add.accumulate(v[{rows}][:, 0])[-1:]"
        return f"np.add.reduce(v[{rows}], axis=0)"

    def _backward(self) -> Iterator[str]:
        yield f"def scalar_adjoints{self._suffix}(v, g):"
        yield '    """The adjoints of the numbers: each group adds to those of its operands, the last group first."""'
        yield f"    a = np.zeros({self._block.size})"
        yield f"    a[{self._root}] = g"
        for group in reversed(self._block.groups):
            if not any(group.wanted):
                continue
            yield f"    g = a[{group.start}:{group.stop}]"
            yield from (self._sum_back(group) if group.kind.is_sum else self._group_back(group))
        yield "    return a"

    def _sum_back(self, group: Group) -> Iterator[str]:
        """Every term gets the adjoint of the sum: together where no place comes twice, else row by row."""
        seen: set[int] = set()
        apart: list[np.ndarray] = []
        together: list[np.ndarray] = []
        for row, wanted in zip(group.operands, group.wanted, strict=True):
            if not wanted:
                continue
            places = set(row.tolist())
            alone = len(places) == len(row) and not places & seen
            (together if alone else apart).append(row)
            seen |= places
        if together:
            yield f"    a[{self._index(np.array(together))}] += g"
        for row in apart:
            yield self._added(row, "g")

    def _group_back(self, group: Group) -> Iterator[str]:
        names = [name for name, wanted in zip(("left", "right"), group.wanted, strict=False) if wanted]
        operands = ", ".join(f"v[{self._index(each)}]" for each in group.operands)
        back = f"{self._function(group)}_back{''.join('_' + name for name in names)}"
        if back not in self._written:
            self._write(_backward_of(group), back, single=False)
        yield f"    {', '.join(names)}, = {back}(g, {operands}, v[{group.start}:{group.stop}])"
        for name, row in zip(("left", "right"), group.operands, strict=False):
            if name in names:
                yield self._added(row, name)

    def _added(self, places: np.ndarray, what: str) -> str:
        """The line that adds to the adjoints at some places; a place may come several times."""
        if len(set(places.tolist())) == len(places):
            return f"    a[{self._index(places)}] += {what}"
        low, high = int(places.min()), int(places.max()) + 1
        if high - low <= 4 * len(places):
            return f"    a[{low}:{high}] += np.bincount({self._index(places - low, False)}, {what}, {high - low})"
        return f"    np.add.at(a, {self._index(places, False)}, {what})"

    def _index(self, places: np.ndarray, sliced: bool = True) -> str:
        """Places as a slice where they follow one another, else as the name of an array."""
        if sliced and places.ndim == 1 and np.array_equal(places, np.arange(places[0], places[0] + len(places))):
            return f"{places[0]}:{places[0] + len(places)}"
        for name, known in self._constants.items():
            if known.dtype == np.intp and np.array_equal(known, places):
                return name
        name = f"places{self._suffix}_{len(self._constants)}"
        self._constants[name] = places
        return name

    def _function(self, group: Group) -> str:
        """The name of the function of a kind; the first time, its text is written."""
        if group.kind not in self._kinds:
            self._kinds[group.kind] = name = self._free(f"each_{group.kind.operation.name}{self._suffix}")
            self._write(_forward_of(group), name)
        return self._kinds[group.kind]

    def _free(self, wish: str) -> str:
        """A name that no function of this block or an earlier one has: the wished one, or that with a number."""
        return next(each for each in numbered(wish) if each not in self._taken and each not in self._written)

    def _write(self, program: Program, name: str, *, single: bool = True) -> None:
        text = written(program, name, "", single=single, taken=(*self._taken, *self._constants))
        self._constants.update(text.constants)
        self._called.update(text.functions)
        self._functions.append(text.source)
        self._written.extend(text.defines)


_SAMPLE = np.array([0.25, 0.75])


def _operands(group: Group) -> tuple[list[Any], list[Any]]:
    """Nodes for the operands of a kind, and these with its plain numbers in between."""
    nodes = [leaf(Array, _SAMPLE.copy()) for _ in group.operands]
    coming = iter(nodes)
    numbers = group.kind.numbers or (None,) * len(nodes)
    return nodes, [next(coming) if each is None else each for each in numbers]


def _forward_of(group: Group) -> Program:
    trace = Trace()
    nodes, reads = _operands(group)
    with recorded_by(trace), no_grad():
        out = group.kind.operation(*reads)
    return _program(trace, nodes, [out], ["x", "y"])


def _backward_of(group: Group) -> Program:
    trace = Trace()
    nodes, reads = _operands(group)
    g, out = leaf(Array, _SAMPLE.copy()), leaf(Array, _SAMPLE.copy())
    operation = group.kind.operation
    assert isinstance(operation, Elementwise)
    step = _Step(reads, out)
    slots = [slot for slot, each in enumerate(reads) if isinstance(each, Node)]
    wanted = [slot for slot, asked in zip(slots, group.wanted, strict=True) if asked]
    with recorded_by(trace), no_grad():
        found = [pull(g, step) for slot, pull in operation.pulls if slot in wanted]
    return _program(trace, [g, *nodes, out], found, ["g", *["x", "y"][: len(nodes)], "out"])


class _Step:
    """A step of a kind, for a rule to read."""

    def __init__(self, reads: list[Any], value: Any) -> None:
        self.reads, self.value, self.parameters = tuple(reads), value, None
        self.x, self.y = reads[0], reads[1] if len(reads) > 1 else None


def _program(trace: Trace, given: list[Any], found: list[Any], names: list[str]) -> Program:
    trace.arguments = given
    program, _ = after_passes(Builder(trace, dict(zip(given, names, strict=False))).build(found))
    return replace(program, steps=tuple(map(_as_of_one, program.steps)))


def _as_of_one(step: Step) -> Step:
    """The call that gives of each number what `** 0.5` does: of an array that is NumPy's root."""
    is_root = step.function == "np.power" and step.arguments[1] == 0.5
    return replace(step, function="np.float_power") if is_root else step
