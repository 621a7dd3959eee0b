"""`derive`: the chain rule read off a recorded graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.derivation import parts
from autograd.derivation.checking import check, compared
from autograd.derivation.derivation import Derivation
from autograd.derivation.expansion import Chosen, chosen_elements, expanded, is_small
from autograd.derivation.expression import partial as symbol_of
from autograd.derivation.graph import Stations, stations
from autograd.derivation.labels import Labels
from autograd.derivation.manner import Manner, Slopes, Style
from autograd.derivation.matrices import Matrices
from autograd.derivation.rows import Rows
from autograd.derivation.scalars import Scalars
from autograd.errors import ArgumentError, GraphError
from autograd.node import Node, ancestors
from autograd.notation import Formula
from autograd.reverse import sweep


def derive(
    root: Node,
    wrt: Node | Sequence[Node],
    *,
    names: Mapping[Any, Any] | None = None,
    style: Style | None = None,
    slopes: Slopes = "output",
    numbers: bool = True,
    digits: int = 4,
    max_paths: int = 6,
    row: int | None = None,
) -> Derivation:
    """The derivation of d root / d wrt from the recorded graph: forward pass, local partials, sum over paths, memo.

    `names` gives names, as `{"w": w}` (so `locals()` will do) or `{w: "w"}`; else a tensor's `.name` counts, and what
    has none is v₁, v₂, ... in evaluation order. If some intermediate results have names, the others are folded into
    them. Of a layer's weights W₁₂ leads from input 1 to unit 2: it is `weight[1, 0]`. `wrt` may be several nodes.
    `digits` are significant ones; without `numbers` it is all symbols. Of more than `max_paths` paths the largest are
    shown, and the exact count and the sum of the others.

    Raises: GraphError if no path leads from `wrt` to `root`, or `root` is not one number; ArgumentError otherwise.

    >>> from autograd import Value
    >>> w, x = Value(2.0, name="w"), Value(3.0, name="x")
    >>> print(derive((w * x) ** 2, w).paths)
    SUM OVER PATHS
      One product for each path from the result down, factors in that order; what all paths begin with
      stands before the bracket.
        ∂v₂/∂w = ∂v₂/∂v₁ · ∂v₁/∂w
               = 2 · v₁ · x
               = 12 · 3
               = 36
    <BLANKLINE>
    """
    manner = Manner(style, slopes, numbers, digits, max_paths)
    chosen = _checked(root, wrt)
    elements = chosen_elements(root, chosen)
    if elements is None:
        told = _told_by_arrays(Labels(root, chosen, names, digits), chosen, manner, row)
    else:
        told = _told_by_element(root, elements, names, manner, row)
    return replace(told, value=told.value[0]) if isinstance(wrt, Node) and len(told.value) == 1 else told


def _told_by_arrays(labels: Labels, chosen: tuple[Node, ...], manner: Manner, row: int | None) -> Derivation:
    if row is not None:
        raise ArgumentError(f"row={row} is for a derivation by elements, as by weight[0, 0]; found whole tensors")
    told = _told(labels, chosen, manner)
    compare = [
        compared(labels.nodes, node, value, None, labels.symbols[node])
        for node, value in zip(chosen, told.value, strict=True)
    ]
    return replace(told, check=check(compare, labels, manner))


def _told_by_element(
    root: Node, chosen: list[list[Chosen]], names: Mapping[Any, Any] | None, manner: Manner, row: int | None
) -> Derivation:
    """The derivation by elements of arrays, from the graph written out in numbers."""
    each = [element for elements in chosen for element in elements]
    whole = Labels(root, tuple(dict.fromkeys(element.array for element in each)), names, manner.digits)
    if manner.style == "matrix" or (manner.style is None and row is None and not is_small(whole.nodes)):
        return _told_by_entry(whole, each, manner)
    found = expanded(whole, each, row)
    labels = Labels(found.root, found.wrt, found.names, manner.digits)
    labels.call_too(found.names)
    if row is not None:
        return _told_by_arrays(labels, found.wrt, manner, None)
    told = _told(labels, found.wrt, manner, found.rows, found.remarks)
    compare = [
        compared(whole.nodes, one.array, value, one.place, labels.symbols[node])
        for one, node, value in zip(each, found.wrt, told.value, strict=True)
    ]
    return replace(told, check=check(compare, labels, manner))


def _told_by_entry(labels: Labels, chosen: list[Chosen], manner: Manner) -> Derivation:
    """The derivation by whole arrays, and the entries that were asked for."""
    arrays = tuple(dict.fromkeys(each.array for each in chosen))
    told = _told(labels, arrays, replace(manner, style="matrix"))
    found = dict(zip(arrays, told.value, strict=True))
    entries = [parts.Entry(each, np.ravel(found[each.array])[each.place], labels) for each in chosen]
    compare = [compared(labels.nodes, each.array, each.value, each.place, each.symbol) for each in entries]
    return replace(
        told,
        title=_title(labels.symbols[labels.nodes[-1]], [each.symbol for each in entries]),
        value=tuple(each.value for each in entries),
        memo=parts.with_entries(told.memo, entries, labels),
        check=check(compare, labels, manner),
    )


def step_by_step(root: Node, names: Mapping[Any, Any] | None) -> Derivation:
    """The derivation by every leaf, with a line for every step of the graph, whether it has a name or not."""
    leaves = tuple(node for node in ancestors(root)[::-1] if node.operation is None)
    manner = Manner()
    return _told(Labels(root, leaves, names, manner.digits, fold=False), leaves, manner)


def _told(
    labels: Labels, chosen: tuple[Node, ...], manner: Manner, rows: Rows | None = None, remarks: tuple[str, ...] = ()
) -> Derivation:
    """The derivation of the last node of a graph, as yet without its check."""
    root = labels.nodes[-1]
    adjoints = sweep(root, wrt=chosen)
    graph = stations(root, chosen, labels.named)
    _require_paths(root, chosen, graph, labels)
    scalar = manner.style != "matrix" and all(np.size(node.value) == 1 for node in _between(graph))
    tell = Scalars(graph, labels, adjoints, manner, rows) if scalar else Matrices(graph, labels, adjoints, manner)
    partials, paths, memo, forms = parts.back(tell, graph)
    counts, everything = graph.counts(), parts.of_all(root, labels)
    return Derivation(
        title=_title(labels.symbols[root], [labels.symbols[node] for node in chosen]),
        value=tuple(adjoints[node] for node in chosen),
        forward=parts.forward(labels, tell, remarks),
        partials=partials,
        paths=paths,
        memo=memo,
        closed=parts.closed(tell, memo),
        table=parts.table(memo, tell),
        forms=forms,
        counts=counts,
        counts_of_all=everything,
        costs=parts.costs(counts, everything, labels, scalar),
        check=check([], labels, manner),
        teller=tell,
    )


def _title(root: Formula, wrt: Sequence[Formula]) -> Formula:
    each = [symbol_of(root, symbol) for symbol in wrt]
    return Formula(r",\; ".join(one.latex for one in each), ", ".join(one.text for one in each))


def _checked(root: Node, wrt: Node | Sequence[Node]) -> tuple[Node, ...]:
    chosen = tuple(wrt) if isinstance(wrt, Iterable) and not isinstance(wrt, Node) else (wrt,)
    for each in (root, *chosen):
        if not isinstance(each, Node):
            raise ArgumentError(f"derive takes tensors; found {type(each).__name__} {each!r}")
    if not chosen:
        raise ArgumentError("derive was given nothing to derive by; give a tensor, or several")
    return tuple(dict.fromkeys(chosen))


def _require_paths(root: Node, wrt: tuple[Node, ...], graph: Stations, labels: Labels) -> None:
    for node in wrt:
        if node not in graph.links:
            reason = "it was not used on the way, was detached, or was read within no_grad()"
            if node.cut is not None:
                reason = node.cut.reason
            elif not node.requires_grad:
                reason = "it does not require a gradient: create it with requires_grad=True"
            ends = f"{labels.or_name(node)} to {labels.symbols[root].text}"
            raise GraphError(f"no path leads from {ends}: {reason}. That is not a derivative of 0, but none")


def _between(graph: Stations) -> Iterator[Node]:
    yield from graph.nodes
    for links in graph.links.values():
        for link in links:
            yield from link.through
