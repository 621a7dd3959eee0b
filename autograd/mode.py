"""How operations record just now: whether at all, within which module, and whether they look for NaN.

A mode belongs to the context it was set in: threads and tasks do not share it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from typing import Any, Self, TypeAlias

Scope: TypeAlias = "tuple[Scope, Owner] | None"
"""The modules a node was recorded within: a chain from the innermost outwards."""


class Owner(ABC):
    """Something that records within a scope of its own and names what it holds: a module, to the readers of a graph."""

    @abstractmethod
    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The parameters with their dotted paths, each once."""

    @abstractmethod
    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The owner itself and those within it, with their dotted paths."""


Mode: TypeAlias = tuple[bool, bool, Scope, bool]
"""Whether operations record, whether even if no gradient flows, within which module, and whether NaN is looked for."""

PLAIN: Mode = (True, False, None, False)
_mode: ContextVar[Mode] = ContextVar("autograd.mode", default=PLAIN)
current_mode = _mode.get


class _Switch(ContextDecorator, ABC):
    """A change of mode for a block or a function. It belongs to the context: threads and tasks do not share it."""

    def __init__(self) -> None:
        self._tokens: list[Token[Mode]] = []

    @abstractmethod
    def _changed(self, mode: Mode) -> Mode:
        """The mode within the block."""

    def _recreate_cm(self) -> Self:
        return type(self)()

    def __enter__(self) -> None:
        self._tokens.append(_mode.set(self._changed(_mode.get())))

    def __exit__(self, *_: object) -> None:
        _mode.reset(self._tokens.pop())


class no_grad(_Switch):  # noqa: N801  lower case as in PyTorch: it reads as a statement, `with no_grad():`
    """Within it nothing is recorded: results are constants to differentiation. A context manager and a decorator.

    >>> from autograd import Tensor, no_grad
    >>> x = Tensor(2.0, requires_grad=True)
    >>> with no_grad():
    ...     (x * x).requires_grad
    False
    """

    def _changed(self, mode: Mode) -> Mode:
        return (False, False, *mode[2:])


class enable_grad(_Switch):  # noqa: N801  as no_grad
    """Within it recording is on, also inside `no_grad`."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, *mode[1:])


class record_everything(_Switch):  # noqa: N801  as no_grad
    """Within it every operation on a tensor is recorded, whether or not a gradient can flow through it."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, True, *mode[2:])


class detect_anomaly(_Switch):  # noqa: N801  as no_grad
    """Within it the first NaN or Inf is an error, forward or backward, that names the operation and the user's line.

    An operation is at fault if what it read was finite and what it made is not (or if it made NaN of infinities).
    Each step is looked at and remembers its line, so it costs time: for finding faults.
    A sweep looks if it runs within the block; it can tell lines of steps that were recorded within it.

    Raises: AnomalyError.

    >>> from autograd import AnomalyError, Tensor, detect_anomaly
    >>> x = Tensor(0.0, requires_grad=True)
    >>> with detect_anomaly():
    ...     try:
    ...         (x**0.5).backward()
    ...     except AnomalyError as error:
    ...         print(str(error)[:52])
    backward through power gave inf for its argument 'x'
    """

    def _changed(self, mode: Mode) -> Mode:
        return (*mode[:3], True)


def enter_scope(owner: Owner) -> Token[Mode]:
    """Mark what is recorded from here on as made within `owner`, a module; `leave_scope` ends it."""
    records, everything, scope, watchful = _mode.get()
    return _mode.set((records, everything, (scope, owner), watchful))


leave_scope = _mode.reset
