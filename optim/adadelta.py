"""Adadelta: steps as large as the last ones were, whatever the scale of the gradient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import sqrt
from optim.optimizer import check_range, check_ranges
from optim.update_rule import UpdateRule, downhill


def adadelta(p: Any, g: Any, s: Any, d: Any, *, lr: Any, rho: float, eps: float) -> tuple[Any, Any, Any]:
    r"""One step of Zeiler's algorithm 1: $s \leftarrow \rho s + (1 - \rho) g^2$, the same average $d$ of $\Delta^2$.

    $\Delta = \frac{\sqrt{d + \epsilon}}{\sqrt{s + \epsilon}} \, g$, $p \leftarrow p - \eta \Delta$; $\epsilon$ in both
    roots, $\eta$ not in $d$.
    """
    s = rho * s + (1 - rho) * (g * g)
    delta = sqrt(d + eps) / sqrt(s + eps) * g
    return p - lr * delta, s, rho * d + (1 - rho) * (delta * delta)


class Adadelta(UpdateRule):
    r"""Adadelta: $p \leftarrow p - \eta \frac{\mathrm{RMS}(\Delta)}{\mathrm{RMS}(g)} \, g$, both over recent steps.

    The step has the units of the parameter, so $\eta$ may be left at 1.
    Source: Zeiler 2012, arXiv:1212.5701; the same numbers as torch.optim.Adadelta.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adadelta
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adadelta([w]).step(); w.numpy().round(6)
    array([0.996838])
    """

    memory: ClassVar[tuple[str, ...]] = ("square_avg", "acc_delta")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("rho", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay")
        check_range("rho", hyper["rho"], below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = downhill(value, gradient, hyper)
        new, *averages = adadelta(value, g, *memory, lr=hyper["lr"], rho=hyper["rho"], eps=hyper["eps"])
        return new, averages
