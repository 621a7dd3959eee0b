"""The record: which operation made a value, on which inputs, with which parameters, and what it read.

A graph is made of nodes that point at their inputs. Nothing recorded changes: a step keeps the very arrays it
read, so a leaf may be given new data later and the graph still tells what happened. A node never points
forward, so a graph has no reference cycle and is freed at once when its last result goes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    from autograd.operation import Operation

Scope: TypeAlias = "tuple[Scope, Owner] | None"
"""The modules a node was recorded within: a chain from the innermost outwards."""

next_order = count(1).__next__
"""Creation numbers: a node is always younger than its inputs, so they give a topological order for free."""


class Node:
    """One value of a graph: a leaf, or the step that made it.

    A step keeps, for each operand slot, the node that stood there (`None` for a plain number or array) and the
    array it read. The first two operands have slots of their own, `a`, `x` and `b`, `y` (of a variadic operation
    only the first); all others follow in `more`, interleaved. One object for a step and no containers within it,
    because the cyclic garbage collector's work grows with their number, and is most of the cost of a large
    scalar graph. What most nodes do not have (a name, parameters, a scope) is a default of the class.
    """

    __slots__ = ("__dict__", "__weakref__", "a", "b", "grad", "operation", "order", "requires_grad", "value", "x", "y")

    value: Any
    grad: Any
    requires_grad: bool
    operation: Operation | None
    order: int
    a: Node | None
    x: Any
    b: Node | None
    y: Any

    more: tuple[Any, ...] = ()
    parameters: dict[str, Any] | None = None
    scope: Scope = None
    name: str | None = None
    retains: bool = False
    result_type: type[Node]
    array_type: type[Node]

    @property
    def inputs(self) -> tuple[Node | None, ...]:
        """The nodes this one was made from, one per operand slot; `None` where a constant stood."""
        return self.operation.inputs_of(self) if self.operation is not None else ()

    @property
    def reads(self) -> tuple[Any, ...]:
        """The arrays and numbers the operation read, one per operand slot."""
        if self.operation is None:
            return ()
        return (self.x, self.y, *self.more[1::2]) if self.operation.arity > 1 else (self.x, *self.more[1::2])


def keep_operands(node: Node, inputs: Sequence[Node | None], reads: Sequence[Any]) -> None:
    """Fill the operand slots of a step; there is at least one operand."""
    node.a, node.x = inputs[0], reads[0]
    if len(inputs) == 1:
        return
    named = 1
    if node.operation is not None and node.operation.arity > 1:
        node.b, node.y = inputs[1], reads[1]
        named = 2
    if len(inputs) > named:
        node.more = tuple(part for operand in zip(inputs[named:], reads[named:], strict=True) for part in operand)


class Owner(ABC):
    """Something that records within a scope of its own and names what it holds: a module, to the readers of a graph."""

    @abstractmethod
    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The parameters with their dotted paths, each once."""

    @abstractmethod
    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """The owner itself and those within it, with their dotted paths."""


Mode: TypeAlias = tuple[bool, bool, Scope]
"""How operations record just now: whether at all, whether even if no gradient flows, and within which module."""

PLAIN: Mode = (True, False, None)
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
        return (False, False, mode[2])


class enable_grad(_Switch):  # noqa: N801  as no_grad
    """Within it recording is on, also inside `no_grad`."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, *mode[1:])


class record_everything(_Switch):  # noqa: N801  as no_grad
    """Within it every operation on a tensor is recorded, whether or not a gradient can flow through it."""

    def _changed(self, mode: Mode) -> Mode:
        return (True, True, mode[2])


def enter_scope(owner: Owner) -> Token[Mode]:
    """Mark what is recorded from here on as made within `owner`, a module; `leave_scope` ends it."""
    records, everything, scope = _mode.get()
    return _mode.set((records, everything, (scope, owner)))


leave_scope = _mode.reset


def owners(node: Node) -> tuple[Owner, ...]:
    """The modules within which a node was recorded, outermost first."""
    chain = []
    scope = node.scope
    while scope is not None:
        scope, owner = scope
        chain.append(owner)
    return tuple(reversed(chain))


_creation = attrgetter("order")


def ancestors(*roots: Node, constants: bool = False) -> list[Node]:
    """Every node the roots were made from, themselves included, youngest first: a topological order, reversed.

    Only nodes that require a gradient, unless `constants` are asked for too. No recursion, linear but for the sort.
    """
    seen: set[Any] = {None, *roots}  # None stands where an operand is no node
    found, stack = list(roots), list(roots)
    while stack:
        node = stack.pop()
        operation = node.operation
        if operation is None:
            continue
        inputs: tuple[Any, ...] = operation.inputs_of(node)
        for source in inputs:
            if source not in seen and (source.requires_grad or constants):
                seen.add(source)
                found.append(source)
                stack.append(source)
    found.sort(key=_creation, reverse=True)
    return found


def each_input(node: Node) -> Iterator[tuple[int, Node]]:
    """The operand slots of a node that hold a node, in order."""
    for slot, source in enumerate(node.inputs):
        if source is not None:
            yield slot, source


def leaf(kind: type[Node], value: Any, *, requires_grad: bool = False) -> Any:
    """A node that no operation made, of the type that `kind` records as."""
    node = object.__new__(kind.result_type)
    node.value = value
    node.grad = None
    node.requires_grad = requires_grad
    node.operation = None
    node.order = next_order()
    return node
