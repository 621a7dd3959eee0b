"""History: what a fit measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograd.optional import library
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
        """How many updates were made."""
        self.seconds: list[float] = []
        """How long each epoch took, its validation included."""
        self.stopped = ""
        """Why the fit ended before its last epoch, if it did."""

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

    def to_frame(self) -> Any:
        """The measures as a pandas.DataFrame, one row an epoch, counted from 1.

        Raises: MissingDependencyError without pandas.
        """
        remedy = "a history as a table needs pandas, which is not installed; pip install 'memograd[frame]'"
        pandas = library("pandas", remedy)
        return pandas.DataFrame(self._columns, index=range(1, self.epochs + 1)).rename_axis("epoch")

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
