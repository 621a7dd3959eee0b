"""The graph as a derivation tells it: stations, the links between them, and how many paths lead through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograd.adjoints import Below, Counts, paths_above
from autograd.node import Node, ancestors


@dataclass(frozen=True, eq=False)
class Link:
    """From a station to one it was made from: through one operand slot, or through all unnamed steps between them.

    `place` tells links between the same two stations apart (1 for the first). `through` holds the steps whose
    rules make its derivative: the station itself, and the unnamed ones, youngest first.
    """

    step: Node
    source: Node
    slot: int | None
    place: int
    through: tuple[Node, ...]

    @property
    def masks(self) -> bool:
        """Whether a zero here means "not taken", and stays zero whatever it is multiplied with."""
        return any(each.operation is not None and each.operation.masks for each in self.through)


@dataclass(frozen=True, eq=False)
class Stations:
    """What lies between a root and the nodes it is derived by: `nodes` youngest first, and each one's links."""

    root: Node
    wrt: tuple[Node, ...]
    nodes: tuple[Node, ...]
    links: dict[Node, tuple[Link, ...]]
    into: dict[Node, tuple[Link, ...]] = field(default_factory=dict)

    @property
    def _below(self) -> Below:
        return {node: [link.source for link in self.links[node]] for node in self.nodes}

    def paths_above(self) -> tuple[dict[Node, int], dict[Node, int]]:
        """How many paths lead from the root down to each station, and how long they are together."""
        return paths_above(self.root, self._below)

    def counts(self) -> Counts:
        """The multiplications and additions with the memo, and path by path."""
        return Counts.of(self.root, self._below, self.wrt)

    def paths_below(self) -> dict[Node, int]:
        """How many paths lead from each station down to all that is derived by."""
        count: dict[Node, int] = {}
        for node in reversed(self.nodes):
            count[node] = any(node is each for each in self.wrt) + sum(count[link.source] for link in self.links[node])
        return count

    def above(self, wrt: Node) -> list[Node]:
        """The stations from which a path leads down to `wrt`, itself left out, oldest first."""
        seen: set[Node] = set()
        stack = [wrt]
        while stack:
            found = {link.step for link in self.into[stack.pop()]} - seen
            seen |= found
            stack += found
        return sorted(seen, key=lambda node: node.order)

    def paths_to(self, wrt: Node) -> dict[Node, int]:
        """How many paths lead from each station down to `wrt`; stations without one are left out."""
        count = {wrt: 1}
        for node in self.above(wrt):
            count[node] = sum(count.get(link.source, 0) for link in self.links[node])
        return count


def gradient_slots(node: Node) -> list[tuple[int, Node]]:
    """The operand slots of a step through which a derivative flows, with the nodes that stand there."""
    if node.operation is None:
        return []
    inputs = node.inputs
    found = [(slot, inputs[slot]) for slot, _ in node.operation.pulls_of(node)]
    return [(slot, source) for slot, source in found if source is not None and source.requires_grad]


def stations(root: Node, wrt: tuple[Node, ...], named: Iterable[Node]) -> Stations:
    """The stations between `root` and `wrt`: every node, or, if some intermediate ones are `named`, those alone.

    A node of `wrt` from which no path leads to the root has no part in it.
    """
    between = _between(root, wrt)
    stops = set(named)
    kept = {node for node in between if not stops or node in stops} | {root, *wrt}.intersection(between)
    order = [node for node in between if node in kept]
    reached = set(between)
    links = {node: _links(node, kept, reached) for node in order}
    into: dict[Node, list[Link]] = {node: [] for node in order}
    for node in order:
        for link in links[node]:
            into[link.source].append(link)
    return Stations(root, wrt, tuple(order), links, {node: tuple(found) for node, found in into.items()})


def _between(root: Node, wrt: tuple[Node, ...]) -> list[Node]:
    """The nodes on a path from the root to any of `wrt`, youngest first."""
    nodes, flows = [], {root}
    for node in ancestors(root):
        if node in flows:
            nodes.append(node)
            flows.update(source for _, source in gradient_slots(node))
    on_a_path = set(wrt).intersection(nodes)
    for node in reversed(nodes):
        if any(source in on_a_path for _, source in gradient_slots(node)):
            on_a_path.add(node)
    return [node for node in nodes if node in on_a_path]


def _links(station: Node, kept: set[Node], reached: set[Node]) -> tuple[Link, ...]:
    """The links of a station, in the order in which its formula names their sources."""
    cone, met = _cone(station, kept, reached)
    inside = {source for step in cone if step is not station for _, source in gradient_slots(step)}
    through = tuple(sorted(cone, key=lambda node: node.order, reverse=True))
    found: list[Link] = []
    for source in met:
        if source in inside:
            found.append(Link(station, source, None, 1, through))
        else:
            slots = [slot for slot, each in gradient_slots(station) if each is source]
            found += [Link(station, source, slot, place, (station,)) for place, slot in enumerate(slots, start=1)]
    return tuple(found)


def _cone(station: Node, kept: set[Node], reached: set[Node]) -> tuple[list[Node], list[Node]]:
    """A station with the unnamed steps it was made of, and the stations these were made from, in reading order."""
    cone: dict[Node, None] = {}
    met: dict[Node, None] = {}
    stack = [station]
    while stack:
        node = stack.pop()
        if node in kept and node is not station:
            met[node] = None
        elif node not in cone:
            cone[node] = None
            stack += [source for _, source in reversed(gradient_slots(node)) if source in reached]
    return list(cone), list(met)
