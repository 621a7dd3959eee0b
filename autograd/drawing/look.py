"""How a view looks: the texts on nodes and edges, shapes and colours, as Graphviz's language.

Roles differ in shape and outline as well as in colour, so that the picture can be printed in grey. Every label is
data: it is escaped, and no name can add a node, a link or a script.
"""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from autograd.drawing.view import Arrow, Spot, View, short

_FONT = "Helvetica,Arial,sans-serif"
_STYLES = {
    "variable": {"shape": "ellipse", "style": "filled", "fillcolor": "#d6e8f7", "color": "#0b5e9c", "margin": "0.02"},
    "data": {"shape": "box", "style": "filled", "fillcolor": "#eceff3", "color": "#5b6b7c"},
    "constant": {"shape": "box", "style": "dashed", "color": "#5b6b7c"},
    "result": {"shape": "box", "style": "filled,rounded", "fillcolor": "#ffffff", "color": "#333f4d"},
    "root": {"shape": "box", "style": "filled,rounded", "fillcolor": "#fbe3d6", "color": "#b3470b", "peripheries": "2"},
    "group": {"shape": "component", "style": "filled", "fillcolor": "#e2f1e7", "color": "#1b7a4b"},
}
_LEGEND = {
    "variable": "variable or parameter",
    "data": "data",
    "constant": "constant",
    "result": "result of an operation",
    "root": "root (the loss)",
    "group": "several steps folded: a module, or a kind",
}
_MOST_LABELLED = 60


def dot(view: View, show: frozenset[str], direction: str) -> str:
    """The picture in Graphviz's language."""
    labelled = len(view.arrows) <= _MOST_LABELLED
    lines = [
        "digraph computation {",
        f'  graph [rankdir={direction}, bgcolor="white", fontname="{_FONT}", fontsize=11, nodesep=0.3, ranksep=0.55,'
        f" labelloc=b, label={_legend(view)}];",
        f'  node [fontname="{_FONT}", fontsize=12, fontcolor="#1d2733", penwidth=1.2, margin="0.12,0.06"];',
        f'  edge [fontname="{_FONT}", fontsize=10, fontcolor="#8a3b06", color="#5b6b7c", arrowsize=0.7];',
    ]
    lines += [f"  {_quoted(spot.key)} [{_attributes(spot, show)}];" for spot in view.spots.values()]
    lines += [_edge(arrow, view, labelled and "partial" in show) for arrow in view.arrows]
    return "\n".join([*lines, "}", ""])


def text(spot: Spot, show: frozenset[str]) -> list[str]:
    """The lines on a node: what it is, its value, its adjoint."""
    lines = []
    if "value" in show and spot.value is not None:
        lines.append(summary(spot.value))
    if "shape" in show and np.ndim(spot.value):
        lines.append(f"{' × '.join(map(str, np.shape(spot.value)))} {np.asarray(spot.value).dtype}")
    if "adjoint" in show and spot.role not in ("group", "constant"):
        if spot.adjoint is not None:
            lines.append(f"∂ {summary(spot.adjoint)}")
        elif spot.requires_grad:
            lines.append("∂ not computed")
    return [*lines, *spot.details]


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


def _attributes(spot: Spot, show: frozenset[str]) -> str:
    title = spot.title or ("" if spot.role in ("variable", "constant") else spot.kind)
    under = spot.kind if spot.title and spot.role in ("result", "root", "group") else ""
    rows = [f"<B>{_safe(title)}</B>"] if title else []
    rows += [f'<FONT COLOR="#5b6b7c" POINT-SIZE="10">{_safe(under)}</FONT>'] if under else []
    rows += [f'<FONT POINT-SIZE="10">{_safe(line)}</FONT>' for line in text(spot, show)]
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows or [" "])
    label = f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'
    style = ", ".join(f'{name}="{value}"' for name, value in _STYLES[spot.role].items())
    return f"id={_quoted(spot.key)}, label={label}, {style}"


def _edge(arrow: Arrow, view: View, labelled: bool) -> str:
    label = ""
    if labelled and arrow.partial is not None and np.size(arrow.partial) == 1:
        label = short(np.asarray(arrow.partial).item())
    elif arrow.count > 1:
        label = f"× {arrow.count}"
    flows = view.spots[arrow.start].requires_grad
    style = "" if flows else ', style="dashed"'
    ends = f"{_quoted(arrow.start)} -> {_quoted(arrow.end)}"
    return f"  {ends} [label={_quoted(label)}, penwidth={_width(arrow, view)}{style}];"


def _width(arrow: Arrow, view: View) -> str:
    """The size of the adjoint that flows along an edge between numbers, from 1 to 3 points."""
    adjoint = view.spots[arrow.end].adjoint
    if adjoint is None or arrow.partial is None or np.size(adjoint) != 1 or np.size(arrow.partial) != 1:
        return "1.2"
    flow = abs(float(np.asarray(adjoint).item()) * float(np.asarray(arrow.partial).item()))
    return f"{1 + 2 * min(1.0, flow / (1 + flow)) if np.isfinite(flow) else 3:.2f}"


def _legend(view: View) -> str:
    roles = {spot.role for spot in view.spots.values()}
    words = {**_LEGEND, **view.words}
    cells = "".join(_legend_cell(role, words[role]) for role in _LEGEND if role in roles)
    note = "∂ is the derivative of the root by the node; a number on an edge that of the step by its input"
    note = "" if view.words else note
    remark = f'<TR><TD COLSPAN="6"><FONT POINT-SIZE="10">{_safe(view.remark)}</FONT></TD></TR>' if view.remark else ""
    return (
        f'<<TABLE BORDER="0" CELLSPACING="6" CELLPADDING="3" CELLBORDER="0"><TR>{cells}</TR>'
        f'<TR><TD COLSPAN="6"><FONT POINT-SIZE="10" COLOR="#5b6b7c">{note or " "}</FONT></TD></TR>{remark}</TABLE>>'
    )


def _legend_cell(role: str, words: str) -> str:
    outline = "dashed" if role == "constant" else "rounded" if role in ("result", "variable", "root") else "solid"
    colour = _STYLES[role].get("fillcolor", "white")
    return f'<TD BGCOLOR="{colour}" BORDER="1" STYLE="{outline}"><FONT POINT-SIZE="10">{words}</FONT></TD>'


def _safe(label: str) -> str:
    """Text within a label: markup escaped, control characters and what turns the direction of writing replaced."""
    kept = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in label[:200])
    return escape(kept).replace("\\", "\\\\") + ("…" if len(label) > 200 else "")


def _quoted(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
