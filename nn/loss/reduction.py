"""From the loss of each element, or row, to one number."""

from __future__ import annotations

from typing import Any, Literal

import autograd
from autograd import ArgumentError, ShapeError

Reduction = Literal["mean", "sum", "none"]


def reduced(each: Any, reduction: str) -> Any:
    """The mean, the sum, or each as it is. Raises: ArgumentError for another; ShapeError for the mean of nothing."""
    if reduction == "none":
        return each
    if reduction == "sum":
        return autograd.sum(each)
    if reduction != "mean":
        raise ArgumentError(f"reduction is 'mean', 'sum' or 'none'; found {reduction!r}")
    if not each.size:
        raise ShapeError(f"there is no mean of nothing; found losses of shape {each.shape}: leave out empty batches")
    return autograd.mean(each)
