"""Adamax: Adam with the largest recent gradient in place of the root mean square."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import absolute, maximum
from optim.optimizer import check_numbers, check_ranges
from optim.update_rule import UpdateRule, downhill


def adamax(p: Any, g: Any, m: Any, u: Any, *, t: Any, lr: Any, beta1: float, beta2: float, eps: float) -> Any:
    """One step of Kingma and Ba's algorithm 2, as `Adamax` has it."""
    m = beta1 * m + (1 - beta1) * g
    u = maximum(beta2 * u, absolute(g) + eps)
    return p - (lr / (1 - beta1**t)) * (m / u), m, u


class Adamax(UpdateRule):
    r"""Adamax: $p \leftarrow p - \frac{\eta}{1 - \beta_1^t} \, m / u$, with $u$ the largest gradient, which fades.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $u \leftarrow \max(\beta_2 u, |g| + \epsilon)$. The $\epsilon$ is not in
    the paper: it keeps $u$ from 0. Weight decay is coupled, $g \leftarrow g + \lambda p$.
    Source: Kingma and Ba 2015, arXiv:1412.6980, section 7.1; the same numbers as torch.optim.Adamax.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adamax
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adamax([w], lr=0.1).step(); w.numpy().round(6)
    array([0.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_inf")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
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
        check_numbers("betas", hyper["betas"], 2, below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = downhill(value, gradient, hyper)
        (beta1, beta2), lr, eps = hyper["betas"], hyper["lr"], hyper["eps"]
        new, *kept = adamax(value, g, *memory, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        return new, kept
