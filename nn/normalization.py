"""Normalization: features brought to mean 0 and variance 1, over a batch or within each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, ShapeError, mean, reshape, sqrt, square, stop_gradient
from nn.errors import check_sizes, number
from nn.module import Module
from nn.operand import floats, operand
from nn.parameter import Buffer, Parameter


class BatchNorm1d(Module):
    r"""Each feature over the batch, $y = \gamma \, (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$.

    In training $\mu$ and $\sigma^2$ are the batch's mean and variance (divided by its size), and the running averages
    move on: `running_mean` by $r \leftarrow (1 - m)\,r + m\,\mu$, `running_var` likewise with the variance divided by
    the size less one. `momentum` is this $m$, one minus the $\beta$ of courses; None averages over all batches alike.
    Evaluation uses the running averages. It stands before an activation (as in the paper) or after it; a bias in the
    layer before it is redundant, since $\beta$ takes its place.
    `affine=False` has no $\gamma$ (`weight`) and $\beta$ (`bias`), `track_running_stats=False` no averages.
    Shapes: (N, C) or (N, C, L), kept; weight and bias (C,).
    Raises: ShapeError for other inputs; DomainError for one value a feature, whose variance is none, in training or
    without averages.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167; the same numbers as torch.nn.BatchNorm1d.

    >>> import numpy as np
    >>> from nn import BatchNorm1d
    >>> BatchNorm1d(1, eps=0)(np.array([[1.0], [3.0]])).numpy().tolist()
    [[-1.0], [1.0]]
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = np.float64,
    ) -> None:
        check_sizes("BatchNorm1d", num_features=num_features)
        if momentum is not None:
            momentum = number("BatchNorm1d", "a number between 0 and 1", momentum=momentum)
        self.num_features, self.momentum = num_features, momentum
        self.eps = number("BatchNorm1d", "a number of 0 or more", eps=eps)
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(np.ones(num_features, dtype)) if affine else None
        self.bias = Parameter(np.zeros(num_features, dtype)) if affine else None
        if track_running_stats:
            self.running_mean = Buffer(np.zeros(num_features, dtype))
            self.running_var = Buffer(np.ones(num_features, dtype))
            self.num_batches_tracked = Buffer(np.array(0))

    def forward(self, x: Any) -> Any:
        """The normalized features. Shapes: (N, C) or (N, C, L), kept."""
        x = operand("BatchNorm1d", x)
        self._check(x.shape)
        if self.training and self.track_running_stats:
            self.num_batches_tracked.data = self.num_batches_tracked + 1
        normalized = self._normalized(x) if x.size else x  # a batch of no rows has no mean, and moves none on
        if self.weight is None or self.bias is None:
            return normalized
        return normalized * _along(x, self.weight) + _along(x, self.bias)

    def _normalized(self, x: Any) -> Any:
        if self._by_batch():
            axes = (0,) if x.ndim == 2 else (0, 2)
            centre = mean(x, axis=axes, keepdims=True)
            spread = mean(square(x - centre), axis=axes, keepdims=True)
            if self.training and self.track_running_stats:
                self._track(centre, spread, x.size // self.num_features)
        else:
            centre, spread = _along(x, self.running_mean), _along(x, self.running_var)
        return (x - centre) / sqrt(spread + self.eps)

    def _by_batch(self) -> bool:
        """Whether mean and variance are the batch's own."""
        return self.training or not self.track_running_stats

    def _track(self, centre: Any, spread: Any, values: int) -> None:
        """Move the running averages on by a batch that has so many values of each feature."""
        share = self.momentum if self.momentum is not None else 1.0 / self.num_batches_tracked
        unbiased = spread * (values / (values - 1))
        for average, new in ((self.running_mean, centre), (self.running_var, unbiased)):
            average.data = (1 - share) * average + share * reshape(stop_gradient(new), (-1,))

    def _check(self, shape: tuple[int, ...]) -> None:
        if len(shape) not in (2, 3) or shape[1] != self.num_features:
            raise ShapeError(
                f"BatchNorm1d({self.num_features}) takes inputs of shape (N, {self.num_features}) or "
                f"(N, {self.num_features}, L); found {shape}"
            )
        if self._by_batch() and int(np.prod(shape)) == self.num_features:
            when, other = ("in training", ", or call .eval()") if self.track_running_stats else ("without averages", "")
            raise DomainError(
                f"BatchNorm1d needs more than one value of each feature {when}; found {shape}: "
                f"give a larger batch{other}"
            )

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class LayerNorm(Module):
    r"""Each row over its features, $y = \gamma \, (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$; alike in evaluation.

    $\mu$ and $\sigma^2$ are taken over the last axes, `normalized_shape`.
    Shapes: (..., *normalized_shape), kept; weight and bias of normalized_shape.
    Raises: ShapeError for other inputs.
    Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450; the same numbers as torch.nn.LayerNorm.

    >>> import numpy as np
    >>> from nn import LayerNorm
    >>> LayerNorm(2, eps=0)(np.array([[1.0, 3.0]])).numpy().tolist()
    [[-1.0, 1.0]]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = np.float64,
    ) -> None:
        self.normalized_shape = _axes(type(self).__name__, normalized_shape)
        self.eps = number("LayerNorm", "a number of 0 or more", eps=eps)
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """The normalized rows. Shapes: (..., *normalized_shape), kept."""
        axes = _last_axes(self, x)
        centred = x - mean(x, axis=axes, keepdims=True)
        found = centred / sqrt(mean(square(centred), axis=axes, keepdims=True) + self.eps)
        found = found if self.weight is None else found * self.weight
        return found if self.bias is None else found + self.bias

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class RMSNorm(Module):
    r"""Each row over its root mean square, $y = \gamma \, x / \sqrt{\frac{1}{n} \sum x^2 + \epsilon}$.

    `eps=None` is the smallest step of the input's dtype from 1.
    Shapes: (..., *normalized_shape), kept; weight of normalized_shape. Raises: ShapeError for other inputs.
    Source: Zhang and Sennrich 2019, arXiv:1910.07467; the same numbers as torch.nn.RMSNorm.

    >>> import numpy as np
    >>> from nn import RMSNorm
    >>> RMSNorm(2, eps=0)(np.array([[1.0, 7.0]])).numpy().tolist()
    [[0.2, 1.4]]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: Any = np.float64,
    ) -> None:
        self.normalized_shape = _axes(type(self).__name__, normalized_shape)
        self.eps = None if eps is None else number("RMSNorm", "a number of 0 or more", eps=eps)
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, dtype)) if elementwise_affine else None

    def forward(self, x: Any) -> Any:
        """The normalized rows. Shapes: (..., *normalized_shape), kept."""
        axes, x = _last_axes(self, x), floats("RMSNorm", x)
        eps = float(np.finfo(x.dtype).eps) if self.eps is None else self.eps
        found = x / sqrt(mean(square(x), axis=axes, keepdims=True) + eps)
        return found if self.weight is None else found * self.weight

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


def _along(x: Any, each: Any) -> Any:
    """A number for each feature, along the features of x."""
    return each if x.ndim == 2 else reshape(each, (-1, 1))


def _axes(kind: str, shape: int | Sequence[int]) -> tuple[int, ...]:
    axes = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    if not axes:
        raise ArgumentError(f"{kind} needs normalized_shape to have an axis or more; found {shape!r}")
    for size in axes:
        check_sizes(kind, normalized_shape=size)
    return axes


def _last_axes(module: LayerNorm | RMSNorm, x: Any) -> tuple[int, ...]:
    """The axes that are normalized over. Raises: ShapeError if they are of other sizes."""
    wanted = module.normalized_shape
    if np.shape(x)[-len(wanted) :] != wanted:
        inside = ", ".join(map(str, wanted))
        raise ShapeError(f"{type(module).__name__} takes inputs of shape (..., {inside}); found {np.shape(x)}")
    return tuple(range(-len(wanted), 0))
