"""Cells: what a compiled function reads and writes beside its arguments, told by where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd.errors import InPlaceError
from autograd.mode import Cell


@dataclass(frozen=True, eq=False)
class Data(Cell):
    """The values of a leaf."""

    leaf: Any

    @property
    def place(self) -> tuple[int, ...]:
        """The leaf's."""
        return (id(self.leaf),)

    def read(self) -> Any:
        """The array or number."""
        return self.leaf.value

    def write(self, new: Any) -> None:
        """As an optimizer does: the leaf holds a new array, and what read the old one keeps it."""
        self.leaf.__dict__.pop("_lent", None)
        self.leaf.value = new

    @property
    def name(self) -> str:
        """The leaf's own."""
        return self.leaf.name or "p"


@dataclass(frozen=True, eq=False)
class Gradient(Cell):
    """What a leaf has in `.grad`."""

    leaf: Any

    @property
    def place(self) -> tuple[int, ...]:
        """The leaf's."""
        return (id(self.leaf),)

    def read(self) -> Any:
        """An array, a number, or None."""
        return self.leaf.stored_grad

    def write(self, new: Any) -> None:
        """Put it there."""
        self.leaf.stored_grad = new

    @property
    def name(self) -> str:
        """After the leaf."""
        return f"grad_{self.leaf.name or 'p'}"


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

    def write(self, new: Any) -> None:  # noqa: ARG002  as every cell's
        """Never: a tensor's values are."""
        raise InPlaceError("a compiled function does not write to an array from around it; return the new one")

    @property
    def name(self) -> str:
        """What can be said of it."""
        return "captured"
