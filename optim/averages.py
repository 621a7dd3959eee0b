"""EMA: the exponentially weighted average of numbers that come one by one."""

from __future__ import annotations

from typing import Any

from autograd import StateError
from optim.optimizer import check_range


class EMA:
    r"""The exponentially weighted average $v \leftarrow \beta v + (1 - \beta) x$, of about the last $1 / (1 - \beta)$.

    It starts from $v = 0$, and is too small at first; the bias correction $v / (1 - \beta^t)$ mends that. Values are
    numbers, or arrays of one shape.
    Raises: DomainError unless $0 \le \beta < 1$.

    >>> from optim import EMA
    >>> average, biased = EMA(0.5), EMA(0.5, bias_correction=False)
    >>> [average.update(x) for x in (4.0, 4.0, 0.5)], [biased.update(x) for x in (4.0, 4.0, 0.5)]
    ([4.0, 4.0, 2.0], [2.0, 3.0, 1.75])
    """

    def __init__(self, beta: float = 0.9, *, bias_correction: bool = True) -> None:
        check_range("beta", beta, below=1.0)
        self.beta, self.bias_correction = beta, bias_correction
        self.t = 0
        self._v: Any = 0.0

    def update(self, value: Any) -> Any:
        """Take in one more value; the average is returned."""
        self._v = self.beta * self._v + (1 - self.beta) * value
        self.t += 1
        return self.value

    @property
    def value(self) -> Any:
        """The average now. Raises: StateError before the first value."""
        if not self.t:
            raise StateError("nothing has been averaged yet: call update(value) first")
        return self._v / (1 - self.beta**self.t) if self.bias_correction else self._v

    def __repr__(self) -> str:
        return f"EMA(beta={self.beta}, {self.t} values{f': {self.value}' if self.t else ''})"
