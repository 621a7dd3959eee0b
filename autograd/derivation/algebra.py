"""What a person simplifies while writing, and no more: 1·x, x + 0, −(−x), x·x = x², numbers multiplied together."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

import numpy as np

from autograd.mode import record_everything
from autograd.node import Node
from autograd.operation import Operation, registry

_MOST = 160
"""An expression of more steps than this is left as it is: nobody reads it."""


def constant(operand: Any) -> Any:
    """The one number that an operand is everywhere; None if it is a node, or several numbers."""
    if isinstance(operand, Node):
        return None
    array = np.asarray(operand)
    alike = array.size and array.dtype.kind in "biuf" and (array.size == 1 or (array == array.flat[0]).all())
    return array.flat[0] if alike else None


def _made_by(operand: Any, name: str) -> bool:
    return isinstance(operand, Node) and operand.operation is registry[name]


def _operands(step: Node) -> list[Any]:
    return [read if source is None else source for source, read in zip(step.inputs, step.reads, strict=True)]


class Algebra:
    """Arithmetic on nodes and numbers that simplifies as it records. What is `closed` has a name, and is not opened."""

    def __init__(self, closed: Container[Node] = ()) -> None:
        self._closed = closed
        self._rules: dict[str, Callable[..., Any]] = {
            "multiply": self.times,
            "add": self.plus,
            "subtract": self.minus,
            "divide": self.over,
            "negative": self.negated,
            "power": self.raised,
        }

    def apply(self, operation: Operation, operands: list[Any], parameters: dict[str, Any] | None = None) -> Any:
        """An operation on operands, simplified if it is arithmetic."""
        rule = self._rules.get(operation.name)
        return operation(*operands, **(parameters or {})) if rule is None else rule(*operands)

    def _opened(self, operand: Any, name: str) -> list[Any] | None:
        """The operands of a step of the operation `name` that has no name of its own."""
        return _operands(operand) if _made_by(operand, name) and operand not in self._closed else None

    def times(self, left: Any, right: Any) -> Any:
        """left · right."""
        if constant(left) is None and constant(right) is not None:
            left, right = right, left
        factor = constant(left)
        if factor is not None:
            return self._scaled(factor, left, right)
        if left is right:
            return registry["power"](left, 2)
        for one, other in ((left, right), (right, left)):
            inside = self._opened(one, "negative")
            if inside is not None:
                return self.negated(self.times(*((inside[0], other) if one is left else (other, inside[0]))))
        return left * right

    def _scaled(self, factor: Any, whole: Any, other: Any) -> Any:
        if constant(other) is not None:
            return whole * other
        if factor in (0, 1):
            return other if factor else whole * 0
        if factor == -1:
            return self.negated(other)
        inside = self._opened(other, "negative")
        if inside is not None:
            return self.times(-whole, inside[0])
        inside = self._opened(other, "multiply")
        if inside is not None:
            number, rest = inside if constant(inside[0]) is not None else inside[::-1]
            if constant(number) is not None:
                return self.times(whole * number, rest)
        return whole * other

    def plus(self, left: Any, right: Any) -> Any:
        """left + right."""
        if constant(left) == 0:
            return right
        if constant(right) == 0:
            return left
        if left is right:
            return self.times(2.0, left)
        inside = self._opened(right, "negative")
        if inside is not None:
            return self.minus(left, inside[0])
        inside = self._opened(left, "negative")
        return self.minus(right, inside[0]) if inside is not None else left + right

    def minus(self, left: Any, right: Any) -> Any:
        """left - right."""
        if constant(right) == 0:
            return left
        if constant(left) == 0:
            return self.negated(right)
        inside = self._opened(right, "negative")
        return self.plus(left, inside[0]) if inside is not None else left - right

    def over(self, left: Any, right: Any) -> Any:
        """left / right."""
        if constant(right) == 1 or constant(left) == 0:
            return left
        inside = self._opened(left, "negative")
        return self.negated(self.over(inside[0], right)) if inside is not None else left / right

    def negated(self, operand: Any) -> Any:
        """-operand."""
        if constant(operand) is not None:
            return -operand
        inside = self._opened(operand, "negative")
        if inside is not None:
            return inside[0]
        inside = self._opened(operand, "subtract")
        if inside is not None:
            return self.minus(inside[1], inside[0])
        inside = self._opened(operand, "multiply")
        if inside is not None and constant(inside[0]) is not None:
            return self.times(-inside[0], inside[1])
        return -operand

    def raised(self, operand: Any, exponent: Any) -> Any:
        """operand ** exponent."""
        return operand if constant(exponent) == 1 else operand**exponent

    def simplified(self, expression: Any) -> Any:
        """A recorded expression, computed anew with these rules down to what is closed."""
        if not isinstance(expression, Node):
            return expression
        table: dict[Node, Any] = {}
        with record_everything(), np.errstate(all="ignore"):
            for step in self._steps(expression):
                old = _operands(step)
                new = [table.get(each, each) if isinstance(each, Node) else each for each in old]
                assert step.operation is not None
                if step.operation.name in self._rules or any(a is not b for a, b in zip(old, new, strict=True)):
                    table[step] = self.apply(step.operation, new, step.parameters)
        return table.get(expression, expression)

    def _steps(self, expression: Node) -> list[Node]:
        """The steps of an expression down to what is closed, oldest first; none if they are too many."""
        found: set[Node] = set()
        stack = [expression]
        while stack and len(found) <= _MOST:
            step = stack.pop()
            if step.operation is not None and step not in self._closed and step not in found:
                found.add(step)
                stack += [source for source in step.inputs if source is not None]
        return sorted(found, key=lambda each: each.order) if len(found) <= _MOST else []
