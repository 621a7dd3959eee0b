"""A step as a line of Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.plan.program import Atom, Constant, Step, Variable

_INFIX = {
    "np.add": ("+", 5), "np.subtract": ("-", 5), "np.multiply": ("*", 6), "np.divide": ("/", 6), "np.matmul": ("@", 6),
    "np.power": ("**", 8), "np.greater": (">", 3), "np.less": ("<", 3), "np.greater_equal": (">=", 3),
    "np.less_equal": ("<=", 3), "np.equal": ("==", 3), "np.not_equal": ("!=", 3), "np.floor_divide": ("//", 6),
    "np.remainder": ("%", 6), "np.bitwise_and": ("&", 4), "np.bitwise_or": ("|", 4),
}  # fmt: skip
"""Ufuncs with an operator, and how tightly it binds."""

_CALL, _TIGHT, _COMPARES = 10, 9, 3


def rendered(step: Step, names: Mapping[Atom, str], binding: Mapping[Atom, int] | None = None) -> str:
    """The call, with what it reads under the given names (or expressions, with how tightly they hold)."""
    write = _Writer(names, binding or {})
    name, arguments = step.function, step.arguments
    if name in _INFIX and not step.keywords and len(arguments) == 2:
        operator, tight = _INFIX[name]
        left_least = tight + (operator == "**" or tight == _COMPARES)
        right_least = tight + (operator != "**")
        left, right = write.part(arguments[0], left_least), write.part(arguments[1], right_least)
        return f"{left} {operator} {right}"
    if name == "np.negative" and not step.keywords:
        return f"-{write.part(arguments[0], 7)}"
    if name == "[]":
        return f"{write.part(arguments[0], _TIGHT)}[{write.index(arguments[1])}]"
    if name.startswith("."):
        return (
            write.part(arguments[0], _TIGHT)
            + name.removesuffix("()")
            + (f"({write.listed(arguments[1:], step.keywords)})" if name.endswith("()") else "")
        )
    keywords = {
        key: each
        for key, each in step.keywords.items()
        if key != "out" or (name.startswith("np.") and name != "np.copyto")
    }
    return f"{name}({write.listed(arguments, keywords)})"


def holds(step: Step) -> int:
    """How tightly the rendered call holds together."""
    if step.function in _INFIX and not step.keywords and len(step.arguments) == 2:
        return _INFIX[step.function][1]
    return 7 if step.function == "np.negative" else _CALL


class _Writer:
    def __init__(self, names: Mapping[Atom, str], binding: Mapping[Atom, int]) -> None:
        self._names, self._binding = names, binding

    def part(self, part: Any, least: int = 0) -> str:
        """An argument, in parentheses where it holds less tightly than `least`."""
        if isinstance(part, Variable | Constant):
            text = self._names[part]
            return f"({text})" if self._binding.get(part, _CALL) < least else text
        if isinstance(part, tuple | list):
            inner = ", ".join(map(self.part, part))
            if isinstance(part, list):
                return f"[{inner}]"
            return f"({inner},)" if len(part) == 1 else f"({inner})"
        return self.static(part, least)

    def static(self, part: Any, least: int) -> str:
        """What is no array: numbers, axes, dtypes."""
        if isinstance(part, np.dtype):
            plain = part.isbuiltin == 1 and part.kind in "biufc" and part.name in vars(np)
            return f"np.{part.name}" if plain else f"np.{part!r}"
        if isinstance(part, type):
            return f"np.{part.__name__}" if issubclass(part, np.generic) else part.__name__
        if isinstance(part, float) and not np.isfinite(part):
            return f"float('{part}')"
        text = repr(part)
        return f"({text})" if text.startswith("-") and least > 7 else text

    def listed(self, arguments: Any, keywords: Mapping[str, Any]) -> str:
        """Arguments of a call."""
        return ", ".join(
            [*map(self.part, arguments), *(f"{name}={self.part(each)}" for name, each in keywords.items())]
        )

    def index(self, index: Any) -> str:
        """What stands in brackets."""
        if isinstance(index, tuple):
            return ", ".join(map(self._place, index)) + ("," if len(index) == 1 else "") if index else "()"
        return self._place(index)

    def _place(self, index: Any) -> str:
        if isinstance(index, slice):
            ends = [index.start, index.stop, *([index.step] if index.step is not None else [])]
            return ":".join("" if each is None else str(each) for each in ends)
        return "..." if index is Ellipsis else self.part(index)
