"""The picture of an activation: its value and its derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ArgumentError, Tensor, sweep
from autograd.optional import axes_or_new
from nn.activation import AlongAxis
from nn.learned import activation_named
from nn.module import Module
from nn.summary import evaluating

_VALUE, _SLOPE = "#0b5e9c", "#c4520c"


def plot_activation(activation: str | Module, axes: Any = None, *, low: float = -4.0, high: float = 4.0) -> Any:
    """Value and derivative of an activation between two numbers, the derivative by the engine. Returns the axes.

    `activation` is a name, as `nn.MLP` takes it, or a module. A line is broken where the function jumps.
    Raises: ArgumentError for an unknown name, or for one of whole rows; MissingDependencyError without matplotlib.
    """
    module = activation if isinstance(activation, Module) else activation_named(activation, rng=0)
    x = np.linspace(low, high, 801)
    value, slope = _value_and_slope(module, x)
    axes = axes_or_new(axes, 4, 3)
    axes.axhline(0, color="#999", linewidth=0.6)
    axes.axvline(0, color="#999", linewidth=0.6)
    axes.plot(x, _broken(value), color=_VALUE, linewidth=2, label="value")
    axes.plot(x, _broken(slope), color=_SLOPE, linewidth=1.5, linestyle="--", label="derivative")
    axes.set_title(activation if isinstance(activation, str) else type(activation).__name__)
    axes.set_xlim(low, high)
    axes.legend(frameon=False, fontsize=8)
    return axes


def _value_and_slope(module: Module, x: Any) -> tuple[Any, Any]:
    """Of each number by itself: a row of its own, so that nothing but an element-wise function gives as many."""
    leaf = Tensor(x[:, None], requires_grad=True)
    leaf.rebinds = True  # as data do
    with evaluating(module):
        out = module(leaf)
    if isinstance(module, AlongAxis) or out.shape != leaf.shape:
        raise ArgumentError(f"{type(module).__name__} acts on whole rows: it has no curve over one number")
    return out.numpy()[:, 0], sweep((out * 1.0).sum())[leaf][:, 0]  # backward() would leave gradients in the module


def _broken(y: Any) -> Any:
    """NaN, which is not drawn, in the place of the steepest of steps that a jump makes."""
    steps = np.abs(np.diff(y, append=y[-1]))
    return np.where(steps > 0.04 * max(np.ptp(y), 1e-9), np.nan, y)
