"""Functions written in operations, under NumPy's names and signatures: they need no rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from numbers import Number
from typing import Any

import numpy as np

from autograd.operation import Example
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
        composites[self.key] = self

    __name__: str

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """The function itself. A list of numbers in the first place is an array, as it is to an operation."""
        if (
            arguments
            and isinstance(arguments[0], list)
            and all(isinstance(each, Number) for each in leaves(arguments[0]))
        ):
            arguments = (np.asarray(arguments[0]), *arguments[1:])
        return self.function(*arguments, **parameters)


def composite(*examples: Example) -> Callable[[Callable[..., Any]], Composite]:
    """Declare a function written in operations, with arguments it accepts and is smooth around."""
    return lambda function: Composite(function, examples)
