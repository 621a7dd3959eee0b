"""Random sources: operations that draw anew each time they are computed, a replay of a graph included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd.mode import current_mode, recording
from autograd.notation import Binding, Notation, call
from autograd.operation import Structural
from autograd.rule import Rule
from autograd.signature import split_signature

_Draw = Callable[[], Any]


class Draws:
    """What sources drew within a block, to be drawn again in another."""

    def __init__(self) -> None:
        self._values: list[Any] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Within it what is drawn is kept."""
        around = _drawing.get()

        def keep(draw: _Draw) -> Any:
            self._values.append(around(draw))
            return self._values[-1]

        with _set(keep):
            yield

    @contextmanager
    def repeated(self) -> Iterator[None]:
        """Within it the same is given in the same order, and no generator moves on."""
        again = iter(self._values)
        with _set(lambda draw: _next_of(again, draw)):
            yield


def _next_of(values: Iterator[Any], draw: _Draw) -> Any:
    """The next value; drawn, if there is none any more."""
    for drawn in values:
        return drawn
    return draw()


_drawing: ContextVar[Callable[[_Draw], Any]] = ContextVar("autograd.drawing", default=lambda draw: draw())


@contextmanager
def _set(change: Callable[[_Draw], Any]) -> Iterator[None]:
    token = _drawing.set(change)
    try:
        yield
    finally:
        _drawing.reset(token)


class Source(Structural):
    """An operation whose value is drawn: a graph that keeps everything keeps it, so that a replay can draw again."""

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """What is drawn: plain of plain arguments, unless everything is being recorded."""
        if not current_mode()[1]:
            return super().__call__(*arguments, **parameters)
        arguments, parameters = self._arrange(arguments, parameters)
        result = self.record(arguments, parameters)
        run = recording()
        if run is not None:
            run.drawn(result)
        return result

    def compute(self, values: Sequence[Any], parameters: Mapping[str, Any] | None) -> Any:
        """What is drawn, or what was drawn in the run that is being repeated."""
        compute = super().compute
        return _drawing.get()(lambda: compute(values, parameters))


def source(vjp: Mapping[str, Rule]) -> Callable[[Callable[..., Any]], Source]:
    """Declare a random source: `vjp` are the pull-backs to the parameters of its distribution, for what was drawn."""

    def declare(function: Callable[..., Any]) -> Source:
        written = Notation(*call(function.__name__, split_signature(function)[0]), Binding.ATOM, {})
        return Source(function, vjp, written, ())

    return declare
