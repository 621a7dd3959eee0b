"""Who is called what in a derivation: given names first, then modules' paths, then v₁, v₂, ... in evaluation order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from itertools import chain, count
from typing import Any

import numpy as np

from autograd.derivation.conventions import Network
from autograd.derivation.names import adjoint, written
from autograd.derivation.quantities import Shown, is_number, matrix, number, quotient, shape
from autograd.errors import ArgumentError
from autograd.node import Node, ancestors
from autograd.notation import Formula


class Labels:
    """The symbols of a graph.

    `named` are the intermediate nodes that somebody gave a name: if there are any, the unnamed ones have no
    symbol and are written out where they stand, unless `fold` is off. `numbered` are those whose name is but a number.
    """

    def __init__(
        self, root: Node, wrt: tuple[Node, ...], names: Mapping[Any, Any] | None, digits: int, *, fold: bool = True
    ) -> None:
        self.digits = digits
        self.nodes = ancestors(root, constants=True)[::-1]
        self._taken: set[str] = set()
        self._letters: dict[int, tuple[Formula, Any]] = {}
        self._raw: dict[Node, str] = {}
        self.symbols: dict[Node, Formula] = {}
        self.numbered: set[Node] = set()
        self._given = given = given_names(names)
        self.network = Network(self.nodes)
        self._arrays = [(value, name) for name, value in (names or {}).items() if isinstance(value, np.ndarray)]
        for node in self.nodes:
            name = given.get(node) or node.name or self._by_convention(node)
            if name:
                self._call(node, name)
        self.named = {node for node in self._raw if node.operation is not None} - {root, *wrt} if fold else set()
        self._number_the_rest({root, *wrt})

    def _call(self, node: Node, name: str) -> None:
        formula = written(name)
        for again in count(2):
            if formula.text not in self._taken:
                break
            plain = written(name)
            formula = replace(plain, latex=rf"{plain.latex}\langle {again}\rangle ", text=f"{plain.text}⟨{again}⟩")
        self._taken.add(formula.text)
        self._raw[node] = name
        self.symbols[node] = formula

    def _by_convention(self, node: Node) -> str | None:
        role = self.network.roles.get(node)
        return role.name(node.value) if role else self.network.given.get(id(node)) or self.network.paths.get(node)

    def _number_the_rest(self, asked: set[Node]) -> None:
        numbers = (f"v{number}" for number in count(1))
        for node in self.nodes:
            if node not in self.symbols and (node in asked or self._needs_symbol(node)):
                self._call(node, next(name for name in numbers if written(name).text not in self._taken))
                self.numbered.add(node)

    def _needs_symbol(self, node: Node) -> bool:
        return node.requires_grad if node.operation is None else not self.named

    def called(self, node: Node) -> str:
        """The name of a node as it was given."""
        return self._raw[node]

    def call_too(self, names: Mapping[Node, str]) -> None:
        """Give names to nodes that are not in the graph, but may come up in its derivatives."""
        for node, name in names.items():
            if node not in self.symbols:
                self._call(node, name)

    def or_name(self, node: Node) -> str:
        """The symbol of a node; of one that is not in the graph, the name it was given."""
        if node in self.symbols:
            return self.symbols[node].text
        name = self._given.get(node) or node.name
        return written(name).text if name else "what it is to be derived by"

    def named_constants(self) -> Iterator[tuple[Any, str]]:
        """The constant arrays of real numbers that have a name of their own."""
        for step in self.nodes:
            for source, read in zip(step.inputs, step.reads, strict=True):
                if source is None and isinstance(read, np.ndarray) and read.ndim and read.dtype.kind == "f":
                    name = self._called(read)
                    if name is not None:
                        yield read, name

    def adjoint(self, node: Node) -> Formula | None:
        """The name of a node with a bar, if it has a single letter to put it on and it is this node's alone."""
        bar = adjoint(self._raw[node])
        alone = written(self._raw[node]).text == self.symbols[node].text
        return bar if alone and bar is not None and bar.text not in self._taken else None

    def called_again(self, stand_in: Node, node: Node) -> None:
        """Let a stand-in have the symbol of the node it stands for."""
        if node in self.symbols:
            self.symbols[stand_in] = self.symbols[node]

    def opened(self) -> Labels:
        """The same symbols, but that steps whose name is but a number are written out."""
        other = copy(self)
        opened = {node for node in self.numbered if node.operation is not None}
        other.symbols = {node: formula for node, formula in self.symbols.items() if node not in opened}
        return other

    def alike(self, names: Mapping[Node, str]) -> Labels:
        """The same symbols, but for those of some nodes."""
        other = copy(self)
        other.symbols = self.symbols | {node: written(name) for node, name in names.items()}
        return other

    def constant(self, value: Any) -> Shown:
        """A constant: a number as itself, an array whose entries are one number as that, any other as a letter."""
        array = np.asarray(value)
        called = self._called(value) if array.ndim else None
        if called is None and array.size and (array == array.flat[0]).all():
            return quotient(array.flat[0], self.digits)
        same = next((formula for formula, each in self._letters.values() if _same(each, array)), None)
        if same is not None:
            return Shown(same)
        if id(value) not in self._letters:
            letters = chain([called] if called else (), (f"C{number}" for number in count(1)))
            formula = next(written(name) for name in letters if written(name).text not in self._taken)
            self._taken.add(formula.text)
            self._letters[id(value)] = (formula, value)
        return Shown(self._letters[id(value)][0])

    def _called(self, array: Any) -> str | None:
        """The name of a constant array: that of an equal one among the names, or what it is to a network."""
        same = (name for each, name in self._arrays if _same(each, array))
        return next(same, None) or self.network.given.get(id(array)) or self.network.one_hot(array)

    def letters(self) -> Iterator[tuple[Formula, Any]]:
        """The constant arrays that were given a letter, with their values."""
        yield from self._letters.values()

    def symbol(self, source: Node | None, read: Any) -> Shown | None:
        """How a formula names what a step read; None for what is to be written out."""
        if source in self.symbols:
            return Shown(self.symbols[source])
        return self.constant(read) if source is None or source.operation is None else None

    def value(self, source: Node | None, read: Any, digits: int | None = None) -> Shown | None:
        """What a step read, as a number; an array keeps its symbol. None for what is to be written out."""
        if source in self.symbols and np.size(read) == 1:
            return number(read, digits or self.digits)
        return self.symbol(source, read)

    def with_shape(self, source: Node | None, read: Any) -> Shown | None:
        """A symbol with its shape under it in LaTeX, and in its place in text; numbers have none."""
        shown = self.symbol(source, read)
        if shown is None or np.ndim(read) == 0 or is_number(shown.formula):
            return shown
        size = shape(read)
        latex = rf"\underset{{{size.latex}}}{{{shown.formula.latex}}}"
        return Shown(replace(shown.formula, latex=latex, text=size.text), shown.exact)

    def shown(self, value: Any) -> Shown | None:
        """A value: a number, or the entries of a matrix of at most 16."""
        return matrix(value, self.digits)


def _same(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and np.array_equal(one, other)


def given_names(names: Mapping[Any, Any] | None) -> dict[Node, str]:
    """Names by node, from a table of either direction; what else a table of variables holds is passed over."""
    found: dict[Node, str] = {}
    for key, value in (names or {}).items():
        if isinstance(key, Node):
            if not isinstance(value, str):
                raise ArgumentError(f"names: a tensor's name has to be a str; found {type(value).__name__} {value!r}")
            found[key] = value
        elif isinstance(value, Node) and isinstance(key, str) and not key.startswith("_"):
            found.setdefault(value, key)
    return found
