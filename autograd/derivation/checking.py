"""The last part of a derivation: the same derivative from two values of the function, without any rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.derivation.document import Equation, Section, equation
from autograd.derivation.expression import partial
from autograd.derivation.labels import Labels
from autograd.derivation.manner import Manner
from autograd.derivation.part import Part
from autograd.derivation.quantities import number
from autograd.derivation.replay import as_read, replayed
from autograd.node import Node
from autograd.notation import Formula

_HARDLY_ANY = 1e-6
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
    start = np.asarray(as_read(nodes)[wrt])
    direction = _direction(start.shape, entry)
    step = _STEP * max(1.0, float(np.max(np.abs(start * (direction != 0)), initial=0.0)))
    ahead, behind = (_along(nodes, wrt, (sign * step * direction)[()]) for sign in (1, -1))
    along = derivative if entry is not None else np.sum(derivative * direction)
    return Comparison(symbol, float(np.real(along)), (ahead - behind) / (2 * step), step, direction)


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


def check(comparisons: Sequence[Comparison], labels: Labels, manner: Manner) -> Part[Comparison]:
    """Each derivative beside its central difference."""
    caption = "The same from two values of the function, without any rule: (L(x + h) - L(x - h)) / 2h."
    root = labels.symbols[labels.nodes[-1]]
    lines = [_compared(each, partial(root, each.wrt), labels) for each in comparisons]
    return Part(tuple(comparisons), Section("Check", caption, tuple(lines) if manner.numbers else ()))


def _compared(found: Comparison, symbol: Formula, labels: Labels) -> Equation:
    one = np.count_nonzero(found.direction) <= 1
    along = "" if one else "along D, a random direction of length 1; "
    said = f"{along}derivative {number(found.derivative, labels.digits).formula.text}, {_apart(found)}"
    shown = replace(number(found.difference, labels.digits), exact=False)
    return equation("", symbol if one else _product(symbol), shown, note=said)


def _apart(found: Comparison) -> str:
    """The relative error; the absolute one where there is hardly a derivative to be relative to."""
    if max(abs(found.derivative), abs(found.difference)) < _HARDLY_ANY:
        return f"{number(abs(found.difference - found.derivative), 2).formula.text} apart"
    return f"relative error {number(found.error, 2).formula.text}"


def _product(symbol: Formula) -> Formula:
    """The inner product with D of the derivative by an array."""
    return Formula(rf"\left\langle {symbol.latex}, D\right\rangle ", f"⟨{symbol.text}, D⟩")
