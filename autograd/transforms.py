"""Derivatives of Python functions: grad, value_and_grad, vjp and jvp.

A function of arrays goes in, a function that gives its derivative comes out. Results are plain arrays, unless
something else that requires a gradient took part (an argument that is a tensor, a tensor the function reads): then
they are tensors, and can be differentiated in turn. So transforms nest, and no derivative mixes with another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, GraphError, ShapeError
from autograd.forward import push_forward
from autograd.mode import enable_grad
from autograd.node import Node, ancestors
from autograd.operations.arithmetic import positive
from autograd.reverse import sweep
from autograd.tensor import Tensor

Function = Callable[..., Any]


def grad(f: Function, argnum: int | Sequence[int] = 0) -> Function:
    """The function that gives the gradient of `f`, a function with one number as its result.

    `argnum` says by which positional argument, or by which ones (then the result is a tuple).
    Shapes: the gradient has the shape of its argument.
    Raises: GraphError if the result is not one number; ArgumentError for arguments that are not real or complex.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda x: (np.sin(x) ** 2).sum())(np.array([0.0, 1.0]))
    array([0.        , 0.90929743])
    >>> grad(grad(lambda x: x**3))(2.0)
    np.float64(12.0)
    """

    @wraps(f)
    def gradient(*arguments: Any, **keywords: Any) -> Any:
        return value_and_grad(f, argnum)(*arguments, **keywords)[1]

    return gradient


def value_and_grad(f: Function, argnum: int | Sequence[int] = 0) -> Function:
    """The function that gives `(f(...), gradient)` for one run of `f`. As `grad`.

    >>> from autograd import value_and_grad
    >>> value_and_grad(lambda w, x: w * x, argnum=(0, 1))(2.0, 3.0)
    (np.float64(6.0), (np.float64(3.0), np.float64(2.0)))
    """

    @wraps(f)
    def both(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        chosen = _chosen(argnum, arguments)
        variables, out = _run(f, arguments, chosen, keywords)
        if out.size != 1:
            raise GraphError(
                f"the gradient of a function belongs to one number; {_name(f)} returned shape {out.shape}. "
                f"Reduce its result, or use vjp with the adjoint of each element"
            )
        found = _pulled(out, variables, None)
        value = out if _is_open(out, variables) else out.numpy()
        return value, found if isinstance(argnum, Sequence) else found[0]

    return both


def vjp(f: Function, *arguments: Any) -> tuple[Any, Function]:
    """`f(*arguments)` and the function that takes an adjoint of it to those of the arguments, $v^\\top J$.

    Shapes: the adjoint has that of the result; a tuple of adjoints, in the shapes of the arguments, comes back.

    >>> import numpy as np
    >>> from autograd import vjp
    >>> value, pull = vjp(lambda x: x**2, np.array([1.0, 2.0, 3.0]))
    >>> pull(np.array([0.0, 1.0, 0.0]))
    (array([0., 4., 0.]),)
    """
    variables, out = _run(f, arguments, range(len(arguments)), {})
    value = out if _is_open(out, variables) else out.numpy()
    return value, lambda adjoint: _pulled(out, variables, adjoint)


def jvp(f: Function, arguments: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`f(*arguments)` and how it moves when the arguments move along the tangents, $J v$: forward mode.

    Shapes: each tangent has that of its argument; the result's tangent that of the result.
    Raises: ShapeError for a tangent that does not fit; ArgumentError for a different number of them.

    >>> import numpy as np
    >>> from autograd import jvp
    >>> jvp(lambda x: x**2, [np.array([1.0, 2.0])], [np.array([1.0, 0.5])])
    (array([1., 4.]), array([2., 2.]))
    """
    if len(arguments) != len(tangents):
        raise ArgumentError(f"jvp needs one tangent for each argument; found {len(tangents)} for {len(arguments)}")
    variables, out = _run(f, arguments, range(len(arguments)), {})
    moving = {variable: _tangent(variable, each) for variable, each in zip(variables, tangents, strict=True)}
    open_ended = _is_open(out, variables) or any(isinstance(each, Node) for each in moving.values())
    with enable_grad():
        tangent = push_forward(out, moving, create_graph=open_ended)
    value = out if open_ended else out.numpy()
    return value, np.zeros_like(out.value) if tangent is None else _plain(tangent, open_ended)


def _chosen(argnum: int | Sequence[int], arguments: tuple[Any, ...]) -> list[int]:
    chosen = list(argnum) if isinstance(argnum, Sequence) else [argnum]
    for each in chosen:
        if not -len(arguments) <= each < len(arguments):
            raise ArgumentError(f"argnum {each} was asked for, and {len(arguments)} positional arguments were given")
    return [each % len(arguments) for each in chosen]


def _run(f: Function, arguments: Sequence[Any], chosen: Sequence[int], keywords: Any) -> tuple[list[Any], Tensor]:
    """Run `f` on variables of its own in place of the chosen arguments, recorded also within no_grad()."""
    with enable_grad():
        given = [_variable(each) if i in chosen else each for i, each in enumerate(arguments)]
        out = f(*given, **keywords)
    if not isinstance(out, Tensor):
        if not isinstance(out, int | float | complex | np.ndarray | np.generic):
            raise ArgumentError(f"{_name(f)} returned a {type(out).__name__}; it has to return one tensor")
        out = Tensor(out)
    return [given[i] for i in chosen], out


def _variable(argument: Any) -> Tensor:
    """A node that stands for an argument in this derivative alone: fresh, yet on the path to what it came from."""
    if isinstance(argument, Tensor) and argument.requires_grad:
        alias: Tensor = positive(argument)
        return alias
    return Tensor(argument, requires_grad=True)


def _is_open(out: Tensor, variables: list[Any]) -> bool:
    """Whether something beside the variables requires a gradient, so that this derivative may be differentiated."""
    known = set(variables)
    return any(each.operation is not None for each in variables) or any(
        node.operation is None and node not in known for node in ancestors(out) if node.requires_grad
    )


def _pulled(out: Tensor, variables: list[Any], adjoint: Any) -> tuple[Any, ...]:
    open_ended = _is_open(out, variables) or isinstance(adjoint, Node)
    if not out.requires_grad:
        return tuple(np.zeros_like(variable.value) for variable in variables)
    if adjoint is not None and not isinstance(adjoint, Node):
        adjoint = np.asarray(adjoint)
    adjoints = sweep(out, adjoint, create_graph=open_ended, wrt=tuple(variables))
    return tuple(
        _plain(adjoints[each], open_ended) if each in adjoints else np.zeros_like(each.value) for each in variables
    )


def _plain(found: Any, open_ended: bool) -> Any:
    if open_ended:
        return found if isinstance(found, Node) else Tensor(found)
    return np.array(found)[()]


def _tangent(variable: Tensor, tangent: Any) -> Any:
    if np.shape(tangent) != variable.shape:
        raise ShapeError(f"a tangent of shape {np.shape(tangent)} for an argument of shape {variable.shape}")
    return tangent if isinstance(tangent, Node) else np.asarray(tangent, dtype=variable.dtype)[()]


def _name(f: Function) -> str:
    return getattr(f, "__name__", type(f).__name__)
