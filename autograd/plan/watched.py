"""Draws that a recording cannot see: found by looking whether a generator moved without a recorded source."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd.errors import CompileError
from autograd.node import Node
from autograd.plan.seen import Seen, attributes_of, in_class

_GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)


class Watched:
    """The generators that a function may draw from by itself: NumPy's and Python's global ones, and those in sight."""

    def __init__(self, seen: Seen) -> None:
        self._generators = {id(each): (name, each) for name, each in reversed(list(_generators(seen)))}
        self._before = self._states()

    def _states(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {key: _state(each) for key, (_, each) in self._generators.items()}
        state: Any = np.random.get_state(legacy=False)
        moved = state["state"]["key"].tobytes(), state["state"]["pos"], state["has_gauss"]
        return {**found, "NumPy's global generator": moved, "Python's global generator": random.getstate()}

    def check(self, draws: Sequence[Node]) -> None:
        """Raise a CompileError if a generator has moved that no recorded draw was made with, or drew and was not seen.

        That one may have been made within the run: a replay would go on with it, where each run begins anew.
        """
        after = self._states()
        given = {node: (node.parameters or {}).get("rng") for node in draws}
        for node, generator in given.items():
            moves = isinstance(generator, (*_GENERATORS, np.random.BitGenerator))
            if moves and id(generator) not in self._generators:
                raise CompileError(
                    f"a compiled function draws from a generator that it did not see before it ran, at {node.place}: "
                    f"make it outside, once, and so a module that draws; or give a whole number as rng="
                )
        recorded = set(map(id, given.values()))
        for key, state in self._before.items():
            if after[key] != state and key not in recorded:
                whose = f"the generator '{self._generators[key][0]}'" if key in self._generators else key
                raise CompileError(
                    f"a compiled function draws from {whose} by itself, and would have the same numbers in every call; "
                    f"draw with autograd.random and rng=, or pass the numbers in"
                )


def _state(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return None if isinstance(generator, random.SystemRandom) else generator.getstate()  # that one has no state
    is_old = isinstance(generator, np.random.RandomState)
    return repr(generator.get_state(legacy=False) if is_old else generator.bit_generator.state)


def _generators(seen: Seen) -> Iterator[tuple[str, Any]]:
    """Generators in sight of the function, and among the attributes of objects there."""
    for name, each in seen.objects:
        if isinstance(each, _GENERATORS):
            yield name, each
            continue
        parts = [*attributes_of(each).items(), *((key, in_class(type(each), key)) for key in seen.attributes)]
        yield from ((f"{name}.{key}", part) for key, part in parts if isinstance(part, _GENERATORS))
