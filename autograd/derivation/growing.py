"""What the memo saves, and how that grows with depth: exponential against linear, as Fibonacci's numbers show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograd.adjoints import Counts
from autograd.derivation.graph import stations
from autograd.derivation.quantities import count
from autograd.errors import ArgumentError
from autograd.node import Node
from autograd.optional import pyplot

_HEAD = ("depth", "path by path", "with the memo", "fib, calls", "fib, with a table")


@dataclass(frozen=True, eq=False)
class Growth:
    """The counts of one derivative at several depths, with the calls that fib(depth) takes beside them.

    `depths` and `counts` belong together; `fib` has, for each depth, the calls of the plain recursion,
    2 F(n + 1) - 1, and of the one with a table, at most 2 n - 1. All are exact whole numbers.
    """

    depths: tuple[int, ...]
    counts: tuple[Counts, ...]

    @property
    def fib(self) -> tuple[tuple[int, int], ...]:
        """Calls of the plain recursion for Fibonacci's numbers, and of the one with a table, for each depth."""
        return tuple((2 * _fibonacci(depth + 1) - 1, max(2 * depth - 1, 1)) for depth in self.depths)

    @property
    def rows(self) -> tuple[tuple[int, int, int, int, int], ...]:
        """Depth, multiplications and additions path by path, the same with the memo, and fib's calls."""
        return tuple(
            (depth, each.path_by_path + each.paths - 1, each.multiplications + each.additions, *calls)
            for depth, each, calls in zip(self.depths, self.counts, self.fib, strict=True)
        )

    def __str__(self) -> str:
        cells = [_HEAD, *(tuple(map(count, row)) for row in self.rows)]
        wide = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return "\n".join("  ".join(map(str.rjust, row, wide)) for row in cells) + "\n"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{each}</th>" for each in _HEAD)
        body = "".join(f"<tr>{''.join(f'<td>{count(each)}</td>' for each in row)}</tr>" for row in self.rows)
        return f"<table><tr>{head}</tr>{body}</table>"

    def plot(self, axes: Any = None) -> Any:
        """The four counts over depth, on a logarithmic axis. Returns matplotlib's axes.

        Raises: MissingDependencyError without matplotlib.
        """
        if axes is None:
            axes = pyplot().figure(figsize=(7, 4)).subplots()
        columns = list(zip(*self.rows, strict=True))
        for place, (color, dash, mark) in enumerate(_LINES, start=1):
            values = [max(float(each), 1.0) for each in columns[place]]
            axes.plot(self.depths, values, color=color, linestyle=dash, marker=mark, markersize=4, label=_HEAD[place])
        axes.set_yscale("log")
        axes.set_xlabel("depth")
        axes.set_ylabel("operations, or calls")
        axes.legend(frameon=False)
        return axes


_LINES = (("#b3440b", "-", "o"), ("#0b6bb3", "-", "o"), ("#b3440b", ":", "s"), ("#0b6bb3", ":", "s"))
"""Colour, dash and mark of each line: warm without a memo, cool with one; solid for paths, dotted for fib."""


def growth(build: Callable[[int], tuple[Node, Node]], depths: Iterable[int]) -> Growth:
    """The counts of d root / d wrt for `root, wrt = build(depth)`, at each of the depths.

    Paths are counted, never walked, so depths beyond counting are no trouble. Raises: ArgumentError for no depths.

    >>> from autograd import Value
    >>> def doubled(depth):
    ...     x = y = Value(1.0)
    ...     for _ in range(depth):
    ...         y = y + y
    ...     return y, x
    >>> print(growth(doubled, [1, 2, 10]))
    depth  path by path  with the memo  fib, calls  fib, with a table
        1             1              1           1                  1
        2             7              4           3                  3
       10        10,239             28         177                 19
    <BLANKLINE>
    """
    chosen = tuple(depths)
    if not chosen:
        raise ArgumentError("growth was given no depths; give some, as range(1, 20)")
    built = [build(depth) for depth in chosen]
    return Growth(chosen, tuple(stations(root, (wrt,), ()).counts() for root, wrt in built))


def _fibonacci(n: int) -> int:
    before, now = 0, 1
    for _ in range(n):
        before, now = now, before + now
    return before
