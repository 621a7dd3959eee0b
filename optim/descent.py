"""Gradient descent itself: fit a model to data, in batches of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

import autograd
from autograd import ArgumentError, CompileError, DomainError, MissingDependencyError, no_grad
from autograd.plan.whole import Whole
from optim.batches import batch_count, check_rows, mini_batches
from optim.errors import TrainingError
from optim.events import BatchEnded, EpochEnded, Event, FitEnded, FitStarted, StopFit
from optim.history import History
from optim.optimizer import Optimizer

Metric = Callable[[Any, Any], float]
Data = tuple[Any, Any]


class Model(Protocol):
    """What can be fitted: something callable that has parameters, and the two modes."""

    training: bool

    def __call__(self, inputs: Any) -> Any:
        """The outputs for a block of inputs."""

    def parameters(self) -> Iterable[Any]:
        """The tensors to be moved."""

    def train(self, mode: bool = True) -> Any:
        """Enter training, or evaluation."""


def fit(
    model: Model,
    loss: Callable[[Any, Any], Any],
    data: Data,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int | None = 32,
    validation: Data | None = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Sequence[Callable[[Event], Any]] = (),
    rng: np.random.Generator | int | None = None,
    shuffle: bool = True,
    compiled: bool = True,
    progress: bool = True,
) -> History:
    """Move the model's parameters down the loss, and say how it went.

    An epoch goes over all rows once, in shuffled blocks of `batch_size`: None is batch gradient descent, 1 stochastic.
    `loss(model(inputs), targets)` is differentiated; `metrics` are functions of plain output and target arrays.
    Float arrays are cast to the dtype of the parameters. An update is recorded at the first batch and replayed as a
    NumPy program (another one for a short last batch); `compiled=False` runs the Python code of model and loss each
    time, which those need that decide by values or keep count of their calls. `History` has the mean over the epoch
    of each measure, and `val_...` after it, without gradients and in evaluation mode.

    Shapes: data and validation are pairs of arrays with one row a sample.
    Raises: ShapeError, DomainError, ArgumentError for data that do not fit; TrainingError when the loss is not finite,
    which leaves the parameters as they were before that update.
    """
    _check(epochs, data, validation)
    inputs, targets = (_cast(model, each) for each in data)
    held_out = None if validation is None else tuple(_cast(model, each) for each in validation)
    bar = _Bar(epochs * batch_count(len(inputs), batch_size), progress)
    run = _Run(model, loss, optimizer, dict(metrics or {}), callbacks, bar)
    if compiled:
        run.step, run.outcome = autograd.compile(run.step), autograd.compile(run.outcome)
    generator = np.random.default_rng(rng)

    def blocks() -> Iterator[tuple[Any, ...]]:
        return mini_batches(inputs, targets, batch_size=batch_size, rng=generator, shuffle=shuffle)

    return run.through(epochs, blocks, held_out)


class _Run:
    """One fit under way: what stays the same through its epochs, and what they do."""

    def __init__(
        self,
        model: Model,
        loss: Callable[[Any, Any], Any],
        optimizer: Optimizer,
        metrics: Mapping[str, Metric],
        callbacks: Sequence[Callable[[Event], Any]],
        bar: _Bar,
    ) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.metrics, self.callbacks, self.bar = metrics, callbacks, bar
        self.history = History()
        self.step, self.outcome = self.descended, self.evaluated

    def tell(self, event: Event) -> None:
        for callback in self.callbacks:
            callback(event)

    def through(self, epochs: int, blocks: Callable[[], Iterator[tuple[Any, ...]]], held_out: Any) -> History:
        was_training = self.model.training
        try:
            self.tell(FitStarted(self.model, self.optimizer, self.history))
            for epoch in range(epochs):
                self.epoch(epoch, blocks(), held_out)
        except StopFit:
            pass
        finally:
            self.bar.close()
            self.model.train(was_training)
        self.tell(FitEnded(self.model, self.optimizer, self.history))
        return self.history

    def epoch(self, epoch: int, blocks: Iterator[tuple[Any, ...]], held_out: Any) -> None:
        self.model.train(True)
        seen = _Means()
        for batch, (x, y) in enumerate(blocks):
            value, output = self.update(x, y, f"epoch {epoch}, batch {batch}")
            self.history.updates += 1
            seen.add(len(x), {"loss": value, **self.measured(output, y)})
            self.tell(BatchEnded(self.model, self.optimizer, self.history, epoch, batch, value))
            self.bar.advance(seen.means())
        self.history.append({**seen.means(), **({} if held_out is None else self.validated(*held_out))})
        self.bar.show(self.history.last)
        self.tell(EpochEnded(self.model, self.optimizer, self.history, epoch))

    def update(self, x: Any, y: Any, place: str) -> tuple[float, Any]:
        try:
            found, output = self.step(x, y)
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
        return float(found), output

    def descended(self, x: Any, y: Any) -> Any:
        output = self.model(x)
        found = _finite(self.loss(output, y))
        self.optimizer.zero_grad()
        found.backward()
        self.optimizer.step()
        return found, output

    def evaluated(self, x: Any, y: Any) -> Any:
        with no_grad():
            output = self.model(x)
            return self.loss(output, y), output

    def validated(self, x: Any, y: Any) -> dict[str, float]:
        self.model.train(False)
        loss, output = self.outcome(x, y)
        found = {"loss": float(loss), **self.measured(output, y)}
        return {f"val_{name}": value for name, value in found.items()}

    def measured(self, output: Any, target: Any) -> dict[str, float]:
        return {name: float(metric(output.numpy(), target)) for name, metric in self.metrics.items()}


class _NotFiniteError(Exception):
    """The loss is NaN or infinite."""


def _checked(loss: Any) -> Any:
    if not np.all(np.isfinite(loss)):
        raise _NotFiniteError(loss)
    return loss


_finite = Whole(_checked, {"loss": lambda g: g})
"""The loss itself, where it is finite: an operation, so that a replay looks as well."""


class _Means:
    """Means over blocks of rows, each counted by its size."""

    def __init__(self) -> None:
        self._rows = 0
        self._sums: dict[str, float] = {}

    def add(self, rows: int, measured: Mapping[str, float]) -> None:
        self._rows += rows
        for name, value in measured.items():
            self._sums[name] = self._sums.get(name, 0.0) + rows * value

    def means(self) -> dict[str, float]:
        return {name: total / self._rows for name, total in self._sums.items()}


class _Bar:
    """A progress bar, if wanted."""

    def __init__(self, total: int, wanted: bool) -> None:
        self._bar = _tqdm(total) if wanted else None

    def advance(self, measured: Mapping[str, float]) -> None:
        if self._bar is not None:
            self.show(measured)
            self._bar.update()

    def show(self, measured: Mapping[str, float]) -> None:
        if self._bar is not None:
            self._bar.set_postfix({name: f"{value:.4f}" for name, value in measured.items()}, refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _tqdm(total: int) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise MissingDependencyError(
            "fit shows its progress with tqdm, which is not installed: pip install 'memograd[progress]', "
            "or say progress=False"
        ) from error
    return tqdm(total=total, unit="update")


def _cast(model: Model, array: Any) -> Any:
    """An array with its floats in the model's dtype."""
    array = np.asarray(array)
    dtypes: Iterator[Any] = (each.dtype for each in model.parameters())
    return array.astype(next(dtypes, array.dtype), copy=False) if array.dtype.kind == "f" else array


def _check(epochs: int, data: Any, validation: Any) -> None:
    if not isinstance(epochs, int | np.integer) or epochs < 0:
        raise DomainError(f"epochs is a whole number, 0 or more; found {epochs!r}")
    for name, pair in (("data", data), ("validation", validation)):
        if name == "validation" and pair is None:
            continue
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise ArgumentError(f"{name} is a pair (inputs, targets) of arrays; found {type(pair).__name__}")
        check_rows(tuple(pair))
