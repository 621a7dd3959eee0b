"""What a person simplifies while writing, and no more: 1·x, x + 0, −(−x), x·x = x², numbers multiplied together."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

import numpy as np

from autograd.mode import record_everything
from autograd.node import Node
from autograd.operation import Operation, registry

_MOST = 160
"""An expression of more steps than this is left as it is: nobody reads it."""


def constant(operand: Any, closed: Container[Node] = ()) -> Any:
    """The one number that an operand is everywhere; None if it is a variable, has a name, or is several numbers."""
    if isinstance(operand, Node) and (operand.operation or operand.requires_grad or operand in closed):
        return None
    array = np.asarray(operand.value if isinstance(operand, Node) else operand)
    alike = array.size and array.dtype.kind in "biuf" and (array.size == 1 or (array == array.flat[0]).all())
    return array.flat[0] if alike else None


def _made_by(operand: Any, name: str) -> bool:
    return isinstance(operand, Node) and operand.operation is registry[name]


def operands_of(step: Node) -> list[Any]:
    """What a step was applied to: nodes, and plain values where there were none."""
    return [read if source is None else source for source, read in zip(step.inputs, step.reads, strict=True)]


def _both_ways(pair: list[Any] | None) -> list[list[Any]]:
    return [pair, pair[::-1]] if pair is not None else []


def _spreads_alike(narrow: tuple[int, ...], wide: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether NumPy's broadcasting against `other` makes of `narrow` what was made of it as `wide`."""
    padded = (1,) * (len(wide) - len(narrow)) + narrow
    alike = len(padded) == len(wide) and all(a in (1, b) for a, b in zip(padded, wide, strict=True))
    try:
        return alike and np.broadcast_shapes(narrow, other) == np.broadcast_shapes(wide, other)
    except ValueError:
        return False


_TRANSPOSING = ("transpose", "swap_last")


class Algebra:
    """Arithmetic on nodes and numbers that simplifies as it records. What is `closed` has a name, and is not opened."""

    def __init__(self, closed: Container[Node] = ()) -> None:
        self._closed = closed

    def apply(self, operation: Operation, operands: list[Any], parameters: dict[str, Any] | None = None) -> Any:
        """An operation on operands, simplified if it is arithmetic."""
        if operation.name in _RULES:
            return _RULES[operation.name](self, *operands)
        if operation.name in _TRANSPOSING and np.ndim(operands[0]) == 2 and not (parameters or {}).get("axes"):
            return self.transposed(operands[0])
        factor: Any = 1
        for slot, operand in enumerate(operands):
            if operation.argument_name(slot) in operation.linear_in and len(operands) == operation.arity:
                number, operands[slot] = self._split(operand)
                factor = factor * number
        result = operation(*operands, **(parameters or {}))
        return result if isinstance(factor, int) and factor == 1 else self.times(factor, result)

    def transposed(self, matrix: Any) -> Any:
        """The transpose of a matrix; that of a transpose is the matrix, that of a product turns it around."""
        if not isinstance(matrix, Node):
            return np.transpose(matrix)
        factor, rest = self._split(matrix)
        turned = self._turned(rest)
        return turned if factor == 1 else self.times(factor, turned)

    def _turned(self, matrix: Any) -> Any:
        for name in _TRANSPOSING:
            inside = self._opened(matrix, name)
            if inside is not None:
                return inside[0]
        inside = self._opened(matrix, "matmul")
        if inside is not None and np.ndim(inside[0]) == np.ndim(inside[1]) == 2:
            return self.transposed(inside[1]) @ self.transposed(inside[0])
        return registry["transpose"](matrix)

    def _split(self, operand: Any) -> tuple[Any, Any]:
        """An operand as a number times the rest of it."""
        inside = self._opened(operand, "negative")
        if inside is not None:
            return -1, inside[0]
        for number, rest in _both_ways(self._opened(operand, "multiply")):
            if self.number(number) is not None and np.shape(rest) == np.shape(operand):
                return self.number(number), rest
        return 1, operand

    def _opened(self, operand: Any, name: str) -> list[Any] | None:
        """The operands of a step of the operation `name` that has no name of its own."""
        return operands_of(operand) if _made_by(operand, name) and operand not in self._closed else None

    def number(self, operand: Any) -> Any:
        """The one number that an operand is everywhere; None if it is none."""
        return constant(operand, self._closed)

    def _unsigned(self, operand: Any) -> Any:
        """What an operand is the negative of, by the way it is written; None if it is not."""
        if self.number(operand) is not None:
            return -self.number(operand) if self.number(operand) < 0 else None
        inside = self._opened(operand, "negative")
        if inside is not None:
            return inside[0]
        for signed, other in _both_ways(self._opened(operand, "multiply")):
            positive = self._unsigned(signed)
            if positive is not None:
                return self.times(positive, other)
        inside = self._opened(operand, "divide")
        positive = self._unsigned(inside[0]) if inside is not None else None
        return self.over(positive, inside[1]) if inside is not None and positive is not None else None

    def _narrow(self, operand: Any, other: Any) -> Any:
        """An operand before it was spread out to a shape that it gets from `other` as well."""
        for name in ("broadcast_to", "reshape"):
            inside = self._opened(operand, name)
            if inside is not None and _spreads_alike(np.shape(inside[0]), np.shape(operand), np.shape(other)):
                return self._narrow(inside[0], other)
        factor, rest = self._split(operand)
        narrow = self._narrow(rest, other) if rest is not operand else rest
        return operand if narrow is rest else self.times(factor, narrow)

    def times(self, left: Any, right: Any) -> Any:
        """left · right."""
        left, right = self._narrow(left, right), self._narrow(right, left)
        if self.number(left) is None and self.number(right) is not None:
            left, right = right, left
        factor = self.number(left)
        if factor is not None:
            return self._scaled(factor, left, right)
        if left is right:
            return registry["power"](left, 2)
        for one, other in ((left, right), (right, left)):
            factor, rest = self._split(one)
            if factor not in (1, -1):
                return self.times(factor, self.times(*((rest, other) if one is left else (other, rest))))
            positive = self._unsigned(one)
            if positive is not None:
                return self.negated(self.times(*((positive, other) if one is left else (other, positive))))
            inside = self._opened(one, "divide")
            if inside is not None and self.number(inside[0]) == 1:
                return self.over(other, inside[1])
        return left * right

    def _scaled(self, factor: Any, whole: Any, other: Any) -> Any:
        whole = factor if isinstance(whole, Node) else whole
        if self.number(other) is not None:
            return whole * self.number(other)
        if factor in (0, 1):
            return other if factor else np.float64(0)
        if factor == -1:
            return self.negated(other)
        inside = self._opened(other, "negative")
        if inside is not None:
            return self.times(-whole, inside[0])
        for name, join in (("multiply", self.times), ("divide", self.over)):
            inside = self._opened(other, name)
            if inside is not None and self.number(inside[0]) is not None:
                return join(whole * self.number(inside[0]), inside[1])
        inside = self._opened(other, "multiply")
        if inside is not None and self.number(inside[1]) is not None:
            return self.times(whole * self.number(inside[1]), inside[0])
        return whole * other

    def plus(self, left: Any, right: Any) -> Any:
        """left + right."""
        left, right = self._narrow(left, right), self._narrow(right, left)
        if self.number(left) == 0:
            return right
        if self.number(right) == 0:
            return left
        if left is right:
            return self.times(2.0, left)
        positive = self._unsigned(right)
        if positive is not None:
            return self.minus(left, positive)
        positive = self._unsigned(left)
        return self.minus(right, positive) if positive is not None else left + right

    def minus(self, left: Any, right: Any) -> Any:
        """left - right."""
        left, right = self._narrow(left, right), self._narrow(right, left)
        if self.number(right) == 0:
            return left
        if self.number(left) == 0:
            return self.negated(right)
        positive = self._unsigned(right)
        return self.plus(left, positive) if positive is not None else left - right

    def over(self, left: Any, right: Any) -> Any:
        """left / right."""
        left, right = self._narrow(left, right), self._narrow(right, left)
        if self.number(right) not in (None, 0) and self.number(left) is None:
            return self.times(1 / self.number(right), left)
        if self.number(right) == 1 or self.number(left) == 0:
            return left
        inside = self._opened(left, "negative")
        return self.negated(self.over(inside[0], right)) if inside is not None else left / right

    def negated(self, operand: Any) -> Any:
        """-operand."""
        if self.number(operand) is not None:
            return -self.number(operand)
        positive = self._unsigned(operand)
        if positive is not None:
            return positive
        inside = self._opened(operand, "subtract")
        if inside is not None and self.number(inside[0]) is None:
            return self.minus(inside[1], inside[0])
        for name, join in (("multiply", self.times), ("divide", self.over)):
            inside = self._opened(operand, name)
            if inside is not None and self.number(inside[0]) is not None:
                return join(-self.number(inside[0]), inside[1])
        return -operand

    def raised(self, operand: Any, exponent: Any) -> Any:
        """operand ** exponent."""
        return operand if self.number(exponent) == 1 else operand**exponent

    def total(self, parts: Sequence[Any]) -> Any:
        """The sum of recorded expressions, simplified."""
        with record_everything(), np.errstate(all="ignore"):
            total, *others = parts
            for each in others:
                total = self.plus(total, each)
        return total

    def simplified(self, expression: Any) -> Any:
        """A recorded expression, computed anew with these rules down to what is closed."""
        if not isinstance(expression, Node):
            return expression
        table: dict[Node, Any] = {}
        with record_everything(), np.errstate(all="ignore"):
            for step in self.steps(expression):
                old = operands_of(step)
                new = [table.get(each, each) if isinstance(each, Node) else each for each in old]
                assert step.operation is not None
                arithmetic = step.operation.name in _RULES
                if not arithmetic and any(np.shape(a) != np.shape(b) for a, b in zip(old, new, strict=True)):
                    continue  # a number that stands for an array of it: only arithmetic does not mind
                if arithmetic or step.operation.linear_in or any(a is not b for a, b in zip(old, new, strict=True)):
                    table[step] = self.apply(step.operation, new, step.parameters)
        return table.get(expression, expression)

    def steps(self, expression: Node) -> list[Node]:
        """The steps of an expression down to what is closed, oldest first; none if they are too many."""
        found: set[Node] = set()
        stack = [expression]
        while stack and len(found) <= _MOST:
            step = stack.pop()
            if step.operation is not None and step not in self._closed and step not in found:
                found.add(step)
                stack += [source for source in step.inputs if source is not None]
        return sorted(found, key=lambda each: each.order) if len(found) <= _MOST else []


_RULES: dict[str, Callable[..., Any]] = {
    "multiply": Algebra.times,
    "add": Algebra.plus,
    "subtract": Algebra.minus,
    "divide": Algebra.over,
    "negative": Algebra.negated,
    "power": Algebra.raised,
}
