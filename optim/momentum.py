"""Momentum as courses have it: descent along an exponentially weighted average of the gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from optim.optimizer import check_range, check_ranges
from optim.update_rule import UpdateRule, downhill


def momentum(p: Any, g: Any, v: Any, *, t: Any, lr: Any, beta: float, bias_correction: bool) -> tuple[Any, Any]:
    r"""One step: $v \leftarrow \beta v + (1 - \beta) g$, $p \leftarrow p - \alpha v$.

    With bias correction $v / (1 - \beta^t)$ is in the place of $v$ in the step.
    """
    v = beta * v + (1 - beta) * g
    return p - (lr / (1 - beta**t) if bias_correction else lr) * v, v


class Momentum(UpdateRule):
    r"""Descent along an average of about $1 / (1 - \beta)$ gradients: $v \leftarrow \beta v + (1 - \beta) g$.

    `SGD` has the heavy ball of PyTorch, which sums: the same path, without the correction, as
    `SGD(lr=lr * (1 - beta), momentum=beta)`. The average starts at 0; `bias_correction` divides by $1 - \beta^t$,
    so that the first step goes along the gradient itself.
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5, as an average; the correction is Adam's, arXiv:1412.6980.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Momentum
    >>> w = Tensor([1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Momentum([w], lr=0.5, beta=0.9).step(); w.numpy()
    array([0.9])
    """

    memory: ClassVar[tuple[str, ...]] = ("average",)
    by_element: ClassVar[bool] = True
    complex_too: ClassVar[bool] = True
    varying: ClassVar[tuple[str, ...]] = ("beta", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        beta: float = 0.9,
        weight_decay: float = 0.0,
        bias_correction: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "beta": beta, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "bias_correction": bias_correction, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "weight_decay")
        check_range("beta", hyper["beta"], below=1.0)

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g = downhill(value, gradient, hyper)
        lr, beta, corrected = hyper["lr"], hyper["beta"], hyper["bias_correction"]
        new, v = momentum(value, g, memory[0], t=step, lr=lr, beta=beta, bias_correction=corrected)
        return new, [v]
