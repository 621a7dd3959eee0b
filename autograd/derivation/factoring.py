"""Sums of products as formulas: a common beginning before a bracket, long products with their middle left out."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.derivation.expression import in_brackets, product, total
from autograd.derivation.quantities import Shown
from autograd.notation import Formula

END = 8
"""A product of more than twice as many factors shows so many at each end."""

ONE = Formula("1", "1")
DOTS = Formula(r"\cdots", "⋯")


def factored(begin: Sequence[Shown], ends: Sequence[Sequence[Shown]], more: Sequence[Shown]) -> Shown:
    """The common factors, times the sum of the products that go on from them and of what else there is."""
    exact = all(each.exact for end in (begin, *ends, more) for each in end)
    sums = [_product(end) for end in ends if end] + [each.formula for each in more]
    if len(sums) < 2:
        return Shown(_product([*begin, *(each for end in ends for each in end), *more]), exact)
    if not begin:
        return Shown(total(*sums), exact)
    return Shown(product(_product(begin), in_brackets(total(*sums))), exact)


def without_ones(factors: Sequence[Shown]) -> list[Shown]:
    """The factors that are not one."""
    return [each for each in factors if each.formula != ONE]


def elides(factors: Sequence[object]) -> bool:
    """Whether a product of so many factors is shown without its middle."""
    return len(factors) > 2 * END


def elided(formulas: Sequence[Formula]) -> list[Formula]:
    """Many formulas in a row with their middle left out."""
    if not elides(formulas):
        return list(formulas)
    return [*formulas[:END], DOTS, *formulas[-END:]]


def _product(factors: Sequence[Shown]) -> Formula:
    return product(*elided([each.formula for each in factors])) if factors else ONE
