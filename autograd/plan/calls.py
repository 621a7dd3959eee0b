"""One call of a compiled function: what its arguments are to a plan, and how what it gives is put together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.errors import GraphError
from autograd.node import Node, keep_step, leaf
from autograd.plan.trace import Array, Trace
from autograd.plan.whole import Whole
from autograd.trees import leaves, rebuilt

_ARRAYS = frozenset((np.ndarray,))


def varies(part: Any) -> bool:
    """Whether an argument may be another one at the next call: an array or a tensor, not a Python number."""
    return isinstance(part, Node | np.ndarray | np.generic)


def value_of(part: Any) -> Any:
    """The plain value of an argument."""
    return part.value if isinstance(part, Node) else part


def taken_apart(
    arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[Sequence[Any], Sequence[Any], Hashable]:
    """The parts of a call in a row, the plain values of those that vary, and what a plan for this call is known by."""
    if not keywords and _ARRAYS.issuperset(map(type, arguments)):
        return arguments, arguments, tuple([(each.shape, each.dtype) for each in arguments])
    parts = leaves((arguments, keywords))
    given = [value_of(each) for each in parts if varies(each)]
    return parts, given, (_form((arguments, keywords)), *map(_described, parts))


def _form(tree: Any) -> Any:
    """A tree without its leaves, to compare."""
    if isinstance(tree, Mapping):
        return (dict, *((key, _form(each)) for key, each in tree.items()))
    if isinstance(tree, list | tuple):
        return (type(tree), *map(_form, tree))
    return None


class _Same:
    """An object that equals itself alone."""

    def __init__(self, part: Any) -> None:
        self._part = part

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._part is self._part

    def __hash__(self) -> int:
        return id(self._part)


def _described(part: Any) -> Any:
    if isinstance(part, Node):
        return (type(part), part.value.shape, part.value.dtype, part.requires_grad)
    if isinstance(part, np.ndarray | np.generic):
        return (type(part), part.shape, part.dtype)
    return (type(part), repr(part) if isinstance(part, int | float | complex | str | bytes | None) else _Same(part))


def stand_in(trace: Trace, part: Any) -> Any:
    """What the function is given in place of an argument while it is recorded."""
    if not varies(part):
        return part
    value = value_of(part)
    made: Node = leaf(type(part) if isinstance(part, Node) else Array, owned(value))
    made.requires_grad = isinstance(part, Node) and part.requires_grad
    trace.arguments.append(made)
    return made


def names_of_arguments(function: Callable[..., Any], arguments: Any, keywords: Mapping[str, Any]) -> list[str]:
    """What to call each array among the arguments: after the parameter it is given for."""
    try:
        bound: Mapping[str, Any] = inspect.signature(function).bind(*arguments, **keywords).arguments
    except (TypeError, ValueError):
        bound = {f"argument_{i}": each for i, each in enumerate((*arguments, *keywords.values()))}
    return [
        name if len(leaves(tree)) == 1 else f"{name}_{i}"
        for name, tree in bound.items()
        for i, each in enumerate(leaves(tree))
        if varies(each)
    ]


class Form:
    """The form in which a function gives its results for such arguments: `form(values, parts)` puts arrays into it."""

    def __init__(self, result: Any, arguments: Sequence[Any]) -> None:
        parts = leaves(result)
        nodes = [each for each in parts if isinstance(each, Node)]
        self._kinds = [None if each.stands_for_array else (type(each), each.requires_grad) for each in nodes]
        self._rest = [_ARRAY if isinstance(each, Node) else each for each in parts]
        self._tree = rebuilt(result, self._rest)
        self._single = self._tree is _ARRAY
        nested = isinstance(result, tuple) and any(isinstance(each, list | tuple | Mapping) for each in result)
        self._is_tuple = type(result) is tuple and not nested
        required = (place for place, each in enumerate(arguments) if isinstance(each, Node) and each.requires_grad)
        self._sources = tuple(required)

    def __call__(self, values: Sequence[Any], parts: Sequence[Any]) -> Any:
        """The results of a call with these arguments. Tensors among them that could be differentiated refuse it."""
        sources = [parts[place] for place in self._sources] or _SOMETHING
        if self._single:
            return _result(self._kinds[0], values[0], sources)
        made = (_result(kind, value, sources) for kind, value in zip(self._kinds, values, strict=False))
        every = [next(made) if each is _ARRAY else each for each in self._rest]
        return tuple(every) if self._is_tuple else rebuilt(self._tree, every)


_ARRAY = object()
_SOMETHING: list[Node] = [leaf(Array, np.float64(0.0), requires_grad=True)]
"""What a result was made from, as far as a sweep is told, where no argument requires a gradient."""


def _result(kind: tuple[type[Node], bool] | None, value: Any, sources: Sequence[Node]) -> Any:
    if kind is None:
        return value
    made = leaf(kind[0], value, requires_grad=kind[1])
    if kind[1]:
        keep_step(made, _COMPILED, sources, [each.value for each in sources], None, None)
    return made


def _refused(g: Any) -> Any:  # noqa: ARG001  a rule asks for the adjoint
    raise GraphError(
        "what a compiled function returned cannot be differentiated. Compile the function that differentiates, as "
        "compile(grad(f)) or a step with backward() in it, or call the function itself, f.__wrapped__"
    )


def _compiled(*sources: Any) -> Any:
    return sources[0]


_COMPILED = Whole(_compiled, {"sources": _refused})


def owned(value: Any) -> Any:
    """The value as an array of its own."""
    return value.copy(order="K")[()] if isinstance(value, np.ndarray) else value


def hand_gradients(places: Sequence[int], parts: Sequence[Any], gradients: Sequence[Any]) -> None:
    """Add to the gradients of the tensors at these places among the arguments."""
    tensors = [each for each in parts if varies(each)]
    for place, new in zip(places, gradients, strict=True):
        before = tensors[place].grad
        tensors[place].grad = new if before is None else before + new
