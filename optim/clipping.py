"""Gradient clipping, by norm and by value: in plain loops, and within steps that are compiled."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np

from autograd import DomainError, Tensor, absolute, clip, maximum, minimum
from autograd.whole import Whole
from optim.optimizer import check_range


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Any:
    r"""Scale all gradients together by $\min(1, c / (\|g\| + 10^{-6}))$, and give back $\|g\|$, as it was before.

    The norm is that of all gradients as one vector, in float32 at least; parameters without a gradient are left out,
    and gradients keep the dtypes of their parameters. With `max_norm=float("inf")` it is only measured.
    Source: Pascanu et al. 2013, arXiv:1211.5063; the same numbers as torch.nn.utils.clip_grad_norm_.
    Raises: DomainError for numbers out of range, and with `error_if_nonfinite` for a norm that is NaN or infinite,
    before anything is scaled.

    >>> import numpy as np
    >>> from autograd import Tensor
    >>> from optim import clip_grad_norm_
    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> w.grad = np.array([3.0, 4.0])
    >>> float(clip_grad_norm_(w, max_norm=1.0)), w.grad.round(6)
    (5.0, array([0.6, 0.8]))
    """
    if max_norm != math.inf:
        check_range("max_norm", max_norm)
    found = _with_gradients(parameters)
    total = total_norm([each.grad for each in found], norm_type)
    if error_if_nonfinite:
        total = _finite(total)
    if max_norm == math.inf:
        return total
    scale = minimum(max_norm / (total + 1e-6), 1.0)
    for each in found:
        scaled = each.grad * scale
        each.grad = scaled if scaled.dtype == each.dtype else scaled.astype(each.dtype)
    return total


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    r"""Cut every element of the gradients to $[-c, c]$.

    Source: the same numbers as torch.nn.utils.clip_grad_value_. Raises: DomainError for a negative value.

    >>> import numpy as np
    >>> from autograd import Tensor
    >>> from optim import clip_grad_value_
    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> w.grad = np.array([-3.0, 0.5])
    >>> clip_grad_value_(w, 1.0); w.grad
    array([-1. ,  0.5])
    """
    check_range("clip_value", clip_value)
    for each in _with_gradients(parameters):
        each.grad = clip(each.grad, -clip_value, clip_value)


def total_norm(gradients: Iterable[Any], norm_type: float = 2.0) -> Any:
    r"""$(\sum |g_i|^p)^{1/p}$ over all elements of all arrays; with $p = \infty$ the largest $|g_i|$. Nothing has 0.

    Squares of float16 would overflow, and are taken in float32. Raises: DomainError unless $p > 0$.
    """
    if norm_type != math.inf:
        check_range("norm_type", norm_type, least=math.ulp(0.0))
    sizes = [_wide(absolute(each)) for each in gradients]
    if norm_type == math.inf:
        return reduce(maximum, [each.max() for each in sizes if each.size], 0.0)
    return sum(((each**norm_type).sum() for each in sizes), start=0.0) ** (1 / norm_type)


def _wide(array: Any) -> Any:
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _with_gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    given = [parameters] if isinstance(parameters, Tensor) else parameters
    return [each for each in given if each.grad is not None]


def _checked(norm: Any) -> Any:
    if not np.isfinite(norm):
        raise DomainError(
            f"the total norm of the gradients is {norm}, so they cannot be clipped: look for the first NaN with "
            f"detect_anomaly(), or say error_if_nonfinite=False to go on"
        )
    return norm


_finite = Whole(_checked, {"norm": lambda g: g})
"""The norm itself, where it is finite: an operation, so that a replay looks as well."""
