"""The chain rule, written once: a sweep from a root to everything it was made from, and the memo it fills.

For a step out = f(a, b, ...) the adjoint of `out` contributes adjoint(out) * d out/d a to that of `a`; what
several steps contribute adds up. Each adjoint is computed once, kept in a table, and read by every path that
passes through it: that table is what makes the work grow with the edges of the graph and not with its paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import GraphError, ShapeError
from autograd.node import Node, ancestors, enable_grad, leaf, private
from autograd.operation import Elementwise
from autograd.operations.piecewise import where
from autograd.operations.reduction import sum_to
from autograd.operations.shaping import astype, recall

_ABSENT = object()


def sweep(
    root: Node, seed: Any = None, *, create_graph: bool = False, wrt: tuple[Node, ...] | None = None
) -> Adjoints:
    """The adjoint d root / d node of every node that `root` was made from, as a table.

    `seed` is the adjoint of the root itself: 1 for a scalar root, to be given for any other, in the root's shape.
    With `create_graph` the adjoints are tensors, recorded as they are computed, and can be differentiated again.
    With `wrt` only what lies between these nodes and the root is computed.

    Raises: GraphError if no gradient can flow to anything; ShapeError if the seed does not fit.

    >>> from autograd import Value, sweep
    >>> x = Value(3.0)
    >>> y = x * x
    >>> sweep(y * y)[y]
    np.float64(18.0)
    """
    if not root.requires_grad:
        raise GraphError(
            "this result was not made from anything that requires a gradient: "
            "create its inputs with requires_grad=True, outside no_grad()"
        )
    nodes = ancestors(root) if wrt is None else _between(root, wrt)
    seeded = _seed(root, seed)
    if not create_graph:
        return Adjoints(root, pull_back(root, seeded, nodes))
    with enable_grad():
        seeded = seeded if isinstance(seeded, Node) else leaf(type(root), seeded)
        return Adjoints(root, pull_back(root, seeded, nodes, create_graph=True))


def pull_back(
    root: Node, seed: Any, nodes: list[Node], *, create_graph: bool = False, lean: bool = False
) -> dict[Node, Any]:
    """Run the chain rule over `nodes`, youngest first. `lean` forgets the adjoint of an inner node once it is used."""
    table: dict[Node, Any] = dict.fromkeys(nodes)
    table[root] = seed
    masked: set[Node] = set()
    with np.errstate(all="ignore"):
        for node in nodes:
            operation = node.operation
            if operation is None:
                continue
            g = table[node]
            sources = node.sources
            if create_graph:
                reads, out = recorded_reads(node), node
            else:
                reads, out = sources, node.value
            if lean and not node.retains:
                del table[node]
            for place, pull in operation.pulls or operation.pulls_for(node):
                source = sources[place]
                before = table.get(source, _ABSENT)
                if before is _ABSENT:
                    continue
                contribution = pull(g, reads, out, node.parameters)
                if masked or operation.masks:
                    contribution = _masked(node, source, g, contribution, masked)
                read = sources[place + 1]
                if contribution.__class__ is not read.__class__ or contribution.__class__ is np.ndarray:
                    contribution = conform(contribution, read)
                table[source] = contribution if before is None else before + contribution
    return table


def conform(contribution: Any, read: Any) -> Any:
    """A contribution in the shape and dtype of the array it belongs to: broadcasting and promotion undone, here alone."""
    shape, dtype = np.shape(read), np.result_type(read)
    if contribution.shape != shape:
        contribution = sum_to(contribution, shape=shape)
    if contribution.dtype != dtype:
        contribution = astype(contribution, dtype=dtype)
    return contribution


def _masked(node: Node, source: Node, g: Any, contribution: Any, masked: set[Node]) -> Any:
    """Below a step that hands adjoints to some elements only, a zero means "not taken": it stays zero times infinity."""
    if node.operation.masks:  # type: ignore[union-attr]  only steps are asked
        masked.add(source)
    elif node in masked:
        masked.add(source)
        if isinstance(node.operation, Elementwise):
            return where(g == 0, 0.0 * g, contribution)
    return contribution


def recorded_reads(node: Node) -> tuple[Any, ...]:
    """What a step read, as nodes where it read from nodes, so that rules run on them are recorded in turn."""
    parts: list[Any] = []
    for source, read in zip(node.inputs, node.reads, strict=True):
        if source is None or not source.requires_grad:
            parts += [source, read]
        elif source.value is read:
            parts += [source, source]
        else:
            parts += [source, recall(source, recorded=read)]
    return tuple(parts)


def _between(root: Node, wrt: tuple[Node, ...]) -> list[Node]:
    """The nodes on a path from any of `wrt` to `root`, youngest first."""
    nodes = ancestors(root)
    on_a_path = set(wrt)
    for node in reversed(nodes):
        if any(source in on_a_path for source in node.sources[::2]):
            on_a_path.add(node)
    return [node for node in nodes if node in on_a_path] or [root]


def _seed(root: Node, seed: Any) -> Any:
    value = root.value
    if seed is None:
        if np.size(value) != 1:
            raise GraphError(
                f"the root has shape {value.shape}: a gradient belongs to one number. "
                f"Reduce it first, as in root.sum(), or give the adjoint of each element (gradient=, seed=)"
            )
        return np.ones_like(value)[()]
    shape = seed.shape if isinstance(seed, Node) else np.shape(seed)
    if shape != value.shape:
        raise ShapeError(f"the seed has shape {shape}, the root has shape {value.shape}; give one of the root's shape")
    return seed if isinstance(seed, Node) else private(np.asarray(seed, dtype=value.dtype))[()]


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
        try:
            found = self._table[node]
        except KeyError:
            found = None
        if found is None:
            raise GraphError(
                f"there is no adjoint for {node!r}: no path leads from it to the root of this sweep "
                f"(not used, detached, or recorded within no_grad())"
            )
        if isinstance(found, np.ndarray):
            found.flags.writeable = False
        return found

    def __contains__(self, node: object) -> bool:
        return self._table.get(node) is not None  # type: ignore[call-overload]  any object may be asked for

    def __iter__(self) -> Iterator[Node]:
        return (node for node, adjoint in self._table.items() if adjoint is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def edges(self) -> dict[tuple[Node, int], Any]:
        """What each step contributed through each operand slot: `{(step, slot): contribution}`."""
        return {(node, slot): self._contribution(node, slot) for node in self for slot, _ in self.slots(node)}

    def slots(self, node: Node) -> list[tuple[int, Node]]:
        """The operand slots of a step through which adjoints flow, with the inputs that stand there."""
        if node.operation is None:
            return []
        pulls = node.operation.pulls_for(node)
        return [(place // 2, node.sources[place]) for place, _ in pulls if node.sources[place] in self]

    def _contribution(self, node: Node, slot: int) -> Any:
        pull = dict(node.operation.pulls_for(node))[2 * slot]  # type: ignore[union-attr]  only steps have edges
        with np.errstate(all="ignore"):
            found = pull(self._array(node), node.sources, node.value, node.parameters)
        return conform(found, node.reads[slot])

    def _array(self, node: Node) -> Any:
        adjoint = self[node]
        return adjoint.value if isinstance(adjoint, Node) else adjoint

    def local(self, node: Node, slot: int) -> Any:
        """The partial derivative of a step by the argument in a slot: an array for an element-wise step, in the
        shape of its result; a number for a step between numbers; None for other steps, whose Jacobian is not built."""
        operation = node.operation
        if isinstance(operation, Elementwise):
            with np.errstate(all="ignore"):
                return operation.local(slot)(node.sources, node.value, node.parameters)
        if operation is None or np.size(node.value) != 1 or np.size(node.reads[slot]) != 1:
            return None
        pull = dict(operation.pulls_for(node))[2 * slot]
        with np.errstate(all="ignore"):
            return pull(np.ones_like(node.value)[()], node.sources, node.value, node.parameters)

    def counts(self) -> Counts:
        """Multiplications and additions with the memo, and path by path (dynamic programming: no path is walked)."""
        paths: dict[Node, int] = {self.root: 1}
        lengths: dict[Node, int] = {self.root: 0}
        reuses: dict[Node, int] = {}
        edges = 0
        for node in self:
            for _, source in self.slots(node):
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


def backward(root: Node, gradient: Any = None) -> None:
    """Sweep from `root` and add each leaf's adjoint to its `.grad`; the lean sweep behind `Tensor.backward`."""
    if not root.requires_grad:
        sweep(root)
    table = pull_back(root, _seed(root, gradient), ancestors(root), lean=True)
    for node, adjoint in table.items():
        if adjoint is not None:
            accumulate(node, adjoint)


def accumulate(node: Node, adjoint: Any) -> None:
    """Add to `.grad`, into an array of the node's own: one that is handed out may be written to."""
    before = node.grad
    node.grad = adjoint.copy() if before is None else before + adjoint
