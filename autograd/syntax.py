"""What can be written with a tensor: Python's operators and indexing, each one operation."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, DomainError, IndexingError, InPlaceError, ShapeError
from autograd.methods import Methods
from autograd.mode import recording
from autograd.node import Node, ancestors, values_of, variables
from autograd.operations import (
    arithmetic,
    comparison,
    complex,
    division,
    indexing,
    picking,
    piecewise,
    powers,
    products,
    shaping,
)
from autograd.operators import as_operator, rebinding, reflected


class Syntax(Methods):
    """A node that is written with as an array is."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The size along each axis."""
        found: tuple[int, ...] = self.value.shape
        return found

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return int(self.value.ndim)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(self.value.size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        found: np.dtype[Any] = self.value.dtype
        return found

    @property
    def itemsize(self) -> int:
        """The number of bytes of an element."""
        return int(self.value.itemsize)

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return int(self.value.nbytes)

    def read(self, how: str) -> Any:
        """The values, read off as plain numbers by `how`. Raises: CompileError where they vary between replays."""
        run = recording()
        if run is not None:
            run.leaves(self, how)
        return self.value

    @property
    def T(self) -> Any:  # noqa: N802  NumPy's name
        """The transpose: all axes in reverse order."""
        return shaping.transpose(self)

    @property
    def mT(self) -> Any:  # noqa: N802  NumPy's name
        """The transpose of a matrix, or of each of a stack of them."""
        return shaping.swap_last(self)

    @property
    def real(self) -> Any:
        """The real part."""
        return complex.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return complex.imag(self)

    def item(self) -> Any:
        """The one element as a Python number. Raises: ShapeError if there are more, or none."""
        if self.size != 1:
            raise ShapeError(f"item() needs one element; this tensor has shape {self.shape}. Use .numpy() or .tolist()")
        return self.read("item()").item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self.read("tolist()").tolist()

    # -- Python's operators ------------------------------------------------------------------------------------

    __add__ = __radd__ = as_operator(arithmetic.add)
    __mul__ = __rmul__ = as_operator(arithmetic.multiply)
    __sub__ = as_operator(arithmetic.subtract)
    __rsub__ = reflected(arithmetic.subtract)
    __truediv__ = as_operator(arithmetic.divide)
    __rtruediv__ = reflected(arithmetic.divide)
    __pow__ = as_operator(powers.power)
    __rpow__ = reflected(powers.power)
    __floordiv__ = as_operator(division.floor_divide)
    __rfloordiv__ = reflected(division.floor_divide)
    __mod__ = as_operator(division.remainder)
    __rmod__ = reflected(division.remainder)
    __divmod__ = as_operator(division.divmod)
    __rdivmod__ = reflected(division.divmod)
    __matmul__ = as_operator(products.matmul)
    __rmatmul__ = reflected(products.matmul)
    __neg__ = as_operator(arithmetic.negative)
    __pos__ = as_operator(arithmetic.positive)
    __abs__ = as_operator(piecewise.absolute)
    __gt__ = as_operator(comparison.greater)
    __ge__ = as_operator(comparison.greater_equal)
    __lt__ = as_operator(comparison.less)
    __le__ = as_operator(comparison.less_equal)
    __and__, __rand__ = as_operator(comparison.bitwise_and), reflected(comparison.bitwise_and)
    __or__, __ror__ = as_operator(comparison.bitwise_or), reflected(comparison.bitwise_or)
    __xor__, __rxor__ = as_operator(comparison.bitwise_xor), reflected(comparison.bitwise_xor)
    __lshift__, __rlshift__ = as_operator(comparison.left_shift), reflected(comparison.left_shift)
    __rshift__, __rrshift__ = as_operator(comparison.right_shift), reflected(comparison.right_shift)
    __invert__ = as_operator(comparison.invert)
    _rebinding: Any = rebinding
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ifloordiv__ = __imod__ = __ipow__ = __imatmul__ = _rebinding
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        return NotImplemented if other is None else comparison.equal(self, other)

    def __ne__(self, other: object) -> Any:
        return NotImplemented if other is None else comparison.not_equal(self, other)

    def __getitem__(self, index: Any) -> Any:
        if recording() is not None and any(isinstance(each, Node) for each in _parts(index)):
            return picking.at_places(self, _parts(index))
        return indexing.getitem(self, index=_plain_index(index))

    def __setitem__(self, index: Any, new: Any) -> None:
        raise InPlaceError(
            "a tensor is not written to, since graphs may have read it; "
            "use y = x.at[index].set(values), or x.at[index].add(values), which give a new tensor"
        )

    @property
    def at(self) -> At:
        """`x.at[index].set(values)` and `.add(values)`: a new tensor that differs at `index`."""
        return At(self)

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentError("a tensor of shape () has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if self.size != 1:
            raise DomainError(f"the truth of a tensor of shape {self.shape} is ambiguous; use .all() or .any()")
        return bool(self.read("if, and, or, not"))

    def __float__(self) -> float:
        self._check_cut("a float, as math.sin and its like do")
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> builtins.complex:
        self._check_cut("a complex number")
        return builtins.complex(self.item())

    def _check_cut(self, what: str) -> None:
        """Raises: ArgumentError where a function is differentiated that turns its variables into plain numbers."""
        live = variables.get()
        if live and self.requires_grad and not live.isdisjoint(ancestors(self)):
            raise ArgumentError(
                f"to make {what}, would cut the tensor unseen from what it is differentiated by; use NumPy's functions "
                f"(np.sin; np.stack of a list, where an array would be written to), or say .item() for its value"
            )

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise ArgumentError(f"only a tensor of an integer can be an index; this one is {self.dtype}")
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.size == 1 else format(str(self), spec)


class At:
    """A tensor about to be changed at some place; it is what `x.at` gives, with the place `x.at[index]`."""

    def __init__(self, tensor: Syntax, *index: Any) -> None:
        self._tensor = tensor
        self._given = index

    def __getitem__(self, index: Any) -> At:
        return At(self._tensor, _plain_index(index))

    @property
    def _index(self) -> Any:
        if not self._given:
            raise ArgumentError("x.at needs a place: x.at[index].set(values), or x.at[...] for all of x")
        return self._given[0]

    def set(self, values: Any) -> Any:
        """A new tensor with `values` at the index. Shapes: values broadcast to x[index]."""
        return indexing.put(self._tensor, values, index=self._index)

    def add(self, values: Any) -> Any:
        """A new tensor with `values` added at the index; repeated indices add up. Shapes: as set."""
        return indexing.put_add(self._tensor, values, index=self._index)

    def multiply(self, values: Any) -> Any:
        """A new tensor multiplied with `values` at the index. Shapes: as set. Raises: IndexingError if it repeats."""
        return self.set(self._part() * values)

    def divide(self, values: Any) -> Any:
        """A new tensor divided by `values` at the index. Shapes and errors: as multiply."""
        return self.set(self._part() / values)

    def min(self, values: Any) -> Any:
        """A new tensor with the smaller of its elements and `values` at the index. Shapes and errors: as multiply."""
        return self.set(piecewise.minimum(self._part(), values))

    def max(self, values: Any) -> Any:
        """A new tensor with the larger of its elements and `values` at the index. Shapes and errors: as multiply."""
        return self.set(piecewise.maximum(self._part(), values))

    def _part(self) -> Any:
        part = indexing.getitem(self._tensor, index=self._index)
        if not indexing.is_basic(self._index):
            places = np.arange(self._tensor.size).reshape(self._tensor.shape)[self._index]
            if np.unique(places).size != places.size:
                raise IndexingError(
                    "x.at[index] names an element twice, and only add() joins several values for one; "
                    "join them before, or change one after the other"
                )
        return part


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _plain_index(index: Any) -> Any:
    """An index without tensors."""
    plain = tuple(map(values_of, _parts(index)))
    return plain if isinstance(index, tuple) else plain[0]
