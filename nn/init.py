"""Start values: functions of a source of random numbers, a shape and a dtype.

`fan_in` is the number of inputs one unit sees, `fan_out` that of the units one input reaches: for a weight of shape
(out, in, *kernel) the products of the axes but the first, and but the second.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from autograd import ArgumentError, DomainError, ShapeError
from autograd.arguments import as_array
from autograd.familiar import absent
from nn.errors import number
from nn.familiar import OF_STARTS

Rng = np.random.Generator | int | None
Fan = Literal["fan_in", "fan_out"]
Initializer = Callable[..., np.ndarray]
"""A function of a source of random numbers, a shape and a dtype that makes start values."""

_GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": 2**0.5, "selu": 0.75}


def __getattr__(name: str) -> Any:
    raise absent("module 'nn.init'", name, OF_STARTS)


def generator(rng: Rng) -> np.random.Generator:
    """A source of random numbers: the one given, one seeded by an int, or a fresh one."""
    return np.random.default_rng(rng)


def start(values: Initializer, rng: Rng, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """What a function of start values makes, in the dtype that was asked of it.

    Raises: ArgumentError for what is no function, or makes no such numbers; ShapeError for those of another shape.
    """
    if not callable(values):
        raise ArgumentError(f"start values are made by a function (rng, shape, dtype); found {type(values).__name__}")
    made, asked = np.asarray(as_array(values(rng, shape, dtype), None)), f"start values of {shape} {np.dtype(dtype)}"
    if not np.can_cast(made.dtype, dtype, "same_kind"):
        raise ArgumentError(f"{asked} were asked for; found {made.dtype}, which would lose something")
    if made.shape != shape:
        raise ShapeError(f"{asked} were asked for; found shape {made.shape}")
    return made.astype(dtype, copy=False)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """fan_in and fan_out of a weight of shape (out, in, ...).

    Raises: ShapeError for fewer than two axes, or one of size 0.
    """
    if len(shape) < 2 or 0 in shape:
        raise ShapeError(
            f"fan-in and fan-out need a weight of two axes or more, (out, in, ...), none of size 0; found {shape}"
        )
    field = int(np.prod(shape[2:], dtype=int))
    return shape[1] * field, shape[0] * field


def gain(name: str, negative_slope: float = 0.01) -> float:
    r"""What start values are multiplied by for an activation: 1 for linear and sigmoid, 5/3 for tanh, 3/4 for selu,
    $\sqrt 2$ for relu, $\sqrt{2 / (1 + s^2)}$ for leaky_relu of slope s.

    Raises: ArgumentError for others. Source: torch.nn.init.calculate_gain.
    """
    if name == "leaky_relu":
        return float(np.sqrt(2 / (1 + negative_slope**2)))
    if name not in _GAINS:
        raise ArgumentError(f"there is no gain for {name!r}; choose one of {', '.join(_GAINS)}, leaky_relu")
    return _GAINS[name]


# -- without a look at the fans ------------------------------------------------------------------------------------


def constant(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, value: float) -> np.ndarray:  # noqa: ARG001  every start value has one signature
    """One number everywhere. As weights it keeps the units of a layer alike: they learn alike, as one unit."""
    return np.full(shape, value, dtype)


def zeros(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    """0 everywhere: for biases. As weights it keeps the units of a layer alike."""
    return constant(rng, shape, dtype, value=0.0)


def ones(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    """1 everywhere: for scales."""
    return constant(rng, shape, dtype, value=1.0)


def eye(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:  # noqa: ARG001  every start value has one signature
    """The identity, as far as the shape goes. Raises: ShapeError for other than two axes."""
    return np.eye(*_matrix(shape), dtype=dtype)


def uniform(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, bound: float = 1.0) -> np.ndarray:
    r"""Uniform on $[-\mathrm{bound}, \mathrm{bound})$. Raises: DomainError for a bound below 0."""
    bound = number("uniform", "a number of 0 or more", bound=bound)
    return generator(rng).uniform(-bound, bound, shape).astype(dtype)


def normal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, std: float = 1.0) -> np.ndarray:
    """Normal about 0 with standard deviation `std`.

    Small ones (0.01) make a signal vanish through many layers; large ones (1) make tanh and sigmoid saturate.
    Raises: DomainError for a deviation below 0.
    """
    std = number("normal", "a number of 0 or more", std=std)
    return (std * generator(rng).standard_normal(shape)).astype(dtype)


def truncated_normal(
    rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, std: float = 1.0, a: float = -2.0, b: float = 2.0
) -> np.ndarray:
    """Normal about 0 with deviation `std` before it is cut to [a, b]: by the quantiles of uniform numbers.

    Raises: DomainError for a deviation not above 0, bounds the wrong way around, or so far out that nothing lies
    between them.
    Source: torch.nn.init.trunc_normal_.
    """
    std = number("truncated_normal", "a number above 0", std=std)
    a, b = number("truncated_normal", a=a), number("truncated_normal", b=b)
    distribution = NormalDist(0.0, std)
    low, high = distribution.cdf(a), distribution.cdf(b)
    if not low < high:
        raise DomainError(f"a truncated normal needs bounds a < b with some of it between them; found [{a}, {b}]")
    drawn = generator(rng).uniform(low, high, shape)
    quantiles: np.ndarray = np.vectorize(distribution.inv_cdf, otypes=[np.float64])(np.clip(drawn, 1e-300, 1 - 1e-16))
    return np.asarray(np.clip(quantiles, a, b), dtype)


def orthogonal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, gain: float = 1.0) -> np.ndarray:
    """Rows (or columns, if there are fewer) at right angles and of length `gain`: lengths pass unchanged.

    Axes after the first count as one. Raises: ShapeError for fewer than two axes.
    Source: Saxe et al. 2013, arXiv:1312.6120.
    """
    if len(shape) < 2:
        raise ShapeError(f"orthogonal start values need two axes or more; found {shape}")
    rows, columns = shape[0], int(np.prod(shape[1:], dtype=int))
    drawn = generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q = q * np.sign(np.diagonal(r))  # without this it would not be uniform among all rotations
    return np.asarray(gain * (q if rows >= columns else q.T), dtype).reshape(shape)


# -- by the fans ---------------------------------------------------------------------------------------------------


def xavier_uniform(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, gain: float = 1.0) -> np.ndarray:
    r"""Uniform on $\pm\sqrt{6 / (\mathrm{fan_{in}} + \mathrm{fan_{out}})}$. Source: Glorot and Bengio 2010."""
    return uniform(rng, shape, dtype, bound=float(gain * np.sqrt(6 / sum(fans(shape)))))


def xavier_normal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, gain: float = 1.0) -> np.ndarray:
    r"""Normal with deviation $\sqrt{2 / (\mathrm{fan_{in}} + \mathrm{fan_{out}})}$. Source: Glorot and Bengio 2010.

    Courses often call $\sqrt{1 / \mathrm{fan_{in}}}$ Xavier's: that is `lecun_normal` here.
    """
    return normal(rng, shape, dtype, std=float(gain * np.sqrt(2 / sum(fans(shape)))))


def he_uniform(
    rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, mode: Fan = "fan_in", gain: float = 2**0.5
) -> np.ndarray:
    r"""Uniform on $\pm\sqrt{6 / \mathrm{fan_{in}}}$, for ReLU. Source: He et al. 2015, arXiv:1502.01852."""
    return uniform(rng, shape, dtype, bound=float(gain * np.sqrt(3 / _fan(shape, mode))))


def he_normal(
    rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64, *, mode: Fan = "fan_in", gain: float = 2**0.5
) -> np.ndarray:
    r"""Normal with deviation $\sqrt{2 / \mathrm{fan_{in}}}$, for ReLU. Source: He et al. 2015, arXiv:1502.01852."""
    return normal(rng, shape, dtype, std=float(gain / np.sqrt(_fan(shape, mode))))


def lecun_uniform(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Uniform on $\pm\sqrt{3 / \mathrm{fan_{in}}}$, for SELU. Source: LeCun et al. 1998, Efficient BackProp."""
    return uniform(rng, shape, dtype, bound=float(np.sqrt(3 / fans(shape)[0])))


def lecun_normal(rng: Rng, shape: tuple[int, ...], dtype: Any = np.float64) -> np.ndarray:
    r"""Normal with deviation $\sqrt{1 / \mathrm{fan_{in}}}$, which courses call Xavier's, for tanh and SELU.

    Source: LeCun et al. 1998, Efficient BackProp.
    """
    return normal(rng, shape, dtype, std=float(np.sqrt(1 / fans(shape)[0])))


def _fan(shape: tuple[int, ...], mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise ArgumentError(f"mode is 'fan_in' or 'fan_out'; found {mode!r}")
    return fans(shape)[mode == "fan_out"]


def _matrix(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) != 2:
        raise ShapeError(f"an identity has two axes; found {shape}")
    return shape


BY_NAME: dict[str, Initializer] = {
    each.__name__: each
    for each in (
        zeros, ones, eye, uniform, normal, truncated_normal, orthogonal, xavier_uniform, xavier_normal, he_uniform,
        he_normal, lecun_uniform, lecun_normal,
    )
}  # fmt: skip
"""The initializations that a model may be asked for by name."""
