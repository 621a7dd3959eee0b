"""What textbooks call the parts of a network: W¹, b¹, z¹, a¹ (O¹ unit by unit), ŷ, L, x and y, read off its modules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.mode import Owner
from autograd.node import Node, owners, sources_of


@dataclass(frozen=True)
class Role:
    """What a node is to the network it was recorded in.

    `layer` counts from 1, and is 0 if there is only one; `time` does so for a layer that was applied again and again.
    """

    kind: str
    layer: int = 0
    time: int = 0

    def name(self, value: Any) -> str:
        """The name of the whole array: a capital for rows of samples."""
        letter = _LETTERS[self.kind]
        if self.kind in _SMALL and np.ndim(value) > 1:
            letter = letter.capitalize()
        layer = f"^{self.layer}" if self.layer else ""
        return f"{letter}{layer}_{self.time}" if self.time else f"{letter}{layer}"


_LETTERS = {"weight": "W", "bias": "b", "affine": "z", "logits": "z", "output": "a", "prediction": "yhat", "loss": "L"}
_SMALL = {"affine", "logits", "output", "prediction"}
_OF_LOGITS = {"cross_entropy", "log_softmax", "logsumexp", "softmax"}
"""Operations that take what a network makes as logits, not as its prediction."""


class Network:
    """The roles of the nodes of a graph; there are none in one without modules.

    `roles` are those of nodes, `paths` the dotted paths of other parameters, `given` the names of constant arrays
    (x is what the first layer reads, y what stands against the prediction), by their identity. `activated` is what
    layers make before an activation.
    """

    def __init__(self, nodes: list[Node]) -> None:
        self.roles: dict[Node, Role] = {}
        self.paths = _paths(nodes)
        self.given: dict[int, str] = {}
        self.activated: set[Node] = set()
        self._classes: Any = None
        self._nodes = nodes
        applied = list(_applications(nodes))
        self._reads = _readers(nodes) if applied else {}
        modules = list(dict.fromkeys(layer for layer, _ in applied))
        alone = len(modules) == 1
        times = Counter(layer for layer, _ in applied)
        so_far: Counter[Owner] = Counter()
        for layer, steps in applied:
            so_far[layer] += 1
            place, time = 0 if alone else 1 + modules.index(layer), so_far[layer] if times[layer] > 1 else 0
            self._layer(layer, steps, place, time)
        if applied:
            self._input(applied[0][1])
            self._ends(nodes[-1])

    def _layer(self, layer: Owner, steps: list[Node], place: int, time: int) -> None:
        """One application of a layer: its parameters, what it makes, and the activation that follows."""
        for path, parameter in layer.named_parameters():
            if path in ("weight", "bias"):
                self.roles.setdefault(parameter, Role(path, place))
        made = steps[-1]
        self.roles[made] = Role("affine", place, time)
        activated = [each for each in self._reads.get(made, ()) if _activates(each, made)]
        if activated:
            self.roles[activated[0]] = Role("output", place, time)
            self.activated.add(made)

    def _input(self, steps: list[Node]) -> None:
        """What the first layer reads, beside its parameters."""
        for step in steps:
            for source, read in zip(step.inputs, step.reads, strict=True):
                if is_data(source):
                    self._give("X" if np.ndim(read) > 1 else "x", source, read)
                    return

    def _ends(self, root: Node) -> None:
        """What comes of the network, and what it is held against."""
        outermost = [node for node in self._nodes if owners(node)]
        prediction = outermost[-1]
        if prediction is not root or np.size(root.value) > 1:
            known = self.roles.get(prediction)
            logits = any(
                each.operation and each.operation.name in _OF_LOGITS for each in self._reads.get(prediction, ())
            )
            self.roles[prediction] = Role("logits", known.layer) if logits and known else Role("prediction")
            self._target(prediction)
        if np.size(root.value) == 1 and root not in self.roles:
            self.roles[root] = Role("loss")

    def _target(self, prediction: Node) -> None:
        for step in (each for each in self._nodes if each.order > prediction.order):
            for source, read in zip(step.inputs, step.reads, strict=True):
                if is_data(source) and np.ndim(read) and np.shape(read)[:1] == np.shape(prediction.value)[:1]:
                    self._give("Y" if np.ndim(read) > 1 else "y", source, read)
                    self._classes = read if np.ndim(read) == 1 and read.dtype.kind in "iu" else None
                    return

    def _give(self, name: str, source: Node | None, read: Any) -> None:
        if np.ndim(read):
            self.given[id(read if source is None else source)] = name

    def one_hot(self, array: Any) -> str | None:
        """Y, if an array has a row for each sample with a one in the place of its class."""
        if self._classes is None or np.ndim(array) != 2 or len(array) != len(self._classes):
            return None
        wanted = self._classes[:, None] == np.arange(np.shape(array)[1])
        return "Y" if np.array_equal(array, wanted) else None


def is_data(source: Node | None) -> bool:
    """Whether what stands in an operand slot is a constant, or a leaf that no gradient is asked for."""
    return source is None or (source.operation is None and not source.requires_grad)


def _readers(nodes: list[Node]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {}
    for step in nodes:
        for source in sources_of(step):
            found.setdefault(source, []).append(step)
    return found


def _applications(nodes: list[Node]) -> Iterator[tuple[Owner, list[Node]]]:
    """Each time a layer with a weight matrix of its own ran, with what it recorded, in order."""
    runs: dict[int, tuple[Owner, list[Node]]] = {}
    for node in nodes:
        if node.operation is not None and node.scope is not None:
            runs.setdefault(id(node.scope), (node.scope[1], []))[1].append(node)
    for layer, steps in runs.values():
        weight = dict(layer.named_parameters()).get("weight")
        if weight is not None and np.ndim(weight.value) > 1:
            yield layer, steps


def _activates(step: Node, made: Node) -> bool:
    """Whether a step is a function of what a layer made, and of nothing else, that is not linear."""
    operation = step.operation
    assert operation is not None
    alone = len(step.inputs) == 1 and not operation.linear_in
    return alone and np.shape(step.value) == np.shape(made.value) and step.requires_grad


def _paths(nodes: list[Node]) -> dict[Node, str]:
    """The dotted paths of the parameters of the outermost modules within which something was recorded."""
    outermost: dict[Owner, None] = {}
    for node in nodes:
        outermost.update(dict.fromkeys(owners(node)[:1]))
    found: dict[Node, str] = {}
    for module in outermost:
        for path, parameter in module.named_parameters():
            found.setdefault(parameter, _indexed(path))
    return found


def _indexed(path: str) -> str:
    """A dotted path with its numbers in brackets, as they are written in Python: layers[0].weight."""
    return re.sub(r"(^|\.)(\d+)(?=\.|$)", r"[\2]", path)
