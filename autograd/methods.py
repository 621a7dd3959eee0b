"""NumPy's methods of an array, each the operation of that name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.composite import Composite
from autograd.errors import InPlaceError
from autograd.node import Node
from autograd.operation import Operation
from autograd.operations import (
    arranging,
    complex,
    elementary,
    factors,
    hyperbolic,
    ordering,
    picking,
    piecewise,
    products,
    reduction,
    rounding,
    scans,
    shaping,
    stable,
    trigonometric,
)
from autograd.operators import as_operator


def _method(operation: Operation | Composite) -> Callable[..., Any]:
    def method(self: Methods, *arguments: Any, **parameters: Any) -> Any:
        return operation(self, *arguments, **parameters)

    method.__doc__ = operation.__doc__
    method.__name__ = operation.name
    return method


def _reduction(operation: Operation | Composite) -> Callable[..., Any]:
    """A method that computes in the dtype it is told, or in that of the tensor."""

    def method(self: Methods, *arguments: Any, **parameters: Any) -> Any:
        if "dtype" in parameters:
            dtype = parameters.pop("dtype")
            return operation(self if dtype is None else self.astype(dtype), *arguments, **parameters)
        return operation(self, *arguments, **parameters)

    method.__doc__ = operation.__doc__
    method.__name__ = operation.name
    return method


def _in_place(name: str, instead: str) -> Callable[..., Any]:
    def method(_self: Methods, *_arguments: Any, **_parameters: Any) -> Any:
        raise InPlaceError(
            f"{name}() would change the tensor itself, which graphs may have read; {instead} gives a new one"
        )

    method.__doc__ = f"Refused: {instead} gives a new tensor."
    method.__name__ = name
    return method


class Methods(Node):
    """A node with the methods of a NumPy array, and PyTorch's most used."""

    __slots__ = ()

    exp, log, sqrt = (as_operator(each) for each in (elementary.exp, elementary.log, elementary.sqrt))
    sin, cos, tanh = (as_operator(each) for each in (trigonometric.sin, trigonometric.cos, hyperbolic.tanh))
    relu, abs, sigmoid = (as_operator(each) for each in (piecewise.relu, piecewise.absolute, stable.sigmoid))
    softmax, log_softmax, logsumexp = (_method(each) for each in (stable.softmax, stable.log_softmax, stable.logsumexp))

    sum, mean, prod = (_reduction(each) for each in (reduction.sum, reduction.mean, factors.prod))
    var, std = _reduction(reduction.var), _reduction(reduction.std)
    max, min = _method(reduction.max), _method(reduction.min)
    all, any, argmax, argmin = (
        _method(each) for each in (reduction.all, reduction.any, reduction.argmax, reduction.argmin)
    )
    cumsum, cumprod = _reduction(scans.cumsum), _reduction(scans.cumprod)
    argsort, argpartition = _method(ordering.argsort), _method(ordering.argpartition)
    clip, round = _method(piecewise.clip), _method(rounding.round)
    conj = conjugate = _method(complex.conj)
    ravel, squeeze, swapaxes = (_method(each) for each in (shaping.ravel, shaping.squeeze, shaping.swapaxes))
    flatten = ravel
    copy = _method(shaping.copy)
    repeat, diagonal, trace = (_method(each) for each in (arranging.repeat, arranging.diagonal, arranging.trace))
    take = _method(picking.take)
    dot = _method(products.dot)

    sort = _in_place("sort", "autograd.sort(x)")
    partition = _in_place("partition", "autograd.partition(x, kth)")
    resize = _in_place("resize", "autograd.resize(x, shape)")
    fill = _in_place("fill", "x.at[...].set(value)")
    put = _in_place("put", "x.at[index].set(values)")

    def reshape(self, *shape: Any, **order: Any) -> Any:
        """The same elements in another shape, given as numbers or as a tuple; -1 stands for what is left.

        With order="F" they are read and placed column by column.
        """
        return shaping.reshape(self, shape=shape[0] if len(shape) == 1 else shape, **order)

    def transpose(self, *axes: Any) -> Any:
        """Axes in another order, given as numbers or as a tuple; by default reversed."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return shaping.transpose(self, axes=order)

    def astype(self, dtype: Any) -> Any:
        """The same numbers as another dtype; gradients flow back in the old one."""
        return shaping.astype(self, dtype=dtype)

    def compress(self, condition: Any, axis: int | None = None) -> Any:
        """The parts along an axis where the condition holds."""
        return picking.compress(condition, self, axis=axis)

    def nonzero(self) -> tuple[Any, ...]:
        """The indices of the elements that are not zero, as plain arrays."""
        return np.nonzero(self.value)
