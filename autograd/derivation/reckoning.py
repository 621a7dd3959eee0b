"""How many digits it takes: numbers are shown with so many that whoever reckons with them gets the number shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from autograd.derivation.expression import steps_written, write
from autograd.derivation.factoring import DOTS, END, elides, factored
from autograd.derivation.labels import Labels
from autograd.derivation.quantities import Shown, number, rounded
from autograd.node import Node

_MORE = 4
"""So many digits more are tried before the usual ones are kept: a difference of large numbers takes any number."""


def in_numbers(node: Node, labels: Labels, value: Any, *, here: bool = False) -> Shown | None:
    """The formula of a step with numbers in it, which give `value` as it is shown. None if it is too long."""

    def shown(digits: int) -> Shown | None:
        return write(node, partial(labels.value, digits=digits), here=here)

    return _enough(shown, lambda digits: _reckoned(node, labels, digits), value, labels.digits)


def sum_of_products(
    begin: Sequence[Any], ends: Sequence[Sequence[Any]], more: Sequence[Any], value: Any, digits: int
) -> Shown:
    """Common factors times a sum of products, in numbers, which give `value` as it is shown."""

    def shown(digits: int) -> Shown:
        each = [_numbers(factors, digits) for factors in (begin, *ends, more)]
        return factored(each[0], each[1:-1], each[-1])

    def reckoned(digits: int) -> Any:
        if any(map(elides, (begin, *ends))):
            return value
        first, *products, rest = [[rounded(factor, digits) for factor in factors] for factors in (begin, *ends, more)]
        return prod(first) * (sum(prod(each) for each in products if each) + sum(rest) if any(products) else 1)

    found = _enough(shown, reckoned, value, digits)
    assert found is not None
    return found


def _numbers(factors: Sequence[Any], digits: int) -> list[Shown]:
    """Factors as they are shown; of a long product those at its ends."""
    if not elides(factors):
        return [number(factor, digits) for factor in factors]
    return [
        *(number(factor, digits) for factor in factors[:END]),
        Shown(DOTS),
        *(number(factor, digits) for factor in factors[-END:]),
    ]


def _enough(
    shown: Callable[[int], Shown | None], reckoned: Callable[[int], Any], value: Any, digits: int
) -> Shown | None:
    wanted = rounded(value, digits)
    usual = shown(digits)
    if usual is None or usual.exact:
        return usual
    with np.errstate(all="ignore"):
        for more in range(_MORE + 1):
            if rounded(reckoned(digits + more), digits) == wanted:
                return shown(digits + more)
    return usual


def _reckoned(node: Node, labels: Labels, digits: int) -> Any:
    """What a step gives on its operands as they are shown."""
    table: dict[Node, Any] = {}
    for step in steps_written(node, labels.value):
        reads = [
            table[source] if source in table else _as_shown(read, digits) if np.size(read) == 1 else read
            for source, read in zip(step.inputs, step.reads, strict=True)
        ]
        assert step.operation is not None
        table[step] = step.operation.compute(reads, step.parameters)
    return table[node]


def _as_shown(read: Any, digits: int) -> Any:
    """One number as it reads with so many digits, in the shape that it has."""
    shown = rounded(read, digits)
    return np.full(np.shape(read), shown) if np.ndim(read) else shown
