"""Factors above and below a fraction bar that are the same are crossed out: (ŷ - y)/(ŷ(1 - ŷ)) · ŷ(1 - ŷ) is ŷ - y."""

from __future__ import annotations

import fractions
from collections.abc import Callable, Container
from typing import Any

import numpy as np

from autograd.derivation.algebra import Algebra, constant, operands_of
from autograd.derivation.polynomials import ZERO, Monomial, Polynomial, atom, number
from autograd.mode import record_everything
from autograd.node import Node

_LARGEST = 24
"""A polynomial of more terms than this is left alone."""

Fraction = tuple[Polynomial, Polynomial]


class Cancelling:
    """What crosses out common factors. `closed` nodes are not opened; `key` tells which atoms are the same."""

    def __init__(self, closed: Container[Node], key: Callable[[Node], str]) -> None:
        self._closed = closed
        self._key = key
        self._algebra = Algebra(closed)
        self._atoms: dict[str, Node] = {}

    def cancelled(self, expression: Any) -> Any:
        """The expression, recorded anew with less in it; itself, if nothing cancels."""
        if not isinstance(expression, Node):
            return expression
        factors, below = self._factors(expression)
        above = self._collected(factors)
        over = [(factor, self._fraction(factor)) for factor in above]
        under = [self._fraction(factor) for factor in below]
        if any(found is None for _, found in over) or None in under:
            return expression
        numerators: list[tuple[Polynomial, Any]] = []
        denominators: list[Polynomial] = []
        for factor, found in over:
            assert found is not None
            numerators.append((found[0], factor if found[1].is_number else None))
            denominators += [] if found[1].is_number else [found[1]]
        for found in under:
            assert found is not None
            numerators += [] if found[1] == number(1) else [(found[1], None)]
            denominators.append(found[0])
        return self._crossed_out(expression, numerators, denominators, len(above) < len(factors))

    def _crossed_out(
        self, expression: Node, numerators: list[Any], denominators: list[Polynomial], changed: bool
    ) -> Any:
        """The fraction without its common factors; `changed` tells that it is to be written anew in any case."""
        left: list[Polynomial] = []
        for denominator in denominators:
            rest, numerators, fewer = _divided(denominator, numerators)
            changed = changed or fewer
            left += [] if rest.is_number and rest.terms == {(): 1} else [rest]
        if not changed:
            return expression
        with record_everything(), np.errstate(all="ignore"):
            result: Any = 1.0
            for polynomial, factor in sorted(numerators, key=lambda each: not each[0].is_number):
                result = self._algebra.times(result, self._written(polynomial) if factor is None else factor)
            for polynomial in left:
                result = self._algebra.over(result, self._written(polynomial))
        return result

    def _factors(self, expression: Any) -> tuple[list[Any], list[Any]]:
        """What stands above and below the bar."""
        name = self._opened(expression)
        if name not in ("multiply", "divide", "negative"):
            return [expression], []
        first, *others = operands_of(expression)
        above, below = self._factors(first)
        if name == "negative":
            return [-1.0, *above], below
        more, less = self._factors(others[0])
        return ([*above, *more], [*below, *less]) if name == "multiply" else ([*above, *less], [*below, *more])

    def _collected(self, factors: list[Any]) -> list[Any]:
        """Equal factors as powers: w · x · x is w · x²."""
        counts: dict[str, int] = {}
        first: dict[str, Any] = {}
        for factor in factors:
            numeric = self._algebra.number(factor) is not None
            key = self._key(factor) if isinstance(factor, Node) and not numeric else f"number {len(first)}"
            counts[key] = counts.get(key, 0) + 1
            first.setdefault(key, factor)
        return [self._algebra.raised(factor, counts[key]) for key, factor in first.items()]

    def _opened(self, expression: Any) -> str | None:
        if not isinstance(expression, Node) or expression.operation is None or expression in self._closed:
            return None
        return expression.operation.name

    def _fraction(self, expression: Any) -> Fraction | None:
        """Numerator and denominator; None if they have too many terms."""
        if self._algebra.number(expression) is not None:
            return number(self._algebra.number(expression)), number(1)
        name = self._opened(expression)
        if name not in _RULES or (name == "power" and not _is_small(expression)):
            return self._atom(expression), number(1)
        inside = operands_of(expression)
        if name == "power":
            base = self._fraction(inside[0])
            return None if base is None else _few(_power(base, int(constant(inside[1]))))
        parts = [self._fraction(each) for each in inside]
        known = [each for each in parts if each is not None]
        return _few(_RULES[name](*known)) if len(known) == len(parts) else None

    def _atom(self, expression: Any) -> Polynomial:
        key = self._key(expression) if isinstance(expression, Node) else f"array {id(expression)}"
        self._atoms.setdefault(key, expression)
        return atom(key)

    def _written(self, polynomial: Polynomial) -> Any:
        """A polynomial as what its terms have in common times a sum, what is added before what is subtracted."""
        if polynomial == ZERO:
            return np.float64(0)
        common = polynomial.content()
        rest = polynomial.over(common)
        assert rest is not None
        total: Any = 0.0
        for monomial, coefficient in sorted(rest.terms.items(), key=lambda item: item[1] < 0):
            part = self._product(monomial, abs(coefficient))
            total = self._algebra.minus(total, part) if coefficient < 0 else self._algebra.plus(total, part)
        ((monomial, coefficient),) = common.terms.items()
        return self._algebra.times(self._product(monomial, coefficient), total)

    def _product(self, monomial: Monomial, coefficient: fractions.Fraction) -> Any:
        product: Any = float(coefficient)
        for key, power in monomial:
            product = self._algebra.times(product, self._algebra.raised(self._atoms[str(key)], power))
        return product


def _plus(one: Fraction, other: Fraction) -> Fraction:
    if one[1] == other[1]:
        return one[0] + other[0], one[1]
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]


def _negated(one: Fraction) -> Fraction:
    return -one[0], one[1]


def _times(one: Fraction, other: Fraction) -> Fraction:
    return one[0] * other[0], one[1] * other[1]


def _power(base: Fraction, exponent: int) -> Fraction:
    result = (number(1), number(1))
    for _ in range(exponent):
        result = _times(result, base)
    return result


_RULES: dict[str | None, Callable[..., Fraction]] = {
    "add": _plus,
    "subtract": lambda one, other: _plus(one, _negated(other)),
    "negative": _negated,
    "multiply": _times,
    "divide": lambda one, other: _times(one, other[::-1]),
    "power": _power,
}


def _is_small(step: Node) -> bool:
    exponent = constant(operands_of(step)[1])
    return exponent is not None and exponent in (1, 2, 3)


def _few(found: Fraction) -> Fraction | None:
    return found if max(len(found[0].terms), len(found[1].terms)) <= _LARGEST and found[1] != ZERO else None


def _divided(denominator: Polynomial, numerators: list[Any]) -> tuple[Polynomial, list[Any], bool]:
    """What is left of a denominator and of the numerators, and whether that is less."""
    kept: list[Any] = []
    changed = False
    for polynomial, factor in numerators:
        if polynomial.is_number or denominator.is_number:
            kept.append((polynomial, factor))
            continue
        whole = polynomial.over(denominator)
        part = denominator.over(polynomial) if whole is None else number(1)
        if whole is not None:
            kept.append((whole, None))
        if part is None:
            kept.append((polynomial, factor))
        else:
            denominator, changed = part, True
    return denominator, kept, changed
