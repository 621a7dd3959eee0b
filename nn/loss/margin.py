"""Losses that ask for a margin: between a score and 0, between two scores, between two distances."""

from __future__ import annotations

from typing import Any

import autograd
from autograd import ShapeError
from nn.errors import number
from nn.loss.operands import EPSILON, alike, signs
from nn.loss.reduction import Reduction, reduced
from nn.operand import operand


def hinge_loss(input: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    r"""The max-margin loss of scores $s$ with targets $\pm 1$, $\max(0, 1 - y s)$.

    At the margin its derivative is 0. PyTorch has the one for several classes, `multi_margin_loss`.
    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for other targets.
    Source: Cortes and Vapnik 1995, doi:10.1007/BF00994018.

    >>> from nn import hinge_loss
    >>> hinge_loss([0.5, 3.0, -1.0], [1, 1, 1], reduction="none")
    array([0.5, 0. , 2. ])
    """
    input, target = alike("hinge_loss", input=input, target=target)
    return reduced(autograd.relu(1 - signs("hinge_loss", target) * input), reduction)


def soft_margin_loss(input: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    r"""The logistic loss of scores $s$ with targets $\pm 1$, $\ln(1 + e^{-y s})$.

    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for other targets.
    Source: the same numbers as torch.nn.functional.soft_margin_loss, also where those overflow.
    """
    input, target = alike("soft_margin_loss", input=input, target=target)
    return reduced(autograd.softplus(-signs("soft_margin_loss", target) * input), reduction)


def hinge_embedding_loss(input: Any, target: Any, *, margin: float = 1.0, reduction: Reduction = "mean") -> Any:
    r"""Of the distance of a pair: $x$ for one that is alike ($y = 1$), else $\max(0, \text{margin} - x)$.

    Shapes: two of one shape -> (); kept with reduction="none".
    Raises: ShapeError for two shapes, also where they would broadcast; DomainError for targets other than -1 and 1.
    Source: the same numbers as torch.nn.functional.hinge_embedding_loss.
    """
    input, target = alike("hinge_embedding_loss", input=input, target=target)
    same = signs("hinge_embedding_loss", target) == 1
    return reduced(autograd.where(same, input, autograd.clip(margin - input, 0.0, None)), reduction)


def margin_ranking_loss(
    input1: Any, input2: Any, target: Any, *, margin: float = 0.0, reduction: Reduction = "mean"
) -> Any:
    r"""Of two scores: $\max(0, -y\,(x_1 - x_2) + \text{margin})$.

    $y = 1$ asks for the first to be higher, $-1$ for the second.
    Shapes: three of one shape -> (); kept with reduction="none".
    Raises: ShapeError for other shapes, also where they would broadcast; DomainError for targets other than -1 and 1.
    Source: the same numbers as torch.nn.functional.margin_ranking_loss.
    """
    input1, input2, target = alike("margin_ranking_loss", input1=input1, input2=input2, target=target)
    gap = -signs("margin_ranking_loss", target) * (input1 - input2)
    return reduced(autograd.clip(gap + margin, 0.0, None), reduction)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, *, margin: float = 0.0, reduction: Reduction = "mean"
) -> Any:
    r"""Of two vectors: $1 - \cos$ for a pair that is alike ($y = 1$), else $\max(0, \cos - \text{margin})$.

    Shapes: (N, D), (N, D), (N,) or (D,), (D,), () -> (); (N,) with reduction="none".
    Raises: ShapeError for other shapes; DomainError for targets other than -1 and 1.
    Source: the same numbers as torch.nn.functional.cosine_embedding_loss, for vectors of zeros too.
    """
    input1, input2 = alike("cosine_embedding_loss", input1=input1, input2=input2)
    target = operand("cosine_embedding_loss", target)
    if input1.ndim not in (1, 2) or target.shape != input1.shape[:-1]:
        raise ShapeError(
            f"cosine_embedding_loss needs two of shape (N, D) and targets (N,), or two of (D,) and one target; "
            f"found {input1.shape} and {target.shape}"
        )
    squares = (autograd.sum(autograd.square(each), axis=-1) + EPSILON for each in (input1, input2))
    lengths = autograd.sqrt(next(squares) * next(squares))
    cosine = autograd.sum(input1 * input2, axis=-1) / lengths
    same = signs("cosine_embedding_loss", target) == 1
    return reduced(autograd.where(same, 1 - cosine, autograd.clip(cosine - margin, 0.0, None)), reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: Reduction = "mean",
) -> Any:
    r"""Of three vectors: $\max(0, d(a, p) - d(a, n) + \text{margin})$, so that $a$ comes nearer to $p$ than to $n$.

    $d$ is the `p`-norm of the difference, to which `eps` is added. `swap` takes $d(p, n)$ where that is less than
    $d(a, n)$.
    Shapes: three of shape (N, D) or (D,) -> (); (N,) with reduction="none".
    Raises: ShapeError for other shapes, also where they would broadcast; DomainError unless margin > 0 and p > 0.
    Source: Balntas et al. 2016, doi:10.5244/C.30.119; the numbers of torch.nn.functional.triplet_margin_loss.
    """
    loss = "triplet_margin_loss"
    margin, p = number(loss, "a number above 0", margin=margin), number(loss, "a number above 0", p=p)
    anchor, positive, negative = alike(loss, anchor=anchor, positive=positive, negative=negative)
    if anchor.ndim not in (1, 2):
        raise ShapeError(f"{loss} needs three of shape (N, D) or (D,); found {anchor.shape}")

    def distance(one: Any, other: Any) -> Any:
        return autograd.linalg.vector_norm(one - other + eps, ord=p, axis=-1)

    near, far = distance(anchor, positive), distance(anchor, negative)
    far = autograd.minimum(far, distance(positive, negative)) if swap else far
    return reduced(autograd.clip(near - far + margin, 0.0, None), reduction)
