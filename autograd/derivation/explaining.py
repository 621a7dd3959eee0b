"""Why a derivative is as small, or as large, as it is: the factors of the chain rule, largest effect first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log10, prod
from typing import Any

import numpy as np

from autograd.derivation.document import Section, equation
from autograd.derivation.expression import partial
from autograd.derivation.graph import Link, gradient_slots
from autograd.derivation.matrices import Matrices, Teller
from autograd.derivation.part import Part
from autograd.derivation.partials import derivative, local_recorded, slope
from autograd.derivation.paths import contribution, largest
from autograd.derivation.quantities import count, is_number, number
from autograd.derivation.scalars import Scalars
from autograd.mode import record_everything
from autograd.node import Node
from autograd.notation import Binding, Formula
from autograd.operation import Elementwise

_MOST = 12
"""So many factors are named; the others are told together."""


@dataclass(frozen=True, eq=False)
class Effect:
    """One factor of the chain rule between two stations: by how much it shrinks or enlarges the product, and why."""

    between: Formula
    formula: Formula | None
    factor: float
    why: str

    @property
    def size(self) -> float:
        """How much it matters: the distance of its magnitude from 1, in powers of ten."""
        return abs(log10(abs(self.factor))) if self.factor else inf


def explained(tell: Teller, wrt: Node, digits: int) -> Part[Effect]:
    """The factors that make the derivative by `wrt` what it is."""
    symbol = tell.whole(wrt)
    if isinstance(tell, Matrices):
        way = "These are the changes of its magnitude (root of the sum of squares) on the way down:"
        effects = _of_arrays(tell, wrt)
        return Part(tuple(effects), _section(_length(symbol), _norm(tell.adjoints[wrt]), effects, way, digits))
    stations = tell.stations
    slopes = {link: slope(link, tell.adjoints) for node in stations.nodes for link in stations.links[node]}
    paths = largest(stations, wrt, slopes, _MOST)
    sizes = [contribution(path, slopes) for path in paths]
    way = _way_of(sizes, stations.paths_to(wrt)[stations.root])
    effects = _of_path(tell, paths[int(np.argmax(np.abs(sizes)))])
    return Part(tuple(effects), _section(symbol, tell.adjoints[wrt], effects, way, digits))


def _of_path(tell: Scalars, links: tuple[Link, ...]) -> list[Effect]:
    """The factors along one path."""
    with record_everything(), np.errstate(all="ignore"):
        return [effect for link in links for effect in _of_link(tell, link)]


def _of_link(tell: Scalars, link: Link) -> Iterator[Effect]:
    """The partial derivatives of the steps of a link one by one, if there is one way through; else all together."""
    labels = tell.labels
    between = partial(labels.symbols[link.step], labels.symbols[link.source])
    way = _way(link)
    if way is None:
        told = tell.edge(link, "")
        yield Effect(between, told.formula, float(np.real(told.value)), "through several unnamed steps")
        return
    for step, slot in way:
        value = np.asarray(tell.adjoints.local(step, slot)).reshape(())[()]
        if value == 1:
            continue
        shown = derivative(local_recorded(step, slot, labels, tell.manner.slopes), labels.symbol, labels)
        yield Effect(between, shown.formula if shown else None, float(np.real(value)), _reason(step, labels.digits))


def _way(link: Link) -> list[tuple[Node, int]] | None:
    """The steps of a link with the slots that lead on; None if they branch."""
    inside = {link.source}
    for step in reversed(link.through):
        if any(source in inside for _, source in gradient_slots(step)):
            inside.add(step)
    found: list[tuple[Node, int]] = []
    node = link.step
    while node is not link.source:
        ways = [(slot, source) for slot, source in gradient_slots(node) if source in inside]
        ways = [way for way in ways if link.slot is None or node is not link.step or way[0] == link.slot]
        if len(ways) != 1:
            return None
        found.append((node, ways[0][0]))
        node = ways[0][1]
    return found


def _reason(step: Node, digits: int) -> str:
    operation = step.operation
    assert operation is not None
    if not isinstance(operation, Elementwise) or operation.arity != 1:
        return ""
    return f"the slope of {operation.name} at {number(step.reads[0], digits).formula.text}"


def _of_arrays(tell: Matrices, wrt: Node) -> list[Effect]:
    """How the norm of the adjoint changes from station to station, down to `wrt`, along the largest ones."""
    effects: list[Effect] = []
    node = wrt
    while node is not tell.stations.root:
        into = tell.stations.into[node]
        link = max(into, key=lambda each: _norm(tell.adjoints[each.step]))
        above = _norm(tell.adjoints[link.step])
        factor = _norm(tell.adjoints[node]) / above if above else 0.0
        effects.append(Effect(_ratio(tell.whole(node), tell.whole(link.step)), None, factor, _statistics(tell, link)))
        node = link.step
    return effects[::-1]


def _ratio(below: Formula, above: Formula) -> Formula:
    below, above = _length(below), _length(above)
    return Formula(f"{below.latex} / {above.latex}", f"{below.text} / {above.text}", Binding.PRODUCT)


def _length(symbol: Formula) -> Formula:
    return Formula(rf"\lVert {symbol.latex} \rVert", f"‖{symbol.text}‖")


def _norm(value: Any) -> float:
    return float(np.linalg.norm(np.ravel(value)))


def _statistics(tell: Matrices, link: Link) -> str:
    """What the slopes of the functions on a link are like."""
    told = []
    for step in link.through:
        operation = step.operation
        if isinstance(operation, Elementwise) and operation.arity == 1 and np.size(step.value) > 1:
            slopes = np.abs(np.broadcast_to(np.asarray(tell.adjoints.local(step, 0)), np.shape(step.value)))
            zero = f", {np.mean(slopes == 0):.0%} of them 0" if (slopes == 0).any() else ""
            told.append(f"slopes of {operation.name} average {number(slopes.mean(), 3).formula.text}{zero}")
        elif operation is not None and operation.name == "mean" and np.size(step.reads[0]) > np.size(step.value):
            told.append(f"a mean hands on 1/{np.size(step.reads[0]) // np.size(step.value)}")
    return "; ".join(told)


def _section(title: Formula, value: Any, effects: list[Effect], way: str, digits: int) -> Section:
    """The factors, largest effect first, and the rest of them together."""
    ranked = sorted(effects, key=lambda each: each.size, reverse=True)
    named = [each for each in ranked if each.size > 0][:_MOST]
    others = prod(each.factor for each in ranked if not any(each is other for other in named))
    hidden = len(ranked) - len(named)
    lines = tuple(equation("", _left(each), number(each.factor, digits), note=_told(each)) for each in named)
    remarks = (f"{count(hidden)} more factors make {number(others, 3).formula.text} together.",) if hidden else ()
    caption = f"{title.text} is {number(value, digits).formula.text}. {way}"
    return Section("Why it is as large as it is", caption, lines, remarks)


def _left(effect: Effect) -> Formula:
    return effect.between if effect.formula is None or is_number(effect.formula) else effect.formula


def _told(effect: Effect) -> str:
    kind = "stops it" if not effect.factor else "shrinks it" if abs(effect.factor) < 1 else "enlarges it"
    place = f"in {effect.between.text}" if _left(effect) is not effect.between else ""
    return ", ".join(each for each in (kind, place, effect.why) if each)


def _way_of(sizes: list[Any], many: int) -> str:
    """Which path the factors are of, and whether the paths cancel."""
    if many == 1:
        return "It is one product, with these factors:"
    magnitude = sum(map(abs, sizes))
    if many == len(sizes) and abs(sum(sizes)) < magnitude / 10:
        together = number(magnitude, 3).formula.text
        return f"It is a sum over {count(many)} paths that cancel: the magnitudes make {together}. The largest has:"
    return f"It is a sum over {count(many)} paths; the largest has these factors:"
