"""Mini-batches: the rows of arrays, in blocks, in order or shuffled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
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

    `batch_size=None` gives all rows in one block, as they are, and 1 one row at a time: batch and stochastic gradient
    descent. Only the rows of a block are read when it is asked for.
    Shapes: (m, ...) each -> (batch_size, ...) each.
    Raises: ShapeError if the arrays differ in rows; DomainError for no rows, or a size below 1.

    >>> import numpy as np
    >>> from optim import mini_batches
    >>> [len(x) for x, y in mini_batches(np.zeros((8, 2)), np.zeros(8), batch_size=3)]
    [3, 3, 2]
    """
    arrays = tuple(map(_array, arrays))
    rows = check_rows(arrays)
    size = rows if batch_size is None else _checked(batch_size)
    order = np.random.default_rng(rng).permutation(rows) if shuffle and size < rows else None
    for start in range(0, rows, size):
        part = slice(start, start + size) if order is None else order[start : start + size]
        yield tuple([each[part] for each in arrays])


def _checked(batch_size: int) -> int:
    if not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise DomainError(f"batch_size is a whole number above 0, or None for all rows; found {batch_size!r}")
    return int(batch_size)


def _array(given: Any) -> Any:
    """Lists as arrays; all else as it is, since it may be larger than the memory. Raises: ArgumentError for a dict."""
    if isinstance(given, Mapping):
        raise ArgumentError(_ONE.format(found="a dict"))
    if not isinstance(given, list | tuple):
        return given
    try:
        return np.asarray(given)
    except ValueError:
        raise ArgumentError(
            f"{_ONE.format(found=f'a {type(given).__name__} of unlike ones')}. "
            f"Several batches are a list of tuples (inputs, targets)"
        ) from None


def check_rows(arrays: tuple[Any, ...]) -> int:
    """The number of rows that arrays have in common."""
    if not arrays:
        raise ArgumentError("there is nothing to take batches of; give at least one array")
    shapes = [np.shape(each) for each in arrays]
    if any(not shape for shape in shapes) or len({shape[0] for shape in shapes}) > 1:
        raise ShapeError(
            f"inputs and targets are one array each, with one row for each sample, as many of each; "
            f"found shapes {shapes}"
        )
    if shapes[0][0] == 0:
        raise DomainError(f"there are no rows to learn from; found shapes {shapes}")
    return int(shapes[0][0])


class Batches:
    """The data of a fit, as `fit` takes them: to be iterated over once an epoch, in batches with floats in a dtype.

    Raises: ArgumentError for data that are neither a pair of arrays nor an iterable of pairs, or end after one epoch
    where there are more; DomainError for a `batch_size` that is none.
    """

    def __init__(
        self, name: str, data: Any, dtype: Any, *, batch_size: int | None, rng: Any, shuffle: bool, again: bool
    ) -> None:
        if isinstance(data, np.ndarray | str | Mapping) or not isinstance(data, Iterable):
            raise ArgumentError(_WANTED.format(name=name, found=type(data).__name__))
        if again and isinstance(data, Iterator):
            raise ArgumentError(f"{name} ends after one epoch, being an iterator; give a list, or what has __iter__")
        self.name, self.dtype, self.batch_size = name, dtype, batch_size
        self.rng, self.shuffle = np.random.default_rng(rng), shuffle
        self.data: Any = data
        if isinstance(data, tuple):
            self.data = self._pair(data)
            batch_count(check_rows(self.data), batch_size)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return map(self._cast, self._blocks())

    def _blocks(self) -> Iterable[Any]:
        if isinstance(self.data, tuple):
            return mini_batches(*self.data, batch_size=self.batch_size, rng=self.rng, shuffle=self.shuffle)
        if isinstance(self.data, Sequence) and self.shuffle:
            return (self.data[i] for i in self.rng.permutation(len(self.data)).tolist())
        batches: Iterable[Any] = self.data
        return batches

    @property
    def count(self) -> int | None:
        """How many batches an epoch has; None if that cannot be known."""
        if isinstance(self.data, tuple):
            return batch_count(len(self.data[0]), self.batch_size)
        return len(self.data) if isinstance(self.data, Sized) else None

    def _pair(self, batch: Any) -> tuple[Any, ...]:
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            found = f"{type(batch).__name__} {f'of {len(batch)}' if isinstance(batch, tuple | list) else 'in it'}"
            raise ArgumentError(_WANTED.format(name=self.name, found=found))
        return tuple(map(_array, batch))

    def _cast(self, batch: Any) -> tuple[Any, Any]:
        if not isinstance(self.data, tuple):  # blocks of a pair were checked with it
            batch = self._pair(batch)
            check_rows(batch)
        x, y = batch
        return _floats(np.asarray(x), self.dtype), _floats(np.asarray(y), self.dtype)


_ONE = (
    "inputs and targets are one array each, with rows of one shape; found {found}: "
    "several inputs stand side by side in one array, which the model takes apart"
)
_WANTED = "{name} is a tuple (inputs, targets) of arrays, or an iterable of such tuples, one a batch; found a {found}"


def _floats(array: Any, dtype: Any) -> Any:
    return array.astype(dtype, copy=False) if array.dtype.kind == "f" else array
