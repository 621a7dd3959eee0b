"""`derive`: the chain rule read off a recorded graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.adjoints import Counts
from autograd.derivation.derivation import Derivation, Part
from autograd.derivation.document import Equation, Section, equation
from autograd.derivation.expression import partial
from autograd.derivation.graph import Stations, stations
from autograd.derivation.items import Edge, Path, PathForm, Step
from autograd.derivation.labels import Labels
from autograd.derivation.matrices import Matrices
from autograd.derivation.quantities import Shown, shape
from autograd.derivation.scalars import Scalars
from autograd.errors import ArgumentError, GraphError
from autograd.node import Node, each_input
from autograd.notation import Formula
from autograd.reverse import sweep

_MOST_LINES = 200
_MOST_GIVEN = 60


def derive(
    root: Node,
    wrt: Node | Sequence[Node],
    *,
    names: Mapping[Any, Any] | None = None,
    numbers: bool = True,
    digits: int = 4,
    max_paths: int = 6,
) -> Derivation:
    """The derivation of d root / d wrt from the recorded graph: forward pass, local partials, sum over paths, memo.

    `names` gives names, as `{"w": w}` (so `locals()` will do) or `{w: "w"}`; else a tensor's `.name` counts, and what
    has none is v₁, v₂, ... in evaluation order. If some intermediate results have names, the others are folded into
    them. `wrt` may be several nodes. `digits` are significant ones; without `numbers` it is all symbols. Of more than
    `max_paths` paths the largest are shown, and the exact count and the sum of the others.

    Raises: GraphError if no path leads from `wrt` to `root`, or `root` is not one number; ArgumentError otherwise.

    >>> from autograd import Value
    >>> w, x = Value(2.0, name="w"), Value(3.0, name="x")
    >>> print(derive((w * x) ** 2, w).paths)
    SUM OVER PATHS
      One product for each path from the result down, factors in that order; what all paths share
      stands before the bracket.
        ∂v₂/∂w = ∂v₂/∂v₁ · ∂v₁/∂w
               = 2 · v₁ · x
               = 12 · 3
               = 36
    <BLANKLINE>
    """
    chosen = _checked(root, wrt, digits, max_paths)
    adjoints = sweep(root, wrt=chosen)
    labels = Labels(root, chosen, names, digits)
    graph = stations(root, chosen, labels.named)
    _require_paths(root, chosen, graph, labels)
    scalar = all(np.size(node.value) == 1 for node in _between(graph))
    tell = Scalars(graph, labels, adjoints, numbers) if scalar else Matrices(graph, labels, adjoints, numbers)
    partials, paths, memo, forms = _told_back(tell, graph, max_paths)
    counts, everything = graph.counts(), _of_all(root, labels)
    return Derivation(
        title=_title(root, chosen, labels),
        value=adjoints[chosen[0]] if isinstance(wrt, Node) else tuple(adjoints[node] for node in chosen),
        forward=_forward(labels, tell),
        partials=partials,
        paths=paths,
        memo=memo,
        forms=forms,
        counts=counts,
        counts_of_all=everything,
        costs=_costs(counts, everything, labels, scalar),
    )


def _title(root: Node, wrt: tuple[Node, ...], labels: Labels) -> Formula:
    each = [partial(labels.symbols[root], labels.symbols[node]) for node in wrt]
    return Formula(r",\; ".join(one.latex for one in each), ", ".join(one.text for one in each))


def _checked(root: Node, wrt: Node | Sequence[Node], digits: int, max_paths: int) -> tuple[Node, ...]:
    chosen = tuple(wrt) if isinstance(wrt, Iterable) and not isinstance(wrt, Node) else (wrt,)
    for each in (root, *chosen):
        if not isinstance(each, Node):
            raise ArgumentError(f"derive takes tensors; found {type(each).__name__} {each!r}")
    if not chosen:
        raise ArgumentError("derive was given nothing to derive by; give a tensor, or several")
    if digits < 1 or max_paths < 1:
        raise ArgumentError(f"derive needs digits and max_paths of at least 1; found {digits} and {max_paths}")
    return tuple(dict.fromkeys(chosen))


def _require_paths(root: Node, wrt: tuple[Node, ...], graph: Stations, labels: Labels) -> None:
    for node in wrt:
        if node not in graph.links:
            reason = "it was not used on the way, was detached, or was read within no_grad()"
            if not node.requires_grad:
                reason = "it does not require a gradient: create it with requires_grad=True"
            name, of = labels.symbols.get(node), labels.symbols[root].text
            called = name.text if name is not None else node.name or "what it is to be derived by"
            raise GraphError(f"no path leads from {called} to {of}: {reason}. That is not a derivative of 0, but none")


def _between(graph: Stations) -> Iterator[Node]:
    yield from graph.nodes
    for links in graph.links.values():
        for link in links:
            yield from link.through


def _forward(labels: Labels, tell: Scalars | Matrices) -> Part[Step]:
    told = [node for node in labels.nodes if node.operation is not None and node in labels.symbols]
    reads = _reads(labels)
    items = tuple(tell.forward(node, f"f{place}", reads.get(node, 0)) for place, node in enumerate(told, 1))
    caption = "Every value is computed once and kept; all that follows reads it."
    section = _section("Forward pass", caption, [each.equation for each in items])
    return Part(items, _with_given(section, labels))


def _reads(labels: Labels) -> dict[Node, int]:
    found: dict[Node, int] = {}
    for step in labels.nodes:
        for _, source in each_input(step):
            found[source] = found.get(source, 0) + 1
    return found


_Parts = tuple[Part[Edge], Part[Path], Part[Step], tuple[PathForm, ...]]


def _told_back(tell: Scalars | Matrices, graph: Stations, most: int) -> _Parts:
    """What comes after the forward pass: between numbers partials, paths and memo, between arrays the memo alone."""
    if isinstance(tell, Matrices):
        adjoints = tuple(tell.memo(node, f"m{place}") for place, node in enumerate(graph.nodes))
        nothing = _section("Sum over paths", "Between arrays the contracted index of a product sums over paths.", [])
        return _partials(()), Part((), nothing), _memo(adjoints, "Z̄ is ∂L/∂Z, in the shape of Z. "), ()
    links = [link for node in graph.nodes for link in graph.links[node]]
    edges = {link: tell.edge(link, f"p{place}") for place, link in enumerate(links, start=1)}
    slopes = {link: each.value for link, each in edges.items()}
    forms = tuple(tell.path_form(node, edges, slopes, most) for node in graph.wrt)
    memo = tuple(tell.memo(node, f"m{place}", edges) for place, node in enumerate(graph.nodes))
    return _partials(tuple(edges.values())), _paths(forms, tell), _memo(memo), forms


def _partials(edges: tuple[Edge, ...]) -> Part[Edge]:
    caption = "The derivative of each step by what it reads, from the rule of its operation."
    return Part(edges, _section("Local partials", caption, [each.equation for each in edges]))


def _paths(forms: tuple[PathForm, ...], tell: Scalars) -> Part[Path]:
    caption = (
        "One product for each path from the result down, factors in that order; "
        "what all paths share stands before the bracket."
    )
    lines: list[Equation] = []
    for form in forms:
        lines.append(form.equation)
        lines += [path.equation for path in form.paths] if form.count > 1 else []
        if form.remaining is not None:
            more = Formula(r"\cdots", f"{form.count - len(form.paths):,} further paths together")
            latex = rf"{form.count - len(form.paths):,}\text{{ further paths together}}".replace(",", "{,}")
            left = Formula(latex, more.text)
            lines.append(equation("", left, tell.number(form.remaining) if tell.numbers else None))
    return Part(tuple(path for form in forms for path in form.paths), _section("Sum over paths", caption, lines))


def _memo(memo: tuple[Step, ...], first: str = "") -> Part[Step]:
    caption = (
        f"{first}From the result back, each adjoint is computed once, out of those above it, and read again from there."
    )
    return Part(memo, _section("With the memo", caption, [each.equation for each in memo]))


def _section(title: str, caption: str, equations: list[Equation]) -> Section:
    """A section; of very many lines it keeps the first and the last, and says how many it leaves out."""
    hidden = len(equations) - _MOST_LINES
    if hidden <= 0:
        return Section(title, caption, tuple(equations))
    kept = (*equations[: _MOST_LINES // 2], *equations[-_MOST_LINES // 2 :])
    return Section(title, caption, kept, (f"{hidden:,} lines in the middle are left out.",))


def _with_given(section: Section, labels: Labels) -> Section:
    """The forward pass with the leaves it starts from, as it read them."""
    read: dict[Node, list[Any]] = {}
    for step in labels.nodes:
        for source, value in zip(step.inputs, step.reads, strict=True):
            if source is not None and source.operation is None and source in labels.symbols:
                values = read.setdefault(source, [])
                if not any(value is each or np.array_equal(value, each) for each in values):
                    values.append(value)
    given = [_given(labels.symbols[node], values, labels) for node, values in read.items()]
    given += [_given(letter, [value], labels) for letter, value in labels.letters()]
    hidden = len(given) - _MOST_GIVEN
    remarks = (*section.remarks, f"{hidden:,} more given values are not listed.") if hidden > 0 else section.remarks
    return Section(section.title, section.caption, section.equations, remarks, tuple(given[:_MOST_GIVEN]))


def _given(symbol: Formula, values: list[Any], labels: Labels) -> Equation:
    shown = [labels.shown(value) or Shown(_shaped(value)) for value in values]
    line = equation("", symbol, shown[0])
    chain = (*line.chain, *(("then", each.formula) for each in shown[1:]))
    return Equation("", symbol, chain)


def _shaped(value: Any) -> Formula:
    size = shape(value)
    return Formula(rf"\text{{array of }} {size.latex}", f"array of {size.text}")


def _of_all(root: Node, labels: Labels) -> Counts:
    """The counts of one sweep for every leaf."""
    leaves = tuple(node for node in labels.nodes if node.operation is None and node.requires_grad)
    return stations(root, leaves, labels.named).counts()


def _costs(counts: Counts, everything: Counts, labels: Labels, scalar: bool) -> Section:
    kind = "multiplication" if scalar else "product"
    leaves = [node for node in labels.nodes if node.operation is None and node.requires_grad]
    size = sum(int(np.size(node.value)) for node in leaves)
    remarks = [f"This derivation: {_told(counts, kind)}."]
    if everything != counts:
        remarks.append(f"All {size:,} parameters in one sweep: {_told(everything, kind)}.")
    caption = f"One {kind} for each edge of the graph as it stands here, but for those at the result."
    return Section("Counts", caption, (), tuple(remarks))


def _told(counts: Counts, kind: str) -> str:
    return (
        f"{_many(counts.multiplications, kind)} and {_many(counts.additions, 'addition')} with the memo, "
        f"{_many(counts.path_by_path, kind)} path by path over {_many(counts.paths, 'path')}"
    )


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
