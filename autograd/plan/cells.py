"""Cells: what a compiled function reads and writes beside its arguments, told by where it is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from autograd.errors import CompileError, InPlaceError
from autograd.mode import Cell
from autograd.node import Node


@dataclass(frozen=True, eq=False)
class _OfLeaf(Cell):
    """Something that a leaf holds under a name."""

    leaf: Any
    attribute: ClassVar[str]

    @property
    def place(self) -> tuple[int, ...]:
        """The leaf's."""
        return (id(self.leaf),)

    def read(self) -> Any:
        """An array, a number, or None."""
        return getattr(self.leaf, self.attribute)

    def write(self, new: Any) -> None:
        """As an optimizer does: the leaf holds a new array, and what read the old one keeps it."""
        setattr(self.leaf, self.attribute, new)  # what data it has lent was taken back when it was read

    def reading(self, name: Callable[[Any, str], str]) -> str:
        """The leaf's attribute."""
        return f"{name(self.leaf, self.leaf.name or 'leaf')}.{self.attribute}"

    writing = reading


class Row(NamedTuple):
    """Places that are looked at together: those of a container, or, with `of`, what that gives of each thing held."""

    held: Collection[Any]
    told: str | Sequence[str]
    """What to say where one of them has something else: one text for all, or what each is called."""
    of: Callable[[Any], Any] | None = None

    def now(self) -> list[Any]:
        """What is there."""
        return list(self.held if self.of is None else map(self.of, self.held))


class Lent:
    """Stands for a leaf among the arguments of a plan: at each call for the tensor that was given, in between for none.

    What is read and written of it is that tensor's.
    """

    __slots__ = ("name", "of")

    def __init__(self, of: Any, name: str | None) -> None:
        self.of, self.name = of, name

    @property
    def value(self) -> Any:
        """The values of the tensor."""
        return self.of.value

    @value.setter
    def value(self, new: Any) -> None:
        self.of.value = new

    @property
    def stored_grad(self) -> Any:
        """Its gradient."""
        return self.of.stored_grad

    @stored_grad.setter
    def stored_grad(self, new: Any) -> None:
        self.of.stored_grad = new


class Data(_OfLeaf):
    """The values of a leaf."""

    attribute = "value"

    @property
    def name(self) -> str:
        """The leaf's own."""
        return self.leaf.name or "p"


class Gradient(_OfLeaf):
    """What a leaf has in `.grad`."""

    attribute = "stored_grad"

    @property
    def name(self) -> str:
        """After the leaf."""
        return f"grad_{self.leaf.name or 'p'}"

    def constant(self) -> Any:
        """What a plan is for where it is no array: None, or a number; of an array the kind alone."""
        held = self.read()
        return type(held) if isinstance(held, Node | np.ndarray | np.generic) else held


@dataclass(frozen=True, eq=False)
class Captured(Cell):
    """An array from around the function: read anew at each call, so that what is written to it counts."""

    array: Any

    @property
    def place(self) -> tuple[int, ...]:
        """The array's."""
        return (id(self.array),)

    def read(self) -> Any:
        """The array."""
        return self.array

    def reading(self, name: Callable[[Any, str], str]) -> str:
        """The array, by its name."""
        return name(self.array, "captured")

    def write(self, new: Any) -> None:  # noqa: ARG002  as every cell's
        """Never: a tensor's values are."""
        raise InPlaceError("a compiled function does not write to an array from around it; return the new one")

    @property
    def name(self) -> str:
        """What can be said of it."""
        return "captured"


def refuse_changed(numbers: Sequence[tuple[Cell, Any]]) -> None:
    """Raise a CompileError for a cell that does not hold a number any more that was read from it."""
    for cell, before in numbers:
        if cell.read() != before:
            raise CompileError(
                f"a compiled function changed {cell.name} from {before} to {cell.read()}, which a replay would not do; "
                f"change it outside, between calls"
            )


def passing(copies: list[tuple[Any, Any]]) -> list[Captured]:
    """The cells of arrays, of these with their copies, that were made within a run and that nobody has: constants.

    Raises: CompileError if another one has been written to since it was copied.
    """
    found = []
    ours, counts = references_of_ours(), references(copies)
    for (array, copy), count in zip(copies, counts, strict=True):
        if count <= ours and _is_of_numpy(array):
            found.append(Captured(array))
        elif not np.array_equal(array, copy, equal_nan=array.dtype.kind in "fc"):
            raise CompileError(
                f"a compiled function wrote to an array of shape {array.shape} that it had read; "
                f"make a new one, or use x.at[index].set(values)"
            )
    return found


def _is_of_numpy(array: Any) -> bool:
    """Whether an array's memory is NumPy's own, not that of something else, which may write to it: a buffer, a file."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array.base is None or isinstance(array.base, bytes)


def references(copies: list[tuple[Any, Any]]) -> list[int]:
    """How many references the arrays of copies have."""
    return [sys.getrefcount(array) for array, _ in copies]


def references_of_ours() -> int:
    """How many references an array has that nobody but a trace holds: counted, since Python versions differ."""
    array = np.zeros(1)
    held = Captured(array), [(array, None)]
    del array
    return references(held[1])[0]
