"""History: what a fit measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from optim.curves import plot_history


class History(Mapping[str, list[float]]):
    """Lists of numbers by name, one entry an epoch: `loss`, each metric, and `val_...` of both.

    >>> from optim import History
    >>> history = History()
    >>> history.append({"loss": 0.5}); history.append({"loss": 0.25})
    >>> history["loss"], history.last["loss"], history.epochs
    ([0.5, 0.25], 0.25, 2)
    """

    def __init__(self) -> None:
        self._columns: dict[str, list[float]] = {}
        self.updates = 0

    def append(self, measured: Mapping[str, float]) -> None:
        """Add the measurements of one epoch."""
        for name, value in measured.items():
            self._columns.setdefault(name, []).append(float(value))

    @property
    def epochs(self) -> int:
        """How many epochs were measured."""
        return max(map(len, self._columns.values()), default=0)

    @property
    def last(self) -> dict[str, float]:
        """The measurements of the last epoch."""
        return {name: column[-1] for name, column in self._columns.items()}

    def plot(self, axes: Any = None) -> Any:
        """Each measure over the epochs. Returns matplotlib's axes. Raises: ArgumentError for an empty history."""
        return plot_history(self, axes)

    def __getitem__(self, name: str) -> list[float]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={value:.4g}" for name, value in self.last.items())
        return f"History({self.epochs} epochs, {self.updates} updates; last: {last or 'nothing'})"
