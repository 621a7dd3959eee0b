"""The multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import ArgumentError
from nn import init
from nn.activation import BY_NAME
from nn.container import ModuleList
from nn.linear import Linear
from nn.module import Module


class MLP(Module):
    """Affine layers with an activation between them: `MLP([3, 3, 2, 1])` has inputs 3, layers 3, 2 and 1.

    `activation` follows every layer but the last, `output` that one (None: nothing); both by name or as a module.
    Shapes: (..., sizes[0]) -> (..., sizes[-1]).
    Raises: ArgumentError for fewer than two sizes, or an unknown activation.

    >>> from nn import MLP
    >>> MLP([3, 3, 2, 1], "sigmoid").count_parameters()
    23
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Module = "relu",
        *,
        output: str | Module | None = None,
        dtype: Any = np.float64,
        rng: init.Rng = None,
    ) -> None:
        if len(sizes) < 2:
            raise ArgumentError(f"an MLP needs the number of inputs and of outputs at least; found sizes={sizes!r}")
        source = init.generator(rng)
        self.sizes = tuple(sizes)
        self.layers = ModuleList(Linear(wide, wider, dtype=dtype, rng=source) for wide, wider in pairwise(sizes))
        self.activation = _activation(activation)
        self.output = None if output is None else _activation(output)

    def forward(self, x: Any) -> Any:
        """The outputs of the last layer."""
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        x = last(x)
        return x if self.output is None else self.output(x)


def _activation(chosen: str | Module) -> Module:
    if isinstance(chosen, Module):
        return chosen
    if chosen not in BY_NAME:
        raise ArgumentError(f"there is no activation {chosen!r}; choose one of {', '.join(BY_NAME)}, or give a module")
    return BY_NAME[chosen]()
