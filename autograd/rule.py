"""A derivative rule, from the names it asks for to the places it reads them from.

A rule names what it reads: the adjoint `g` (pull-backs, first), arguments, parameters, the result `out`, and for a
variadic operation the `slot` it serves. The names are resolved once; the bound rule takes a step and reads from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.operation import Operation

Pull = Callable[[Any, Any], Any]
"""`pull(g, step)`: what the adjoint `g` of a step's result contributes to one of its inputs."""

Local = Callable[[Any], Any]
"""`local(step)`: a partial derivative of an element-wise step."""

Rule = Callable[..., Any]
"""A rule as it is declared: a function of what it reads, by name."""


@dataclass(frozen=True, slots=True)
class Over:
    """A partial derivative that is one over something: the adjoint is divided by it, which saves a pass."""

    of: Rule


def names(rule: Any) -> tuple[str, ...]:
    """What a rule asks for: one thing, if it is a name itself; nothing, if it is a number."""
    if isinstance(rule, str):
        return (rule,)
    if isinstance(rule, Over):
        return names(rule.of)
    if isinstance(rule, FunctionType):
        return rule.__code__.co_varnames[: rule.__code__.co_argcount]
    return tuple(inspect.signature(rule).parameters) if callable(rule) else ()


def bound(operation: Operation, rule: Rule | str, slot: int = 0) -> Callable[..., Any]:
    """The rule with its names resolved: a partial takes `(step)`, a pull-back `(g, step)`."""
    asked = names(rule)
    takes_g = asked[:1] == ("g",)
    fetches = tuple(_fetch(operation, name, slot) for name in asked[takes_g:])
    if isinstance(rule, str):
        return fetches[0]
    if takes_g:
        return _bound_pull(rule, fetches)
    return lambda step: rule(*[fetch(step) for fetch in fetches])


def _bound_pull(rule: Rule, fetches: tuple[Local, ...]) -> Pull:
    if not fetches:
        return lambda g, step: rule(g)
    if len(fetches) == 1:
        (only,) = fetches
        return lambda g, step: rule(g, only(step))
    return lambda g, step: rule(g, *[fetch(step) for fetch in fetches])


def _fetch(operation: Operation, name: str, slot: int) -> Local:
    """What reads one residual, by name, from a step."""
    if name == "out":
        return attrgetter("value")
    if operation.variadic and name == "slot":
        return lambda step: slot
    if operation.variadic and name in operation.data:
        return lambda step: list(step.reads)
    if name in operation.data:
        place = operation.data.index(name)
        return attrgetter(("x", "y")[place]) if place < 2 else lambda step: step.more[2 * place - 3]
    default = (operation.function.__kwdefaults__ or {}).get(name)
    return lambda step: step.parameters[name] if step.parameters and name in step.parameters else default


def times(operation: Operation, partial: Rule) -> Pull:
    """`g * partial(...)`, in one call less where the partial reads the first argument, or the result, alone."""
    wants = names(partial)
    if wants == ("out",):
        return lambda g, step: g * partial(step.value)
    if wants == operation.data[:1]:
        return lambda g, step: g * partial(step.x)
    local = bound(operation, partial)
    return lambda g, step: g * local(step)


def times_read(operation: Operation, name: str) -> Pull:
    """`g` times what the step read, or made, under a name."""
    if name == "out":
        return lambda g, step: g * step.value
    if name == operation.data[0]:
        return lambda g, step: g * step.x
    return lambda g, step: g * step.y


def passed(g: Any, _step: Any) -> Any:
    """The pull-back of a partial derivative 1."""
    return g
