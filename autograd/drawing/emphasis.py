"""Highlighting: all paths from some nodes to the root, and how many of these read each adjoint on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from autograd.drawing.view import View


def emphasised(view: View, chosen: Iterable[str]) -> View:
    """The view with the paths from the chosen nodes brought out, if there are any; else as it is."""
    starts = {view.inside.get(key, key) for key in chosen}
    return replace(view, emphasis=_readers(view, starts)) if starts else view


def _readers(view: View, starts: set[str]) -> Mapping[str, int]:
    """How many paths lead from each node back to the starts, for those from which there is any; edges count singly."""
    above: dict[str, list[tuple[str, int]]] = {}
    waiting = dict.fromkeys(view.spots, 0)
    for arrow in view.arrows:
        if view.spots[arrow.start].requires_grad:
            above.setdefault(arrow.start, []).append((arrow.end, arrow.count))
            waiting[arrow.end] += 1
    paths = dict.fromkeys(starts, 1)
    ready = [key for key, inputs in waiting.items() if not inputs]
    while ready:
        key = ready.pop()
        for end, count in above.get(key, ()):
            if key in paths:
                paths[end] = paths.get(end, 0) + paths[key] * count
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    return {key: number for key, number in paths.items() if key in view.spots}
