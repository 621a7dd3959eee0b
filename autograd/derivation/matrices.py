"""The parts of a derivation between arrays: forward lines with shapes, and adjoints as their pull-backs write them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.adjoints import Adjoints
from autograd.derivation.algebra import Algebra
from autograd.derivation.closed import closed_forms
from autograd.derivation.document import equation
from autograd.derivation.expression import as_function, partial, told_parameters, write
from autograd.derivation.graph import Link, Stations
from autograd.derivation.items import Step
from autograd.derivation.labels import Labels
from autograd.derivation.manner import Manner
from autograd.derivation.partials import derivative, pull_recorded
from autograd.derivation.quantities import Shown, shape
from autograd.derivation.scalars import Scalars, told_reads
from autograd.node import Node, leaf
from autograd.notation import Binding, Formula


class Matrices:
    """What tells a derivation between arrays. Each adjoint has a name, and a leaf that stands for it in the rules."""

    def __init__(self, stations: Stations, labels: Labels, adjoints: Adjoints, manner: Manner) -> None:
        self.stations = stations
        self.labels = labels
        self.adjoints = adjoints
        self.manner = manner
        self._bars: dict[Node, Any] = {stations.root: adjoints[stations.root]}
        for node in stations.nodes:
            if node is not stations.root:
                stand_in = leaf(type(node), np.asarray(adjoints[node])[()])
                labels.symbols[stand_in] = self.whole(node)
                self._bars[node] = stand_in

    def whole(self, node: Node) -> Formula:
        """The name of an adjoint: a bar over its node's, or Leibniz' symbol where there is no letter to put one on."""
        symbols, root = self.labels.symbols, self.stations.root
        barred = self.labels.adjoint(node) if node is not root and self.manner.style != "leibniz" else None
        return barred or replace(partial(symbols[root], symbols[node]), binding=Binding.PRODUCT)

    def forward(self, node: Node, label: str, reads: int) -> Step:
        """One line of the forward pass: symbol = expression = value, with the shape of each factor."""
        labels = self.labels
        plain, shaped = write(node, labels.symbol), write(node, labels.with_shape)
        left = _under(labels.symbols[node], node.value)
        terms = [_with_latex_of(plain, shaped) or as_function(labels.symbols[node]), self._shown(node.value)]
        line = equation(label, left, *terms, note=told_parameters(node))
        return Step(node, replace(line, shapes=_shapes(shaped, node.value)), node.value, reads)

    def memo(self, node: Node, label: str, paths: int) -> Step:
        """One adjoint: what the pull-backs of the steps that read its node make of their adjoints."""
        value, reads = self.adjoints[node], len(self.stations.links[node])
        left = _under(self.whole(node), value)
        if node is self.stations.root:
            return Step(node, equation(label, left, self._shown(value), note="the seed"), value, reads, paths)
        recorded, labels = self._pulled(node), self.labels
        plain, shaped = (derivative(recorded, operand, labels) for operand in (labels.symbol, labels.with_shape))
        says_it_all = plain is not None and not isinstance(recorded, Node)
        terms = [_with_latex_of(plain, shaped), None if says_it_all else self._shown(value)]
        line = equation(label, left, *terms, note=told_reads(reads, paths))
        return Step(node, replace(line, shapes=_shapes(shaped, value)), value, reads, paths)

    def closed(self) -> dict[Node, tuple[Any, Shown]]:
        """The adjoints that have a short formula, recorded and written."""

        def pulled(link: Link, adjoint: Any, labels: Labels) -> Any:
            return pull_recorded(link, adjoint, labels, self.manner.slopes)

        return closed_forms(self.stations, self.labels, self._bars[self.stations.root], pulled)

    def _pulled(self, node: Node) -> Any:
        """The sum of what all links into a node contribute."""
        into = sorted(self.stations.into[node], key=lambda link: (link.step.order, link.place))
        found = [pull_recorded(link, self._bars[link.step], self.labels, self.manner.slopes) for link in into]
        return Algebra(self.labels.symbols).total(found)

    def _shown(self, value: Any) -> Shown | None:
        return self.labels.shown(value) if self.manner.numbers else None


Teller = Scalars | Matrices
"""What puts a derivation into words: one between numbers, or between arrays."""


def _under(symbol: Formula, value: Any) -> Formula:
    """A symbol with its shape under it in LaTeX; a number has none."""
    if np.ndim(value) == 0:
        return symbol
    return replace(symbol, latex=rf"\underset{{{shape(value).latex}}}{{{symbol.latex}}}")


def _shapes(shaped: Shown | None, value: Any) -> str:
    """The formula with shapes for symbols, if it has any."""
    result = shape(value).text
    if shaped is None or "×" not in shaped.formula.text:
        return f"→ {result}" if np.ndim(value) else ""
    singly = re.sub(r"\((\([0-9×]+\))\)", r"\1", shaped.formula.text)
    return f"{singly} → {result}"


def _with_latex_of(plain: Shown | None, shaped: Shown | None) -> Shown | None:
    if plain is None or shaped is None:
        return plain
    return replace(plain, formula=replace(plain.formula, latex=shaped.formula.latex))
