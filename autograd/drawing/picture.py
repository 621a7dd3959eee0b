"""A picture in Graphviz's language: laid out when it is looked at, shown by notebooks, saved by suffix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from autograd.drawing import layout
from autograd.drawing.anchors import by_the_middle
from autograd.drawing.themes import by_night
from autograd.errors import ArgumentError, AutogradError
from autograd.files import write_whole
from autograd.optional import library

if TYPE_CHECKING:
    import graphviz

_numbers = count()
_LEAST = 0.6
"""The share of its size at which a picture can still be read: letters of 10 points are 8 pixels high."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Picture:
    """What `.dot` describes, as `.svg`, as `.png`, and in files."""

    def __init__(self, dot: str, theme: str = "light") -> None:
        self.dot = dot
        self._theme = theme

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.dot.splitlines()):,} lines of .dot>"

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, laid out by Graphviz, with ids of its own and a size that follows the page's width."""
        drawn = layout.render(self.dot, "svg").decode()
        drawn = by_the_middle(drawn[drawn.index("<svg") :])
        prefix = f"drawing{next(_numbers)}_"
        drawn = re.sub(r'\bid="', f'id="{prefix}', drawn)
        width = re.search(r'width="([\d.]+)pt"', drawn)
        drawn = re.sub(r'\s(width|height)="[\d.]+pt"', "", drawn, count=2)
        wide = _width(float(width[1]) * 4 / 3) if width else ""
        night = f"<style>{by_night()}</style>" if self._theme == "auto" else ""
        drawn = re.sub(r"(<svg[^>]*>)", rf"\g<1>{night}", drawn, count=1)
        named = ' class="autodark"' if night else ""
        return drawn.replace("<svg", f'<svg{named} style="width:100%;height:auto;{wide}"', 1)

    @cached_property
    def png(self) -> bytes:
        """The picture as a PNG."""
        return layout.render(self.dot, "png")

    def to_graphviz(self) -> graphviz.Source:
        """The picture as the graphviz package has it, to be laid out or styled further with its tools."""
        return library("graphviz", "a graphviz source needs graphviz: pip install graphviz").Source(self.dot)

    def _forms(self) -> Mapping[str, Callable[[], bytes]]:
        """What is written to a file, by its suffix."""
        return {
            "svg": lambda: f"{_XML}{self.svg}".encode(),
            "png": lambda: self.png,
            "pdf": lambda: layout.render(self.dot, "pdf"),
            "dot": self.dot.encode,
        }

    def save(self, path: str | Path) -> Path:
        """Write a file, whole or not at all, in the form that its suffix names.

        Raises: ArgumentError for a suffix that names none.
        """
        target, forms = Path(path), self._forms()
        form = target.suffix.removeprefix(".").lower()
        if form not in forms:
            raise ArgumentError(f"a drawing is saved as .{', .'.join(forms)}; found {target.name!r}")
        return write_whole(target, forms[form]())

    def _repr_html_(self) -> str | None:
        try:
            return f'<div style="overflow-x:auto">{self.svg}</div>'
        except AutogradError:
            return None


def _width(pixels: float) -> str:
    """As wide as the page, but no wider than the picture is, and not so narrow that it cannot be read."""
    return f"max-width:{pixels:.0f}px;min-width:{min(pixels, max(pixels * _LEAST, 600)):.0f}px"
