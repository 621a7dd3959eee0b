"""Products with the Jacobian: of a row from the left, reverse mode, and of a column from the right, forward mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from autograd.arguments import described
from autograd.arguments import plain as plain_data
from autograd.errors import ArgumentError, ShapeError
from autograd.forward import push_forward_to
from autograd.mode import enable_grad
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.transforms.running import Function, nothing, of_functions, plain, runs
from autograd.trees import leaves, rebuilt


@of_functions
def vjp(f: Function, *arguments: Any) -> tuple[Any, Function]:
    """`f(*arguments)` and the function that takes an adjoint of it to those of the arguments, $v^\\top J$.

    Arguments and the result may be nested dicts, lists and tuples of arrays.
    Shapes: the adjoint has that, and the form, of the result; a tuple of adjoints, in the forms of the arguments, comes
    back. Raises: ShapeError for an adjoint that does not fit; ArgumentError for one of another form.

    >>> import numpy as np
    >>> from autograd import vjp
    >>> value, pull = vjp(lambda x: x**2, np.array([1.0, 2.0, 3.0]))
    >>> pull(np.array([0.0, 1.0, 0.0]))
    (array([0., 4., 0.]),)
    """
    variables, out, several = runs(f, arguments, range(len(arguments)), {})

    def pulled(adjoint: Any) -> Any:
        of_each = [each for _, each in _matched(out, adjoint, "an adjoint has the form of the result")]
        parts = [leaves(ran.pulled(each)) for ran, each in zip(several, of_each, strict=True)]
        parts = parts or [[np.zeros(each.shape, each.dtype)[()] for each in leaves(variables)]]
        return rebuilt(variables, [reduce(add, each) for each in zip(*parts, strict=True)])

    return rebuilt(out, [ran.value() for ran in several]), pulled


@of_functions
def jvp(f: Function, arguments: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`f(*arguments)` and how it moves when the arguments move along the tangents, $J v$: forward mode.

    Arguments and the result may be nested dicts, lists and tuples of arrays.
    Shapes: each tangent has the form of its argument; the result's tangent that of the result.
    Raises: ShapeError for a tangent that does not fit; ArgumentError for another form, or number, of them.

    >>> import numpy as np
    >>> from autograd import jvp
    >>> jvp(lambda x: x**2, [np.array([1.0, 2.0])], [np.array([1.0, 0.5])])
    (array([1., 4.]), array([2., 2.]))
    """
    check_pairs("jvp", arguments, tangents)
    variables, out, several = runs(f, arguments, range(len(arguments)), {})
    pairs = _matched(variables, tuple(tangents), "tangents have the form of the arguments")
    moving: dict[Node, Any] = {variable: _tangent(variable, each) for variable, each in pairs}
    open_ended = any(ran.is_open() for ran in several) or any(isinstance(each, Node) for each in moving.values())
    with enable_grad():
        found = push_forward_to([ran.out for ran in several], moving, create_graph=open_ended)
    moved = [
        nothing(ran.out) if tangent is None else ran.handed_out(plain(tangent, open_ended))
        for ran, tangent in zip(several, found, strict=True)
    ]
    values = [ran.handed_out(ran.out) if open_ended else ran.out.numpy() for ran in several]
    return rebuilt(out, values), rebuilt(out, moved)


def check_pairs(name: str, arguments: Any, tangents: Any) -> None:
    """Raise an ArgumentError unless there is a list of arguments and one of as many tangents."""
    for each in (arguments, tangents):
        if not isinstance(each, list | tuple):
            raise ArgumentError(f"{name} takes lists of arguments and tangents, f, [x], [v]; found {_form(each)}")
    if len(arguments) != len(tangents):
        raise ArgumentError(f"{name} needs one tangent for each argument; found {len(tangents)} for {len(arguments)}")


def _matched(tree: Any, other: Any, law: str) -> Iterator[tuple[Any, Any]]:
    """Each leaf of a tree with what stands at the same place of another, under the same key.

    Raises: ArgumentError for one of another form.
    """
    if not isinstance(tree, Mapping | list | tuple):
        yield tree, other
        return
    places, given = _places(tree), _places(other)
    if isinstance(tree, Mapping) is not isinstance(other, Mapping) or places.keys() != given.keys():
        raise ArgumentError(f"{law}: {_form(tree)} was needed; found {_form(other)}")
    for place, each in places.items():
        yield from _matched(each, given[place], law)


def _places(tree: Any) -> dict[Any, Any]:
    """What a tree holds, under its keys or its numbers."""
    if isinstance(tree, Mapping):
        return dict(tree)
    return dict(enumerate(tree)) if isinstance(tree, list | tuple) else {"": tree}


def _form(tree: Any) -> str:
    if isinstance(tree, Mapping):
        return f"a dict of {', '.join(map(repr, tree))}"
    return f"a {type(tree).__name__} of {len(tree)}" if isinstance(tree, list | tuple) else described(tree)


def _tangent(variable: Tensor, tangent: Any) -> Any:
    if isinstance(tangent, Mapping | list | tuple):
        raise ArgumentError(f"a tangent has the form of its argument: an array was needed; found {_form(tangent)}")
    tangent = tangent if isinstance(tangent, Node) else plain_data("a tangent", tangent)
    if np.shape(tangent) != variable.shape:
        raise ShapeError(f"a tangent of shape {np.shape(tangent)} for an argument of shape {variable.shape}")
    if np.iscomplexobj(tangent) and variable.dtype.kind != "c":
        raise ArgumentError("a complex tangent for a real argument; take its real part, or give a complex argument")
    return tangent if isinstance(tangent, Node) else np.asarray(tangent, dtype=variable.dtype)[()]
