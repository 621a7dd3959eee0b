"""Hyper-parameters as a rule reads them, and which of them are other numbers from step to step.

A program that is recorded from a rule has its hyper-parameters as constants. What is seen to change, as the momentum of
a cycle does, is an input of it from the next recording on, so that it need not be recorded at every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

Path: TypeAlias = tuple[str, int | None]
"""Where a number stands in a group: under a name, or at a place of the tuple under that name."""

RATE: Path = ("lr", None)
"""The learning rate's: it may be another at any step."""


_PLAIN = frozenset((float, int, bool, str, type(None)))


def as_read(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group in Python's numbers: NumPy's would widen the dtype of the parameters."""
    return {name: each if type(each) in _PLAIN or name == "params" else _plain(each) for name, each in group.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.item() if value.size == 1 else tuple(value.tolist())
    return tuple(map(_plain, value)) if isinstance(value, tuple | list) else value


def number_at(group: Mapping[str, Any], path: Path) -> float:
    """The number at a path."""
    name, place = path
    return float(group[name] if place is None else group[name][place])


def with_numbers(hyper: Mapping[str, Any], numbers: Mapping[Path, Any]) -> dict[str, Any]:
    """The hyper-parameters, with other numbers at some paths."""
    found = dict(hyper)
    for (name, place), new in numbers.items():
        found[name] = new if place is None else (*found[name][:place], new, *found[name][place + 1 :])
    return found


def all_but(paths: Iterable[Path], group: Mapping[str, Any]) -> tuple[list[str], list[Path]]:
    """The hyper-parameters of a group but those at some paths: by name, and the rest of tuples, and lists, by path."""
    left_out = set(paths)
    written_to = {name for name, each in group.items() if isinstance(each, list | np.ndarray)}
    apart = {name for name, _ in left_out} | written_to
    whole = [name for name in group if name not in apart]
    return whole, [path for path in _paths(group, apart - {"params"}) if path not in left_out]


def _paths(group: Mapping[str, Any], names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        several: Any = isinstance(group[name], tuple | list) or getattr(group[name], "ndim", 0)
        yield from ((name, place) for place in range(len(group[name]))) if several else ((name, None),)


class Changes:
    """What has changed in a group, of the hyper-parameters with these names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._last: dict[Path, float] = {}
        self._changed: set[Path] = set()

    def seen(self, group: Mapping[str, Any]) -> tuple[Path, ...]:
        """The paths of all that have been other numbers before, and are not 0 now: a rule may leave out what is 0."""
        now = {path: number_at(group, path) for path in _paths(group, self._names)}
        self._changed |= {path for path, value in now.items() if self._last.get(path, value) != value}
        self._last = now
        return tuple(path for path, value in now.items() if value and path in self._changed)
