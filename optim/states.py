"""What is read from saved states: counts and arrays, or a StateError."""

from __future__ import annotations

from typing import Any

import numpy as np

from optim.errors import StateError


def count_of(name: str, found: Any) -> int:
    """A whole number, 0 or more; PyTorch saves it as a float, and as an array of no axes.

    Raises: StateError for anything else.
    """
    number = array_of(name, found)
    if number.shape != () or number.dtype.kind not in "iuf" or not (number >= 0 and float(number).is_integer()):
        raise StateError(f"'{name}' is a whole number, 0 or more; the state has {found!r}; nothing loaded")
    return int(number)


def array_of(name: str, found: Any) -> Any:
    """An array, which a state that was text has as a list of lists. Raises: StateError for lists that are none."""
    try:
        return np.asarray(found)
    except ValueError:
        raise StateError(f"'{name}' has rows of different lengths in the state; nothing loaded") from None
