"""RAdam: Adam that waits with its division until the mean square is known well enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, ClassVar

from autograd import sqrt
from optim.adam import moments
from optim.optimizer import check_numbers, check_ranges
from optim.recorded import since
from optim.update_rule import UpdateRule, regularized


def radam(p: Any, g: Any, m: Any, v: Any, *, t: Any, lr: Any, beta1: float, beta2: float, eps: float) -> Any:
    """One step of Liu et al.'s algorithm 2, as `RAdam` has it: one formula for both kinds of step."""
    m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
    first = first_rectified(beta2)
    if first is None:
        return p - (lr / (1 - beta1**t)) * m, m, v
    rho, end = length(t, beta2), 2 / (1 - beta2) - 1
    rectified = since(first, t)
    r = ((rho - 4) * (rho - 2) * end / ((end - 4) * (end - 2) * rho)) * rectified
    numerator = r**0.5 * (1 - beta2**t) ** 0.5 + (1 - rectified)
    return p - (lr / (1 - beta1**t)) * numerator * (m / (rectified * (sqrt(v) + eps) + (1 - rectified))), m, v


def length(t: Any, beta2: float) -> Any:
    r"""How many gradients the mean square stands for at step t: $\rho_t$."""
    return 2 / (1 - beta2) - 1 - 2 * t * beta2**t / (1 - beta2**t)


def first_rectified(beta2: float) -> int | None:
    r"""The first step with $\rho_t > 5$; None if it stays below for ever."""
    return next(t for t in count(1) if length(t, beta2) > 5) if 2 / (1 - beta2) - 1 > 5 else None


class RAdam(UpdateRule):
    r"""RAdam: $p \leftarrow p - \eta \hat m$ while $\rho_t \le 5$, then
    $p \leftarrow p - \eta \, r_t \, \hat m \sqrt{1 - \beta_2^t} / (\sqrt v + \epsilon)$.

    In place of a warm-up, the first steps are plain momentum, since the mean square stands for too few gradients:
    $\rho_t = \rho_\infty - 2 t \beta_2^t / (1 - \beta_2^t)$ of them, with $\rho_\infty = 2 / (1 - \beta_2) - 1$.
    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$,
    $\hat m = m / (1 - \beta_1^t)$ are Adam's, and
    $r_t^2 = \frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}$ rectifies.
    Source: Liu et al. 2020, arXiv:1908.03265; the same numbers as torch.optim.RAdam, which adds $\epsilon$ to the root
    of $v$ before that is corrected.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import RAdam
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> RAdam([w], lr=0.1).step(); w.numpy().round(6)
    array([0.8])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("weight_decay",)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay")
        check_numbers("betas", hyper["betas"], 2, below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        value, g = regularized(value, gradient, hyper)
        (beta1, beta2), lr, eps = hyper["betas"], hyper["lr"], hyper["eps"]
        new, *kept = radam(value, g, *memory, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        return new, kept
