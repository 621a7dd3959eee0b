"""Why a tensor has the gradient it has: not computed, no path, zero, or a number; three nothings told apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ArgumentError
from autograd.node import Node, ancestors
from autograd.reverse import sweep


def why(x: Any, root: Any = None) -> str:
    """One sentence on the gradient of `x`; with `root`, the result it is a derivative of, also where a path was cut.

    Raises: ArgumentError for what is no tensor.

    >>> from autograd import Tensor, why
    >>> x, y = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
    >>> why(x)
    'not computed: no backward() has reached it since it was made, or since zero_grad()'
    >>> why(y, x * x)
    'no path: the root was not made from it'
    """
    for each in (x, root):
        if not isinstance(each, Node) and (each is x or each is not None):
            raise ArgumentError(f"why takes tensors; found {type(each).__name__}")
    if not x.requires_grad:
        return "constant: " + (
            _told(x) if x.cut else "it does not require a gradient; create it with requires_grad=True"
        )
    return _of_grad(x) if root is None else _of_path(x, root)


def _of_grad(x: Node) -> str:
    if x.stored_grad is None:
        kept = "" if x.operation is None or x.retains else "; backward() keeps it for leaves, retain_grad() asks for it"
        return f"not computed: no backward() has reached it since it was made, or since zero_grad(){kept}"
    return _of_number(x.stored_grad)


def _of_number(gradient: Any) -> str:
    if not np.any(gradient):
        return "zero: a path leads to it, and all that came along added up to 0"
    return f"a number: a path leads to it; its largest element is {np.max(np.abs(gradient)):.4g}"


def _of_path(x: Node, root: Node) -> str:
    if root.requires_grad:
        adjoints = sweep(root, np.ones_like(root.value), wrt=(x,))
        if x in adjoints:
            return _of_number(adjoints[x])
    everything = ancestors(root, constants=True)
    if any(node is x for node in everything):
        return "no path: " + _without_rule(x, everything)
    cuts = [node for node in everything if node.cut]
    for node in cuts:
        if any(source is not None and x in set(ancestors(source)) for source in _sources(node)):
            return f"no path: {_told(node)}"
    gone = [_told(node) for node in cuts if None in _sources(node)]
    return "no path: the root was not made from it" + (f", unless through what was {gone[0]}" if gone else "")


def _sources(node: Node) -> list[Node | None]:
    return [] if node.cut is None else [each() for each in node.cut.sources]


def _told(node: Node) -> str:
    assert node.cut is not None
    return f"{node.cut.reason} at {node.cut.place}"


def _without_rule(x: Node, everything: list[Node]) -> str:
    users = sorted({node.operation.name for node in everything if node.operation and x in set(node.inputs)})
    return f"the operations that read it have no derivative by it ({', '.join(users)})"
