"""Plain NumPy functions applied to tensors: which operation stands for which, and what is said when none does."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, InPlaceError
from autograd.node import Node
from autograd.operation import registry
from autograd.operations import arithmetic, indexing, shaping  # noqa: F401  importing them fills the registry

_OTHER_NAMES = {
    "true_divide": "divide",
    "abs": "absolute",
    "amax": "max",
    "amin": "min",
    "concat": "concatenate",
    "conjugate": "conj",
}

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "concatenate": shaping.concatenate,
    "stack": shaping.stack,
    "vstack": lambda tup: shaping.concatenate([_rows(each) for each in tup], axis=0),
    "hstack": lambda tup: shaping.concatenate(tup, axis=0 if np.ndim(tup[0]) == 1 else 1),
    "dot": lambda a, b: registry["matmul"](a, b) if np.ndim(a) and np.ndim(b) else a * b,
}
"""What NumPy has under a name and signature of its own, written in our operations."""

_OFF_THE_GRAPH = {"shape", "ndim", "size", "zeros_like", "ones_like", "full_like", "empty_like", "allclose", "isclose"}
_OFF_THE_GRAPH |= {"array_equal", "iscomplexobj", "isrealobj", "result_type", "can_cast", "array_repr", "array_str"}
"""What depends on shapes and dtypes alone, or answers a question about the values: computed on the plain arrays."""


def _rows(each: Any) -> Any:
    return shaping.reshape(each, shape=(1, -1)) if np.ndim(each) < 2 else each


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`ufunc(*inputs)` through the operation of that name.

    Raises: InPlaceError for `out=`; ArgumentError where there is no operation.
    """
    if "out" in keywords:
        raise InPlaceError(
            f"np.{ufunc.__name__} was asked to write into an array (out=, or an operator such as +=) with a tensor "
            f"among its inputs; use the result instead"
        )
    if method != "__call__":
        raise ArgumentError(f"np.{ufunc.__name__}.{method} has no derivative here; use np.sum, np.prod, np.cumsum")
    if keywords:
        raise ArgumentError(f"np.{ufunc.__name__} on a tensor takes no {', '.join(keywords)}")
    return _found(ufunc)(*inputs)


def apply_function(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`function(*arguments, **keywords)` through what stands for it here."""
    if function.__name__ in _OFF_THE_GRAPH:
        return function(
            *[_value(each) for each in arguments], **{name: _value(each) for name, each in keywords.items()}
        )
    stands = _found(function)
    if stands is registry.get("where") and len(arguments) == 1:
        raise ArgumentError("np.where with one argument gives indices; use np.nonzero(tensor.numpy())")
    given = inspect.signature(function).bind(*arguments, **keywords).arguments
    defaults = inspect.signature(function).parameters
    told = {name: each for name, each in given.items() if name in keywords or each is not defaults[name].default}
    positional = [told.pop(name) for name in list(given)[: _data_count(stands)] if name in told]
    unused = {name for name in ("dtype", "out") if told.get(name, 0) is None}
    return stands(*positional, **{name: each for name, each in told.items() if name not in unused})


def _data_count(stands: Any) -> int:
    return len(getattr(stands, "data", ())) or 1


def _value(argument: Any) -> Any:
    return argument.value if isinstance(argument, Node) else argument


def _found(function: Any) -> Callable[..., Any]:
    name = _OTHER_NAMES.get(function.__name__, function.__name__)
    found = _FUNCTIONS.get(name) or registry.get(name)
    if found is None:
        near = difflib.get_close_matches(name, [*registry, *_FUNCTIONS], n=3)
        advice = f"; the nearest there are: {', '.join(near)}" if near else ""
        raise ArgumentError(
            f"np.{name} has no derivative rule here{advice}. "
            f"Use .numpy() for its value, or declare the operation with autograd.elementwise or autograd.structural"
        )
    return found
