"""Drawing: the picture of a recorded graph, as text for Graphviz, as SVG, as a networkx graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.drawing import fold as folding
from autograd.drawing import layout, look
from autograd.drawing.view import View, whole
from autograd.errors import ArgumentError, AutogradError, MissingDependencyError
from autograd.files import write_whole
from autograd.node import Node, ancestors

if TYPE_CHECKING:
    import graphviz
    import networkx

_SHOWN = ("value", "adjoint", "partial", "shape")
_FORMS = ("svg", "png", "pdf", "dot")
_numbers = count()


class Drawing:
    """The picture of a graph as it was when the picture was made: it holds no part of the graph.

    `.dot` is Graphviz's language; `.svg` the picture; `save` writes either, or PNG or PDF. Notebooks show it.
    """

    def __init__(self, view: View, show: frozenset[str], direction: str) -> None:
        self.view = view
        self.dot = look.dot(view, show, direction)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, laid out by Graphviz, with ids of its own and a size that follows the page's width."""
        drawn = layout.render(self.dot, "svg").decode()
        drawn = drawn[drawn.index("<svg") :]
        prefix = f"drawing{next(_numbers)}_"
        drawn = re.sub(r'\bid="', f'id="{prefix}', drawn)
        width = re.search(r'width="([\d.]+)pt"', drawn)
        drawn = re.sub(r'\s(width|height)="[\d.]+pt"', "", drawn, count=2)
        wide = f"max-width:{float(width[1]) * 4 / 3:.0f}px" if width else ""
        return drawn.replace("<svg", f'<svg style="width:100%;height:auto;{wide}"', 1)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The picture's graph: nodes with what they show, one edge for each operand slot."""
        try:
            import networkx
        except ImportError as error:
            raise MissingDependencyError("a networkx graph needs networkx: pip install networkx") from error
        graph = networkx.MultiDiGraph()
        for key, spot in self.view.spots.items():
            graph.add_node(
                key,
                role=spot.role,
                name=spot.title,
                operation=spot.kind,
                value=spot.value,
                adjoint=spot.adjoint,
                details=spot.details,
                requires_grad=spot.requires_grad,
            )
        for arrow in self.view.arrows:
            graph.add_edge(arrow.start, arrow.end, slot=arrow.slot, partial=arrow.partial, count=arrow.count)
        return graph

    def to_graphviz(self) -> graphviz.Source:
        """The picture as the graphviz package has it, to be laid out or styled further with its tools."""
        try:
            import graphviz
        except ImportError as error:
            raise MissingDependencyError("a graphviz source needs graphviz: pip install graphviz") from error
        return graphviz.Source(self.dot)

    def save(self, path: str | Path) -> Path:
        """Write the picture in the form of the suffix: .svg, .png, .pdf or .dot. The file is whole, or not there.

        Raises: ArgumentError for another suffix.
        """
        target = Path(path)
        form = target.suffix.removeprefix(".")
        if form not in _FORMS:
            raise ArgumentError(f"a drawing is saved as .{', .'.join(_FORMS)}; found {target.name!r}")
        written = {"svg": lambda: f"{_XML}{self.svg}".encode(), "dot": self.dot.encode}
        content = written[form]() if form in written else layout.render(self.dot, form)
        return write_whole(target, content)

    def _repr_html_(self) -> str | None:
        try:
            return self.svg
        except AutogradError:
            return None

    def __repr__(self) -> str:
        folded = f"; {self.view.remark}" if self.view.remark else ""
        return f"Drawing({len(self.view.spots)} nodes, {len(self.view.arrows)} edges{folded})"


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def draw(
    root: Node,
    *,
    fold: str = "auto",
    show: tuple[str, ...] = _SHOWN,
    direction: str = "LR",
    max_nodes: int = 200,
    names: Mapping[Any, Any] | None = None,
) -> Drawing:
    """Draw the graph that `root` was made from, with values, adjoints, and local derivatives on the edges.

    `fold`: "op" shows every operation, "module" one box for each call of a module, "auto" whichever is readable; no
    picture has more than `max_nodes` nodes, further folding is by the kind of operation, and the picture says so.
    `names`: name to tensor, as `locals()` has it, or tensor to name, beside those that tensors have.
    Raises: ArgumentError for an unknown option, or what is no tensor.

    >>> from autograd import Value, draw
    >>> a, b = Value(2.0, name="a"), Value(3.0, name="b")
    >>> draw(a * b + a)
    Drawing(4 nodes, 4 edges)
    """
    if not isinstance(root, Node):
        raise ArgumentError(f"draw takes a tensor; found {type(root).__name__}")
    _check(fold, show, direction, max_nodes)
    nodes = ancestors(root, constants=True)[::-1]
    own = {node: node.name for node in nodes if node.name}
    view, keys = whole(root, nodes, {**folding.parameter_names(nodes), **own, **_called(names)})
    has_modules = any(node.scope is not None for node in nodes)
    if fold == "module" or (fold == "auto" and has_modules) or (len(view.spots) > max_nodes and has_modules):
        view = folding.by_module(view, nodes, keys, max_nodes)
    if len(view.spots) > max_nodes:
        view = folding.by_kind(view)
    return Drawing(view, frozenset(show), direction)


def _called(names: Mapping[Any, Any] | None) -> dict[Node, str]:
    pairs = (names or {}).items()
    return {
        **{one: other for one, other in pairs if isinstance(one, Node) and isinstance(other, str)},
        **{other: one for one, other in pairs if isinstance(one, str) and isinstance(other, Node)},
    }


def _check(fold: str, show: tuple[str, ...], direction: str, max_nodes: int) -> None:
    unknown = set(show) - set(_SHOWN)
    if unknown:
        raise ArgumentError(f"show takes any of {', '.join(_SHOWN)}; found {', '.join(sorted(unknown))}")
    if fold not in ("auto", "op", "module"):
        raise ArgumentError(f"fold is 'auto', 'op' or 'module'; found {fold!r}")
    if direction not in ("LR", "TB", "RL", "BT"):
        raise ArgumentError(f"direction is 'LR', 'TB', 'RL' or 'BT'; found {direction!r}")
    if max_nodes < 2:
        raise ArgumentError(f"max_nodes is at least 2; found {max_nodes}")
