"""Functions written in operations, under NumPy's names and signatures: they need no rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from autograd.operation import Example
from autograd.signature import key

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
        composites[self.key] = self

    __name__: str

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """The function itself."""
        return self.function(*arguments, **parameters)


def composite(*examples: Example) -> Callable[[Callable[..., Any]], Composite]:
    """Declare a function written in operations, with arguments it accepts and is smooth around."""
    return lambda function: Composite(function, examples)
