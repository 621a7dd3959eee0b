"""What one step contributes to an adjoint: in the shape and dtype it belongs to, zero where it was not taken."""

from __future__ import annotations

from typing import Any

from autograd.anomaly import check_backward
from autograd.errors import GraphError
from autograd.mode import looks_for_anomalies, recording
from autograd.node import Node
from autograd.operation import Elementwise
from autograd.operations.comparison import isnan, logical_and
from autograd.operations.complex import conj
from autograd.operations.piecewise import where
from autograd.operations.reduction import sum_to
from autograd.operations.shaping import astype, recall


def conform(contribution: Any, value: Any) -> Any:
    """A contribution in the shape and dtype of what it belongs to: here alone broadcasting and promotion are undone."""
    if contribution.shape != value.shape:
        contribution = sum_to(contribution, shape=value.shape)
    if contribution.dtype is not value.dtype and contribution.dtype != value.dtype:
        if value.dtype.kind not in "fc":
            raise GraphError(
                f"an adjoint came to a tensor of {value.dtype}, which has no derivative; make it of floats before "
                f"(dtype=np.float64), or .detach() it, for a constant"
            )
        contribution = astype(contribution, dtype=value.dtype)
    return contribution


def settled(source: Node, contribution: Any, node: Node, slot: int, g: Any, below: set[Node]) -> Any:
    """A contribution as it is added to the adjoint of its source, where masks or anomalies are to be looked for.

    It comes from an operand slot of a step, whose adjoint is `g`. Below a step that masks, a zero may mean "not taken":
    zero times infinity, which is NaN, is made zero. `below` is what lies there.
    """
    operation = node.operation
    assert operation is not None
    if operation.masks:
        below.add(source)
    elif node in below:
        below.add(source)
        if isinstance(operation, Elementwise):
            contribution = where(logical_and(g == 0, isnan(contribution)), 0.0, contribution)
    if looks_for_anomalies():
        check_backward(node, slot, g, contribution)
    return conform(contribution, source.value)


def conjugated(adjoint: Any) -> Any:
    """From the adjoint as a sweep carries it to the one it shows, and back: the same, for real numbers."""
    dtype = adjoint.value.dtype if isinstance(adjoint, Node) else adjoint.dtype
    return conj(adjoint) if dtype.kind == "c" else adjoint


class Recorded:
    """A step as its rules read it when they are to be recorded in turn: nodes in place of the arrays it read."""

    __slots__ = ("__weakref__", "more", "parameters", "reads", "value", "x", "y")

    def __init__(self, node: Node) -> None:
        as_node = _as_node if recording() is None else _as_node_at_all
        self.reads = tuple(map(as_node, node.inputs, node.reads))
        self.value = node
        self.parameters = node.parameters
        self.x = self.reads[0]
        self.y = self.reads[1] if len(self.reads) > 1 else None
        self.more = tuple(part for read in self.reads[2:] for part in (None, read))


def _as_node_at_all(source: Node | None, read: Any) -> Any:
    return read if source is None else source


def _as_node(source: Node | None, read: Any) -> Any:
    """What a step read, as the node it came from; with the value of that time, if the node has had new data since."""
    if source is None or not source.requires_grad:
        return read
    return source if source.value is read else recall(source, recorded=read)
