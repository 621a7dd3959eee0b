"""Random sources: operations that draw anew each time they are computed, a replay of a graph included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograd.mode import current_mode
from autograd.notation import Binding, Notation, call
from autograd.operation import Structural
from autograd.rule import Rule
from autograd.signature import split_signature


class Source(Structural):
    """An operation whose value is drawn: a graph that keeps everything keeps it, so that a replay can draw again."""

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """What is drawn: plain of plain arguments, unless everything is being recorded."""
        if not current_mode()[1]:
            return super().__call__(*arguments, **parameters)
        arguments, parameters = self._arrange(arguments, parameters)
        return self.record(arguments, parameters)


def source(vjp: Mapping[str, Rule]) -> Callable[[Callable[..., Any]], Source]:
    """Declare a random source: `vjp` are the pull-backs to the parameters of its distribution, for what was drawn."""

    def declare(function: Callable[..., Any]) -> Source:
        written = Notation(*call(function.__name__, split_signature(function)[0]), Binding.ATOM, {})
        return Source(function, vjp, written, ())

    return declare
