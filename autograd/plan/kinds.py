"""What stands, while a function is recorded, for what is no tensor to the user: arrays, and numbers that vary."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import CompileError
from autograd.mode import recording
from autograd.provenance import here
from autograd.tensor import Value

_OF_SHAPE = {"nbytes", "itemsize"}
_OF_ARRAYS = {name for name in dir(np.ndarray) if not name.startswith("_")}
"""What NumPy's arrays have, and some tensors have not."""


def _in_place(name: str) -> Callable[[Any, Any], Any]:
    """Python's operator that writes to an array; a number is another one instead."""
    new_of = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        run = recording()
        return run.write_over(self, new_of(self, other)) if run is not None and self.shape else NotImplemented

    return method


class Array(Value):
    """What is a plain array to the user. With a tensor it makes a tensor, with a Value a Value."""

    __slots__ = ()
    retains = False
    stands_for_array = True
    __iadd__, __isub__, __imul__, __itruediv__ = map(_in_place, ("add", "sub", "mul", "truediv"))
    __ifloordiv__, __imod__, __ipow__, __imatmul__ = map(_in_place, ("floordiv", "mod", "pow", "matmul"))
    __iand__, __ior__, __ixor__ = map(_in_place, ("and_", "or_", "xor"))

    def __getattr__(self, name: str) -> Any:
        if name in _OF_SHAPE:
            return getattr(self.value, name)
        try:
            return super().__getattr__(name)
        except AttributeError as error:
            if name not in _OF_ARRAYS:
                raise
            raise CompileError(
                f"an array has no attribute '{name}' in a compiled function, at {here()}: use an operation of "
                f"autograd, or pass in what it is to know of the array"
            ) from error

    def __repr__(self) -> str:
        return f"<array of shape {self.shape} {self.dtype}, while a function is recorded>"


Array.result_type = Array.array_type = Array


class Number(Array):
    """A Python number that varies between calls, as a learning rate does: it does not widen the dtype of an array."""

    __slots__ = ()

    def __init__(self, value: int | float) -> None:
        super().__init__(float(value))
        self.value = value


Number.result_type = Number


class Nonzero(Number):
    """A number that may be any but 0, so that to ask whether it is 0 is no decision by its value."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


def instead_of(how: str) -> str:
    """What to do instead of reading off plain values in some way."""
    if how in ("item()", "tolist()", "numpy()"):
        return f"return the tensor, and call {how} outside; for a choice, use autograd.where"
    if how == "np.array()":
        return "use operations; of an array X, what it picks is Tensor(X)[i], or autograd.take(X, i, axis=0)"
    return "use operations (autograd.where for a choice), or return it and decide outside"
