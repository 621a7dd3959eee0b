"""Adam: adaptive moments, with AMSGrad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import maximum, sqrt
from optim.optimizer import Optimizer, check_range, zeros


def adam(p: Any, g: Any, m: Any, v: Any, *, t: int, lr: Any, beta1: float, beta2: float, eps: float) -> Any:
    r"""One step of Kingma and Ba's algorithm 1, with its letters; $\epsilon$ outside the root.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$,
    $p \leftarrow p - \eta \, \hat m / (\sqrt{\hat v} + \epsilon)$ with
    $\hat m = m / (1 - \beta_1^t)$, $\hat v = v / (1 - \beta_2^t)$.
    """
    m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
    return move(p, m, v, t=t, lr=lr, beta1=beta1, beta2=beta2, eps=eps), m, v


def moments(g: Any, m: Any, v: Any, *, beta1: float, beta2: float) -> tuple[Any, Any]:
    """The running means of the gradient and of its square."""
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * (g * g)


def move(p: Any, m: Any, v: Any, *, t: int, lr: Any, beta1: float, beta2: float, eps: float) -> Any:
    """The step along the bias-corrected moments."""
    return p - (lr / (1 - beta1**t)) * (m / (sqrt(v) / (1 - beta2**t) ** 0.5 + eps))


class Adam(Optimizer):
    r"""Adam, with coupled weight decay ($g \leftarrow g + \lambda p$) and AMSGrad (the largest $v$ so far).

    Source: Kingma and Ba 2015, arXiv:1412.6980; Reddi et al. 2018; the same numbers as torch.optim.Adam.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adam
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adam([w], lr=0.1).step(); w.numpy().round(6)
    array([0.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "amsgrad": amsgrad, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        for name in ("lr", "eps", "weight_decay"):
            check_range(name, hyper[name])
        for i, beta in enumerate(hyper["betas"]):
            check_range(f"betas[{i}]", beta, below=1.0)

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """Zeros; the third array with AMSGrad alone."""
        return [zeros(value), zeros(value), zeros(value) if hyper["amsgrad"] else None]

    def update(self, value: Any, gradient: Any, memory: Any, step: int, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = -gradient if hyper["maximize"] else gradient
        if hyper["weight_decay"]:
            g = g + hyper["weight_decay"] * value
        m, v, largest = memory
        (beta1, beta2), lr, eps = hyper["betas"], hyper["lr"], hyper["eps"]
        if not hyper["amsgrad"]:
            new, m, v = adam(value, g, m, v, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
            return new, [m, v, None]
        m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
        largest = maximum(largest, v)
        return move(value, m, largest, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps), [m, v, largest]
