"""What is read from saved states: counts and arrays, or a StateError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import StateError


def count_of(name: str, found: Any) -> int:
    """A whole number, 0 or more; PyTorch saves it as a float, and as an array of no axes.

    Raises: StateError for anything else.
    """
    number = _array(name, found)
    if number.shape != () or number.dtype.kind not in "iuf" or not (number >= 0 and float(number).is_integer()):
        raise StateError(f"'{name}' is a whole number, 0 or more; the state has {found!r}; nothing loaded")
    return int(number)


def array_of(name: str, found: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A new array of a shape in a dtype; a state that was text has lists in its place.

    Raises: StateError for another shape, and for what is not of that kind of numbers.
    """
    array, wanted = _array(name, found), np.dtype(dtype)
    if array.shape != shape or not np.can_cast(array.dtype, wanted, "same_kind"):
        raise StateError(
            f"'{name}' is an array of shape {shape} and {wanted}; the state has {array.shape} and {array.dtype}; "
            f"nothing loaded"
        )
    return array.astype(wanted)[()]


def _array(name: str, found: Any) -> Any:
    try:
        return np.asarray(found)
    except ValueError:
        raise StateError(f"'{name}' has rows of different lengths in the state; nothing loaded") from None


def parts_of(state: Any) -> tuple[list[Mapping[str, Any]], dict[int, Mapping[str, Any]]]:
    """The groups in an optimizer's state, and what is kept by the place of a parameter, which may be text.

    Raises: StateError for what is no such state.
    """
    told = isinstance(state, Mapping) and {"state", "param_groups"} <= set(state)
    groups, kept = (state["param_groups"], state["state"]) if told else ([], {})
    parts = isinstance(groups, list | tuple) and isinstance(kept, Mapping)
    if not told or not parts or not all(isinstance(each, Mapping) for each in (*groups, *kept.values())):
        raise StateError("an optimizer's state has 'state', dicts by place, and 'param_groups', dicts; nothing loaded")
    if not all(isinstance(group.get("params"), list | tuple) for group in groups):
        raise StateError("a group of an optimizer's state has the places of its parameters as 'params'; nothing loaded")
    return list(groups), {_place(each): memory for each, memory in kept.items()}


def _place(found: Any) -> int:
    return count_of("place", int(found) if isinstance(found, str) and found.isdecimal() else found)
