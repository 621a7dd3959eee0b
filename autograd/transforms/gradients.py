"""Gradients of functions, with the value and without."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import GraphError
from autograd.operations.complex import conj
from autograd.tensor import Tensor
from autograd.transforms.running import Function, Run, chosen, name_of, of_functions, run
from autograd.trees import mapped

Argnum = int | Sequence[int]


@of_functions
def grad(f: Function, argnum: Argnum = 0, *, has_aux: bool = False, holomorphic: bool = False) -> Function:
    """The function that gives the gradient of `f`, a function with one number as its result.

    `argnum` says by which positional argument, or by which ones (then the result is a tuple). An argument may be a
    nested dict, list or tuple of arrays; its gradient has the same form. With `has_aux` f returns a pair, of which the
    second part is handed through: `(gradient, aux)`. Of a real f of complex z = x + iy the gradient is
    df/dx + i df/dy; of a complex one, if it is `holomorphic`, the derivative f'(z).
    Results are plain arrays, unless something else that requires a gradient took part: then tensors. So grad nests.

    Shapes: the gradient has the shape of its argument.
    Raises: GraphError if the result is not one number, or complex of real arguments; ArgumentError for arguments that
    are not real or complex.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda x: (np.sin(x) ** 2).sum())(np.array([0.0, 1.0]))
    array([0.        , 0.90929743])
    >>> grad(grad(lambda x: x**3))(2.0)
    np.float64(12.0)
    >>> grad(lambda p: p["w"] * 3 + p["b"])({"w": 2.0, "b": 1.0})
    {'w': np.float64(3.0), 'b': np.float64(1.0)}
    >>> grad(lambda z: z * z, holomorphic=True)(1 + 2j)
    np.complex128(2+4j)
    """

    @wraps(f)
    def gradient(*arguments: Any, **keywords: Any) -> Any:
        value, found = value_and_grad(f, argnum, has_aux=has_aux, holomorphic=holomorphic)(*arguments, **keywords)
        return (found, value[1]) if has_aux else found

    return gradient


@of_functions
def value_and_grad(f: Function, argnum: Argnum = 0, *, has_aux: bool = False, holomorphic: bool = False) -> Function:
    """The function that gives `(f(...), gradient)` for one run of `f`; with `has_aux`, `((value, aux), gradient)`.

    All else as `grad`.

    >>> from autograd import value_and_grad
    >>> value_and_grad(lambda w, x: w * x, argnum=(0, 1))(2.0, 3.0)
    (np.float64(6.0), (np.float64(3.0), np.float64(2.0)))
    """

    @wraps(f)
    def both(*arguments: Any, **keywords: Any) -> tuple[Any, Any]:
        ran = run(f, arguments, chosen(argnum, arguments), keywords, has_aux)
        if ran.out.size != 1:
            raise GraphError(
                f"the gradient of a function belongs to one number; {name_of(f)} returned shape {ran.out.shape}. "
                f"Reduce its result, or use jacobian, elementwise_grad, or vjp with the adjoint of each element"
            )
        if holomorphic:
            _check_parts(ran, f, holomorphic)
        found = ran.pulled(np.ones_like(ran.out.value) if holomorphic else None)
        found = mapped(conj, found) if holomorphic else found
        gradients = found if isinstance(argnum, Sequence) else found[0]
        return ((ran.value(), _closed(ran)) if has_aux else ran.value()), gradients

    return both


def _closed(ran: Run) -> Any:
    """What else a function found, without the graph of a run that is over."""
    return mapped(lambda each: Run(ran.chosen, each).value() if isinstance(each, Tensor) else each, ran.aux)


@of_functions
def elementwise_grad(f: Function, argnum: Argnum = 0, *, holomorphic: bool = False) -> Function:
    """The function that gives, for each element, the derivative of the sum of f's result by it.

    That is f'(x) for a function that treats each element by itself; of complex numbers, as for `grad`, unless it is
    `holomorphic`. Shapes: as the argument.
    Raises: GraphError for a complex result, unless f is said to be holomorphic and its arguments are complex.

    >>> import numpy as np
    >>> from autograd import elementwise_grad
    >>> elementwise_grad(np.tanh)(np.array([0.0, 1.0]))
    array([1.        , 0.41997434])
    """

    @wraps(f)
    def slopes(*arguments: Any, **keywords: Any) -> Any:
        ran = run(f, arguments, chosen(argnum, arguments), keywords)
        _check_parts(ran, f, holomorphic)
        found = ran.pulled(np.ones_like(ran.out.value))
        found = mapped(conj, found) if holomorphic else found
        return found if isinstance(argnum, Sequence) else found[0]

    return slopes


def _check_parts(ran: Run, f: Function, holomorphic: bool) -> None:
    """Whether the derivative of an element is one number."""
    complex_arguments = all(each.dtype.kind == "c" for each in ran.variables)
    if ran.out.dtype.kind == "c" and not (holomorphic and complex_arguments):
        raise GraphError(
            f"{name_of(f)} is complex: an element of it has one derivative only by complex arguments, and if it is "
            f"holomorphic, for holomorphic=True. For any other take .real and .imag of its result, one after the other"
        )
