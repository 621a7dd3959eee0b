"""Signals and images passed over by a kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError, ShapeError
from autograd.operations.arranging import flip, pad, sliding_window_view
from autograd.operations.complex import conj
from autograd.operations.joining import concatenate
from autograd.operations.products import tensordot
from autograd.operations.samples import B223, COMPLEX, IMAGES, KERNELS, NUMBER, SIGNAL, V3
from autograd.operations.shaping import atleast_1d, moveaxis, reshape

# fmt: off
__all__ = [
    "conv1d", "conv2d", "convolve", "correlate",
]
# fmt: on


def _of_other(g: Any, other: Any, size: int) -> Any:
    """The adjoint slid along the other signal: where one element of this signal was used."""
    found = convolve_fully(g, flip(other))
    start = other.shape[0] - 1
    return found[start : start + size]


@structural(
    vjp={
        "a": lambda g, a, v: _of_other(g, v, a.shape[0]),
        "v": lambda g, a, v: _of_other(g, a, v.shape[0]),
    },
    linear_in=("a", "v"),
    notation="{a} * {v}",
    examples=(example(SIGNAL, V3), example(V3, SIGNAL), example(COMPLEX[0], COMPLEX[1])),
)
def convolve_fully(a, v):
    """$\\sum_k a_k v_{i-k}$ wherever the two overlap. Shapes: (n,), (m,) -> (n + m - 1,)."""
    return np.convolve(a, v)


@composite(
    example(SIGNAL, V3),
    example(SIGNAL, V3, "same"),
    example(V3, SIGNAL, "valid"),
    example(V3, SIGNAL, "same"),
    example(V3, NUMBER),
)
def convolve(a, v, mode="full"):
    """$\\sum_k a_k v_{i-k}$, by `mode` wherever the two overlap, as long as the longer, or where they overlap in full.

    A number is an array of one. Shapes: (n,), (m,) -> (n + m - 1,), (max(n, m),), (max(n, m) - min(n, m) + 1,).
    """
    a, v = atleast_1d(a, v)
    whole = convolve_fully(a, v)
    shorter, longer = sorted((np.shape(a)[0], np.shape(v)[0]))
    if mode == "full":
        return whole
    if mode == "same":
        start = (shorter - 1) // 2
        return whole[start : start + longer]
    if mode != "valid":
        raise ArgumentError(f"convolve knows the modes 'full', 'same' and 'valid'; found {mode!r}")
    return whole[shorter - 1 : longer]


@composite(
    example(SIGNAL, V3), example(SIGNAL, V3, "same"), example(V3, SIGNAL, "full"), example(COMPLEX[0], COMPLEX[1])
)
def correlate(a, v, mode="valid"):
    """$\\sum_k a_{i+k} \\overline{v_k}$. Shapes: as `convolve`."""
    if np.shape(v)[0] > np.shape(a)[0]:
        return flip(conj(convolve(flip(conj(a)), v, mode)))
    return convolve(a, flip(conj(v)), mode)


def _per_axis(value: Any, count: int, name: str) -> tuple[int, ...]:
    found = (value,) * count if np.ndim(value) == 0 else tuple(value)
    if len(found) != count or not all(isinstance(each, int | np.integer) for each in found):
        raise ArgumentError(f"{name} is one whole number, or {count}; found {value!r}")
    return found


def _around(padding: Any, spans: tuple[int, ...], steps: tuple[int, ...]) -> list[tuple[int, int]]:
    """The zeros before and after, along each axis; those of "same" keep the size, an odd one stands at the end."""
    if not isinstance(padding, str):
        return [(size, size) for size in _per_axis(padding, len(spans), "padding")]
    if padding not in ("same", "valid") or (padding == "same" and set(steps) != {1}):
        raise ArgumentError(f"padding is whole numbers, 'valid', or, for a stride of 1, 'same'; found {padding!r}")
    return [((span - 1) // 2, span // 2) if padding == "same" else (0, 0) for span in spans]


def _slid(axes: int, x: Any, weight: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """Windows of the input times the kernel: correlation, as neural networks have it, along the last `axes`."""
    fits = x.ndim == weight.ndim == axes + 2 and x.shape[1] == weight.shape[1] * groups
    if not fits or weight.shape[0] % groups:
        raise ShapeError(
            f"a convolution along {axes} axes in {groups} groups needs an input (N, C, ...) and a weight "
            f"(M, C / groups, ...), each with {axes + 2} axes and M a multiple of the groups; "
            f"found {x.shape} and {weight.shape}"
        )
    steps, gaps = _per_axis(stride, axes, "stride"), _per_axis(dilation, axes, "dilation")
    spans = tuple((size - 1) * gap + 1 for size, gap in zip(weight.shape[2:], gaps, strict=True))
    around = _around(padding, spans, steps)
    if np.any(around):
        x = pad(x, [(0, 0), (0, 0), *around])
    windows = sliding_window_view(x, window_shape=spans, axis=tuple(range(2, x.ndim)))
    kept = [slice(None, None, step) for step in steps] + [slice(None, None, gap) for gap in gaps]
    windows = windows[(slice(None), slice(None), *kept)]
    return _by_groups(windows, weight, groups)


def _by_groups(windows: Any, weight: Any, groups: int) -> Any:
    """Sum over the channels of a group and the places of the kernel. Shapes: -> (N, M, ...)."""
    axes = weight.ndim - 2
    own, out = weight.shape[1], weight.shape[0] // groups
    parts = []
    for group in range(groups):
        mine = windows[:, group * own : (group + 1) * own] if groups > 1 else windows
        kernel = weight[group * out : (group + 1) * out] if groups > 1 else weight
        summed = [1, *range(2 + axes, 2 + 2 * axes)]
        parts.append(moveaxis(tensordot(mine, kernel, (summed, list(range(1, 2 + axes)))), -1, 1))
    return parts[0] if groups == 1 else concatenate(parts, axis=1)


def _with_bias(found: Any, bias: Any) -> Any:
    return found if bias is None else found + reshape(bias, shape=(1, -1, *[1] * (found.ndim - 2)))


@composite(
    example(B223, KERNELS[:, :, 0, :2]),
    example(IMAGES[:, :, 0], KERNELS[:, :, 0], V3[:2], stride=2, padding=1),
    example(IMAGES[:, :, 0], KERNELS[:, :1, 0, :2], dilation=2, groups=2),
    example(B223, KERNELS[:, :, 0, :2], padding="same"),
)
def conv1d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Each kernel's sum over the windows of a signal, and its bias: cross-correlation, as in PyTorch.

    `padding` is the zeros on each side, "valid" for none, or, for a stride of 1, "same" for as many as keep the size.
    Shapes: (N, C, L), (M, C / groups, K), (M,) -> (N, M, (L + 2 padding - dilation (K - 1) - 1) // stride + 1).
    Raises: ArgumentError for any other padding.
    """
    return _with_bias(_slid(1, x, weight, stride, padding, dilation, groups), bias)


@composite(
    example(IMAGES, KERNELS),
    example(IMAGES, KERNELS, V3[:2], stride=(1, 2), padding=1),
    example(IMAGES, KERNELS[:, :1], dilation=(1, 2), groups=2, padding=(0, 1)),
)
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Each kernel's sum over the windows of an image, and its bias: cross-correlation, as in PyTorch.

    Shapes: (N, C, H, W), (M, C / groups, K, L), (M,) -> (N, M, H', W'), each side as in `conv1d`.
    """
    return _with_bias(_slid(2, x, weight, stride, padding, dilation, groups), bias)
