"""A derivative by single elements of arrays: the graph they stand in, written out in numbers that have names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.derivation.elements import Elements, written_steps
from autograd.derivation.labels import Labels
from autograd.derivation.names import indexed, written
from autograd.derivation.rows import Rows
from autograd.errors import ArgumentError
from autograd.node import Node, ancestors

_MOST = 64
"""Derivatives by more elements than this are not told one by one."""

_MOST_STEPS = 50_000
"""So many operations on numbers are written out, and no more."""

_SELECTING = {"getitem", "reshape", "transpose", "swap_last", "squeeze", "expand_dims", "ravel"}
"""Operations whose elements are those of what they read."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """An element of an array of a graph, by its place in the flattened array."""

    array: Node
    place: int


@dataclass(frozen=True, eq=False)
class Expansion:
    """A graph of numbers, with their names.

    `rows` tells which nodes belong to one row of the data, counted from 0, and what they are called when it is any, i;
    `remarks` what a reader of the names has to know.
    """

    root: Node
    wrt: tuple[Node, ...]
    names: dict[Node, str]
    rows: Rows | None
    remarks: tuple[str, ...]


def chosen_elements(root: Node, wrt: Sequence[Node]) -> list[list[Chosen]] | None:
    """The elements that each of `wrt` selects of an array of the graph; None if they are all nodes of it themselves.

    Raises: ArgumentError for more than can be told one by one.
    """
    graph = set(ancestors(root, constants=True))
    if all(each in graph for each in wrt):
        return None
    found = [_selected(each, graph) for each in wrt]
    if not all(found):
        return None
    if sum(map(len, found)) > _MOST:
        raise ArgumentError(
            f"derive by at most {_MOST} elements one by one; found {sum(map(len, found)):,}. "
            f"Derive by the whole array for the matrix form"
        )
    return found


def _selected(wrt: Node, graph: set[Node]) -> list[Chosen]:
    steps: list[Node] = []
    node = wrt
    while node not in graph:
        source = node.inputs[0] if node.inputs else None
        if source is None or node.operation is None or node.operation.name not in _SELECTING:
            return []
        steps.append(node)
        node = source
    places: Any = np.arange(np.size(node.value)).reshape(np.shape(node.value))
    for step in reversed(steps):
        assert step.operation is not None
        places = step.operation.compute([places], step.parameters)
    return [Chosen(node, int(place)) for place in np.ravel(places)]


def is_small(nodes: list[Node]) -> bool:
    """Whether a graph can be written out in numbers."""
    return written_steps(nodes) <= _MOST_STEPS


def expanded(labels: Labels, chosen: Sequence[Chosen], row: int | None) -> Expansion:
    """The graph of a derivation by elements, of all rows of the data or of one, with all others as they are.

    Raises: ArgumentError if it would be too large, or there is no such row.
    """
    if not is_small(labels.nodes):
        raise ArgumentError(
            f"written out element by element this graph has about {written_steps(labels.nodes):,} steps; at most "
            f"{_MOST_STEPS:,} are written. Ask for style='matrix', derive by the whole array, or take fewer rows"
        )
    named = {id(read): name for read, name in labels.named_constants()}
    elements = Elements(labels.nodes, named)
    root = elements.of[labels.nodes[-1]].ravel()[0].of
    rows, samples = _samples(labels, elements, root)
    naming = _Naming(labels, elements, rows, samples)
    names, alike = naming.names()
    if row is not None:
        _require_row(row, rows)
        _keep_row(row, samples, names)
    wrt = tuple(elements.of[each.array].ravel()[each.place].of for each in chosen)
    told = Rows(samples, alike) if rows > 1 and row is None else None
    return Expansion(root, wrt, names, told, tuple(_on_weights(labels)))


def _on_weights(labels: Labels) -> Iterator[str]:
    """How the weights of layers are numbered, by one that has several inputs or units."""
    for node, role in labels.network.roles.items():
        if role.kind == "weight" and np.ndim(node.value) == 2 and np.size(node.value) > 1:
            units, inputs = np.shape(node.value)
            name = written(element_name(labels, node, (units, inputs), (units - 1, inputs - 1))).text
            yield (
                f"{name} leads from input {inputs} to unit {units} of its layer: in Python, "
                f"where counting starts from 0, weight[{units - 1}, {inputs - 1}]."
            )
            return


def _require_row(row: int, rows: int) -> None:
    if not 0 <= row < rows:
        raise ArgumentError(f"row={row}: the data has {rows} rows, counted from 0")


def _keep_row(row: int, samples: Mapping[Node, int], names: dict[Node, str]) -> None:
    """Let all that belongs to other rows be the numbers that they are."""
    for node, of in samples.items():
        if of != row:
            node.operation, node.requires_grad = None, False
            names.pop(node, None)


def _samples(labels: Labels, elements: Elements, root: Node) -> tuple[int, dict[Node, int]]:
    """How many rows the data has, and the nodes that belong to one of them: made of what that row holds alone."""
    data = list(elements.constants.values())
    data += [elements.of[node] for node in labels.nodes if node.operation is None and not node.requires_grad]
    rows = next((array.shape[0] for array in data if array.ndim > 1), 1)
    found = {
        one.of: row
        for array in data
        if array.ndim and array.shape[0] == rows
        for row, part in enumerate(array)
        for one in np.ravel(part)
    }
    mixed: set[Node] = set()
    for node in reversed(ancestors(root, constants=True)):
        of = {found[source] for source in node.inputs if source in found}
        if len(of) > 1 or any(source in mixed for source in node.inputs):
            mixed.add(node)
        elif of:
            found[node] = of.pop()
    return rows, found


class _Naming:
    """Names for the elements of every array that has one."""

    def __init__(self, labels: Labels, elements: Elements, rows: int, samples: Mapping[Node, int]) -> None:
        self._labels = labels
        self._elements = elements
        self._rows = rows
        self._samples = samples

    def names(self) -> tuple[dict[Node, str], dict[Node, str]]:
        """The names, and those that elements of a row have when the row is any, i."""
        found: dict[Node, str] = {}
        alike: dict[Node, str] = {}
        arrays: list[tuple[np.ndarray, Node | str]]
        arrays = [(self._elements.of[node], node) for node in self._labels.nodes if self._has_name(node)]
        arrays += [(self._elements.constants[id(read)], name) for read, name in self._labels.named_constants()
                   if id(read) in self._elements.constants]  # fmt: skip
        for array, origin in arrays:
            by_row = self._is_by_row(array)
            for index, one in np.ndenumerate(array):
                if isinstance(one.of, Node) and one.of not in found:
                    sample = str(index[0] + 1) if by_row and self._rows > 1 else ""
                    found[one.of] = element_name(self._labels, origin, array.shape, index, by_row, sample)
                    if sample:
                        alike[one.of] = element_name(self._labels, origin, array.shape, index, by_row, "i")
        return found, alike

    def _has_name(self, node: Node) -> bool:
        """Parameters and data have; of a network's steps what its layers put out, else those with a name, or all."""
        if node.operation is None:
            return node in self._labels.symbols
        role = self._labels.network.roles.get(node)
        if role is not None:
            return role.kind != "affine" or node not in self._labels.network.activated
        return node in self._labels.symbols

    def _is_by_row(self, array: np.ndarray) -> bool:
        return (
            array.ndim > 0
            and array.shape[0] == self._rows
            and all(self._samples.get(one.of) == index[0] for index, one in np.ndenumerate(array))
        )


def element_name(
    labels: Labels,
    origin: Node | str,
    shape: tuple[int, ...],
    index: tuple[int, ...],
    by_row: bool = False,
    row: str = "",
) -> str:
    """The name of an element of an array: of a weight from which unit to which, of data of which row."""
    role = None if isinstance(origin, str) else labels.network.roles.get(origin)
    raw = origin if isinstance(origin, str) else labels.called(origin)
    kept = list(zip(shape, index, strict=True))[by_row:]
    places = tuple(place for _, place in kept)
    if role is not None and role.kind == "weight":
        return indexed(raw, places[::-1])
    if role is not None and role.kind in ("affine", "output"):
        units = (*(place for size, place in kept[:-1] if size > 1), *places[-1:])
        letter = f"O^{role.time}" if role.time else "O"
        return indexed(letter, (role.layer - 1, *units) if role.layer else units, row)
    if role is None or role.kind != "bias":
        places = tuple(place for size, place in kept if size > 1)
    return indexed(raw[:1].lower() + raw[1:] if by_row else raw, places, row)
