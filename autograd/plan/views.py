"""Arrays of a run that are written to in place: told where nobody has them, or a part of them, under another name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import CompileError, ShapeError
from autograd.node import Node
from autograd.operations.shaping import astype
from autograd.plan.kinds import Array
from autograd.provenance import here


class Views:
    """The arrays that share memory with another one, and those that are a tensor's values or gradient."""

    def __init__(self) -> None:
        self._sharing: set[Node] = set()
        self._held: dict[Node, tuple[Callable[[], Any], Callable[[Any], None], Any]] = {}

    def note(self, node: Node, sources: Sequence[Node | None]) -> None:
        """What a step has made may be a view of what it read."""
        for each in sources:
            if each is not None and np.may_share_memory(node.value, each.value):
                self._sharing |= {node, each}

    def hold(self, node: Node, now: Callable[[], Any], write: Callable[[Any], None]) -> None:
        """An array that a tensor holds: what is written to it goes to `write`, as long as `now()` is the same."""
        self._held[node] = now, write, now()

    def written(self, node: Node, new: Any, started: int) -> Any:
        """What stands for an array that is written over: of its shape and dtype.

        Raises: CompileError but for what a tensor holds, and what a call has made since the start and nobody has a view
        of; ShapeError.
        """
        now, write, before = self._held.get(node, (None, None, None))
        known = now() is before if now is not None else node.operation is not None and node.order >= started
        if not known or node in self._sharing or not isinstance(new, Array):
            raise CompileError(
                f"a compiled function writes to an array in place, as by a += b, at {here()}; others may have it, or a "
                f"part of it, under another name: make a new one, a = a + b"
            )
        if new.shape != node.value.shape or not np.can_cast(new.dtype, node.value.dtype, "same_kind"):
            raise ShapeError(
                f"an array of shape {node.value.shape} and {node.value.dtype} cannot take {new.shape} and {new.dtype}"
            )
        made = astype(new, dtype=node.value.dtype) if new.dtype != node.value.dtype else new
        if now is not None and write is not None:
            write(made)
            self.hold(node, now, write)
        return made
