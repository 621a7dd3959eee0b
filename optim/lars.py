"""LARS: a rate for each layer, in proportion to the norm of its weights over that of its gradient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import DomainError, minimum
from optim.optimizer import check_choice, check_ranges
from optim.trust import if_both, norm, ratio
from optim.update_rule import UpdateRule, turned, zeros

VARIANTS = ("paper", "lightning", "optax", "apex")


def scaled(w: Any, g: Any, *, lr: Any, eta: float, decay: float, eps: float, variant: str) -> Any:
    r"""The gradient as the layer's own rate scales it, $r (g + \lambda w)$, with the $r$ of each variant.

    paper: $r = \eta \lVert w \rVert / (\lVert g \rVert + \lambda \lVert w \rVert + \epsilon)$. optax: below is the
    norm after the decay, $\lVert g + \lambda w \rVert + \epsilon$. Where a norm is 0, $r = 1$.
    lightning: as the paper, where $\lambda \ne 0$. apex: $\min(r / \gamma, 1)$, so that the layer's rate is at most
    $\gamma$. In these two the gradient is left as it is, without decay, where a norm is 0.
    """
    size, slope, decayed = norm(w), norm(g), g + decay * w
    if variant == "optax":
        return ratio(eta, size, norm(decayed), norm(decayed) + eps) * decayed
    r = ratio(eta, size, slope, slope + decay * size + eps)
    if variant == "paper":
        return r * decayed
    if variant == "apex":
        r = minimum(r, lr) / (lr + 0.0**lr)  # that power is 1 at a rate of 0 alone, which nothing can be divided by
    return if_both(size, slope, r * decayed, g) if decay or variant == "apex" else g


def lars(w: Any, u: Any, v: Any, *, lr: Any, momentum: float, nesterov: bool, variant: str) -> tuple[Any, Any]:
    r"""One step of algorithm 1 from the scaled gradient u: $v \leftarrow \mu v + \gamma u$, $w \leftarrow w - v$.

    lightning and apex have the rate outside, as SGD: $v \leftarrow \mu v + u$, $w \leftarrow w - \gamma v$.
    """
    inside, outside = (lr, 1.0) if variant in ("paper", "optax") else (1.0, lr)
    u = inside * u
    v = momentum * v + u if momentum else u
    return w - outside * (u + momentum * v if nesterov else v), v


class LARS(UpdateRule):
    r"""Layer-wise adaptive rate scaling: $v \leftarrow \mu v + \gamma r (g + \lambda w)$, $w \leftarrow w - v$.

    Each layer has a rate of its own, $r = \eta \lVert w \rVert / (\lVert g \rVert + \lambda \lVert w \rVert)$: with
    batches of thousands one is too large for some layers and too small for others. Libraries differ in where norm, rate
    and momentum stand, so a variant is named: "paper", "lightning" (Lightning Bolts), "optax", or "apex" (LARC, which
    clips). `trust_coefficient` is $\eta$ (0.02 in Apex), and `eps` is $10^{-8}$ in Lightning and Apex.
    Biases and parameters of normalization belong in a group with `adapt=False`: neither scaled nor decayed.
    Source: You et al. 2017, arXiv:1708.03888.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import LARS
    >>> w, b = (Tensor([3.0, 4.0], requires_grad=True) for _ in range(2))
    >>> ((w + b) * (w + b)).sum().backward()
    >>> groups = [{"params": w}, {"params": b, "adapt": False}]
    >>> LARS(groups, lr=0.1, weight_decay=0.0, trust_coefficient=1.0).step(); w.numpy(), b.numpy()
    (array([2.7, 3.6]), array([1.8, 2.4]))
    """

    memory: ClassVar[tuple[str, ...]] = ("momentum_buffer",)
    varying: ClassVar[tuple[str, ...]] = ("momentum", "weight_decay", "trust_coefficient")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        momentum: float = 0.9,
        weight_decay: float = 1e-4,
        trust_coefficient: float = 1e-3,
        eps: float = 0.0,
        nesterov: bool = False,
        *,
        variant: str = "paper",
        adapt: bool = True,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "trust_coefficient": trust_coefficient}
        hyper |= {"eps": eps, "nesterov": nesterov}
        super().__init__(params, {**hyper, "variant": variant, "adapt": adapt, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "momentum", "weight_decay", "trust_coefficient", "eps")
        check_choice("variant", hyper["variant"], VARIANTS)
        if hyper["nesterov"] and not hyper["momentum"]:
            raise DomainError("Nesterov needs momentum above 0; found momentum=0")

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """A buffer of zeros, if there is momentum."""
        return [zeros(value) if hyper["momentum"] else None]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g, lr, variant = turned(gradient, hyper), hyper["lr"], hyper["variant"]
        if hyper["adapt"]:
            eta, decay, eps = hyper["trust_coefficient"], hyper["weight_decay"], hyper["eps"]
            g = scaled(value, g, lr=lr, eta=eta, decay=decay, eps=eps, variant=variant)
        momentum, nesterov = hyper["momentum"], hyper["nesterov"]
        new, v = lars(value, g, memory[0], lr=lr, momentum=momentum, nesterov=nesterov, variant=variant)
        return new, [v if momentum else None]
