"""AdamW: Adam with weight decay that is decoupled from the gradient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from optim.adam import adam
from optim.optimizer import check_numbers, check_ranges
from optim.update_rule import UpdateRule, decayed, turned, zeros


class AdamW(UpdateRule):
    r"""AdamW: $p \leftarrow p (1 - \eta \lambda) - \eta \, \hat m / (\sqrt{\hat v} + \epsilon)$, with decoupled decay.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$ and $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$ of the plain gradient,
    corrected as $\hat m = m / (1 - \beta_1^t)$ and $\hat v = v / (1 - \beta_2^t)$, as in `Adam`.
    Adam divides what is added to the gradient by its root mean square, so that coupled decay acts least where gradients
    are large; decoupled, every weight decays alike. The paper's $\lambda$ is $\eta \lambda$ here, as in PyTorch.
    Source: Loshchilov and Hutter 2019, arXiv:1711.05101; the same numbers as torch.optim.AdamW.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import AdamW
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> AdamW([w], lr=0.1, weight_decay=0.1).step(); w.numpy().round(6)
    array([0.89])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")
    fixed: ClassVar[Mapping[str, Any]] = {"decoupled_weight_decay": True}

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
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
        g, largest = turned(gradient, hyper), largest if hyper["amsgrad"] else None
        p = decayed(value, lr, hyper["weight_decay"])
        new, *kept = adam(p, g, m, v, largest, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        return new, kept
