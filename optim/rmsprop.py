"""RMSprop: steps divided by the root mean square of recent gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import maximum, sqrt
from optim.optimizer import check_range, check_ranges
from optim.update_rule import UpdateRule, downhill, zeros


def rmsprop(p: Any, g: Any, s: Any, b: Any, m: Any, *, lr: Any, alpha: float, eps: float, momentum: float) -> Any:
    r"""One step: $s \leftarrow \alpha s + (1 - \alpha) g^2$, $p \leftarrow p - \eta \, g / (\sqrt s + \epsilon)$.

    Where a mean gradient $m$ is kept, the root is that of the variance $s - m^2$: centered, and 0 where rounding takes
    it below. With momentum $b \leftarrow \mu b + g / (\sqrt s + \epsilon)$ and $p \leftarrow p - \eta b$.
    """
    s = alpha * s + (1 - alpha) * (g * g)
    if m is None:
        step = g / (sqrt(s) + eps)
    else:
        m = alpha * m + (1 - alpha) * g
        step = g / (sqrt(maximum(s - m * m, 0.0)) + eps)
    if momentum:
        b = step = momentum * b + step
    return p - lr * step, s, b, m


class RMSprop(UpdateRule):
    r"""RMSprop: $p \leftarrow p - \eta \, g / (\sqrt{s} + \epsilon)$, $s$ the running mean of $g^2$.

    `centered` divides by the standard deviation in place of the root mean square. Where rounding makes a variance
    negative, as a constant gradient does in the end, it is 0 here and a NaN in PyTorch.
    Source: Hinton 2012, lecture 6e; centered: Graves 2013, arXiv:1308.0850; the same numbers as torch.optim.RMSprop.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import RMSprop
    >>> w = Tensor([1.0, 100.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> RMSprop([w], lr=0.1, alpha=0.75).step(); w.numpy().round(6)
    array([ 0.8, 99.8])
    """

    memory: ClassVar[tuple[str, ...]] = ("square_avg", "momentum_buffer", "grad_avg")
    by_element: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("alpha", "momentum", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        super().__init__(params, {**hyper, "centered": centered, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "eps", "weight_decay", "momentum")
        check_range("alpha", hyper["alpha"], below=1.0)

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """Zeros; the second array with momentum alone, the third if centered."""
        return [zeros(value), zeros(value) if hyper["momentum"] else None, zeros(value) if hyper["centered"] else None]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = downhill(value, gradient, hyper)
        s, b, m = memory
        lr, alpha, eps, momentum = hyper["lr"], hyper["alpha"], hyper["eps"], hyper["momentum"]
        m = m if hyper["centered"] else None
        new, *kept = rmsprop(value, g, s, b, m, lr=lr, alpha=alpha, eps=eps, momentum=momentum)
        return new, kept
