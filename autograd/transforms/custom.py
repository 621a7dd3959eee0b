"""A function with a derivative of the user's own, and one with none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import ArgumentError
from autograd.node import Node
from autograd.notation import Binding, Notation, call
from autograd.tensor import Tensor
from autograd.transforms.atonce import AtOnce
from autograd.trees import mapped


class CustomVjp(AtOnce):
    """A function of arrays with one backward function for all its arguments."""

    def __init__(self, function: Callable[..., Any], backward: Callable[..., Any]) -> None:
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        super().__init__(function, names, Notation(*call(function.__name__, names), Binding.ATOM, {}))
        self._backward = backward

    def contributions(self, g: Any, step: Any) -> Sequence[Any]:
        """What the user's backward function returns, checked."""
        found = self._backward(g, step.value, *step.reads)
        parts = found if isinstance(found, tuple | list) else (found,)
        if len(parts) != len(step.reads):
            raise ArgumentError(
                f"the backward function of {self.name} returned {len(parts)} adjoints for {len(step.reads)} arguments; "
                f"return one for each, None for an argument without"
            )
        return [
            part if isinstance(part, Node) else np.asarray(np.zeros_like(_array(read)) if part is None else part)[()]
            for part, read in zip(parts, step.reads, strict=True)
        ]


def _array(read: Any) -> Any:
    return read.value if isinstance(read, Node) else read


def custom_vjp(backward: Callable[..., Any]) -> Callable[[Callable[..., Any]], CustomVjp]:
    """Give a function of arrays a derivative: existing code, whatever it is made of, becomes an operation.

    `backward(g, out, *arguments)` takes the adjoint of the result and gives that of each argument, as a tuple (or by
    itself if there is one); it is linear in g. Written with operators and NumPy functions it can be differentiated
    again. Raises: ArgumentError if it returns another number of adjoints.

    >>> import numpy as np
    >>> from autograd import custom_vjp, grad
    >>> @custom_vjp(lambda g, out, x: g * 2 * x)
    ... def squared(x):
    ...     return np.array([each * each for each in x.tolist()])
    >>> grad(lambda x: squared(x).sum())(np.array([1.0, 3.0]))
    array([2., 6.])
    """
    return lambda function: CustomVjp(function, backward)


def stop_gradient(x: Any) -> Any:
    """The same values, constant to differentiation: `detach` for tensors in nested dicts, lists and tuples.

    >>> from autograd import grad, stop_gradient
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    return mapped(lambda each: each.detach() if isinstance(each, Tensor) else each, x)
