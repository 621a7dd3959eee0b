"""Adafactor: Adam's division with a row and a column in place of a matrix of mean squares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import DomainError, maximum, minimum, sqrt
from optim.optimizer import check_numbers, check_range, check_ranges
from optim.update_rule import UpdateRule, decayed, turned, zeros


def adafactor(
    p: Any,
    g: Any,
    r: Any,
    c: Any,
    v: Any,
    *,
    t: Any,
    lr: Any,
    power: float,
    eps: tuple[float, float],
    d: float,
    decay: float,
) -> Any:
    r"""One step of algorithm 4: $p \leftarrow p - \alpha_t \, u / \max(1, \mathrm{RMS}(u) / d)$.

    $u = g / \sqrt{\hat v}$, $\alpha_t = \max(\epsilon_2, \mathrm{RMS}(p)) \min(\eta, 1 / \sqrt t)$. Of a matrix the
    mean squares of rows $r$ and of columns $c$ are kept, and $\hat v = r c / \mathrm{mean}(r)$; of a vector all, $v$.
    Each is a running mean in which the last gradient counts $t^{\beta}$, with $\beta$ the (negative) `power`.
    """
    last = t**power
    if v is None:
        r = (1 - last) * r + last * mean_square(g, -1)
        c = (1 - last) * c + last * mean_square(g, -2)
        estimate = r * c / maximum(r.sum(axis=-2, keepdims=True) / max(1, r.shape[-2]), eps[0])
    else:
        estimate = v = (1 - last) * v + last * (g * g)
    u = g / sqrt(maximum(estimate, eps[0] ** 2))
    size = maximum(sqrt(mean_square(p)), eps[1])
    alpha = minimum(lr * size, t**-0.5 * size)
    return decayed(p, lr, decay) - alpha / maximum(sqrt(mean_square(u)) / d, 1.0) * u, r, c, v


def mean_square(x: Any, axis: int | None = None) -> Any:
    """Over all elements, or along an axis, which is kept; 0 of none."""
    total = (x * x).sum() if axis is None else (x * x).sum(axis=axis, keepdims=True)
    return total / max(1, x.size if axis is None else x.shape[axis])


class Adafactor(UpdateRule):
    r"""Adafactor: $g / \sqrt{\hat v}$, clipped at a root mean square of $d$, with memory for n + m numbers of n × m.

    The rate is relative to the parameter's own root mean square, at least $\epsilon_2$; $\epsilon_1$ is None for the
    least step of the dtype.
    Source: Shazeer and Stern 2018, arXiv:1804.04235; the same numbers as torch.optim.Adafactor.
    Raises: DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import Adafactor
    >>> w = Tensor([[3.0, 4.0]], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> Adafactor([w], lr=0.1).step(); w.numpy().round(6)
    array([[2.646447, 3.646447]])
    """

    memory: ClassVar[tuple[str, ...]] = ("row_var", "col_var", "variance")
    varying: ClassVar[tuple[str, ...]] = ("weight_decay",)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        hyper = {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d, "weight_decay": weight_decay}
        super().__init__(params, {**hyper, "maximize": maximize})

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "weight_decay")
        check_range("d", hyper["d"], least=1.0)
        eps = hyper["eps"]
        of_the_dtype = isinstance(eps, tuple | list) and len(eps) == 2 and eps[0] is None
        check_numbers("eps", (0.0, eps[1]) if of_the_dtype else eps, 2)
        check_range("beta2_decay", hyper["beta2_decay"], least=float("-inf"))
        if not hyper["beta2_decay"] <= 0:
            raise DomainError(f"beta2_decay has to be at most 0; found {hyper['beta2_decay']!r}")

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """Zeros: a column of row means and a row of column means for each matrix, or a vector."""
        if np.ndim(value) < 2:
            return [None, None, zeros(value)]
        return [zeros(value[..., :1]), zeros(value[..., :1, :]), None]

    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter."""
        g, lr, (eps1, eps2) = turned(gradient, hyper), hyper["lr"], hyper["eps"]
        eps = (float(np.finfo(value.dtype).eps) if eps1 is None else eps1, eps2)
        power, d, decay = hyper["beta2_decay"], hyper["d"], hyper["weight_decay"]
        new, *kept = adafactor(value, g, *memory, t=step, lr=lr, power=power, eps=eps, d=d, decay=decay)
        return new, kept
