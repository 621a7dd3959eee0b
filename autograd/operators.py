"""Operations as Python's operators: the same recording, shorter for numbers and nodes of one kind.

A scalar network is made of little else, so these few lines are what the cost of building its graph consists of.
Whatever is not the plain case (a module's scope, no_grad, an array, a shape that does not fit) takes the long way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arguments import weak_numbers
from autograd.composite import Composite
from autograd.errors import InPlaceError
from autograd.mode import PLAIN, current_mode
from autograd.node import next_order
from autograd.operation import Operation

_new = object.__new__


def as_operator(operation: Operation | Composite) -> Callable[..., Any]:
    """An operation on one or two arguments as a method of a node; the short way needs a rule for each of them."""
    if isinstance(operation, Composite) or len(operation.rules) < operation.arity:
        method = _at_length(operation)
    else:
        method = (_unary if operation.arity == 1 else _binary)(operation)
    method.__name__, method.__doc__ = operation.name, operation.__doc__
    return method


def reflected(operation: Operation | Composite) -> Callable[[Any, Any], Any]:
    """An operation as the method that Python calls when the node stands on the right."""
    return lambda self, other: operation(other, self)


def _at_length(operation: Operation | Composite) -> Callable[..., Any]:
    return lambda self, *other: operation(self, *other)


def rebinding(self: Any, other: Any) -> Any:  # noqa: ARG001  as an operator's
    """The method of `x += y` and its like: Python goes on as for x + y, and gives the name x to the result.

    Raises: InPlaceError for a leaf that is learned, or held by a module: `p -= lr * p.grad` would move nothing.
    """
    if self.operation is None and (self.requires_grad or self.held) and not self.rebinds:
        raise InPlaceError(
            "x += y, x -= y and their like would leave this leaf, which is learned or held by a module, as it is, "
            "and give its name to a result; use p.data -= lr * p.grad to move it, or y = x - ... for a result"
        )
    return NotImplemented


def _unary(operation: Operation) -> Callable[[Any], Any]:
    compute = operation.function

    def method(self: Any) -> Any:
        if not self.requires_grad or current_mode() is not PLAIN:
            return operation.record((self,))
        read = self.value
        value = compute(read)
        result = _new(self.result_type)
        result.value = value
        result.stored_grad = None
        result.requires_grad = True
        result.operation = operation
        result.a = self
        result.x = read
        result.order = next_order()
        return result

    return method


def _binary(operation: Operation) -> Callable[[Any, Any], Any]:
    compute = operation.function

    def method(self: Any, other: Any) -> Any:
        if not self.requires_grad or current_mode() is not PLAIN:
            return operation(self, other)
        kind = type(other)
        if kind is type(self):
            read, other_read = self.value, other.value
        elif kind in weak_numbers:
            read, other_read, other = self.value, other, None
        else:
            return operation(self, other)
        try:
            value = compute(read, other_read)
        except (ValueError, TypeError):
            return operation.record((self, other if other is not None else other_read))
        result = _new(self.result_type)
        result.value = value
        result.stored_grad = None
        result.requires_grad = True
        result.operation = operation
        result.a = self
        result.x = read
        result.b = other
        result.y = other_read
        result.order = next_order()
        return result

    return method
