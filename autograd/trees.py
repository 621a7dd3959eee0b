"""Nested dicts, lists and tuples of arrays: taken apart into leaves, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """What stands in a tree that is no dict, list or tuple, in order."""
    if isinstance(tree, list | tuple):
        return [leaf for each in tree for leaf in leaves(each)]
    if isinstance(tree, Mapping):
        return [leaf for each in tree.values() for leaf in leaves(each)]
    return [tree]


def mapped(change: Callable[[Any], Any], tree: Any) -> Any:
    """A tree of the same form with every leaf changed."""
    return rebuilt(tree, map(change, leaves(tree)))


def rebuilt(tree: Any, new: Iterable[Any]) -> Any:
    """A tree of the same form with other leaves."""
    return _rebuilt(tree, iter(new))


def _rebuilt(tree: Any, new: Iterator[Any]) -> Any:
    if isinstance(tree, list | tuple):
        parts = [_rebuilt(each, new) for each in tree]
        return type(tree)(*parts) if getattr(tree, "_fields", None) else type(tree)(parts)
    if isinstance(tree, Mapping):
        return {key: _rebuilt(each, new) for key, each in tree.items()}
    return next(new)
