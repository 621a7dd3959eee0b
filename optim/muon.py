"""Muon: momentum made orthogonal, for the matrices of a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd import ArgumentError, maximum, transpose
from optim.optimizer import check_choice, check_numbers, check_range, check_ranges
from optim.schedules import check_count
from optim.trust import norm
from optim.update_rule import UpdateRule, decayed, turned


def muon(
    p: Any, g: Any, b: Any, *, lr: Any, mu: float, nesterov: bool, iteration: Mapping[str, Any]
) -> tuple[Any, Any]:
    r"""One step: $B \leftarrow \mu B + (1 - \mu) G$, $W \leftarrow W - \eta \, \mathrm{NS}(B)$.

    Nesterov takes $\mu B + (1 - \mu) G$ once more.
    """
    b = mu * b + (1 - mu) * g
    return p - lr * newton_schulz(mu * b + (1 - mu) * g if nesterov else b, **iteration), b


def newton_schulz(x: Any, *, coefficients: tuple[float, float, float], steps: int, eps: float) -> Any:
    r"""About the nearest orthogonal matrix: $X \leftarrow a X + (b A + c A^2) X$, $A = X X^T$.

    From $X / \lVert X \rVert$ its singular values come to lie around 1 within a few steps, without a decomposition.
    """
    a, b, c = coefficients
    tall = x.shape[0] > x.shape[1]
    x = transpose(x) if tall else x
    x = x / maximum(norm(x), eps)
    for _ in range(steps):
        gram = x @ transpose(x)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return transpose(x) if tall else x


class Muon(UpdateRule):
    r"""Muon: $W \leftarrow W (1 - \eta \lambda) - \eta s \, \mathrm{NS}(B)$, for parameters of two axes.

    Every direction of a matrix moves by about the same amount. Biases and embeddings belong in another optimizer. The
    factor $s$ is $\sqrt{\max(1, n / m)}$ ("original", or None), or $0.2 \sqrt{\max(n, m)}$ ("match_rms_adamw").
    Source: Jordan 2024, https://kellerjordan.github.io/posts/muon/; Liu et al. 2025, arXiv:2502.16982. The numbers of
    torch.optim.Muon, except that the iteration has the dtype of the parameter: PyTorch runs it in bfloat16.
    Raises: ArgumentError for parameters without two axes; DomainError for values out of range.

    >>> import numpy as np
    >>> from autograd import Tensor
    >>> from optim import Muon
    >>> w = Tensor(np.zeros((2, 2)), requires_grad=True)
    >>> (w * np.array([[3.0, 0.0], [0.0, -0.3]])).sum().backward()
    >>> Muon([w], lr=0.1).step(); w.numpy().round(2)
    array([[-0.07,  0.  ],
           [ 0.  ,  0.07]])
    """

    memory: ClassVar[tuple[str, ...]] = ("momentum_buffer",)
    varying: ClassVar[tuple[str, ...]] = ("momentum", "weight_decay")

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
        *,
        maximize: bool = False,
    ) -> None:
        hyper: dict[str, Any] = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "eps": eps,
        }
        hyper |= {"ns_coefficients": ns_coefficients, "ns_steps": ns_steps, "adjust_lr_fn": adjust_lr_fn}
        super().__init__(params, {**hyper, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "weight_decay", "momentum", "eps")
        check_numbers("ns_coefficients", hyper["ns_coefficients"], 3, least=float("-inf"))
        check_count("ns_steps", hyper["ns_steps"], least=0)
        check_range("ns_steps", hyper["ns_steps"], below=100)
        check_choice("adjust_lr_fn", hyper["adjust_lr_fn"], (None, "original", "match_rms_adamw"))

    def check_parameter(self, parameter: Any) -> None:
        """Matrices alone."""
        super().check_parameter(parameter)
        if parameter.ndim != 2:
            raise ArgumentError(
                f"Muon moves parameters of two axes; found shape {parameter.shape}. Give the others to AdamW"
            )

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g, (n, m) = turned(gradient, hyper), value.shape
        matched = hyper["adjust_lr_fn"] == "match_rms_adamw"
        lr = hyper["lr"] * (0.2 * max(n, m) ** 0.5 if matched else max(1, n / max(1, m)) ** 0.5)
        iteration = {"coefficients": hyper["ns_coefficients"], "steps": hyper["ns_steps"], "eps": hyper["eps"]}
        p = decayed(value, hyper["lr"], hyper["weight_decay"])
        new, b = muon(p, g, memory[0], lr=lr, mu=hyper["momentum"], nesterov=hyper["nesterov"], iteration=iteration)
        return new, [b]
