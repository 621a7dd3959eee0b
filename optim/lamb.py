"""LAMB: Adam's direction, with a step for each layer in proportion to its norm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import sqrt
from optim.adam import moments
from optim.optimizer import check_numbers, check_ranges
from optim.trust import norm, ratio
from optim.update_rule import UpdateRule, turned


def lamb(
    x: Any,
    g: Any,
    m: Any,
    v: Any,
    *,
    t: Any,
    lr: Any,
    beta1: float,
    beta2: float,
    eps: float,
    decay: float,
    adapt: bool,
) -> Any:
    r"""One step of algorithm 2: $r = \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda x$, with Adam's moments.

    $x \leftarrow x - \eta \frac{\lVert x \rVert}{\lVert r \rVert} r$; where a norm is 0 the ratio is 1.
    """
    m, v = moments(g, m, v, beta1=beta1, beta2=beta2)
    r = m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)
    if adapt:
        r = r + decay * x
        r = ratio(1.0, norm(x), norm(r), norm(r)) * r
    return x - lr * r, m, v


class LAMB(UpdateRule):
    r"""LAMB: $x \leftarrow x - \eta \, \lVert x \rVert \, r / \lVert r \rVert$, $r$ Adam's step with weight decay.

    Each layer moves by the same share of its own norm, for large batches. Biases and parameters of normalization belong
    in a group with `adapt=False`: neither scaled nor decayed.
    Source: You et al. 2020, arXiv:1904.00962, with the identity as its scaling function.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import LAMB
    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> LAMB([w], lr=0.1).step(); w.numpy().round(6)
    array([2.646447, 3.646447])
    """

    memory: ClassVar[tuple[str, ...]] = ("exp_avg", "exp_avg_sq")
    varying: ClassVar[tuple[str, ...]] = ("betas", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        adapt: bool = True,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "adapt": adapt, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay")
        check_numbers("betas", hyper["betas"], 2, below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g, decay, adapt = turned(gradient, hyper), hyper["weight_decay"], hyper["adapt"]
        (beta1, beta2), lr, eps = hyper["betas"], hyper["lr"], hyper["eps"]
        new, *kept = lamb(value, g, *memory, t=step, lr=lr, beta1=beta1, beta2=beta2, eps=eps, decay=decay, adapt=adapt)
        return new, kept
