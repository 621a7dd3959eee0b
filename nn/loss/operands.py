"""What losses ask of their arguments: shapes that need no broadcasting, one dtype, targets in range."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import DomainError, ShapeError
from autograd.whole import Whole
from nn.operand import operand

EPSILON = float(np.float32(1e-12))
"""What keeps a divisor from 0; PyTorch has it as a float32."""


def alike(loss: str, **given: Any) -> list[Any]:
    """Operands of one shape, whole numbers and booleans among them in the dtype of the floats.

    Raises: ShapeError for two shapes, also where they would broadcast.
    """
    operands = [operand(loss, each) for each in given.values()]
    if len({each.shape for each in operands}) > 1:
        told = " and ".join(f"{name} {each.shape}" for name, each in zip(given, operands, strict=True))
        raise ShapeError(f"{loss} compares element by element: {told} have to be of one shape; reshape one of them")
    floats = {each.dtype for each in operands if each.dtype.kind in "fc"}
    dtype = np.result_type(*floats) if floats else np.dtype(float)
    return [each if each.dtype.kind in "fc" else autograd.astype(each, dtype=dtype) for each in operands]


def spread(loss: str, name: str, given: Any, over: Any) -> Any:
    """A weight in the dtype of what it is multiplied with, whose shape it may broadcast to but not enlarge."""
    weight = operand(loss, given)
    try:
        fits = np.broadcast_shapes(weight.shape, over.shape) == over.shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{loss} needs {name} of shape {over.shape}, or one that broadcasts to it; found {weight.shape}"
        )
    return weight if weight.dtype == over.dtype else autograd.astype(weight, dtype=over.dtype)


def _bounded(values: Any, *, low: float, high: float, asked: str, remedy: str) -> Any:
    if not np.all((values >= low) & (values <= high)):
        found = f"{np.min(values)} to {np.max(values)}"
        raise DomainError(f"{asked} from {low:g} to {high:g}; found {found}{remedy}")
    return values


def _signs(values: Any, *, loss: str) -> Any:
    if not np.all((values == 1) | (values == -1)):
        found = ", ".join(map(str, np.unique(values)[:3]))
        raise DomainError(f"{loss} takes targets -1 and 1; found {found}: of targets 0 and 1, give 2 * target - 1")
    return values


_BOUNDED = Whole(_bounded, {"values": lambda g: g})
_SIGNS = Whole(_signs, {"values": lambda g: g})


def bounded(values: Any, asked: str, *, low: float = 0.0, high: float = 1.0, remedy: str = "") -> Any:
    """The values, all between two bounds. Raises: DomainError, which says what was asked for."""
    return _BOUNDED(values, low=low, high=high, asked=asked, remedy=remedy)


def signs(loss: str, values: Any) -> Any:
    """The values, each -1 or 1. Raises: DomainError for another."""
    return _SIGNS(values, loss=loss)
