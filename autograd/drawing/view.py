"""What a picture shows of a graph, copied when the picture is made: nodes, and one edge for each operand slot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.adjoints import Adjoints
from autograd.derivation.conventions import is_data
from autograd.derivation.replay import as_read
from autograd.mode import Owner, Scope
from autograd.node import Node, owners
from autograd.notation import Formula
from autograd.reverse import sweep


@dataclass(frozen=True)
class Spot:
    """One node of the picture.

    `role` is "variable" (a leaf that requires a gradient), "data" (one that does not), "constant" (a number), "result",
    "root" or "group" (many in one). `kind` is how its operation is written on its operands, `operation` the operation's
    name; `module` the path of the module that recorded it and `line` the user's line, where they are known; `nodes` and
    `parameters` are how many it stands for, `gradient` the magnitude of what arrives at the parameters in it.
    """

    key: str
    role: str
    title: str
    kind: str
    value: Any = None
    adjoint: Any = None
    requires_grad: bool = True
    details: tuple[str, ...] = ()
    operation: str = ""
    module: str = ""
    line: str = ""
    nodes: int = 1
    parameters: int = 0
    gradient: float | None = None


@dataclass(frozen=True)
class Arrow:
    """One operand slot: from an input to the step that read it, with the partial derivative of the step by it.

    `argument` is the slot's name; `count` is how many edges it stands for, if nodes were folded.
    """

    start: str
    end: str
    slot: int
    partial: Any = None
    count: int = 1
    argument: str = ""


@dataclass(frozen=True)
class Cluster:
    """A box around nodes: a call of a module, within another one or outermost (`parent` empty)."""

    key: str
    title: str
    parent: str
    members: tuple[str, ...]


@dataclass
class View:
    """The nodes and edges of a picture, and a sentence on what was folded, if anything was."""

    spots: dict[str, Spot] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    remark: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the legend calls a role, where that is not the usual."""
    clusters: list[Cluster] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)
    """For nodes that were folded, the box that each is in."""
    owners: dict[str, int] = field(default_factory=dict)
    """For boxes of modules, the identity of the module, so that the same one applied again can be told."""
    held: set[str] = field(default_factory=set)
    """The leaves that belong to modules: parameters, and data that meet results within them."""
    emphasis: Mapping[str, int] = field(default_factory=dict)
    """For the nodes of highlighted paths, how many of these read each one's adjoint; all else is faded."""


Call = tuple[Scope, Owner]
"""A call of a module, within others: a scope of its own."""


class Keys:
    """A short key for every node of a graph, the same in every view of it, and the module that recorded it."""

    def __init__(self, nodes: list[Node]) -> None:
        self._keys = {node: f"n{i}" for i, node in enumerate(nodes)}
        self._paths: dict[int, dict[int, str]] = {}

    def __getitem__(self, node: Node) -> str:
        return self._keys[node]

    def __contains__(self, node: object) -> bool:
        return node in self._keys

    def module(self, node: Node) -> str:
        """The dotted path of the innermost module a node was recorded in, after the class of the outermost one."""
        if node.scope is None:
            return ""
        return ".".join(filter(None, (type(owners(node)[0]).__name__, self.path(node.scope))))

    def path(self, call: Call) -> str:
        """The dotted path of a call's module within the outermost one, which itself has none."""
        above, outermost = call
        while above is not None:
            above, outermost = above
        if id(outermost) not in self._paths:
            self._paths[id(outermost)] = {id(module): path for path, module in outermost.named_modules()}
        return self._paths[id(outermost)].get(id(call[1]), "")


def whole(
    root: Node, nodes: list[Node], names: Mapping[Node, str], textbook: Mapping[Node, str], parameters: Iterable[Node]
) -> tuple[View, Keys]:
    """Every node and every edge, with values, adjoints and partials; `nodes` are inputs before results.

    A parameter that has another name in textbooks has both.
    """
    keys = Keys(nodes)
    adjoints = sweep(root, np.ones_like(root.value)) if root.requires_grad else None
    values = as_read(nodes)
    view = View(held={keys[node] for node in parameters if node in keys})
    for node in nodes:
        view.spots[keys[node]] = _spot(node, root, keys, values[node], adjoints, names, textbook)
        for spot, arrow in _arrows(node, keys, adjoints):
            if spot is not None:
                view.spots[spot.key] = spot
            view.arrows.append(arrow)
            if _is_its_own(node.inputs[arrow.slot], node):
                view.held.add(arrow.start)
    return view, keys


def _spot(node: Node, root: Node, keys: Keys, value: Any, adjoints: Adjoints | None, names: Any, textbook: Any) -> Spot:
    operation = node.operation
    role = "root" if node is root else "result" if operation else "variable" if node.requires_grad else "data"
    adjoint = adjoints[node] if adjoints is not None and node in adjoints else None
    written = _written(node, names) if operation else role
    if role == "variable" and textbook.get(node, names.get(node)) != names.get(node):
        written = textbook[node]
    return Spot(
        keys[node],
        role,
        names.get(node, ""),
        written,
        value,
        adjoint,
        node.requires_grad,
        operation=operation.name if operation else "",
        module=keys.module(node),
        line=str(node.place) if node.place is not None else "",
        parameters=int(np.size(value)) if role == "variable" else 0,
    )


def _written(node: Node, names: Mapping[Node, str]) -> str:
    """The operation on its operands, `w · x`, where all results among them have names; else its symbol alone."""
    operation = node.operation
    assert operation is not None
    operands = [_operand(source, read, names) for source, read in zip(node.inputs, node.reads, strict=True)]
    if all(operands) and not operation.variadic and not node.parameters:
        formulas = {name: Formula(each, each) for name, each in zip(operation.data, operands, strict=True)}
        return operation.notation.write(formulas).text
    symbol = re.sub(r"\{\w+\}", "", operation.notation.text).strip(" (),")
    bare = symbol if symbol and " " not in symbol and "[" not in symbol else operation.name
    given = ", ".join(f"{name}={value}" for name, value in (node.parameters or {}).items() if _is_short(value))
    return f"{bare}({given})" if given else {"·": "×"}.get(bare, bare)


def _operand(source: Node | None, read: Any, names: Mapping[Node, str]) -> str:
    """The name of what a step read, or the number it is; "data" for any other constant, as its node is called."""
    if source is None:
        return short(np.asarray(read).item()) if np.size(read) == 1 else "data"
    return names.get(source) or ("data" if is_data(source) else "")


def _is_short(value: Any) -> bool:
    return isinstance(value, int | float | str | tuple) and len(str(value)) < 20


def short(number: Any) -> str:
    """Four significant digits; never 0 for what is not."""
    return f"{number:.4g}" if isinstance(number, int | float) or np.isrealobj(number) else str(number)


def _is_its_own(source: Node | None, step: Node) -> bool:
    """Whether data belong to the module of a step, as a mean or a mask does: they meet a result there."""
    if step.scope is None or not is_data(source):
        return False
    return any(each is not None and each.operation is not None for each in step.inputs)


def _arrows(node: Node, keys: Keys, adjoints: Adjoints | None) -> Iterator[tuple[Spot | None, Arrow]]:
    if node.operation is None:
        return
    served = {slot for slot, _ in node.operation.pulls_of(node)}
    for slot, (source, read) in enumerate(zip(node.inputs, node.reads, strict=True)):
        start, spot = f"{keys[node]}_{slot}", None
        if source is None:
            role = "constant" if np.size(read) == 1 else "data"
            spot = Spot(start, role, "", role, read, requires_grad=False)
        else:
            start = keys[source]
        flows = adjoints is not None and source is not None and source.requires_grad and slot in served
        partial = adjoints.local(node, slot) if flows and adjoints is not None else None
        yield spot, Arrow(start, keys[node], slot, partial, argument=node.operation.argument_name(slot))
