"""Schedules that rise and fall: cosine annealing with and without restarts, one cycle, and cycles without end."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from autograd import DomainError
from optim.optimizer import check_choice, check_range
from optim.schedules import Schedule, check_count


def _check_share(name: str, value: float) -> None:
    """Raise a DomainError unless it lies between 0 and 1."""
    check_range(name, value, below=math.nextafter(1.0, 2.0))


def _cosine(start: float, end: float, share: float) -> float:
    """From start (share 0) to end (share 1), on half a wave."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _line(start: float, end: float, share: float) -> float:
    """From start (share 0) to end (share 1), on a line."""
    return start + (end - start) * share


@dataclass(frozen=True, repr=False)
class CosineAnnealingLR(Schedule):
    r"""Half a cosine wave from 1 to `floor` $f$ in $T$ steps, $f + (1 - f)(1 + \cos(\pi t / T)) / 2$, then up again.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983; the same numbers as torch.optim.lr_scheduler.CosineAnnealingLR
    with `eta_min` = `floor` times the base rate. Raises: DomainError for numbers out of range.

    >>> from optim import CosineAnnealingLR
    >>> [round(CosineAnnealingLR(2)(t), 3) for t in range(5)]
    [1.0, 0.5, 0.0, 0.5, 1.0]
    """

    T_max: int
    _: KW_ONLY
    floor: float = 0.0

    def __post_init__(self) -> None:
        check_count("T_max", self.T_max)
        check_range("floor", self.floor)

    def at(self, t: int) -> float:
        """As the class says."""
        return _cosine(1.0, self.floor, t / self.T_max)


@dataclass(frozen=True, repr=False)
class CosineAnnealingWarmRestarts(Schedule):
    r"""Cosine annealing to `floor` again and again: in `T_0` steps at first, then in `T_mult` times as many each time.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983; the same numbers as
    torch.optim.lr_scheduler.CosineAnnealingWarmRestarts with `eta_min` = `floor` times the base rate.
    Raises: DomainError for numbers out of range.

    >>> from optim import CosineAnnealingWarmRestarts
    >>> [round(CosineAnnealingWarmRestarts(1, T_mult=2)(t), 3) for t in range(5)]
    [1.0, 1.0, 0.5, 1.0, 0.854]
    """

    T_0: int
    T_mult: int = 1
    _: KW_ONLY
    floor: float = 0.0

    def __post_init__(self) -> None:
        check_count("T_0", self.T_0)
        check_count("T_mult", self.T_mult)
        check_range("floor", self.floor)

    def at(self, t: int) -> float:
        """As the class says."""
        length = self.T_0
        if self.T_mult == 1:
            t %= length
        while t >= length:
            t, length = t - length, length * self.T_mult
        return _cosine(1.0, self.floor, t / length)


@dataclass(frozen=True, repr=False)
class OneCycleLR(Schedule):
    r"""Up from $1/d$ to 1 in the first `pct_start` of `total_steps`, then down to $1/(d D)$; with `three_phase` first
    back to $1/d$ in as many steps.

    The optimizer's own rate is the largest ($d$ is `div_factor`, $D$ is `final_div_factor`).
    Source: Smith and Topin 2017, arXiv:1708.07120; the same numbers as torch.optim.lr_scheduler.OneCycleLR.
    Raises: DomainError for numbers out of range, and for steps beyond `total_steps`.

    >>> from optim import OneCycleLR
    >>> cycle = OneCycleLR(11, pct_start=0.5, div_factor=10.0)
    >>> [round(cycle(t), 1) for t in (0, 4, 10)], [round(cycle.momentum(t), 2) for t in (0, 4, 10)]
    ([0.1, 1.0, 0.0], [0.95, 0.85, 0.95])
    """

    total_steps: int
    _: KW_ONLY
    pct_start: float = 0.3
    anneal_strategy: str = "cos"
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    three_phase: bool = False

    def __post_init__(self) -> None:
        check_count("total_steps", self.total_steps)
        _check_share("pct_start", self.pct_start)
        check_choice("anneal_strategy", self.anneal_strategy, ("cos", "linear"))
        for name in ("div_factor", "final_div_factor"):
            check_range(name, getattr(self, name), least=math.ulp(0.0))

    def at(self, t: int) -> float:
        """As the class says."""
        start = 1 / self.div_factor
        end = start / self.final_div_factor
        return self._through(t, (start, 1.0, start, end) if self.three_phase else (start, 1.0, end))

    def momentum(self, t: int, low: float = 0.85, high: float = 0.95) -> float:
        """The momentum that goes with it: low where the rate is high, and the other way round."""
        return self._through(t, (high, low, high, high) if self.three_phase else (high, low, high))

    def _through(self, t: int, values: Sequence[float]) -> float:
        """From each value to the next, on the way that was chosen."""
        if t > self.total_steps:
            raise DomainError(f"{self} ends at step {self.total_steps}; step {t} was asked for")
        rise = self.pct_start * self.total_steps - 1
        ends = [rise, 2 * rise, self.total_steps - 1] if self.three_phase else [rise, self.total_steps - 1]
        phase = min(bisect_left(ends, t), len(ends) - 1)
        begin, end = [0.0, *ends][phase : phase + 2]
        share = min((t - begin) / (end - begin), 1.0) if end > begin else 1.0
        between = _cosine if self.anneal_strategy == "cos" else _line
        return between(values[phase], values[phase + 1], share)


@dataclass(frozen=True, repr=False)
class CyclicLR(Schedule):
    r"""From `low` up to 1 in `step_size_up` steps and down again in `step_size_down` (None: as many), without end.

    The optimizer's own rate is the largest, and `low` a share of it. `mode` says how the height $1 - low$ changes:
    "triangular" not at all, "triangular2" by half each cycle, "exp_range" by $\gamma^t$.
    Source: Smith 2017, arXiv:1506.01186; the same numbers as torch.optim.lr_scheduler.CyclicLR with
    `base_lr` = `low` times `max_lr`. Raises: DomainError for numbers out of range.

    >>> from optim import CyclicLR
    >>> [CyclicLR(0.5, step_size_up=2, mode="triangular2")(t) for t in range(9)]
    [0.5, 0.75, 1.0, 0.75, 0.5, 0.625, 0.75, 0.625, 0.5]
    """

    low: float
    _: KW_ONLY
    step_size_up: int = 2000
    step_size_down: int | None = None
    mode: str = "triangular"
    gamma: float = 1.0

    def __post_init__(self) -> None:
        _check_share("low", self.low)
        check_count("step_size_up", self.step_size_up)
        check_count("step_size_down", self._down)
        check_choice("mode", self.mode, ("triangular", "triangular2", "exp_range"))
        check_range("gamma", self.gamma)

    @property
    def _down(self) -> int:
        return self.step_size_up if self.step_size_down is None else self.step_size_down

    def at(self, t: int) -> float:
        """As the class says."""
        return self.low + (1 - self.low) * self._height(t)

    def momentum(self, t: int, low: float = 0.8, high: float = 0.9) -> float:
        """The momentum that goes with it: low where the rate is high, and the other way round."""
        return high - (high - low) * self._height(t)

    def _height(self, t: int) -> float:
        """Between 0 at the start of a cycle and, but for the mode, 1 at its top."""
        cycle, place = divmod(t, self.step_size_up + self._down)
        rising = place <= self.step_size_up
        share = place / self.step_size_up if rising else 1 - (place - self.step_size_up) / self._down
        if self.mode == "exp_range":
            return share * self.gamma**t
        return math.ldexp(share, -cycle) if self.mode == "triangular2" else share
