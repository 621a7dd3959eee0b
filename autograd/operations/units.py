"""Activations written in other operations: of rectifiers, of exponentials, with gates, and those of whole rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.errors import ArgumentError, ShapeError
from autograd.operations.activations import elu, hardtanh
from autograd.operations.arithmetic import hypot
from autograd.operations.elementary import expm1, log1p
from autograd.operations.gaussian import erfc
from autograd.operations.hyperbolic import tanh
from autograd.operations.indexing import axes_before, axis_of
from autograd.operations.piecewise import absolute, clip, relu, where
from autograd.operations.reduction import max
from autograd.operations.samples import B223, NUMBER, REALS, SIGNAL, TALL
from autograd.operations.shaping import floats, reshape
from autograd.operations.stable import sigmoid, softmax, softplus

# fmt: off
__all__ = [
    "apl", "bent_identity", "brelu", "gelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "log_sigmoid", "maxout",
    "mish", "relu6", "selu", "soft_clipping", "soft_exponential", "softmin", "softshrink", "tanhshrink", "threshold",
]
# fmt: on


@composite(example(REALS), example(B223))
def brelu(x):
    r"""Bipolar rectifier: $\max(x_i, 0)$ for even places $i$ along the last axis, $\min(x_i, 0)$ for odd ones.

    Derivative: $1$ where it lets $x$ through, else $0$. Range: all numbers. Smoothness: $C^0$. Shapes: any with an
    axis, kept. Source: Eidnes and Nøkland 2017, arXiv:1709.04054.
    """
    signs = np.where(np.arange(x.shape[-1]) % 2, np.int8(-1), np.int8(1))
    return signs * relu(signs * x)


@composite(example(REALS), example(NUMBER))
def selu(x):
    r"""Self-normalizing ELU, $\lambda\,\mathrm{elu}_\alpha(x)$ with $\lambda = 1.0507$ and $\alpha = 1.6733$.

    Derivative: $\lambda$ above 0, else $\lambda \alpha e^x$. Range: $(-1.7581, \infty)$. Smoothness: $C^0$.
    Shapes: any, kept. Source: Klambauer et al. 2017, arXiv:1706.02515.
    """
    return 1.0507009873554805 * elu(x, alpha=1.6732632423543772)


@composite(example(REALS, np.array([0.2, -0.4]), np.array([0.5, -0.9])))
def apl(x, a, b):
    r"""Adaptive piecewise linear unit, $\max(x, 0) + \sum_s a_s \max(0, b_s - x)$: hinges that can be learned.

    Derivative: $[x > 0] - \sum_s a_s [x < b_s]$. Range: all numbers. Smoothness: $C^0$. Shapes: any, and a, b of
    (S,) or (S, features), kept. Source: Agostinelli et al. 2014, arXiv:1412.6830.
    """
    found = relu(x)
    for place in range(len(a)):
        found = found + a[place] * relu(b[place] - x)
    return found


@composite(example(REALS), example(NUMBER))
def bent_identity(x):
    r"""The identity, bent at 0: $(\sqrt{x^2 + 1} - 1)/2 + x$.

    Derivative: $\frac{x}{2\sqrt{x^2 + 1}} + 1$. Range: all numbers. Smoothness: $C^\infty$. Shapes: any, kept.
    Source: the notes of courses; no paper is known.
    """
    return (hypot(x, 1.0) - 1) / 2 + x


@composite(example(REALS), example(REALS, approximate="tanh"))
def gelu(x, approximate="none"):
    r"""Gaussian error linear unit, $x\,\Phi(x)$ with the normal distribution's $\Phi$.

    `approximate="tanh"` is $\frac{x}{2} (1 + \tanh(\sqrt{2/\pi}\,(x + 0.044715\,x^3)))$.
    Derivative: $\Phi(x) + x\,\varphi(x)$. Range: $[-0.17, \infty)$. Smoothness: $C^\infty$. Shapes: any, kept.
    Raises: ArgumentError for another approximation. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.
    """
    x = floats(x)
    if approximate == "none":
        return x * (0.5 * erfc(x * -math.sqrt(0.5)))
    if approximate == "tanh":
        return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    raise ArgumentError(f"gelu's approximate is 'none' or 'tanh'; found {approximate!r}")


@composite(example(REALS), example(NUMBER))
def mish(x):
    r"""$x \tanh(\ln(1 + e^x))$.

    Derivative: $\tanh s + x\,\sigma(x) (1 - \tanh^2 s)$ with $s = \ln(1 + e^x)$. Range: $[-0.309, \infty)$. Smoothness:
    $C^\infty$. Shapes: any, kept. Source: Misra 2019, arXiv:1908.08681.
    """
    return x * tanh(softplus(x))


@composite(example(REALS), example(NUMBER))
def log_sigmoid(x):
    r"""$\ln \sigma(x) = -\ln(1 + e^{-x})$, without the overflow.

    Derivative: $\sigma(-x)$. Range: $(-\infty, 0)$. Smoothness: $C^\infty$. Shapes: any, kept.
    Source: torch.nn.LogSigmoid.
    """
    return -softplus(-floats(x))


@composite(example(REALS, np.float64(0.3)), example(REALS, np.float64(-0.3)), example(REALS, np.float64(1e-5)))
def soft_exponential(x, alpha):
    r"""From logarithm to exponential: $-\ln(1 - \alpha (x + \alpha)) / \alpha$ for $\alpha < 0$, $x$ at 0, and
    $(e^{\alpha x} - 1) / \alpha + \alpha$ above; $\alpha$ can be learned, through 0 too.

    Below 0 it is defined where $\alpha (x + \alpha) < 1$.
    Derivative: $1 / (1 - \alpha (x + \alpha))$ for $\alpha < 0$, else $e^{\alpha x}$. Range: all numbers for
    $\alpha \le 0$, else $(\alpha - 1/\alpha, \infty)$. Smoothness: $C^\infty$. Shapes: any two that broadcast.
    Source: Godfrey and Gashler 2016, arXiv:1602.01321.
    """
    above, below = where(alpha >= 0, alpha, 0.0), where(alpha < 0, alpha, 0.0)
    grown, shrunk = x * _by_its_argument(expm1, above * x, _EXPONENTIAL), x + below
    return where(alpha >= 0, grown + above, shrunk * _by_its_argument(_log, below * shrunk, _LOGARITHM))


_EXPONENTIAL = (1.0, 1 / 2, 1 / 6, 1 / 24, 1 / 120)
_LOGARITHM = (1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5)


def _log(t: Any) -> Any:
    return -log1p(-t)


def _by_its_argument(function: Any, t: Any, series: tuple[float, ...]) -> Any:
    """function(t) / t, near 0 by its power series, where the quotient and its derivative would lose their digits."""
    near = absolute(t) < 1e-3
    powers: Any = 0.0
    for coefficient in reversed(series):
        powers = coefficient + t * powers
    apart = where(near, 1e-3, t)
    return where(near, powers, function(apart) / apart)


@composite(example(REALS), example(REALS, alpha=3.0))
def soft_clipping(x, alpha=1.0):
    r"""Soft clipping to (0, 1), $\frac{1}{\alpha} \ln \frac{1 + e^{\alpha x}}{1 + e^{\alpha (x - 1)}}$, no overflow.

    Derivative: $\sigma(\alpha x) - \sigma(\alpha (x - 1))$. Range: (0, 1). Smoothness: $C^\infty$. Shapes: any, kept.
    Source: Klimek and Perelstein 2018, arXiv:1810.11509.
    """
    x = floats(x)
    return (softplus(alpha * x) - softplus(alpha * (x - 1))) / alpha


@composite(example(REALS), example(NUMBER))
def relu6(x):
    r"""Rectifier up to 6, $\min(\max(x, 0), 6)$.

    Derivative: $1$ between 0 and 6, else $0$. Range: [0, 6]. Smoothness: $C^0$. Shapes: any, kept.
    Source: Howard et al. 2017, arXiv:1704.04861.
    """
    return hardtanh(x, min_val=0.0, max_val=6.0)


@composite(example(REALS), example(NUMBER))
def hardsigmoid(x):
    r"""A sigmoid of straight lines, $\min(\max(x + 3, 0), 6) / 6$.

    Derivative: $1/6$ between -3 and 3, else $0$. Range: [0, 1]. Smoothness: $C^0$. Shapes: any, kept.
    Source: Courbariaux et al. 2015, arXiv:1511.00363; PyTorch's slope.
    """
    return relu6(floats(x) + 3) / 6


@composite(example(REALS), example(NUMBER))
def hardswish(x):
    r"""Swish of straight lines and a parabola, $x \min(\max(x + 3, 0), 6) / 6$.

    Derivative: $0$ up to -3, $(2x + 3)/6$ to 3, then $1$. Range: $[-0.375, \infty)$. Smoothness: $C^0$. Shapes: any,
    kept. Source: Howard et al. 2019, arXiv:1905.02244.
    """
    return x * hardsigmoid(x)


@composite(example(REALS), example(NUMBER))
def tanhshrink(x):
    r"""$x - \tanh x$.

    Derivative: $\tanh^2 x$. Range: all numbers. Smoothness: $C^\infty$. Shapes: any, kept.
    Source: torch.nn.Tanhshrink.
    """
    x = floats(x)
    return x - tanh(x)


@composite(example(REALS), example(REALS, lambd=0.3))
def softshrink(x, lambd=0.5):
    r"""Towards 0 by $\lambda$, and 0 within it: $x - \lambda$ above $\lambda$, $x + \lambda$ below $-\lambda$.

    Derivative: $1$ beyond $\pm\lambda$, else $0$. Range: all numbers. Smoothness: $C^0$. Shapes: any, kept.
    Source: Donoho 1995; torch.nn.Softshrink.
    """
    return x - clip(x, -lambd, lambd)


@composite(example(REALS), example(REALS, lambd=0.3))
def hardshrink(x, lambd=0.5):
    r"""$x$ beyond $\pm\lambda$, and 0 within.

    Derivative: $1$ beyond $\pm\lambda$, else $0$. Range: all numbers. Smoothness: not continuous. Shapes: any, kept.
    Source: Donoho and Johnstone 1994; torch.nn.Hardshrink.
    """
    return where(absolute(floats(x)) <= lambd, 0.0, x)


@composite(example(REALS, 0.5, -1.0))
def threshold(x, threshold, value):
    r"""$x$ above a threshold, and one value elsewhere.

    Derivative: $1$ above the threshold, else $0$. Range: all numbers. Smoothness: not continuous, but for value =
    threshold. Shapes: any, kept. Source: torch.nn.Threshold.
    """
    return where(x > threshold, x, value)


@composite(example(REALS), example(REALS, axis=0))
def softmin(x, axis=-1):
    r"""Shares that are large where x is small, $e^{-x_i} / \sum_j e^{-x_j}$. Shapes: any with an axis, kept.

    Derivative: $\partial y_i / \partial x_j = -y_i ([i = j] - y_j)$. Range: (0, 1). Smoothness: $C^\infty$.
    """
    return softmax(-floats(x), axis=axis)


@composite(example(TALL), example(SIGNAL), example(B223, axis=1))
def glu(x, axis=-1):
    r"""Gated linear unit, $a\,\sigma(b)$ for the two halves $a$ and $b$ along an axis.

    Derivative: $\sigma(b)$ by $a$, $a\,\sigma(b)(1 - \sigma(b))$ by $b$. Range: all numbers. Smoothness: $C^\infty$.
    Shapes: (..., 2n, ...) -> (..., n, ...). Raises: ShapeError for an odd number.
    Source: Dauphin et al. 2016, arXiv:1612.08083.
    """
    along = axis_of(axis, x.ndim)
    size = x.shape[along]
    if size % 2:
        raise ShapeError(f"glu halves an axis; found {size} entries along axis {axis} of {x.shape}")
    before = axes_before(along, x.ndim)
    return x[(*before, slice(size // 2))] * sigmoid(x[(*before, slice(size // 2, None))])


@composite(example(TALL, 2), example(SIGNAL, 3))
def maxout(x, pieces):
    r"""The largest of each so many neighbours along the last axis, $\max_k x_{ik}$: a convex function that is learned.

    Derivative: $1$ by the largest, else $0$. Range: all numbers. Smoothness: $C^0$.
    Shapes: (..., n · pieces) -> (..., n). Raises: ShapeError where that does not divide.
    Source: Goodfellow et al. 2013, arXiv:1302.4389.
    """
    if pieces < 1 or x.shape[-1] % pieces:
        raise ShapeError(f"maxout takes groups of {pieces} along the last axis; found shape {x.shape}")
    return max(reshape(x, (*x.shape[:-1], x.shape[-1] // pieces, pieces)), axis=-1)
