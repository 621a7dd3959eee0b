"""The errors of models, within the engine's tree, and what is refused in every layer."""

from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from autograd import ArgumentError, AutogradError, DomainError


class FileFormatError(AutogradError, ValueError):
    """A file is cut off, was changed, or is no model file at all."""


_RULES: dict[str, Callable[[Any], bool]] = {
    "a number": lambda number: True,
    "a number above 0": lambda number: number > 0,
    "a number of 0 or more": lambda number: number >= 0,
    "a number of 1 or more": lambda number: number >= 1,
    "a number other than 0": lambda number: number != 0,
    "a number between 0 and 1": lambda number: 0 <= number <= 1,
}


def number(kind: str, wanted: str = "a number", **given: Any) -> Any:
    """The number given under a name; NumPy's, and an array of no axes, as Python's, which widens no dtype.

    Raises: ArgumentError, naming the layer and the argument, for what is no number; DomainError for one out of range.
    """
    ((name, found),) = given.items()
    plain = found.item() if isinstance(found, np.ndarray | np.number) and found.ndim == 0 else found
    right = not isinstance(plain, bool) and isinstance(plain, Real) and plain == plain  # NaN is none
    if not right or not _RULES[wanted](plain):
        raise (DomainError if right else ArgumentError)(f"{kind} needs {name} to be {wanted}; found {found!r}")
    return plain


def check_sizes(kind: str, **sizes: Any) -> None:
    """Raise an ArgumentError, naming the layer and the argument, unless each size is a whole number above 0."""
    for name, size in sizes.items():
        if not _is_whole(size) or size < 1:
            raise ArgumentError(f"{kind} needs {name} to be a whole number above 0; found {size!r}")


def check_axes(kind: str, **axes: Any) -> None:
    """Raise an ArgumentError, naming the layer and the argument, unless each axis is a whole number."""
    for name, axis in axes.items():
        if not _is_whole(axis):
            raise ArgumentError(f"{kind} needs {name} to be a whole number; found {axis!r}")


_ADVICE = {"dim": "its name is axis, as in NumPy", "inplace": "a result is always a new array, so leave it out"}


def refuse(kind: str, others: Mapping[str, Any]) -> None:
    """Raise an ArgumentError, naming the layer, if there are other options than it has."""
    for name in others:
        advice = f": {_ADVICE[name]}" if name in _ADVICE else ""
        raise ArgumentError(f"{kind} has no option '{name}'{advice}")


def _is_whole(number: Any) -> bool:
    return isinstance(number, Integral) and not isinstance(number, bool)
