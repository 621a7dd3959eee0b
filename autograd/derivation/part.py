"""One part of a derivation: a sequence of its items, that writes itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from autograd.derivation import html, latex, text
from autograd.derivation.document import Section

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Part(Sequence[T], Generic[T]):
    """One part of a derivation: a sequence of its items, which also writes itself."""

    items: tuple[T, ...]
    section: Section

    def __getitem__(self, place: Any) -> Any:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        return text.section(self.section) + "\n"

    def __repr__(self) -> str:
        return f"<Part '{self.section.title}': {len(self.items)} items>"

    @property
    def latex(self) -> str:
        """The part as one formula."""
        return latex.formula([self.section])

    @property
    def html(self) -> str:
        """The part as a piece of a page."""
        return html.fragment(None, [self.section])

    def _repr_latex_(self) -> str:
        return f"$${self.latex}$$"

    def _repr_html_(self) -> str:
        return self.html
