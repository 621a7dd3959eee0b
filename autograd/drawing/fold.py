"""Folding: many nodes in one box, by the module call that recorded them, or by the kind of operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.drawing.view import Arrow, Keys, Spot, View
from autograd.mode import Owner, Scope
from autograd.node import Node


def parameter_names(nodes: list[Node]) -> dict[Node, str]:
    """The dotted paths of parameters, from the outermost modules that took part."""
    names: dict[Node, str] = {}
    for owner in {id(chain[0][1]): chain[0][1] for chain in map(_chain, nodes) if chain}.values():
        names |= {parameter: path for path, parameter in owner.named_parameters()}
    return names


def by_module(view: View, nodes: list[Node], keys: Keys, most: int) -> View:
    """One box for each call of a module, of outer modules where there would be more than `most` nodes."""
    chains = {keys[node]: _chain(node) for node in nodes}
    deepest = max(map(len, chains.values()), default=0)
    folded = view
    for depth in range(deepest, 0, -1):
        boxes = {key: chain[:depth][-1] for key, chain in chains.items() if chain}
        folded = _folded(view, {key: f"g{id(scope)}" for key, scope in boxes.items()}, _module_boxes(boxes))
        if len(folded.spots) <= most or depth == 1:
            break
    if deepest:
        folded.remark = f"{len(view.spots)} nodes folded by module into {len(folded.spots)}"
    return folded


def by_kind(view: View) -> View:
    """One box for each kind of operation, one for all variables, one for all data."""
    kinds = {key: f"k{spot.kind}" for key, spot in view.spots.items() if spot.role != "root"}
    counts = Counter(kinds.values())
    boxes: dict[str, Spot] = {}
    for key, group in kinds.items():
        spot = view.spots[key]
        boxes.setdefault(
            group, Spot(group, "group", spot.kind, f"{counts[group]:,} nodes", requires_grad=spot.requires_grad)
        )
    folded = _folded(view, kinds, boxes)
    folded.remark = f"{len(view.spots):,} nodes folded by kind of operation into {len(folded.spots)}"
    return folded


def _chain(node: Node) -> list[tuple[Scope, Owner]]:
    """The module calls within which a node was recorded, outermost first; each call is a scope of its own."""
    chain: list[tuple[Scope, Owner]] = []
    scope = node.scope
    while scope is not None:
        chain.append(scope)
        scope = scope[0]
    return chain[::-1]


def _module_boxes(boxes: Mapping[str, Any]) -> dict[str, Spot]:
    paths: dict[int, str] = {}
    found: dict[str, Spot] = {}
    counts = Counter(f"g{id(scope)}" for scope in boxes.values())
    for scope in boxes.values():
        key, owner = f"g{id(scope)}", scope[1]
        if key in found:
            continue
        if id(owner) not in paths:
            paths |= {id(module): path for path, module in _outermost(scope).named_modules()}
        title = paths.get(id(owner), "") or type(owner).__name__
        kind = type(owner).__name__ if title != type(owner).__name__ else "module"
        found[key] = Spot(key, "group", title, kind, details=_contents(owner, counts[key]))
    return found


def _outermost(scope: Any) -> Any:
    while scope[0] is not None:
        scope = scope[0]
    return scope[1]


def _contents(owner: Owner, steps: int) -> tuple[str, ...]:
    parameters = list(owner.named_parameters())
    shown = [f"{name} {_shape(each.shape)}" for name, each in parameters[:4]]
    shown += [f"and {len(parameters) - 4} more"] if len(parameters) > 4 else []
    total = sum(each.size for _, each in parameters)
    shown += [f"{total:,} parameters"] if total else []
    return (*shown, f"{steps} step{'s' if steps > 1 else ''}")


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "number"


def _folded(view: View, groups: dict[str, str], boxes: dict[str, Spot]) -> View:
    """The view with groups in place of their members; a leaf that only one group uses goes into it."""
    groups = {**groups, **_absorbed(view, groups)}
    members: dict[str, list[Spot]] = {}
    for key, group in groups.items():
        members.setdefault(group, []).append(view.spots[key])
    folded = View()
    for key, spot in view.spots.items():
        inside = groups.get(key)
        if inside is None:
            folded.spots[key] = spot
        elif inside not in folded.spots:
            folded.spots[inside] = _summed(boxes[inside], members[inside])
    arrows: Counter[tuple[str, str]] = Counter()
    for arrow in view.arrows:
        ends = groups.get(arrow.start, arrow.start), groups.get(arrow.end, arrow.end)
        if ends[0] != ends[1]:
            arrows[ends] += 1
    folded.arrows = [Arrow(start, end, 0, count=count) for (start, end), count in arrows.items()]
    return folded


def _absorbed(view: View, groups: Mapping[str, str]) -> dict[str, str]:
    users: dict[str, set[str | None]] = {}
    for arrow in view.arrows:
        users.setdefault(arrow.start, set()).add(groups.get(arrow.end))
    absorbed: dict[str, str] = {}
    for key, found in users.items():
        (group,) = found if len(found) == 1 else (None,)
        if group is not None and view.spots[key].role in ("variable", "constant"):
            absorbed[key] = group
    return absorbed


def _summed(box: Spot, members: list[Spot]) -> Spot:
    """A box with the size of the gradient that arrives at the parameters in it."""
    squares = [
        np.mean(np.square(each.adjoint)) for each in members if each.role == "variable" and each.adjoint is not None
    ]
    if not squares:
        return box
    rms = float(np.sqrt(np.mean(squares)))
    return Spot(box.key, box.role, box.title, box.kind, details=(*box.details, f"gradient rms {rms:.3g}"))
