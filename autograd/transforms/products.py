"""Products with the Jacobian: of a row from the left, reverse mode, and of a column from the right, forward mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, ShapeError
from autograd.forward import push_forward
from autograd.mode import enable_grad
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.transforms.running import Function, plain, run
from autograd.trees import leaves


def vjp(f: Function, *arguments: Any) -> tuple[Any, Function]:
    """`f(*arguments)` and the function that takes an adjoint of it to those of the arguments, $v^\\top J$.

    Arguments may be nested dicts, lists and tuples of arrays.
    Shapes: the adjoint has that of the result; a tuple of adjoints, in the forms of the arguments, comes back.

    >>> import numpy as np
    >>> from autograd import vjp
    >>> value, pull = vjp(lambda x: x**2, np.array([1.0, 2.0, 3.0]))
    >>> pull(np.array([0.0, 1.0, 0.0]))
    (array([0., 4., 0.]),)
    """
    ran = run(f, arguments, range(len(arguments)), {})
    return ran.value(), ran.pulled


def jvp(f: Function, arguments: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`f(*arguments)` and how it moves when the arguments move along the tangents, $J v$: forward mode.

    Shapes: each tangent has the form of its argument; the result's tangent that of the result.
    Raises: ShapeError for a tangent that does not fit; ArgumentError for a different number of them.

    >>> import numpy as np
    >>> from autograd import jvp
    >>> jvp(lambda x: x**2, [np.array([1.0, 2.0])], [np.array([1.0, 0.5])])
    (array([1., 4.]), array([2., 2.]))
    """
    if len(arguments) != len(tangents):
        raise ArgumentError(f"jvp needs one tangent for each argument; found {len(tangents)} for {len(arguments)}")
    ran = run(f, arguments, range(len(arguments)), {})
    along = leaves(list(tangents))
    if len(along) != len(ran.variables):
        raise ArgumentError(f"jvp needs {len(ran.variables)} tangents in the form of the arguments; found {len(along)}")
    moving: dict[Node, Any] = {
        variable: _tangent(variable, each) for variable, each in zip(ran.variables, along, strict=True)
    }
    open_ended = ran.is_open() or any(isinstance(each, Node) for each in moving.values())
    with enable_grad():
        tangent = push_forward(ran.out, moving, create_graph=open_ended)
    value = ran.handed_out(ran.out) if open_ended else ran.out.numpy()
    return value, np.zeros_like(ran.out.value) if tangent is None else ran.handed_out(plain(tangent, open_ended))


def _tangent(variable: Tensor, tangent: Any) -> Any:
    if np.shape(tangent) != variable.shape:
        raise ShapeError(f"a tangent of shape {np.shape(tangent)} for an argument of shape {variable.shape}")
    return tangent if isinstance(tangent, Node) else np.asarray(tangent, dtype=variable.dtype)[()]
