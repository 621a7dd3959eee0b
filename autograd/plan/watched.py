"""Draws that a recording cannot see: found by looking whether a generator moved without a recorded source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.errors import CompileError
from autograd.node import Node
from autograd.plan.bindings import seen_by


class Watched:
    """The generators that a function may draw from by itself: NumPy's global one, and those it can see."""

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
        self._generators = {id(each): (name, each) for name, each in _generators(function, arguments)}
        self._before = self._states()

    def _states(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {key: repr(each.bit_generator.state) for key, (_, each) in self._generators.items()}
        state: Any = np.random.get_state(legacy=False)
        return {**found, None: (state["state"]["key"].tobytes(), state["state"]["pos"], state["has_gauss"])}

    def check(self, draws: Sequence[Node]) -> None:
        """Raise a CompileError if a generator has moved that no recorded draw was made with."""
        after = self._states()
        recorded = {id((node.parameters or {}).get("rng")) for node in draws}
        for key, state in self._before.items():
            if after[key] != state and key not in recorded:
                whose = f"the generator '{self._generators[key][0]}'" if key is not None else "NumPy's global generator"
                raise CompileError(
                    f"a compiled function draws from {whose} by itself, and would have the same numbers in every call; "
                    f"draw with autograd.random and rng=, or pass the numbers in"
                )


def _generators(function: Callable[..., Any], arguments: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Generators among the arguments, around the function, and among the attributes of what is there."""
    around = [*seen_by(function), *((f"argument {i}", each) for i, each in enumerate(arguments))]
    around += [("self", getattr(function, "__self__", function))]
    for name, each in around:
        if isinstance(each, np.random.Generator):
            yield name, each
        elif isinstance(getattr(each, "__dict__", None), dict):
            yield from (
                (f"{name}.{key}", part) for key, part in vars(each).items() if isinstance(part, np.random.Generator)
            )
