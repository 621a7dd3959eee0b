"""What may be handed to an operation: numbers and arrays of numbers, kept safe from later writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.errors import ArgumentError

weak_numbers = frozenset((float, int, np.float64, np.float32))
"""The types of number that are taken as they are; Python's own do not widen the dtype of an array."""

strange = frozenset(("MaskedArray", "matrix"))
"""Kinds of array, by name, whose operators mean something else. (To name `np.ma` would import it, for 10 ms.)"""


def plain(name: str, argument: Any) -> Any:
    """A number or an array that NumPy computes with; lists become arrays, what is no data for `name` is refused."""
    kind = type(argument)
    if kind is np.ndarray:
        array = argument
    elif kind in weak_numbers or isinstance(argument, complex | int):
        return argument
    elif kind.__name__ in strange:
        raise ArgumentError(f"{name} does not take a {kind.__name__}; pass a plain ndarray")
    else:
        array = argument if isinstance(argument, np.ndarray | np.generic) else np.asarray(argument)
    if array.dtype.kind not in "biufc":
        found = f"{type(argument).__name__} of dtype {array.dtype}"
        raise ArgumentError(f"{name} takes numbers and arrays of numbers; found {found}")
    return array


def private(array: Any) -> Any:
    """The same number or array, safe from outside: a scalar as it is, an array copied unless nobody can write to it."""
    if not isinstance(array, np.ndarray) or (array.base is None and not array.flags.writeable):
        return array
    copy = array.copy()
    copy.setflags(write=False)
    return copy if copy.ndim else copy[()]


fixed_types = frozenset((int, float, bool, str, slice, np.float64, np.int64, type(None), type(Ellipsis)))
"""The types of most parameters, and of what most tuples among them hold: what cannot be written to."""


def fixed(parameter: Any) -> Any:
    """The same parameter, safe from outside: an array, or a list, is copied, and so are those in it."""
    return type(parameter)(map(fixed, parameter)) if type(parameter) in (list, tuple) else private(parameter)


def described(value: Any) -> str:
    """An argument as an error message tells it."""
    if isinstance(value, np.ndarray):
        return f"shape {value.shape} {value.dtype}"
    return f"{type(value).__name__} {value!r}"


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments an operation accepts and is smooth around: shown in its documentation, run by every law."""

    arguments: tuple[Any, ...]
    parameters: dict[str, Any] = field(default_factory=dict)


def as_array(data: Any, dtype: Any, copy: bool = True) -> Any:
    """Data as a private array, or as a NumPy scalar for shape ()."""
    if type(data) is float and dtype is None:
        return np.float64(data)
    if type(data).__name__ in strange:
        raise ArgumentError(f"a tensor does not take a {type(data).__name__}; pass a plain ndarray")
    try:
        array = np.array(data, dtype=dtype) if copy else np.asarray(data, dtype=dtype)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"cannot make an array of numbers from {type(data).__name__}: {error}") from error
    if dtype is None and array.dtype.kind in "iu" and not isinstance(data, np.ndarray | np.generic):
        array = array.astype(np.float64)
    if array.dtype.kind not in "biufc":
        raise ArgumentError(f"a tensor holds numbers; found {type(data).__name__} of dtype {array.dtype}")
    return array if array.ndim else array[()]
