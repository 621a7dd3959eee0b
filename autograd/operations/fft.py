"""Discrete Fourier transforms under the names of `numpy.fft`.

With the conjugated adjoints that rules carry, a transform is its own transpose: its matrix is symmetric.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError, ShapeError
from autograd.operations.arranging import pad, roll
from autograd.operations.complex import conj
from autograd.operations.indexing import axes_before
from autograd.operations.reduction import axes_of
from autograd.operations.samples import B223, COMPLEX, M34, REALS, SIGNAL, V3

# fmt: off
__all__ = [
    "fft", "fft2", "fftn", "fftshift", "hfft", "ifft", "ifft2", "ifftn", "ifftshift", "ihfft", "irfft", "irfft2",
    "irfftn", "rfft", "rfft2", "rfftn",
]
# fmt: on

_LINES = (
    example(SIGNAL),
    example(COMPLEX),
    example(COMPLEX, n=5),
    example(COMPLEX, n=2, axis=0, norm="ortho"),
    example(REALS, axis=0, norm="forward"),
)


def _fitted(a: Any, shape: tuple[int, ...]) -> Any:
    """An array cut off, or filled up with zeros, at the end of each axis."""
    if a.shape == shape:
        return a
    cut = a[tuple(slice(0, size) for size in shape)]
    return pad(cut, [(0, size - have) for size, have in zip(shape, cut.shape, strict=True)])


def _with(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    """A shape with another size along one axis."""
    along = axis % len(shape)
    return (*shape[:along], size, *shape[along + 1 :])


@structural(
    vjp={"a": lambda g, a, axis, norm: _fitted(fft(g, axis=axis, norm=norm), a.shape)},
    linear_in=("a",),
    examples=_LINES,
)
def fft(a, *, n=None, axis=-1, norm=None):
    """Discrete Fourier transform along an axis, of n points. Shapes: (..., m) -> (..., n), complex.

    `norm` says where to divide by n: "backward" (in the inverse, the default), "forward", or "ortho" by its root.
    """
    return np.fft.fft(a, n, axis, norm)


@structural(
    vjp={"a": lambda g, a, axis, norm: _fitted(ifft(g, axis=axis, norm=norm), a.shape)},
    linear_in=("a",),
    examples=_LINES,
)
def ifft(a, *, n=None, axis=-1, norm=None):
    """The inverse of `fft`. Shapes: (..., m) -> (..., n), complex."""
    return np.fft.ifft(a, n, axis, norm)


def _rfft_rule(g: Any, a: Any, n: Any, axis: int, norm: Any) -> Any:
    size = a.shape[axis] if n is None else n
    return _fitted(fft(_fitted(g, _with(g.shape, axis, size)), axis=axis, norm=norm), a.shape)


@structural(
    vjp={"a": _rfft_rule},
    linear_in=("a",),
    examples=(example(SIGNAL), example(REALS, n=4), example(REALS, n=2), example(REALS, axis=0, norm="ortho")),
)
def rfft(a, *, n=None, axis=-1, norm=None):
    """The first half of the transform of real numbers, which says the rest. Shapes: (..., n) -> (..., n // 2 + 1)."""
    return np.fft.rfft(a, n, axis, norm)


def _irfft_rule(g: Any, a: Any, axis: int, norm: Any) -> Any:
    size, half = g.shape[axis], g.shape[axis] // 2 + 1
    weights = np.full(half, 2.0, g.dtype)
    weights[0] = 1
    if size % 2 == 0:
        weights[-1] = 1
    along = axis % g.ndim
    found = ifft(g, axis=axis, norm=norm)[(*axes_before(along, g.ndim), slice(half))]
    return _fitted(found * weights[(..., *(None,) * (g.ndim - along - 1))], a.shape)


@structural(
    vjp={"a": _irfft_rule},
    linear_in=("a",),
    examples=(example(COMPLEX), example(COMPLEX, n=3), example(COMPLEX, axis=0, norm="forward"), example(COMPLEX, n=8)),
)
def irfft(a, *, n=None, axis=-1, norm=None):
    """The inverse of `rfft`, of n real numbers, 2 (m - 1) unless given. Shapes: (..., m) -> (..., n)."""
    return np.fft.irfft(a, n, axis, norm)


def _sized(a: Any, s: Any, axes: Any) -> tuple[list[int], list[int | None]]:
    """The axes to transform, and the number of points along each."""
    if axes is None:
        axes = tuple(range(0 if s is None else a.ndim - len(s), a.ndim))
    axes = list(axes_of(axes, a.ndim))
    sizes: list[int | None] = [None] * len(axes) if s is None else [None if size == -1 else size for size in s]
    if len(sizes) != len(axes):
        raise ShapeError(f"a transform along the axes {axes} takes as many sizes; found {s}")
    return axes, sizes


_SEVERAL = (
    example(COMPLEX),
    example(B223, axes=(0, 2)),
    example(M34, s=(2, 5), axes=(0, 1)),
    example(REALS, norm="ortho"),
)


@composite(*_SEVERAL)
def fftn(a, s=None, axes=None, norm=None):
    """`fft` along several axes, all unless given, of `s` points each. Shapes: any; s along the axes."""
    axes, sizes = _sized(a, s, axes)
    for axis, size in zip(axes, sizes, strict=True):
        a = fft(a, n=size, axis=axis, norm=norm)
    return a


@composite(*_SEVERAL)
def ifftn(a, s=None, axes=None, norm=None):
    """The inverse of `fftn`. Shapes: any; s along the axes."""
    axes, sizes = _sized(a, s, axes)
    for axis, size in zip(axes, sizes, strict=True):
        a = ifft(a, n=size, axis=axis, norm=norm)
    return a


@composite(example(REALS), example(B223, axes=(2, 0)), example(M34, s=(2, 5), axes=(0, 1)))
def rfftn(a, s=None, axes=None, norm=None):
    """`rfft` along the last of several axes, `fft` along the others. Shapes: any; the last n // 2 + 1."""
    axes, sizes = _sized(a, s, axes)
    a = rfft(a, n=sizes[-1], axis=axes[-1], norm=norm)
    for axis, size in zip(axes[:-1], sizes[:-1], strict=True):
        a = fft(a, n=size, axis=axis, norm=norm)
    return a


@composite(example(COMPLEX), example(COMPLEX, s=(3, 5), axes=(0, 1), norm="ortho"))
def irfftn(a, s=None, axes=None, norm=None):
    """The inverse of `rfftn`. Shapes: any; s along the axes, the last 2 (m - 1) unless given."""
    axes, sizes = _sized(a, s, axes)
    for axis, size in zip(axes[:-1], sizes[:-1], strict=True):
        a = ifft(a, n=size, axis=axis, norm=norm)
    return irfft(a, n=sizes[-1], axis=axes[-1], norm=norm)


@composite(example(COMPLEX), example(B223))
def fft2(a, s=None, axes=(-2, -1), norm=None):
    """`fft` of the last two axes. Shapes: (..., m, n), kept."""
    return fftn(a, s, axes, norm)


@composite(example(COMPLEX), example(B223))
def ifft2(a, s=None, axes=(-2, -1), norm=None):
    """The inverse of `fft2`. Shapes: (..., m, n), kept."""
    return ifftn(a, s, axes, norm)


@composite(example(REALS), example(B223))
def rfft2(a, s=None, axes=(-2, -1), norm=None):
    """`rfftn` of the last two axes. Shapes: (..., m, n) -> (..., m, n // 2 + 1)."""
    return rfftn(a, s, axes, norm)


@composite(example(COMPLEX))
def irfft2(a, s=None, axes=(-2, -1), norm=None):
    """The inverse of `rfft2`. Shapes: (..., m, k) -> (..., m, 2 (k - 1))."""
    return irfftn(a, s, axes, norm)


_OTHER_WAY = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}


def _swapped(norm: Any) -> str:
    if norm not in _OTHER_WAY:
        raise ArgumentError(f"norm is 'backward', 'ortho' or 'forward'; found {norm!r}")
    return _OTHER_WAY[norm]


@composite(example(COMPLEX), example(COMPLEX, 5, norm="ortho"))
def hfft(a, n=None, axis=-1, norm=None):
    """The transform, real, of a signal given by its first half, its other half the conjugate. Shapes: as `irfft`."""
    return irfft(conj(a), n=n, axis=axis, norm=_swapped(norm))


@composite(example(SIGNAL), example(REALS, 4))
def ihfft(a, n=None, axis=-1, norm=None):
    """The inverse of `hfft`. Shapes: as `rfft`."""
    return conj(rfft(a, n=n, axis=axis, norm=_swapped(norm)))


def _moved(x: Any, axes: Any, backwards: bool) -> Any:
    axes = axes_of(axes, x.ndim)
    halves = [x.shape[axis] // 2 for axis in axes]
    return roll(x, shift=tuple(-each for each in halves) if backwards else tuple(halves), axis=axes)


@composite(example(V3), example(M34, axes=1), example(COMPLEX, axes=(0, 1)))
def fftshift(x, axes=None):
    """The frequency 0 in the middle. Shapes: any, kept."""
    return _moved(x, axes, backwards=False)


@composite(example(V3), example(M34, axes=1), example(COMPLEX, axes=(0, 1)))
def ifftshift(x, axes=None):
    """The inverse of `fftshift`. Shapes: any, kept."""
    return _moved(x, axes, backwards=True)
