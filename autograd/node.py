"""The record: which operation made a value, on which inputs, with which parameters, and what it read.

A graph is made of nodes that point at their inputs. Nothing recorded changes: a step keeps the very arrays it
read, so a leaf may be given new data later and the graph still tells what happened. A node never points
forward, so a graph has no reference cycle and is freed at once when its last result goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from autograd.mode import Owner, Scope, recording
from autograd.provenance import Cut, Place

if TYPE_CHECKING:
    from autograd.operation import Operation

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

    __slots__ = (
        "__dict__",
        "__weakref__",
        "a",
        "b",
        "operation",
        "order",
        "requires_grad",
        "stored_grad",
        "value",
        "x",
        "y",
    )

    value: Any
    stored_grad: Any
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
    hooks: tuple[Callable[[Any], Any], ...] = ()
    place: Place | None = None
    cut: Cut | None = None
    stands_for_array: bool = False
    """Whether it is an array to the user, and a node only while a run is recorded as a whole."""
    rebinds: bool = False
    """Whether `x += y` may give its name to a result though it is a leaf that requires a gradient."""
    held: bool = False
    """Whether a module finds it among its attributes by its type, so that no result can have its place there."""
    run_is_over: bool = False
    """Whether it was the variable of a run that is over, so that nobody can ask for a derivative by it any more."""
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


hooked: WeakValueDictionary[int, Node] = WeakValueDictionary()
"""The nodes that have hooks, by creation number: while there are none, a sweep need not look for them at each node."""


variables: ContextVar[frozenset[Node]] = ContextVar("variables", default=frozenset())
"""What functions that run just now are differentiated by: `grad` and its like, innermost and outer ones."""


def keep_step(
    node: Node,
    operation: Operation,
    inputs: Sequence[Node | None],
    reads: Sequence[Any],
    parameters: dict[str, Any] | None,
    scope: Scope,
) -> None:
    """Make a step of a node that holds a result: there is at least one operand."""
    node.operation = operation
    if parameters:
        node.parameters = parameters
    if scope is not None:
        node.scope = scope
    node.a, node.x = inputs[0], reads[0]
    if len(inputs) == 1:
        return
    named = 1
    if operation.arity > 1:
        node.b, node.y = inputs[1], reads[1]
        named = 2
    if len(inputs) > named:
        more: list[Any] = [None] * (2 * (len(inputs) - named))
        more[::2], more[1::2] = inputs[named:], reads[named:]
        node.more = tuple(more)


def inputs_of(arity: int) -> Callable[[Node], tuple[Node | None, ...]]:
    """What gives the inputs of a step of an operation of so many data, one per operand slot."""
    if arity == 2:
        return attrgetter("a", "b")
    if arity > 2:
        return lambda node: (node.a, node.b, *node.more[::2])
    return lambda node: (node.a, *node.more[::2]) if node.more else (node.a,)


def owners(node: Node) -> tuple[Owner, ...]:
    """The modules within which a node was recorded, outermost first."""
    chain = []
    scope = node.scope
    while scope is not None:
        scope, owner = scope
        chain.append(owner)
    return tuple(reversed(chain))


def value_of(argument: Any) -> Any:
    """The value of a node as it stands (of anything else, that itself), for a function that decides nothing by it."""
    return argument.value if isinstance(argument, Node) else argument


def values_of(argument: Any) -> Any:
    """The plain values of a tensor (of anything else, that itself), for a function that decides by them."""
    if not isinstance(argument, Node):
        return argument
    run = recording()
    if run is not None:
        run.leaves(argument, "an operation that decides by values")
    return argument.value


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


def sources_of(node: Node) -> list[Node]:
    """The nodes among the inputs of a node, in order; what stands in two operand slots comes twice."""
    return [source for source in node.inputs if source is not None]


def leaf(kind: type[Node], value: Any, *, requires_grad: bool = False) -> Any:
    """A node that no operation made, of the type that `kind` records as."""
    node = object.__new__(kind.result_type)
    node.value = value
    node.stored_grad = None
    node.requires_grad = requires_grad
    node.operation = None
    node.order = next_order()
    return node
