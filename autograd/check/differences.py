"""Central differences, and what is said of them: how far a gradient is from them, and whether a kink is near."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def norm_ratio(exact: Any, approximate: Any) -> float:
    r"""How far a gradient is from its approximation, $\|d - \tilde d\| / (\|d\| + \|\tilde d\|)$; 0 if both are."""
    total = float(np.linalg.norm(np.ravel(exact)) + np.linalg.norm(np.ravel(approximate)))
    return float(np.linalg.norm(np.ravel(exact - approximate))) / total if total else 0.0


def differences(f: Callable[[Any], float], point: Any, eps: float) -> Any:
    """The central difference of `f` in each entry; of a complex entry, in both of its parts."""
    result = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        result[index] = difference(f, point, index, eps)
        if point.dtype.kind == "c":
            result[index] += 1j * difference(f, point, index, eps, unit=1j)
    return result


def difference(f: Callable[[Any], float], point: Any, index: tuple[int, ...], eps: float, unit: complex = 1.0) -> float:
    """The central difference of `f` in one entry, moved along `unit`."""
    ends = f(moved(point, index, eps * unit)) - f(moved(point, index, -eps * unit))
    return ends / (2 * eps)


def moved(point: Any, index: tuple[int, ...], step: Any) -> Any:
    """A copy of a point with one entry moved."""
    changed = np.array(point)  # a number becomes an array, which can be written to
    changed[index] += step
    return changed


def kink(f: Callable[[Any], float], point: Any, index: tuple[int, ...], eps: float) -> str:
    """A remark, if the slopes to the left and to the right differ and do not come closer with smaller steps."""
    here = f(point)
    gaps = []
    for step in (eps, eps / 4):
        right = (f(moved(point, index, step)) - here) / step
        left = (here - f(moved(point, index, -step))) / step
        gaps.append(abs(right - left) / (abs(right) + abs(left) + 1e-12))
    near = min(gaps) > 1e-3 and gaps[1] > 0.5 * gaps[0]
    return "; a kink is near: to the left and to the right of this point the slopes differ" if near else ""
