"""Curves of what a fit measured, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd import ArgumentError, MissingDependencyError


def plot_history(history: Mapping[str, list[float]], axes: Any = None) -> Any:
    """Each measure over the epochs, that of validation dashed in the same colour. Returns matplotlib's axes.

    Raises: ArgumentError for an empty history; MissingDependencyError without matplotlib.
    """
    if not history:
        raise ArgumentError("there is nothing to plot: the history is empty")
    names = [name for name in history if not name.startswith("val_")]
    if axes is None:
        axes = pyplot().figure(figsize=(6, 3.4), layout="constrained").subplots()
    for place, name in enumerate(names):
        for key, dash, label in ((name, "-", name), (f"val_{name}", "--", f"{name}, validation")):
            if key in history:
                epochs = range(1, len(history[key]) + 1)
                axes.plot(epochs, history[key], dash, color=f"C{place}", label=label)
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False)
    return axes


def pyplot() -> Any:
    """matplotlib's pyplot. Raises: MissingDependencyError without it."""
    try:
        from matplotlib import pyplot as found
    except ImportError as missing:
        raise MissingDependencyError(
            "a picture of training needs matplotlib, which is not installed; pip install 'memograd[plot]'"
        ) from missing
    return found
