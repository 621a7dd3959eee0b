"""The last part of a derivation: the same derivative from two values of the function, without any rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.derivation.replay import replayed
from autograd.node import Node
from autograd.notation import Formula

_STEP = float(np.cbrt(np.finfo(np.float64).eps))


@dataclass(frozen=True, eq=False)
class Comparison:
    """A derivative beside its central difference, (f(x + h) - f(x - h)) / 2h.

    Of an array it is the derivative along `direction`, a random one of length 1: one number that every entry has a
    part in. `error` is |difference - derivative| / max(|difference|, |derivative|), and 0 if both are 0.
    """

    wrt: Formula
    derivative: float
    difference: float
    step: float
    direction: Any

    @property
    def error(self) -> float:
        """The relative error."""
        larger = max(abs(self.derivative), abs(self.difference))
        return abs(self.difference - self.derivative) / larger if larger else 0.0


def compared(nodes: Sequence[Node], wrt: Node, derivative: Any, entry: int | None, symbol: Formula) -> Comparison:
    """The derivative of the last of `nodes` by `wrt`, or by one `entry` of it, beside its central difference."""
    start = np.asarray(_read(nodes, wrt))
    direction = _direction(start.shape, entry)
    step = _STEP * max(1.0, float(np.max(np.abs(start * (direction != 0)), initial=0.0)))
    ahead, behind = (_along(nodes, wrt, (sign * step * direction)[()]) for sign in (1, -1))
    along = derivative if entry is not None else np.sum(derivative * direction)
    return Comparison(symbol, float(np.real(along)), (ahead - behind) / (2 * step), step, direction)


def _read(nodes: Sequence[Node], wrt: Node) -> Any:
    """What was read of a node, also if it has been given another value since."""
    if wrt.operation is not None:
        return wrt.value
    reads = (zip(step.inputs, step.reads, strict=True) for step in nodes)
    return next((read for each in reads for source, read in each if source is wrt), wrt.value)


def _direction(shape: tuple[int, ...], entry: int | None) -> Any:
    if entry is not None or int(np.prod(shape)) == 1:
        direction = np.zeros(shape)
        direction.flat[entry or 0] = 1.0
        return direction
    drawn = np.random.default_rng(0).normal(size=shape)
    return drawn / np.linalg.norm(drawn)


def _along(nodes: Sequence[Node], wrt: Node, change: Any) -> float:
    root = nodes[-1]
    found = change + root.value if wrt is root else replayed(nodes, {wrt: change})[root]
    return float(np.real(np.asarray(found).reshape(())))
