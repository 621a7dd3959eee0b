"""Adagrad: each parameter's rate falls with the squares of the gradients it has seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import sqrt
from optim.optimizer import check_ranges
from optim.update_rule import UpdateRule, downhill


def adagrad(p: Any, g: Any, s: Any, *, t: Any, lr: Any, lr_decay: float, eps: float) -> tuple[Any, Any]:
    r"""One step: $s \leftarrow s + g^2$, $p \leftarrow p - \eta_t \, g / (\sqrt s + \epsilon)$.

    The rate falls by itself as $\eta_t = \eta / (1 + (t - 1) d)$, with $d$ the `lr_decay`.
    """
    s = s + g * g
    return p - (lr / (1 + (t - 1) * lr_decay)) * (g / (sqrt(s) + eps)), s


class Adagrad(UpdateRule):
    r"""Adagrad: $p \leftarrow p - \eta \, g / (\sqrt{\sum g^2} + \epsilon)$, the sum over all steps so far.

    What has had small or rare gradients takes large steps. The sum only grows, so the steps end by dying out.
    Source: Duchi et al. 2011, https://jmlr.org/papers/v12/duchi11a.html; the same numbers as torch.optim.Adagrad.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adagrad
    >>> w = Tensor([1.0, 100.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adagrad([w], lr=0.1).step(); w.numpy().round(6)
    array([ 0.9, 99.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("sum",)
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("lr_decay", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay}
        hyper |= {"initial_accumulator_value": initial_accumulator_value, "eps": eps}
        super().__init__(params, {**hyper, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """The sum as it is told to start."""
        return [np.full_like(value, hyper["initial_accumulator_value"])[()]]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = downhill(value, gradient, hyper)
        lr, lr_decay, eps = hyper["lr"], hyper["lr_decay"], hyper["eps"]
        new, s = adagrad(value, g, memory[0], t=step, lr=lr, lr_decay=lr_decay, eps=eps)
        return new, [s]
