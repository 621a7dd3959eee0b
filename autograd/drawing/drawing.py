"""Drawing: the picture of a recorded graph, as text for Graphviz, as SVG, as a networkx graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.derivation.conventions import Network
from autograd.derivation.labels import Labels, given_names
from autograd.derivation.names import written
from autograd.drawing import fold as folding
from autograd.drawing import look
from autograd.drawing.emphasis import emphasised
from autograd.drawing.graph import as_json, as_networkx, graphml
from autograd.drawing.mermaid import mermaid as as_mermaid
from autograd.drawing.page import page
from autograd.drawing.picture import Picture
from autograd.drawing.steps import Play, played
from autograd.drawing.themes import theme as colours
from autograd.drawing.tree import tree
from autograd.drawing.view import Keys, View, whole
from autograd.errors import ArgumentError
from autograd.node import Node, ancestors

if TYPE_CHECKING:
    import networkx

_SHOWN = ("value", "adjoint", "partial", "shape")
_SMALL = 40
"""A graph of modules with more nodes than this is folded by them."""

_PLAYED = 200
"""Of a graph with more nodes than this the page has no formulas."""

_OPENED = 12
"""So many calls of modules have a picture of their own on the page, in which they are open and the others are not."""


class Drawing(Picture):
    """The picture of a graph as it was when the picture was made: it holds no part of the graph.

    `.dot` is Graphviz's language, `.mermaid` Mermaid's, `.svg` and `.png` the picture, `.html` a page that plays it,
    `.to_networkx()` the graph; `str()` is a tree for terminals. `save` writes any of them by suffix: svg png pdf html
    dot mermaid graphml json txt. Notebooks show it.
    """

    def __init__(self, view: View, show: frozenset[str], direction: str, theme: str = "light") -> None:
        super().__init__(look.dot(view, show, direction, colours(theme)), theme)
        self.view = view
        self.mermaid = as_mermaid(view, show, direction)
        self._show = show
        self._play: Play | None = None
        self._others: dict[str, Drawing] = {}

    def playing(self, play: Play) -> None:
        """Give its page formulas to play."""
        self._play = play

    def beside(self, name: str, other: Drawing) -> None:
        """Give its page another picture to change to."""
        self._others[name] = other

    @property
    def html(self) -> str:
        """A page that plays the graph forward and backward: one file that needs no network and allows itself none."""
        root = next(spot for spot in reversed(self.view.spots.values()) if spot.role in ("root", "group", "result"))
        views = [("operations" if self.view.clusters or not self.view.remark else "folded", self.view, self.svg)]
        views += [(name, other.view, other.svg) for name, other in self._others.items()]
        return page(root.title or root.kind, views, self._play, root.key, str(self), self._theme)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The picture's graph: nodes with all that is known of them, one edge for each operand slot."""
        return as_networkx(self.view)

    def _forms(self) -> Mapping[str, Callable[[], bytes]]:
        return {
            **super()._forms(),
            "html": lambda: self.html.encode(),
            "mermaid": self.mermaid.encode,
            "graphml": lambda: graphml(self.to_networkx()),
            "json": lambda: as_json(self.to_networkx()),
            "txt": lambda: f"{self}\n".encode(),
        }

    def __str__(self) -> str:
        return tree(self.view, self._show)

    def __repr__(self) -> str:
        folded = f"; {self.view.remark}" if self.view.remark else ""
        return f"Drawing({len(self.view.spots)} nodes, {len(self.view.arrows)} edges{folded})"


def draw(
    root: Node,
    *,
    fold: str = "auto",
    show: tuple[str, ...] = _SHOWN,
    highlight: Node | Sequence[Node] | None = None,
    direction: str = "LR",
    theme: str = "light",
    max_nodes: int = 200,
    names: Mapping[Any, Any] | None = None,
) -> Drawing:
    """Draw the graph that `root` was made from, with values, adjoints, and local derivatives on the edges.

    `fold`: "op" shows every operation, within boxes for the calls of modules; "module" one box for each call;
    "layer" one box for all modules of a kind, "× n" where the same one was applied again; "auto" whichever is readable.
    No picture has more than `max_nodes` nodes: further folding is by layer, then by the kind of operation, and the
    picture says so. `highlight` brings out all paths from some nodes to the root, and says where they share an adjoint.
    `theme` is "light", "dark", or "auto": as the page is that it stands on.
    `names`: name to tensor, as `locals()` has it, or tensor to name, beside those that tensors have. The page tells the
    line of your code for what was recorded within `detect_anomaly()`, which keeps it.
    Raises: ArgumentError for an unknown option, or what is no tensor.

    >>> from autograd import Value, draw
    >>> a, b = Value(2.0, name="a"), Value(3.0, name="b")
    >>> draw(a * b + a)
    Drawing(4 nodes, 4 edges)
    """
    _check(root, fold, show, direction, max_nodes)
    nodes = ancestors(root, constants=True)[::-1]
    given = {node: node.name for node in nodes if node.name} | given_names(names)
    textbook = _symbols(root, nodes, given)
    parameters = folding.parameter_names(nodes)
    view, keys = whole(root, nodes, {**textbook, **parameters, **given}, textbook, parameters)
    marked = [keys[node] for node in _highlighted(highlight, keys)]

    def shown(each: View) -> Drawing:
        return Drawing(emphasised(each, marked), frozenset(show), direction, theme)

    drawing = shown(_folded(view, nodes, keys, fold, max_nodes))
    if len(nodes) <= min(max_nodes, _PLAYED) and root.requires_grad and np.size(root.value) == 1:
        drawing.playing(played(root, keys, given))
        for name, each in _others(drawing.view, view, nodes, keys, max_nodes):
            drawing.beside(name, shown(each))
    return drawing


def _others(first: View, view: View, nodes: list[Node], keys: Keys, most: int) -> Iterator[tuple[str, View]]:
    """What the page of a graph with modules can change to: all operations or all modules, and each module opened."""
    if any(node.scope is not None for node in nodes):
        name, fold = ("modules", "module") if first.clusters else ("operations", "op")
        yield name, _folded(view, nodes, keys, fold, most)
        for module, opened in islice(folding.each_opened(view, nodes, keys), _OPENED):
            yield f"modules, {module} open", opened


def _folded(view: View, nodes: list[Node], keys: Keys, fold: str, most: int) -> View:
    """The view as it is asked for, or as far folded as it takes."""
    modules = any(node.scope is not None for node in nodes)
    large = len(view.spots) > most
    if modules and (fold in ("module", "layer") or large or (fold == "auto" and len(view.spots) > _SMALL)):
        view = folding.folded(view, nodes, keys, most, layers=fold == "layer")
    elif modules:
        view.clusters = folding.clusters(view, nodes, keys)
    return folding.by_kind(view) if len(view.spots) > most else view


def _highlighted(highlight: Node | Sequence[Node] | None, keys: Keys) -> Sequence[Node]:
    chosen = [highlight] if isinstance(highlight, Node) else list(highlight or ())
    for node in chosen:
        if not isinstance(node, Node):
            raise ArgumentError(f"highlight takes tensors; found {type(node).__name__}")
        if node not in keys:
            raise ArgumentError(f"highlight: {node.name or 'the tensor'} is not in the graph that is drawn")
    return chosen


def _symbols(root: Node, nodes: list[Node], given: Mapping[Node, str]) -> dict[Node, str]:
    """What derivations call the nodes: Z¹ and Ŷ in networks, else v₁, v₂, ...; of many nodes only those of networks."""
    if len(nodes) > _PLAYED:
        return {node: written(role.name(node.value)).text for node, role in Network(nodes).roles.items()}
    leaves = tuple(node for node in nodes if node.operation is None and node.requires_grad)
    symbols = Labels(root, leaves, given, 4, fold=False).symbols
    return {node: symbols[node].text for node in nodes if node in symbols}


def _check(root: Any, fold: str, show: tuple[str, ...], direction: str, max_nodes: int) -> None:
    if not isinstance(root, Node):
        raise ArgumentError(f"draw takes a tensor; found {type(root).__name__}")
    unknown = set(show) - set(_SHOWN)
    if unknown:
        raise ArgumentError(f"show takes any of {', '.join(_SHOWN)}; found {', '.join(sorted(unknown))}")
    if fold not in ("auto", "op", "module", "layer"):
        raise ArgumentError(f"fold is 'auto', 'op', 'module' or 'layer'; found {fold!r}")
    if direction not in ("LR", "TB", "RL", "BT"):
        raise ArgumentError(f"direction is 'LR', 'TB', 'RL' or 'BT'; found {direction!r}")
    if max_nodes < 2:
        raise ArgumentError(f"max_nodes is at least 2; found {max_nodes}")
