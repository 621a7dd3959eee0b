"""What `derive` gives: the parts of a derivation, and how they write and save themselves."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from autograd.adjoints import Counts
from autograd.derivation import html, latex, text
from autograd.derivation.checking import Comparison
from autograd.derivation.document import Section
from autograd.derivation.explaining import Effect, explained
from autograd.derivation.items import Edge, Path, PathForm, Step
from autograd.derivation.matrices import Teller
from autograd.derivation.part import Part
from autograd.errors import ArgumentError
from autograd.files import write_whole
from autograd.notation import Formula


@dataclass(frozen=True, eq=False)
class Derivation:
    """A derivative with its derivation, as it was when `derive` was called: later changes of data do not touch it.

    `value` is the derivative (a tuple, if it is by several nodes). The parts are sequences that write themselves:
    `forward`, the local `partials`, `paths`, the `memo`, what is `closed` in one formula, the `table` as it fills, the
    `costs` and the `check`. `forms` has the path form of each derivative with the exact number of its paths, `counts`
    what this derivation costs and `counts_of_all` what one sweep for every leaf does. `str()` is the text.
    """

    title: Formula
    value: Any
    forward: Part[Step]
    partials: Part[Edge]
    paths: Part[Path]
    memo: Part[Step]
    closed: Part[Step]
    table: Part[Step]
    forms: tuple[PathForm, ...]
    counts: Counts
    counts_of_all: Counts
    costs: Part[Counts]
    check: Part[Comparison]
    teller: Teller = field(repr=False)

    def explain(self, place: int = 0) -> Part[Effect]:
        """Why the derivative is as small, or large, as it is: the factors of its largest path, largest effect first.

        Between arrays they are the changes of the adjoint's magnitude from layer to layer. Of several derivatives it
        is the one at `place`.
        """
        return explained(self.teller, self.teller.stations.wrt[place], self.teller.labels.digits)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts as the writers take them; a part that does not apply is left out."""
        told = (self.forward, self.partials, self.paths, self.memo, self.closed, self.table, self.costs, self.check)
        sections = (each.section for each in told)
        return tuple(each for each in sections if each.equations or each.remarks or each.table)

    def __str__(self) -> str:
        return text.page(self.title.text, self.sections)

    def __repr__(self) -> str:
        return f"<Derivation of {self.title.text}: {self.counts.paths} paths, {len(self.memo)} adjoints>"

    @property
    def latex(self) -> str:
        """All parts as one formula of `aligned` blocks, for KaTeX, MathJax and amsmath."""
        return latex.formula(self.sections)

    @property
    def html(self) -> str:
        """A whole page, with its mathematics as MathML: it needs no script and no network."""
        return html.page(self.title, self.sections)

    def _repr_latex_(self) -> str:
        return f"$${self.latex}$$"

    def _repr_html_(self) -> str:
        return html.fragment(self.title, self.sections)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a file in the form its suffix names, .txt .tex .md or .html: whole or not at all.

        Raises: ArgumentError for another suffix.
        """
        target = FilePath(path)
        forms: dict[str, Callable[[], str]] = {
            ".txt": self.__str__,
            ".tex": lambda: latex.document(self.title.latex, self.sections),
            ".md": lambda: latex.markdown(self.title.latex, self.sections),
            ".html": lambda: self.html,
        }
        if target.suffix.lower() not in forms:
            raise ArgumentError(f"a derivation is saved as {', '.join(forms)}; found {target.name!r}")
        write_whole(target, forms[target.suffix.lower()]().encode())
