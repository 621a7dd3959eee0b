"""Several results of a decomposition in one row, and out of it again."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.operations.shaping import reshape


def packed(*parts: np.ndarray) -> np.ndarray:
    """Arrays with the same leading axes flattened and put in a row, for each of their matrices. Plain arrays only."""
    stacks = np.broadcast_shapes(*[part.shape[:-2] for part in parts if part.ndim > 1])
    lead = stacks if parts[0].ndim > 1 else parts[0].shape[:-1]
    return np.concatenate([part.reshape((*lead, -1)) for part in parts], axis=-1)


def unpacked(row: Any, *shapes: tuple[int, ...]) -> list[Any]:
    """The parts of a row in their shapes."""
    found, start = [], 0
    for shape in shapes:
        stop = start + int(np.prod(shape))
        found.append(reshape(row[..., start:stop], shape=(*row.shape[:-1], *shape)))
        start = stop
    return found
