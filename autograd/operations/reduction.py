"""Operations that take many elements to fewer: sums, means, products, extremes, spreads."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import example, structural
from autograd.errors import DomainError
from autograd.notation import Binding
from autograd.operations.piecewise import where
from autograd.operations.samples import B223, NUMBER, REALS, ROW, V3, WITH_ZEROS
from autograd.operations.shaping import broadcast_to, concatenate, moveaxis, reshape

# fmt: off
__all__ = [
    "all", "any", "argmax", "argmin", "cumsum", "max", "mean", "min", "prod", "std", "sum", "sum_to", "var",
]
# fmt: on

_REDUCED = (
    example(REALS),
    example(REALS, axis=0),
    example(REALS, axis=-1, keepdims=True),
    example(B223, axis=(0, 2)),
    example(B223, axis=(), keepdims=True),
    example(NUMBER),
)
_WHOLE = {"a": Binding.PRODUCT}
_ALONG = (example(V3), example(REALS), example(REALS, axis=0), example(B223, axis=-2))


def restored(reduced: Any, a: Any, axis: Any) -> Any:
    """A reduced array with its reduced axes put back, each of size one."""
    if axis is None:
        return reshape(reduced, shape=(1,) * a.ndim)
    axes = _axes(axis, a.ndim)
    return reshape(reduced, shape=tuple(1 if i in axes else size for i, size in enumerate(a.shape)))


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    chosen = range(ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    return tuple(int(i) % ndim if ndim else 0 for i in chosen)


def _reduced_size(a: Any, axis: Any) -> int:
    if axis is None:
        return int(np.prod(a.shape, dtype=int))
    return int(np.prod([a.shape[i] for i in _axes(axis, a.ndim)], dtype=int))


@structural(
    vjp={"a": lambda g, a, axis: broadcast_to(restored(g, a, axis), shape=a.shape)},
    notation=r"\sum {a}",
    text="Σ {a}",
    binding=Binding.PRODUCT,
    needs=_WHOLE,
    linear_in=("a",),
    examples=_REDUCED,
)
def sum(a, *, axis=None, keepdims=False):
    """Sum over all elements, or over `axis`. Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`)."""
    return np.add.reduce(a, axis=axis, keepdims=keepdims)


@structural(
    vjp={"a": lambda g, a, axis: broadcast_to(restored(g, a, axis) / _reduced_size(a, axis), shape=a.shape)},
    linear_in=("a",),
    examples=_REDUCED,
)
def mean(a, *, axis=None, keepdims=False):
    """Mean over all elements, or over `axis`. Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`)."""
    return np.mean(a, axis=axis, keepdims=keepdims)


@structural(
    vjp={"x": lambda g, x: broadcast_to(g, shape=x.shape)},
    notation=r"\sum {x}",
    text="Σ {x}",
    binding=Binding.PRODUCT,
    needs={"x": Binding.PRODUCT},
    linear_in=("x",),
    examples=(
        example(REALS, shape=(3,)),
        example(REALS, shape=(2, 1)),
        example(B223, shape=()),
    ),
)
def sum_to(x, *, shape):
    """The sum of x over whatever was broadcast to reach its shape from `shape`; what undoes broadcasting.

    Shapes: any; to one that broadcasts to it.
    """
    extra = x.ndim - len(shape)
    stretched = tuple(i + extra for i, size in enumerate(shape) if size == 1 and x.shape[i + extra] != 1)
    summed = np.add.reduce(x, axis=(*range(extra), *stretched), keepdims=True)
    return summed.reshape(shape) if shape else summed.reshape(())[()]


def _extreme(g: Any, a: Any, out: Any, axis: Any) -> Any:
    """The adjoint of an extreme, split evenly among the elements that reach it."""
    reached = a == restored(out, a, axis)
    return where(reached, restored(g, a, axis) / sum(reached, axis=axis, keepdims=True), 0.0)


@structural(vjp={"a": _extreme}, notation=r"\max\left({a}\right)", examples=_REDUCED)
def max(a, *, axis=None, keepdims=False):
    """Largest element; ties share its derivative evenly. Shapes: any; the reduced axes go, or stay with size 1."""
    return np.max(a, axis=axis, keepdims=keepdims)


@structural(vjp={"a": _extreme}, notation=r"\min\left({a}\right)", examples=_REDUCED)
def min(a, *, axis=None, keepdims=False):
    """Smallest element; ties share its derivative evenly. Shapes: any; the reduced axes go, or stay with size 1."""
    return np.min(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def argmax(a, *, axis=None, keepdims=False):
    """Index of the first largest element. Shapes: any; the reduced axis goes. Constant to differentiation."""
    return np.argmax(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def argmin(a, *, axis=None, keepdims=False):
    """Index of the first smallest element. Shapes: any; the reduced axis goes. Constant to differentiation."""
    return np.argmin(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def all(a, *, axis=None, keepdims=False):
    """Whether every element is true. Shapes: any; the reduced axes go. Constant to differentiation."""
    return np.all(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def any(a, *, axis=None, keepdims=False):
    """Whether some element is true. Shapes: any; the reduced axes go. Constant to differentiation."""
    return np.any(a, axis=axis, keepdims=keepdims)


def _others(a: Any) -> Any:
    """For each element of the last axis the product of all the others, through a tree of products: exact with zeros."""
    size = a.shape[-1]
    if size <= 1:
        return np.ones(a.shape)
    if size % 2:
        a = concatenate([a, np.ones((*a.shape[:-1], 1))], axis=-1)
    left, right = a[..., 0::2], a[..., 1::2]
    rest = _others(left * right)
    pairs = concatenate([(rest * right)[..., None], (rest * left)[..., None]], axis=-1)
    return reshape(pairs, shape=a.shape)[..., :size]


def _prod_rule(g: Any, a: Any, axis: Any) -> Any:
    axes = _axes(axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    order = (*rest, *axes)
    last = moveaxis(a, source=order, destination=tuple(range(a.ndim)))
    flat = reshape(last, shape=(*(a.shape[i] for i in rest), _reduced_size(a, axis)))
    others = moveaxis(reshape(_others(flat), shape=last.shape), source=tuple(range(a.ndim)), destination=order)
    return restored(g, a, axis) * others


@structural(
    vjp={"a": _prod_rule},
    notation=r"\prod {a}",
    text="Π {a}",
    binding=Binding.PRODUCT,
    needs=_WHOLE,
    examples=(*_REDUCED, example(WITH_ZEROS, axis=1)),
)
def prod(a, *, axis=None, keepdims=False):
    """Product over all elements, or over `axis`; exact derivatives of every order also through zeros.

    Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`).
    """
    return np.prod(a, axis=axis, keepdims=keepdims)


def _deviation(a: Any, axis: Any) -> Any:
    return a - mean(a, axis=axis, keepdims=True)


@structural(
    vjp={
        "a": lambda g, a, axis, ddof: (
            restored(g, a, axis) * (2 / (_reduced_size(a, axis) - ddof)) * _deviation(a, axis)
        ),
    },
    examples=(*_REDUCED[:4], example(REALS, axis=1, ddof=1)),
)
def var(a, *, axis=None, ddof=0, keepdims=False):
    """Variance, the mean squared deviation, over `size - ddof`. Shapes: any; the reduced axes go, or stay with size 1.

    `ddof` is 0 as in NumPy (PyTorch's default is 1).
    """
    _enough(a, axis, ddof)
    return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)


def _std_rule(g: Any, a: Any, out: Any, axis: Any, ddof: Any) -> Any:
    spread = restored(out, a, axis)
    safe = where(spread == 0, 1.0, spread)
    return restored(g, a, axis) * _deviation(a, axis) / ((_reduced_size(a, axis) - ddof) * safe)


@structural(vjp={"a": _std_rule}, examples=(*_REDUCED[:4], example(REALS, axis=1, ddof=1)))
def std(a, *, axis=None, ddof=0, keepdims=False):
    """Standard deviation; of a constant its derivative is 0. Shapes: any; the reduced axes go, or stay with size 1."""
    _enough(a, axis, ddof)
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims)


def _enough(a: Any, axis: Any, ddof: int) -> None:
    if _reduced_size(np.asarray(a), axis) <= ddof:
        raise DomainError(f"a spread with ddof={ddof} needs more than {ddof} values along axis {axis}")


def _reversed(a: Any, axis: int) -> Any:
    return a[(slice(None),) * (axis % a.ndim) + (slice(None, None, -1),)]


def _cumsum_rule(g: Any, a: Any, axis: Any) -> Any:
    if axis is None:
        return reshape(_reversed(cumsum(_reversed(g, 0), axis=0), 0), shape=a.shape)
    return _reversed(cumsum(_reversed(g, axis), axis=axis), axis)


@structural(vjp={"a": _cumsum_rule}, linear_in=("a",), examples=(*_ALONG, example(ROW, axis=0)))
def cumsum(a, *, axis=None):
    """Running sum along `axis`, or of the flattened array. Shapes: any; kept, or flattened."""
    return np.cumsum(a, axis=axis)
