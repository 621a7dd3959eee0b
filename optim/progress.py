"""The progress of a fit: a bar by tqdm, and means over the rows seen so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.optional import library


class Means:
    """Means over blocks of rows, each counted by its size."""

    def __init__(self) -> None:
        self._rows = 0
        self._sums: dict[str, float] = {}

    def add(self, rows: int, measured: Mapping[str, float]) -> None:
        """Take in what was measured on some rows."""
        self._rows += rows
        for name, value in measured.items():
            self._sums[name] = self._sums.get(name, 0.0) + rows * value

    def means(self) -> dict[str, float]:
        """The mean over all rows of each measure."""
        return {name: total / self._rows for name, total in self._sums.items()}


class Bar:
    """A progress bar over the updates of a fit, if wanted; without an end where an epoch's batches are not known."""

    def __init__(self, epochs: int, batches: int | None, accumulate: int, wanted: bool) -> None:
        total = None if batches is None else epochs * -(-batches // accumulate)
        self._bar = _tqdm(total) if wanted else None

    def advance(self, seen: Means) -> None:
        """One update is done."""
        if self._bar is not None:
            self.show(seen.means())
            self._bar.update()

    def show(self, measured: Mapping[str, float]) -> None:
        """Show other numbers."""
        if self._bar is not None:
            self._bar.set_postfix({name: f"{value:.4f}" for name, value in measured.items()}, refresh=False)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def _tqdm(total: int | None) -> Any:
    remedy = "fit shows its progress with tqdm, which is not installed: pip install 'memograd[progress]', "
    return library("tqdm.auto", remedy + "or say progress=False").tqdm(total=total, unit="update")
