"""Stochastic gradient descent, with momentum as PyTorch has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import DomainError
from optim.optimizer import check_range, check_ranges
from optim.recorded import since
from optim.update_rule import UpdateRule, downhill, zeros


def sgd(p: Any, g: Any, b: Any, *, t: Any, lr: Any, momentum: float, dampening: float, nesterov: bool) -> Any:
    r"""One step: $b \leftarrow \mu b + (1 - \tau) g$, $p \leftarrow p - \eta b$; without momentum $p - \eta g$.

    The buffer starts at 0, and $\tau$ counts from the second step on. Nesterov moves along $g + \mu b$.
    """
    if momentum:
        b = momentum * b + (1 - dampening * since(2, t)) * g if dampening else momentum * b + g
        g = g + momentum * b if nesterov else b
    return p - lr * g, b


class SGD(UpdateRule):
    r"""Gradient descent, $p \leftarrow p - \eta g$, with momentum $\mu$, dampening $\tau$, Nesterov, weight decay.

    The momentum is the heavy ball $b \leftarrow \mu b + (1 - \tau) g$; the weighted average of courses is `Momentum`.
    Weight decay adds $\lambda p$ to the gradient.
    Source: the same numbers as torch.optim.SGD; Sutskever et al. 2013.
    Raises: DomainError for values out of range, or Nesterov without momentum or with dampening.

    >>> from autograd import Tensor
    >>> from optim import SGD
    >>> w = Tensor([1.0, 2.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> SGD([w], lr=0.1).step(); w.numpy()
    array([0.8, 1.6])
    """

    memory: ClassVar[tuple[str, ...]] = ("momentum_buffer",)
    by_element: ClassVar[bool] = True
    complex_too: ClassVar[bool] = True
    counted: ClassVar[bool] = False
    varying: ClassVar[tuple[str, ...]] = ("momentum", "dampening", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "nesterov": nesterov, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "momentum", "weight_decay")
        check_range("dampening", hyper["dampening"], least=float("-inf"))
        if hyper["nesterov"] and (hyper["momentum"] <= 0 or hyper["dampening"] != 0):
            raise DomainError(
                f"Nesterov needs momentum above 0 and no dampening; "
                f"found momentum={hyper['momentum']}, dampening={hyper['dampening']}"
            )

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """A buffer of zeros, if there is momentum."""
        return [zeros(value) if hyper["momentum"] else None]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        new, buffer = sgd(
            value,
            downhill(value, gradient, hyper),
            memory[0],
            t=step,
            lr=hyper["lr"],
            momentum=hyper["momentum"],
            dampening=hyper["dampening"],
            nesterov=hyper["nesterov"],
        )
        return new, [buffer]
