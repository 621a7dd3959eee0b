"""A recorded graph of arrays written out in numbers: each element a node, each derivative that is not 0 an edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograd.contribution import conform
from autograd.derivation.names import subscript
from autograd.derivation.replay import as_read
from autograd.derivation.terms import Term, as_terms, each, terms
from autograd.mode import enable_grad, record_everything
from autograd.node import Node, keep_step, leaf
from autograd.notation import Binding, Notation, call
from autograd.operation import Elementwise, Operation, Structural
from autograd.rule import names
from autograd.tensor import Tensor


class Elements:
    """The elements of every array of a graph, as terms; `constant` says which name, if any, a constant array has."""

    def __init__(self, nodes: list[Node], named: Mapping[int, str]) -> None:
        self._named = named
        self.of: dict[Node, np.ndarray] = {}
        self.constants: dict[int, np.ndarray] = {}
        with enable_grad(), np.errstate(all="ignore"):
            for node, value in as_read(nodes).items():
                is_leaf = node.operation is None
                self.of[node] = _leaves(value, requires_grad=node.requires_grad) if is_leaf else self._step(node)

    def _constant(self, read: Any) -> np.ndarray:
        """A constant array: leaves if it has a name, else numbers."""
        if id(read) not in self._named:
            return terms(read)
        if id(read) not in self.constants:
            self.constants[id(read)] = _leaves(read, requires_grad=False)
        return self.constants[id(read)]

    def operand(self, source: Node | None, read: Any) -> np.ndarray:
        """The elements of one thing that a step read."""
        return self.of[source] if source in self.of else self._constant(read)

    def _step(self, node: Node) -> np.ndarray:
        written = self.applied(node, self.operands(node))
        return written if written is not None else self._by_element(node)

    def operands(self, node: Node) -> list[np.ndarray]:
        """The elements of all that a step read."""
        return [self.operand(*pair) for pair in zip(node.inputs, node.reads, strict=True)]

    def applied(self, node: Node, operands: list[np.ndarray]) -> np.ndarray | None:
        """An operation on elements: each by itself, or as the sums of products that it is. None for any other.

        What has no derivative, as an index, is handed on as it was read.
        """
        operation = node.operation
        assert operation is not None
        if isinstance(operation, Elementwise):
            return each(lambda *numbers: operation(*numbers, **(node.parameters or {})), operands)
        if not _is_linear(operation):
            return None
        try:
            served = [
                each if operation.variadic or operation.data[slot] in operation.rules else node.reads[slot]
                for slot, each in enumerate(operands)
            ]
            found = as_terms(operation.function(*served, **(node.parameters or {})))
        except (TypeError, ValueError, AttributeError):  # a function of NumPy's that takes numbers alone
            return None
        return found if found.shape == np.shape(node.value) else None

    def _by_element(self, node: Node) -> np.ndarray:
        """Each element of a result as an operation of its own, on the elements it depends on."""
        flat = np.asarray(node.value).ravel()
        made = np.empty(flat.size, dtype=object)
        for place, value in enumerate(flat):
            made[place] = Term(Element(self, node, place).made(value))
        return made.reshape(np.shape(node.value))

    def expression(self, recorded: Any) -> np.ndarray:
        """The elements of what a rule recorded on arrays of the graph."""
        if not isinstance(recorded, Node):
            return terms(recorded)
        if recorded in self.of:
            return self.of[recorded]
        if recorded.operation is None:
            return terms(recorded.value)
        operands = [
            terms(read) if source is None else self.expression(source)
            for source, read in zip(recorded.inputs, recorded.reads, strict=True)
        ]
        tidy = _ARITHMETIC.get(recorded.operation.name)
        if tidy is not None:
            return as_terms(tidy(*operands))
        found = self.applied(recorded, operands)
        self.of[recorded] = found if found is not None else self._by_element(recorded)
        return self.of[recorded]


_ARITHMETIC: dict[str, Any] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
}
"""In a derivative these leave out what is 0 or 1; in the forward pass they stand as they were recorded."""


class Element(Structural):
    """One element of the result of an operation on arrays: a function of the elements that it depends on."""

    registered = False

    def __init__(self, elements: Elements, node: Node, place: int) -> None:
        self._elements, self._node, self._place = elements, node, place
        assert node.operation is not None
        self._whole = node.operation
        operands = elements.operands(node)
        self._parts = [part for part in self._dependencies() if isinstance(operands[part[0]].flat[part[1]].of, Node)]
        self._recorded: dict[int, np.ndarray] = {}

        def element(*parts: Any) -> Any:
            return self._computed(parts)

        element.__name__ = element.__qualname__ = self._whole.name
        slopes = [slope for _, _, slope in self._parts]
        rules = {"parts": lambda g, slot: g * slopes[slot]}
        super().__init__(element, rules, self._notation(), (), masks=self._whole.masks)

    def _notation(self) -> Notation:
        """A call with the index of the element after it, but for that of the row it is made of alone."""
        shape = np.shape(self._node.value)
        index = np.unravel_index(self._place, shape)
        latex, text = call(self._whole.name, ("parts",))
        for name, told in self._indices():
            latex = rf"{latex.removesuffix(_CLOSED)};\,\text{{{name} }}{told}{_CLOSED}"
            text = f"{text.removesuffix(')')}; {name} {told})"
        if len(shape) > 1 and all(self._row(slot, place) == index[0] for slot, place, _ in self._parts):
            index = index[1:]
        if index:
            told = ",".join(str(each + 1) for each in index)
            latex, text = rf"{latex}_{{{told}}}", f"{text}{subscript(told)}"
        return Notation(latex, text, Binding.POWER, {})

    def _indices(self) -> Iterator[tuple[str, str]]:
        """What the operation reads beside its parts to choose among them, with its name; counted from 1, as these."""
        for slot, read in enumerate(self._node.reads):
            if isinstance(read, np.ndarray) and read.dtype.kind in "iu":
                yield self._whole.argument_name(slot), ", ".join(str(index + 1) for index in np.ravel(read))

    def _row(self, slot: int, place: int) -> int | None:
        """The row of an operand that an element stands in, if it has the rows of the result."""
        shape, made = np.shape(self._node.reads[slot]), np.shape(self._node.value)
        alike = len(shape) == len(made) and shape[0] == made[0]
        return int(np.unravel_index(place, shape)[0]) if alike else None

    def _one(self) -> Any:
        seed = np.zeros(np.shape(self._node.value))
        seed.flat[self._place] = 1.0
        return seed[()]

    def _dependencies(self) -> Iterator[tuple[int, int, Any]]:
        """Operand slot, place and derivative of each element that this one depends on."""
        for slot, pull in self._whole.pulls_of(self._node):
            source, read = self._node.inputs[slot], self._node.reads[slot]
            if source is not None and source.requires_grad:
                found = np.asarray(conform(pull(self._one(), self._node), np.asarray(read))).ravel()
                yield from ((slot, int(place), found[place]) for place in np.flatnonzero(found))

    def _sources(self) -> list[Any]:
        operands = self._elements.operands(self._node)
        return [operands[slot].ravel()[place].of for slot, place, _ in self._parts]

    def _computed(self, parts: tuple[Any, ...]) -> Any:
        """The element for other numbers in the places it depends on."""
        reads = [np.array(read) for read in self._node.reads]
        for (slot, place, _), number in zip(self._parts, parts, strict=True):
            reads[slot].flat[place] = number
        found = self._whole.compute([read[()] for read in reads], self._node.parameters)
        return np.asarray(found).ravel()[self._place]

    def made(self, value: Any) -> Any:
        """The step that makes this element; a number, if it depends on nothing."""
        sources = self._sources()
        if not sources:
            return value
        result = leaf(Tensor, value, requires_grad=True)
        keep_step(result, self, sources, [source.value for source in sources], None, None)
        return result

    def slope(self, slot: int) -> Any:
        """The derivative by one of the elements, as the rule of the whole operation gives it: recorded, or a number."""
        operand, place, _ = self._parts[slot]
        if operand not in self._recorded:
            node, read = self._node, np.asarray(self._node.reads[operand])
            seen: Node = leaf(Tensor, node)
            reads = [each if source is None else source for source, each in zip(node.inputs, node.reads, strict=True)]
            keep_step(seen, self._whole, [None] * len(reads), reads, node.parameters, None)
            with record_everything(), np.errstate(all="ignore"):
                pulled = conform(self._whole.pull_of(node, operand)(self._one(), seen), read)
                self._recorded[operand] = self._elements.expression(pulled)
        return self._recorded[operand].ravel()[place].of


_CLOSED = r"\right)"


def _is_linear(operation: Operation) -> bool:
    """Whether an operation is linear, or affine, in each argument it has a derivative by: its rules do not read it."""
    rules = operation.rules.items()
    return all(name in operation.linear_in or not {name, "out"}.intersection(names(rule)) for name, rule in rules)


def _leaves(value: Any, *, requires_grad: bool) -> np.ndarray:
    return each(lambda number: leaf(Tensor, number, requires_grad=requires_grad), [terms(value)])


def written_steps(nodes: list[Node]) -> int:
    """About how many operations on numbers a graph is."""
    return sum(_cost(node) for node in nodes)


def _cost(node: Node) -> int:
    """About how many operations on numbers a step is: a product of matrices as many as its multiplications."""
    sizes = [np.size(node.value), *(np.size(read) for read in node.reads)]
    if isinstance(node.operation, Elementwise) or len(sizes) < 3:
        return max(sizes)
    return int(np.sqrt(float(sizes[0]) * sizes[1] * sizes[2]))
