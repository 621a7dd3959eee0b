"""Scheduler: what lets an optimizer's learning rates follow a schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import ArgumentError, CompileError, StateError
from autograd.mode import recording
from optim.events import EpochEnded, Event
from optim.optimizer import Optimizer, check_range
from optim.states import array_of, count_of


class Scheduler:
    """Lets the learning rates of an optimizer follow a schedule, a function of the step: base rate times its factor.

    Made before the first update, which has the rates of step 0; `step()` is called after `optimizer.step()`, once an
    epoch or once an update, whichever the schedule counts. It is a callback of `fit` too, that steps at each event of
    the type `on`. `momentum` is a function of the step as well, and gives the momentum itself: `cycle.momentum`. A
    compiled step reads rates anew at each call; so it does momentum, once it has been recorded again for its change.
    Raises: ArgumentError for what is no schedule; DomainError, without a change, for rates below 0 or not finite.

    >>> from autograd import Tensor
    >>> from optim import SGD, ExponentialLR, Scheduler
    >>> optimizer = SGD([Tensor([1.0], requires_grad=True)], lr=0.5)
    >>> scheduler = Scheduler(optimizer, ExponentialLR(0.5))
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedule: Callable[[int], float],
        *,
        momentum: Callable[[int], float] | None = None,
        on: type[Event] = EpochEnded,
    ) -> None:
        if not isinstance(optimizer, Optimizer) or not callable(schedule) or isinstance(schedule, type):
            raise ArgumentError(
                f"Scheduler takes an optimizer and a function of the step; "
                f"found {type(optimizer).__name__} and {type(schedule).__name__}"
            )
        self.optimizer, self.schedule, self.momentum, self.on = optimizer, schedule, momentum, on
        self.base_lrs: list[float] = []
        self.t = 0
        self._go_to(0, [])

    def __call__(self, event: Event) -> None:
        """Step at the events it was made for."""
        if isinstance(event, self.on):
            self.step()

    def step(self) -> None:
        """Go on to the next step of the schedule. Raises: CompileError within a compiled function."""
        if recording() is not None:
            raise CompileError(
                "scheduler.step() within a compiled function would happen once, while it is recorded; "
                "call it outside, after the compiled step"
            )
        self._go_to(self.t + 1, self.base_lrs)

    def _go_to(self, t: int, base_lrs: list[float]) -> None:
        groups = self.optimizer.param_groups
        bases = [*base_lrs, *(group["lr"] for group in groups[len(base_lrs) :])]
        factor = self.schedule(t)
        check_range(f"the schedule at step {t}", factor)
        changes = [
            {"lr": float(base * factor), **self._momentum(group, t)} for base, group in zip(bases, groups, strict=True)
        ]
        for group, change in zip(groups, changes, strict=True):
            group.update(change)
        self.base_lrs, self.t = bases, t

    def _momentum(self, group: Mapping[str, Any], t: int) -> dict[str, Any]:
        if self.momentum is None:
            return {}
        value = self.momentum(t)
        check_range(f"momentum at step {t}", value, below=1.0)
        if "momentum" in group:
            return {"momentum": value}
        if "betas" in group:
            return {"betas": (value, *group["betas"][1:])}
        raise ArgumentError(f"{type(self.optimizer).__name__} has neither momentum nor betas that could be scheduled")

    def restore(self) -> None:
        """Give the optimizer its base rates back."""
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=False):
            group["lr"] = base

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """The step and the base rates, to be saved."""
        return {"t": self.t, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave, and set the rates of that step.

        Raises: StateError for names, numbers, or a number of groups that do not fit, and nothing is changed.
        """
        if not isinstance(state, Mapping) or set(state) != {"t", "base_lrs"}:
            raise StateError(f"a Scheduler's state has 't' and 'base_lrs'; found {state!r}; nothing loaded")
        bases = array_of("base_lrs", state["base_lrs"], (len(self.optimizer.param_groups),), np.float64).tolist()
        for base in bases:
            check_range("a base rate", base)
        self._go_to(count_of("t", state["t"]), bases)

    def __repr__(self) -> str:
        return f"Scheduler({self.schedule!r}, at step {self.t}: lr={self.get_last_lr()})"
