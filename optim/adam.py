"""Adam: adaptive moments, with AMSGrad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import maximum, sqrt
from optim.optimizer import check_numbers, check_ranges
from optim.update_rule import UpdateRule, downhill, zeros


def adam(
    p: Any, g: Any, m: Any, v: Any, largest: Any, *, t: Any, lr: Any, beta1: float, beta2: float, eps: float
) -> Any:
    r"""One step of Kingma and Ba's algorithm 1, as `Adam` has it; AMSGrad, where the largest $v$ so far is kept."""
    m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
    largest = None if largest is None else maximum(largest, v)
    root = sqrt(v if largest is None else largest) / (1 - beta2**t) ** 0.5
    return p - (lr / (1 - beta1**t)) * (m / (root + eps)), m, v, largest


def moments(g: Any, m: Any, v: Any, *, beta1: float, beta2: float) -> tuple[Any, Any]:
    """The running means of the gradient and of its square."""
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * (g * g)


class Adam(UpdateRule):
    r"""Adam: $p \leftarrow p - \eta \, \hat m / (\sqrt{\hat v} + \epsilon)$, with running means of $g$ and of $g^2$.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$ and $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$ start at 0, which
    $\hat m = m / (1 - \beta_1^t)$ and $\hat v = v / (1 - \beta_2^t)$ correct. Weight decay is coupled,
    $g \leftarrow g + \lambda p$; AMSGrad has the largest $v$ so far in place of $v$ in $\hat v$.
    Source: Kingma and Ba 2015, arXiv:1412.6980; Reddi et al. 2018, arXiv:1904.09237; the same numbers as
    torch.optim.Adam.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adam
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adam([w], lr=0.1).step(); w.numpy().round(6)
    array([0.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")

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
        check_ranges(hyper, "lr", "eps", "weight_decay")
        check_numbers("betas", hyper["betas"], 2, below=1.0)

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """Zeros; the third array with AMSGrad alone."""
        return [zeros(value), zeros(value), zeros(value) if hyper["amsgrad"] else None]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        m, v, largest = memory
        (beta1, beta2), lr, eps = hyper["betas"], hyper["lr"], hyper["eps"]
        g, largest = downhill(value, gradient, hyper), largest if hyper["amsgrad"] else None
        new, *kept = adam(value, g, m, v, largest, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        return new, kept
