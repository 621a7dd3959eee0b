"""The memo of a sweep as an object: read it, look at its edges, count what it saved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograd.contribution import conjugated, settled
from autograd.errors import GraphError
from autograd.node import Node, value_of
from autograd.operation import Elementwise
from autograd.rule import Pull

Below: TypeAlias = Mapping[Node, Sequence[Node]]
"""What each node was made from, once per edge; the youngest node first."""


@dataclass(frozen=True)
class Counts:
    """What a sweep cost, and what it would have cost path by path; exact, however many paths there are.

    `multiplications` with the memo: one per edge, but for those at the root, whose adjoint is 1.
    `path_by_path`: every path from every leaf multiplied out by itself. `paths`: how many there are.
    `reuses`: for each node, how many times its one adjoint was read.
    """

    multiplications: int
    additions: int
    path_by_path: int
    paths: int
    reuses: Mapping[Node, int]

    @classmethod
    def of(cls, root: Node, below: Below, ends: Collection[Node]) -> Counts:
        """Those of a graph from its root down to each of `ends`: paths are counted, never walked."""
        paths, lengths = paths_above(root, below)
        edges = sum(map(len, below.values()))
        return cls(
            multiplications=edges - len(below[root]),
            additions=edges - (len(below) - 1),
            path_by_path=sum(lengths[node] - paths[node] for node in ends if node in paths and node is not root),
            paths=sum(paths.get(node, 0) for node in ends),
            reuses={node: len(sources) for node, sources in below.items() if sources},
        )


def paths_above(root: Node, below: Below) -> tuple[dict[Node, int], dict[Node, int]]:
    """How many paths lead from the root down to each node, and how long they are together (dynamic programming)."""
    paths, lengths = {root: 1}, {root: 0}
    for node, sources in below.items():
        for source in sources:
            paths[source] = paths.get(source, 0) + paths[node]
            lengths[source] = lengths.get(source, 0) + lengths[node] + paths[node]
    return paths, lengths


class Adjoints(Mapping[Node, Any]):
    """The memo of one sweep: d root / d node for every node on the way.

    `adjoints[node]` reads an entry, `edges` gives what each edge contributed, `local(node, slot)` the partial
    derivative on an edge, `counts()` what memoization saved.
    """

    def __init__(self, root: Node, table: dict[Node, Any]) -> None:
        self.root = root
        self._table = table

    def __getitem__(self, node: Node) -> Any:
        found = self._table.get(node)
        if found is None:
            raise GraphError(
                f"there is no adjoint for {node!r}: no path leads from it to the root of this sweep "
                f"(not used, detached, or recorded within no_grad())"
            )
        found = conjugated(found)
        if isinstance(found, np.ndarray):
            found.flags.writeable = False
        return found

    def __contains__(self, node: object) -> bool:
        return node in self._table

    def __iter__(self) -> Iterator[Node]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    @property
    def edges(self) -> dict[tuple[Node, int], Any]:
        """What each step contributed through each operand slot: `{(step, slot): contribution}`."""
        found: dict[tuple[Node, int], Any] = {}
        below: set[Node] = set()
        with np.errstate(all="ignore"):
            for node in self:
                g = conjugated(value_of(self[node]))
                for slot, source, pull in self._flows(node):
                    found[node, slot] = conjugated(settled(source, pull(g, node), node, slot, g, below))
        return found

    def _flows(self, node: Node) -> Iterator[tuple[int, Node, Pull]]:
        """The operand slots of a step through which adjoints flow, with the inputs that stand there and the rules."""
        inputs = node.inputs
        for slot, pull in node.operation.pulls_of(node) if node.operation is not None else ():
            source = inputs[slot]
            if source is not None and source in self:
                yield slot, source, pull

    def local(self, node: Node, slot: int) -> Any:
        """The partial derivative of a step by the argument in a slot.

        An array for an element-wise step; a number for a step between numbers; None for any other, whose Jacobian
        is not built.
        """
        operation = node.operation
        if isinstance(operation, Elementwise):
            with np.errstate(all="ignore"):
                return operation.local(slot)(node)
        if operation is None or np.size(node.value) != 1 or np.size(node.reads[slot]) != 1:
            return None
        with np.errstate(all="ignore"):
            return operation.pull_of(node, slot)(np.ones_like(node.value)[()], node)

    def counts(self) -> Counts:
        """Multiplications and additions with the memo, and path by path; paths are counted, never walked."""
        below = {node: [source for _, source, _ in self._flows(node)] for node in self}
        return Counts.of(self.root, below, [node for node in self if node.operation is None])
