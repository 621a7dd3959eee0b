"""What a recorded graph has read, and the graph computed once more from other numbers, for central differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.node import Node


def as_read(nodes: Sequence[Node]) -> dict[Node, Any]:
    """The value of each node as it was first read: a leaf may have been given another one since."""
    reads = {each: read for step in reversed(nodes) for each, read in zip(step.inputs, step.reads, strict=True)}
    return {node: reads.get(node, node.value) if node.operation is None else node.value for node in nodes}


def replayed(nodes: Iterable[Node], moved: Mapping[Node, Any]) -> dict[Node, Any]:
    """What the steps give when something is added to whatever was read of some nodes: an entry for each one reached.

    `nodes` are in evaluation order, `moved` says what is added to which. Floating-point numbers are computed in double
    precision, whatever was recorded.
    """
    table: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for step in nodes:
            if step not in moved and any(each in moved or each in table for each in step.inputs if each is not None):
                reads = [
                    table[source] if source in table else _moved(source, widened(read), moved)
                    for source, read in zip(step.inputs, step.reads, strict=True)
                ]
                assert step.operation is not None
                table[step] = step.operation.compute(reads, step.parameters)
    return table


def _moved(source: Node | None, read: Any, moved: Mapping[Node, Any]) -> Any:
    return read if source is None or source not in moved else read + moved[source]


def widened(value: Any) -> Any:
    """A number or array in double precision, if it is of a lower one."""
    dtype = getattr(value, "dtype", None)
    if dtype is None or dtype.kind not in "fc" or dtype in (np.float64, np.complex128):
        return value
    return value.astype(np.float64 if dtype.kind == "f" else np.complex128)
