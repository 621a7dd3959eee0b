"""The trust ratio: how far a layer may move, in proportion to its own size."""

from __future__ import annotations

from typing import Any

from autograd import minimum, sqrt, where


def norm(x: Any) -> Any:
    r"""$\lVert x \rVert_2$ over all elements."""
    return sqrt((x * x).sum())


def if_both(one: Any, other: Any, then: Any, otherwise: Any) -> Any:
    """A choice by two norms: whether neither is 0. A layer of zeros has to be able to start to move."""
    return where(minimum(one, other) > 0, then, otherwise)


def ratio(scale: float, size: Any, slope: Any, below: Any) -> Any:
    r"""scale $\cdot$ size / below, where neither the size of a layer nor its slope is 0; else 1."""
    return if_both(size, slope, scale * size / if_both(size, slope, below, 1.0), 1.0)
