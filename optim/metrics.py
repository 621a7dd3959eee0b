"""Measures of how good predictions are, beside the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ShapeError


def accuracy(output: Any, target: Any) -> float:
    """The share of rows whose largest output stands at the target's class index, between 0 and 1.

    Shapes: (m, classes) and (m,) -> (). Raises: ShapeError otherwise.

    >>> import numpy as np
    >>> from optim import accuracy
    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    output, target = np.asarray(output), np.asarray(target)
    if output.ndim != 2 or target.shape != output.shape[:1]:
        raise ShapeError(f"accuracy needs outputs (m, classes) and targets (m,); found {output.shape}, {target.shape}")
    return float(np.mean(output.argmax(axis=1) == target))
