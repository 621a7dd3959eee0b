"""The chain rule, written once: a sweep from a root to everything it was made from, and the memo it fills.

For a step out = f(a, b, ...) the adjoint of `out` contributes adjoint(out) * d out/d a to that of `a`; what
several steps contribute adds up. Each adjoint is computed once, kept in a table, and read by every path that
passes through it: that table is what makes the work grow with the edges of the graph and not with its paths.

Of complex numbers z = x + iy the adjoint is dL/dx + i dL/dy, as in PyTorch: minus it is the direction of descent.
Within the sweep its conjugate is carried, dL/dx - i dL/dy, for which the chain rule is a plain product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import heappop, heappush
from typing import Any, TypeAlias

import numpy as np

from autograd.adjoints import Adjoints
from autograd.arguments import plain, private
from autograd.contribution import Recorded, conform, conjugated, settled
from autograd.errors import ArgumentError, GraphError, ShapeError
from autograd.mode import current_mode, enable_grad, recording
from autograd.node import Node, ancestors, hooked, leaf, value_of
from autograd.rule import passed

_array = np.ndarray
_COMPLEX = (np.complex128, np.complex64)

Within: TypeAlias = "Collection[Node] | None"
"""The nodes that a sweep goes through; None: all that require a gradient."""


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
    within = None if wrt is None else between(root, wrt)
    seeded = seed_of(root, seed if create_graph else value_of(seed))
    if not create_graph:
        return Adjoints(root, dict(pull_back(root, conjugated(seeded), within=within)))
    with enable_grad():
        seeded = seeded if isinstance(seeded, Node) else leaf(type(root), seeded)
        found = pull_back(root, conjugated(seeded), within=within, create_graph=True)
        return Adjoints(root, {node: g if isinstance(g, Node) else leaf(type(root), g) for node, g in found})


def pull_back(
    root: Node, seed: Any, *, within: Within = None, since: int = 0, create_graph: bool = False, lean: bool = False
) -> Iterable[tuple[Node, Any]]:
    """Run the chain rule from `root` on: each node with its adjoint, the youngest first.

    The sweep ends at leaves and at what is older than `since`, whose hooks are left to the sweep that it is part of.
    `lean` forgets the adjoints of all others once they are used, but of nodes that retain theirs.
    """
    nodes: list[Node] = []
    found: list[Any] = []
    with np.errstate(all="ignore"):
        _run(root, seed, nodes.append, found.append, within, since, create_graph, lean)
    return zip(nodes, found, strict=True)


def _run(root: Node, seed: Any, keep: Any, found: Any, within: Within, since: int, graph: bool, lean: bool) -> None:
    """By the time a node is the youngest of those that wait, all that was made from it has contributed."""
    agenda, waiting, adjoints = [-root.order], {-root.order: root}, {-root.order: seed}
    so_far, below, special, hooks = adjoints.get, set[Node](), current_mode()[3], bool(hooked)
    while agenda:
        place = heappop(agenda)
        node, g = waiting.pop(place), adjoints.pop(place)
        g = _hooked(node, g) if hooks and node.order >= since else g
        operation: Any = node.operation if node.order >= since else None
        if operation is None or not lean or node.retains:
            keep(node)
            found(g)
        if operation is None:
            continue
        step, inputs = Recorded(node) if graph else node, operation.inputs_of(node)
        special = special or operation.masks
        for slot, pull in operation.pulls or operation.pulls_of(node):
            source = inputs[slot]
            if source is None or not source.requires_grad or (within is not None and source not in within):
                continue
            contribution = g if pull is passed else pull(g, step)
            if special:
                contribution = settled(source, contribution, node, slot, g, below)
            elif contribution.__class__ is _array or contribution.__class__ is not source.value.__class__:
                contribution = conform(contribution, source.value)
            place = -source.order
            before = so_far(place)
            if before is None:
                heappush(agenda, place)
                waiting[place] = source
            adjoints[place] = contribution if before is None else before + contribution


def _hooked(node: Node, adjoint: Any) -> Any:
    """An adjoint as the hooks of its node leave it: each may look at it, or return another in its place."""
    for hook in node.hooks:
        shown = conjugated(adjoint)
        if isinstance(shown, np.ndarray):
            shown = shown.view()
            shown.flags.writeable = False
        found = hook(shown)
        if found is None:
            continue
        if np.shape(found.value if isinstance(found, Node) else found) != node.value.shape:
            raise ShapeError(f"a hook on a tensor of shape {node.value.shape} returned shape {np.shape(found)}")
        adjoint = conjugated(conform(found if isinstance(found, Node) else np.asarray(found)[()], node.value))
    return adjoint


def between(root: Node, wrt: tuple[Node, ...]) -> set[Node]:
    """The nodes on a path from any of `wrt` to `root`."""
    on_a_path = set(wrt)
    for node in reversed(ancestors(root)):
        if any(source in on_a_path for source in node.inputs):
            on_a_path.add(node)
    return on_a_path


def seed_of(root: Node, seed: Any) -> Any:
    """The adjoint a sweep starts from. Raises: as sweep."""
    value = root.value
    if seed is None:
        if value.size != 1:
            raise GraphError(
                f"the root has shape {value.shape}: a gradient belongs to one number. "
                f"Reduce it first, as in root.sum(), or give the adjoint of each element (gradient=, seed=)"
            )
        if value.dtype.kind == "c":
            raise GraphError(
                "the root is a complex number, and only a real one has a gradient. Take .real, .imag or abs of it, "
                "give its adjoint (gradient=, seed=), or, if it is holomorphic, use grad(f, holomorphic=True)"
            )
        if value.dtype.kind not in "fc":
            raise GraphError(f"the root is of {value.dtype}, and has no derivative; make its inputs of floats")
        return value.dtype.type(1) if value.__class__ is not _array else np.ones_like(value)
    given = plain("the seed", value_of(seed))
    if np.shape(given) != value.shape:
        raise ShapeError(
            f"the seed has shape {np.shape(given)}, the root has shape {value.shape}; give one of the root's shape"
        )
    if np.iscomplexobj(given) and value.dtype.kind != "c":
        raise ArgumentError("the seed is complex, the root real, and so is its adjoint: give the real part")
    return seed if isinstance(seed, Node) else private(np.asarray(given, dtype=value.dtype))[()]


def backward(root: Node, gradient: Any = None) -> None:
    """Sweep from `root` and add each leaf's adjoint to its `.grad`, an array of the leaf's own that may be written to.

    The lean sweep behind `Tensor.backward`.
    """
    if not root.requires_grad:
        sweep(root)
    run = recording()
    if run is not None:
        run.backward(root, gradient)
        return
    seed = seed_of(root, value_of(gradient))
    taken = {id(seed)}
    for node, carried in pull_back(root, conjugated(seed), lean=True):
        before, kind = node.stored_grad, carried.__class__
        adjoint = conjugated(carried) if kind is _array or kind in _COMPLEX else carried
        if kind is _array and before is None:
            shared = adjoint.base is not None or id(adjoint) in taken
            adjoint = adjoint.copy() if shared else adjoint
            taken.add(id(adjoint))
        node.stored_grad = adjoint if before is None else before + adjoint
