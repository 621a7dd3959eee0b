"""Functions of probability: quantiles, odds and entropies."""

import math

from autograd.composite import composite
from autograd.declaration import elementwise, example
from autograd.operations import stable
from autograd.operations.comparison import logical_and
from autograd.operations.elementary import exp, log, log1p
from autograd.operations.piecewise import where
from autograd.operations.powers import power
from autograd.operations.samples import B223, FRACTIONS, NUMBER, POSITIVE, REALS, SHARES
from autograd.operations.shaping import ravel, reshape
from autograd.optional import special_function

# fmt: off
__all__ = [
    "entr", "erfcinv", "erfinv", "exp10", "expit", "kl_div", "log_ndtr", "log_softmax", "logit", "logsumexp",
    "ndtr", "ndtri", "rel_entr", "softmax", "xlog1py", "xlogy",
]
# fmt: on

_ON_REALS = (example(REALS), example(NUMBER))
_PAIRS = (example(POSITIVE, POSITIVE[::-1]), example(POSITIVE, NUMBER))
_DENSITY = 1 / math.sqrt(2 * math.pi)

expit = stable.sigmoid


@elementwise(partial={"x": lambda out: 0.5 * math.sqrt(math.pi) * exp(out * out)}, examples=(example(FRACTIONS),))
def erfinv(x):
    """Inverse of the error function. Shapes: any, kept. Domain: (-1, 1)."""
    return special_function("erfinv")(x)


@elementwise(partial={"x": lambda out: -0.5 * math.sqrt(math.pi) * exp(out * out)}, examples=(example(SHARES),))
def erfcinv(x):
    """Inverse of the complement of the error function. Shapes: any, kept. Domain: (0, 2)."""
    return special_function("erfcinv")(x)


@elementwise(partial={"x": lambda x: _DENSITY * exp(-x * x / 2)}, notation=r"\Phi\left({x}\right)", examples=_ON_REALS)
def ndtr(x):
    """Distribution function of the standard normal. Shapes: any, kept. Range: (0, 1)."""
    return special_function("ndtr")(x)


@elementwise(
    partial={"x": lambda x, out: _DENSITY * exp(-x * x / 2 - out)},
    notation=r"\ln\Phi\left({x}\right)",
    examples=_ON_REALS,
)
def log_ndtr(x):
    """Logarithm of `ndtr`, exact far below 0. Shapes: any, kept."""
    return special_function("log_ndtr")(x)


@elementwise(partial={"x": lambda out: exp(out * out / 2) / _DENSITY}, examples=(example(SHARES),))
def ndtri(x):
    """Inverse of `ndtr`, the quantile of the standard normal. Shapes: any, kept. Domain: (0, 1)."""
    return special_function("ndtri")(x)


@elementwise(partial={"x": lambda x: 1 / (x * (1 - x))}, examples=(example(SHARES),))
def logit(x):
    """$\\ln(x / (1 - x))$, the inverse of `expit`. Shapes: any, kept. Domain: (0, 1)."""
    return special_function("logit")(x)


@elementwise(
    partial={"x": lambda x, y: where(logical_and(x == 0, y <= 0), 0.0, log(y)), "y": lambda x, y: x / y},
    notation=r"{x} \ln {y}",
    examples=_PAIRS,
)
def xlogy(x, y):
    """$x \\ln y$, and 0 where x is 0. Shapes: any two that broadcast."""
    return special_function("xlogy")(x, y)


@elementwise(
    partial={"x": lambda x, y: where(logical_and(x == 0, y <= -1), 0.0, log1p(y)), "y": lambda x, y: x / (1 + y)},
    examples=_PAIRS,
)
def xlog1py(x, y):
    """$x \\ln(1 + y)$, and 0 where x is 0. Shapes: any two that broadcast."""
    return special_function("xlog1py")(x, y)


@elementwise(partial={"x": lambda x: -log(x) - 1}, examples=(example(SHARES),))
def entr(x):
    """$-x \\ln x$, and 0 at 0: what a probability adds to an entropy. Shapes: any, kept."""
    return special_function("entr")(x)


@elementwise(partial={"x": lambda x, y: log(x / y) + 1, "y": lambda x, y: x / -y}, examples=_PAIRS)
def rel_entr(x, y):
    """$x \\ln(x / y)$: what two probabilities add to a relative entropy. Shapes: any two that broadcast."""
    return special_function("rel_entr")(x, y)


@elementwise(partial={"x": lambda x, y: log(x / y), "y": lambda x, y: 1 - x / y}, examples=_PAIRS)
def kl_div(x, y):
    """$x \\ln(x / y) - x + y$, never below 0. Shapes: any two that broadcast."""
    return special_function("kl_div")(x, y)


@composite(example(REALS))
def exp10(x):
    """$10^x$. Shapes: any, kept."""
    return power(10.0, x)


@composite(example(REALS), example(REALS, 1), example(REALS, 0, POSITIVE, True))
def logsumexp(a, axis=None, b=None, keepdims=False):
    """$\\ln \\sum_j b_j e^{a_j}$ for weights b above 0, over all elements or axis. Shapes: as `autograd.logsumexp`."""
    return stable.logsumexp(a if b is None else a + log(b), axis=axis, keepdims=keepdims)


@composite(example(REALS), example(REALS, 1), example(B223, axis=0))
def softmax(x, axis=None):
    """Shares that add up to one, over all elements or along `axis`. Shapes: any, kept. Range: (0, 1)."""
    return stable.softmax(x, axis=axis) if axis is not None else reshape(stable.softmax(ravel(x)), shape=x.shape)


@composite(example(REALS), example(REALS, 1), example(B223, axis=0))
def log_softmax(x, axis=None):
    """The logarithm of `softmax`. Shapes: any, kept."""
    return (
        stable.log_softmax(x, axis=axis) if axis is not None else reshape(stable.log_softmax(ravel(x)), shape=x.shape)
    )
