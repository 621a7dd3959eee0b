"""What a fit tells its callbacks: frozen events, one class for each occasion.

A callback is any function of an event; it tells occasions apart by their type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from optim.history import History
from optim.optimizer import Optimizer


@dataclass(frozen=True, slots=True)
class Event:
    """An occasion in a fit: the model, the optimizer and what was measured so far."""

    model: Any
    optimizer: Optimizer
    history: History


@dataclass(frozen=True, slots=True)
class FitStarted(Event):
    """Before the first epoch."""


@dataclass(frozen=True, slots=True)
class BatchEnded(Event):
    """After an update: the epoch (from 0), the number of the update within it, and its loss."""

    epoch: int
    batch: int
    loss: float


@dataclass(frozen=True, slots=True)
class EpochEnded(Event):
    """After an epoch (counted from 0) and its validation."""

    epoch: int


@dataclass(frozen=True, slots=True)
class FitEnded(Event):
    """After the last epoch, also when a callback asked to stop."""


class StopFit(Exception):  # noqa: N818  a signal, as StopIteration is
    """Raised by a callback to end a fit; what was learned stays, and a message is kept as `history.stopped`."""
