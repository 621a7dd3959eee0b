"""The first NaN or Inf, forward or backward: found where it arises, and told with the operation and the user's line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import described
from autograd.errors import AnomalyError
from autograd.node import Node, value_of
from autograd.provenance import here

if TYPE_CHECKING:
    from autograd.operation import Operation


def checked(operation: Operation, result: Node, values: Sequence[Any]) -> Node:
    """The result, which remembers the user's line. Raises: AnomalyError if the operation made the first NaN or Inf."""
    result.place = here()
    found = _arisen(result.value, values)
    if found:
        raise AnomalyError(f"{operation.name} gave {found} from {_told(operation, values)}; at {result.place}")
    return result


def check_backward(node: Node, slot: int, g: Any, contribution: Any) -> None:
    """Raise if the rule of a step made the first NaN or Inf."""
    operation = node.operation
    assert operation is not None
    found = _arisen(value_of(contribution), (value_of(g),))
    if found:
        place = node.place or "a line not known: record it within detect_anomaly() too"
        raise AnomalyError(
            f"backward through {operation.name} gave {found} for its argument '{operation.argument_name(slot)}' "
            f"({_told(operation, node.reads)}); recorded at {place}"
        )


def _arisen(made: Any, read: Sequence[Any]) -> str:
    """What is wrong with a result and was not with what it was made from: 'nan', 'inf', or nothing."""
    if np.all(np.isfinite(made)):
        return ""
    if np.any(np.isnan(made)):
        return "" if any(np.any(np.isnan(each)) for each in read) else "nan"
    return "inf" if all(np.all(np.isfinite(each)) for each in read) else ""


def _told(operation: Operation, values: Sequence[Any]) -> str:
    return ", ".join(f"{operation.argument_name(slot)}: {described(each)}" for slot, each in enumerate(values))
