"""Each adjoint in one formula: the chain rule multiplied out, and what a person would cross out crossed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.derivation.algebra import Algebra
from autograd.derivation.cancelling import Cancelling
from autograd.derivation.expression import write
from autograd.derivation.graph import Link, Stations
from autograd.derivation.labels import Labels
from autograd.derivation.partials import derivative
from autograd.derivation.quantities import Shown
from autograd.mode import record_everything
from autograd.node import Node
from autograd.operations.shaping import broadcast_to, reshape

_MOST = 100
"""Of more adjoints than this the first ones are told."""

_LONGEST = 72
"""A formula of more characters than this is not worth a line of its own."""


def closed_forms(
    stations: Stations, labels: Labels, seed: Any, pulled: Callable[[Link, Any, Labels], Any]
) -> dict[Node, tuple[Any, Shown]]:
    """The adjoints that have a short formula in what the forward pass made, recorded and written.

    `pulled(link, adjoint, labels)` records what an adjoint contributes through a link.
    """
    opened = labels.opened()
    algebra = Algebra(opened.symbols)
    cancelling = Cancelling(opened.symbols, lambda node: _key(node, opened))
    found: dict[Node, tuple[Any, Shown]] = {}
    recorded: dict[Node, Any] = {stations.root: seed}
    for node in stations.nodes[:_MOST]:
        into = sorted(stations.into[node], key=lambda link: (link.step.order, link.place))
        if node is stations.root or not all(link.step in recorded for link in into):
            continue
        with record_everything(), np.errstate(all="ignore"):
            total = algebra.total([pulled(link, recorded[link.step], opened) for link in into])
            total = cancelling.cancelled(total)
        shown = next((each for each in _written(total, opened, labels) if each), None)
        if shown is not None:
            recorded[node] = _spread(total, np.shape(node.value))
            found[node] = total, shown
    return found


def _spread(total: Any, shape: tuple[int, ...]) -> Any:
    """An adjoint in the shape of its node, as rules take it: simplifying may have left it narrower."""
    if np.shape(total) == shape or np.size(total) > int(np.prod(shape)):
        return total
    if not isinstance(total, Node):
        return np.broadcast_to(np.reshape(total, ()) if np.size(total) == 1 else total, shape)
    with record_everything():
        as_many = np.size(total.value) == int(np.prod(shape))
        spread: Node = reshape(total, shape=shape) if as_many else broadcast_to(total, shape=shape)
        return spread


def _written(total: Any, *labels: Labels) -> Iterator[Shown | None]:
    """A short formula of an adjoint, with as few numbered steps in it as can be."""
    for each in labels:
        shown = derivative(total, each.symbol, each)
        yield shown if shown is not None and len(shown.formula.text) <= _LONGEST else None


def _key(node: Node, labels: Labels) -> str:
    """What tells an atom from others: how it is written, so that σ(z) computed twice is one."""
    shown = labels.symbol(node, node.value) or write(node, labels.symbol)
    return shown.formula.text if shown is not None else f"node {node.order}"
