"""How operations record just now: whether at all, within which module, and whether they look for NaN.

A mode belongs to the context it was set in: threads and tasks do not share it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar, Token
from functools import partial
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, Self, TypeAlias

from autograd.errors import ArgumentError

Scope: TypeAlias = "tuple[Scope, Owner] | None"
"""The modules a node was recorded within: a chain from the innermost outwards."""


class Owner(ABC):
    """Something that records within a scope of its own and names what it holds: a module, to the readers of a graph."""

    training: bool = True
    """Whether it is being trained, or evaluated."""

    @abstractmethod
    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The parameters with their dotted paths, each once."""

    @abstractmethod
    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The owner itself and those within it, with their dotted paths."""


class Cell(ABC):
    """A place that holds a number or an array between calls. Two cells are equal if they are the same place."""

    @property
    def nonzero(self) -> bool:
        """Whether it reads None in place of the number 0."""
        return False

    @property
    @abstractmethod
    def place(self) -> tuple[int, ...]:
        """What tells it from others of its kind: the identities of what it belongs to, and where in that it is."""

    @property
    def belongs_to(self) -> Any:
        """What it is a part of, if that has a creation number."""
        return None

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Cell) and other.place == self.place

    def __hash__(self) -> int:
        return hash((type(self), self.place))

    @abstractmethod
    def read(self) -> Any:
        """What it holds now."""

    @abstractmethod
    def write(self, new: Any) -> None:
        """Let it hold something else."""

    def reading(self, name: Callable[[Any, str], str]) -> str | None:  # noqa: ARG002  as of those that have one
        """An expression of Python for what is held, if there is one; `name(thing, wish)` is what a thing is called."""
        return None

    def writing(self, name: Callable[[Any, str], str]) -> str | None:  # noqa: ARG002  as reading
        """What to assign to in Python, so that something else is held."""
        return None

    def before_writing(self, name: Callable[[Any, str], str]) -> str | None:  # noqa: ARG002  as reading
        """A statement of Python that goes before that, if one does."""
        return None

    @property
    @abstractmethod
    def name(self) -> str:
        """What to call it in a program."""


class Recording:
    """A run that is recorded as a whole, to be replayed, as the engine tells of it: a mode, so that all can ask.

    Abstract, but no ABC: each operation asks whether it is in one, and of an ABC that takes four times as long.
    """

    @abstractmethod
    def operand(self, argument: Any) -> Any:
        """What stands for an argument of an operation now: a node for all that may vary between replays."""

    @abstractmethod
    def operands(self, arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
        """What stands for all of them, and the type of node for a result that is an array, or a number, to the user."""

    @abstractmethod
    def made(self, node: Any, sources: Sequence[Any]) -> None:
        """A step of an operation on whole arrays: what it made may share memory with what it read."""

    @abstractmethod
    def write_over(self, node: Any, new: Any) -> Any:
        """Let an array be another from here on, under all its names. Raises: CompileError where that cannot be told."""

    @abstractmethod
    def entered(self, owner: Owner) -> None:
        """A module runs."""

    @abstractmethod
    def drawn(self, node: Any) -> None:
        """A random source drew: a replay has to, also where nobody reads it."""

    @abstractmethod
    def leaves(self, node: Any, how: str) -> None:
        """A plain value is read off a node, by `how`. Raises: CompileError if it may vary between replays."""

    @abstractmethod
    def plain(self, found: Any) -> Any:
        """A result that is an array to the user."""

    @abstractmethod
    def data(self, leaf: Any) -> Any:
        """The values of a leaf, as a node that is constant to differentiation."""

    @abstractmethod
    def assign(self, leaf: Any, new: Any) -> None:
        """Give a leaf new values, once the run is over: from here on `new` stands for it."""

    @abstractmethod
    def gradient(self, leaf: Any) -> Any:
        """What a leaf has in `.grad`, as a node if it is an array."""

    @abstractmethod
    def set_gradient(self, leaf: Any, new: Any) -> None:
        """Put something in a leaf's `.grad`: None, a number, or an array."""

    @abstractmethod
    def read(self, cell: Cell) -> Any:
        """What a cell holds, as a node; a Python number stays one, that does not widen the dtype of an array."""

    @abstractmethod
    def write(self, cell: Cell, new: Any) -> None:
        """What a cell is to hold once the run is over."""

    @abstractmethod
    def watch(self, held: Collection[Any], changed: str, of: Callable[[Any], Any] | None = None) -> None:
        """Record anew when a container holds something else than now, or `of(each)` is that; `changed` says what is."""

    @abstractmethod
    def backward(self, root: Any, gradient: Any) -> None:
        """The sweep from a root into the `.grad` of leaves, recorded."""


Mode: TypeAlias = "tuple[bool, bool | Recording, Scope, bool]"
"""Whether operations record, whether even if no gradient flows, within which module, and whether NaN is looked for."""

PLAIN: Mode = (True, False, None, False)
_mode: ContextVar[Mode] = ContextVar("autograd.mode", default=PLAIN)
current_mode = _mode.get


def looks_for_anomalies() -> bool:
    """Whether each step is looked at for NaN and Inf."""
    return current_mode()[3]


def recording() -> Recording | None:
    """The run that is being recorded as a whole, if there is one."""
    everything = current_mode()[1]
    return everything if isinstance(everything, Recording) else None


class _Switch(ContextDecorator, ABC):
    """A change of mode for a block or a function. It belongs to the context: threads and tasks do not share it."""

    def __new__(cls, function: Any = None) -> Any:
        """With a function, as a decorator without parentheses: the function within the block."""
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self) -> None:
        self._tokens: list[Token[Mode]] = []

    def __call__(self, function: Any) -> Any:
        """The function, run within the block. Raises: ArgumentError for what is none, or runs only after the call."""
        name, found = type(self).__name__, getattr(function, "__name__", repr(function))
        if isinstance(function, type):
            raise ArgumentError(
                f"{name} around the class {found} would leave a function of it; put it around its methods"
            )
        if not callable(function):
            raise ArgumentError(f"{name} takes a function or nothing, `with {name}():`; found {found}")
        if self._runs_later(function):
            raise ArgumentError(
                f"{name} around {found} would end before it begins: what yields or awaits runs after the call. "
                f"Write `with {name}():` within it, around what is to be run so"
            )
        return super().__call__(function)

    @staticmethod
    def _runs_later(function: Any) -> bool:
        """Whether what is called yields or awaits: a function, or an object by its method."""
        while isinstance(function, partial):
            function = function.func
        kinds = (isgeneratorfunction, iscoroutinefunction, isasyncgenfunction)
        return any(is_one(each) for is_one in kinds for each in (function, type(function).__call__))

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
        return (False, mode[1] if isinstance(mode[1], Recording) else False, *mode[2:])


class enable_grad(_Switch):  # noqa: N801  as no_grad
    """Within it recording is on, also inside `no_grad`."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, *mode[1:])


class record_everything(_Switch):  # noqa: N801  as no_grad
    """Within it every operation on a tensor is recorded, whether or not a gradient can flow through it."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, mode[1] or True, *mode[2:])


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


@contextmanager
def recorded_by(run: Recording) -> Iterator[None]:
    """Within it `run` is told what happens; within `no_grad` too results are constants."""
    token = _mode.set((_mode.get()[0], run, None, False))
    try:
        yield
    finally:
        _mode.reset(token)


def enter_scope(owner: Owner) -> Token[Mode]:
    """Mark what is recorded from here on as made within `owner`, a module; `leave_scope` ends it."""
    records, everything, scope, watchful = _mode.get()
    if isinstance(everything, Recording):
        everything.entered(owner)
    return _mode.set((records, everything, (scope, owner), watchful))


leave_scope = _mode.reset
