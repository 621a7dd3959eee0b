"""Activations of single numbers that have a rule of their own: steps, rectifiers with a slope below 0, gated and soft.

Each tells its derivative, its range, how smooth it is ($C^k$: k times continuously differentiable), and its source.
"""

from __future__ import annotations

import numpy as np

from autograd.declaration import elementwise, example
from autograd.operations.elementary import exp
from autograd.operations.piecewise import absolute, maximum, minimum
from autograd.operations.samples import NUMBER, OTHERS, REALS, ROW
from autograd.operations.shaping import floats
from autograd.operations.stable import sigmoid

# fmt: off
__all__ = [
    "binary_step", "celu", "elu", "hardtanh", "prelu", "silu", "softsign", "sqnl",
]
# fmt: on


@elementwise(partial={"x": 0.0}, examples=(example(REALS), example(NUMBER)))
def binary_step(x):
    r"""Step, 1 from 0 on and 0 below: a decision, not to be trained through.

    Derivative: $0$. Range: {0, 1}. Smoothness: not continuous. Shapes: any, kept.
    Source: McCulloch and Pitts 1943.
    """
    return np.heaviside(x, 1.0)


@elementwise(
    partial={"x": lambda out: (1 - absolute(out)) ** 2},
    notation=r"\frac{{x}}{1 + \left|{x}\right|}",
    text="softsign({x})",
    examples=(example(REALS), example(NUMBER)),
)
def softsign(x):
    r"""Softsign, or ElliotSig, $x / (1 + |x|)$: an S like tanh, that comes to its ends slowly.

    Derivative: $1 / (1 + |x|)^2$. Range: (-1, 1). Smoothness: $C^1$. Shapes: any, kept.
    Source: Elliott 1993; Bergstra et al. 2009.
    """
    x = floats(x)
    largest = np.finfo(np.result_type(x, np.float16)).max
    held = np.clip(x, -largest, largest)
    return held / (1 + np.abs(held))


@elementwise(
    partial={"x": lambda x: maximum(1 - absolute(x) / 2, 0.0)},
    examples=(example(REALS), example(NUMBER)),
)
def sqnl(x):
    r"""Square nonlinearity: $x - x|x|/4$ between -2 and 2, and -1 or 1 beyond: an S of two parabolas.

    Derivative: $\max(1 - |x|/2, 0)$. Range: [-1, 1]. Smoothness: $C^1$. Shapes: any, kept.
    Source: Wuraola and Patel 2018, IJCNN.
    """
    held = np.clip(x, -2, 2)
    return held - held * np.abs(held) / 4


@elementwise(
    partial={"x": lambda x, slope: (x > 0) + slope * (x <= 0), "slope": lambda x: minimum(x, 0.0)},
    examples=(example(REALS, np.float64(0.25)), example(REALS, ROW), example(REALS, np.abs(OTHERS))),
)
def prelu(x, slope):
    r"""Rectifier with a slope below 0 that can be learned: $x$ above 0, elsewhere slope times $x$.

    Derivative: $1$ above 0, else the slope; by the slope $\min(x, 0)$. Range: all numbers. Smoothness: $C^0$.
    Shapes: any two that broadcast. Source: He et al. 2015, arXiv:1502.01852; PyTorch's value at 0, the slope.
    """
    return np.where(x > 0, x, slope * x)


@elementwise(
    partial={"x": lambda x, alpha: (x > 0) + alpha * exp(minimum(x, 0.0)) * (x <= 0)},
    examples=(example(REALS), example(REALS, alpha=0.7), example(NUMBER)),
)
def elu(x, *, alpha=1.0):
    r"""Exponential linear unit: $x$ above 0, elsewhere $\alpha (e^x - 1)$.

    Derivative: $1$ above 0, else $\alpha e^x$. Range: $(-\alpha, \infty)$. Smoothness: $C^1$ for
    $\alpha = 1$, else $C^0$. Shapes: any, kept. Source: Clevert et al. 2015, arXiv:1511.07289.
    """
    x = floats(x)
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


@elementwise(
    partial={"x": lambda x, alpha: (x > 0) + exp(minimum(x, 0.0) / alpha) * (x <= 0)},
    examples=(example(REALS), example(REALS, alpha=0.7), example(NUMBER)),
)
def celu(x, *, alpha=1.0):
    r"""ELU that stays smooth for every $\alpha$: $x$ above 0, elsewhere $\alpha (e^{x/\alpha} - 1)$.

    Derivative: $1$ above 0, else $e^{x/\alpha}$. Range: $(-\alpha, \infty)$. Smoothness: $C^1$. Shapes: any, kept.
    Source: Barron 2017, arXiv:1704.07483.
    """
    x = floats(x)
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha)


@elementwise(
    partial={"x": lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x)))},
    notation=r"{x}\,\sigma\left({x}\right)",
    text="silu({x})",
    examples=(example(REALS), example(NUMBER)),
)
def silu(x):
    r"""Sigmoid-weighted linear unit, or Swish, $x\,\sigma(x)$.

    Derivative: $\sigma(x) (1 + x (1 - \sigma(x)))$. Range: $[-0.2785, \infty)$. Smoothness: $C^\infty$.
    Shapes: any, kept. Source: Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941.
    """
    return x * sigmoid(x)


@elementwise(
    partial={"x": lambda x, min_val, max_val: (x > min_val) * (x < max_val)},
    examples=(example(REALS), example(REALS, min_val=-0.5, max_val=1.8), example(NUMBER)),
)
def hardtanh(x, *, min_val=-1.0, max_val=1.0):
    r"""$x$ held between two bounds.

    Derivative: $1$ between the bounds, $0$ at them and beyond. Range: [min_val, max_val]. Smoothness: $C^0$.
    Shapes: any, kept. Source: Collobert 2004; PyTorch's 0 at the bounds, where `clip` has 1.
    """
    return np.clip(x, min_val, max_val)
