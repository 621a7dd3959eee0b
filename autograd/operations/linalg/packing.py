"""Several results of a decomposition in one row, and out of it again."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.operations.shaping import reshape


def packed(lead: tuple[int, ...], *parts: np.ndarray) -> np.ndarray:
    """Arrays with the leading axes `lead`, the others flattened and put in a row. Plain arrays only."""
    rows = [part.reshape((*lead, int(np.prod(part.shape[len(lead) :])))) for part in parts]
    return np.concatenate(rows, axis=-1)


def unpacked(row: Any, *shapes: tuple[int, ...]) -> list[Any]:
    """The parts of a row in their shapes."""
    found, start = [], 0
    for shape in shapes:
        stop = start + int(np.prod(shape))
        found.append(reshape(row[..., start:stop], shape=(*row.shape[:-1], *shape)))
        start = stop
    return found
