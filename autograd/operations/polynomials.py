"""Polynomials by their coefficients, and functions given by points."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.errors import ArgumentError, DomainError
from autograd.mode import recording
from autograd.node import values_of
from autograd.operations.arithmetic import multiply
from autograd.operations.indexing import axis_of
from autograd.operations.joining import concatenate, stack
from autograd.operations.piecewise import where
from autograd.operations.powers import power
from autograd.operations.reduction import axes_of
from autograd.operations.samples import B223, M23, NUMBER, POSITIVE, REALS, ROW, SIGNAL, V3
from autograd.operations.shaping import atleast_1d, broadcast_arrays, expand_dims, moveaxis, operand, reshape

# fmt: off
__all__ = [
    "apply_along_axis", "apply_over_axes", "geomspace", "interp", "linspace", "logspace", "polyadd", "polyder",
    "polyint", "polymul", "polysub", "polyval",
]
# fmt: on


@composite(example(V3, NUMBER), example(V3, REALS))
def polyval(p, x):
    """$p_0 x^{n-1} + \\dots + p_{n-1}$ by Horner's rule. Shapes: (n,), any -> that of x."""
    x = operand(x)
    value: Any = multiply(x, 0)
    for i in range(len(p)):
        value = value * x + p[i]
    return value


@composite(example(V3, ROW), example(V3, SIGNAL))
def polyadd(a1, a2):
    """The coefficients of the sum of two polynomials, highest first. Shapes: (n,), (m,) -> (max(n, m),)."""
    a1, a2 = _of_one_length(a1, a2)
    return a1 + a2


@composite(example(V3, ROW), example(SIGNAL, V3))
def polysub(a1, a2):
    """The coefficients of the difference of two polynomials. Shapes: (n,), (m,) -> (max(n, m),)."""
    a1, a2 = _of_one_length(a1, a2)
    return a1 - a2


def _of_one_length(*polynomials: Any) -> list[Any]:
    parts = [atleast_1d(each) for each in polynomials]
    longest = max(each.shape[0] for each in parts)
    return [concatenate([np.zeros(longest - each.shape[0], each.dtype), each]) for each in parts]


@composite(example(V3, SIGNAL), example(V3, NUMBER))
def polymul(a1, a2):
    """The coefficients of the product of two polynomials. Shapes: (n,), (m,) -> (n + m - 1,)."""
    a1, a2 = atleast_1d(a1), atleast_1d(a2)
    n = a1.shape[0]
    rows = [concatenate([np.zeros(i, a2.dtype), a1[i] * a2, np.zeros(n - 1 - i, a2.dtype)]) for i in range(n)]
    return stack(rows).sum(axis=0)


@composite(example(SIGNAL), example(SIGNAL, 2))
def polyder(p, m=1):
    """The coefficients of the m-th derivative. Shapes: (n,) -> (n - m,)."""
    for _ in range(m):
        p = p[:-1] * np.arange(p.shape[0] - 1, 0, -1, dtype=p.dtype)
    return p


@composite(example(V3), example(V3, 2, k=[0.5, 1.0]))
def polyint(p, m=1, k=None):
    """The coefficients of the m-th antiderivative, with the constants k. Shapes: (n,) -> (n + m,)."""
    constants = np.zeros(m, p.dtype) if k is None else np.ones(m) * k if np.ndim(k) == 0 else k
    for i in range(m):
        p = concatenate(
            [p / np.arange(p.shape[0], 0, -1, dtype=p.dtype), reshape(np.asarray(constants[i], p.dtype), shape=1)]
        )
    return p


@composite(example(REALS, np.array([-2.0, 0.0, 1.0, 3.0]), M23[0, [0, 1, 2, 0]]), example(0.3, np.arange(3.0), V3))
def interp(x, xp, fp, left=None, right=None, period=None):
    """The broken line through the points (xp, fp), at x; beyond them `left` and `right`, or the end values.

    Shapes: any, (n,), (n,) -> that of x; xp has to rise. The derivative at a point is that of the piece behind it.
    """
    if period is not None:
        raise ArgumentError("interp has no derivative rule with period=; reduce x and xp by remainder first")
    xp, fp = operand(xp), operand(fp)
    places = np.asarray(values_of(xp))
    at = np.asarray(values_of(x))
    piece = np.clip(np.searchsorted(places, at, side="right") - 1, 0, max(len(places) - 2, 0))
    if len(places) == 1:  # the line through one point is flat
        xp, fp = concatenate([xp, xp + 1]), concatenate([fp, fp])
    slope = (fp[piece + 1] - fp[piece]) / (xp[piece + 1] - xp[piece])
    inside = fp[piece] + slope * (x - xp[piece])
    inside = where(at < places[0], fp[0] if left is None else left, inside)
    return where(at > places[-1], fp[-1] if right is None else right, inside)


@composite(example(NUMBER, 3.0, 5), example(V3, ROW, 4, endpoint=False), example(V3, 2.0, 3, axis=-1))
def linspace(start, stop, num=50, endpoint=True, retstep=False, axis=0):
    """`num` numbers at equal steps. Shapes: start and stop broadcast; a new axis of size `num` at `axis`."""
    start, stop, share = _between(start, stop, num, endpoint)
    found = moveaxis(start * (1 - share) + stop * share, 0, axis)
    return (found, (stop - start) / np.maximum(num - endpoint, 1)) if retstep else found


def _between(start: Any, stop: Any, num: int, endpoint: bool) -> tuple[Any, Any, Any]:
    """Both ends in one shape, and the shares of the way from one to the other along a new first axis."""
    kind = np.result_type(*[getattr(each, "dtype", each) for each in (start, stop)], 1.0)
    start, stop = broadcast_arrays(operand(start, kind), operand(stop, kind))
    share = (np.arange(num) / np.maximum(num - endpoint, 1)).astype(kind)
    return start, stop, share.reshape(-1, *[1] * start.ndim)


@composite(example(NUMBER, 1.5, 4), example(NUMBER, 1.5, 4, base=2.0))
def logspace(start, stop, num=50, endpoint=True, base=10.0, axis=0):
    """Powers of `base` with exponents at equal steps. Shapes: as `linspace`."""
    return power(base, linspace(start, stop, num, endpoint, axis=axis))


@composite(example(NUMBER, 5.0, 4), example(POSITIVE[0], 7.0, 3), example(-1.5, -POSITIVE[0], 3, endpoint=False))
def geomspace(start, stop, num=50, endpoint=True, axis=0):
    """Numbers of one sign, or complex ones, at equal ratios. Shapes: as `linspace`. Raises: DomainError for a zero."""
    start, stop, share = _between(start, stop, num, endpoint)
    if recording() is None and not np.all(values_of(start) * values_of(stop)):
        raise DomainError("geomspace goes from ratio to ratio, and none leads from 0 or to it; found a 0 at an end")
    return moveaxis(where(share == 1, stop, start * power(stop / start, share)), 0, axis)


@composite(example(lambda line: (line * line).sum(), 1, REALS), example(lambda line: line[::-1] * 2, 0, B223))
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """A function of a vector, applied to each line along an axis. Shapes: the axis becomes that of the result."""
    along = axis_of(axis, arr.ndim)
    lines = moveaxis(arr, along, -1)
    rest = lines.shape[:-1]
    found = stack([func1d(line, *args, **kwargs) for line in reshape(lines, shape=(-1, lines.shape[-1]))])
    result = reshape(found, shape=(*rest, *found.shape[1:]))
    new = result.ndim - len(rest)
    return moveaxis(result, tuple(range(len(rest), result.ndim)), tuple(range(along, along + new)))


@composite(example(lambda a, axis: a.sum(axis=axis), B223, [0, 2]))
def apply_over_axes(func, a, axes):
    """A reduction over one axis after the other, each kept with size one. Shapes: the axes become 1."""
    for axis in axes_of(axes, a.ndim):
        found = func(a, axis)
        a = found if found.ndim == a.ndim else expand_dims(found, axis=axis)
    return a
