"""The same rules run on tangents: forward mode, from the inputs to the result.

A step out = f(a, b, ...) sends the tangents of its inputs to sum_i d out/d a_i * tangent(a_i). Element-wise steps
read their partials, linear steps apply themselves to the tangent, and the others transpose their pull-back: it
is linear in the adjoint, so its own pull-back is the push-forward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.contribution import Recorded, conform
from autograd.node import Node, ancestors, leaf, value_of
from autograd.operation import Elementwise
from autograd.operations.shaping import astype, broadcast_to
from autograd.reverse import between, pull_back


def push_forward(root: Node, tangents: Mapping[Node, Any], *, create_graph: bool = False) -> Any:
    """The tangent of `root`, when the given nodes move along `tangents` and all other leaves stand still.

    None if none of them reaches the root. With `create_graph` it is recorded and can be differentiated again.
    """
    return push_forward_to((root,), tangents, create_graph=create_graph)[0]


def push_forward_to(roots: Sequence[Node], tangents: Mapping[Node, Any], *, create_graph: bool = False) -> list[Any]:
    """The tangents of several roots, found in one pass: as `push_forward` of each."""
    table: dict[Node, Any] = dict(tangents)
    for node in reversed(ancestors(*roots)):
        if node in table or node.operation is None:
            continue
        step = Recorded(node) if create_graph else node
        total = None
        for slot, pull in node.operation.pulls_of(node):
            source = node.inputs[slot]
            tangent = table.get(source) if source is not None else None
            if tangent is not None:
                with np.errstate(all="ignore"):
                    found = moved(node, slot, pull, tangent, step)
                total = found if total is None else total + found
        if total is not None:
            total = total if total.dtype == node.value.dtype else astype(total, dtype=node.value.dtype)
            table[node] = total if np.shape(total) == node.value.shape else broadcast_to(total, shape=node.value.shape)
    return [table.get(root) for root in roots]


def moved(node: Node, slot: int, pull: Any, tangent: Any, step: Any) -> Any:
    """What the tangent of one input contributes to that of the result."""
    operation, parameters = node.operation, dict(node.parameters or {})
    parameters.pop("initial", None)  # what a linear step adds on its own does not move
    assert operation is not None
    if isinstance(operation, Elementwise):
        return pull(tangent, step)
    arguments = list(step.reads)
    if operation.variadic and operation.linear_in:
        still = [np.zeros_like(value_of(each)) for each in arguments]
        return operation(*[tangent if i == slot else each for i, each in enumerate(still)], **parameters)
    if operation.argument_name(slot) in operation.linear_in:
        arguments[slot] = tangent
        return operation(*arguments, **parameters)
    adjoint = leaf(type(node), np.zeros_like(node.value)[()], requires_grad=True)
    source = node.inputs[slot]
    assert source is not None
    pulled = conform(pull(adjoint, step), source.value)
    if not isinstance(pulled, Node) or not pulled.requires_grad:
        return np.zeros_like(node.value)
    recorded = isinstance(tangent, Node) or step is not node
    return dict(pull_back(pulled, tangent, within=between(pulled, (adjoint,)), create_graph=recorded))[adjoint]
