"""The parts of a derivation, each with its section: what they hold is told by `Scalars` or `Matrices`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.adjoints import Counts
from autograd.derivation.document import Equation, Section, Table, equation
from autograd.derivation.expansion import Chosen, element_name
from autograd.derivation.expression import partial
from autograd.derivation.graph import Stations, stations
from autograd.derivation.items import Edge, Path, PathForm, Step
from autograd.derivation.labels import Labels
from autograd.derivation.matrices import Matrices, Teller
from autograd.derivation.names import verbatim, written
from autograd.derivation.part import Part
from autograd.derivation.partials import slope
from autograd.derivation.quantities import Shown, count, number, shape
from autograd.derivation.scalars import Edges, Scalars
from autograd.node import Node, sources_of
from autograd.notation import Formula

_MOST_LINES = 200
_MOST_GIVEN = 60
_MOST_COLUMNS = 8


def forward(labels: Labels, tell: Teller, remarks: tuple[str, ...] = ()) -> Part[Step]:
    """Each step as formula, with numbers substituted, and its value; before them what is given, then `remarks`."""
    told = [node for node in labels.nodes if node.operation is not None and node in labels.symbols]
    reads = _reads(labels)
    items = tuple(
        tell.forward(node, f"f{place}", reads.get(node, 0))
        if _in_sight(place, len(told))
        else Step(node, Equation(f"f{place}", labels.symbols[node], ()), node.value, reads.get(node, 0))
        for place, node in enumerate(told, start=1)
    )
    caption = "Every value is computed once and kept; all that follows reads it."
    section = _section("Forward pass", caption, [each.equation for each in items])
    return Part(items, _with_given(replace(section, remarks=(*remarks, *section.remarks)), labels))


def _in_sight(place: int, lines: int) -> bool:
    """Whether a line, counted from 1, of so many is shown; one that is not need not be worked out."""
    half = _MOST_LINES // 2
    return place <= half or place > lines - half


def _reads(labels: Labels) -> dict[Node, int]:
    found: dict[Node, int] = {}
    for step in labels.nodes:
        for source in sources_of(step):
            found[source] = found.get(source, 0) + 1
    return found


def back(tell: Teller, graph: Stations) -> tuple[Part[Edge], Part[Path], Part[Step], tuple[PathForm, ...]]:
    """What comes after the forward pass: between numbers partials, paths and memo, between arrays the memo alone."""
    below = graph.paths_below()
    if isinstance(tell, Matrices):
        adjoints = _adjoints(tell, graph, lambda node, label: tell.memo(node, label, below[node]))
        nothing = _section("Sum over paths", "Between arrays the contracted index of a product sums over paths.", [])
        return (
            _partials(()),
            Part((), nothing),
            _memo(adjoints, "Z̄ is the derivative of the result by Z, in the shape of Z. "),
            (),
        )
    links = [link for node in graph.nodes for link in graph.links[node]]
    labels = {link: f"p{place}" for place, link in enumerate(links, start=1)}
    slopes = {link: slope(link, tell.adjoints) for link in links}
    edges = Edges(tell, labels)
    forms = tuple(tell.path_form(node, edges, slopes) for node in graph.wrt)
    memo = _adjoints(tell, graph, lambda node, label: tell.memo(node, label, below[node], edges))
    partials = tuple(
        edges[link] if _in_sight(place, len(links)) else tell.brief(link, labels[link], slopes[link])
        for place, link in enumerate(links, start=1)
    )
    return _partials(partials), _paths(forms, tell), _memo(memo), forms


def _adjoints(tell: Teller, graph: Stations, told: Callable[[Node, str], Step]) -> tuple[Step, ...]:
    """The adjoints in the order of the sweep, those out of sight by their values alone."""
    return tuple(
        told(node, f"m{place - 1}")
        if _in_sight(place, len(graph.nodes))
        else Step(node, Equation(f"m{place - 1}", tell.whole(node), ()), tell.adjoints[node], len(graph.links[node]))
        for place, node in enumerate(graph.nodes, start=1)
    )


def _partials(edges: tuple[Edge, ...]) -> Part[Edge]:
    caption = "The derivative of each step by what it reads, from the rule of its operation."
    return Part(edges, _section("Local partials", caption, [each.equation for each in edges]))


def _paths(forms: tuple[PathForm, ...], tell: Scalars) -> Part[Path]:
    caption = (
        "One product for each path from the result down, factors in that order; "
        "what all paths begin with stands before the bracket."
    )
    lines: list[Equation] = []
    for form in forms:
        lines.append(form.equation)
        lines += [path.equation for path in form.paths] if form.count > 1 else []
        if form.remaining is not None:
            left = verbatim(f"{count(form.count - len(form.paths))} further paths together")
            lines.append(equation("", left, tell.number(form.remaining) if tell.manner.numbers else None))
    return Part(tuple(path for form in forms for path in form.paths), _section("Sum over paths", caption, lines))


def _memo(memo: tuple[Step, ...], first: str = "") -> Part[Step]:
    caption = (
        f"{first}From the result back, each adjoint is computed once, out of those above it, and read again from there."
    )
    return Part(memo, _section("With the memo", caption, [each.equation for each in memo]))


def closed(tell: Teller, memo: Part[Step]) -> Part[Step]:
    """The adjoints that have a short formula in the values of the forward pass."""
    caption = (
        "The chain rule multiplied out, for the adjoints where that is short: in values of the forward pass alone."
    )
    found = {node: shown for node, (_, shown) in tell.closed().items()}
    items = tuple(
        replace(step, equation=equation(step.equation.label, step.equation.left, found[step.node]))
        for step in memo
        if step.node in found and not _says(step.equation, found[step.node])
    )
    return Part(items, _section("In one formula", caption, [each.equation for each in items]))


def _says(line: Equation, shown: Shown) -> bool:
    return any(formula.text == shown.formula.text for _, formula in line.chain)


def table(memo: Part[Step], tell: Teller) -> Part[Step]:
    """The memo as it fills: a row for each step, in which one entry is new."""
    caption = "One new entry a row; a row is computed from the entries of the row above it, and they stay."
    if not tell.manner.numbers:
        return Part(memo.items, Section("The table as it fills", caption))
    steps = memo.items[:_MOST_COLUMNS]
    values = [_entry(step.value, tell.labels.digits) for step in steps]
    rows = tuple(
        (step.equation.label, (*values[: place + 1], *[None] * (len(steps) - place - 1)))
        for place, step in enumerate(steps)
    )
    hidden = len(memo) - len(steps)
    remarks = (f"The first {len(steps)} of {len(memo):,} entries.",) if hidden else ()
    filled = Table(tuple(step.equation.left for step in steps), rows)
    return Part(memo.items, Section("The table as it fills", caption, remarks=remarks, table=filled))


def _entry(value: Any, digits: int) -> Formula:
    return number(value, digits).formula if np.size(value) == 1 else shape(value)


@dataclass(frozen=True, eq=False)
class Entry:
    """An entry of a derivative that is told as a matrix."""

    chosen: Chosen
    value: Any
    labels: Labels

    @property
    def array(self) -> Node:
        """What it is the derivative by an entry of."""
        return self.chosen.array

    @property
    def place(self) -> int:
        """Where in it, flattened."""
        return self.chosen.place

    @property
    def index(self) -> tuple[int, ...]:
        """Where in it."""
        return tuple(int(each) for each in np.unravel_index(self.place, np.shape(self.array.value)))

    @property
    def symbol(self) -> Formula:
        """What it is called."""
        return written(element_name(self.labels, self.array, np.shape(self.array.value), self.index))


def with_entries(memo: Part[Step], entries: Sequence[Entry], labels: Labels) -> Part[Step]:
    """The memo with the entries that were asked for under it."""
    root = labels.symbols[labels.nodes[-1]]
    bars = {step.node: step.equation.left.text for step in memo}
    lines = [
        equation("", partial(root, each.symbol), number(each.value, labels.digits), note=_which(each, bars))
        for each in entries
    ]
    return Part(memo.items, replace(memo.section, equations=(*memo.section.equations, *lines)))


def _which(entry: Entry, bars: Mapping[Node, str]) -> str:
    return f"entry [{', '.join(map(str, entry.index))}] of {bars[entry.array]}"


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


def of_all(root: Node, labels: Labels) -> Counts:
    """The counts of one sweep for every leaf."""
    leaves = tuple(node for node in labels.nodes if node.operation is None and node.requires_grad)
    return stations(root, leaves, labels.named).counts()


def costs(counts: Counts, everything: Counts, labels: Labels, scalar: bool) -> Part[Counts]:
    """What the derivation costs with the memo, and path by path."""
    kind = "multiplication" if scalar else "product"
    leaves = [node for node in labels.nodes if node.operation is None and node.requires_grad]
    size = sum(int(np.size(node.value)) for node in leaves)
    remarks = [f"This derivation: {_told(counts, kind)}."]
    if everything != counts:
        remarks.append(f"All {size:,} parameters in one sweep: {_told(everything, kind)}.")
    caption = f"One {kind} for each edge of the graph as it stands here, but for those at the result."
    return Part((counts, everything), Section("Counts", caption, (), tuple(remarks)))


def _told(counts: Counts, kind: str) -> str:
    return (
        f"{_many(counts.multiplications, kind)} and {_many(counts.additions, 'addition')} with the memo, "
        f"{_many(counts.path_by_path, kind)} path by path over {_many(counts.paths, 'path')}"
    )


def _many(number: int, thing: str) -> str:
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"
