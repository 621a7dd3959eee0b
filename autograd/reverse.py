"""The chain rule, written once: a sweep from a root to everything it was made from, and the memo it fills.

For a step out = f(a, b, ...) the adjoint of `out` contributes adjoint(out) * d out/d a to that of `a`; what
several steps contribute adds up. Each adjoint is computed once, kept in a table, and read by every path that
passes through it: that table is what makes the work grow with the edges of the graph and not with its paths.

Of complex numbers z = x + iy the adjoint is dL/dx + i dL/dy, as in PyTorch: minus it is the direction of descent.
Within the sweep its conjugate is carried, dL/dx - i dL/dy, for which the chain rule is a plain product.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from autograd.adjoints import Adjoints
from autograd.anomaly import check_backward
from autograd.arguments import private
from autograd.contribution import Recorded, conform, conjugated, masked
from autograd.errors import ArgumentError, GraphError, ShapeError
from autograd.mode import current_mode, enable_grad, recording
from autograd.node import Node, ancestors, hooked, leaf
from autograd.operation import passed

_ABSENT = object()
_array = np.ndarray
_COMPLEX = (np.complex128, np.complex64)

Memo: TypeAlias = dict[Node, Any]
"""The adjoint of every node of a sweep: None until something has been contributed to it."""


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
    nodes = ancestors(root) if wrt is None else between(root, wrt)
    seeded = seed_of(root, seed)
    if not create_graph:
        return Adjoints(root, pull_back(root, conjugated(seeded), nodes))
    with enable_grad():
        seeded = seeded if isinstance(seeded, Node) else leaf(type(root), seeded)
        table = pull_back(root, conjugated(seeded), nodes, create_graph=True)
        constant = [node for node, each in table.items() if not (each is None or isinstance(each, Node))]
        return Adjoints(root, table | {node: leaf(type(root), table[node]) for node in constant})


def pull_back(root: Node, seed: Any, nodes: list[Node], *, create_graph: bool = False, lean: bool = False) -> Memo:
    """Run the chain rule over `nodes`, youngest first. `lean` forgets the adjoint of an inner node once it is used."""
    table: Memo = {**dict.fromkeys(nodes), root: seed}
    below: set[Node] = set()
    masking, known, absent, watchful, hooks = False, table.get, _ABSENT, current_mode()[3], bool(hooked)
    with np.errstate(all="ignore"):
        for node in nodes:
            if hooks and node.hooks:
                table[node] = _hooked(node, table[node])
            operation = node.operation
            if operation is None:
                continue
            g = table.pop(node) if lean and not node.retains else table[node]
            step: Any = Recorded(node) if create_graph else node
            inputs: tuple[Any, ...] = operation.inputs_of(node)
            masking = masking or operation.masks
            for slot, pull in operation.pulls or operation.pulls_of(node):
                source = inputs[slot]
                before = known(source, absent)
                if before is absent:
                    continue
                contribution = g if pull is passed else pull(g, step)
                if masking:
                    contribution = masked(node, source, g, contribution, below)
                if contribution.__class__ is _array or contribution.__class__ is not source.value.__class__:
                    contribution = conform(contribution, source.value)
                if watchful:
                    check_backward(node, slot, g, contribution)
                table[source] = contribution if before is None else before + contribution
    return table


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


def between(root: Node, wrt: tuple[Node, ...]) -> list[Node]:
    """The nodes on a path from any of `wrt` to `root`, youngest first."""
    nodes = ancestors(root)
    on_a_path = set(wrt)
    for node in reversed(nodes):
        if any(source in on_a_path for source in node.inputs):
            on_a_path.add(node)
    return [node for node in nodes if node in on_a_path] or [root]


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
        return value.dtype.type(1) if value.__class__ is not _array else np.ones_like(value)
    shape = np.shape(seed.value if isinstance(seed, Node) else seed)
    if shape != value.shape:
        raise ShapeError(f"the seed has shape {shape}, the root has shape {value.shape}; give one of the root's shape")
    return seed if isinstance(seed, Node) else private(np.asarray(seed, dtype=value.dtype))[()]


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
    seed = seed_of(root, gradient)
    taken = {id(seed)}
    for node, carried in pull_back(root, conjugated(seed), ancestors(root), lean=True).items():
        adjoint = conjugated(carried) if carried.__class__ is _array or carried.__class__ in _COMPLEX else carried
        if adjoint.__class__ is _array:
            if adjoint.base is not None or id(adjoint) in taken:
                node.stored_grad = adjoint.copy() if node.stored_grad is None else node.stored_grad + adjoint
                continue
            taken.add(id(adjoint))
        node.stored_grad = adjoint if node.stored_grad is None else node.stored_grad + adjoint
