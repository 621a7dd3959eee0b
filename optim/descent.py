"""Gradient descent itself: fit a model to data, in batches of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from optim.asked import check_fit
from optim.batches import Batches
from optim.events import Event
from optim.fitting import Batch, Fitting
from optim.history import History
from optim.optimizer import Optimizer
from optim.progress import Bar
from optim.schedules import check_count

Metric = Callable[[Any, Any], float]
Data = Batch | Iterable[Batch]


def fit(
    model: Callable[[Any], Any],
    loss: Callable[[Any, Any], Any],
    data: Data,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int | None = 32,
    accumulate: int = 1,
    validation: Data | None = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Sequence[Callable[[Event], Any]] = (),
    schedule: Callable[[int], float] | None = None,
    tolerance: float | None = None,
    rng: np.random.Generator | int | None = None,
    shuffle: bool = True,
    compiled: bool = True,
    progress: bool = True,
) -> History:
    """Move the parameters of an optimizer down the loss of a model, and say how it went.

    `data` is a pair of arrays (inputs, targets), gone over once an epoch in shuffled blocks of `batch_size` rows (None:
    all rows, 1: one), which alone are read, so that files mapped to memory may be larger than it; or an iterable of
    such pairs, as they come, of which a Sequence is shuffled. With `accumulate` an update has the mean gradient of so
    many batches, each counted by its rows. If the loss is a mean over rows, that is the gradient of all of them in one
    batch, in less memory; it is not where rows are summed, ignored, or weighted by class.

    `loss(model(inputs), targets)` is differentiated; `metrics` are functions of plain output and target arrays.
    Float arrays are cast to the dtype of the parameters. An update is recorded at the first batch and replayed as a
    NumPy program (another one for a short last batch); `compiled=False` runs the Python code of model and loss each
    time, which those need that decide by values or keep count of their calls. `History` has the mean over the epoch
    of each measure, and `val_...` after it, without gradients and in evaluation mode.

    `schedule` is a function of the epoch, from 0: the factor on the learning rates, which have their values back in
    the end; for one that counts updates, `callbacks=[Scheduler(optimizer, schedule, on=BatchEnded)]`. With
    `tolerance` the fit ends after an epoch whose mean loss differs by at most that from the one before, or whose last
    update had a gradient of at most that norm; `history.stopped` says which.

    Shapes: data and validation are pairs of arrays with one row a sample.
    Raises: ShapeError, DomainError, ArgumentError for data that do not fit; TrainingError when the loss is not finite,
    which leaves parameters and buffers as they were before that batch.
    """
    check_count("epochs", epochs, least=0)
    check_fit(model, loss, optimizer, metrics, callbacks, schedule)
    dtype, again = optimizer.parameters()[0].dtype, epochs > 1
    batches = Batches("data", data, dtype, batch_size=batch_size, rng=rng, shuffle=shuffle, again=again)
    held_out: Iterable[Batch] = ()
    if validation is not None:
        held_out = Batches("validation", validation, dtype, batch_size=None, rng=None, shuffle=False, again=again)
    run = Fitting(model, loss, optimizer, dict(metrics or {}), callbacks, schedule, accumulate, tolerance)
    if compiled:
        run.compile()
    return run.through(epochs, batches, held_out, Bar(epochs, batches.count, accumulate, progress))


def batch_gradient_descent(
    model: Callable[[Any], Any], loss: Any, data: Batch, optimizer: Optimizer, *, epochs: int, **options: Any
) -> History:
    """Gradient descent with all rows in every update: one update an epoch, along the slope of the whole loss.

        for epoch in range(epochs):
            step(X, y)                      # one update: from all m rows

    The curve is smooth and an epoch is fast; it takes many of them. `options` are those of `fit`.
    """
    return fit(model, loss, data, optimizer, epochs=epochs, batch_size=None, **options)


def stochastic_gradient_descent(
    model: Callable[[Any], Any], loss: Any, data: Batch, optimizer: Optimizer, *, epochs: int, **options: Any
) -> History:
    """Gradient descent with one row in every update: m updates an epoch, in an order drawn anew each time.

        for epoch in range(epochs):
            for i in permutation(m):
                step(X[i], y[i])            # m updates: from one row each

    The curve is spiky and an epoch is slow; it takes few of them. `options` are those of `fit`.
    """
    return fit(model, loss, data, optimizer, epochs=epochs, batch_size=1, **options)


def mini_batch_gradient_descent(
    model: Callable[[Any], Any],
    loss: Any,
    data: Batch,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int = 32,
    **options: Any,
) -> History:
    """Gradient descent with some rows in every update: m / batch_size updates an epoch, rounded up.

        for epoch in range(epochs):
            for rows in blocks(permutation(m), batch_size):
                step(X[rows], y[rows])      # 10 updates for 320 rows in 32s

    Between the two others, and what NumPy is fastest with per row. `options` are those of `fit`.
    """
    return fit(model, loss, data, optimizer, epochs=epochs, batch_size=batch_size, **options)
