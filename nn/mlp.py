"""The multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import ArgumentError
from nn.container import ModuleList
from nn.dropout import Dropout
from nn.init import BY_NAME as START_VALUES
from nn.init import Initializer, Rng, generator, start
from nn.learned import activation_named
from nn.linear import Linear
from nn.module import Module
from nn.normalization import BatchNorm1d, LayerNorm, RMSNorm

_NORMS: dict[str, Callable[..., Module]] = {"batch": BatchNorm1d, "layer": LayerNorm, "rms": RMSNorm}


class MLP(Module):
    """Affine layers with an activation between them: `MLP([3, 3, 2, 1])` has inputs 3, layers 3, 2 and 1.

    `activation` follows every layer but the last, `output` that one (None: nothing); both by name or as a module, of
    which a learned one is shared by the layers. Each hidden layer is affine, then normalized if `norm` is "batch" (its
    bias is left out: that of the normalization takes its place), "layer" or "rms", then activated, then dropped out of
    with probability `dropout`: one for all, or one for each hidden layer. `residual` adds the input of each hidden
    layer that keeps its width. `init` gives the weights' start values, by name or as a function `(rng, shape, dtype)`,
    with biases of 0; None is PyTorch's, uniform on 1/√inputs.
    Shapes: (..., sizes[0]) -> (..., sizes[-1]); with norm="batch" (N, sizes[0]).
    Raises: ArgumentError for fewer than two sizes, names that are unknown, or options for hidden layers without any;
    ShapeError for start values of another shape.

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
        norm: str | None = None,
        dropout: float | Sequence[float] = 0.0,
        residual: bool = False,
        init: str | Initializer | None = None,
        dtype: Any = np.float64,
        rng: Rng = None,
    ) -> None:
        if len(sizes) < 2:
            raise ArgumentError(f"an MLP needs the number of inputs and of outputs at least; found sizes={sizes!r}")
        _check_hidden(sizes, norm=norm, dropout=dropout, residual=residual)
        source, hidden = generator(rng), list(pairwise(sizes))[:-1]
        self.sizes, self.residual = tuple(sizes), residual
        if residual and not any(inputs == outputs for inputs, outputs in hidden):
            raise ArgumentError(f"residual=True needs a hidden layer that keeps its width; found sizes={sizes!r}")
        affine = [Linear(*each, bias=norm != "batch", dtype=dtype, rng=source) for each in hidden]
        self.layers = ModuleList([*affine, Linear(sizes[-2], sizes[-1], dtype=dtype, rng=source)])
        made = None if norm is None else _named(norm, _NORMS, "normalization")
        self.norms = None if made is None else ModuleList(made(outputs, dtype=dtype) for _, outputs in hidden)
        self.activation = _activation(activation, dtype, source)
        rates = _rates(dropout, len(hidden))
        self.dropouts = ModuleList(Dropout(rate, rng=source) for rate in rates) if any(rates) else None
        self.output = None if output is None else _activation(output, dtype, source)
        if init is not None:
            self._start(_named(init, START_VALUES, "initialization") if isinstance(init, str) else init, source)

    def _start(self, values: Initializer, source: np.random.Generator) -> None:
        """Give the weights other start values, and the biases 0."""
        for layer in self.layers:
            layer.weight.assign(start(values, source, layer.weight.shape, layer.weight.dtype))
            if layer.bias is not None:
                layer.bias.assign(np.zeros(layer.bias.shape, layer.bias.dtype))

    def forward(self, x: Any) -> Any:
        """The outputs of the last layer."""
        for place in range(len(self.layers) - 1):
            made = self._hidden(place, x)
            x = x + made if self.residual and self.sizes[place] == self.sizes[place + 1] else made
        x = self.layers[-1](x)
        return x if self.output is None else self.output(x)

    def _hidden(self, place: int, x: Any) -> Any:
        x = self.layers[place](x)
        if self.norms is not None:
            x = self.norms[place](x)
        x = self.activation(x)
        return x if self.dropouts is None else self.dropouts[place](x)


def _activation(chosen: str | Module, dtype: Any, source: np.random.Generator) -> Module:
    return chosen if isinstance(chosen, Module) else activation_named(chosen, dtype, source)


def _named(name: str, table: Mapping[str, Any], what: str) -> Any:
    if name not in table:
        raise ArgumentError(f"there is no {what} {name!r}; choose one of {', '.join(table)}")
    return table[name]


def _check_hidden(sizes: Sequence[int], **options: Any) -> None:
    asked = [name for name, each in options.items() if np.any(each)]
    if len(sizes) == 2 and asked:
        raise ArgumentError(
            f"{' and '.join(asked)} would act on hidden layers, and sizes={sizes!r} has none: "
            f"leave it out, or name a size between inputs and outputs"
        )


def _rates(dropout: Any, hidden: int) -> list[float]:
    rates = list(dropout) if isinstance(dropout, Sequence) or np.ndim(dropout) else [dropout] * hidden
    if len(rates) != hidden:
        raise ArgumentError(f"dropout is one probability, or one for each of {hidden} hidden layers; found {dropout!r}")
    return rates
