"""A function with a derivative of the user's own, and one with none."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from inspect import Parameter
from types import FunctionType
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, DeclarationError
from autograd.node import Node, value_of
from autograd.notation import Binding, Notation, call
from autograd.tensor import Tensor
from autograd.transforms.atonce import AtOnce
from autograd.transforms.running import name_of
from autograd.trees import mapped

_PLACED = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class _Taken:
    """What a function takes: by position, what it needs and what has a default; any number; by name; by any name."""

    needed: tuple[str, ...]
    optional: dict[str, Any]
    others: str | None
    named: tuple[str, ...]
    any_name: bool

    @classmethod
    def by(cls, function: Callable[..., Any]) -> _Taken:
        """As its signature tells; what was written in C may have none."""
        try:
            given = list(inspect.signature(function).parameters.values())
        except ValueError:
            return cls((), {}, "arguments", (), any_name=False)
        placed = [each for each in given if each.kind in _PLACED]
        return cls(
            needed=tuple(each.name for each in placed if each.default is each.empty),
            optional={each.name: each.default for each in placed if each.default is not each.empty},
            others=next((each.name for each in given if each.kind is Parameter.VAR_POSITIONAL), None),
            named=tuple(each.name for each in given if each.kind is Parameter.KEYWORD_ONLY),
            any_name=any(each.kind is Parameter.VAR_KEYWORD for each in given),
        )


class CustomVjp(AtOnce):
    """A function of arrays with one backward function for all its arguments.

    Its data are the arguments that it needs, and of those with a default what the backward function asks for too; what
    else it takes are parameters.
    """

    def __init__(self, function: Callable[..., Any], backward: Callable[..., Any]) -> None:
        named = function if isinstance(function, FunctionType) else _under_a_name(function)
        self._taken, self._backward = _Taken.by(function), backward
        names = self._names(named.__name__, _Taken.by(backward))
        super().__init__(named, names, Notation(*call(named.__name__, names), Binding.ATOM, {}))

    def _names(self, name: str, backward: _Taken) -> tuple[str, ...]:
        """The names of the data: one for all if both functions take any number."""
        needed, optional, others = self._taken.needed, tuple(self._taken.optional), self._taken.others
        asked, room = backward.needed[2:], len(backward.needed) + len(backward.optional) - 2
        if not backward.others and room < max(len(needed), bool(others)):
            raise DeclarationError(
                f"the backward function of {name} is given g, out and {', '.join(needed) or others}, and takes "
                f"{', '.join(backward.needed) or 'nothing'}; let it take them all"
            )
        if others:
            return asked if asked and not backward.others else (others,)
        if len(asked) > len(needed + optional):
            raise DeclarationError(
                f"the backward function of {name} asks for {', '.join(asked)} after g and out, and is given what "
                f"{name} takes: {', '.join(needed + optional) or 'nothing'}"
            )
        return (needed + optional)[: max(len(asked), len(needed))]

    def _split(self, _function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        names, taken = self._declared, self._taken
        return names, (*(each for each in taken.optional if each not in names), *taken.named), names == (taken.others,)

    def _arrange(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As NumPy lets them be given; data that are left out have their defaults."""
        held = {name: each for name, each in self._taken.optional.items() if name in self.data[len(arguments) :]}
        free = {name: given.pop(name) for name in set(given) - {*self._known, *self.data} if self._taken.any_name}
        arguments, parameters = super()._arrange(arguments, {**held, **given})
        return arguments, {**parameters, **free}

    def contributions(self, g: Any, step: Any) -> Sequence[Any]:
        """What the user's backward function returns, checked."""
        found = self._backward(g, step.value, *step.reads)
        parts = found if isinstance(found, tuple | list) else (found,)
        if len(parts) != len(step.reads):
            raise ArgumentError(
                f"the backward function of {self.name} returned {len(parts)} adjoints for {len(step.reads)} arguments; "
                f"return one for each, None for an argument without"
            )
        return [
            part if isinstance(part, Node) else np.asarray(np.zeros_like(value_of(read)) if part is None else part)[()]
            for part, read in zip(parts, step.reads, strict=True)
        ]


def _under_a_name(function: Callable[..., Any]) -> Callable[..., Any]:
    """A built-in, a method, a partial function or any other object that can be called, as a plain function."""

    def called(*arguments: Any, **parameters: Any) -> Any:
        return function(*arguments, **parameters)

    called.__name__ = name_of(function.func if isinstance(function, partial) else function).replace(" ", "_")
    called.__doc__ = function.__doc__
    with suppress(ValueError):
        called.__dict__["__signature__"] = inspect.signature(function)
    return called


def custom_vjp(backward: Callable[..., Any]) -> Callable[[Callable[..., Any]], CustomVjp]:
    """Give a function of arrays a derivative: existing code, whatever it is made of, becomes an operation.

    `backward(g, out, *arguments)` takes the adjoint of the result and gives that of each argument, as a tuple (or by
    itself if there is one); it is linear in g. Written with operators and NumPy functions it can be differentiated
    again. The function may be anything that can be called; of arguments with a default those that `backward` does not
    ask for are parameters, which have no derivative.
    Raises: ArgumentError if it returns another number of adjoints; DeclarationError if it takes other arguments.

    >>> import numpy as np
    >>> from autograd import custom_vjp, grad
    >>> @custom_vjp(lambda g, out, x: g * 2 * x)
    ... def squared(x):
    ...     return np.array([each * each for each in x.tolist()])
    >>> grad(lambda x: squared(x).sum())(np.array([1.0, 3.0]))
    array([2., 6.])
    """
    return lambda function: CustomVjp(function, backward)


def stop_gradient(x: Any) -> Any:
    """The same values, constant to differentiation: `detach` for tensors in nested dicts, lists and tuples.

    >>> from autograd import grad, stop_gradient
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    np.float64(3.0)
    """
    return mapped(lambda each: each.detach() if isinstance(each, Tensor) else each, x)
