"""Activations as modules; each is the operation of its name, which tells its derivative, range and source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import autograd
from autograd import ArgumentError
from nn.errors import check_axes, check_sizes, number, refuse
from nn.module import Module
from nn.operand import operand


class Activation(Module):
    """An operation as a module; its parameters, named in `options`, are attributes. Shapes: the operation's.

    Raises: ArgumentError for an option of another type than it has; DomainError for a number that it cannot be.
    """

    operation: ClassVar[Callable[..., Any]]
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **others: Any) -> None:
        refuse(type(self).__name__, others)

    def forward(self, x: Any) -> Any:
        """The operation of x."""
        return type(self).operation(x, **{name: getattr(self, name) for name in self.options})

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self.options)


class Identity(Module):
    """The input itself.

    Derivative: $1$. Range: all numbers. Smoothness: $C^\\infty$. Shapes: any, kept.
    """

    def forward(self, x: Any) -> Any:
        """x."""
        return x


class BinaryStep(Activation):
    """0 below 0, else 1; its derivative is 0. Shapes: any, kept."""

    operation = autograd.binary_step


class ReLU(Activation):
    r"""Rectifier, $\max(x, 0)$. Shapes: any, kept."""

    operation = autograd.relu


class ReLU6(Activation):
    r"""Rectifier up to 6, $\min(\max(x, 0), 6)$. Shapes: any, kept."""

    operation = autograd.relu6


class BReLU(Activation):
    """Rectifier of either sign in turns, along the last axis. Shapes: any with an axis, kept."""

    operation = autograd.brelu


class Tanh(Activation):
    """Hyperbolic tangent. Shapes: any, kept."""

    operation = autograd.tanh


class Sigmoid(Activation):
    r"""Logistic function, $1 / (1 + e^{-x})$. Shapes: any, kept."""

    operation = autograd.sigmoid


class LogSigmoid(Activation):
    r"""$-\ln(1 + e^{-x})$. Shapes: any, kept."""

    operation = autograd.log_sigmoid


class Softsign(Activation):
    """Softsign, or ElliotSig, $x / (1 + |x|)$. Shapes: any, kept."""

    operation = autograd.softsign


class SQNL(Activation):
    """Square nonlinearity, $x - x|x|/4$ between -2 and 2, ±1 beyond. Shapes: any, kept."""

    operation = autograd.sqnl


class BentIdentity(Activation):
    r"""$(\sqrt{x^2 + 1} - 1)/2 + x$. Shapes: any, kept."""

    operation = autograd.bent_identity


class SiLU(Activation):
    r"""Sigmoid-weighted linear unit, or Swish, $x\,\sigma(x)$. Shapes: any, kept."""

    operation = autograd.silu


class Mish(Activation):
    r"""$x \tanh(\ln(1 + e^x))$. Shapes: any, kept."""

    operation = autograd.mish


class SELU(Activation):
    r"""Self-normalizing ELU, $\lambda x$ above 0, elsewhere $\lambda \alpha (e^x - 1)$, with $\lambda = 1.0507$ and
    $\alpha = 1.6733$. Shapes: any, kept.
    """

    operation = autograd.selu


class Hardsigmoid(Activation):
    r"""$\min(\max(x + 3, 0), 6) / 6$. Shapes: any, kept."""

    operation = autograd.hardsigmoid


class Hardswish(Activation):
    r"""$x \min(\max(x + 3, 0), 6) / 6$. Shapes: any, kept."""

    operation = autograd.hardswish


class Tanhshrink(Activation):
    r"""$x - \tanh x$. Shapes: any, kept."""

    operation = autograd.tanhshrink


class LeakyReLU(Activation):
    """$x$ above 0, elsewhere `negative_slope` times x. Shapes: any, kept."""

    operation, options = autograd.leaky_relu, ("negative_slope",)

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = number(type(self).__name__, negative_slope=negative_slope)


class ELU(Activation):
    r"""$x$ above 0, elsewhere $\alpha (e^x - 1)$. Shapes: any, kept."""

    operation, options = autograd.elu, ("alpha",)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("ELU", alpha=alpha)


class CELU(ELU):
    r"""$x$ above 0, elsewhere $\alpha (e^{x/\alpha} - 1)$. Shapes: any, kept."""

    operation = autograd.celu

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("CELU", "a number other than 0", alpha=alpha)


class GELU(Activation):
    r"""$x\,\Phi(x)$; `approximate="tanh"` for the formula with tanh. Shapes: any, kept."""

    operation, options = autograd.gelu, ("approximate",)

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ArgumentError(f"GELU needs approximate to be 'none' or 'tanh'; found {approximate!r}")
        self.approximate = approximate


class Softplus(Module):
    r"""$\ln(1 + e^{\beta x}) / \beta$, and $x$ itself where $\beta x$ passes the threshold.

    Derivative: $\sigma(\beta x)$, and $1$ past the threshold. Range: $(0, \infty)$. Smoothness: $C^\infty$ but at the
    threshold. Shapes: any, kept.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = number("Softplus", "a number other than 0", beta=beta)
        self.threshold = number("Softplus", threshold=threshold)

    def forward(self, x: Any) -> Any:
        """The softened rectifier of x."""
        x = operand("Softplus", x)
        scaled = self.beta * x
        return autograd.where(scaled > self.threshold, x, autograd.softplus(scaled) / self.beta)

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"beta={self.beta}, threshold={self.threshold}"


class SoftClipping(Activation):
    r"""$\frac{1}{\alpha} \ln \frac{1 + e^{\alpha x}}{1 + e^{\alpha (x - 1)}}$, within (0, 1). Shapes: any, kept."""

    operation, options = autograd.soft_clipping, ("alpha",)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("SoftClipping", "a number other than 0", alpha=alpha)


class Hardtanh(Activation):
    """x held between two bounds. Shapes: any, kept. Raises: ArgumentError for bounds the wrong way around."""

    operation, options = autograd.hardtanh, ("min_val", "max_val")

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val, self.max_val = number("Hardtanh", min_val=min_val), number("Hardtanh", max_val=max_val)
        if not self.min_val < self.max_val:
            raise ArgumentError(f"Hardtanh needs min_val below max_val; found {min_val}, {max_val}")


class Softshrink(Activation):
    r"""Towards 0 by $\lambda$, and 0 within it. Shapes: any, kept."""

    operation, options = autograd.softshrink, ("lambd",)

    def __init__(self, lambd: float = 0.5) -> None:
        self.lambd = number(type(self).__name__, lambd=lambd)


class Hardshrink(Softshrink):
    r"""x beyond $\pm\lambda$, and 0 within. Shapes: any, kept."""

    operation = autograd.hardshrink


class Threshold(Activation):
    """x above a threshold, and one value elsewhere. Shapes: any, kept."""

    operation, options = autograd.threshold, ("threshold", "value")

    def __init__(self, threshold: float, value: float) -> None:
        self.threshold, self.value = number("Threshold", threshold=threshold), number("Threshold", value=value)


class AlongAxis(Activation):
    """An activation of whole rows: each entry depends on the others along an axis."""

    options = ("axis",)

    def __init__(self, axis: int = -1, **others: Any) -> None:
        refuse(type(self).__name__, others)
        check_axes(type(self).__name__, axis=axis)
        self.axis = axis


class Softmax(AlongAxis):
    r"""Shares along an axis that add up to one, $e^{x_i} / \sum_j e^{x_j}$. Shapes: any with an axis, kept."""

    operation = autograd.softmax


class LogSoftmax(AlongAxis):
    r"""The logarithm of softmax, $x_i - \ln \sum_j e^{x_j}$. Shapes: any with an axis, kept."""

    operation = autograd.log_softmax


class Softmin(AlongAxis):
    r"""Shares that are large where x is small, $e^{-x_i} / \sum_j e^{-x_j}$. Shapes: any with an axis, kept."""

    operation = autograd.softmin


class GLU(AlongAxis):
    r"""$a\,\sigma(b)$ for the two halves along an axis. Shapes: (..., 2n, ...) -> (..., n, ...)."""

    operation = autograd.glu


class Maxout(Activation):
    """The largest of each `pieces` neighbours along the last axis. Shapes: (..., n · pieces) -> (..., n)."""

    operation, options = autograd.maxout, ("pieces",)

    def __init__(self, pieces: int) -> None:
        check_sizes("Maxout", pieces=pieces)
        self.pieces = pieces
