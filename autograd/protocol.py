"""Plain NumPy functions applied to tensors: which operation stands for which, and what is said when none does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from autograd.composite import Composite, composites
from autograd.errors import ArgumentError, InPlaceError
from autograd.mode import current_mode
from autograd.node import Node, value_of, values_of
from autograd.operation import registry
from autograd.operations import aliases, comparison, piecewise, shaping
from autograd.trees import mapped

_OF_SHAPES = {
    "shape",
    "ndim",
    "size",
    "zeros_like",
    "ones_like",
    "empty_like",
    "iscomplexobj",
    "isrealobj",
}
_OF_SHAPES |= {"result_type", "can_cast", "common_type", "min_scalar_type", "may_share_memory", "shares_memory"}
"""What depends on shapes and dtypes alone: computed on the plain arrays."""

_OF_VALUES = {"allclose", "isclose", "array_equal", "array_equiv", "iscomplex", "isreal", "array_repr", "array_str"}
_OF_VALUES |= {"array2string", "save", "savetxt", "nonzero", "flatnonzero", "argwhere", "digitize", "lexsort"}
_OF_VALUES |= {"searchsorted", "histogram", "isin", "linalg.matrix_rank"}
_OF_VALUES |= {"nanargmax", "nanargmin", "unravel_index", "ravel_multi_index"}
"""What answers a question about the values: computed on the plain arrays, too."""

_IN_PLACE = {"copyto", "fill_diagonal", "put", "put_along_axis", "place", "putmask"}


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`ufunc(*inputs)` through the operation of that name.

    Raises: InPlaceError for `out=`; ArgumentError where there is no operation.
    """
    if keywords.pop("out", None) is not None:
        raise InPlaceError(
            f"np.{ufunc.__name__} was asked to write into an array (out=, or an operator such as +=) with a tensor "
            f"among its inputs; use the result instead"
        )
    if method == "outer":
        left, right = inputs
        return _found(ufunc.__name__)(left[(..., *[None] * np.ndim(right))] if np.ndim(left) else left, right)
    if method != "__call__":
        return _by_method(ufunc, method, inputs, keywords)
    found = _found(ufunc.__name__)
    if keywords:
        keywords = {name: each for name, each in keywords.items() if each is not _DEFAULTS.get(name, _DEFAULTS)}
    if keywords and not isinstance(found, Composite):
        raise ArgumentError(f"np.{ufunc.__name__} on a tensor takes no {', '.join(keywords)}")
    return found(*inputs, **keywords)


_DEFAULTS = {"where": True, "dtype": None}
"""Options of a ufunc that say nothing."""

_METHODS = {
    ("add", "reduce"): "sum",
    ("multiply", "reduce"): "prod",
    ("maximum", "reduce"): "max",
    ("minimum", "reduce"): "min",
    ("logical_and", "reduce"): "all",
    ("logical_or", "reduce"): "any",
    ("logaddexp", "reduce"): "logsumexp",
    ("add", "accumulate"): "cumsum",
    ("multiply", "accumulate"): "cumprod",
}


def _by_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`np.add.reduce` and its like, over the first axis unless told otherwise."""
    name = _METHODS.get((ufunc.__name__, method))
    if name is None:
        raise ArgumentError(
            f"np.{ufunc.__name__}.{method} has no derivative rule here; those of add, multiply, maximum, minimum and "
            f"logaddexp that have one are np.sum, np.prod, np.max, np.min, np.cumsum, np.cumprod and autograd.logsumexp"
        )
    array, *extras = inputs
    return _found(name)(array, **{"axis": extras[0] if extras else 0, **_told(keywords)})


def apply_function(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`function(*arguments, **keywords)` through what stands for it here."""
    name = _name(function)
    if name in _OF_SHAPES:
        return function(*map(_value, arguments), **{key: _value(each) for key, each in keywords.items()})
    if name in _OF_VALUES or (name == "where" and len(arguments) == 1):
        if name == "histogram":
            _check_weights(function, arguments, keywords)
        plain = mapped(values_of, (arguments, keywords))
        return function(*plain[0], **plain[1])
    if name in _IN_PLACE or keywords.get("out") is not None:
        raise InPlaceError(
            f"np.{name} would write into an array, and a tensor is not written to, since graphs may have read it; "
            f"use the result of an operation, or x.at[index].set(values)"
        )
    stands = _found(name)
    if name in composites:
        return _in_dtype(stands.key, stands, arguments, _told(keywords))
    signature = _signature(function, stands.function)
    given, defaults = signature.bind(*arguments, **keywords).arguments, signature.parameters
    told = {key: each for key, each in given.items() if key in keywords or each is not defaults[key].default}
    positional = [told.pop(key) for key in list(given)[: len(stands.data)] if key in told]
    told = _told(told)
    return _in_dtype(name, stands, positional, told)


@cache
def _name(function: Any) -> str:
    """As it is called after `np.`, but for windows, which stand here among all the others."""
    return f"{function.__module__}.{function.__name__}".removeprefix("numpy.").removeprefix("lib.stride_tricks.")


def _check_weights(function: Any, arguments: Any, keywords: dict[str, Any]) -> None:
    """Raises: ArgumentError for the weights of a histogram, in which it is linear, if they require a gradient."""
    weights = _signature(function).bind(*arguments, **keywords).arguments.get("weights")
    if isinstance(weights, Node) and weights.requires_grad and current_mode()[0]:
        raise ArgumentError(
            f"np.{function.__name__} has no derivative by its weights here; give weights.detach(), "
            f"or use np.bincount, which has one, of the numbers of the bins from np.digitize"
        )


_CAST_FIRST = {"sum", "mean", "prod", "var", "std", "cumsum", "cumprod", "trace", "cumulative_sum", "cumulative_prod"}
_CAST_FIRST |= {"nansum", "nanmean", "nanprod", "nanvar", "nanstd", "nancumsum", "nancumprod"}


_NEUTRAL = {"nansum": 0, "nancumsum": 0, "nanprod": 1, "nancumprod": 1}
"""What NaN counts as, where whole numbers are asked for: no whole number is NaN."""


def _in_dtype(name: str, stands: Any, arguments: Any, told: dict[str, Any]) -> Any:
    """What stands for a function, of these arguments; a reduction in the dtype it was told, and is told no more."""
    if not arguments or "dtype" not in told or name not in _CAST_FIRST:
        return stands(*arguments, **told)
    array, dtype = arguments[0], np.dtype(told.pop("dtype"))
    if name.startswith("nan") and dtype.kind in "biu":
        if name not in _NEUTRAL:
            raise ArgumentError(f"np.{name} leaves out NaN and gives fractions; it takes no dtype={dtype.name}")
        array = piecewise.where(comparison.isnan(array), _NEUTRAL[name], array)
    found = stands(shaping.astype(array, dtype=dtype), *arguments[1:], **told)
    return found if found.dtype == dtype else shaping.astype(found, dtype=dtype)


_OTHER_NAMES = {"correction": "ddof", "newshape": "shape"}


@cache
def _signature(function: Callable[..., Any], instead: Any = None) -> inspect.Signature:
    """What a function takes; before NumPy 2.4 one written in C does not tell, and what stands for it does."""
    try:
        return inspect.signature(function)
    except ValueError:
        return inspect.signature(instead)


def _told(keywords: dict[str, Any]) -> dict[str, Any]:
    """The keywords as they are called here, without those that say nothing, as `copy` of what is never written to."""
    return {
        _OTHER_NAMES.get(key, key): each
        for key, each in keywords.items()
        if each is not np._NoValue and not (each is None and key in ("dtype", "out")) and key != "copy"
    }


def _value(argument: Any) -> Any:
    return mapped(value_of, argument) if isinstance(argument, list | tuple) else value_of(argument)


def _found(name: str) -> Any:
    """What stands for NumPy's function of a name.

    Raises: ArgumentError that names the nearest there are.
    """
    found: Callable[..., Any] | None = composites.get(name) or registry.get(name) or getattr(aliases, name, None)
    if found is None:
        near = import_module("difflib").get_close_matches(name, [*registry, *composites], n=3)
        advice = f"; the nearest there are: {', '.join(near)}" if near else ""
        raise ArgumentError(
            f"np.{name} has no derivative rule here{advice}. "
            f"Use .numpy() for its value, or declare the operation with autograd.elementwise or autograd.structural"
        )
    return found
