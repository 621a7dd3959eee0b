"""Averages and quantiles, and how quantities vary together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example
from autograd.errors import ArgumentError, DomainError, ShapeError
from autograd.mode import recording
from autograd.node import Node, values_of
from autograd.operations.complex import conj, is_complex, real
from autograd.operations.elementary import sqrt
from autograd.operations.indexing import spread
from autograd.operations.joining import concatenate
from autograd.operations.ordering import sort
from autograd.operations.picking import plain, take
from autograd.operations.piecewise import clip
from autograd.operations.products import matmul
from autograd.operations.reduction import axes_of, max, mean, min, sum
from autograd.operations.samples import B223, CLASSES, COMPLEX, M34, POSITIVE, REALS, SIGNAL, V3
from autograd.operations.shaping import (
    astype,
    atleast_2d,
    broadcast_to,
    expand_dims,
    floats,
    moveaxis,
    operand,
    reshape,
    squeeze,
    transpose,
)

# fmt: off
__all__ = [
    "average", "corrcoef", "cov", "median", "percentile", "ptp", "quantile",
]
# fmt: on

_CONTINUOUS = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "linear": (1.0, 1.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
"""For each method of interpolation how far the first and the last element stand in. Source: Hyndman and Fan 1996."""

_STEPS: dict[str, Callable[[Any], Any]] = {
    "lower": np.floor,
    "higher": np.ceil,
    "nearest": np.rint,
    "midpoint": lambda at: (np.floor(at) + np.ceil(at)) / 2,
}


@composite(example(REALS), example(REALS, axis=0), example(B223, axis=(0, 2), keepdims=True))
def ptp(a, axis=None, keepdims=False):
    """Largest less smallest element. Shapes: any; the reduced axes go, or stay with size 1. Ties as in `max`."""
    return max(a, axis=axis, keepdims=keepdims) - min(a, axis=axis, keepdims=keepdims)


@composite(
    example(REALS),
    example(REALS, axis=1, weights=V3**2),
    example(REALS, weights=POSITIVE),
    example(REALS, 0, POSITIVE, True),
    example(B223, (2, 0), POSITIVE.T),
)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Mean, weighted by `weights` if given; with `returned` also the sum of the weights.

    Shapes: any; weights as a, or as the axes, in their order. Raises: ShapeError for others; DomainError where the
    weights add up to 0.
    """
    if weights is None:
        found = mean(a, axis=axis, keepdims=keepdims)
        total = np.full(found.shape, a.size / np.maximum(found.size, 1))
    else:
        if np.shape(weights) != np.shape(a):
            weights = _along(weights, a, axis)
        total = sum(broadcast_to(weights, shape=a.shape), axis=axis, keepdims=keepdims)
        if recording() is None and not np.all(values_of(total)):
            raise DomainError("the weights of an average add up to 0, and it is divided by their sum")
        found = sum(floats(a) * weights, axis=axis, keepdims=keepdims) / total
    return (found, total) if returned else found


def _along(weights: Any, a: Any, axis: Any) -> Any:
    """Weights for some axes, as they stand beside all of a."""
    axes = axes_of(axis, a.ndim)
    if axis is None or np.shape(weights) != tuple(a.shape[i] for i in axes):
        raise ShapeError(
            f"the weights of an average have the shape of the array, or of its axes; found {np.shape(weights)} for "
            f"{np.shape(a)} along axis {axis}"
        )
    in_order = transpose(weights, axes=tuple(np.argsort(axes).tolist()))
    return reshape(in_order, shape=tuple(size if i in axes else 1 for i, size in enumerate(a.shape)))


@composite(
    example(SIGNAL),
    example(V3),
    example(M34, axis=0),
    example(B223, axis=(0, 2)),
    example(M34, axis=1, keepdims=True),
)
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):  # noqa: ARG001  NumPy's, without use here
    """The middle element, or the mean of the middle two. Shapes: any; the reduced axes go, or stay with size 1."""
    return quantile(a, 0.5, axis=axis, keepdims=keepdims)


@composite(example(SIGNAL, 30), example(M34, [25, 60], axis=1))
def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):  # noqa: ARG001
    """As `quantile`, for q in percent, from 0 to 100."""
    return quantile(a, np.true_divide(q, 100), axis=axis, method=method, keepdims=keepdims)


@elementwise(
    partial={"left": lambda share: 1 - share, "right": lambda share: share, "share": lambda left, right: right - left},
    examples=(example(M34[0], M34[1], M34[2], np.ones(4)),),
)
def between(left, right, share, last):
    """The point a share of the way from left to right; NaN where `last`, which no sorted element is behind, is NaN.

    With an end at infinity it is that end, unless the share is 0. Shapes: any that broadcast. `last` is constant.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        step = right - left
        beyond = np.where(share == 0, left, left + right)
        found = np.where(np.isfinite(step), left + step * share, beyond)
    return np.where(np.isnan(last), last, found)[()]


@composite(
    example(SIGNAL, 0.3),
    example(SIGNAL, np.float64(0.3)),
    example(M34, [0.25, 0.6], axis=1),
    example(B223, 0.4, axis=(0, 2), keepdims=True),
    *[example(SIGNAL, 0.3, method=method) for method in (*_CONTINUOUS, *_STEPS)],
)
def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):  # noqa: ARG001
    """The value below which a share q of the elements lies, interpolated by `method` as in NumPy.

    NaN if there is one among them, or nothing. At an element exactly it is that element, beside an infinity too, where
    NumPy's is NaN. Shapes: any; the axes of q come first, the reduced axes go, or stay with size 1.
    Raises: DomainError for a q beyond 0 and 1; ArgumentError for an unknown method.
    """
    q = operand(q, float)
    if q.size and not 0 <= plain(q).min() <= plain(q).max() <= 1:
        raise DomainError(f"a quantile lies between 0 and 1, a percentile between 0 and 100; found {plain(q)}")
    lines, kept = in_lines(floats(a), axis)
    if not lines.shape[-1]:
        lines = concatenate([lines, np.full((*lines.shape[:-1], 1), np.nan, lines.dtype)], axis=-1)
    ordered = sort(lines, axis=-1)
    at = _position(q, ordered.shape[-1], method)
    low = np.floor(plain(at)).astype(int)
    share = astype(at - low, dtype=ordered.dtype)
    left = take(ordered, low, axis=-1)
    right = take(ordered, np.minimum(low + 1, ordered.shape[-1] - 1), axis=-1)
    last = take(ordered, np.full(low.shape, -1), axis=-1)
    found = between(left, right, share, last)
    found = moveaxis(found, tuple(range(found.ndim - q.ndim, found.ndim)), tuple(range(q.ndim)))
    return reshape(found, shape=(*q.shape, *kept)) if keepdims else found


def in_lines(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The array with the axes to be reduced as its one last axis, and the shape that keeps them."""
    axes = axes_of(axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    moved = moveaxis(a, (*rest, *axes), tuple(range(a.ndim)))
    kept = tuple(1 if i in axes else size for i, size in enumerate(a.shape))
    size = int(np.prod([a.shape[i] for i in axes], dtype=int))
    return reshape(moved, shape=(*[a.shape[i] for i in rest], size)), kept


def _position(q: Any, size: int, method: str) -> Any:
    """Where in the ordered elements a quantile stands, between two of them."""
    if method in _STEPS:
        return _STEPS[method](plain(q) * (size - 1))
    if method not in _CONTINUOUS:
        raise ArgumentError(f"quantile knows the methods {', '.join((*_CONTINUOUS, *_STEPS))}; found {method!r}")
    alpha, beta = _CONTINUOUS[method]
    return clip(size * q + alpha + q * (1 - alpha - beta) - 1, a_min=0, a_max=size - 1)


@composite(
    example(M34),
    example(M34.T, rowvar=False),
    example(V3, SIGNAL[:3], bias=True),
    example(M34, ddof=0),
    example(M34, fweights=[1, 2, 1, 3]),
    example(M34, aweights=[0.5, 1.0, 2.0, 0.7]),
    example(COMPLEX),
    example(M34, COMPLEX[:, [0, 1, 2, 0]]),
)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
    """Covariances of the rows (of the columns unless `rowvar`), over n - 1, or n with `bias`, or n - ddof.

    `fweights` counts each observation several times, `aweights` weighs it. Of complex numbers the second factor is
    conjugated. Shapes: (k, n) -> (k, k); (n,) -> ().
    """
    rows = _variables(m, rowvar)
    if y is not None:
        rows = concatenate([rows, _variables(y, rowvar)], axis=0)
    ddof = (0 if bias else 1) if ddof is None else ddof
    weights = np.asarray(np.ones(rows.shape[1]) if fweights is None else fweights, rows.dtype)
    over = weights.sum() - ddof
    if aweights is not None:
        aweights = operand(aweights, rows.dtype)
        weights = weights * aweights
        over = weights.sum() - ddof * (weights * aweights).sum() / weights.sum()
    deviation = rows - sum(rows * weights, axis=1, keepdims=True) / weights.sum()
    across = conj(deviation.T) if is_complex(deviation) else deviation.T
    found = matmul(deviation * weights, across) / over
    return squeeze(found) if found.shape == (1, 1) else found


@composite(example(CLASSES, SIGNAL[:2]), example(np.array([0, 1, 1]), V3, minlength=4))
def bincount(x, weights=None, minlength=0):
    """How often each whole number from 0 on is found, or the sum of the weights where it is; linear in these.

    Shapes: (n,), (n,) -> (m,) with m at least `minlength`, and more than the largest number.
    """
    places = plain(x)
    if not isinstance(weights, Node):
        return np.bincount(places, weights, minlength)
    counts = np.bincount(places, np.zeros(weights.value.shape), minlength)
    return spread(floats(weights), places, size=len(counts), axis=0)


def _variables(m: Any, rowvar: bool) -> Any:
    rows = floats(atleast_2d(m))
    return rows if rowvar or rows.shape[0] == 1 else rows.T


@composite(example(M34), example(V3, SIGNAL[:3]), example(M34.T, rowvar=False), example(COMPLEX))
def corrcoef(x, y=None, rowvar=True):
    """Correlations of the rows (of the columns unless `rowvar`), at most 1 in size. Shapes: (k, n) -> (k, k)."""
    found = cov(x, y, rowvar)
    if np.ndim(found) == 0:
        return found / found
    variances = found[np.arange(found.shape[0]), np.arange(found.shape[0])]
    spread = sqrt(real(variances) if is_complex(variances) else variances)
    return found / expand_dims(spread, axis=1) / spread
