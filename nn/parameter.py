"""What a module holds: parameters, which it learns, and buffers, which it keeps."""

from __future__ import annotations

from typing import Any

from autograd import Tensor


class Parameter(Tensor):
    """A leaf that requires a gradient, found by its module among its attributes. What is made of it is a Tensor."""

    __slots__ = ()
    held = True

    def __init__(self, data: Any, *, requires_grad: bool = True, dtype: Any = None, name: str | None = None) -> None:
        super().__init__(data, requires_grad=requires_grad, dtype=dtype, name=name)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Buffer(Tensor):
    """A leaf that is not learned but belongs to a module's state, as running averages do: found like a parameter.

    It is given new values as any leaf is, `buffer.data = 0.9 * buffer + 0.1 * new`.
    """

    __slots__ = ()
    held = True

    def __init__(self, data: Any, *, dtype: Any = None, name: str | None = None) -> None:
        super().__init__(data, dtype=dtype, name=name)
