"""Schedules: functions of the step that give a factor on the learning rate, and compose.

`WarmupLR(5) * CosineAnnealingLR(95)` is a schedule, and so is `0.1 * ExponentialLR(0.95)`. Names are PyTorch's; what
PyTorch gives as a rate (`eta_min`, `max_lr`) is a share of the optimizer's own rate here, so that parameter groups
with rates of their own keep their ratios.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import pairwise
from types import FunctionType
from typing import Any, Self

import numpy as np

from autograd import ArgumentError, DomainError
from optim.optimizer import Optimizer, check_range


@dataclass(frozen=True, repr=False)
class Schedule(ABC):
    r"""A function of the step $t = 0, 1, 2, \dots$ (epochs or updates, as it is used): the factor on each base rate.

    Schedules multiply with one another, with any function of the step, and with numbers. A schedule of one's own is a
    frozen dataclass that says `at(t)`.
    Raises: DomainError for a step that is no whole number, or below 0, or where the factor is no float any more.

    >>> from optim import ExponentialLR, WarmupLR
    >>> schedule = 0.1 * WarmupLR(2) * ExponentialLR(0.5)
    >>> [schedule(t) for t in range(4)]
    [0.05, 0.05, 0.025, 0.0125]
    >>> schedule
    0.1 * WarmupLR(total_iters=2) * ExponentialLR(gamma=0.5)
    """

    def __new__(cls, *given: Any, **named: Any) -> Self:
        """Raise an ArgumentError for an optimizer among the arguments."""
        if any(isinstance(each, Optimizer) for each in (*given, *named.values())):
            raise ArgumentError(
                f"{cls.__name__} is a function of the step, and knows no optimizer; write "
                f"Scheduler(optimizer, {cls.__name__}(...)) for what lets an optimizer's learning rates follow it"
            )
        return super().__new__(cls)

    def __call__(self, t: int) -> float:
        """The factor at step t."""
        check_count("a schedule's step", t, least=0)
        try:
            with np.errstate(over="raise"):  # NumPy's numbers would become inf
                return float(self.at(int(t)))
        except (OverflowError, FloatingPointError):
            raise DomainError(f"{self} is larger than any float at step {t}; let it grow less, or end before") from None

    @abstractmethod
    def at(self, t: int) -> float:
        """The formula, for a step that was checked."""

    def __repr__(self) -> str:
        values = [(each, getattr(self, each.name)) for each in fields(self)]
        told = ", ".join(f"{each.name}={_told(value)}" for each, value in values if value != each.default)
        return f"{type(self).__name__}({told})"

    def __mul__(self, other: Factor) -> ProductLR:
        return ProductLR((self, other))

    def __rmul__(self, other: Factor) -> ProductLR:
        return ProductLR((other, self))


Factor = float | Callable[[int], float]


def check_count(name: str, value: Any, *, least: int = 1) -> None:
    """Raise a DomainError unless it is a whole number, and not below `least`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise DomainError(f"{name} has to be a whole number, {least} or more; found {value!r}")


@dataclass(frozen=True, repr=False)
class ProductLR(Schedule):
    """The product of schedules, functions of the step and numbers: what `*` gives, PyTorch's ChainedScheduler.

    >>> from optim import ProductLR, StepLR
    >>> ProductLR((0.5, StepLR(10)))(10)
    0.05
    """

    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        for each in self.factors:
            if not callable(each):
                check_range("a factor of a schedule", each)

    def at(self, t: int) -> float:
        """The product of all at t."""
        return math.prod(each(t) if callable(each) else each for each in self.factors)

    def __repr__(self) -> str:
        return " * ".join(map(_told, self.factors))


@dataclass(frozen=True, repr=False)
class SequentialLR(Schedule):
    """One schedule after another: each begins, at its own step 0, at its milestone.

    Source: the same numbers as torch.optim.lr_scheduler.SequentialLR.
    Raises: DomainError unless the milestones grow and are one fewer than the schedules.

    >>> from optim import ConstantLR, ExponentialLR, SequentialLR
    >>> schedule = SequentialLR([ConstantLR(0.5, total_iters=9), ExponentialLR(0.9)], milestones=[2])
    >>> [schedule(t) for t in range(4)]
    [0.5, 0.5, 1.0, 0.9]
    """

    schedules: tuple[Callable[[int], float], ...]
    milestones: tuple[int, ...]

    def __post_init__(self) -> None:
        for name in ("schedules", "milestones"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for schedule in self.schedules:
            _check_function("SequentialLR", schedule)
        for each in self.milestones:
            check_count("a milestone", each)
        grows = all(one < other for one, other in pairwise(self.milestones))
        if len(self.schedules) != len(self.milestones) + 1 or not grows:
            raise DomainError(
                f"{len(self.schedules)} schedules meet at {len(self.schedules) - 1} milestones, each later than the "
                f"one before; found milestones {self.milestones}"
            )

    def at(self, t: int) -> float:
        """That of the schedule whose turn it is."""
        turn = bisect_right(self.milestones, t)
        return self.schedules[turn](t - (self.milestones[turn - 1] if turn else 0))


@dataclass(frozen=True, repr=False)
class LambdaLR(Schedule):
    """Any function of the step, as a schedule that composes.

    >>> from optim import LambdaLR
    >>> (2 * LambdaLR(lambda t: 1 / (t + 1)))(3)
    0.5
    """

    lr_lambda: Callable[[int], float]

    def __post_init__(self) -> None:
        _check_function("LambdaLR", self.lr_lambda)

    def at(self, t: int) -> float:
        """What the function gives."""
        return self.lr_lambda(t)


@dataclass(frozen=True, repr=False)
class MultiplicativeLR(Schedule):
    r"""A product of all that a function has given so far, $\prod_{i=1}^{t} f(i)$. It takes t calls to tell.

    >>> from optim import MultiplicativeLR
    >>> MultiplicativeLR(lambda t: 0.5)(3)
    0.125
    """

    lr_lambda: Callable[[int], float]

    def __post_init__(self) -> None:
        _check_function("MultiplicativeLR", self.lr_lambda)

    def at(self, t: int) -> float:
        """The product up to t."""
        return math.prod(self.lr_lambda(i) for i in range(1, t + 1))


def _told(value: Any) -> str:
    return value.__name__ if isinstance(value, FunctionType) else repr(value)


def _check_function(name: str, function: Any) -> None:
    if not callable(function):
        raise ArgumentError(f"{name} takes a function of the step; found {type(function).__name__}")
