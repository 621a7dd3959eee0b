"""Curves of what a fit measured, and of schedules, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import ArgumentError, DomainError
from autograd.optional import axes_or_new
from optim.averages import EMA


def plot_history(history: Mapping[str, list[float]], axes: Any = None) -> Any:
    """Each measure over the epochs, that of validation dashed in the same colour. Returns matplotlib's axes.

    Raises: ArgumentError for an empty history; MissingDependencyError without matplotlib.
    """
    if not history:
        raise ArgumentError("there is nothing to plot: the history is empty")
    names = [name for name in history if not name.startswith("val_")]
    axes = axes_or_new(axes, 6, 3.4)
    for place, name in enumerate(names):
        for key, dash, label in ((name, "-", name), (f"val_{name}", "--", f"{name}, validation")):
            if key in history:
                epochs = range(1, len(history[key]) + 1)
                axes.plot(epochs, history[key], dash, color=f"C{place}", label=label)
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False)
    return axes


def plot_schedule(schedule: Callable[[int], float], steps: int, axes: Any = None) -> Any:
    """A schedule over its first `steps` steps; called again with the same axes, beside others. Returns the axes.

    Raises: DomainError for less than one step; MissingDependencyError without matplotlib.
    """
    if steps < 1:
        raise DomainError(f"a schedule is plotted over 1 step or more; found {steps}")
    axes = axes_or_new(axes, 6.4, 4.2)
    factors = [schedule(t) for t in range(steps)]
    axes.plot(range(steps), factors, drawstyle="steps-post", label=getattr(schedule, "__name__", repr(schedule)))
    axes.set(xlabel="step", ylabel="factor on the learning rate")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    return axes


def plot_ema(series: Sequence[float], betas: Sequence[float] = (0.9, 0.98), axes: Any = None) -> Any:
    r"""A noisy series and its exponentially weighted averages: the larger $\beta$, the smoother and the later.

    Dotted is each without bias correction, which starts from 0. Returns matplotlib's axes.
    Raises: ArgumentError for an empty series; MissingDependencyError without matplotlib.
    """
    if not len(series):
        raise ArgumentError("there is nothing to average: the series is empty")
    axes = axes_or_new(axes, 7, 3.8)
    axes.plot(series, ".", color="0.7", markersize=4, label="values")
    for place, beta in enumerate(betas):
        for corrected, dash in ((True, "-"), (False, ":")):
            average = EMA(beta, bias_correction=corrected)
            label = f"β = {beta}: about {round(1 / (1 - beta))} values" if corrected else "without bias correction"
            axes.plot([average.update(x) for x in series], dash, color=f"C{place}", label=label)
    axes.set_xlabel("step")
    axes.legend(frameon=False, fontsize=8)
    return axes
