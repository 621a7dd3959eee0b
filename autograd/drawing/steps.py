"""What a page plays: forward and backward step by step, with the formulas of the derivation, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.derivation import html
from autograd.derivation.algebra import Algebra, operands_of
from autograd.derivation.derivation import Derivation
from autograd.derivation.deriving import step_by_step
from autograd.derivation.document import Equation
from autograd.derivation.graph import Stations
from autograd.derivation.items import Edge, Step
from autograd.derivation.labels import Labels
from autograd.derivation.quantities import count
from autograd.derivation.scalars import Scalars
from autograd.drawing.look import summary
from autograd.drawing.view import Keys, short
from autograd.node import Node
from autograd.operation import Elementwise


@dataclass(frozen=True)
class Play:
    """The steps of a page, what is told of each node, and how to compute the graph again, if that can be.

    All are lists and dicts of numbers and texts, ready for JSON.
    """

    steps: list[dict[str, Any]]
    nodes: dict[str, dict[str, Any]]
    program: list[dict[str, Any]]


def played(root: Node, keys: Keys, names: Mapping[Any, Any]) -> Play:
    """What a page plays of a graph."""
    derivation = step_by_step(root, names)
    stations = derivation.teller.stations
    forward = [_forward(step, keys) for step in derivation.forward if step.node in keys]
    return Play(
        steps=[*forward, *_backward(derivation, stations, keys)],
        nodes=_told(derivation, keys),
        program=_program(derivation, keys) if isinstance(derivation.teller, Scalars) else [],
    )


def _forward(step: Step, keys: Keys) -> dict[str, Any]:
    return {
        "phase": "forward",
        "key": keys[step.node],
        "reads": [keys[source] for source in step.node.inputs if source is not None],
        "html": html.equation(step.equation),
        "symbols": html.equation(_symbols(step.equation)),
        "value": summary(step.value),
    }


def _symbols(line: Equation) -> Equation:
    """A line with its formula alone, without numbers."""
    return Equation(line.label, line.left, line.chain[:1])


def _backward(derivation: Derivation, stations: Stations, keys: Keys) -> list[dict[str, Any]]:
    """The adjoints one by one, with what multiplications they have cost so far, and would have path by path."""
    paths, lengths = stations.paths_above()
    steps, with_memo, one_by_one = [], 0, 0
    for step in derivation.memo:
        node = step.node
        into = stations.into[node]
        with_memo += sum(link.step is not stations.root for link in into)
        if any(node is each for each in stations.wrt) and node is not stations.root:
            one_by_one += lengths[node] - paths[node]
        steps.append(
            {
                "phase": "backward",
                "key": keys[node],
                "reads": list(dict.fromkeys(keys[link.step] for link in into)),
                "html": html.equation(step.equation),
                "symbols": html.equation(_symbols(step.equation)),
                "name": html.formula(step.equation.left),
                "value": _in_short(step.value),
                "uses": step.reads,
                "paths": count(step.paths),
                "memo": count(with_memo),
                "naive": count(one_by_one),
            }
        )
    return steps


def _in_short(value: Any) -> str:
    """A number, or the magnitude of an array."""
    if np.size(value) <= 1:
        return summary(value)
    return f"rms {short(float(np.sqrt(np.mean(np.square(np.abs(value))))))}"


def _told(derivation: Derivation, keys: Keys) -> dict[str, dict[str, Any]]:
    """For each node the formulas of its local partials; for each leaf the sum over its paths."""
    found: dict[str, dict[str, Any]] = {}
    for edge in derivation.partials:
        found.setdefault(keys[edge.step], {}).setdefault("partials", []).append(html.equation(edge.equation))
    for form in derivation.forms:
        found.setdefault(keys[form.wrt], {})["paths"] = html.equation(form.equation)
    return found


def _program(derivation: Derivation, keys: Keys) -> list[dict[str, Any]]:
    """The graph of numbers as a list of what to compute: values, and partials as the rules' own expressions."""
    labels = derivation.teller.labels
    if any(np.ndim(each) for node in labels.nodes for each in (node.value, *node.reads)):
        return []
    places = {labels.symbols[node].text: keys[node] for node in labels.nodes if node in labels.symbols}
    edges: dict[Node, list[Edge]] = {}
    for edge in derivation.partials:
        edges.setdefault(edge.step, []).append(edge)
    program = []
    for node in labels.nodes:
        known = node.operation is None or isinstance(node.operation, Elementwise)
        if not known or any(edge.recorded is None for edge in edges.get(node, ())):
            return []
        program.append(_computed(node, keys, edges.get(node, ()), labels, places))
    return program


def _computed(
    node: Node, keys: Keys, edges: Sequence[Edge], labels: Labels, places: Mapping[str, str]
) -> dict[str, Any]:
    """What to compute for a node; `places` are the keys of nodes by their symbols."""
    return {
        "key": keys[node],
        "op": node.operation.name if node.operation else "",
        "operands": [
            keys[source] if source is not None else float(read)
            for source, read in zip(node.inputs, node.reads, strict=True)
        ],
        "value": float(np.real(node.value)),
        "leaf": node.operation is None,
        "partials": [[keys[edge.source], _expression(edge.recorded, labels, places), edge.slot] for edge in edges],
    }


def _expression(recorded: Any, labels: Labels, places: Mapping[str, str]) -> Any:
    """A recorded derivative as a tree: a number, the key of a node, or an operation on trees."""
    if not isinstance(recorded, Node):
        return float(recorded)
    table: dict[Node, Any] = {}
    for step in Algebra(labels.symbols).steps(recorded):
        assert step.operation is not None
        table[step] = [step.operation.name, *(_leaf(each, table, labels, places) for each in operands_of(step))]
    return _leaf(recorded, table, labels, places)


def _leaf(operand: Any, table: Mapping[Node, Any], labels: Labels, places: Mapping[str, str]) -> Any:
    if not isinstance(operand, Node):
        return float(operand)
    if operand in table:
        return table[operand]
    symbol = labels.symbols.get(operand)
    return places[symbol.text] if symbol is not None and symbol.text in places else float(operand.value)
