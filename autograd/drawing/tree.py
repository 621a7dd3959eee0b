"""A picture for a terminal: the graph as a tree from the root down, what is met again as a reference."""

from __future__ import annotations

from autograd.drawing.look import text
from autograd.drawing.view import Spot, View

_MOST_LINES = 120


def tree(view: View, show: frozenset[str]) -> str:
    """The tree, a line for each operand; of more than 120 lines the first."""
    sources: dict[str, list[str]] = {}
    for arrow in sorted(view.arrows, key=lambda each: each.slot):
        sources.setdefault(arrow.end, []).append(arrow.start)
    read = {start for starts in sources.values() for start in starts}
    lines: list[str] = []
    seen: set[str] = set()
    for root in (key for key in view.spots if key not in read):
        stack: list[tuple[str, str, str]] = [(root, "", "")]
        while stack and len(lines) < _MOST_LINES:
            key, before, below = stack.pop()
            again = key in seen and bool(sources.get(key))
            lines.append(before + _line(view.spots[key], show) + ("  (as above)" if again else ""))
            seen.add(key)
            inputs = [] if again else sources.get(key, [])
            ends = [False] * (len(inputs) - 1) + [True] * bool(inputs)
            for each, last in reversed(list(zip(inputs, ends, strict=True))):
                stack.append((each, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
    hidden = len(view.spots) - len(seen)
    lines += [f"… and {hidden:,} more nodes"] if hidden else []
    return "\n".join([*lines, *([view.remark] if view.remark else [])])


def _line(spot: Spot, show: frozenset[str]) -> str:
    kind = spot.kind if spot.kind != spot.role else ""
    title = " = ".join(dict.fromkeys(each for each in (spot.title, kind) if each))
    told = "  ".join(each for each in (title, *text(spot, show)) if each)
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in told)[:200]
