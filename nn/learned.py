"""Activations that have something to learn or to draw, and all activations by their names."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, ShapeError, apl, prelu, random, reshape, soft_exponential
from nn import activation
from nn.errors import check_sizes, number
from nn.init import Rng, generator
from nn.module import Module
from nn.operand import floats
from nn.parameter import Parameter


class PReLU(Module):
    """Rectifier whose slope below 0 is learned: one slope, or one for each of so many channels (axis 1).

    Shapes: any, kept; weight (num_parameters,). Raises: ShapeError for another number of channels.
    Source: He et al. 2015, arXiv:1502.01852; the same numbers as torch.nn.PReLU.

    >>> import numpy as np
    >>> from nn import PReLU
    >>> PReLU()(np.array([-4.0, 2.0])).numpy().tolist()
    [-1.0, 2.0]
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, *, dtype: Any = np.float64) -> None:
        check_sizes("PReLU", num_parameters=num_parameters)
        self.num_parameters = num_parameters
        self.weight = Parameter(np.full(num_parameters, number("PReLU", init=init), dtype))

    def forward(self, x: Any) -> Any:
        """The rectified input."""
        shape = np.shape(x)
        if self.num_parameters == 1:
            return prelu(x, self.weight if shape else self.weight[0])
        if shape[1:2] != (self.num_parameters,):
            raise ShapeError(
                f"PReLU({self.num_parameters}) takes inputs with as many channels along axis 1; found {shape}"
            )
        return prelu(x, reshape(self.weight, (-1, *[1] * (len(shape) - 2))))

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"num_parameters={self.num_parameters}"


class RReLU(Module):
    """Rectifier with a slope below 0 drawn for each element in training, uniform on [lower, upper); else their mean.

    Derivative: $1$ above 0, else the slope. Range: all numbers. Smoothness: $C^0$.
    Shapes: any, kept. Raises: DomainError for bounds the wrong way around.
    Source: Xu et al. 2015, arXiv:1505.00853; torch.nn.RReLU.

    >>> import numpy as np
    >>> from nn import RReLU
    >>> RReLU(0.1, 0.3).eval()(np.array([-10.0, 2.0])).tolist()
    [-2.0, 2.0]
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, *, rng: Rng = None) -> None:
        lower, upper = number("RReLU", lower=lower), number("RReLU", upper=upper)
        if not lower <= upper:
            raise DomainError(f"RReLU needs lower at most upper; found {lower}, {upper}")
        self.lower, self.upper, self.rng = lower, upper, generator(rng)

    def forward(self, x: Any) -> Any:
        """The rectified input."""
        if not self.training:
            return prelu(x, (self.lower + self.upper) / 2)
        x = floats("RReLU", x)
        lower, upper = (np.asarray(each, x.dtype)[()] for each in (self.lower, self.upper))
        return prelu(x, random.uniform(lower, upper, size=x.shape, rng=self.rng))

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"lower={self.lower}, upper={self.upper}"


class APL(Module):
    r"""Rectifier with hinges that are learned, $\max(x, 0) + \sum_s a_s \max(0, b_s - x)$.

    `features` gives each feature (last axis) hinges of its own. The hinges' slopes start small and their places
    normal, as in the paper's code. Shapes: any, kept; a and b (hinges,) or (hinges, features).
    Source: Agostinelli et al. 2014, arXiv:1412.6830.
    """

    def __init__(
        self, hinges: int = 2, features: int | None = None, *, dtype: Any = np.float64, rng: Rng = None
    ) -> None:
        check_sizes("APL", hinges=hinges, features=1 if features is None else features)
        source, shape = generator(rng), (hinges,) if features is None else (hinges, features)
        self.hinges, self.features = hinges, features
        self.a = Parameter((0.1 * source.standard_normal(shape)).astype(dtype))
        self.b = Parameter(source.standard_normal(shape).astype(dtype))

    def forward(self, x: Any) -> Any:
        """The input through its hinges."""
        return apl(x, self.a, self.b)

    def extra_repr(self) -> str:
        """How many there are."""
        return f"hinges={self.hinges}, features={self.features}"


class SoftExponential(Module):
    r"""From logarithm over identity to exponential, as the learned $\alpha$ says; it starts as the identity, at 0.

    Shapes: any, kept; alpha (). Source: Godfrey and Gashler 2016, arXiv:1602.01321.
    """

    def __init__(self, alpha: float = 0.0, *, dtype: Any = np.float64) -> None:
        self.alpha = Parameter(np.asarray(number("SoftExponential", alpha=alpha), dtype))

    def forward(self, x: Any) -> Any:
        """The function of x that the parameter has come to."""
        return soft_exponential(x, self.alpha)


BY_NAME: dict[str, type[Module]] = {
    "identity": activation.Identity,
    "linear": activation.Identity,
    "binary_step": activation.BinaryStep,
    "sigmoid": activation.Sigmoid,
    "tanh": activation.Tanh,
    "softsign": activation.Softsign,
    "elliotsig": activation.Softsign,
    "sqnl": activation.SQNL,
    "relu": activation.ReLU,
    "brelu": activation.BReLU,
    "leaky_relu": activation.LeakyReLU,
    "prelu": PReLU,
    "rrelu": RReLU,
    "elu": activation.ELU,
    "apl": APL,
    "bent_identity": activation.BentIdentity,
    "silu": activation.SiLU,
    "swish": activation.SiLU,
    "soft_exponential": SoftExponential,
    "soft_clipping": activation.SoftClipping,
    "softmax": activation.Softmax,
    "gelu": activation.GELU,
    "selu": activation.SELU,
    "celu": activation.CELU,
    "softplus": activation.Softplus,
    "relu6": activation.ReLU6,
    "hardtanh": activation.Hardtanh,
    "hardsigmoid": activation.Hardsigmoid,
    "hardswish": activation.Hardswish,
    "mish": activation.Mish,
    "log_sigmoid": activation.LogSigmoid,
    "log_softmax": activation.LogSoftmax,
    "softmin": activation.Softmin,
    "tanhshrink": activation.Tanhshrink,
    "softshrink": activation.Softshrink,
    "hardshrink": activation.Hardshrink,
}
"""The activations that a model, or a picture, may be asked for by name."""


def activation_named(name: str, dtype: Any = np.float64, rng: Rng = None) -> Module:
    """An activation by its name; one that has parameters has them in a dtype. Raises: ArgumentError for an unknown one.

    >>> from nn.learned import activation_named
    >>> activation_named("leaky_relu")
    LeakyReLU(negative_slope=0.01)
    """
    if name not in BY_NAME:
        raise ArgumentError(f"there is no activation {name!r}; choose one of {', '.join(BY_NAME)}, or give a module")
    kind = BY_NAME[name]
    made = kind(rng=rng) if kind in (RReLU, APL) else kind()
    return made.astype(dtype)
