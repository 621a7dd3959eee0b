"""Powers, products and exponentials of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import example
from autograd.errors import ArgumentError, ShapeError
from autograd.node import values_of
from autograd.operations.linalg.inverse import inv
from autograd.operations.linalg.solving import solve_columns
from autograd.operations.piecewise import where
from autograd.operations.products import matmul
from autograd.operations.samples import GAUSSIAN, M23, M34, SQUARE, STACKED, V3
from autograd.operations.shaping import operand

# fmt: off
__all__ = [
    "expm", "matrix_power", "multi_dot",
]
# fmt: on


@composite(example(SQUARE, 3), example(STACKED, 2), example(SQUARE, -2), example(SQUARE, 1), example(GAUSSIAN, 5))
def matrix_power(a, n):
    """A square matrix to a whole power, by repeated squaring; a negative one is that of the inverse.

    Shapes: (..., n, n), kept. Raises: ArgumentError for a power that is not whole.
    """
    if n != int(n):
        raise ArgumentError(f"matrix_power takes whole powers; found {n}. expm and eigh serve for others")
    if n == 0:
        return where(False, a, np.eye(a.shape[-1], dtype=a.dtype))
    a, n, result = (inv(a), -n, None) if n < 0 else (a, n, None)
    while n:
        if n & 1:
            result = a if result is None else matmul(result, a)
        n >>= 1
        a = matmul(a, a) if n else a
    return result


@composite(example([M23, M34]), example([V3[:2], M23, M34]), example([M23, M34, M34.T, V3]))
def multi_dot(arrays):
    """A product of several matrices in the order that takes the fewest multiplications.

    Shapes: (n0, n1), (n1, n2), ... -> (n0, nk); the first and the last may be vectors.
    """
    if len(arrays) < 2:
        raise ShapeError(f"multi_dot takes at least two arrays; found {len(arrays)}")
    first, last = np.ndim(arrays[0]) == 1, np.ndim(arrays[-1]) == 1
    matrices: list[Any] = [operand(each) for each in arrays]
    matrices[0] = matrices[0][None, :] if first else matrices[0]
    matrices[-1] = matrices[-1][:, None] if last else matrices[-1]
    found = _in_order(matrices, _splits([*[each.shape[0] for each in matrices], matrices[-1].shape[1]]), 0, len(arrays))
    return found[0 if first else slice(None), 0 if last else slice(None)]


def _splits(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Where to split each run of matrices, by dynamic programming. Source: Cormen and others, chapter 15.2."""
    count = len(sizes) - 1
    costs, splits = {(i, i + 1): 0 for i in range(count)}, {}
    for width in range(2, count + 1):
        for i in range(count - width + 1):
            j = i + width
            ways = {k: costs[i, k] + costs[k, j] + sizes[i] * sizes[k] * sizes[j] for k in range(i + 1, j)}
            splits[i, j] = min(ways, key=ways.__getitem__)
            costs[i, j] = ways[splits[i, j]]
    return splits


def _in_order(matrices: list[Any], splits: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if j - i == 1:
        return matrices[i]
    k = splits[i, j]
    return matmul(_in_order(matrices, splits, i, k), _in_order(matrices, splits, k, j))


_PADE: tuple[int, ...] = (
    64764752532480000,
    32382376266240000,
    7771770303897600,
    1187353796428800,
    129060195264000,
    10559470521600,
)
_PADE += (670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1)
"""The coefficients of Padé's approximation of order 13. Source: Higham 2005."""


@composite(example(SQUARE), example(STACKED), example(GAUSSIAN), example(SQUARE * 9))
def expm(a):
    """Matrix exponential, $\\sum_k a^k / k!$, by scaling and squaring. Shapes: (..., n, n), kept.

    Source: Higham, The scaling and squaring method for the matrix exponential revisited, 2005.
    """
    size = np.abs(values_of(a)).sum(axis=-2).max(initial=0.0)
    squarings = max(0, int(np.ceil(np.log2(size / 5.37)))) if size else 0
    a = a / 2**squarings
    unit = np.eye(a.shape[-1], dtype=a.dtype)
    second = matmul(a, a)
    fourth = matmul(second, second)
    powers = [unit, second, fourth, matmul(fourth, second)]
    odd = matmul(a, _polynomial(powers, _PADE[1::2]))
    even = _polynomial(powers, _PADE[0::2])
    result = solve_columns(even - odd, even + odd)
    for _ in range(squarings):
        result = matmul(result, result)
    return result


def _polynomial(powers: list[Any], coefficients: tuple[int, ...]) -> Any:
    """A polynomial of degree six in the square of a matrix, of its first three powers."""
    low = _combined(powers, coefficients[:4])
    high = _combined(powers[1:], coefficients[4:])
    return low + matmul(powers[3], high)


def _combined(powers: list[Any], coefficients: tuple[int, ...]) -> Any:
    total: Any = 0.0
    for power, coefficient in zip(powers, coefficients, strict=True):
        total = total + power * float(coefficient)
    return total
