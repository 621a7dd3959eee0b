"""The softmax family, computed so that no exponential overflows and no logarithm meets zero."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograd.declaration import elementwise, example, structural
from autograd.errors import ArgumentError, DomainError, ShapeError
from autograd.operations.elementary import exp, exp2
from autograd.operations.indexing import gather
from autograd.operations.reduction import restored, sum
from autograd.operations.samples import B223, CLASSES, NUMBER, OTHERS, REALS, ROW, SHARES
from autograd.operations.shaping import floats

# fmt: off
__all__ = [
    "cross_entropy", "log_softmax", "logaddexp", "logaddexp2", "logsumexp", "one_hot", "sigmoid", "softmax", "softplus",
]
# fmt: on

_FEW = 64
"""Classes of which all rows of an identity matrix are kept."""
_ALONG = (example(REALS), example(REALS, axis=0), example(B223, axis=1))


def _logistic(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return np.maximum(small, x >= 0) / (1 + small)  # the larger is 1 from 0 on; a choice of each element takes longer


@elementwise(
    partial={"x": lambda out: out * (1 - out)},
    notation=r"\sigma\left({x}\right)",
    text="σ({x})",
    examples=(example(REALS), example(NUMBER)),
)
def sigmoid(x):
    r"""Logistic function, $\sigma(x) = 1 / (1 + e^{-x})$.

    Derivative: $\sigma (1 - \sigma) \le 1/4$. Range: (0, 1). Smoothness: $C^\infty$. Shapes: any, kept.
    Source: Verhulst 1838.
    """
    x = floats(x)
    return _logistic(x).astype(np.result_type(x, 0.0), copy=False)[()]


@elementwise(
    partial={"x": lambda x: sigmoid(x)},
    notation=r"\ln\left(1 + e^{{x}}\right)",
    examples=(example(REALS), example(NUMBER)),
)
def softplus(x):
    r"""$\ln(1 + e^x)$, a smooth rectifier.

    Derivative: $\sigma(x)$. Range: $(0, \infty)$. Smoothness: $C^\infty$. Shapes: any, kept.
    Source: Dugas et al. 2001.
    """
    x = floats(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@elementwise(
    partial={"x": lambda x, out: exp(x - out), "y": lambda y, out: exp(y - out)},
    notation=r"\ln\left(e^{{x}} + e^{{y}}\right)",
    examples=(example(REALS, OTHERS), example(REALS, ROW)),
)
def logaddexp(x, y):
    """$\\ln(e^x + e^y)$. Shapes: any two that broadcast."""
    return np.logaddexp(x, y)


@elementwise(
    partial={"x": lambda x, out: exp2(x - out), "y": lambda y, out: exp2(y - out)},
    notation=r"\log_2\left(2^{{x}} + 2^{{y}}\right)",
    examples=(example(REALS, OTHERS), example(REALS, ROW)),
)
def logaddexp2(x, y):
    """$\\log_2(2^x + 2^y)$. Shapes: any two that broadcast."""
    return np.logaddexp2(x, y)


@structural(
    vjp={"x": lambda g, out, axis: out * (g - sum(g * out, axis=axis, keepdims=True))},
    examples=_ALONG,
)
def softmax(x, *, axis=-1):
    r"""Shares that add up to one, $e^{x_i} / \sum_j e^{x_j}$, of any size of x.

    Derivative: $\partial y_i / \partial x_j = y_i ([i = j] - y_j)$. Range: (0, 1). Smoothness: $C^\infty$.
    Shapes: any with an axis, kept. Source: Bridle 1990.
    """
    x = floats(x)
    raised = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf))
    raised /= np.add.reduce(raised, axis=axis, keepdims=True)
    return raised


@structural(
    vjp={"x": lambda g, out, axis: g - exp(out) * sum(g, axis=axis, keepdims=True)},
    examples=_ALONG,
)
def log_softmax(x, *, axis=-1):
    r"""The logarithm of softmax, $x_i - \ln \sum_j e^{x_j}$.

    Derivative: $\partial y_i / \partial x_j = [i = j] - e^{y_j}$. Range: $(-\infty, 0)$. Smoothness: $C^\infty$.
    Shapes: any with an axis, kept.
    """
    x = floats(x)
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.add.reduce(np.exp(shifted), axis=axis, keepdims=True))


def _logsumexp_rule(g: Any, a: Any, out: Any, axis: Any) -> Any:
    """The shares of each element, made to add up to one also where the result has lost their digits."""
    shares = exp(a - restored(out, a, axis))
    return restored(g, a, axis) * shares / sum(shares, axis=axis, keepdims=True)


@structural(
    vjp={"a": _logsumexp_rule},
    examples=(
        example(REALS),
        example(REALS, axis=1),
        example(B223, axis=(0, 2)),
        example(REALS, axis=0, keepdims=True),
    ),
)
def logsumexp(a, *, axis=None, keepdims=False):
    r"""$\ln \sum_j e^{a_j}$ over all elements, or over `axis`.

    Shapes: any; the reduced axes go, or stay with size 1 (`keepdims`).
    """
    a = floats(a)
    top = np.max(a, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    total = np.log(np.add.reduce(np.exp(a - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def _cross_entropy_rule(g: Any, logits: Any, target: Any) -> Any:
    """The textbook's $(p - y) / N$."""
    scale = g / logits.shape[0]
    if target.ndim == 1:
        return (softmax(logits) - _rows_of_classes(target, logits)) * scale
    return (softmax(logits) * sum(target, axis=-1, keepdims=True) - target) * scale


def _rows_of_classes(target: Any, logits: Any) -> Any:
    """The row $e_c$ for the class of each row of logits: of few classes picked from all, which takes less time."""
    classes = logits.shape[1]
    if classes > _FEW:
        return target[:, None] == np.arange(classes)
    return gather(_identity(classes, logits.dtype), target, axis=0)


@cache
def _identity(classes: int, dtype: Any) -> Any:
    rows = np.eye(classes, dtype=dtype)
    rows.flags.writeable = False
    return rows


@structural(
    vjp={"logits": _cross_entropy_rule, "target": lambda g, logits: -log_softmax(logits) * (g / logits.shape[0])},
    examples=(example(REALS, CLASSES), example(REALS, SHARES)),
)
def cross_entropy(logits, target):
    r"""Mean over the rows of $-\sum_c y_c \ln \operatorname{softmax}(z)_c$, from the logits $z$.

    `target` is the index of each row's class, or the share $y$ of each class.
    Shapes: (N, C), (N,) or (N, C) -> ().
    Raises: DomainError for a class index that does not exist; ShapeError, ArgumentError for other misfits.
    """
    _check_target(logits, target)
    logits = floats(logits)
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    logs = np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))
    if target.ndim == 2:
        return np.add.reduce(target * (logs - shifted), axis=None) / logits.dtype.type(len(logits))
    return np.add.reduce(logs[:, 0] - shifted[np.arange(len(target)), target]) / logits.dtype.type(len(logits))


def _check_target(logits: Any, target: Any) -> None:
    if logits.ndim != 2 or len(logits) == 0:
        raise ShapeError(f"cross_entropy needs logits of shape (N, C) with N > 0; found {logits.shape}")
    rows, classes = logits.shape
    if target.shape not in ((rows,), (rows, classes)):
        raise ShapeError(
            f"cross_entropy with logits {logits.shape} needs a target of shape ({rows},), class indices, "
            f"or ({rows}, {classes}), shares; found {target.shape}"
        )
    if target.ndim == 1:
        _check_classes("cross_entropy", target, classes)


_UNSIGNED = {each.itemsize: each for each in map(np.dtype, ("u1", "u2", "u4", "u8"))}


def _check_classes(name: str, labels: Any, classes: Any) -> None:
    if labels.dtype.kind not in "iu":
        raise ArgumentError(f"{name} needs class indices as integers; found {labels.dtype}: use .astype(int)")
    unsigned = labels.view(_UNSIGNED[labels.itemsize])  # below 0 becomes larger than any class: one pass for both ends
    if np.maximum.reduce(unsigned) >= classes and (labels.min() < 0 or labels.max() >= classes):
        raise DomainError(
            f"{name} with {classes} classes needs indices from 0 to {classes - 1}; "
            f"found {labels.min()} to {labels.max()}"
        )


@structural(vjp={}, examples=(example(CLASSES, num_classes=3), example(CLASSES[:, None], num_classes=4)))
def one_hot(labels, *, num_classes, dtype=np.float64):
    r"""The row $e_c$ for each class index $c$: 1 at its place, and 0 elsewhere.

    Shapes: (...) -> (..., num_classes). Constant to differentiation.
    Raises: DomainError for a class index that does not exist, ArgumentError for indices that are no integers.
    """
    if not isinstance(num_classes, int | np.integer) or num_classes < 1:
        raise ArgumentError(f"one_hot needs num_classes as an integer above 0; found {num_classes!r}")
    labels = np.int64(labels) if isinstance(labels, int) else labels
    if labels.size:
        _check_classes("one_hot", labels.ravel(), num_classes)
    return (labels[..., None] == np.arange(num_classes)).astype(dtype)
