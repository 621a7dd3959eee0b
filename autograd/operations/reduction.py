"""Operations that take many elements to fewer: sums, means, extremes, spreads.

`where` says which elements count, `initial` what they are joined to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import example, structural
from autograd.errors import DomainError
from autograd.notation import Binding
from autograd.operations.comparison import logical_and
from autograd.operations.complex import conj, is_complex
from autograd.operations.indexing import axis_of
from autograd.operations.piecewise import where as choose
from autograd.operations.samples import B223, CHOICE, COMPLEX, NUMBER, REALS
from autograd.operations.shaping import broadcast_to, reshape

# fmt: off
__all__ = [
    "all", "any", "argmax", "argmin", "count_nonzero", "max", "mean", "min", "std", "sum", "sum_to", "var",
]
# fmt: on

REDUCED = (
    example(REALS),
    example(REALS, axis=0),
    example(REALS, axis=-1, keepdims=True),
    example(B223, axis=(0, 2)),
    example(B223, axis=(), keepdims=True),
    example(NUMBER),
)
CHOSEN = (example(REALS, where=CHOICE), example(REALS, axis=1, where=CHOICE))
_WHOLE = {"a": Binding.PRODUCT}


def restored(reduced: Any, a: Any, axis: Any) -> Any:
    """A reduced array with its reduced axes put back, each of size one."""
    if axis is None:
        return reshape(reduced, shape=(1,) * a.ndim)
    axes = axes_of(axis, a.ndim)
    return reshape(reduced, shape=tuple(1 if i in axes else size for i, size in enumerate(a.shape)))


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that `axis` names, counted from the front."""
    several: Any = isinstance(axis, tuple | list | range) or getattr(axis, "ndim", 0)
    chosen = range(ndim) if axis is None else axis if several else (axis,)
    return tuple([axis_of(i, ndim) for i in chosen]) if ndim else ()  # NumPy lets a number be reduced along axis 0


def counted(a: Any, axis: Any, where: Any = True) -> Any:
    """How many elements go into one of the result; with `where`, an array with the reduced axes kept."""
    if where is not True:
        return np.add.reduce(np.broadcast_to(where, a.shape), axis=axis, keepdims=True, dtype=int)
    if axis is None:
        return int(np.prod(a.shape, dtype=int))
    return int(np.prod([a.shape[i] for i in axes_of(axis, a.ndim)], dtype=int))


def _spread(g: Any, a: Any, where: Any) -> Any:
    """An adjoint handed to each element that counted."""
    full = broadcast_to(g, shape=a.shape)
    return full if where is True else choose(where, full, 0.0)


@structural(
    vjp={"a": lambda g, a, axis, where: _spread(restored(g, a, axis), a, where)},
    notation=r"\sum {a}",
    text="Σ {a}",
    binding=Binding.PRODUCT,
    needs=_WHOLE,
    linear_in=("a",),
    examples=(*REDUCED, *CHOSEN, example(REALS, axis=0, initial=2.5)),
)
def sum(a, *, axis=None, keepdims=False, initial=0, where=True):
    """Sum over all elements, or over `axis`. Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`)."""
    if where is True and initial == 0:
        return np.add.reduce(a, axis=axis, keepdims=keepdims)
    return np.add.reduce(a, axis=axis, keepdims=keepdims, initial=initial, where=where)


@structural(
    vjp={"a": lambda g, a, axis, where: _spread(restored(g, a, axis) / counted(a, axis, where), a, where)},
    linear_in=("a",),
    examples=(*REDUCED, *CHOSEN),
)
def mean(a, *, axis=None, keepdims=False, where=True):
    """Mean over all elements, or over `axis`. Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`)."""
    return np.mean(a, axis=axis, keepdims=keepdims, where=where)


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


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1), example(REALS, axis=0, keepdims=True)))
def count_nonzero(a, *, axis=None, keepdims=False):
    """How many elements are not zero. Shapes: any; the reduced axes go. Constant to differentiation."""
    if axis is None:  # ten times as fast as NumPy's count with keepdims
        found = np.intp(np.count_nonzero(a))
        return found.reshape((1,) * np.ndim(a)) if keepdims else found
    return np.count_nonzero(a, axis=axis, keepdims=keepdims)


def _extreme(g: Any, a: Any, out: Any, axis: Any, where: Any) -> Any:
    """The adjoint of an extreme, split evenly among the elements that reach it; none does if `initial` is beyond."""
    reached = a == restored(out, a, axis)
    if where is not True:
        reached = logical_and(reached, where)
    ties = count_nonzero(reached, axis=axis, keepdims=True)
    return choose(reached, restored(g, a, axis) / choose(ties == 0, 1, ties), 0.0)


_EXTREMES = (
    *REDUCED,
    example(REALS, axis=1, initial=0.5),
    example(REALS, axis=1, where=CHOICE, initial=-9.0),
    example(REALS, axis=1, where=CHOICE, initial=9.0),
)


@structural(vjp={"a": _extreme}, notation=r"\max\left({a}\right)", examples=_EXTREMES)
def max(a, *, axis=None, keepdims=False, initial=None, where=True):
    """Largest element; ties share its derivative evenly. Shapes: any; the reduced axes go, or stay with size 1."""
    return np.maximum.reduce(a, axis=axis, keepdims=keepdims, initial=_start(initial), where=where)


@structural(vjp={"a": _extreme}, notation=r"\min\left({a}\right)", examples=_EXTREMES)
def min(a, *, axis=None, keepdims=False, initial=None, where=True):
    """Smallest element; ties share its derivative evenly. Shapes: any; the reduced axes go, or stay with size 1."""
    return np.minimum.reduce(a, axis=axis, keepdims=keepdims, initial=_start(initial), where=where)


def _start(initial: Any) -> Any:
    return np._NoValue if initial is None else initial


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def argmax(a, *, axis=None, keepdims=False):
    """Index of the first largest element. Shapes: any; the reduced axis goes. Constant to differentiation."""
    return np.argmax(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1)))
def argmin(a, *, axis=None, keepdims=False):
    """Index of the first smallest element. Shapes: any; the reduced axis goes. Constant to differentiation."""
    return np.argmin(a, axis=axis, keepdims=keepdims)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1), example(REALS, where=CHOICE)))
def all(a, *, axis=None, keepdims=False, where=True):
    """Whether every element is true. Shapes: any; the reduced axes go. Constant to differentiation."""
    return np.all(a, axis=axis, keepdims=keepdims, where=where)


@structural(vjp={}, examples=(example(REALS), example(REALS, axis=1), example(REALS, where=CHOICE)))
def any(a, *, axis=None, keepdims=False, where=True):
    """Whether some element is true. Shapes: any; the reduced axes go. Constant to differentiation."""
    return np.any(a, axis=axis, keepdims=keepdims, where=where)


_SPREADS = (
    *REDUCED[:4],
    example(REALS, where=REALS > -1),
    example(REALS, axis=1, ddof=1),
    example(COMPLEX, axis=0),
)


def _deviation(a: Any, axis: Any, where: Any) -> Any:
    """How far each element that counts is from the mean; conjugated, as rules carry it."""
    deviation = a - mean(a, axis=axis, keepdims=True, where=where)
    deviation = conj(deviation) if is_complex(deviation) else deviation
    return deviation if where is True else choose(where, deviation, 0.0)


@structural(
    vjp={
        "a": lambda g, a, axis, ddof, where: (
            restored(g, a, axis) * (2 / (counted(a, axis, where) - ddof)) * _deviation(a, axis, where)
        ),
    },
    examples=_SPREADS,
)
def var(a, *, axis=None, ddof=0, keepdims=False, where=True):
    """Variance, the mean squared deviation, over `size - ddof`. Shapes: any; the reduced axes go, or stay with size 1.

    `ddof` is 0 as in NumPy (PyTorch's default is 1).
    """
    _enough(a, axis, ddof, where)
    return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims, where=where)


def _std_rule(g: Any, a: Any, out: Any, axis: Any, ddof: Any, where: Any) -> Any:
    spread = restored(out, a, axis)
    safe = choose(spread == 0, 1.0, spread)
    return restored(g, a, axis) * _deviation(a, axis, where) / ((counted(a, axis, where) - ddof) * safe)


@structural(
    vjp={"a": _std_rule},
    examples=_SPREADS,
)
def std(a, *, axis=None, ddof=0, keepdims=False, where=True):
    """Standard deviation; of a constant its derivative is 0. Shapes: any; the reduced axes go, or stay with size 1."""
    _enough(a, axis, ddof, where)
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims, where=where)


def _enough(a: Any, axis: Any, ddof: int, where: Any) -> None:
    if np.less_equal(counted(np.asarray(a), axis, where), ddof).any():
        raise DomainError(f"a spread with ddof={ddof} needs more than {ddof} values along axis {axis}")
