"""Losses of numbers against numbers: squares, absolute values, and squares near 0 with absolute values beyond."""

from __future__ import annotations

from typing import Any

import autograd
from nn.errors import number
from nn.loss.operands import alike
from nn.loss.reduction import Reduction, reduced


def mse_loss(input: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    r"""Mean squared error, $\frac{1}{n}\sum (\hat y - y)^2$ over all $n$ elements (or the sum, or each term).

    The cost of courses, $J = \frac{1}{2m}\sum (\hat y - y)^2$ over $m$ rows of one output, is half of it: write
    `mse_loss(...) / 2`.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast.
    Source: the same numbers as torch.nn.functional.mse_loss.

    >>> import numpy as np
    >>> from nn import mse_loss
    >>> mse_loss(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    np.float64(2.5)
    """
    input, target = alike("mse_loss", input=input, target=target)
    return reduced(autograd.square(input - target), reduction)


def l1_loss(input: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    r"""Mean absolute error, $\frac{1}{n}\sum |\hat y - y|$; its derivative where the two are equal is 0.

    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast.
    Source: the same numbers as torch.nn.functional.l1_loss.
    """
    input, target = alike("l1_loss", input=input, target=target)
    return reduced(autograd.absolute(input - target), reduction)


def huber_loss(input: Any, target: Any, *, reduction: Reduction = "mean", delta: float = 1.0) -> Any:
    r"""Half the square near 0, then a line: $c\,(d - c/2)$ of $d = \hat y - y$, with $c$ = $d$ clipped to $\pm\delta$.

    It is $d^2/2$ for $|d| \le \delta$ and $\delta\,(|d| - \delta/2)$ elsewhere, in one formula without a kink:
    $\delta$ times `smooth_l1_loss` with $\beta = \delta$.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError unless delta > 0.
    Source: Huber 1964, doi:10.1214/aoms/1177703732; the same numbers as torch.nn.functional.huber_loss.

    >>> from nn import huber_loss, smooth_l1_loss
    >>> float(huber_loss(1.5, 0.0, delta=0.5)), float(smooth_l1_loss(1.5, 0.0, beta=0.5))
    (0.625, 1.25)
    """
    input, target = alike("huber_loss", input=input, target=target)
    return reduced(_bent(input - target, number("huber_loss", "a number above 0", delta=delta)), reduction)


def smooth_l1_loss(input: Any, target: Any, *, reduction: Reduction = "mean", beta: float = 1.0) -> Any:
    r"""The absolute error rounded off near 0: $d^2 / 2\beta$ for $|d| \le \beta$, else $|d| - \beta/2$.

    With $\beta = 0$ nothing is rounded off: that is `l1_loss`.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError unless beta >= 0.
    Source: Girshick 2015, arXiv:1504.08083; the same numbers as torch.nn.functional.smooth_l1_loss.
    """
    beta = number("smooth_l1_loss", "a number of 0 or more", beta=beta)
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    input, target = alike("smooth_l1_loss", input=input, target=target)
    return reduced(_bent(input - target, beta) / beta, reduction)


def _bent(difference: Any, bound: float) -> Any:
    near = autograd.clip(difference, -bound, bound)
    return near * (difference - near / 2)
