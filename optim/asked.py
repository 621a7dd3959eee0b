"""What a fit is asked for: checked before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import ArgumentError
from optim.optimizer import Optimizer
from optim.plateau import ReduceLROnPlateau
from optim.schedulers import Scheduler


def check_fit(model: Any, loss: Any, optimizer: Any, metrics: Any, callbacks: Any, schedule: Any) -> None:
    """Raise an ArgumentError for what a fit cannot take."""
    _check_function("model", "of inputs", model)
    _check_function("loss", "of outputs and targets", loss)
    _check_optimizer(optimizer)
    _check_metrics({} if metrics is None else metrics)
    if not isinstance(callbacks, Sequence):
        raise ArgumentError(f"callbacks is a list of functions of an event; found {_told(callbacks)}")
    for each in callbacks:
        _check_function("a callback", "of an event", each)
    if schedule is not None:
        _check_function("schedule", "of the step", schedule)
        if isinstance(schedule, Scheduler | ReduceLROnPlateau):
            raise ArgumentError(
                f"schedule is a function of the step, as StepLR(10); {_told(schedule)} has an optimizer of its own, "
                f"and belongs into callbacks=[...]"
            )


def _check_function(name: str, of_what: str, found: Any) -> None:
    if not callable(found) or isinstance(found, type):
        raise ArgumentError(f"{name} is a function {of_what}; found {_told(found)}")


def _check_optimizer(found: Any) -> None:
    if not isinstance(found, Optimizer):
        raise ArgumentError(f"optimizer is made of parameters, as Adam(model.parameters()); found {_told(found)}")
    if found.needs_closure:
        raise ArgumentError(
            f"{type(found).__name__} computes the loss itself as often as it likes, and fit once for each batch; "
            f"call its step(closure) in a loop, or use minimize"
        )
    if not found.parameters():
        raise ArgumentError(f"this {type(found).__name__} has no parameters in its groups; give it model.parameters()")


def _check_metrics(found: Any) -> None:
    if not isinstance(found, Mapping):
        raise ArgumentError(
            f"metrics is a dict of functions by name, as {{'accuracy': accuracy}}; found {_told(found)}"
        )
    for name, each in found.items():
        if not isinstance(name, str) or name == "loss" or name.startswith("val_"):
            raise ArgumentError(
                f"a metric has a name of its own, since 'loss' is the loss and 'val_...' is what validation measured; "
                f"found {name!r}"
            )
        _check_function(f"the metric {name!r}", "of outputs and targets", each)


def _told(found: Any) -> str:
    return f"the class {found.__name__}" if isinstance(found, type) else f"a {type(found).__name__}"
