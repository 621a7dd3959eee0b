"""Polynomials in the atoms of a formula, as far as cancelling asks for them: sums, products and exact division."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

Monomial = tuple[tuple[Hashable, int], ...]
"""Atoms with their exponents, in order."""


@dataclass(frozen=True)
class Polynomial:
    """The coefficient of each monomial, none of them 0."""

    terms: dict[Monomial, Fraction]

    def __add__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
        return Polynomial({monomial: each for monomial, each in total.items() if each})

    def __mul__(self, other: Polynomial) -> Polynomial:
        total = ZERO
        for monomial, coefficient in self.terms.items():
            moved = {_together(monomial, each): coefficient * factor for each, factor in other.terms.items()}
            total = total + Polynomial(moved)
        return total

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -each for monomial, each in self.terms.items()})

    def over(self, divisor: Polynomial) -> Polynomial | None:
        """The quotient, if nothing remains."""
        order = _Order(self, divisor)
        lead = max(divisor.terms, key=order)
        quotient, rest = ZERO, self
        while rest.terms:
            first = max(rest.terms, key=order)
            left = _without(first, lead)
            if left is None:
                return None
            step = Polynomial({left: rest.terms[first] / divisor.terms[lead]})
            quotient, rest = quotient + step, rest + -(step * divisor)
        return quotient

    def content(self) -> Polynomial:
        """What all terms have in common, as one term; negative if they all are."""
        first, *others = (dict(monomial) for monomial in self.terms)
        common = {key: min(power, *(each.get(key, 0) for each in others), power) for key, power in first.items()}
        coefficients = list(self.terms.values())
        shared = Fraction(
            gcd(*(each.numerator for each in coefficients)), lcm(*(each.denominator for each in coefficients))
        )
        sign = -1 if all(each < 0 for each in coefficients) else 1
        return Polynomial({tuple((key, power) for key, power in common.items() if power): sign * shared})

    @property
    def is_number(self) -> bool:
        """Whether there is no atom in it."""
        return not any(self.terms)


ZERO = Polynomial({})


def number(value: Any) -> Polynomial:
    """A number: the fraction a float stands for, if it is a simple one."""
    exact = Fraction(float(value))
    simple = exact.limit_denominator(10**6)
    chosen = simple if float(simple) == float(value) else exact
    return Polynomial({(): chosen}) if chosen else ZERO


def atom(key: Hashable) -> Polynomial:
    """One atom."""
    return Polynomial({((key, 1),): Fraction(1)})


class _Order:
    """The order of monomials that division goes by: by degree, then by the powers of the atoms one after the other."""

    def __init__(self, *polynomials: Polynomial) -> None:
        keys = {key for each in polynomials for monomial in each.terms for key, _ in monomial}
        self._keys = sorted(keys, key=str)

    def __call__(self, monomial: Monomial) -> tuple[int, ...]:
        powers = dict(monomial)
        return (sum(powers.values()), *(powers.get(key, 0) for key in self._keys))


def _together(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for key, power in other:
        powers[key] = powers.get(key, 0) + power
    return tuple(sorted(powers.items(), key=lambda item: str(item[0])))


def _without(whole: Monomial, part: Monomial) -> Monomial | None:
    powers = dict(whole)
    for key, power in part:
        powers[key] = powers.get(key, 0) - power
        if powers[key] < 0:
            return None
    return tuple((key, power) for key, power in powers.items() if power)
