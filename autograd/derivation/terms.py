"""What NumPy's own functions compute formulas with: the elements of object arrays, each a number or a recorded one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.node import Node
from autograd.operation import Elementwise, registry


class Term:
    """A number, or a node that holds one. Sums leave out 0 and products 1, which arrays are full of."""

    __slots__ = ("of",)

    def __init__(self, of: Any) -> None:
        self.of = of

    @property
    def value(self) -> Any:
        """The number."""
        return self.of.value if isinstance(self.of, Node) else self.of

    def _is(self, number: float) -> bool:
        return not isinstance(self.of, Node) and bool(self.of == number)

    def __add__(self, other: Any) -> Term:
        other = term(other)
        return other if self._is(0) else self if other._is(0) else Term(self.of + other.of)

    def __sub__(self, other: Any) -> Term:
        other = term(other)
        return self if other._is(0) else -other if self._is(0) else Term(self.of - other.of)

    def __mul__(self, other: Any) -> Term:
        other = term(other)
        if other._is(1) or self._is(0):
            return self
        return term(other) if self._is(1) or other._is(0) else Term(self.of * other.of)

    def __truediv__(self, other: Any) -> Term:
        other = term(other)
        return self if other._is(1) or self._is(0) else Term(self.of / other.of)

    def __radd__(self, other: Any) -> Term:
        return term(other) + self

    def __rsub__(self, other: Any) -> Term:
        return term(other) - self

    def __rmul__(self, other: Any) -> Term:
        return term(other) * self

    def __rtruediv__(self, other: Any) -> Term:
        return term(other) / self

    def __neg__(self) -> Term:
        return Term(-self.of)

    def __pow__(self, other: Any) -> Term:
        return Term(self.of ** term(other).of)

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < term(other).value)

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > term(other).value)

    def __le__(self, other: Any) -> bool:
        return bool(self.value <= term(other).value)

    def __ge__(self, other: Any) -> bool:
        return bool(self.value >= term(other).value)

    def __getattr__(self, name: str) -> Callable[[], Term]:
        """An element-wise function, as NumPy asks the elements of an object array for it: `np.exp` for `.exp()`."""
        operation = registry.get(name)
        if not isinstance(operation, Elementwise) or operation.arity != 1:
            raise AttributeError(name)
        return lambda: Term(operation(self.of))


def term(given: Any) -> Term:
    """A term as it is; a number as one."""
    return given if isinstance(given, Term) else Term(given)


def terms(values: Any) -> np.ndarray:
    """An array of numbers as one of terms."""
    return _filled(np.shape(values), map(Term, np.asarray(values).ravel()))


def as_terms(found: Any) -> np.ndarray:
    """What a function made of arrays of terms, as such an array: it may be a single one, or have numbers in it."""
    if isinstance(found, np.ndarray):
        return _filled(found.shape, map(term, found.ravel()))
    return _filled((), [term(found)])


def _filled(shape: tuple[int, ...], elements: Any) -> np.ndarray:
    array = np.empty(int(np.prod(shape)), dtype=object)
    for place, element in enumerate(elements):
        array[place] = element
    return array.reshape(shape)


def each(function: Callable[..., Any], operands: list[np.ndarray]) -> np.ndarray:
    """A function of what the terms are of, element by element, broadcast as NumPy does."""
    alike = np.broadcast_arrays(*operands)
    rows = zip(*(array.ravel() for array in alike), strict=True)
    return _filled(alike[0].shape, (Term(function(*[one.of for one in row])) for row in rows))
