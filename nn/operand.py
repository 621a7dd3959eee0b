"""What is handed to a layer or a loss: tensors and arrays as they are, numbers and lists as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, astype
from autograd.arguments import plain
from autograd.mode import recording


def operand(name: str, given: Any) -> Any:
    """A tensor, or an array; while a run is recorded, the node of an array that may be another at the next replay.

    Raises: ArgumentError for what holds no numbers.
    """
    if isinstance(given, Tensor):
        return given
    array, run = np.asarray(plain(name, given)), recording()
    return array if run is None else run.operand(array)


def floats(name: str, given: Any) -> Any:
    """An operand of floats, whole numbers and booleans among them as float64. Raises: ArgumentError as `operand`."""
    found = operand(name, given)
    return found if found.dtype.kind in "fc" else astype(found, dtype=np.float64)
