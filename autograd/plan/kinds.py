"""What stands, while a function is recorded, for what is no tensor to the user: arrays, and numbers that vary."""

from __future__ import annotations

from autograd.tensor import Value


class Array(Value):
    """What is a plain array to the user. With a tensor it makes a tensor, with a Value a Value."""

    __slots__ = ()
    retains = False
    stands_for_array = True

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
