"""Losses that are negative log-likelihoods: of a coin, a Gaussian, a Poisson count; and the divergence of two."""

from __future__ import annotations

from math import log, pi
from typing import Any, Literal

import numpy as np

import autograd
from autograd import DomainError, ShapeError, elementwise, example
from autograd.whole import Whole
from nn.errors import number
from nn.loss.operands import EPSILON, alike, bounded, spread
from nn.loss.reduction import Reduction, reduced
from nn.operand import operand


@elementwise(partial={"p": lambda p: 1 / autograd.maximum(p, EPSILON)}, examples=(example(np.array([0.2, 0.5, 0.9])),))
def log_of_chance(p: Any) -> Any:
    r"""$\ln p$, and -100 where that is less, for $p = 0$ above all. Shapes: any, kept."""
    return np.maximum(np.log(np.maximum(p, np.finfo(p.dtype).smallest_subnormal)), -100)


# It has no examples, on which the laws would run: they try numbers beyond [0, 1], and it refuses these.
@elementwise(
    partial={
        "p": lambda p, y: (p - y) / autograd.maximum(p * (1 - p), EPSILON),
        "y": lambda p: log_of_chance(1 - p) - log_of_chance(p),
    },
    notation=r"-\left({y} \ln {p} + \left(1 - {y}\right) \ln\left(1 - {p}\right)\right)",
    text="-({y} ln {p} + (1 - {y}) ln(1 - {p}))",
)
def bernoulli_nll(p: Any, y: Any) -> Any:
    r"""What it costs that $y$ came true, which had probability $p$: $-(y \ln p + (1 - y) \ln (1 - p))$.

    Shapes: two of one shape, kept. The logarithms end at -100. Raises: DomainError for p outside [0, 1].
    """
    if np.any((p < 0) | (p > 1)):  # NaN passes: it is no wrong argument but a model gone astray, as the loss tells
        raise DomainError(
            f"binary_cross_entropy takes probabilities from 0 to 1 as input; found {np.min(p)} to {np.max(p)}: "
            f"apply sigmoid, or use binary_cross_entropy_with_logits"
        )
    return -(y * log_of_chance.function(p) + (1 - y) * log_of_chance.function(1 - p))


def binary_cross_entropy(input: Any, target: Any, *, weight: Any = None, reduction: Reduction = "mean") -> Any:
    r"""Cross-entropy of probabilities $p$ with targets 0 and 1, $-(y \ln p + (1 - y) \ln (1 - p))$.

    It is maximum likelihood: a coin shows $y$ with probability $p^y (1 - p)^{1 - y}$, and this is minus its logarithm.
    Each logarithm ends at -100, so that a wrong certainty costs 100. Of logits, `binary_cross_entropy_with_logits`
    is exact where this has lost its digits. `weight` multiplies each term.
    Shapes: two of one shape, any weight that broadcasts to it -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for values outside [0, 1].
    Source: the same numbers as torch.nn.functional.binary_cross_entropy.

    >>> import numpy as np
    >>> from nn import binary_cross_entropy
    >>> binary_cross_entropy(np.array([0.25, 0.5]), np.array([0, 1]), reduction="sum") == -np.log(0.75) - np.log(0.5)
    np.True_
    """
    input, target = alike("binary_cross_entropy", input=input, target=target)
    each = bernoulli_nll(input, bounded(target, "binary_cross_entropy takes targets"))
    each = each if weight is None else spread("binary_cross_entropy", "weight", weight, each) * each
    return reduced(each, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, *, weight: Any = None, pos_weight: Any = None, reduction: Reduction = "mean"
) -> Any:
    r"""Binary cross-entropy of $\sigma(z)$, from the logits $z$: $w\,y \ln(1 + e^{-z}) + (1 - y) \ln(1 + e^z)$.

    `pos_weight` is $w$, by which a target 1 counts more or less than a target 0; `weight` multiplies each term. Written
    with two softplus, neither overflows and no digits cancel.
    Shapes: two of one shape, weights that broadcast to it -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for targets outside [0, 1].
    Source: the same numbers as torch.nn.functional.binary_cross_entropy_with_logits.

    >>> from nn import binary_cross_entropy_with_logits
    >>> float(binary_cross_entropy_with_logits([-1e4, 2.0, 1e4], [0, 1, 0], reduction="none")[2])
    10000.0
    """
    loss = "binary_cross_entropy_with_logits"
    input, target = alike(loss, input=input, target=target)
    target = bounded(target, f"{loss} takes targets")
    ones = target if pos_weight is None else spread(loss, "pos_weight", pos_weight, target) * target
    each = ones * autograd.softplus(-input) + (1 - target) * autograd.softplus(input)
    each = each if weight is None else spread(loss, "weight", weight, each) * each
    return reduced(each, reduction)


def kl_div(
    input: Any,
    target: Any,
    *,
    log_target: bool = False,
    reduction: Literal["mean", "sum", "none", "batchmean"] = "mean",
) -> Any:
    r"""Kullback-Leibler divergence of $p$ from $q$, $\sum p\,(\ln p - \ln q)$; `input` is $\ln q$, `target` $p$.

    With `log_target`, `target` is $\ln p$ too. "batchmean", the sum over the number of rows, is the divergence of
    mathematics; "mean", as everywhere, divides by the number of elements.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for shares outside [0, 1].
    Source: Kullback and Leibler 1951, doi:10.1214/aoms/1177729694; the numbers of torch.nn.functional.kl_div.

    >>> import numpy as np
    >>> from nn import kl_div
    >>> kl_div(np.log([[0.5, 0.5]]), [[1.0, 0.0]], reduction="batchmean") == np.log(2)
    np.True_
    """
    input, target = alike("kl_div", input=input, target=target)
    if log_target:
        each = autograd.exp(target) * (target - input)
    else:
        target = bounded(target, "kl_div takes shares as target,", remedy="; of logarithms, say log_target=True")
        each = target * (autograd.log(autograd.where(target > 0, target, 1.0)) - input)
    if reduction != "batchmean":
        return reduced(each, reduction)
    if not each.ndim or not len(each):
        raise ShapeError(f"kl_div with reduction='batchmean' needs one row or more; found shape {each.shape}")
    return autograd.sum(each) / len(each)


def poisson_nll_loss(
    input: Any,
    target: Any,
    *,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: Reduction = "mean",
) -> Any:
    r"""What counts cost that come at a rate $\lambda$: $\lambda - y \ln \lambda$; `input` is $\ln \lambda$.

    With `log_input=False` it is $\lambda$, and `eps` keeps the logarithm from 0. `full` adds what the rate has no part
    in, $\ln y!$ by Stirling's formula, for counts above 1.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for counts below 0.
    Source: the same numbers as torch.nn.functional.poisson_nll_loss.
    """
    input, target = alike("poisson_nll_loss", input=input, target=target)
    target = bounded(target, "poisson_nll_loss takes counts", high=np.inf)
    each = autograd.exp(input) - target * input if log_input else input - target * autograd.log(input + eps)
    if full:
        many = autograd.where(target > 1, target, 1.0)
        stirling = many * autograd.log(many) - many + 0.5 * autograd.log(2 * pi * many)
        each = each + autograd.where(target > 1, stirling, 0.0)
    return reduced(each, reduction)


def _least(var: Any, *, eps: float) -> Any:
    if np.any(var < 0):
        raise DomainError(f"gaussian_nll_loss takes variances of 0 or more; found {np.min(var)}: apply softplus")
    return np.maximum(var, eps)


_LEAST = Whole(_least, {"var": lambda g: g})
"""Variances of `eps` or more, with the derivative 1 also below: so that one that is too small can grow again."""


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, *, full: bool = False, eps: float = 1e-6, reduction: Reduction = "mean"
) -> Any:
    r"""What a number costs under a Gaussian: $\frac12 \left(\ln v + (\mu - y)^2 / v\right)$.

    `input` is the mean $\mu$, `var` the variance $v$, which is taken as `eps` where it is less. `full` adds
    $\frac12 \ln 2\pi$.
    Shapes: two of one shape; var of that shape, or with size 1 in one axis, or without the last axis, or a number
    -> (); kept with reduction="none".
    Raises: ShapeError for other shapes; DomainError for a variance below 0.
    Source: Nix and Weigend 1994, doi:10.1109/ICNN.1994.374138; the numbers of torch.nn.functional.gaussian_nll_loss.
    """
    input, target = alike("gaussian_nll_loss", input=input, target=target)
    var = _LEAST(_variances(var, input), eps=number("gaussian_nll_loss", "a number above 0", eps=eps))
    each = 0.5 * (autograd.log(var) + autograd.square(input - target) / var)
    return reduced(each + 0.5 * log(2 * pi) if full else each, reduction)


def _variances(given: Any, mean: Any) -> Any:
    var = operand("gaussian_nll_loss", given)
    if var.dtype != mean.dtype:
        var = autograd.astype(var, dtype=mean.dtype)
    if var.ndim and var.shape == mean.shape[:-1]:
        return autograd.expand_dims(var, axis=-1)
    allowed = [mean.shape, (), *((*mean.shape[:i], 1, *mean.shape[i + 1 :]) for i in range(mean.ndim))]
    if var.shape not in allowed:
        raise ShapeError(
            f"gaussian_nll_loss with input {mean.shape} needs var of that shape, with size 1 in one axis, or without "
            f"the last axis; found {var.shape}"
        )
    return var
