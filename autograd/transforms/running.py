"""One run of a function on variables of its own, and the derivatives read off what it recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograd.errors import ArgumentError
from autograd.mode import enable_grad, recording
from autograd.node import Node, ancestors, sources_of, variables
from autograd.operations.arithmetic import positive
from autograd.reverse import sweep
from autograd.tensor import Tensor
from autograd.trees import leaves, mapped, rebuilt

Function = Callable[..., Any]


P = ParamSpec("P")
R = TypeVar("R")


def of_functions(transform: Callable[P, R]) -> Callable[P, R]:
    """What is done with a function, once it is one, and `argnum` the position of an argument.

    Raises: ArgumentError, when it is called, for a recorded result, or for an argument in the place of its position.
    """
    name, positional = transform.__name__, transform.__code__.co_varnames[:2]

    @wraps(transform)
    def checked(*given: P.args, **options: P.kwargs) -> R:
        told = {**dict(zip(positional, given, strict=False)), **options}
        _check_function(name, told.get("f", callable))
        _check_argnum(name, told.get("argnum", 0))
        return transform(*given, **options)

    return checked


def _check_function(name: str, f: Any) -> None:
    if not callable(f):
        result = "; for what was recorded: loss.backward(), or sweep(loss, create_graph=True)[w]"
        advice = result if isinstance(f, Node) else ""
        raise ArgumentError(f"{name} takes a function; found a {type(f).__name__}{advice}")


def _check_argnum(name: str, argnum: Any) -> None:
    for each in argnum if isinstance(argnum, Sequence) else [argnum]:
        if not isinstance(each, int | np.integer):
            raise ArgumentError(
                f"argnum is the position of an argument, or several; found {argnum!r}. "
                f"For the derivative at x write {name}(f)(x)"
            )


@dataclass(frozen=True)
class Run:
    """What went in (each chosen argument, a tree of variables), and what came out."""

    chosen: tuple[Any, ...]
    out: Tensor
    aux: Any = None

    @property
    def variables(self) -> list[Tensor]:
        """The variables of all chosen arguments in a row."""
        return leaves(self.chosen)

    def _others(self) -> Iterator[Node]:
        """What the result was made from beside the variables, and somebody may ask for a derivative by."""
        known = set(self.variables)
        made_from = (node for node in ancestors(self.out) if node.operation is None and node.requires_grad)
        return (node for node in made_from if node not in known and not node.run_is_over)

    def is_open(self) -> bool:
        """Whether something beside the variables requires a gradient, so that a derivative may be differentiated."""
        return any(each.operation is not None for each in self.variables) or any(True for _ in self._others())

    def handed_out(self, found: Any) -> Any:
        """A result as the user gets it: while a run is recorded as a whole, what is an array to him is a node, too."""
        recorded = recording()
        if recorded is None or not isinstance(found, Node):
            return found
        made_from = {source for each in self.variables for source in sources_of(each)}
        closed = all(each.stands_for_array for each in made_from) and made_from.issuperset(self._others())
        return recorded.plain(found) if closed else found

    def value(self) -> Any:
        """The result: plain, unless it may be differentiated further."""
        return self.handed_out(self.out) if self.is_open() else self.out.numpy()

    def pulled(self, adjoint: Any) -> tuple[Any, ...]:
        """The adjoints of the chosen arguments, each in its form, for an adjoint of the result."""
        variables = self.variables
        if not self.out.requires_grad:
            return tuple(rebuilt(self.chosen, [nothing(each) for each in variables]))
        if adjoint is not None and not isinstance(adjoint, Node):
            adjoint = np.asarray(adjoint)
        open_ended = self.is_open() or isinstance(adjoint, Node)
        adjoints = sweep(self.out, adjoint, create_graph=open_ended, wrt=tuple(variables))
        found = [
            self.handed_out(plain(adjoints[each], open_ended)) if each in adjoints else nothing(each)
            for each in variables
        ]
        return tuple(rebuilt(self.chosen, found))


def run(f: Function, arguments: Sequence[Any], argnums: Sequence[int], keywords: Any, has_aux: bool = False) -> Run:
    """Run `f` on variables of its own in place of the chosen arguments, recorded also within no_grad()."""
    variables, out = _ran(f, arguments, argnums, keywords)
    aux = None
    if has_aux:
        if not (isinstance(out, tuple) and len(out) == 2):
            raise ArgumentError(f"with has_aux, {name_of(f)} has to return a pair: its result, and what else it found")
        out, aux = out
    return Run(variables, _result(out, f, "one tensor"), aux)


def runs(f: Function, arguments: Sequence[Any], argnums: Sequence[int], keywords: Any) -> tuple[Any, Any, list[Run]]:
    """The variables, the result of `f`, which may be nested, and for each array in it the run, one for them all."""
    variables, out = _ran(f, arguments, argnums, keywords)
    return variables, out, [Run(variables, _result(each, f, "tensors")) for each in leaves(out)]


def _ran(f: Function, arguments: Sequence[Any], argnums: Sequence[int], keywords: Any) -> tuple[tuple[Any, ...], Any]:
    """The chosen arguments, as variables, and what `f` returns for them."""
    with enable_grad():
        made = {i: _variables(arguments[i], i) for i in argnums}
        outer = variables.set(variables.get().union(*map(leaves, made.values())))
        try:
            out = f(*[_handed(made[i]) if i in made else each for i, each in enumerate(arguments)], **keywords)
        finally:
            variables.reset(outer)
    for each in leaves(list(made.values())):
        each.run_is_over = True
    return tuple(made[i] for i in argnums), out


def _result(out: Any, f: Function, wanted: str) -> Tensor:
    if isinstance(out, Tensor):
        return out
    if not isinstance(out, int | float | complex | np.ndarray | np.generic):
        raise ArgumentError(f"{name_of(f)} returned a {type(out).__name__}; it has to return {wanted}")
    return Tensor(out)


def chosen(argnum: int | Sequence[int], arguments: tuple[Any, ...]) -> list[int]:
    """The positions that `argnum` names.

    Raises: ArgumentError for one that was not given.
    """
    found = list(argnum) if isinstance(argnum, Sequence) else [argnum]
    for each in found:
        if not -len(arguments) <= each < len(arguments):
            raise ArgumentError(f"argnum {each} was asked for, and {len(arguments)} positional arguments were given")
    return [each % len(arguments) for each in found]


def _variables(argument: Any, place: int) -> Any:
    """A fresh node for each array of an argument, yet on the path to what that came from."""
    for leaf in leaves(argument):
        if leaf is None or isinstance(leaf, str):
            raise ArgumentError(
                f"argument {place} holds {leaf!r}, which has no derivative; pass it as another argument"
            )
    return mapped(_variable, argument)


def _handed(variables: Any) -> Any:
    """The same variables in containers of their own, which a function may change."""
    return mapped(lambda each: each, variables)


def _variable(argument: Any) -> Tensor:
    if isinstance(argument, Tensor) and argument.requires_grad:
        alias: Tensor = positive(argument)
        return alias
    variable = Tensor(argument, requires_grad=True)
    variable.rebinds = True  # it is an array to the function
    return variable


def plain(found: Any, open_ended: bool) -> Any:
    """A derivative as it is handed out: an array of its own, or a tensor if it may be differentiated further."""
    if open_ended:
        return found if isinstance(found, Node) else Tensor(found)
    return np.array(found)[()]


def nothing(like: Node) -> Any:
    """The derivative by what has no path: zeros, or a zero."""
    return np.zeros_like(like.value)[()]


def name_of(f: Function) -> str:
    """What to call a function in a message."""
    return getattr(f, "__name__", type(f).__name__)
