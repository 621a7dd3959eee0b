"""Adan: Adam with Nesterov's momentum estimated from the differences of gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import sqrt
from optim.optimizer import check_numbers, check_ranges
from optim.recorded import since
from optim.update_rule import UpdateRule, turned


def adan(
    p: Any, g: Any, m: Any, v: Any, n: Any, last: Any, *, t: Any, lr: Any, betas: Any, eps: float, decay: float
) -> Any:
    r"""One step of algorithm 1: $m$ averages $g$, $v$ its change $d = g - g_{t-1}$, $n$ the square of $g + \beta_2 d$.

    $p \leftarrow (p - \eta \, (\hat m + \beta_2 \hat v) / (\sqrt{\hat n} + \epsilon)) / (1 + \eta \lambda)$, with each
    average divided by its $1 - \beta^t$. At the first step $d = 0$.
    """
    beta1, beta2, beta3 = betas
    d = since(2, t) * (g - last)
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * d
    ahead = g + beta2 * d
    n = beta3 * n + (1 - beta3) * (ahead * ahead)
    along = m / (1 - beta1**t) + (beta2 / (1 - beta2**t)) * v
    p = p - lr * along / (sqrt(n / (1 - beta3**t)) + eps)
    return p / (1 + lr * decay) if decay else p, m, v, n, g


class Adan(UpdateRule):
    r"""Adaptive Nesterov momentum: $p \leftarrow p - \eta \, (\hat m + \beta_2 \hat v) / (\sqrt{\hat n} + \epsilon)$.

    The betas are those of the authors' code, which are 1 minus the paper's. Weight decay is decoupled and implicit.
    Source: Xie et al. 2022, arXiv:2208.06677.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adan
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adan([w], lr=0.1).step(); w.numpy().round(6)
    array([0.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_diff", "exp_avg_sq", "previous")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float, float] = (0.98, 0.92, 0.99),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay")
        check_numbers("betas", hyper["betas"], 3, below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g, betas = turned(gradient, hyper), hyper["betas"]
        lr, eps, decay = hyper["lr"], hyper["eps"], hyper["weight_decay"]
        new, *kept = adan(value, g, *memory, t=step, lr=lr, betas=betas, eps=eps, decay=decay)
        return new, kept
