"""Products of many elements, exact in every derivative through zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.declaration import example, structural
from autograd.notation import Binding
from autograd.operations.joining import concatenate
from autograd.operations.piecewise import where as choose
from autograd.operations.reduction import CHOSEN, REDUCED, axes_of, counted, restored
from autograd.operations.samples import REALS, V3, WITH_ZEROS
from autograd.operations.shaping import moveaxis, reshape

# fmt: off
__all__ = [
    "prod",
]
# fmt: on


def _halves(a: Any, fill: float) -> tuple[Any, Any]:
    """Every other element of the last axis, and the ones between, with one more if their number is odd."""
    if a.shape[-1] % 2:
        a = concatenate([a, np.full((*a.shape[:-1], 1), fill, a.dtype)], axis=-1)
    return a[..., 0::2], a[..., 1::2]


def _woven(even: Any, odd: Any, size: int) -> Any:
    """Two halves in turns again."""
    pairs = concatenate([even[..., None], odd[..., None]], axis=-1)
    return reshape(pairs, shape=(*even.shape[:-1], 2 * even.shape[-1]))[..., :size]


def _by_tree(a: Any) -> Any:
    """For each element of the last axis the product of all the others, through a tree of products."""
    if a.shape[-1] <= 1:
        return np.ones(a.shape, a.dtype)
    left, right = _halves(a, 1.0)
    rest = _by_tree(left * right)
    return _woven(rest * right, rest * left, a.shape[-1])


def _moved(a: Any, b: Any) -> tuple[Any, Any]:
    """The products of all others, and how they move when a moves along b."""
    if a.shape[-1] <= 1:
        return np.ones(a.shape, a.dtype), np.zeros(a.shape, a.dtype)
    (left, right), (left_b, right_b) = _halves(a, 1.0), _halves(b, 0.0)
    rest, rest_b = _moved(left * right, left_b * right + left * right_b)
    found = _woven(rest * right, rest * left, a.shape[-1])
    along = _woven(rest_b * right + rest * right_b, rest_b * left + rest * left_b, a.shape[-1])
    return found, along


def _folded(a: Any) -> Any:
    """The product along the last axis, half by half: several times as fast as one element after the other."""
    while a.shape[-1] > _FEW:
        half = a.shape[-1] // 2
        folded = a[..., :half] * a[..., half : 2 * half]
        if a.shape[-1] % 2:
            folded[..., :1] *= a[..., -1:]
        a = folded
    return np.multiply.reduce(a, axis=-1, keepdims=True)


_FEW = 64


@structural(
    vjp={"a": lambda g, a: _moved(a, g)[1]},
    examples=(example(V3), example(REALS), example(WITH_ZEROS)),
)
def products_of_others(a):
    """For each element of the last axis the product of all the others. Shapes: any with an axis, kept.

    Its Jacobian is symmetric, so that its pull-back is its push-forward.
    """
    whole = _folded(a)
    exact = np.isfinite(whole) & (np.abs(whole) > np.finfo(a.dtype).tiny)
    return whole / a if exact.all() else _by_tree(a)


def _prod_rule(g: Any, a: Any, axis: Any, initial: Any, where: Any) -> Any:
    axes = axes_of(axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    order = (*rest, *axes)
    factors = a if where is True else choose(where, a, 1.0)
    last = moveaxis(factors, source=order, destination=tuple(range(a.ndim)))
    flat = reshape(last, shape=(*(a.shape[i] for i in rest), counted(a, axis)))
    others = moveaxis(
        reshape(products_of_others(flat), shape=last.shape), source=tuple(range(a.ndim)), destination=order
    )
    product = restored(g, a, axis) * others
    product = product if initial == 1 else product * initial
    return product if where is True else choose(where, product, 0.0)


@structural(
    vjp={"a": _prod_rule},
    notation=r"\prod {a}",
    text="Π {a}",
    binding=Binding.PRODUCT,
    needs={"a": Binding.PRODUCT},
    examples=(*REDUCED, *CHOSEN, example(WITH_ZEROS, axis=1), example(REALS, axis=0, initial=-1.5)),
)
def prod(a, *, axis=None, keepdims=False, initial=1, where=True):
    """Product over all elements, or over `axis`; exact derivatives of every order also through zeros.

    Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`).
    """
    return np.multiply.reduce(a, axis=axis, keepdims=keepdims, initial=initial, where=where)
