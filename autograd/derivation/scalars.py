"""The parts of a derivation between numbers: forward pass, local partials, sum over paths, memo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from autograd.adjoints import Adjoints
from autograd.derivation.algebra import Algebra
from autograd.derivation.closed import closed_forms
from autograd.derivation.document import Equation, equation
from autograd.derivation.expression import as_function, partial, product, told_parameters, total, write
from autograd.derivation.factoring import DOTS, elided, factored, without_ones
from autograd.derivation.graph import Link, Stations
from autograd.derivation.items import Edge, Path, PathForm, Step
from autograd.derivation.labels import Labels
from autograd.derivation.manner import Manner
from autograd.derivation.partials import derivative, slope, slope_in_numbers, slope_recorded
from autograd.derivation.paths import common_prefix, contribution, largest, rest
from autograd.derivation.quantities import Shown, count, number
from autograd.derivation.reckoning import in_numbers, sum_of_products
from autograd.derivation.rows import Rows, over_rows
from autograd.node import Node
from autograd.notation import Binding, Formula

_MOST_BY_ROW = 1000
"""Of more paths than this it is not looked for what the rows have alike."""

_READABLE = 360
"""A sum of products that would be longer than this with the partials' own formulas is left in symbols."""


@dataclass(frozen=True, eq=False)
class Scalars:
    """What tells a derivation between numbers, in the manner that is asked for."""

    stations: Stations
    labels: Labels
    adjoints: Adjoints
    manner: Manner
    rows: Rows | None = None

    def forward(self, node: Node, label: str, reads: int) -> Step:
        """One line of the forward pass: symbol = expression = numbers = value."""
        labels = self.labels
        terms = [write(node, labels.symbol) or as_function(labels.symbols[node])]
        if self.manner.numbers:
            told = in_numbers(node, labels, node.value), labels.shown(node.value)
            terms += [each for each in told if each is not None]
        line = equation(label, labels.symbols[node], *terms, note=told_parameters(node))
        return Step(node, line, node.value, reads)

    def edge(self, link: Link, label: str) -> Edge:
        """One local partial: symbol = formula = numbers = value."""
        labels = self.labels
        recorded, value = slope_recorded(link, labels, self.manner.slopes), slope(link, self.adjoints)
        written = derivative(recorded, labels.symbol, labels)
        terms = [written]
        if self.manner.numbers:
            terms += [slope_in_numbers(recorded, labels) if written else None, number(value, labels.digits)]
        note = "" if written else f"through {len(link.through) - 1} unnamed steps"
        symbol = self._symbol(link)
        formula = written.formula if written else None
        line = equation(label, symbol, *terms, note=note)
        return Edge(link.step, link.source, link.slot, symbol, formula, value, line, recorded)

    def brief(self, link: Link, label: str, value: Any) -> Edge:
        """One local partial by its number alone."""
        symbol = self._symbol(link)
        return Edge(link.step, link.source, link.slot, symbol, None, value, Equation(label, symbol, ()))

    def _symbol(self, link: Link) -> Formula:
        """Leibniz' symbol for a link. A raised place tells it from others that would look the same: from a second
        operand slot, or from the whole derivative of the root.
        """
        symbols, into = self.labels.symbols, self.stations.into[link.source]
        parallel = sum(other.step is link.step for other in into) > 1
        source = symbols[link.source]
        if parallel or (link.step is self.stations.root and len(into) > 1):
            raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(link.place))
            source = Formula(f"{{{source.latex}}}^{{({link.place})}}", f"{source.text}⁽{raised}⁾", Binding.POWER)
        return partial(symbols[link.step], source)

    def whole(self, node: Node) -> Formula:
        """The symbol of an adjoint."""
        bar = self.labels.adjoint(node) if self.manner.style == "adjoint" else None
        return bar or partial(self.labels.symbols[self.stations.root], self.labels.symbols[node])

    def closed(self) -> dict[Node, tuple[Any, Shown]]:
        """The adjoints that have a short formula, recorded and written."""

        def pulled(link: Link, adjoint: Any, labels: Labels) -> Any:
            return Algebra(labels.symbols).times(adjoint, slope_recorded(link, labels, self.manner.slopes))

        return closed_forms(self.stations, self.labels, 1.0, pulled)

    def number(self, value: Any) -> Shown:
        """A number as it is shown."""
        return number(value, self.labels.digits)

    def memo(self, node: Node, label: str, paths: int, edges: Mapping[Link, Edge]) -> Step:
        """One adjoint, from those already computed: each is a factor read from the memo times a local partial."""
        reads, value = len(self.stations.links[node]), self.adjoints[node]
        note = told_reads(reads, paths)
        if node is self.stations.root:
            terms, note = [self.number(value)], "the seed"
        else:
            into = sorted(self.stations.into[node], key=lambda link: (link.step.order, link.place))
            terms = self._adjoint([edges[link] for link in into], value)
        return Step(node, equation(label, self.whole(node), *terms, note=note), value, reads, paths)

    def _adjoint(self, into: list[Edge], value: Any) -> list[Shown]:
        root = self.stations.root
        symbols = [[each.symbol] if each.step is root else [self.whole(each.step), each.symbol] for each in into]
        terms = [Shown(total(*[product(*pair) for pair in symbols]))]
        if len(into) == 1 and into[0].step is root and into[0].formula is not None:
            terms.append(Shown(into[0].formula))
        if self.manner.numbers:
            values = [[each.value] if each.step is root else [self.adjoints[each.step], each.value] for each in into]
            terms += [sum_of_products([], values, [], value, self.labels.digits), self.number(value)]
        return terms

    def path_form(self, wrt: Node, edges: Mapping[Link, Edge], slopes: dict[Link, Any]) -> PathForm:
        """The derivative by `wrt` as a sum over paths of products, with what they all begin with before the bracket."""
        many = self.stations.paths_to(wrt)[self.stations.root]
        found = largest(self.stations, wrt, slopes, self.manner.max_paths)
        prefix = common_prefix(self.stations, wrt)
        others = rest(self.stations, wrt, slopes, found, prefix) if many > len(found) else None
        begin = [edges[link] for link in prefix]
        ends = [[edges[link] for link in path[len(prefix) :]] for path in found]
        sums = self._by_row(wrt, slopes, many) or self._sums(wrt, begin, ends, others)
        line = replace(equation("", self.whole(wrt), *sums), stacked=True)
        paths = tuple(self._path(place, path, edges, slopes) for place, path in enumerate(found, start=1))
        return PathForm(wrt, line, paths, many, None if others is None else contribution(prefix, slopes) * others)

    def _by_row(self, wrt: Node, slopes: dict[Link, Any], many: int) -> list[Shown | None]:
        """The sum over the rows of the data, its term written once; nothing, if they differ."""
        if self.rows is None or many > _MOST_BY_ROW:
            return []
        groups = self.rows.grouped(largest(self.stations, wrt, slopes, many))
        if groups is None:
            return []
        symbols, formulas = zip(*(self._of_a_row(group, self.rows) for group in groups), strict=True)
        terms: list[Shown | None] = [over_rows(symbols[0], len(groups))]
        if formulas[0] is not None and all(each == formulas[0] for each in formulas):
            terms.append(over_rows(formulas[0], len(groups)))
        if self.manner.numbers:
            value = self.adjoints[wrt]
            each = [[sum(contribution(path, slopes) for path in group)] for group in groups]
            terms += [sum_of_products([], each, [], value, self.labels.digits), self.number(value)]
        return terms

    def _of_a_row(self, paths: list[tuple[Link, ...]], rows: Rows) -> tuple[Shown, Shown | None]:
        """What a row contributes, in symbols and in the partials' formulas, with i for the row."""
        anyone = replace(
            self, labels=self.labels.alike(rows.alike), manner=replace(self.manner, numbers=False), rows=None
        )
        edges = [[anyone.edge(link, "") for link in path] for path in paths]
        shared = _shared(edges)
        begin, ends = edges[0][:shared], [path[shared:] for path in edges]
        in_symbols = [[Shown(edge.symbol) for edge in each] for each in (begin, *ends)]
        return factored(in_symbols[0], in_symbols[1:], []), _in_formulas(begin, ends, [])

    def _sums(self, wrt: Node, begin: list[Edge], ends: list[list[Edge]], others: Any) -> list[Shown | None]:
        """The sum over paths in symbols, in the partials' formulas, and in numbers."""
        more = [] if others is None else [Shown(DOTS)]
        in_symbols = [[Shown(each.symbol) for each in edges] for edges in (begin, *ends)]
        terms: list[Shown | None] = [factored(in_symbols[0], in_symbols[1:], more), _in_formulas(begin, ends, more)]
        if self.manner.numbers:
            left_over = [] if others is None else [others]
            first, *products = [[each.value for each in edges] for edges in (begin, *ends)]
            value = self.adjoints[wrt]
            terms += [sum_of_products(first, products, left_over, value, self.labels.digits), self.number(value)]
        return terms

    def _path(self, place: int, path: tuple[Link, ...], edges: Mapping[Link, Edge], slopes: dict[Link, Any]) -> Path:
        """One path on a line of its own: its stations from the root on, and its contribution."""
        stops = [self.labels.symbols[node] for node in (self.stations.root, *(link.source for link in path))]
        value = contribution(path, slopes)
        factors = [slopes[link] for link in path]
        terms = [sum_of_products(factors, [], [], value, self.labels.digits), self.number(value)]
        line = equation(f"path {place}", _route(stops), *(terms if self.manner.numbers else []))
        chain = tuple((relation if step else ":", formula) for step, (relation, formula) in enumerate(line.chain))
        return Path(tuple(edges[link] for link in path), value, replace(line, chain=chain, aside=True))


def _shared(paths: list[list[Edge]]) -> int:
    """How many factors all paths begin with."""
    steps = zip(*paths, strict=False)
    return sum(1 for _ in takewhile(lambda edges: len({edge.symbol.text for edge in edges}) == 1, steps))


def _in_formulas(begin: list[Edge], ends: list[list[Edge]], more: list[Shown]) -> Shown | None:
    """The sum over paths with the partials' own formulas, factors of one left out; None if it is not readable."""
    formulas = [[each.formula for each in edges] for edges in (begin, *ends)]
    shown = [[Shown(each) for each in edges if each is not None] for edges in formulas]
    if any(len(known) < len(edges) for known, edges in zip(shown, formulas, strict=True)):
        return None
    tidied = [without_ones(each) or each[:1] for each in shown]
    written = factored(without_ones(shown[0]) if len(ends) > 1 else tidied[0], tidied[1:], more)
    return written if len(written.formula.text) <= _READABLE else None


def told_reads(reads: int, paths: int) -> str:
    """How often an adjoint is read again, and by how many paths."""
    if paths < 2:
        return ""
    return f"read {f'{reads} times' if reads > 1 else 'once'} below, for {count(paths)} paths"


def _route(stops: list[Formula]) -> Formula:
    told = elided(stops)
    return Formula(r" \leftarrow ".join(each.latex for each in told), " ← ".join(each.text for each in told))


class Edges(Mapping[Link, Edge]):
    """The local partials by link, each told when it is first asked for: of a large graph few are."""

    def __init__(self, tell: Scalars, labels: dict[Link, str]) -> None:
        self._tell = tell
        self._labels = labels
        self._told: dict[Link, Edge] = {}

    def __getitem__(self, link: Link) -> Edge:
        if link not in self._told:
            self._told[link] = self._tell.edge(link, self._labels[link])
        return self._told[link]

    def __iter__(self) -> Iterator[Link]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)
