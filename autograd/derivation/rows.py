"""What all rows of the data contribute alike: a sum over i, written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd.derivation.graph import Link
from autograd.derivation.quantities import Shown
from autograd.node import Node
from autograd.notation import Binding, Formula


@dataclass(frozen=True, eq=False)
class Rows:
    """The nodes that belong to one row of the data, counted from 0, and their names where i stands for the row."""

    of: Mapping[Node, int]
    alike: Mapping[Node, str]

    def grouped(self, paths: Sequence[tuple[Link, ...]]) -> list[list[tuple[Link, ...]]] | None:
        """The paths of each row, if every path belongs to one, and all rows have the same ones."""
        groups: dict[int, list[tuple[Link, ...]]] = {}
        for path in paths:
            rows = {self.of[link.source] for link in path if link.source in self.of}
            if len(rows) != 1:
                return None
            groups.setdefault(rows.pop(), []).append(path)
        shapes = [[self._shape(path) for path in group] for group in groups.values()]
        alike = len(groups) > 1 and all(each == shapes[0] for each in shapes)
        return [groups[row] for row in sorted(groups)] if alike else None

    def _shape(self, path: tuple[Link, ...]) -> list[object]:
        """A path with i for its row."""
        return [(self.alike.get(link.source, link.source), link.place) for link in path]


def over_rows(term: Shown, rows: int) -> Shown:
    """The sum of a term over all rows."""
    inside = term.formula.enclosed(Binding.PRODUCT)
    written = Formula(rf"\sum_{{i=1}}^{{{rows}}} {inside.latex}", f"Σᵢ {inside.text}", Binding.PRODUCT)
    return Shown(written, term.exact)
