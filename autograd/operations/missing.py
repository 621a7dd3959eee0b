"""Reductions that leave out what is not a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.node import values_of
from autograd.operations import factors, reduction, statistics
from autograd.operations.comparison import isnan, logical_and, logical_not, logical_or
from autograd.operations.joining import stack
from autograd.operations.samples import B223, CHOICE, REALS, SIGNAL
from autograd.operations.shaping import operand, reshape

# fmt: off
__all__ = [
    "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar",
]
# fmt: on

_REDUCED = (example(REALS), example(REALS, axis=1), example(B223, axis=(0, 2), keepdims=True))


_CHOSEN = (example(REALS, axis=1, where=CHOICE),)


def _numbers(a: Any, where: Any = True) -> Any:
    """Which elements are numbers, of those that count."""
    numbers = logical_not(isnan(values_of(a)))
    return numbers if where is True else logical_and(numbers, where)


def _numbers_or_all(a: Any, axis: Any, where: Any = True) -> Any:
    """As `_numbers`; along an axis with none, NaN and all: what is found there is NaN."""
    numbers = _numbers(a, where)
    return logical_or(numbers, logical_and(where, logical_not(reduction.any(numbers, axis=axis, keepdims=True))))


def _extreme(reduce: Any, beyond: Any, a: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    """The extreme of the numbers; of integers, which all are, and of nothing, which has none, as `max` and `min`."""
    a = operand(a)
    if a.size and a.dtype.kind == "f":
        beyond = beyond if where is True else None
        where = _numbers_or_all(a, axis, where) if initial is None else _numbers(a, where)
        initial = beyond if initial is None else initial
    return reduce(a, axis=axis, keepdims=keepdims, initial=initial, where=where)


@composite(*_REDUCED, *_CHOSEN, example(REALS, axis=0, initial=2.5))
def nansum(a, axis=None, *, keepdims=False, initial=0, where=True):
    """Sum of the numbers among the elements. Shapes: as `sum`."""
    return reduction.sum(a, axis=axis, keepdims=keepdims, initial=initial, where=_numbers(a, where))


@composite(*_REDUCED, *_CHOSEN, example(REALS, axis=0, initial=2.5))
def nanprod(a, axis=None, *, keepdims=False, initial=1, where=True):
    """Product of the numbers among the elements. Shapes: as `prod`."""
    return factors.prod(a, axis=axis, keepdims=keepdims, initial=initial, where=_numbers(a, where))


@composite(*_REDUCED, *_CHOSEN)
def nanmean(a, axis=None, *, keepdims=False, where=True):
    """Mean of the numbers among the elements. Shapes: as `mean`."""
    return reduction.mean(a, axis=axis, keepdims=keepdims, where=_numbers(a, where))


@composite(*_REDUCED, example(REALS, where=REALS > -1))
def nanvar(a, axis=None, *, ddof=0, keepdims=False, where=True):
    """Variance of the numbers among the elements, NaN where there is none. Shapes: as `var`."""
    return reduction.var(a, axis=axis, ddof=ddof, keepdims=keepdims, where=_numbers_or_all(a, axis, where))


@composite(*_REDUCED, example(REALS, where=REALS > -1))
def nanstd(a, axis=None, *, ddof=0, keepdims=False, where=True):
    """Standard deviation of the numbers among the elements, NaN where there is none. Shapes: as `std`."""
    return reduction.std(a, axis=axis, ddof=ddof, keepdims=keepdims, where=_numbers_or_all(a, axis, where))


@composite(*_REDUCED, example(REALS, axis=1, initial=0.5))
def nanmax(a, axis=None, *, keepdims=False, initial=None, where=True):
    """Largest of the numbers among the elements, NaN where there is none. Shapes: as `max`."""
    return _extreme(reduction.max, -np.inf, a, axis, keepdims, initial, where)


@composite(*_REDUCED, example(REALS, axis=1, initial=0.5))
def nanmin(a, axis=None, *, keepdims=False, initial=None, where=True):
    """Smallest of the numbers among the elements, NaN where there is none. Shapes: as `min`."""
    return _extreme(reduction.min, np.inf, a, axis, keepdims, initial, where)


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
    """Quantile of the numbers among the elements, NaN where there is none. Shapes: as `quantile`."""
    q = operand(q, float)
    lines, kept = statistics.in_lines(a, axis)
    if not lines.shape[-1]:
        return statistics.quantile(a, q, axis, method=method, keepdims=keepdims)
    rows = reshape(lines, shape=(-1, lines.shape[-1]))
    held = np.asarray(_numbers_or_all(rows, axis=1))
    found = stack([statistics.quantile(row[held[i]], q, method=method) for i, row in enumerate(rows)], axis=-1)
    return reshape(found, shape=(*q.shape, *(kept if keepdims else lines.shape[:-1])))
