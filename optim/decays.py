"""Schedules that fall, or rise, once: the course's decays, steps, exponentials, polynomials and warm-up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from optim.optimizer import check_range
from optim.schedules import Schedule, check_count


@dataclass(frozen=True, repr=False)
class ConstantLR(Schedule):
    """`factor` until step `total_iters`, from there on 1.

    Source: the same numbers as torch.optim.lr_scheduler.ConstantLR. Raises: DomainError for numbers out of range.

    >>> from optim import ConstantLR
    >>> [ConstantLR(0.5, total_iters=2)(t) for t in range(4)]
    [0.5, 0.5, 1.0, 1.0]
    """

    factor: float = 1 / 3
    total_iters: int = 5

    def __post_init__(self) -> None:
        check_range("factor", self.factor)
        check_count("total_iters", self.total_iters)

    def at(self, t: int) -> float:
        """As the class says."""
        return self.factor if t < self.total_iters else 1.0


@dataclass(frozen=True, repr=False)
class LinearLR(Schedule):
    r"""From `start_factor` to `end_factor` on a line, in `total_iters` steps $T$: $a + (b - a) \min(t, T) / T$.

    Source: the same numbers as torch.optim.lr_scheduler.LinearLR. Raises: DomainError for numbers out of range.

    >>> from optim import LinearLR
    >>> [LinearLR(0.5, total_iters=2)(t) for t in range(4)]
    [0.5, 0.75, 1.0, 1.0]
    """

    start_factor: float = 1 / 3
    end_factor: float = 1.0
    total_iters: int = 5

    def __post_init__(self) -> None:
        check_range("start_factor", self.start_factor)
        check_range("end_factor", self.end_factor)
        check_count("total_iters", self.total_iters)

    def at(self, t: int) -> float:
        """As the class says."""
        share = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * share


@dataclass(frozen=True, repr=False)
class WarmupLR(Schedule):
    r"""Warm-up, $\min(1, (t + 1) / T)$: no step is lost at rate 0, and the full rate is reached at step $T - 1$.

    Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2. Raises: DomainError for a `total_iters` below 1.

    >>> from optim import WarmupLR
    >>> [WarmupLR(4)(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    total_iters: int

    def __post_init__(self) -> None:
        check_count("total_iters", self.total_iters)

    def at(self, t: int) -> float:
        """As the class says."""
        return min(1.0, (t + 1) / self.total_iters)


@dataclass(frozen=True, repr=False)
class PolynomialLR(Schedule):
    r"""A power of what is left of `total_iters` steps $T$: $(1 - \min(t, T) / T)^p$.

    Source: the same numbers as torch.optim.lr_scheduler.PolynomialLR. Raises: DomainError for numbers out of range.

    >>> from optim import PolynomialLR
    >>> [PolynomialLR(2, power=2.0)(t) for t in range(4)]
    [1.0, 0.25, 0.0, 0.0]
    """

    total_iters: int = 5
    power: float = 1.0

    def __post_init__(self) -> None:
        check_count("total_iters", self.total_iters)
        check_range("power", self.power)

    def at(self, t: int) -> float:
        """As the class says."""
        return float((1 - min(t, self.total_iters) / self.total_iters) ** self.power)


@dataclass(frozen=True, repr=False)
class ExponentialLR(Schedule):
    r"""$\gamma^t$: the course's $0.95^{epoch} \alpha_0$.

    Source: the same numbers as torch.optim.lr_scheduler.ExponentialLR. Raises: DomainError for a negative gamma.

    >>> from optim import ExponentialLR
    >>> [ExponentialLR(0.5)(t) for t in range(4)]
    [1.0, 0.5, 0.25, 0.125]
    """

    gamma: float

    def __post_init__(self) -> None:
        check_range("gamma", self.gamma)

    def at(self, t: int) -> float:
        """As the class says."""
        return self.gamma**t


@dataclass(frozen=True, repr=False)
class StepLR(Schedule):
    r"""A staircase: $\gamma^{\lfloor t / k \rfloor}$, a drop every `step_size` steps $k$.

    Source: the same numbers as torch.optim.lr_scheduler.StepLR. Raises: DomainError for numbers out of range.

    >>> from optim import StepLR
    >>> [StepLR(2, gamma=0.5)(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        check_count("step_size", self.step_size)
        check_range("gamma", self.gamma)

    def at(self, t: int) -> float:
        """As the class says."""
        return self.gamma ** (t // self.step_size)


@dataclass(frozen=True, repr=False)
class MultiStepLR(Schedule):
    r"""A drop at each milestone: $\gamma$ to the number of milestones $\le t$; one that is named twice drops twice.

    Source: the same numbers as torch.optim.lr_scheduler.MultiStepLR. Raises: DomainError for numbers out of range.

    >>> from optim import MultiStepLR
    >>> [MultiStepLR([1, 3, 3], gamma=0.5)(t) for t in range(5)]
    [1.0, 0.5, 0.5, 0.125, 0.125]
    """

    milestones: tuple[int, ...]
    gamma: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "milestones", tuple(self.milestones))
        for each in self.milestones:
            check_count("a milestone", each, least=0)
        check_range("gamma", self.gamma)

    def at(self, t: int) -> float:
        """As the class says."""
        return self.gamma ** sum(milestone <= t for milestone in self.milestones)


@dataclass(frozen=True, repr=False)
class InverseTimeLR(Schedule):
    r"""The course's $1 / (1 + decay \cdot t)$. Raises: DomainError for a negative decay.

    >>> from optim import InverseTimeLR
    >>> [InverseTimeLR(1.0)(t) for t in range(4)]
    [1.0, 0.5, 0.3333333333333333, 0.25]
    """

    decay: float

    def __post_init__(self) -> None:
        check_range("decay", self.decay)

    def at(self, t: int) -> float:
        """As the class says."""
        return 1 / (1 + self.decay * t)


@dataclass(frozen=True, repr=False)
class InverseSqrtLR(Schedule):
    r"""The course's $k / \sqrt{epoch}$; epochs count from 1 in it and steps from 0 here: $k / \sqrt{t + 1}$.

    Raises: DomainError for a negative k.

    >>> from optim import InverseSqrtLR
    >>> [InverseSqrtLR()(t) for t in (0, 3, 99)]
    [1.0, 0.5, 0.1]
    """

    k: float = 1.0

    def __post_init__(self) -> None:
        check_range("k", self.k)

    def at(self, t: int) -> float:
        """As the class says."""
        return self.k / math.sqrt(t + 1)
