"""Functions written in operations, under NumPy's names and signatures: they need no rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from inspect import signature
from numbers import Number
from typing import Any

from autograd.arguments import Example, plain
from autograd.errors import ArgumentError
from autograd.signature import key
from autograd.trees import leaves

composites: dict[str, Composite] = {}
"""Every composite function by name, in the order of declaration."""


class Composite:
    """A function made of operations: in a graph stand the operations, and their rules differentiate it."""

    def __init__(self, function: Callable[..., Any], examples: Iterable[Example]) -> None:
        update_wrapper(self, function)
        self.name: str = function.__name__
        self.key = key(function)
        self.function = function
        self.examples = tuple(examples)
        self.takes_lists = any(isinstance(each, list) for case in self.examples for each in case.arguments[:1])
        composites[self.key] = self

    __name__: str

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """The function itself. A list of numbers in the first place is an array, as it is to an operation.

        Not so where the examples have a list there: that is of arrays, which need not be alike.
        """
        first = arguments[0] if arguments and not self.takes_lists else None
        if isinstance(first, list) and all(isinstance(each, Number) for each in leaves(first)):
            arguments = (plain(self.name, first), *arguments[1:])
        try:
            return self.function(*arguments, **parameters)
        except TypeError:
            self._check(arguments, parameters)
            raise

    def _check(self, arguments: Any, parameters: Any) -> None:
        usage = signature(self.function)
        try:
            usage.bind(*arguments, **parameters)
        except TypeError as error:
            raise ArgumentError(f"{self.key} takes {self.key}{usage}; {error}") from error


def composite(*examples: Example) -> Callable[[Callable[..., Any]], Composite]:
    """Declare a function written in operations, with arguments it accepts and is smooth around."""
    return lambda function: Composite(function, examples)
