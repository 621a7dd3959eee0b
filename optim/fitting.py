"""One fit under way: its epochs, updates and measurements, and when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

import autograd
from autograd import ArgumentError, CompileError, DomainError, Tensor, no_grad
from autograd.node import Node
from autograd.whole import Whole
from optim.clipping import total_norm
from optim.errors import TrainingError
from optim.events import BatchEnded, EpochEnded, Event, FitEnded, FitStarted, StopFit
from optim.history import History
from optim.modes import Trainable, buffers_of, modes_kept
from optim.optimizer import Optimizer, check_range
from optim.progress import Bar, Means
from optim.schedulers import Scheduler
from optim.schedules import check_count

Batch = tuple[Any, Any]


@dataclass
class Fitting:
    """What stays the same through the epochs of one fit, and what they do."""

    model: Any
    loss: Callable[[Any, Any], Any]
    optimizer: Optimizer
    metrics: Mapping[str, Callable[[Any, Any], float]]
    callbacks: Sequence[Callable[[Event], Any]]
    schedule: Callable[[int], float] | None
    accumulate: int
    tolerance: float | None
    history: History = field(default_factory=History)

    def __post_init__(self) -> None:
        check_count("accumulate", self.accumulate)
        if self.tolerance is not None:
            check_range("tolerance", self.tolerance)
        self.step: Callable[..., Any] = self.tried
        self.outcome: Callable[..., Any] = self.evaluated

    def compile(self) -> None:
        """Record what is done with a batch, to replay it."""
        self.step, self.outcome = autograd.compile(self.descended), autograd.compile(self.evaluated)

    def through(self, epochs: int, batches: Iterable[Batch], held_out: Iterable[Batch], bar: Bar) -> History:
        """All epochs, unless a callback or the tolerance ends them before."""
        scheduled = [] if self.schedule is None else [Scheduler(self.optimizer, self.schedule)]
        try:
            with modes_kept(self.model):
                self.tell(FitStarted(self.model, self.optimizer, self.history))
                for epoch in range(epochs):
                    for each in scheduled if epoch else ():
                        each.step()
                    self.epoch(epoch, batches, held_out, bar)
                    if self.tolerance is not None and self.converged(self.tolerance):
                        break
        except StopFit as signal:
            self.history.stopped = str(signal) or "a callback asked to stop"
        finally:
            bar.close()
            for each in scheduled:
                each.restore()
        for callback in self.callbacks:
            with suppress(StopFit):  # it has ended
                callback(FitEnded(self.model, self.optimizer, self.history))
        return self.history

    def tell(self, event: Event) -> None:
        """Let the callbacks know."""
        for callback in self.callbacks:
            callback(event)

    def enter(self, *, training: bool) -> None:
        """Tell a model that has the two modes."""
        if isinstance(self.model, Trainable):
            self.model.train(training)

    def epoch(self, epoch: int, batches: Iterable[Batch], held_out: Iterable[Batch], bar: Bar) -> None:
        """An update for every `accumulate` batches, then validation."""
        self.enter(training=True)
        began, seen, number = perf_counter(), Means(), -1
        for number, together in enumerate(_grouped(batches, self.accumulate)):
            value = self.update(together, seen, epoch, number)
            self.history.updates += 1
            if self.callbacks:
                self.tell(BatchEnded(self.model, self.optimizer, self.history, epoch, number, value))
            bar.advance(seen)
        if number < 0:
            raise DomainError(f"the data had no batches in epoch {epoch}; give at least one")
        self.history.append({**seen.means(), **self.validated(held_out)})
        self.history.seconds.append(perf_counter() - began)
        bar.show(self.history.last)
        self.tell(EpochEnded(self.model, self.optimizer, self.history, epoch))

    def update(self, together: Sequence[Batch], seen: Means, epoch: int, number: int) -> float:
        """One update from one batch, or from several whose gradients add up to that of all their rows."""
        rows, last = sum(len(x) for x, _ in together), len(together) - 1
        mean = 0.0
        for i, (x, y) in enumerate(together):
            share, place = len(x) / rows, f"epoch {epoch}, batch {number * self.accumulate + i}"
            value, output = self.stepped(place, x, y, *((share, i == 0, i == last) if last else ()))
            seen.add(len(x), {"loss": value, **self.measured(output, y)})
            mean += share * value
        return mean

    def stepped(self, place: str, *arguments: Any) -> tuple[float, Any]:
        """A step, with what fit knows about an error in it."""
        try:
            found, output = self.step(*arguments)
        except _NotFiniteError as error:
            raise TrainingError(
                f"the loss is {error} at {place}; no update was made. "
                f"Lower the learning rate, clip gradients, or look for bad numbers in the data"
            ) from None
        except CompileError as error:
            error.add_note(
                "fit records an update to replay it; fit(..., compiled=False) runs the Python code each time"
            )
            raise
        return float(found.value if isinstance(found, Tensor) else found), output

    def tried(self, *arguments: Any) -> Any:
        """A step that runs the Python code; where the loss is not finite, buffers too are as they were before."""
        held = [(each, each.value) for each in buffers_of(self.model)]
        try:
            return self.descended(*arguments)
        except _NotFiniteError:
            for each, value in held:
                each.assign(value)
            raise

    def descended(self, x: Any, y: Any, share: float = 1.0, first: bool = True, last: bool = True) -> Any:
        """The gradient of a batch, by its share of the rows of an update, and after the last batch the update."""
        output = self.model(x)
        found = _finite(_differentiable(self.loss(output, y)))
        if first:
            self.optimizer.zero_grad()
        (found if share == 1 else found * share).backward()
        if last:
            self.optimizer.step()
        return found, output if self.metrics else None  # what nobody asks for needs no copy

    def evaluated(self, x: Any, y: Any) -> Any:
        """The loss and the outputs, without a gradient."""
        with no_grad():
            output = self.model(x)
            return self.loss(output, y), output

    def validated(self, batches: Iterable[Batch]) -> dict[str, float]:
        """The means over held-out batches, in evaluation mode."""
        self.enter(training=False)
        seen = Means()
        for x, y in batches:
            loss, output = self.outcome(x, y)
            seen.add(len(x), {"loss": float(loss), **self.measured(output, y)})
        return {f"val_{name}": value for name, value in seen.means().items()}

    def measured(self, output: Any, target: Any) -> dict[str, float]:
        """The metrics of a batch."""
        return {name: float(metric(output.numpy(), target)) for name, metric in self.metrics.items()}

    def converged(self, tolerance: float) -> bool:
        """Whether the loss has stopped to change, or the slope is flat; the history says which."""
        losses = self.history["loss"][-2:]
        gradients = (each.grad for each in self.optimizer.parameters())
        norm = float(total_norm(each for each in gradients if each is not None))
        if len(losses) == 2 and abs(losses[0] - losses[1]) <= tolerance:
            self.history.stopped = f"the loss changed by {abs(losses[0] - losses[1]):.3g}, at most {tolerance:g}"
        elif norm <= tolerance:
            self.history.stopped = f"the gradient's norm is {norm:.3g}, at most {tolerance:g}"
        return bool(self.history.stopped)


def _grouped(batches: Iterable[Batch], size: int) -> Iterator[list[Batch]]:
    coming = iter(batches)
    while together := list(islice(coming, size)):
        yield together


def _differentiable(loss: Any) -> Any:
    if not isinstance(loss, Node):
        raise ArgumentError(
            f"the loss is a tensor, computed of the model's output in operations of nn and autograd; "
            f"found a {type(loss).__name__}"
        )
    return loss


class _NotFiniteError(Exception):
    """The loss is NaN or infinite."""


def _checked(loss: Any) -> Any:
    if not (np.isfinite(loss).all() if loss.ndim else isfinite(loss)):  # for numbers the second takes a tenth
        raise _NotFiniteError(loss)
    return loss


_finite = Whole(_checked, {"loss": lambda g: g})
"""The loss itself, where it is finite: an operation, so that a replay looks as well."""
