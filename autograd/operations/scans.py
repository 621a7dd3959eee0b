"""Running sums and products, differences and the rules of integration: one axis, walked along."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError
from autograd.operations.arranging import flip, pad
from autograd.operations.comparison import isnan
from autograd.operations.indexing import axes_before, axis_of
from autograd.operations.joining import concatenate
from autograd.operations.piecewise import where
from autograd.operations.reduction import axes_of, sum
from autograd.operations.samples import B223, M34, NUMBER, OTHERS, REALS, ROW, SIGNAL, V3, WITH_ZEROS
from autograd.operations.shaping import broadcast_to, moveaxis, operand, ravel, reshape

# fmt: off
__all__ = [
    "cumprod", "cumsum", "cumulative_prod", "cumulative_sum", "diff", "ediff1d", "gradient", "nancumprod", "nancumsum",
    "trapezoid",
]
# fmt: on

_SLOPES = (example(SIGNAL, axis=0), example(M34, axis=1), example(V3[:2], axis=0))
_ALONG = (example(V3), example(REALS), example(REALS, axis=0), example(B223, axis=-2))


def _cumsum_rule(g: Any, a: Any, axis: Any) -> Any:
    if axis is None:
        return reshape(flip(cumsum(flip(g), axis=0)), shape=a.shape)
    return flip(cumsum(flip(g, axis=axis), axis=axis), axis=axis)


@structural(vjp={"a": _cumsum_rule}, linear_in=("a",), examples=(*_ALONG, example(ROW, axis=0)))
def cumsum(a, *, axis=None):
    """Running sum along `axis`, or of the flattened array. Shapes: any; kept, or flattened."""
    return np.cumsum(a, axis=axis)


def _before(x: Any, axis: int, first: Any) -> Any:
    """x one place later along an axis, with `first` in front."""
    start = broadcast_to(np.asarray(first, x.dtype), shape=(*x.shape[:axis], 1, *x.shape[axis + 1 :]))
    return concatenate([start, x[(*axes_before(axis, x.ndim), slice(-1))]], axis=axis)


def _recurrence_back(g: Any, a: Any) -> Any:
    """The adjoint of `b`: the recurrence run backwards, each factor one step later."""
    return flip(recurrence(_before(flip(a, axis=-1), a.ndim - 1, 0.0), flip(g, axis=-1)), axis=-1)


@structural(
    vjp={
        "a": lambda g, a, out: _recurrence_back(g, a) * _before(out, out.ndim - 1, 0.0),
        "b": lambda g, a: _recurrence_back(g, a),
    },
    linear_in=("b",),
    examples=(example(V3, ROW), example(REALS, OTHERS), example(WITH_ZEROS, REALS)),
)
def recurrence(a, b):
    """The linear recurrence $y_i = a_i y_{i-1} + b_i$ with $y_0 = b_0$ along the last axis. Shapes: two alike, kept."""
    y = np.array(b, dtype=np.result_type(a, b))
    if y.ndim == 1:
        return np.array(_one_by_one(a.tolist(), y.tolist()), y.dtype)
    for i in range(1, y.shape[-1]):
        y[..., i] += a[..., i] * y[..., i - 1]
    return y


def _one_by_one(a: list[Any], y: list[Any]) -> list[Any]:
    for i in range(1, len(y)):
        y[i] += a[i] * y[i - 1]
    return y


def _cumprod_rule(g: Any, a: Any, out: Any, axis: Any) -> Any:
    """Before each element the product up to it, after it what the rest makes of the adjoints; exact through zeros."""
    if axis is None:
        return reshape(_cumprod_rule(g, ravel(a), out, 0), shape=a.shape)
    along = axis % a.ndim
    later = moveaxis(_recurrence_back(moveaxis(g, along, -1), moveaxis(a, along, -1)), -1, along)
    return later * _before(out, along, 1.0)


@structural(vjp={"a": _cumprod_rule}, examples=(*_ALONG, example(WITH_ZEROS, axis=1), example(ROW, axis=0)))
def cumprod(a, *, axis=None):
    """Running product along `axis`, or of the flattened array; exact derivatives also through zeros.

    Shapes: any; kept, or flattened.
    """
    return np.cumprod(a, axis=axis)


@composite(example(V3), example(M34, axis=0), example(M34, axis=1, include_initial=True))
def cumulative_sum(x, /, *, axis=None, include_initial=False):
    """Running sum, as the array API has it: `axis` is needed beyond one axis. Shapes: kept, or one longer."""
    return _cumulative(cumsum, x, axis, include_initial, 0.0)


@composite(example(V3), example(M34, axis=0), example(M34, axis=1, include_initial=True))
def cumulative_prod(x, /, *, axis=None, include_initial=False):
    """Running product, as the array API has it: `axis` is needed beyond one axis. Shapes: kept, or one longer."""
    return _cumulative(cumprod, x, axis, include_initial, 1.0)


def _cumulative(scan: Any, x: Any, axis: int | None, include_initial: bool, first: float) -> Any:
    if axis is None and x.ndim != 1:
        raise ArgumentError(f"cumulative_sum and cumulative_prod need an axis for shape {x.shape}")
    along = axis_of(0 if axis is None else axis, x.ndim)
    found = scan(x, axis=along)
    if not include_initial:
        return found
    start = np.full((*x.shape[:along], 1, *x.shape[along + 1 :]), first, x.dtype)
    return concatenate([start, found], axis=along)


@composite(example(REALS, axis=1), example(V3))
def nancumsum(a, axis=None):
    """Running sum in which NaN counts as 0. Shapes: as `cumsum`."""
    return cumsum(where(isnan(a), 0, a), axis=axis)


@composite(example(REALS, axis=1), example(V3))
def nancumprod(a, axis=None):
    """Running product in which NaN counts as 1. Shapes: as `cumprod`."""
    return cumprod(where(isnan(a), 1, a), axis=axis)


def _step_rule(g: Any, axis: int) -> Any:
    widths = [(1, 1) if i == axis else (0, 0) for i in range(g.ndim)]
    return -step(pad(g, widths), axis=axis)


@structural(vjp={"a": _step_rule}, linear_in=("a",), examples=(example(V3, axis=0), example(M34, axis=1)))
def step(a, *, axis):
    """The differences of neighbours along an axis. Shapes: one shorter along it."""
    return np.diff(a, axis=axis)


@composite(example(V3), example(M34, n=2, axis=0), example(M34, 1, -1, prepend=0.5), example(V3, append=[1.0, 2.0]))
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """The n-th difference of neighbours along an axis. Shapes: any with an axis; n shorter along it."""
    if n < 0:
        raise ArgumentError(f"diff takes a difference 0 or more times; found n={n}")
    along = axis_of(axis, np.ndim(a))
    ends = [_end(prepend, a, along), a, _end(append, a, along)]
    ends = [each for each in ends if each is not None]
    a = concatenate(ends, axis=along) if n and len(ends) > 1 else a
    for _ in range(min(n, np.shape(a)[along])):
        a = step(a, axis=along)
    return a


def _end(end: Any, a: Any, along: int) -> Any:
    if end is None or end is np._NoValue:
        return None
    end = operand(end, a.dtype)
    return end if end.ndim else broadcast_to(end, shape=(*a.shape[:along], 1, *a.shape[along + 1 :]))


@composite(example(V3), example(M34), example(V3, to_end=[1.0], to_begin=NUMBER))
def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours in the flattened array, between other numbers. Shapes: any; to one axis."""
    parts = [to_begin, diff(ravel(ary)), to_end]
    given = [operand(each, ary.dtype) for each in parts if each is not None]
    return concatenate([reshape(each, shape=-1) for each in given])


@composite(example(SIGNAL, SIGNAL + np.arange(6) * 3), example(M34, dx=0.5), example(M34, axis=0))
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Integral by the trapezoidal rule along an axis. Shapes: any with an axis, which goes; x as y, or one axis."""
    y = moveaxis(y, axis, -1)
    if x is not None:
        dx = diff(x if np.ndim(x) == 1 else moveaxis(x, axis, -1))
    return sum((y[..., 1:] + y[..., :-1]) * 0.5 * dx, axis=-1)


@structural(vjp={"f": lambda g, axis: slopes_back(g, axis=axis)}, linear_in=("f",), examples=_SLOPES)
def slopes(f, *, axis):
    """Central differences inside and one-sided ones at the ends, at steps of one. Shapes: any, kept."""
    return np.gradient(f, axis=axis)


@structural(vjp={"s": lambda g, axis: slopes(g, axis=axis)}, linear_in=("s",), examples=_SLOPES)
def slopes_back(s, *, axis):
    """The transpose of `slopes`. Shapes: any, kept."""
    s = np.moveaxis(s, axis, -1) / 2
    s[..., [0, -1]] *= 2
    result = np.zeros_like(s)
    result[..., 1:] = s[..., :-1]
    result[..., :-1] -= s[..., 1:]
    result[..., 0] -= s[..., 0]
    result[..., -1] += s[..., -1]
    return np.moveaxis(result, -1, axis)


@composite(
    example(SIGNAL),
    example(M34),
    example(M34, 0.5, axis=0),
    example(SIGNAL, np.array([0.0, 1.0, 1.5, 3.5, 4.0, 6.0])),
    example(SIGNAL, edge_order=2),
)
def gradient(f, *varargs, axis=None, edge_order=1):
    """Central differences inside, one-sided ones of `edge_order` at the ends. Shapes: any, kept; one for each axis.

    `varargs` are the spacings, one for all axes or one for each: a number, or the coordinates along it.
    """
    axes = axes_of(axis, f.ndim)
    spacings = list(varargs) * len(axes) if len(varargs) == 1 else list(varargs) or [1.0] * len(axes)
    if len(spacings) != len(axes):
        raise ArgumentError(f"gradient along {len(axes)} axes takes 1 or {len(axes)} spacings; found {len(varargs)}")
    if edge_order not in (1, 2):
        raise ArgumentError(f"gradient knows edges of order 1 and 2; found {edge_order}")
    found = [_along(f, along, spacing, edge_order) for along, spacing in zip(axes, spacings, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def _along(f: Any, along: int, spacing: Any, edge_order: int) -> Any:
    if not np.ndim(spacing) and edge_order == 1 and f.shape[along] > 1:
        return slopes(f, axis=along) / spacing
    return moveaxis(_slopes(moveaxis(f, along, -1), spacing, edge_order), -1, along)


def _slopes(f: Any, spacing: Any, edge_order: int) -> Any:
    size = f.shape[-1]
    if size < edge_order + 1:
        raise ArgumentError(f"gradient with edge_order={edge_order} needs {edge_order + 1} values; found {size}")
    h = diff(operand(spacing, f.dtype)) if np.ndim(spacing) else np.full(size - 1, spacing, f.dtype)
    steps = (f[..., 1:] - f[..., :-1]) / h
    before, after = h[:-1], h[1:]
    inside = (steps[..., :-1] * after + steps[..., 1:] * before) / (before + after)
    if edge_order == 1:
        first, last = steps[..., :1], steps[..., -1:]
    else:
        first = steps[..., :1] + (steps[..., :1] - steps[..., 1:2]) * h[0] / (h[0] + h[1])
        last = steps[..., -1:] + (steps[..., -1:] - steps[..., -2:-1]) * h[-1] / (h[-1] + h[-2])
    return concatenate([first, inside, last], axis=-1)
