"""A recorded graph computed once more, from other numbers: what central differences are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.node import Node


def replayed(nodes: Iterable[Node], moved: Node, by: Any) -> dict[Node, Any]:
    """What the steps give when `by` is added to whatever was read of `moved`: an entry for each one this reaches.

    `nodes` are in evaluation order. Floating-point numbers are computed in double precision, whatever was recorded.
    """
    table: dict[Node, Any] = {}
    with np.errstate(all="ignore"):
        for step in nodes:
            if step is not moved and any(each is moved or each in table for each in step.inputs if each is not None):
                reads = [
                    table[source] if source in table else widened(read) + by if source is moved else widened(read)
                    for source, read in zip(step.inputs, step.reads, strict=True)
                ]
                assert step.operation is not None
                table[step] = step.operation.compute(reads, step.parameters)
    return table


def widened(value: Any) -> Any:
    """A number or array in double precision, if it is of a lower one."""
    dtype = getattr(value, "dtype", None)
    if dtype is None or dtype.kind not in "fc" or dtype in (np.float64, np.complex128):
        return value
    return value.astype(np.float64 if dtype.kind == "f" else np.complex128)
