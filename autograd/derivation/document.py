"""What the writers write: sections of equations, each a left side and a chain of right sides."""

from __future__ import annotations

from dataclasses import dataclass

from autograd.derivation.quantities import Shown
from autograd.notation import Formula


@dataclass(frozen=True)
class Equation:
    """One line of mathematics: `left = ... = ...`, where `=` turns to `≈` once a number was rounded.

    `shapes` repeats the formula with the shape of each factor in its place, for a script that has no room under it.
    A `stacked` one has each right side on a line of its own, however short; one told `aside` does not line up with
    the others at its relation.
    """

    label: str
    left: Formula
    chain: tuple[tuple[str, Formula], ...]
    note: str = ""
    shapes: str = ""
    stacked: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Table:
    """A table of formulas: what stands over its columns, and rows, each after a label. None is an empty cell."""

    head: tuple[Formula, ...]
    rows: tuple[tuple[str, tuple[Formula | None, ...]], ...]


@dataclass(frozen=True)
class Section:
    """A part of a derivation: a title, a sentence under it, what is given (short equations, several to a line), its
    equations, a table, and what is remarked below them.
    """

    title: str
    caption: str
    equations: tuple[Equation, ...] = ()
    remarks: tuple[str, ...] = ()
    given: tuple[Equation, ...] = ()
    table: Table | None = None


def equation(label: str, left: Formula, *terms: Shown | None, note: str = "", shapes: str = "") -> Equation:
    """An equation of the terms there are; one that repeats what stands before it is left out."""
    chain: list[tuple[str, Formula]] = []
    exact = True
    before = left.text
    for term in terms:
        if term is not None and term.formula.text != before:
            exact = exact and term.exact
            chain.append(("=" if exact else "≈", term.formula))
            before = term.formula.text
    return Equation(label, left, tuple(chain), note, shapes)
