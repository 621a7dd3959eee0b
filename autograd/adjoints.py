"""The memo of a sweep as an object: read it, look at its edges, count what it saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.contribution import conjugated, settled
from autograd.errors import GraphError
from autograd.node import Node, value_of
from autograd.operation import Elementwise
from autograd.rule import Pull


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
                    found[node, slot] = conjugated(settled(source, pull(g, node), (node, slot, g, below)))
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
        """Multiplications and additions with the memo, and path by path (dynamic programming: no path is walked)."""
        paths: dict[Node, int] = {self.root: 1}
        lengths: dict[Node, int] = {self.root: 0}
        reuses: dict[Node, int] = {}
        edges = 0
        for node in self:
            for _, source, _ in self._flows(node):
                paths[source] = paths.get(source, 0) + paths[node]
                lengths[source] = lengths.get(source, 0) + lengths[node] + paths[node]
                reuses[node] = reuses.get(node, 0) + 1
                edges += 1
        leaves = [node for node in self if node.operation is None]
        return Counts(
            multiplications=edges - reuses.get(self.root, 0),
            additions=edges - (len(paths) - 1),
            path_by_path=sum(lengths[node] - paths[node] for node in leaves),
            paths=sum(paths[node] for node in leaves),
            reuses=reuses,
        )
