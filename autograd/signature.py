"""What the signature of a declared function says: its name, its data and its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autograd.errors import DeclarationError

_NAMESPACES = frozenset(("fft", "linalg", "random", "special", "stats"))


def key(function: Callable[..., Any]) -> str:
    """The name of a function with its namespace, as NumPy has it: `exp`, `linalg.inv`."""
    parts = function.__module__.split(".")
    namespace = next((part for part in parts if part in _NAMESPACES), "")
    return f"{namespace}.{function.__name__}" if namespace else function.__name__


def split_signature(function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The names of the data, the names of the parameters, and whether the data are any number of arrays."""
    code = function.__code__
    if code.co_flags & inspect.CO_VARKEYWORDS:
        raise DeclarationError(f"{function.__name__}: name each parameter; **keywords cannot be recorded")
    positional, named = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    data, parameters = code.co_varnames[:positional], code.co_varnames[positional:named]
    if not code.co_flags & inspect.CO_VARARGS:
        return data, parameters, False
    if data:
        raise DeclarationError(f"{function.__name__}: *{code.co_varnames[named]} has to be its only data")
    return code.co_varnames[named : named + 1], parameters, True
