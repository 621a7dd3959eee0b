"""Elements in the order of their size."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.operations.picking import take_along_axis
from autograd.operations.samples import B223, M34, REALS, SIGNAL, V3
from autograd.operations.shaping import ravel

# fmt: off
__all__ = [
    "argpartition", "argsort", "partition", "sort",
]
# fmt: on


@structural(vjp={}, examples=(example(V3), example(M34, axis=0), example(M34, axis=None)))
def argsort(a, *, axis=-1, kind=None, order=None, stable=None):  # noqa: ARG001  `order` is NumPy's, for records
    """The indices that sort along an axis. Shapes: any, kept. Constant to differentiation."""
    return np.argsort(a, axis=axis, kind="stable" if stable else kind)


@structural(vjp={}, examples=(example(SIGNAL, kth=2), example(M34, kth=1, axis=0)))
def argpartition(a, *, kth, axis=-1):
    """The indices that put the element number `kth` in its place. Shapes: any, kept. Constant to differentiation."""
    return np.argpartition(a, kth, axis=axis)


@composite(
    example(V3), example(SIGNAL), example(M34), example(M34, axis=0), example(REALS, axis=None), example(B223, 1)
)
def sort(a, axis=-1, kind=None, order=None, stable=None):  # noqa: ARG001  `order` is NumPy's, for records
    """The elements in rising order along an axis, or all of them in one row. Shapes: any, kept, or flattened.

    Each adjoint goes back to the element it came from.
    """
    if axis is None:
        return _placed(ravel(a), argsort(ravel(a), kind=kind, stable=stable), 0)
    return _placed(a, argsort(a, axis=axis, kind=kind, stable=stable), axis)


@composite(example(SIGNAL, 2), example(M34, 1), example(M34, [0, 2], axis=1))
def partition(a, kth, axis=-1):
    """The element number `kth` in its place, smaller ones before it and larger ones behind. Shapes: any, kept."""
    if axis is None:
        return _placed(ravel(a), argpartition(ravel(a), kth=kth), 0)
    return _placed(a, argpartition(a, kth=kth, axis=axis), axis)


def _placed(a: Any, order: Any, axis: int) -> Any:
    return take_along_axis(a, order, axis)
