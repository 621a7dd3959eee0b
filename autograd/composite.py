"""Functions written in operations, under NumPy's names and signatures: they need no rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import update_wrapper
from inspect import signature
from numbers import Number
from typing import Any

import numpy as np

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
        self._arrays = frozenset(_arrays(self.examples))
        composites[self.key] = self

    __name__: str

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """The function itself. A list of numbers is an array, as it is to an operation, where the examples have one."""
        if list in map(type, arguments):
            arguments = tuple(self._taken(position, each) for position, each in enumerate(arguments))
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

    def _taken(self, position: int, argument: Any) -> Any:
        listed = isinstance(argument, list) and position in self._arrays
        if listed and all(isinstance(each, Number) for each in leaves(argument)):
            return plain(self.name, argument)
        return argument


def _arrays(examples: tuple[Example, ...]) -> Iterator[int]:
    """Where the examples have arrays, the first place always; not where one has a list, which is of something else."""
    for position in range(max([1, *(len(case.arguments) for case in examples)])):
        kinds = {type(each) for case in examples for each in case.arguments[position : position + 1]}
        if list not in kinds and (position == 0 or kinds & {np.ndarray, np.float64, float}):
            yield position


def composite(*examples: Example) -> Callable[[Callable[..., Any]], Composite]:
    """Declare a function written in operations, with arguments it accepts and is smooth around."""
    return lambda function: Composite(function, examples)
