"""The errors of models, within the engine's tree, and what is refused in every layer."""

from typing import Any

import numpy as np

from autograd import ArgumentError, AutogradError


class StateError(AutogradError, ValueError):
    """A saved state does not fit the module, or the optimizer, it is loaded into."""


class FileFormatError(AutogradError, ValueError):
    """A file is cut off, was changed, or is no model file at all."""


def check_sizes(kind: str, **sizes: Any) -> None:
    """Raise an ArgumentError, naming the layer and the argument, unless each size is a whole number above 0."""
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ArgumentError(f"{kind} needs {name} to be a whole number above 0; found {size!r}")
