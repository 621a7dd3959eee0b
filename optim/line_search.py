"""A line search for the strong Wolfe conditions: a step that is low enough, and where the slope has become small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LOW_ENOUGH, FLAT_ENOUGH = 1e-4, 0.9
"""The two constants of the conditions: c1 of the decrease, c2 of the slope."""


@dataclass(frozen=True)
class Point:
    """Where a step t along the direction leads: the loss, its gradient, and its slope along the direction."""

    t: Any
    loss: float
    gradient: Any
    slope: Any


Bracket = list[Point]
"""One point that is found, or two with a good one between them."""


def strong_wolfe(along: Callable[[Any], Point], start: Point, t: Any, *, limit: int, least: Any) -> tuple[Point, int]:
    r"""A point with $f(t) \le f(0) + c_1 t f'(0)$ and $|f'(t)| \le c_2 |f'(0)|$, and how often `along` was asked.

    At most `limit` times beside the first, and until the bracket is shorter than `least`: then the lowest there is.
    Source: Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6; the same numbers as torch.optim.LBFGS.
    """
    bracket, tries = _bracketed(along, start, t, limit)
    low, tries = _zoomed(along, start, bracket, tries, limit, least)
    return low, tries + 1


def _bracketed(along: Callable[[Any], Point], start: Point, t: Any, limit: int) -> tuple[Bracket, int]:
    """Longer and longer steps, until a good point is met or has been passed."""
    before, new = start, along(t)
    for tries in range(limit):
        if _too_high(new, start) or (tries > 1 and new.loss >= before.loss):
            return [before, new], tries
        if _flat(new, start):
            return [new], tries
        if new.slope >= 0:
            return [before, new], tries
        longer = new.t + 0.01 * (new.t - before.t), new.t * 10
        before, new = new, along(cubic_minimum(before, new, longer))
    return [start, new], max(limit, 0)


def _zoomed(
    along: Callable[[Any], Point], start: Point, bracket: Bracket, tries: int, limit: int, least: Any
) -> tuple[Point, int]:
    """The bracket made smaller, its lower end kept, until that is a good point."""
    if len(bracket) == 1:
        return bracket[0], tries
    low = 0 if bracket[0].loss <= bracket[1].loss else 1
    hesitant, found = False, False
    while not found and tries < limit and abs(bracket[1].t - bracket[0].t) >= least:
        t, hesitant = _within(bracket, hesitant)
        new = along(t)
        tries += 1
        if _too_high(new, start) or new.loss >= bracket[low].loss:
            bracket[1 - low] = new
            low = 0 if bracket[0].loss <= bracket[1].loss else 1
            continue
        found = _flat(new, start)
        if not found and new.slope * (bracket[1 - low].t - bracket[low].t) >= 0:
            bracket[1 - low] = bracket[low]
        bracket[low] = new
    return bracket[low], tries


def _within(bracket: Bracket, hesitant: bool) -> tuple[Any, bool]:
    """Where to look next, and whether it is close to an end: not twice in a row, then a tenth away from it."""
    ends = sorted(point.t for point in bracket)
    t = cubic_minimum(bracket[0], bracket[1], (ends[0], ends[1]))
    margin = 0.1 * (ends[1] - ends[0])
    if min(ends[1] - t, t - ends[0]) >= margin:
        return t, False
    if not hesitant and ends[0] < t < ends[1]:
        return t, True
    return ends[1] - margin if abs(t - ends[1]) < abs(t - ends[0]) else ends[0] + margin, False


def cubic_minimum(one: Point, other: Point, bounds: tuple[Any, Any]) -> Any:
    """The minimum within bounds of the cubic with these losses and slopes; the middle where it has none.

    >>> cubic_minimum(Point(0.0, 1.0, None, -2.0), Point(2.0, 1.0, None, 2.0), (0.0, 2.0))
    1.0
    """
    one, other = (one, other) if one.t <= other.t else (other, one)
    d1 = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.t - other.t)
    square = d1**2 - one.slope * other.slope
    if not square >= 0:
        return (bounds[0] + bounds[1]) / 2.0
    d2 = square**0.5
    t = other.t - (other.t - one.t) * ((other.slope + d2 - d1) / (other.slope - one.slope + 2 * d2))
    return min(max(t, bounds[0]), bounds[1])


def _too_high(new: Point, start: Point) -> bool:
    return bool(new.loss > start.loss + LOW_ENOUGH * new.t * start.slope)


def _flat(new: Point, start: Point) -> bool:
    return bool(abs(new.slope) <= -FLAT_ENOUGH * start.slope)
