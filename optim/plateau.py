"""ReduceLROnPlateau: learning rates that fall where a measure has stopped improving."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, StateError
from optim.events import EpochEnded, Event
from optim.optimizer import Optimizer, check_choice, check_range
from optim.schedules import check_count
from optim.states import array_of, count_of

_STATE = ("best", "num_bad_epochs", "cooldown_counter")


class ReduceLROnPlateau:
    """Multiplies the rates by `factor` when a measure has not improved for more than `patience` steps.

    Better is lower (`mode="min"`) or higher ("max") than the best so far by more than `threshold`, a share of it
    ("rel") or a difference ("abs"). After a drop, `cooldown` steps are not counted. Rates stay at `min_lr` (a number,
    or one for each group) or above, and changes of at most `eps` are not made. It decides by what was measured, so it
    is no schedule: call `step(measure)` after each epoch, or give it to `fit` as a callback that looks at `monitor`.
    Source: the same numbers as torch.optim.lr_scheduler.ReduceLROnPlateau.
    Raises: DomainError for numbers out of range; ArgumentError for a measure that `fit` does not take.

    >>> from autograd import Tensor
    >>> from optim import SGD, ReduceLROnPlateau
    >>> optimizer = SGD([Tensor([1.0], requires_grad=True)], lr=1.0)
    >>> plateau = ReduceLROnPlateau(optimizer, patience=1)
    >>> for loss in (0.5, 0.5, 0.5):
    ...     plateau.step(loss)
    >>> optimizer.param_groups[0]["lr"]
    0.1
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
        *,
        monitor: str = "val_loss",
    ) -> None:
        check_range("factor", factor, below=1.0)
        check_count("patience", patience, least=0)
        check_count("cooldown", cooldown, least=0)
        check_range("threshold", threshold)
        check_range("eps", eps)
        check_choice("mode", mode, ("min", "max"))
        check_choice("threshold_mode", threshold_mode, ("rel", "abs"))
        self.optimizer, self.mode, self.factor, self.monitor = optimizer, mode, factor, monitor
        self.patience, self.cooldown, self.eps = patience, cooldown, eps
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.min_lr = min_lr
        _of_each_group(min_lr, len(optimizer.param_groups))
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = 0

    def __call__(self, event: Event) -> None:
        """Step after an epoch, by the measure that is monitored."""
        if isinstance(event, EpochEnded):
            if self.monitor not in event.history:
                raise ArgumentError(
                    f"ReduceLROnPlateau monitors {self.monitor!r}, which this fit does not measure; "
                    f"there are {', '.join(event.history)}"
                )
            self.step(event.history[self.monitor][-1])

    def step(self, metrics: Any) -> None:
        """Look at a new measure."""
        measure = float(metrics)
        if self._is_better(measure):
            self.best, self.num_bad_epochs = measure, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, measure: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "rel":
            return sign * measure > sign * self.best * (1 + sign * self.threshold)
        return sign * measure > sign * (self.best + sign * self.threshold)

    def _reduce(self) -> None:
        groups = self.optimizer.param_groups
        for group, least in zip(groups, _of_each_group(self.min_lr, len(groups)), strict=True):
            new = max(group["lr"] * self.factor, least)
            if group["lr"] - new > self.eps:
                group["lr"] = new

    def state_dict(self) -> dict[str, Any]:
        """The best measure and the counters, to be saved; the rates are in the optimizer's state."""
        return {name: getattr(self, name) for name in _STATE}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave. Raises: StateError for other names or values, and nothing is changed."""
        if not isinstance(state, Mapping) or set(state) != set(_STATE):
            raise StateError(f"a ReduceLROnPlateau's state has {', '.join(_STATE)}; found {state!r}; nothing loaded")
        best, *counts = _STATE
        found = {best: float(array_of(best, state[best], (), np.float64))}
        found |= {name: count_of(name, state[name]) for name in counts}
        vars(self).update(found)


def _of_each_group(least: float | Sequence[float], groups: int) -> list[float]:
    """The least rate of each: a single one counts for groups that were added later too."""
    found = list(least) if isinstance(least, Sequence) else [least] * groups
    for each in found:
        check_range("min_lr", each)
    if len(found) != groups:
        raise DomainError(f"min_lr is a number, or one for each of the {groups} groups; found {len(found)}")
    return found
