"""What an answer to an exercise is worth: right, or wrong at its first wrong factor, and why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from autograd.derivation.algebra import Algebra, operands_of
from autograd.derivation.derivation import Derivation
from autograd.derivation.items import Edge
from autograd.derivation.labels import Labels
from autograd.derivation.parsing import evaluated, names_in, parsed
from autograd.derivation.partials import derivative
from autograd.derivation.quantities import number
from autograd.derivation.replay import as_read, replayed
from autograd.derivation.scalars import Scalars
from autograd.errors import ArgumentError
from autograd.node import Node

_CLOSE = 5e-3
"""So far may a number be off, in parts of it: it may be computed from rounded ones."""

_EXACT = 1e-4
"""So far may a formula be off at other points, where the derivative is a central difference."""

_OTHERS = 2
_STEP = 6e-6


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what is to be said about it."""

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, eq=False)
class _Factor:
    """A factor of the derivative: how it is written, in which partial, and what it is at each point."""

    written: str
    partial: str
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _Point:
    """Values for all that has a name, and by how much the leaves were moved to get there."""

    values: dict[str, float]
    moves: dict[Node, float]


class Judge:
    """What answers are held to: the derivation's numbers, and the same graph at other points."""

    def __init__(self, solution: Derivation, tell: Scalars) -> None:
        self._solution = solution
        self._labels = tell.labels
        self._wrt = tell.stations.wrt[0]
        self._points = list(_points(tell.labels, self._wrt))

    def of_partial(self, edge: Edge, answer: Any) -> Verdict:
        """An answer to a blank among the local partials."""
        truth = tuple(self._value(edge.recorded, point) for point in self._points)
        wanted = f"{edge.symbol.text} = {_formula(edge)}"
        right = self._is(answer, truth)
        if right:
            return Verdict(True, f"Right: {wanted}.")
        return Verdict(False, f"{self._hint(answer, truth)} Look at {edge.symbol.text} again.")

    def of_derivative(self, answer: Any) -> Verdict:
        """An answer to the derivative itself."""
        truth = tuple(self._derivative(point) for point in self._points)
        symbol = self._solution.title.text
        if self._is(answer, truth):
            return Verdict(True, f"Right: {symbol} = {_short(truth[0], self._labels)}.")
        return Verdict(False, self._why(answer, truth))

    def _is(self, answer: Any, truth: Sequence[float]) -> bool:
        found = self._answered(answer)
        if isinstance(answer, str) and names_in(_plain(answer, self._labels)[0]):
            return all(_near(one, other, _EXACT) for one, other in zip(found, truth, strict=True))
        return _near(found[0], truth[0], _CLOSE)

    def _answered(self, answer: Any) -> tuple[float, ...]:
        """An answer at each point."""
        if isinstance(answer, str):
            plain, names = _plain(answer, self._labels)
            return tuple(
                float(evaluated(plain, {name: point.values[symbol] for name, symbol in names.items()}))
                for point in self._points
            )
        if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
            raise ArgumentError(f"an answer is a number or a formula; found {type(answer).__name__} {answer!r}")
        return (float(answer),) * len(self._points)

    def _hint(self, answer: Any, truth: Sequence[float]) -> str:
        found = self._answered(answer)
        if _near(found[0], truth[0], _CLOSE):
            return "Not right: it has this value here, but not for other values."
        return "Not right: the sign is wrong." if _near(-found[0], truth[0], _CLOSE) else "Not right."

    def _why(self, answer: Any, truth: Sequence[float]) -> str:
        """The first factor that is wrong."""
        found = self._answered(answer)
        if all(_near(-one, other, _CLOSE) for one, other in zip(found, truth, strict=True)):
            return "Not right: the sign is wrong."
        paths = self._solution.paths.items
        several = [path for path in paths if len(paths) > 1 and _near(path.value, found[0], _CLOSE)]
        if several:
            return f"Not right. That is one path alone; the derivative is the sum over {len(paths)} paths."
        if len(paths) > 1:
            return f"{self._hint(answer, truth)} Compute the {len(paths)} products one by one, then add them."
        return self._factor_by_factor(answer, found, truth)

    def _factor_by_factor(self, answer: Any, found: tuple[float, ...], truth: Sequence[float]) -> str:
        factors = [factor for edge in self._solution.paths.items[0].edges for factor in self._factors(edge)]
        if isinstance(answer, str) and names_in(_plain(answer, self._labels)[0]):
            return self._first_wrong(answer, factors)
        for factor in factors:
            without = tuple(prod(each.values[k] for each in factors if each is not factor) for k in range(len(found)))
            if factor.values[0] != 1 and _near(found[0], without[0], _CLOSE):
                value = _short(factor.values[0], self._labels)
                missing = " = ".join(dict.fromkeys((factor.partial, factor.written, value)))
                return f"Not right. It is {_short(found[0], self._labels)} without the factor {missing}."
        return f"{self._hint(answer, truth)} Multiply the partials one by one, beginning with {factors[0].partial}."

    def _first_wrong(self, answer: str, factors: list[_Factor]) -> str:
        """The first factor of the derivative that a product does not have, and the first it has too many."""
        given = [(each, self._answered(each)) for each in _split(answer, self._labels)]
        missing = []
        for factor in factors:
            same = [each for each in given if all(map(_equal, each[1], factor.values))]
            if same:
                given.remove(same[0])
            else:
                missing.append(factor)
        if not missing:
            return f"Not right. There is a factor too many: {given[0][0]}." if given else "Not right."
        instead = f" Instead of it there is {given[0][0]}." if given else ""
        return f"Not right. The factor {missing[0].partial} = {missing[0].written} is missing.{instead}"

    def _factors(self, edge: Edge) -> Iterator[_Factor]:
        """What a partial is the product of."""
        for each in _product(edge.recorded, self._labels):
            values = tuple(self._value(each, point) for point in self._points)
            shown = derivative(each, self._labels.symbol, self._labels)
            if any(value != 1 for value in values):
                yield _Factor(shown.formula.text if shown else "", edge.symbol.text, values)

    def _value(self, recorded: Any, point: _Point) -> float:
        """A recorded expression at a point."""
        if not isinstance(recorded, Node):
            return float(recorded)
        table: dict[Node, Any] = {}
        for step in Algebra(self._labels.symbols).steps(recorded):
            reads = [table.get(each, self._leaf(each, point)) for each in operands_of(step)]
            assert step.operation is not None
            table[step] = step.operation.compute(reads, step.parameters)
        return float(table.get(recorded, self._leaf(recorded, point)))

    def _leaf(self, operand: Any, point: _Point) -> Any:
        if not isinstance(operand, Node):
            return operand
        symbol = self._labels.symbols.get(operand)
        return point.values.get(symbol.text, operand.value) if symbol is not None else operand.value

    def _derivative(self, point: _Point) -> float:
        """The derivative at a point: at the first one its own value, elsewhere from central differences."""
        if point is self._points[0]:
            return float(self._solution.value)
        nodes, ends = self._labels.nodes, []
        for step in (_STEP, -_STEP):
            moved = point.moves | {self._wrt: point.moves[self._wrt] + step}
            ends.append(float(replayed(nodes, moved)[nodes[-1]]))
        return (ends[0] - ends[1]) / (2 * _STEP)


def _points(labels: Labels, wrt: Node) -> Iterator[_Point]:
    """The point of the derivation; and others near it, if it is by a leaf."""
    read = as_read(labels.nodes)
    named = {node: symbol.text for node, symbol in labels.symbols.items() if node in read}
    yield _Point({text: float(read[node]) for node, text in named.items()}, {})
    rng = np.random.default_rng(0)
    leaves = [node for node in labels.nodes if node.operation is None and node.requires_grad]
    for _ in range(_OTHERS if wrt.operation is None else 0):
        moves = {node: float(rng.uniform(0.05, 0.3) * rng.choice([-1, 1])) for node in leaves}
        table = replayed(labels.nodes, moves)
        values = {
            text: float(table[node]) if node in table else float(read[node]) + moves.get(node, 0.0)
            for node, text in named.items()
        }
        yield _Point(values, moves)


def _plain(answer: str, labels: Labels) -> tuple[str, dict[str, str]]:
    """A formula with an identifier for each name, as W³₁₁ is none; and which symbol each stands for."""
    symbols = {labels.symbols[node].text: labels.symbols[node].text for node in labels.nodes if node in labels.symbols}
    symbols |= {labels.called(node): labels.symbols[node].text for node in labels.nodes if node in labels.symbols}
    known = sorted(symbols, key=len, reverse=True)
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        name = f"_{known.index(found[0])}_"
        names[name] = symbols[found[0]]
        return name

    pattern = "|".join(rf"(?<![\w.]){re.escape(each)}(?!\w)" for each in known)
    return re.sub(pattern, named, answer.strip()), names


def _split(answer: str, labels: Labels) -> list[str]:
    """The factors of a product, as they were typed."""
    plain, names = _plain(answer, labels)

    def factors(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield from factors(node.left)
            yield from factors(node.right)
        else:
            yield re.sub(r"_\d+_", lambda found: names[found[0]], ast.unparse(node))

    return list(factors(parsed(plain).body))


def _product(recorded: Any, labels: Labels) -> Iterator[Any]:
    """The factors of a recorded product, down to what has a name."""
    opened = isinstance(recorded, Node) and recorded not in labels.symbols and recorded.operation is not None
    if opened and recorded.operation.name == "multiply":
        for each in operands_of(recorded):
            yield from _product(each, labels)
    else:
        yield recorded


def _near(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other), 1e-9)


def _equal(one: float, other: float) -> bool:
    return _near(one, other, _EXACT)


def _short(value: float, labels: Labels) -> str:
    return number(np.float64(value), labels.digits).formula.text


def _formula(edge: Edge) -> str:
    return edge.formula.text if edge.formula is not None else str(edge.value)
