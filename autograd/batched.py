"""Forward mode along many directions in one pass: tangents with a leading axis, one entry for each direction.

Element-wise steps multiply as ever, since arrays broadcast. A linear step is applied to all tangents at once where the
table below says how its parameters read with one more axis in front; any other takes them one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.forward import moved
from autograd.node import Node, ancestors
from autograd.operation import Elementwise
from autograd.operations.indexing import getitem, is_basic, scatter
from autograd.operations.piecewise import where
from autograd.operations.products import matmul
from autograd.operations.reduction import axes_of
from autograd.operations.shaping import astype
from autograd.rule import Pull

Batched = Callable[[Node, int, Any], Any]
"""`batched(step, slot, tangents)`: what the tangents of one input contribute to those of the result, or None."""


def push_forward_all(root: Node, tangents: dict[Node, Any]) -> Any:
    """The tangents of `root` for directions along the first axis of `tangents`; None if no node reaches it."""
    table = dict(tangents)
    for node in reversed(ancestors(root)):
        if node in table or node.operation is None:
            continue
        total = None
        for slot, pull in node.operation.pulls_of(node):
            source = node.inputs[slot]
            along = table.get(source) if source is not None else None
            if along is not None:
                with np.errstate(all="ignore"):
                    found = _contribution(node, slot, pull, along)
                total = found if total is None else total + found
        if total is not None:
            shape = (len(total), *node.value.shape)
            total = total if total.dtype == node.value.dtype else astype(total, dtype=node.value.dtype)
            table[node] = np.broadcast_to(total, shape)
    return table.get(root)


def _contribution(node: Node, slot: int, pull: Pull, along: Any) -> Any:
    operation = node.operation
    assert operation is not None
    if isinstance(operation, Elementwise):
        return pull(_aligned(along, node.value.ndim), node)
    found = _TABLE[operation.key](node, slot, along) if operation.key in _TABLE else None
    if found is not None:
        return found
    return np.stack([np.broadcast_to(moved(node, slot, pull, each, node), node.value.shape) for each in along])


def _aligned(along: Any, ndim: int) -> Any:
    """Tangents with axes of size one behind the first, so that the others broadcast as those of one would."""
    missing = ndim + 1 - along.ndim
    return along.reshape(len(along), *(1,) * missing, *along.shape[1:]) if missing > 0 else along


def _parameter(node: Node, name: str, default: Any = None) -> Any:
    return (node.parameters or {}).get(name, default)


def _reshaped(node: Node, _slot: int, along: Any) -> Any:
    return along.reshape(len(along), *node.value.shape) if _parameter(node, "order", "C") == "C" else None


def _summed(node: Node, _slot: int, along: Any) -> Any:
    parameters = {key: each for key, each in (node.parameters or {}).items() if key != "initial"}
    axes = axes_of(parameters.pop("axis", None), along.ndim - 1)
    assert node.operation is not None
    return node.operation(along, axis=tuple(i + 1 for i in axes), **parameters)


def _summed_to(node: Node, _slot: int, along: Any) -> Any:
    shape = node.value.shape
    extra = along.ndim - 1 - len(shape)
    stretched = [i + extra + 1 for i, size in enumerate(shape) if size == 1 != along.shape[i + extra + 1]]
    return along.sum(axis=(*range(1, extra + 1), *stretched), keepdims=True).reshape(len(along), *shape)


def _repeated(node: Node, _slot: int, along: Any) -> Any:
    return np.broadcast_to(_aligned(along, node.value.ndim), (len(along), *node.value.shape))


def _permuted(node: Node, _slot: int, along: Any) -> Any:
    axes = _parameter(node, "axes")
    axes = range(along.ndim - 1)[::-1] if axes is None else [i % (along.ndim - 1) for i in axes]
    return along.transpose(0, *(i + 1 for i in axes))


def _with_all(index: Any) -> Any:
    """An index of one as an index of all of a batch; None if its arrays would come out in another place."""
    parts = index if isinstance(index, tuple) else (index,)
    return (slice(None), *parts) if is_basic(index) or len(parts) == 1 else None


def _part(node: Node, _slot: int, along: Any) -> Any:
    index = _with_all(_parameter(node, "index"))
    return None if index is None else getitem(along, index=index)


def _scattered(node: Node, _slot: int, along: Any) -> Any:
    index = _with_all(_parameter(node, "index"))
    return None if index is None else scatter(along, index=index, shape=(len(along), *node.value.shape))


def _chosen(node: Node, slot: int, along: Any) -> Any:
    along, condition = _aligned(along, node.value.ndim), node.reads[0]
    return where(condition, along, 0.0) if slot == 1 else where(condition, 0.0, along)


def _product(node: Node, slot: int, along: Any) -> Any:
    a, b = node.reads
    if slot == 0 and a.ndim == 1 < b.ndim:  # a row for each matrix of the stack
        return matmul(along.reshape(len(along), *(1,) * (b.ndim - 1), a.size), b)[..., 0, :]
    if slot == 0:
        return matmul(_aligned(along, max(a.ndim, b.ndim)), b)
    if b.ndim > 1:
        return matmul(a, _aligned(along, max(a.ndim, b.ndim)))
    return matmul(along, a.T) if a.ndim < 3 else None


_TABLE: dict[str, Batched] = {
    **dict.fromkeys(("reshape", "ravel", "squeeze", "expand_dims"), _reshaped),
    **dict.fromkeys(("sum", "mean"), _summed),
    "sum_to": _summed_to,
    "broadcast_to": _repeated,
    "transpose": _permuted,
    "swap_last": lambda node, slot, along: along.swapaxes(-1, -2),
    "getitem": _part,
    "scatter": _scattered,
    "where": _chosen,
    "matmul": _product,
}
