"""Random numbers whose distribution can be learned: derivatives flow to its parameters, for the numbers drawn.

Each takes `rng`: a NumPy generator, a whole number as its seed, or None for numbers nobody can repeat. A replay of a
recorded graph draws again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.errors import DomainError
from autograd.operations.ordering import argsort
from autograd.operations.picking import take
from autograd.source import source

# fmt: off
__all__ = [
    "bernoulli", "normal", "permutation", "uniform",
]
# fmt: on


def _shape(size: Any, *parameters: Any) -> tuple[int, ...]:
    if size is None:
        return np.broadcast_shapes(*map(np.shape, parameters))
    return (int(size),) if np.ndim(size) == 0 else tuple(size)


def _float(drawn: Any, *parameters: Any) -> Any:
    """What was drawn in the dtype of the parameters."""
    return np.asarray(drawn, np.result_type(*parameters, 0.0))[()]


@source(
    vjp={
        "loc": lambda g: g,
        "scale": lambda g, loc, scale, out: g * (out - loc) / scale,
    }
)
def normal(loc, scale, *, size=None, rng=None):
    """Normal numbers, $\\mu + \\sigma \\varepsilon$. Shapes: loc and scale broadcast to `size`.

    Source: the path-wise derivative of Kingma and Welling 2014.
    """
    noise = np.random.default_rng(rng).standard_normal(_shape(size, loc, scale))
    return loc + scale * _float(noise, loc, scale)


@source(
    vjp={
        "low": lambda g, low, high, out: g * (high - out) / (high - low),
        "high": lambda g, low, high, out: g * (out - low) / (high - low),
    }
)
def uniform(low, high, *, size=None, rng=None):
    """Uniform numbers in [low, high). Shapes: low and high broadcast to `size`."""
    share = np.random.default_rng(rng).random(_shape(size, low, high))
    return low + (high - low) * _float(share, low, high)


@source(vjp={})
def bernoulli(p, *, size=None, rng=None):
    """1 with probability p, else 0. Shapes: p broadcasts to `size`. Range of p: [0, 1]. Constant to differentiation.

    Raises: DomainError for what is no probability.
    """
    if not np.all((np.asarray(p) >= 0) & (np.asarray(p) <= 1)):
        raise DomainError(f"a probability lies between 0 and 1; found {p}")
    return _float(np.random.default_rng(rng).random(_shape(size, p)) < p, p)


@composite()
def permutation(x, axis=0, rng=None):
    """The parts along an axis in random order. Shapes: any with an axis, kept."""
    return take(x, argsort(uniform(0.0, 1.0, size=x.shape[axis], rng=rng)), axis=axis)
