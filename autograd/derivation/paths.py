"""The paths of a derivation: the largest ones one by one, all others as an exact count and one sum."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np

from autograd.derivation.graph import Link, Stations
from autograd.node import Node

Tail: TypeAlias = "tuple[float, tuple[Link, Tail] | None]"
"""The end of a path: the magnitude of its contribution, and its first link with what comes after."""


def common_prefix(stations: Stations, wrt: Node) -> tuple[Link, ...]:
    """The links, from the root on, that every path down to `wrt` begins with."""
    leading = stations.paths_to(wrt)
    shared: list[Link] = []
    node = stations.root
    while node is not wrt:
        ways = [link for link in stations.links[node] if link.source in leading]
        if len(ways) != 1:
            break
        shared.append(ways[0])
        node = ways[0].source
    return tuple(shared)


def contribution(links: tuple[Link, ...], slopes: Mapping[Link, Any]) -> Any:
    """The product of the derivatives along a path; a zero that means "not taken" stays zero."""
    product: Any = 1
    masked = False
    with np.errstate(all="ignore"):
        for link in links:
            product = product if masked and product == 0 else product * slopes[link]
            masked = masked or link.masks
    return product


def largest(stations: Stations, wrt: Node, slopes: Mapping[Link, Any], most: int) -> list[tuple[Link, ...]]:
    """The paths from the root to `wrt` of largest contribution: if there are no more than `most`, all in the order of
    the formulas, else so many, the largest first.

    By dynamic programming from `wrt` up: the largest paths of a node go on as the largest of its sources, since
    magnitudes multiply. So the work grows with the links, however many paths there are.
    """
    tails: dict[Node, list[Tail]] = {wrt: [(1.0, None)]}
    for node in stations.above(wrt):
        ways = [link for link in stations.links[node] if link.source in tails]
        longer = (_longer(link, slopes[link], tail) for link in ways for tail in tails[link.source])
        tails[node] = nlargest(most, longer, key=itemgetter(0))
    found = [_links(tail) for tail in tails[stations.root]]
    if stations.paths_to(wrt)[stations.root] > most:
        return found
    return sorted(found, key=lambda path: [stations.links[link.step].index(link) for link in path])


def rest(
    stations: Stations, wrt: Node, slopes: Mapping[Link, Any], shown: list[tuple[Link, ...]], prefix: tuple[Link, ...]
) -> Any:
    """What all paths but those shown contribute together, from where their common prefix ends.

    Summed where they leave the shown ones: no subtraction, so nothing cancels.
    """
    below = _sums_below(stations, wrt, slopes)
    tree: dict[Link, Any] = {}
    for path in shown:
        branch = tree
        for link in path[len(prefix) :]:
            branch = branch.setdefault(link, {})
    total: Any = 0
    start = prefix[-1].source if prefix else stations.root
    stack: list[tuple[Node, dict[Link, Any], Any]] = [(start, tree, 1)]
    while stack:
        node, branch, product = stack.pop()
        for link in stations.links[node]:
            if link in branch:
                stack.append((link.source, branch[link], product * slopes[link]))
            elif link.source in below and product != 0:
                total = total + product * _times(link, slopes[link], below[link.source])
    return total


def _longer(link: Link, slope: Any, tail: Tail) -> Tail:
    """A path with one link before it; what is not a number counts as the largest."""
    size = _times(link, abs(slope), tail[0])
    return (float("inf") if np.isnan(size) else float(size), (link, tail))


def _times(link: Link, slope: Any, below: Any) -> Any:
    """What goes on below a link, times its derivative; a zero that means "not taken" stays zero."""
    if slope == 0 and link.masks:
        return 0.0
    with np.errstate(all="ignore"):
        return slope * below


def _sums_below(stations: Stations, wrt: Node, slopes: Mapping[Link, Any]) -> dict[Node, Any]:
    below: dict[Node, Any] = {wrt: 1}
    for node in stations.above(wrt):
        ways = [link for link in stations.links[node] if link.source in below]
        below[node] = sum(_times(link, slopes[link], below[link.source]) for link in ways)
    return below


def _links(tail: Tail) -> tuple[Link, ...]:
    links = []
    step = tail[1]
    while step is not None:
        link, (_, step) = step
        links.append(link)
    return tuple(links)
