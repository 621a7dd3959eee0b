"""Libraries that need not be installed: asked for when used, with the remedy where they are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from autograd.errors import MissingDependencyError


def library(name: str, remedy: str) -> Any:
    """A library, or a module of one. Raises: MissingDependencyError with the remedy, where it is not installed."""
    try:
        return import_module(name)
    except ImportError as missing:
        raise MissingDependencyError(remedy) from missing


@cache
def special_function(name: str) -> Callable[..., Any]:
    """SciPy's special function of a name, with NumPy's dtypes: Python numbers do not widen float32.

    Raises: MissingDependencyError without SciPy.
    """
    remedy = f"special.{name} needs SciPy, which is not installed; pip install 'memograd[special]'"
    function = getattr(library("scipy.special", remedy), name)

    def computed(*arguments: Any) -> Any:
        dtype, found = np.result_type(*arguments), function(*arguments)
        return found if dtype.kind not in "fc" or found.dtype == dtype else found.astype(dtype)

    return computed


def pyplot() -> Any:
    """matplotlib's pyplot. Raises: MissingDependencyError without it."""
    return library("matplotlib.pyplot", "a plot needs matplotlib, which is not installed; pip install 'memograd[plot]'")


def axes_or_new(axes: Any, width: float, height: float) -> Any:
    """The axes given, or else new ones, alone in a figure of this size in inches."""
    return pyplot().figure(figsize=(width, height), layout="constrained").subplots() if axes is None else axes
