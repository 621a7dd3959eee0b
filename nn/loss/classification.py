"""Losses of scores against classes, told by index or by shares."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

import autograd
from autograd import ArgumentError, DomainError, ShapeError
from autograd.whole import Whole
from nn.loss.operands import bounded
from nn.loss.reduction import Reduction, reduced
from nn.operand import operand


def cross_entropy(
    input: Any,
    target: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Any:
    r"""Cross-entropy of softmax, $-\sum_c w_c\,y_c \ln \operatorname{softmax}(z)_c$ for each row of logits $z$.

    `target` is the index of each row's class, or the share $y$ of each class. `weight` has $w$, one number a class;
    rows of the class `ignore_index` count for nothing; `label_smoothing` $\varepsilon$ turns each $y$ into
    $(1 - \varepsilon)\,y + \varepsilon / C$. The mean over indices is weighted: it divides by the sum of the weights of
    the rows' classes; over shares, by the number of rows.
    Nothing is ignored unless it is asked for, where PyTorch ignores the index -100.
    Shapes: (N, C) with (N,) or (N, C); (C,) with () or (C,); (N, C, d, ...) with (N, d, ...) or the same -> ();
    without the axis of classes with reduction="none".
    Raises: ShapeError, ArgumentError, DomainError for a target that does not fit.
    Source: the same numbers as torch.nn.functional.cross_entropy; Szegedy et al. 2016, arXiv:1512.00567 (smoothing).

    >>> import numpy as np
    >>> from nn import cross_entropy
    >>> cross_entropy(np.zeros((2, 4)), np.array([0, 3])) == np.log(4)
    np.True_
    """
    input, target = operand("cross_entropy", input), operand("cross_entropy", target)
    is_shares = _takes_shares(input, target)
    if is_shares:
        target = bounded(target, "cross_entropy takes shares")
    if weight is ignore_index is None and not label_smoothing and reduction == "mean" and input.ndim == 2:
        return autograd.cross_entropy(input, target)
    bounded(label_smoothing, "cross_entropy takes label_smoothing")
    logs = autograd.log_softmax(input, axis=_class_axis(input))
    if is_shares:
        if ignore_index is not None:
            raise ArgumentError("ignore_index is the index of a class, and the target has shares; set their rows to 0")
        return _of_shares(logs, target, weight, label_smoothing, reduction)
    return _of_indices("cross_entropy", logs, target, weight, ignore_index, label_smoothing, reduction)


def nll_loss(
    input: Any,
    target: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> Any:
    r"""Negative log-likelihood, $-w_y\,(\ln p)_y$ for each row of logarithms of probabilities and its class index $y$.

    Of `log_softmax(z)` it is `cross_entropy` of `z`, and so are its options and its mean.
    Shapes: (N, C) with (N,); (C,) with (); (N, C, d, ...) with (N, d, ...) -> (); the target's with reduction="none".
    Raises: ShapeError, ArgumentError, DomainError for a target that does not fit.
    Source: the same numbers as torch.nn.functional.nll_loss.
    """
    input, target = operand("nll_loss", input), operand("nll_loss", target)
    return _of_indices("nll_loss", input, target, weight, ignore_index, 0.0, reduction)


def multi_margin_loss(
    input: Any,
    target: Any,
    *,
    p: Literal[1, 2] = 1,
    margin: float = 1.0,
    weight: Any = None,
    reduction: Reduction = "mean",
) -> Any:
    r"""Hinge loss of several classes, $\frac{w_y}{C} \sum_{c \ne y} \max(0, \text{margin} - x_y + x_c)^p$ for each row.

    Shapes: (N, C) with (N,), or (C,) with () -> (); the target's with reduction="none".
    Raises: ShapeError, ArgumentError, DomainError for a target that does not fit.
    Source: Crammer and Singer 2001; the same numbers as torch.nn.functional.multi_margin_loss.
    """
    input, target = operand("multi_margin_loss", input), operand("multi_margin_loss", target)
    if p not in (1, 2):
        raise DomainError(f"multi_margin_loss takes p = 1 or 2; found {p!r}")
    if input.ndim > 2:
        raise ShapeError(f"multi_margin_loss takes scores of shape (N, C) or (C,); found {input.shape}")
    axis = _class_axis(input)
    chosen, rows = _chosen("multi_margin_loss", input, target, weight, None)
    own = autograd.sum(autograd.where(chosen, input, 0.0), axis=axis, keepdims=True)
    gaps = autograd.where(chosen, 0.0, autograd.relu(margin - own + input))
    return reduced(rows * autograd.sum(gaps**p, axis=axis) / input.shape[axis], reduction)


def _of_shares(logs: Any, target: Any, weight: Any, smoothing: float, reduction: str) -> Any:
    axis = _class_axis(logs)
    target = (1 - smoothing) * target + smoothing / logs.shape[axis] if smoothing else target
    return reduced(-autograd.sum(logs * target * _weights("cross_entropy", weight, logs), axis=axis), reduction)


def _of_indices(
    loss: str, logs: Any, target: Any, weight: Any, ignored: int | None, smoothing: float, reduction: str
) -> Any:
    axis = _class_axis(logs)
    chosen, rows = _chosen(loss, logs, target, weight, ignored)
    each = -rows * autograd.sum(autograd.where(chosen, logs, 0.0), axis=axis)
    if smoothing:
        counted = autograd.any(chosen, axis=axis)
        spread = -autograd.sum(logs * _weights(loss, weight, logs), axis=axis) / logs.shape[axis]
        each = (1 - smoothing) * each + smoothing * autograd.where(counted, spread, 0.0)
    if reduction != "mean":
        return reduced(each, reduction)
    return autograd.sum(each) / _ABOVE_ZERO(autograd.sum(rows), loss=loss)


def _chosen(loss: str, scores: Any, target: Any, weight: Any, ignored: int | None) -> tuple[Any, Any]:
    """Where each row's own class stands, and the weight of each row: its class's, or 0 where it is ignored."""
    axis = _class_axis(scores)
    _check_indices(loss, scores, target)
    target = autograd.expand_dims(_EXISTING(target, loss=loss, classes=scores.shape[axis], ignored=ignored), axis=axis)
    chosen = autograd.equal(target, _along_classes(np.arange(scores.shape[axis]), scores))
    if ignored is not None:
        chosen = autograd.logical_and(chosen, autograd.not_equal(target, ignored))
    return chosen, autograd.sum(autograd.where(chosen, _weights(loss, weight, scores), 0.0), axis=axis)


def _class_axis(scores: Any) -> int:
    axes: int = scores.ndim
    return min(axes, 2) - 1


def _along_classes(each: Any, scores: Any) -> Any:
    """One number a class, laid along the axis of classes."""
    return autograd.reshape(each, shape=(-1, *(1,) * max(scores.ndim - 2, 0)))


def _weights(loss: str, weight: Any, scores: Any) -> Any:
    classes = scores.shape[_class_axis(scores)]
    given = np.ones(classes, scores.dtype) if weight is None else operand(loss, weight)
    if given.shape != (classes,):
        raise ShapeError(f"{loss} with {classes} classes needs a weight of shape ({classes},); found {given.shape}")
    return _along_classes(given if given.dtype == scores.dtype else autograd.astype(given, dtype=scores.dtype), scores)


# -- what a target may be ----------------------------------------------------------------------------------------------


def _takes_shares(logits: Any, target: Any) -> bool:
    """Whether the target has a share for each logit. Raises: ArgumentError where these are whole numbers."""
    if target.shape != logits.shape or not target.ndim:
        return False
    if target.dtype.kind != "f":
        raise ArgumentError(
            f"cross_entropy with a target of the logits' shape, {logits.shape}, takes it for shares, which are floats; "
            f"found {target.dtype}: use .astype(float), or .argmax(axis={_class_axis(logits)}) for class indices"
        )
    return True


def _check_indices(loss: str, scores: Any, target: Any) -> None:
    if not scores.ndim or not scores.size:
        raise ShapeError(
            f"{loss} needs scores of shape (N, C), (C,) or (N, C, d, ...), none of them 0; found {scores.shape}"
        )
    axis = _class_axis(scores)
    rows = (*scores.shape[:axis], *scores.shape[axis + 1 :])
    if target.shape != rows:
        raise ShapeError(f"{loss} with scores {scores.shape} needs class indices of shape {rows}; found {target.shape}")
    if target.dtype.kind not in "iu":
        raise ArgumentError(f"{loss} needs class indices as integers; found {target.dtype}: use .astype(int)")


def _existing(target: Any, *, loss: str, classes: int, ignored: int | None) -> Any:
    beyond = (target < 0) | (target >= classes)
    if np.any(beyond if ignored is None else beyond & (target != ignored)):
        raise DomainError(
            f"{loss} with {classes} classes needs indices from 0 to {classes - 1}; found {np.min(target)} to "
            f"{np.max(target)}: one index that stands for no class may be given as ignore_index"
        )
    return target


def _above_zero(total: Any, *, loss: str) -> Any:
    if not total > 0:
        raise DomainError(
            f"{loss} divides by the sum of the weights of the rows, which is {total}: all of them are ignored, or have "
            f"weight 0; leave such a batch out, or use reduction='sum'"
        )
    return total


_EXISTING = Whole(_existing, {})
_ABOVE_ZERO = Whole(_above_zero, {"total": lambda g: g})
