"""Formulas as people type them, `relu(w*x + b)**2`, computed with the operations of the engine: a parser, no more.

What is allowed is listed: numbers, names that are given, + - * / **, and element-wise operations by name. The text is
never run; Python's grammar gives its tree, and anything else in it is an error that points at its place.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd.errors import FormulaError
from autograd.operation import Elementwise, registry

_LONGEST = 1000
_DEEPEST = 60
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_CONSTANTS = {"pi": np.pi, "π": np.pi, "e": np.e}
_SIGNS = {"·": "*", "⊙": "*", "×": "*", "−": "-", "÷": "/"}
_SHORT = {"σ": "sigmoid", "ln": "log", "abs": "absolute", "pow": "power"}


def functions() -> dict[str, Elementwise]:
    """The operations that a formula may call, by name."""
    known = {name: each for name, each in registry.items() if isinstance(each, Elementwise) and each.rules}
    return known | {short: known[name] for short, name in _SHORT.items()}


def evaluated(text: str, values: Mapping[str, Any]) -> Any:
    """A formula computed with the values of its names: numbers, or nodes, on which it is recorded.

    Raises: FormulaError, with the place, for what is no formula or has no value.

    >>> evaluated("2 * x**2", {"x": 3.0})
    np.float64(18.0)
    """
    with np.errstate(all="ignore"):
        return _Reader(text, values).read(parsed(text).body, 0)


def names_in(text: str) -> list[str]:
    """The names of variables in a formula, in order of appearance. Raises: FormulaError for what is no formula."""
    tree = parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    found.sort(key=lambda node: node.col_offset)
    return list(dict.fromkeys(node.id for node in found))


def parsed(text: str) -> ast.Expression:
    """The tree of a formula, as yet unchecked. Raises: FormulaError for what Python's grammar does not take."""
    plain = "".join(_SIGNS.get(each, each) for each in text)
    if len(plain) > _LONGEST:
        raise FormulaError(f"a formula has at most {_LONGEST} characters; found {len(plain)}", text[:_LONGEST], 0)
    broken = [place for place, each in enumerate(plain) if not each.isprintable()]
    if broken:
        raise FormulaError("a formula is one line of text", text, broken[0])
    try:
        return ast.parse(plain, mode="eval")
    except SyntaxError as error:
        place = max(min(error.offset or 1, len(plain) + 1) - 1, 0)
        raise FormulaError(f"this is no formula: {error.msg}", text, place) from None
    except (RecursionError, MemoryError, ValueError):
        raise FormulaError("this formula is nested too deeply", text, 0) from None


class _Reader:
    """What computes a tree, node by node, and knows where each stands in the text."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self._text = text
        self._values = values
        self._functions = functions()

    def _error(self, node: ast.AST, message: str, place: str = "col_offset") -> FormulaError:
        before = self._text.encode()[: getattr(node, place, 0)]
        return FormulaError(message, self._text, len(before.decode(errors="ignore")))

    def read(self, node: ast.AST, depth: int) -> Any:
        """The value of a part of the tree."""
        if depth > _DEEPEST:
            raise self._error(node, f"this formula is nested more than {_DEEPEST} deep")
        reader = _READERS.get(type(node))
        if reader is None:
            raise self._error(node, f"{_called(node)} has no place in a formula; {_ALLOWED}")
        return reader(self, node, depth)

    def constant(self, node: ast.Constant, _: int) -> Any:
        """A number, as a float before anything is computed with it."""
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(node, f"{node.value!r} is no number; {_ALLOWED}")
        try:
            number = np.float64(node.value)
        except OverflowError:
            number = np.float64("inf")
        if not np.isfinite(number):
            raise self._error(node, "this number is too large")
        return number

    def name(self, node: ast.Name, _: int) -> Any:
        """The value of a variable."""
        if node.id in self._values:
            return self._values[node.id]
        if node.id in _CONSTANTS:
            return np.float64(_CONSTANTS[node.id])
        if node.id in self._functions:
            raise self._error(node, f"{node.id} is a function; write {node.id}(...)")
        known = ", ".join(self._values) or "none"
        raise self._error(node, f"there is no value for {node.id!r}; the names with one are: {known}")

    def binary(self, node: ast.BinOp, depth: int) -> Any:
        """Two parts with a sign between them."""
        if type(node.op) not in _OPERATORS:
            hint = ": a power is **" if isinstance(node.op, ast.BitXor) else f"; {_ALLOWED}"
            raise self._error(node.left, f"this sign has no place in a formula{hint}", "end_col_offset")
        left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        return _OPERATORS[type(node.op)](left, right)

    def unary(self, node: ast.UnaryOp, depth: int) -> Any:
        """A part with a sign before it."""
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self._error(node, f"this sign has no place in a formula; {_ALLOWED}")
        inside = self.read(node.operand, depth + 1)
        return -inside if isinstance(node.op, ast.USub) else inside

    def call(self, node: ast.Call, depth: int) -> Any:
        """A function of parts."""
        if not isinstance(node.func, ast.Name) or node.func.id not in self._functions:
            called = f"function {node.func.id!r}" if isinstance(node.func, ast.Name) else "such call"
            raise self._error(node.func, f"there is no {called}; {_ALLOWED}")
        function = self._functions[node.func.id]
        if node.keywords or len(node.args) != function.arity:
            wanted = f"{function.arity} argument{'s' * (function.arity != 1)}"
            raise self._error(node, f"{node.func.id} takes {wanted}, by position; found {len(node.args)}")
        return function(*[self.read(each, depth + 1) for each in node.args])


_READERS: dict[type, Callable[[_Reader, Any, int], Any]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.BinOp: _Reader.binary,
    ast.UnaryOp: _Reader.unary,
    ast.Call: _Reader.call,
}
_ALLOWED = "a formula has numbers, names, + - * / ** and functions, such as tanh"


def _called(node: ast.AST) -> str:
    return {"Attribute": "a dot", "Subscript": "an index", "Compare": "a comparison"}.get(type(node).__name__, "this")
