"""A hook on a tensor: what is called with each adjoint that reaches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from autograd.node import Node, hooked


class Hook:
    """A hook on a tensor, to be removed; a context manager that removes it at the end of its block."""

    def __init__(self, tensor: Node, hook: Callable[[Any], Any]) -> None:
        self._tensor = tensor
        self._hook = hook

    def remove(self) -> None:
        """Take the hook off. A second time, nothing happens."""
        self._tensor.hooks = tuple(each for each in self._tensor.hooks if each is not self._hook)
        if not self._tensor.hooks:
            hooked.pop(self._tensor.order, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
