"""How a view looks: the texts on nodes and edges, shapes and colours, as Graphviz's language.

Roles differ in shape and outline as well as in colour, so that the picture can be printed in grey. Every label is
data: it is escaped, and no name can add a node, a link or a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import Any

import numpy as np

from autograd.drawing.themes import Theme, faded
from autograd.drawing.view import Arrow, Spot, View, short
from autograd.notation import sizes

_FONT = "Helvetica,Arial,sans-serif"
_OUTLINES = {
    "variable": {"shape": "ellipse", "style": "filled", "margin": "0.02"},
    "data": {"shape": "box", "style": "filled"},
    "constant": {"shape": "box", "style": "dashed"},
    "result": {"shape": "box", "style": "filled,rounded"},
    "root": {"shape": "box", "style": "filled,rounded", "peripheries": "2"},
    "group": {"shape": "component", "style": "filled"},
}
_LEGEND = {
    "variable": "variable or parameter",
    "data": "data",
    "constant": "constant",
    "result": "result of an operation",
    "root": "root (the loss)",
    "group": "several steps folded: a module, or a kind",
}
_WIDEST = 44
"""Letters in a line of how a step is written."""
_MOST_LABELLED = 60
_MOST_HEATED = 40
_FADED = 0.22


def dot(view: View, show: frozenset[str], direction: str, theme: Theme) -> str:
    """The picture in Graphviz's language."""
    painter = _Painter(view, show, theme)
    lines = [
        "digraph computation {",
        f'  graph [rankdir={direction}, bgcolor="{theme.paper}", fontname="{_FONT}", fontsize=11, nodesep=0.3,'
        f' ranksep=0.55, fontcolor="{theme.faint}", labelloc=b, label={_legend(view, show, theme)}];',
        f'  node [fontname="{_FONT}", fontsize=12, fontcolor="{theme.ink}", penwidth=1.2, margin="0.12,0.06"];',
        f'  edge [fontname="{_FONT}", fontsize=10, fontcolor="{theme.number}", color="{theme.line}", arrowsize=0.7];',
    ]
    lines += [f"  {_quoted(spot.key)} [{painter.node(spot)}];" for spot in view.spots.values()]
    lines += painter.boxes("")
    lines += [painter.edge(place, arrow) for place, arrow in enumerate(view.arrows)]
    return "\n".join([*lines, "}", ""])


def text(spot: Spot, show: frozenset[str]) -> list[str]:
    """The lines on a node: what it is, its value, its adjoint."""
    lines = []
    if "value" in show and spot.value is not None:
        lines.append(summary(spot.value))
    if "shape" in show and np.ndim(spot.value):
        lines.append(f"{sizes(np.shape(spot.value))} {np.asarray(spot.value).dtype}")
    if "adjoint" in show and spot.role not in ("group", "constant"):
        if spot.adjoint is not None:
            lines.append(f"∂ {summary(spot.adjoint)}")
        elif spot.requires_grad:
            lines.append("∂ not computed")
    gradient = [f"gradient rms {spot.gradient:.3g}"] if spot.gradient is not None and "adjoint" in show else []
    return [*lines, *spot.details, *gradient]


def summary(value: Any) -> str:
    """A number with four significant digits, up to four entries, or mean and range."""
    array = np.asarray(value)
    if array.size == 0:
        return "empty"
    if array.size == 1:
        return short(array.item())
    if array.ndim == 1 and array.size <= 4:
        return "[" + ", ".join(map(short, array.tolist())) + "]"
    if array.dtype.kind not in "iuf":
        return f"{array.size} of {array.dtype}"
    return f"mean {short(array.mean())} ({short(array.min())} … {short(array.max())})"


class _Painter:
    """What writes the nodes and edges of one view."""

    def __init__(self, view: View, show: frozenset[str], theme: Theme) -> None:
        self._view = view
        self._show = show
        self._theme = theme
        self._labelled = _labelled(view, show)
        self._heated = len(view.spots) <= _MOST_HEATED and "value" in show
        sizes = [_rms(spot.adjoint) for spot in view.spots.values() if spot.adjoint is not None]
        self._largest = max((size for size in sizes if np.isfinite(size)), default=0.0)

    def _share(self, key: str) -> float:
        """How much of a node is seen: little of it, if others are highlighted."""
        return _FADED if self._view.emphasis and key not in self._view.emphasis else 1.0

    def node(self, spot: Spot) -> str:
        """Its label, shape and colours."""
        theme, share = self._theme, self._share(spot.key)
        ink, faint = faded(theme.ink, share), faded(theme.faint, share)
        title = spot.title or ("" if spot.role in ("variable", "constant") else spot.kind)
        under = spot.kind if spot.title and spot.kind != spot.role else ""
        rows = [f'<FONT COLOR="{ink}"><B>{_safe(title)}</B></FONT>'] if title else []
        rows += [f'<FONT COLOR="{faint}" POINT-SIZE="10">{_safe(line)}</FONT>' for line in wrap(under, _WIDEST)]
        rows += [_heat(spot.value, theme, share)] if self._heated and np.size(spot.value) > 4 else []
        rows += [f'<FONT COLOR="{ink}" POINT-SIZE="10">{_safe(line)}</FONT>' for line in text(spot, self._show)]
        rows += self._shared(spot)
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows or [" "])
        label = f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'
        fill, line = (faded(each, share) for each in theme.roles[spot.role])
        style = {**_OUTLINES[spot.role], "fillcolor": fill, "color": line}
        told = ", ".join(f'{name}="{value}"' for name, value in style.items())
        return f'id={_quoted(spot.key)}, class="{spot.role}", label={label}, {told}'

    def _shared(self, spot: Spot) -> list[str]:
        """How many of the highlighted paths read an adjoint."""
        many = self._view.emphasis.get(spot.key, 0)
        if many < 2 or spot.role == "root":
            return []
        return [f'<FONT COLOR="{self._theme.mark}" POINT-SIZE="10"><B>∂ read by {many:,} paths</B></FONT>']

    def boxes(self, parent: str) -> list[str]:
        """The boxes of module calls, one in another."""
        lines = []
        for box in self._view.clusters:
            if box.parent == parent:
                inside = [f"  {_quoted(key)};" for key in box.members] + self.boxes(box.key)
                style = f'style="rounded", color="{self._theme.roles["group"][1]}", penwidth=1'
                title = f'labelloc=t, label=<<FONT POINT-SIZE="10">{_safe(box.title)}</FONT>>'
                opened = f'  subgraph "cluster_{box.key}" {{ id="cluster_{box.key}"; graph [{title}, {style}];'
                lines += [opened, *inside, "  }"]
        return lines

    def edge(self, place: int, arrow: Arrow) -> str:
        """Its partial derivative, and how much flows back through it."""
        view, theme = self._view, self._theme
        label = ""
        if self._labelled and _is_number(arrow.partial):
            label = short(np.asarray(arrow.partial).item())
        elif arrow.count > 1:
            label = f"× {arrow.count}"
        flows = view.spots[arrow.start].requires_grad
        bright = not view.emphasis or (arrow.start in view.emphasis and arrow.end in view.emphasis and flows)
        share, width = (self._strength(arrow), _width(arrow, view)) if bright else (_FADED, "1")
        color = theme.line
        if view.emphasis and bright:
            color, width = theme.mark, f"{1.5 + min(4.5, np.log2(view.emphasis[arrow.start] or 1) * 1.2):.2f}"
        style = "" if flows else ', style="dashed"'
        ends = f"{_quoted(arrow.start)} -> {_quoted(arrow.end)}"
        colors = f'color="{faded(color, share)}", fontcolor="{faded(theme.number, 1.0 if bright else _FADED)}"'
        return f'  {ends} [id="e{place}", label={_quoted(label)}, penwidth={width}, {colors}{style}];'

    def _strength(self, arrow: Arrow) -> float:
        """How much of an edge is seen: the smaller the adjoint that it hands down, the less; by powers of ten."""
        adjoint = self._view.spots[arrow.start].adjoint
        if adjoint is None or not self._largest or self._view.emphasis:
            return 1.0
        size = _rms(adjoint)
        return 1.0 if not np.isfinite(size) else max(0.25, 1 + np.log10(max(size / self._largest, 1e-12)) / 8)


def _rms(adjoint: Any) -> float:
    array = np.abs(np.asarray(adjoint, dtype=np.complex128))
    return float(np.sqrt(np.mean(np.square(array)))) if array.size else 0.0


def _heat(value: Any, theme: Theme, share: float) -> str:
    """An array as a strip of colours, blocks of it averaged: below zero one colour, above it the other."""
    array = np.asarray(value)
    if array.dtype.kind not in "iufb":
        return " "
    rows = _blocks(_blocks(array.reshape(-1, array.shape[-1]).astype(float), 6).T, 16).T
    largest = float(np.nanmax(np.abs(rows))) if np.isfinite(rows).any() else 0.0
    told = "".join(f"<TR>{''.join(_cell(each, largest, theme, share) for each in row)}</TR>" for row in rows)
    size = f'FIXEDSIZE="TRUE" WIDTH="{7 * rows.shape[1]}" HEIGHT="{7 * rows.shape[0]}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" {size}>{told}</TABLE>'


def _blocks(rows: Any, most: int) -> Any:
    """Neighbouring rows averaged, so that no more than `most` are left."""
    if len(rows) <= most:
        return rows
    return np.stack([part.mean(axis=0) for part in np.array_split(rows, most)])


def _cell(number: float, largest: float, theme: Theme, share: float) -> str:
    size = abs(number) / largest if largest and np.isfinite(number) else 0.0
    color = faded(theme.below if number < 0 else theme.above, (0.08 + 0.92 * size) * share)
    return f'<TD FIXEDSIZE="TRUE" WIDTH="7" HEIGHT="7" BGCOLOR="{color}"></TD>'


def _width(arrow: Arrow, view: View) -> str:
    """The size of the adjoint that flows along an edge between numbers, from 1 to 3 points."""
    adjoint = view.spots[arrow.end].adjoint
    if adjoint is None or arrow.partial is None or np.size(adjoint) != 1 or np.size(arrow.partial) != 1:
        return "1.2"
    flow = abs(float(np.real(np.asarray(adjoint).item())) * float(np.real(np.asarray(arrow.partial).item())))
    return f"{1 + 2 * min(1.0, flow / (1 + flow)) if np.isfinite(flow) else 3:.2f}"


def _legend(view: View, show: frozenset[str], theme: Theme) -> str:
    roles = {spot.role for spot in view.spots.values()}
    words = {**_LEGEND, **view.words}
    cells = "".join(_legend_cell(role, words[role], theme) for role in _LEGEND if role in roles)
    notes = ["; ".join(_notes(view, show)), _HIGHLIGHT if view.emphasis else "", _safe(view.remark)]
    rows = [
        f'<TR><TD COLSPAN="6"><FONT POINT-SIZE="10" COLOR="{theme.faint}">{note}</FONT></TD></TR>'
        for note in notes
        if note
    ]
    return f'<<TABLE BORDER="0" CELLSPACING="6" CELLPADDING="3" CELLBORDER="0"><TR>{cells}</TR>{"".join(rows)}</TABLE>>'


def _notes(view: View, show: frozenset[str]) -> Iterator[str]:
    """What the marks in the picture mean, of those that there are."""
    if "adjoint" in show and any(spot.adjoint is not None for spot in view.spots.values()):
        yield "∂ is the derivative of the root by the node"
    if _labelled(view, show) and any(_is_number(arrow.partial) for arrow in view.arrows):
        yield "a number on an edge is that of the step by its input"
    if not all(view.spots[arrow.start].requires_grad for arrow in view.arrows):
        yield "along a dashed edge no gradient flows"


def _labelled(view: View, show: frozenset[str]) -> bool:
    return len(view.arrows) <= _MOST_LABELLED and "partial" in show


def _is_number(partial: Any) -> bool:
    return partial is not None and np.size(partial) == 1


_HIGHLIGHT = "all paths from what is highlighted; the thicker, the more of them read the adjoint there"


def _legend_cell(role: str, words: str, theme: Theme) -> str:
    outline = "dashed" if role == "constant" else "rounded" if role in ("result", "variable", "root") else "solid"
    fill, line = theme.roles[role]
    told = f'<FONT POINT-SIZE="10" COLOR="{theme.ink}">{words}</FONT>'
    return f'<TD BGCOLOR="{fill}" COLOR="{line}" BORDER="1" STYLE="{outline}">{told}</TD>'


def _safe(label: str) -> str:
    """Text within a label: markup escaped, control characters and what turns the direction of writing replaced."""
    kept = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in label[:200])
    return escape(kept).replace("\\", "\\\\") + ("…" if len(label) > 200 else "")


def _quoted(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
