"""NAdam: Adam with Nesterov's momentum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import sqrt
from optim.adam import moments
from optim.optimizer import check_numbers, check_ranges
from optim.update_rule import UpdateRule, regularized, zeros


def nadam(
    p: Any, g: Any, m: Any, v: Any, product: Any, *, t: Any, lr: Any, beta1: float, beta2: float, eps: float, psi: float
) -> Any:
    r"""One step of Dozat's algorithm 2, as `NAdam` has it; `product` is that of the momenta $\mu_i$ so far."""
    mu, following = (beta1 * (1 - 0.5 * 0.96 ** (i * psi)) for i in (t, t + 1))
    product = product * mu
    m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
    scale = sqrt(v / (1 - beta2**t)) + eps
    p = p - (lr * (1 - mu) / (1 - product)) * (g / scale)
    return p - (lr * following / (1 - product * following)) * (m / scale), m, v, product


class NAdam(UpdateRule):
    r"""NAdam: $p \leftarrow p - \eta \, \bar m / (\sqrt{\hat v} + \epsilon)$, $\bar m$ a step ahead along the momentum.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$,
    $\hat v = v / (1 - \beta_2^t)$ are Adam's. The momentum grows, $\mu_t = \beta_1 (1 - \frac{1}{2} 0.96^{t \psi})$
    with $\psi$ the `momentum_decay`, and
    $\bar m = \frac{1 - \mu_t}{1 - \prod_{i \le t} \mu_i} g + \frac{\mu_{t+1}}{1 - \prod_{i \le t+1} \mu_i} m$.
    The product of the momenta is one Python number; PyTorch rounds it to float32, so that numbers agree to about 1e-9.
    Source: Dozat 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ; torch.optim.NAdam.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import NAdam
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> NAdam([w], lr=0.1).step(); w.numpy().round(6)
    array([0.894355])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq", "mu_product")
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay}
        super().__init__(params, {**hyper, "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay", "momentum_decay")
        check_numbers("betas", hyper["betas"], 2, below=1.0)

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """Zeros, and an empty product."""
        return [zeros(value), zeros(value), 1.0]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        value, g = regularized(value, gradient, hyper)
        (beta1, beta2), lr, eps, psi = hyper["betas"], hyper["lr"], hyper["eps"], hyper["momentum_decay"]
        new, *kept = nadam(value, g, *memory, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps, psi=psi)
        return new, kept
