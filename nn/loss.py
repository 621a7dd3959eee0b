"""Losses: functions of a model's output and the target, with PyTorch's names."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

import autograd
from autograd import ArgumentError, ShapeError, Tensor

Reduction = Literal["mean", "sum", "none"]


def mse_loss(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    r"""Mean squared error, $\frac{1}{n}\sum (\hat y - y)^2$ over all $n$ elements (no half; the sum, or each term).

    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast.

    >>> import numpy as np
    >>> from nn import mse_loss
    >>> mse_loss(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    np.float64(2.5)
    """
    if np.shape(input) != np.shape(target):
        raise ShapeError(
            f"mse_loss compares element by element: input {np.shape(input)} and target {np.shape(target)} "
            f"have to be of one shape; reshape one of them"
        )
    return _reduced(autograd.square(_array(input) - _array(target)), reduction)


def cross_entropy(input: Any, target: Any, reduction: Reduction = "mean") -> Any:
    r"""Cross-entropy of softmax, $-\sum_c y_c \ln \operatorname{softmax}(z)_c$ for each row of logits $z$.

    `target` holds the index of each row's class, or the share of each class.
    Shapes: (N, C) with (N,) or (N, C) -> (); (N,) with reduction="none".
    Raises: ShapeError, ArgumentError, DomainError for a target that does not fit.

    >>> import numpy as np
    >>> from nn import cross_entropy
    >>> cross_entropy(np.zeros((2, 4)), np.array([0, 3])) == np.log(4)
    np.True_
    """
    target = target if isinstance(target, Tensor) else np.asarray(target)
    mean = autograd.cross_entropy(input, target)
    if reduction == "mean":
        return mean
    logs = -autograd.log_softmax(input)
    rows = logs[np.arange(len(target)), target] if np.ndim(target) == 1 else autograd.sum(logs * target, axis=-1)
    return _reduced(rows, reduction)


def _array(given: Any) -> Any:
    return given if isinstance(given, Tensor) else np.asarray(given)


def _reduced(each: Any, reduction: Reduction) -> Any:
    if reduction == "none":
        return each
    if reduction == "sum":
        return autograd.sum(each)
    if reduction == "mean":
        return autograd.mean(each)
    raise ArgumentError(f"reduction is 'mean', 'sum' or 'none'; found {reduction!r}")
