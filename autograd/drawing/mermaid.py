"""A picture in Mermaid's language, which pages and editors draw themselves; names are data in it, too."""

from __future__ import annotations

from numpy import asarray, size

from autograd.drawing.look import text
from autograd.drawing.view import Arrow, Spot, View, short

_SHAPES = {
    "variable": ("([", "])"),
    "data": ("[(", ")]"),
    "constant": ("[/", "/]"),
    "result": ("[", "]"),
    "root": ("{{", "}}"),
    "group": ("[[", "]]"),
}
_STYLES = {
    "variable": "fill:#d6e8f7,stroke:#0b5e9c",
    "data": "fill:#eceff3,stroke:#5b6b7c",
    "constant": "fill:#ffffff,stroke:#5b6b7c,stroke-dasharray:4",
    "result": "fill:#ffffff,stroke:#333f4d",
    "root": "fill:#fbe3d6,stroke:#b3470b,stroke-width:3px",
    "group": "fill:#e2f1e7,stroke:#1b7a4b",
}


def mermaid(view: View, show: frozenset[str], direction: str) -> str:
    """The picture as a flowchart."""
    lines = [f"flowchart {direction}"]
    lines += [f"  classDef {role} {style},color:#1d2733" for role, style in _STYLES.items()]
    lines += [f"  {_node(spot, show)}:::{spot.role}" for spot in view.spots.values()]
    lines += [f"  {_edge(arrow, show)}" for arrow in view.arrows]
    return "\n".join([*lines, ""])


def _node(spot: Spot, show: frozenset[str]) -> str:
    title = " ".join(dict.fromkeys(each for each in (spot.title, spot.kind) if each and each != spot.role))
    told = "<br/>".join(_safe(each) for each in (title, *text(spot, show)) if each) or " "
    opened, closed = _SHAPES[spot.role]
    return f'{spot.key}{opened}"{told}"{closed}'


def _edge(arrow: Arrow, show: frozenset[str]) -> str:
    label = f"x {arrow.count}" if arrow.count > 1 else ""
    if arrow.partial is not None and "partial" in show and size(arrow.partial) == 1:
        label = short(asarray(arrow.partial).item())
    return f'{arrow.start} -->|"{_safe(label)}"| {arrow.end}' if label else f"{arrow.start} --> {arrow.end}"


def _safe(label: str) -> str:
    """Text in which no character means anything: all but letters, digits and a few signs as their numbers."""
    kept = label[:200] + ("…" if len(label) > 200 else "")
    return "".join(
        each if each.isalnum() or each in " .,()+-=" else f"#{ord(each)};" if each.isprintable() else "#65533;"
        for each in kept
    )
