"""Jacobians and Hessians, whole and as products."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.batched import push_forward_all
from autograd.errors import ArgumentError, GraphError
from autograd.forward import push_forward
from autograd.mode import enable_grad
from autograd.node import Node, ancestors
from autograd.operations.complex import conj
from autograd.operations.joining import stack
from autograd.operations.products import tensordot
from autograd.operations.shaping import moveaxis, reshape
from autograd.tensor import Tensor
from autograd.transforms.gradients import Argnum, grad
from autograd.transforms.products import check_pairs, jvp
from autograd.transforms.running import Function, Run, chosen, name_of, nothing, of_functions, plain, runs
from autograd.trees import leaves, rebuilt


@of_functions
def jacobian(f: Function, argnum: Argnum = 0, *, mode: str | None = None, holomorphic: bool = False) -> Function:
    """The function that gives every derivative of every element of f's result by every element of an argument.

    By `mode`: "reverse" takes a sweep for each element of the result; "forward" moves along each element of the
    argument, all of them in one pass. Unless given, what has fewer to take. The function itself is run once.
    Of a real f of complex z = x + iy the derivative is df/dx + i df/dy, as `grad` has it; of a complex f of real x that
    of both its parts; of a complex f of complex z, if it is `holomorphic`, f'(z).
    Where the argument is a nested dict, list or tuple of arrays there is a matrix for each, in its form; where the
    result is nested, that of each array in it.
    Shapes: that of the result, then that of the argument. A tuple of them if `argnum` names several.
    Raises: ArgumentError for another mode; GraphError for a complex f of complex z that is not said to be holomorphic.

    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda x: np.cumsum(x) ** 2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [6., 6.]])
    """
    if mode not in (None, "reverse", "forward"):
        raise ArgumentError(f"jacobian knows the modes 'reverse' and 'forward'; found {mode!r}")

    @wraps(f)
    def matrix(*arguments: Any, **keywords: Any) -> Any:
        _, out, several = runs(f, arguments, chosen(argnum, arguments), keywords)
        found = []
        for ran in several:
            _check_parts(ran, f, holomorphic)
            width = sum(each.size for each in ran.variables)
            backwards = ran.out.size < width if mode is None else mode == "reverse"
            by_each = rebuilt(ran.chosen, _by_rows(ran) if backwards else _by_columns(ran))
            found.append(by_each if isinstance(argnum, Sequence) else by_each[0])
        return rebuilt(out, found)

    return matrix


def _is_complex(tensor: Tensor) -> bool:
    return tensor.dtype.kind == "c"


def _check_parts(ran: Run, f: Function, holomorphic: bool) -> None:
    """Whether there is one number for each pair of elements."""
    if not holomorphic and _is_complex(ran.out) and any(map(_is_complex, ran.variables)):
        raise GraphError(
            f"{name_of(f)} is complex, of complex arguments: only if it is holomorphic it has a derivative, for "
            f"holomorphic=True. For any other take .real and .imag of its result, one after the other"
        )


def _basis(like: Tensor) -> np.ndarray:
    """Every adjoint, or tangent, with one element 1 and the others 0."""
    return np.eye(like.size, dtype=like.dtype).reshape(like.size, *like.shape)


def _by_rows(ran: Run) -> list[Any]:
    rows = [_row(ran, each) for each in _basis(ran.out)]
    return [
        ran.handed_out(_joined([row[place] for row in rows], (*ran.out.shape, *variable.shape)))
        for place, variable in enumerate(ran.variables)
    ]


def _row(ran: Run, seed: Any) -> list[Any]:
    """The derivatives of one element: of a complex one from what comes back from its two parts."""
    found = leaves(ran.pulled(seed))
    if not _is_complex(ran.out):
        return found
    real = not all(map(_is_complex, ran.variables))
    turned = leaves(ran.pulled(1j * seed)) if real else found
    return [
        conj(of_real) if _is_complex(variable) else of_real + 1j * of_imaginary
        for variable, of_real, of_imaginary in zip(ran.variables, found, turned, strict=True)
    ]


def _by_columns(ran: Run) -> list[Any]:
    found = []
    for variable in ran.variables:
        columns = _columns(ran, variable, _basis(variable))
        if _is_complex(variable) and not _is_complex(ran.out):
            turned = _columns(ran, variable, 1j * _basis(variable))
            columns = [along_x + 1j * along_y for along_x, along_y in zip(columns, turned, strict=True)]
        both = _joined(columns, (*variable.shape, *ran.out.shape))
        last = tuple(range(both.ndim - variable.ndim, both.ndim))
        found.append(ran.handed_out(moveaxis(both, source=tuple(range(variable.ndim)), destination=last)[()]))
    return found


def _columns(ran: Run, variable: Tensor, directions: Any) -> list[Any]:
    """How the result moves with a variable along each direction."""
    return (_recorded if ran.is_open() else _at_once)(ran, variable, directions)


def _recorded(ran: Run, variable: Tensor, directions: Any) -> list[Any]:
    """As tensors."""
    still = nothing(ran.out)
    with enable_grad():
        columns = [push_forward(ran.out, {variable: each}, create_graph=True) for each in directions]
    return [plain(still if each is None else each, True) for each in columns]


_AT_ONCE = 2**22
"""How many numbers the tangents of one step may take: more directions than that are taken in turns."""


def _at_once(ran: Run, variable: Tensor, directions: Any) -> list[Any]:
    """As arrays, many directions in one pass."""
    largest = max(node.value.size for node in ancestors(ran.out)) if ran.out.requires_grad else 1
    several = max(1, _AT_ONCE // max(largest, 1))
    found: list[Any] = []
    for start in range(0, len(directions), several):
        part = directions[start : start + several]
        moved = push_forward_all(ran.out, {variable: part}) if ran.out.requires_grad else None
        found += list(np.zeros((len(part), *ran.out.shape), ran.out.dtype) if moved is None else moved)
    return found


def _joined(parts: list[Any], shape: tuple[int, ...]) -> Any:
    """Derivatives one by one as one array; an array without elements if there are none."""
    if any(isinstance(each, Node) for each in parts):
        return reshape(stack(parts), shape=shape)
    return np.array(parts).reshape(shape)[()]


@of_functions
def hessian(f: Function, argnum: Argnum = 0, *, mode: str | None = None, holomorphic: bool = False) -> Function:
    """The function that gives all second derivatives of f, a function with one number as its result.

    The gradient is recorded once, and its `jacobian` taken, by `mode`. Of complex arguments f has to be `holomorphic`.
    Shapes: that of the argument, twice. Of a nested argument, or of several, a matrix for each pair of arrays: for each
    array in their form, all in their form.

    >>> import numpy as np
    >>> from autograd import hessian
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    gradient = grad(f, argnum, holomorphic=holomorphic)
    return jacobian(gradient, argnum, mode=mode, holomorphic=holomorphic)


@of_functions
def hvp(f: Function, arguments: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The gradient of f and the product of its Hessian with the tangents: how the gradient moves along them.

    One run of f, its gradient, and forward mode over that: no Hessian is built.
    Shapes: a tuple of gradients and one of products, as the arguments. Raises: as `grad` and `jvp`.

    >>> import numpy as np
    >>> from autograd import hvp
    >>> hvp(lambda x: (x**3).sum(), [np.array([1.0, 2.0])], [np.array([1.0, 0.0])])
    ((array([ 3., 12.]),), (array([6., 0.]),))
    """
    check_pairs("hvp", arguments, tangents)
    return jvp(grad(f, tuple(range(len(arguments)))), arguments, tangents)


@of_functions
def tensor_jacobian_product(f: Function, argnum: int = 0, *, holomorphic: bool = False) -> Function:
    """The function of `(*arguments, tensor)` that sums tensor and Jacobian over all axes of the tensor.

    These have to be the first axes of f's result; with all of them it is `vjp`. `holomorphic` is as for `jacobian`.
    Shapes: what is left of the result's, then that of the argument.

    >>> import numpy as np
    >>> from autograd import tensor_jacobian_product
    >>> tensor_jacobian_product(lambda x: x**2)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """

    @wraps(f)
    def product(*arguments: Any, **keywords: Any) -> Any:
        *arguments_of_f, tensor = arguments

        def summed(*given: Any, **more: Any) -> Any:
            return tensordot(tensor, f(*given, **more), np.ndim(tensor))

        return jacobian(summed, argnum, holomorphic=holomorphic)(*arguments_of_f, **keywords)

    return product
