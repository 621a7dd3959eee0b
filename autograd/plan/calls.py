"""One call of a compiled function: what its arguments are to a plan, and how what it gives is put together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.arguments import strange
from autograd.errors import CompileError, GraphError
from autograd.mode import Owner
from autograd.node import Node, keep_step, leaf, value_of
from autograd.plan.cells import Lent
from autograd.plan.kinds import Array
from autograd.plan.trace import Trace
from autograd.trees import leaves, rebuilt
from autograd.whole import Whole

_ARRAYS = frozenset((np.ndarray,))
_shape_and_dtype = attrgetter("shape", "dtype")


def varies(part: Any) -> bool:
    """Whether an argument may be another one at the next call: an array or a tensor, not a Python number.

    Raises: CompileError for an array that computes otherwise than NumPy's own.
    """
    if type(part).__name__ in strange:
        raise CompileError(
            f"a compiled function takes NumPy's own arrays; found a {type(part).__name__}: pass np.asarray(...) of it, "
            f"and a mask as another argument"
        )
    return isinstance(part, Node | np.ndarray | np.generic)


def leaves_among(parts: Sequence[Any]) -> list[Node]:
    """The leaves among the arguments."""
    return [each for each in parts if isinstance(each, Node) and each.operation is None]


def taken_apart(
    arguments: tuple[Any, ...], keywords: Mapping[str, Any]
) -> tuple[Sequence[Any], Sequence[Any], Hashable]:
    """The parts of a call in a row, the plain values of those that vary, and what a plan for this call is known by."""
    if not keywords and _ARRAYS.issuperset(map(type, arguments)):
        return arguments, arguments, tuple(map(_shape_and_dtype, arguments))
    parts = leaves((arguments, keywords))
    given = [value_of(each) for each in parts if varies(each)]
    return parts, given, (_form((arguments, keywords)), _repeated(parts), *map(_described, parts))


def _repeated(parts: Sequence[Any]) -> tuple[int, ...]:
    """Where each tensor among the arguments stands first: the same one given twice is one leaf."""
    first: dict[int, int] = {}
    return tuple(first.setdefault(id(each), place) for place, each in enumerate(parts) if isinstance(each, Node))


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
        return (type(part), part.value.shape, part.value.dtype, part.requires_grad, part.operation is None, part.hooks)
    if isinstance(part, np.ndarray | np.generic):
        return (type(part), part.shape, part.dtype)
    return (type(part), repr(part) if isinstance(part, int | float | complex | str | bytes | None) else _Same(part))


def stand_ins(trace: Trace, parts: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """What the function is given in place of its arguments while it is recorded. A tensor given twice is one leaf."""
    coming = iter(names)
    made: dict[int, Node] = {}
    told: list[Any] = []
    given: list[Node] = []
    for part in parts:
        if varies(part):
            name = next(coming)
            given.append(_stand_in(trace, part, name))
            told.append(made.setdefault(id(part), given[-1]) if isinstance(part, Node) else given[-1])
        else:
            told.append(part)
    trace.given(given)
    return told


def _stand_in(trace: Trace, part: Any, name: str) -> Node:
    made: Node = leaf(type(part) if isinstance(part, Node) else Array, owned(value_of(part)))
    if not isinstance(part, Node):
        return made
    made.requires_grad, made.hooks = part.requires_grad, part.hooks
    if part.rebinds:
        made.rebinds = True
    if part.operation is None:
        made.stored_grad = part.stored_grad
        trace.lent[made] = Lent(part, name)
    elif part.requires_grad:
        trace.results_given.add(made)
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


def refuse_seen(trace: Trace, parts: Sequence[Any], names: Sequence[str]) -> None:
    """Raise a CompileError for a tensor that is an argument, and seen by the function from around it as well."""
    seen = set(map(id, trace.leaves_seen()))
    varying = (each for each in parts if varies(each))
    twice = [name for each, name in zip(varying, names, strict=True) if id(each) in seen]
    if twice:
        raise CompileError(
            f"a compiled function was given {', '.join(twice)} as an argument, and sees the same tensor from around it "
            f"(in a model, an optimizer or a variable), as two different ones; leave it out of the arguments"
        )


def refuse_hidden(result: Any, started: int) -> None:
    """Raise a CompileError where what was computed is returned in something that is no dict, list or tuple."""
    for each in leaves(result):
        held = isinstance(each, Iterator | ValuesView | ItemsView)
        if held or any(isinstance(one, Node) and one.order >= started for one in leaves(_inside(each))):
            raise CompileError(
                f"a compiled function returned a {type(each).__name__}, which a replay cannot fill; "
                f"return arrays and tensors, or dicts, lists and tuples of them"
            )


def _inside(held: Any) -> list[Any]:
    """What an object holds in attributes, or a set as elements."""
    if isinstance(held, Node | Owner | type):
        return []
    if isinstance(held, set | frozenset):
        return list(held)
    slots = (getattr(kind, "__slots__", ()) for kind in type(held).__mro__)
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    return [*getattr(held, "__dict__", {}).values(), *(getattr(held, name, None) for name in names)]


def _its_own(constant: Any) -> Any:
    """A result that is the same at each call, as an object that may be written to."""
    return constant.copy() if isinstance(constant, set | bytearray) else owned(constant)


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
        sources = [parts[place] for place in self._sources]
        if self._single:
            return _result(self._kinds[0], values[0], sources)
        made = (_result(kind, value, sources) for kind, value in zip(self._kinds, values, strict=False))
        every = [next(made) if each is _ARRAY else _its_own(each) for each in self._rest]
        return tuple(every) if self._is_tuple else rebuilt(self._tree, every)


_ARRAY = object()
_SOMETHING: Node = leaf(Array, np.float64(0.0), requires_grad=True)
"""What a result was made from, as far as a sweep is told, where no argument requires a gradient."""


def _result(kind: tuple[type[Node], bool] | None, value: Any, sources: Sequence[Node]) -> Any:
    if kind is None:
        return value
    made = leaf(kind[0], value, requires_grad=kind[1])
    if kind[1] and sources:
        keep_step(made, _COMPILED, sources, [each.value for each in sources], None, None)
    elif kind[1]:
        made.operation, made.a, made.x = _COMPILED, _SOMETHING, _SOMETHING.value
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
