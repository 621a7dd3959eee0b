"""Pictures of models: circles and lines for a multi-layer perceptron, blocks with their shapes for any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import ArgumentError
from autograd.drawing import Picture
from autograd.drawing import draw as draw_graph
from autograd.drawing.themes import Theme, faded
from autograd.drawing.themes import theme as colours
from nn.linear import Linear
from nn.module import Module
from nn.summary import run_on_zeros

_MOST_UNITS = 10
"""A layer of more units than this is drawn with its first and last ones, and dots between them."""

_ENDS = 4


def draw(model: Module, input_shape: Sequence[int] | None = None, *, theme: str = "light") -> Picture:
    """The textbook's picture of a model, with its shapes and the number of its parameters.

    A perceptron (affine layers one after the other, activations between them) is drawn as circles and lines: the
    colour of a line is the sign of its weight, its width the size, and it is dashed where the weight is infinite or
    NaN; layers of more than 10 units have dots. Any other model is drawn as blocks, from one run on zeros of shape
    (1, *input_shape), the shape of one sample.

    Raises: ArgumentError for what is no module, or a model whose input shape is needed and not given.

    >>> from nn import MLP, draw
    >>> draw(MLP([3, 3, 2, 1], "sigmoid", rng=0)).dot.count("shape=circle")
    9
    """
    if not isinstance(model, Module):
        raise ArgumentError(f"nn.draw takes a module; found {type(model).__name__}")
    layers = _perceptron(model)
    if layers:
        return Picture(_Circles(model, layers, colours(theme)).dot(), theme)
    if input_shape is None:
        name = type(model).__name__
        raise ArgumentError(f"nn.draw runs a {name} to see its blocks: give the input_shape of a sample")
    return _blocks(model, tuple(input_shape), theme)


def _perceptron(model: Module) -> list[Linear]:
    """The affine layers of a perceptron, in order; none if the model is something else."""
    layers = [each for each in model.modules() if isinstance(each, Linear)]
    held = {id(parameter) for each in layers for parameter in each.parameters()}
    others = any(id(parameter) not in held for parameter in model.parameters())
    fits = all(one.out_features == other.in_features for one, other in pairwise(layers))
    return layers if layers and fits and not others else []


def _blocks(model: Module, shape: tuple[int, ...], theme: str) -> Picture:
    return draw_graph(run_on_zeros(model, shape), fold="module", show=("shape",), theme=theme)


class _Circles:
    """The language of a perceptron's picture: a column of circles for each layer."""

    def __init__(self, model: Module, layers: list[Linear], theme: Theme) -> None:
        self._model = model
        self._layers = layers
        self._theme = theme
        self._sizes = [layers[0].in_features, *(layer.out_features for layer in layers)]

    def dot(self) -> str:
        """The picture: columns from left to right, each in its order from top to bottom."""
        theme, count = self._theme, self._model.count_parameters()
        title = f"{type(self._model).__name__}: {count:,} parameters. A line's colour is the sign of its weight: "
        title += f'<FONT COLOR="{theme.above}">above 0</FONT>, <FONT COLOR="{theme.below}">below</FONT>'
        lines = [
            "digraph model {",
            f'  graph [rankdir=LR, splines=line, nodesep=0.12, ranksep=1.3, bgcolor="{theme.paper}", labelloc=b,'
            f' fontname="Helvetica,Arial,sans-serif", fontsize=11, fontcolor="{theme.faint}", label=<{title}>];',
            f'  node [fixedsize=true, width=0.34, height=0.34, fontname="Helvetica,Arial,sans-serif", fontsize=10,'
            f' fontcolor="{theme.ink}", penwidth=1.2];',
            "  edge [arrowhead=none];",
        ]
        for place in range(len(self._sizes)):
            lines += self._column(place)
        for place in range(len(self._layers)):
            lines += self._weights(place)
        return "\n".join([*lines, "}", ""])

    def _shown(self, size: int) -> list[int | None]:
        """The units of a layer that are drawn, and None for the dots."""
        if size <= _MOST_UNITS:
            return list(range(size))
        return [*range(_ENDS), None, *range(size - _ENDS, size)]

    def _key(self, place: int, unit: int | None) -> str:
        return f"u{place}_{'dots' if unit is None else unit}"

    def _column(self, place: int) -> Iterator[str]:
        """The circles of a layer, held in their order by edges that are not seen."""
        last = len(self._sizes) - 1
        role = "data" if place == 0 else "root" if place == last else "result"
        fill, outline = self._theme.roles[role]
        units = self._shown(self._sizes[place])
        name = "input" if place == 0 else "output" if place == last else f"layer {place}"
        title = f'shape=plaintext, width=1.1, height=0.5, label="{name}\\n{self._sizes[place]:,}"'
        yield f"  {{ rank=same; t{place} [{title}];"
        for unit in units:
            look = f'shape=circle, label="", style=filled, fillcolor="{fill}", color="{outline}"'
            dots = f'shape=plaintext, label="⋮", fontsize=16, fontcolor="{self._theme.faint}"'
            yield f"    {self._key(place, unit)} [{dots if unit is None else look}];"
        chain = [f"t{place}", *(self._key(place, unit) for unit in units)]
        yield f"    {' -> '.join(chain)} [style=invis, weight=1]; }}"

    def _weights(self, place: int) -> Iterator[str]:
        """The lines into a layer, from every circle shown to every other."""
        weight = np.asarray(self._layers[place].weight.value, dtype=np.float64)
        largest = float(np.abs(weight[np.isfinite(weight)]).max(initial=0.0)) or 1.0
        few = max(weight.shape) <= _MOST_UNITS
        for source in self._shown(weight.shape[1]):
            for target in self._shown(weight.shape[0]):
                if source is not None and target is not None:
                    look = self._line(weight[target, source], largest, few)
                    yield f"  {self._key(place, source)} -> {self._key(place + 1, target)} [{look}];"
        yield f"  t{place} -> t{place + 1} [style=invis];"

    def _line(self, number: Any, largest: float, few: bool) -> str:
        told = f', tooltip="{float(number):.4g}"' if few else ""
        if not np.isfinite(number):
            return f'color="{self._theme.ink}", penwidth=2.00, style=dashed{told}'
        size = abs(float(number)) / largest
        color = faded(self._theme.below if number < 0 else self._theme.above, 0.25 + 0.75 * size)
        width = 0.4 + (2.6 if few else 0.8) * size
        return f'color="{color}", penwidth={width:.2f}{told}'
