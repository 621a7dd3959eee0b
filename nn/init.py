"""Start values: functions of a shape and a source of random numbers.

`fan_in` is the number of inputs one unit sees, `fan_out` that of the units one input reaches: for a weight of shape
(out, in, ...) the products of the axes but the first, and but the second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import ShapeError

Rng = np.random.Generator | int | None
Initializer = Callable[..., np.ndarray]
"""A function of a source of random numbers, a shape and a dtype that makes start values."""


def generator(rng: Rng) -> np.random.Generator:
    """A source of random numbers: the one given, one seeded by an int, or a fresh one."""
    return np.random.default_rng(rng)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """fan_in and fan_out of a weight of shape (out, in, ...). Raises: ShapeError for fewer than two axes."""
    if len(shape) < 2:
        raise ShapeError(f"fan-in and fan-out need a weight of two axes or more, (out, in, ...); found {shape}")
    field = int(np.prod(shape[2:], dtype=int))
    return shape[1] * field, shape[0] * field


def uniform(rng: Rng, shape: tuple[int, ...], bound: float, dtype: Any = np.float64) -> np.ndarray:
    r"""Uniform on $[-\mathrm{bound}, \mathrm{bound})$."""
    return generator(rng).uniform(-bound, bound, shape).astype(dtype)


def normal(rng: Rng, shape: tuple[int, ...], std: float = 1.0, dtype: Any = np.float64) -> np.ndarray:
    """Normal about 0 with standard deviation `std`."""
    return (std * generator(rng).standard_normal(shape)).astype(dtype)


def xavier_uniform(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Uniform on $\pm\sqrt{6 / (\mathrm{fan_{in}} + \mathrm{fan_{out}})}$. Source: Glorot and Bengio 2010."""
    return uniform(rng, shape, float(np.sqrt(6 / sum(fans(shape)))), dtype)


def xavier_normal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Normal with deviation $\sqrt{2 / (\mathrm{fan_{in}} + \mathrm{fan_{out}})}$. Source: Glorot and Bengio 2010."""
    return normal(rng, shape, float(np.sqrt(2 / sum(fans(shape)))), dtype)


def he_uniform(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Uniform on $\pm\sqrt{6 / \mathrm{fan_{in}}}$, for ReLU. Source: He et al. 2015, arXiv:1502.01852."""
    return uniform(rng, shape, float(np.sqrt(6 / fans(shape)[0])), dtype)


def he_normal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Normal with deviation $\sqrt{2 / \mathrm{fan_{in}}}$, for ReLU. Source: He et al. 2015, arXiv:1502.01852."""
    return normal(rng, shape, float(np.sqrt(2 / fans(shape)[0])), dtype)


BY_NAME: dict[str, Initializer] = {
    each.__name__: each for each in (xavier_uniform, xavier_normal, he_uniform, he_normal)
}
"""The initializations that a model may be asked for by name."""
