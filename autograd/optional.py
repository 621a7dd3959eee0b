"""Functions of libraries that need not be installed: asked for when used, with the remedy where they are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograd.errors import MissingDependencyError


@cache
def special_function(name: str) -> Callable[..., Any]:
    """SciPy's special function of a name, with NumPy's dtypes: Python numbers do not widen float32.

    Raises: MissingDependencyError without SciPy.
    """
    try:
        from scipy import special
    except ImportError as missing:
        raise MissingDependencyError(
            f"special.{name} needs SciPy, which is not installed; pip install 'memograd[special]'"
        ) from missing
    function = getattr(special, name)

    def computed(*arguments: Any) -> Any:
        dtype, found = np.result_type(*arguments), function(*arguments)
        return found if dtype.kind not in "fc" or found.dtype == dtype else found.astype(dtype)

    return computed
