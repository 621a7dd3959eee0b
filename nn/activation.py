"""Activations as modules; each is the operation of the same name."""

from __future__ import annotations

from typing import Any

from autograd import relu, sigmoid, softmax, tanh
from nn.module import Module


class Identity(Module):
    """The input itself. Shapes: any, kept."""

    def forward(self, x: Any) -> Any:
        """x."""
        return x


class ReLU(Module):
    r"""Rectifier, $\max(x, 0)$. Shapes: any, kept."""

    def forward(self, x: Any) -> Any:
        """relu(x)."""
        return relu(x)


class Tanh(Module):
    """Hyperbolic tangent. Shapes: any, kept."""

    def forward(self, x: Any) -> Any:
        """tanh(x)."""
        return tanh(x)


class Sigmoid(Module):
    r"""Logistic function, $1 / (1 + e^{-x})$. Shapes: any, kept."""

    def forward(self, x: Any) -> Any:
        """sigmoid(x)."""
        return sigmoid(x)


class Softmax(Module):
    """Shares along an axis that add up to one. Shapes: any, kept."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        """softmax(x)."""
        return softmax(x, axis=self.axis)

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"axis={self.axis}"


BY_NAME: dict[str, type[Module]] = {
    "identity": Identity,
    "linear": Identity,
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "softmax": Softmax,
    "tanh": Tanh,
}
"""The activations that a model may be asked for by name."""
