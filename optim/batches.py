"""Mini-batches: the rows of arrays, in blocks, in order or shuffled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, ShapeError


def batch_count(rows: int, batch_size: int | None) -> int:
    """How many updates one epoch makes: 10 for 320 rows in 32s, 6 for 800 in 150s (the last of 50).

    >>> from optim import batch_count
    >>> [batch_count(320, 32), batch_count(900, 150), batch_count(800, 150), batch_count(320, None)]
    [10, 6, 6, 1]
    """
    return 1 if batch_size is None else -(-rows // _checked(batch_size))


def mini_batches(
    *arrays: Any, batch_size: int | None, rng: np.random.Generator | int | None = None, shuffle: bool = True
) -> Iterator[tuple[Any, ...]]:
    """Blocks of rows of arrays that belong together; the last is short if the size does not divide.

    `batch_size=None` gives all rows in one block, 1 one row at a time: batch and stochastic gradient descent.
    Shapes: (m, ...) each -> (batch_size, ...) each.
    Raises: ShapeError if the arrays differ in rows; DomainError for no rows, or a size below 1.

    >>> import numpy as np
    >>> from optim import mini_batches
    >>> [len(x) for x, y in mini_batches(np.zeros((8, 2)), np.zeros(8), batch_size=3)]
    [3, 3, 2]
    """
    rows = check_rows(arrays)
    size = rows if batch_size is None else _checked(batch_size)
    order = np.random.default_rng(rng).permutation(rows) if shuffle else None
    for start in range(0, rows, size):
        part = slice(start, start + size) if order is None else order[start : start + size]
        yield tuple(each[part] for each in arrays)


def _checked(batch_size: int) -> int:
    if not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise DomainError(f"batch_size is a whole number above 0, or None for all rows; found {batch_size!r}")
    return int(batch_size)


def check_rows(arrays: tuple[Any, ...]) -> int:
    """The number of rows that arrays have in common."""
    if not arrays:
        raise ArgumentError("there is nothing to take batches of; give at least one array")
    shapes = [np.shape(each) for each in arrays]
    if any(not shape for shape in shapes) or len({shape[0] for shape in shapes}) > 1:
        raise ShapeError(f"inputs and targets need one row for each sample, as many of each; found shapes {shapes}")
    if shapes[0][0] == 0:
        raise DomainError(f"there are no rows to learn from; found shapes {shapes}")
    return int(shapes[0][0])
