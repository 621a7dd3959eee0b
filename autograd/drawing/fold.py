"""Folding: many nodes in one box, by the module call that recorded them, or by the kind of operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.drawing.view import Arrow, Call, Cluster, Keys, Spot, View
from autograd.mode import Owner
from autograd.node import Node, owners
from autograd.notation import sizes


def parameter_names(nodes: list[Node]) -> dict[Node, str]:
    """The dotted paths of parameters, from the outermost modules that took part."""
    names: dict[Node, str] = {}
    for owner in dict.fromkeys(outermost for node in nodes for outermost in owners(node)[:1]):
        names |= {parameter: path for path, parameter in owner.named_parameters()}
    return names


def folded(view: View, nodes: list[Node], keys: Keys, most: int, *, layers: bool = False) -> View:
    """The view folded by module: one box for each call, with `layers` one for all modules of a kind.

    Where there would be more than `most` nodes it is folded by layer, then by outer modules.
    """
    found = by_module(view, nodes, keys)
    if layers or len(found.spots) > most:
        found = by_layer(found)
    deepest = max((len(owners(node)) for node in nodes), default=0)
    for depth in range(deepest - 1, 0, -1):
        if len(found.spots) <= most:
            break
        found = by_module(view, nodes, keys, depth)
    return found


def by_module(view: View, nodes: list[Node], keys: Keys, depth: int | None = None, opened: Call | None = None) -> View:
    """One box for each call of a module, at most so deep in others; the one that is `opened` has none."""
    chains = {keys[node]: _chain(node) for node in nodes}
    boxes = {key: chain[:depth][-1] for key, chain in chains.items() if chain and chain[-1] is not opened}
    numbers = _numbered(boxes.values())
    groups = {key: numbers[id(scope)] for key, scope in boxes.items()}
    folded = _folded(view, groups, _module_boxes(view, boxes, groups, keys))
    folded.owners = {groups[key]: id(scope[1]) for key, scope in boxes.items()}
    folded.remark = f"{len(view.spots):,} nodes folded by module into {len(folded.spots)}"
    return folded


def each_opened(view: View, nodes: list[Node], keys: Keys) -> Iterator[tuple[str, View]]:
    """The view folded by module but for one call, for each call in turn, named by the module's path."""
    members: dict[int, list[str]] = {}
    scopes = {id(node.scope): node.scope for node in nodes if node.scope is not None}
    for node in nodes:
        if node.scope is not None:
            members.setdefault(id(node.scope), []).append(keys[node])
    calls: Counter[str] = Counter()
    for place, scope in scopes.items():
        title = keys.path(scope) or type(scope[1]).__name__
        calls[title] += 1
        found = by_module(view, nodes, keys, opened=scope)
        inner = dict.fromkeys(members[place], title)
        found.clusters = [Cluster("opened", title, "", (*inner, *_absorbed(view, inner)))]
        yield title if calls[title] == 1 else f"{title}, call {calls[title]}", found


def by_kind(view: View) -> View:
    """One box for each kind of operation, one for all variables, one for all data."""
    kinds = {key: f"k{spot.kind}" for key, spot in view.spots.items() if spot.role != "root"}
    counts = Counter(kinds.values())
    boxes: dict[str, Spot] = {}
    for key, group in kinds.items():
        spot = view.spots[key]
        many = f"{counts[group]:,} node{'s' * (counts[group] > 1)}"
        told = Spot(group, "group", spot.kind, many, requires_grad=spot.requires_grad, nodes=counts[group])
        boxes.setdefault(group, told)
    folded = _folded(view, kinds, boxes)
    folded.remark = f"{len(view.spots):,} nodes folded by kind of operation into {len(folded.spots)}"
    return folded


def _chain(node: Node) -> list[Call]:
    """The module calls within which a node was recorded, outermost first."""
    chain: list[Call] = []
    scope = node.scope
    while scope is not None:
        chain.append(scope)
        scope = scope[0]
    return chain[::-1]


def _numbered(scopes: Iterable[Any]) -> dict[int, str]:
    """A key for each module call."""
    return {each: f"g{place}" for place, each in enumerate(dict.fromkeys(map(id, scopes)))}


def _module_boxes(view: View, boxes: Mapping[str, Call], groups: Mapping[str, str], keys: Keys) -> dict[str, Spot]:
    found: dict[str, Spot] = {}
    counts = Counter(groups.values())
    last = {group: member for member, group in groups.items()}
    boxed = {id(scope[1]) for scope in boxes.values()}
    for member, scope in boxes.items():
        key, owner = groups[member], scope[1]
        if key in found:
            continue
        name = type(owner).__name__
        title = keys.path(scope) or name
        kind = name if title != name else "module"
        own = _own(owner, boxed)
        made = f"→ {sizes(np.shape(view.spots[last[key]].value))}"
        details = (made, *_contents(own, counts[key]))
        size = sum(each.size for _, each in own)
        found[key] = Spot(key, "group", title, kind, details=details, nodes=counts[key], parameters=size)
    return found


def by_layer(view: View) -> View:
    """One box for all modules of a kind in a view that is folded by module: the same one "× n", others "+ n more"."""
    kinds = {key: f"l{spot.kind}" for key, spot in view.spots.items() if key in view.owners}
    members: dict[str, list[Spot]] = {}
    for key, group in kinds.items():
        members.setdefault(group, []).append(view.spots[key])
    boxes = {group: _alike(group, each, view.owners) for group, each in members.items()}
    folded = _folded(view, kinds, boxes)
    folded.remark = f"{view.remark}, by layer into {len(folded.spots)}" if view.remark else ""
    return folded


def _alike(key: str, members: list[Spot], modules: Mapping[str, int]) -> Spot:
    """Modules of one kind in one box, with what they have together."""
    first, more = members[0], len(members) - 1
    applied = len({modules[each.key] for each in members}) == 1
    told = f"× {len(members)}" if applied else f"+ {more} more"
    nodes = sum(each.nodes for each in members)
    parameters = first.parameters if applied else sum(each.parameters for each in members)
    details = [f"{parameters:,} parameters"] if parameters else []
    kind = first.kind if first.kind != "module" else first.title
    title = f"{kind} {told}" if more else first.title
    return Spot(
        key, "group", title, first.kind if not more else "modules", details=(*details, f"{nodes:,} steps"),
        nodes=nodes, parameters=parameters,
    )  # fmt: skip


def clusters(view: View, nodes: list[Node], keys: Keys) -> list[Cluster]:
    """The calls of modules as boxes around what they recorded, parameters that they alone use included."""
    chains = {keys[node]: _chain(node) for node in nodes}
    numbers = _numbered(scope for chain in chains.values() for scope in chain)
    groups = {key: numbers[id(chain[-1])] for key, chain in chains.items() if chain}
    groups |= _absorbed(view, groups)
    members: dict[str, list[str]] = {}
    for key, group in groups.items():
        members.setdefault(group, []).append(key)
    found: dict[str, Cluster] = {}
    for chain in chains.values():
        for depth, scope in enumerate(chain):
            key = numbers[id(scope)]
            if key not in found:
                title = " ".join(filter(None, (keys.path(scope), type(scope[1]).__name__)))
                parent = numbers[id(chain[depth - 1])] if depth else ""
                found[key] = Cluster(key, title, parent, tuple(members.get(key, ())))
    return list(found.values())


def _own(owner: Owner, boxed: set[int]) -> list[tuple[str, Any]]:
    """The parameters of a module, but for those of modules in it that have boxes of their own."""
    others = [module for _, module in owner.named_modules() if module is not owner and id(module) in boxed]
    held = {id(parameter) for module in others for _, parameter in module.named_parameters()}
    return [(path, parameter) for path, parameter in owner.named_parameters() if id(parameter) not in held]


def _contents(parameters: list[tuple[str, Any]], steps: int) -> tuple[str, ...]:
    shown = [f"{name} {sizes(each.shape)}" for name, each in parameters[:4]]
    shown += [f"and {len(parameters) - 4} more"] if len(parameters) > 4 else []
    total = sum(each.size for _, each in parameters)
    shown += [f"{total:,} parameters"] if total else []
    return (*shown, f"{steps} step{'s' if steps > 1 else ''}")


def _folded(view: View, groups: dict[str, str], boxes: dict[str, Spot]) -> View:
    """The view with groups in place of their members; a leaf that only one group uses goes into it."""
    groups = {**groups, **_absorbed(view, groups)}
    members: dict[str, list[Spot]] = {}
    for key, group in groups.items():
        members.setdefault(group, []).append(view.spots[key])
    folded = View(held=view.held)
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
            arrows[ends] += arrow.count
    folded.arrows = [Arrow(start, end, 0, count=count) for (start, end), count in arrows.items()]
    folded.inside = {key: groups.get(box, box) for key, box in view.inside.items()} | groups
    return folded


def _absorbed(view: View, groups: Mapping[str, str]) -> dict[str, str]:
    users: dict[str, set[str | None]] = {}
    for arrow in view.arrows:
        users.setdefault(arrow.start, set()).add(groups.get(arrow.end))
    absorbed: dict[str, str] = {}
    for key, found in users.items():
        (group,) = found if len(found) == 1 else (None,)
        if group is not None and (key in view.held or view.spots[key].role == "constant"):
            absorbed[key] = group
    return absorbed


def _summed(box: Spot, members: list[Spot]) -> Spot:
    """A box with the size of the gradient that arrives at the parameters in it."""
    adjoints = [each.adjoint for each in members if each.role == "variable" and each.adjoint is not None]
    if not adjoints:
        return box
    rms = float(np.sqrt(np.mean([np.mean(np.square(np.abs(each))) for each in adjoints])))
    return replace(box, gradient=rms)
