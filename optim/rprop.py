"""Rprop: steps by the sign of the gradient alone, with a size for each element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import DomainError, clip, sign, where
from optim.optimizer import check_numbers, check_ranges
from optim.update_rule import UpdateRule, turned, zeros


def rprop(p: Any, g: Any, previous: Any, size: Any, *, etas: tuple[float, float], sizes: tuple[float, float]) -> Any:
    r"""One step: $\Delta$ grows by $\eta^+$ while the gradient keeps its sign, and shrinks by $\eta^-$ where it turns.

    $p \leftarrow p - \Delta \, \mathrm{sign}(g)$; where the gradient has turned the element stays, and its gradient
    counts as 0 at the next step.
    """
    agreement = sign(g * previous)
    shrink, grow = etas
    size = clip(where(agreement > 0, size * grow, where(agreement < 0, size * shrink, size)), *sizes)
    g = where(agreement < 0, 0 * g, g)
    return p - sign(g) * size, g, size


class Rprop(UpdateRule):
    r"""Resilient backpropagation: $p \leftarrow p - \Delta \, \mathrm{sign}(g)$, for gradients over all data.

    How large a gradient is does not count. The sizes $\Delta$ start at the learning rate, which is not read again.
    Source: Riedmiller and Braun 1993, doi:10.1109/ICNN.1993.298623; the same numbers as torch.optim.Rprop.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Rprop
    >>> w = Tensor([1.0, -100.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Rprop([w], lr=0.1).step(); w.numpy()
    array([  0.9, -99.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("prev", "step_size")
    by_element: ClassVar[bool] = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr")
        for name in ("etas", "step_sizes"):
            check_numbers(name, hyper[name], 2)
        if not 0 < hyper["etas"][0] < 1 < hyper["etas"][1]:
            raise DomainError(f"etas have to be 0 < shrinking < 1 < growing; found {hyper['etas']}")
        if not hyper["step_sizes"][0] <= hyper["step_sizes"][1]:
            raise DomainError(f"step_sizes have to be the least and the largest; found {hyper['step_sizes']}")

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """No gradient, and sizes of the learning rate."""
        return [zeros(value), np.full_like(value, hyper["lr"])[()]]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = turned(gradient, hyper)
        new, *kept = rprop(value, g, *memory, etas=hyper["etas"], sizes=hyper["step_sizes"])
        return new, kept
