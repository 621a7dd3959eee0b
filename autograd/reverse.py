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

from autograd.arguments import private
from autograd.errors import ArgumentError, GraphError, ShapeError
from autograd.node import Node, ancestors, enable_grad, leaf
from autograd.operation import Elementwise, passed
from autograd.operations.piecewise import where
from autograd.operations.reduction import sum_to
from autograd.operations.shaping import astype, recall

_ABSENT = object()
_array = np.ndarray


def sweep(root: Node, seed: Any = None, *, create_graph: bool = False, wrt: tuple[Node, ...] | None = None) -> Adjoints:
    """The adjoint d root / d node of every node that `root` was made from, as a table.

    `seed` is the adjoint of the root itself: 1 for a scalar root, to be given for any other, in the root's shape.
    With `create_graph` the adjoints are tensors, recorded as they are computed, and can be differentiated again.
    With `wrt` only what lies between these nodes and the root is computed.

    Raises: GraphError if no gradient can flow to anything; ShapeError if the seed does not fit;
    ArgumentError for what is no tensor.

    >>> from autograd import Value, sweep
    >>> x = Value(3.0)
    >>> y = x * x
    >>> sweep(y * y)[y]
    np.float64(18.0)
    """
    if not isinstance(root, Node):
        raise ArgumentError(f"a sweep starts from a tensor; found {type(root).__name__}")
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
    masking, known, absent = False, table.get, _ABSENT
    with np.errstate(all="ignore"):
        for node in nodes:
            operation = node.operation
            if operation is None:
                continue
            g = table[node]
            step: Any = Recorded(node) if create_graph else node
            if lean and not node.retains:
                del table[node]
            inputs: tuple[Any, ...] = operation.inputs_of(node)
            masking = masking or operation.masks
            for slot, pull in operation.pulls or operation.pulls_of(node):
                source = inputs[slot]
                before = known(source, absent)
                if before is absent:
                    continue
                contribution = g if pull is passed else pull(g, step)
                if masking:
                    contribution = _masked(node, source, g, contribution, masked)
                if contribution.__class__ is _array or contribution.__class__ is not source.value.__class__:
                    contribution = conform(contribution, source.value)
                table[source] = contribution if before is None else before + contribution
    return table


def conform(contribution: Any, value: Any) -> Any:
    """A contribution in the shape and dtype of what it belongs to: here alone broadcasting and promotion are undone."""
    if contribution.shape != value.shape:
        contribution = sum_to(contribution, shape=value.shape)
    if contribution.dtype is not value.dtype and contribution.dtype != value.dtype:
        contribution = astype(contribution, dtype=value.dtype)
    return contribution


def _masked(node: Node, source: Node, g: Any, contribution: Any, masked: set[Node]) -> Any:
    """Below a step that hands adjoints to some elements only, a zero is "not taken": it stays zero whatever follows."""
    if node.operation is not None and node.operation.masks:
        masked.add(source)
    elif node in masked:
        masked.add(source)
        if isinstance(node.operation, Elementwise):
            return where(g == 0, 0.0 * g, contribution)
    return contribution


class Recorded:
    """A step as its rules read it when they are to be recorded in turn: nodes in place of the arrays it read."""

    __slots__ = ("more", "parameters", "reads", "value", "x", "y")

    def __init__(self, node: Node) -> None:
        self.reads = tuple(map(_as_node, node.inputs, node.reads))
        self.value = node
        self.parameters = node.parameters
        self.x = self.reads[0]
        self.y = self.reads[1] if len(self.reads) > 1 else None
        self.more = tuple(part for read in self.reads[2:] for part in (None, read))


def _as_node(source: Node | None, read: Any) -> Any:
    """What a step read, as the node it came from; with the value of that time, if the node has had new data since."""
    if source is None or not source.requires_grad:
        return read
    return source if source.value is read else recall(source, recorded=read)


def _between(root: Node, wrt: tuple[Node, ...]) -> list[Node]:
    """The nodes on a path from any of `wrt` to `root`, youngest first."""
    nodes = ancestors(root)
    on_a_path = set(wrt)
    for node in reversed(nodes):
        if any(source in on_a_path for source in node.inputs):
            on_a_path.add(node)
    return [node for node in nodes if node in on_a_path] or [root]


def _seed(root: Node, seed: Any) -> Any:
    value = root.value
    if seed is None:
        if value.size != 1:
            raise GraphError(
                f"the root has shape {value.shape}: a gradient belongs to one number. "
                f"Reduce it first, as in root.sum(), or give the adjoint of each element (gradient=, seed=)"
            )
        return value.dtype.type(1) if value.__class__ is not _array else np.ones_like(value)
    shape = np.shape(seed.value if isinstance(seed, Node) else seed)
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
        return self._table.get(node) is not None  # type: ignore[call-overload]  # any object may be asked for

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
        found = [(slot, node.inputs[slot]) for slot, _ in node.operation.pulls_of(node)]
        return [(slot, source) for slot, source in found if source is not None and source in self]

    def _contribution(self, node: Node, slot: int) -> Any:
        assert node.operation is not None
        pull = dict(node.operation.pulls_of(node))[slot]
        with np.errstate(all="ignore"):
            found = pull(self._array(node), node)
        return conform(found, np.asarray(node.reads[slot]))

    def _array(self, node: Node) -> Any:
        adjoint = self[node]
        return adjoint.value if isinstance(adjoint, Node) else adjoint

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
        pull = dict(operation.pulls_of(node))[slot]
        with np.errstate(all="ignore"):
            return pull(np.ones_like(node.value)[()], node)

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
    """Sweep from `root` and add each leaf's adjoint to its `.grad`, an array of the leaf's own that may be written to.

    The lean sweep behind `Tensor.backward`.
    """
    if not root.requires_grad:
        sweep(root)
    seed = _seed(root, gradient)
    taken = {id(seed)}
    for node, adjoint in pull_back(root, seed, ancestors(root), lean=True).items():
        if adjoint.__class__ is _array:
            if adjoint.base is not None or id(adjoint) in taken:
                node.grad = adjoint.copy() if node.grad is None else node.grad + adjoint
                continue
            taken.add(id(adjoint))
        node.grad = adjoint if node.grad is None else node.grad + adjoint
