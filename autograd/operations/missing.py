"""Reductions that leave out what is not a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.errors import ArgumentError
from autograd.node import values_of
from autograd.operations import factors, reduction, statistics
from autograd.operations.comparison import isnan, logical_not
from autograd.operations.joining import stack
from autograd.operations.samples import B223, REALS, SIGNAL
from autograd.operations.shaping import reshape

# fmt: off
__all__ = [
    "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar",
]
# fmt: on

_REDUCED = (example(REALS), example(REALS, axis=1), example(B223, axis=(0, 2), keepdims=True))


def _numbers(a: Any) -> Any:
    return logical_not(isnan(values_of(a)))


@composite(*_REDUCED)
def nansum(a, axis=None, *, keepdims=False):
    """Sum of the numbers among the elements. Shapes: as `sum`."""
    return reduction.sum(a, axis=axis, keepdims=keepdims, where=_numbers(a))


@composite(*_REDUCED)
def nanprod(a, axis=None, *, keepdims=False):
    """Product of the numbers among the elements. Shapes: as `prod`."""
    return factors.prod(a, axis=axis, keepdims=keepdims, where=_numbers(a))


@composite(*_REDUCED)
def nanmean(a, axis=None, *, keepdims=False):
    """Mean of the numbers among the elements. Shapes: as `mean`."""
    return reduction.mean(a, axis=axis, keepdims=keepdims, where=_numbers(a))


@composite(*_REDUCED)
def nanvar(a, axis=None, *, ddof=0, keepdims=False):
    """Variance of the numbers among the elements. Shapes: as `var`."""
    return reduction.var(a, axis=axis, ddof=ddof, keepdims=keepdims, where=_numbers(a))


@composite(*_REDUCED)
def nanstd(a, axis=None, *, ddof=0, keepdims=False):
    """Standard deviation of the numbers among the elements. Shapes: as `std`."""
    return reduction.std(a, axis=axis, ddof=ddof, keepdims=keepdims, where=_numbers(a))


@composite(*_REDUCED)
def nanmax(a, axis=None, *, keepdims=False):
    """Largest of the numbers among the elements. Shapes: as `max`."""
    return reduction.max(a, axis=axis, keepdims=keepdims, initial=-np.inf, where=_numbers(a))


@composite(*_REDUCED)
def nanmin(a, axis=None, *, keepdims=False):
    """Smallest of the numbers among the elements. Shapes: as `min`."""
    return reduction.min(a, axis=axis, keepdims=keepdims, initial=np.inf, where=_numbers(a))


@composite(example(SIGNAL), example(REALS, axis=1))
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):  # noqa: ARG001  NumPy's, without use here
    """Median of the numbers among the elements. Shapes: as `median`."""
    return nanquantile(a, 0.5, axis=axis, keepdims=keepdims)


@composite(example(SIGNAL, 30), example(REALS, [25, 60], axis=1))
def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):  # noqa: ARG001
    """Percentile of the numbers among the elements. Shapes: as `percentile`."""
    return nanquantile(a, np.true_divide(q, 100), axis=axis, method=method, keepdims=keepdims)


@composite(example(SIGNAL, 0.3), example(REALS, [0.25, 0.6], axis=1))
def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):  # noqa: ARG001
    """Quantile of the numbers among the elements. Shapes: as `quantile`.

    Raises: ArgumentError where there is none.
    """
    q = np.asarray(q, dtype=float)
    lines, kept = statistics.in_lines(a, axis)
    rows = reshape(lines, shape=(-1, lines.shape[-1]))
    held = np.asarray(_numbers(rows))
    if not held.any(axis=1).all():
        raise ArgumentError("nanquantile was given a line without a single number")
    found = stack([statistics.quantile(row[held[i]], q, method=method) for i, row in enumerate(rows)], axis=-1)
    return reshape(found, shape=(*q.shape, *(kept if keepdims else lines.shape[:-1])))
