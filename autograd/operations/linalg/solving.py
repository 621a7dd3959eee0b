"""Inverses, determinants and the solutions of linear equations.

Rules carry conjugated adjoints, so that plain transposes serve complex matrices too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ShapeError
from autograd.node import values_of
from autograd.notation import Binding
from autograd.operations.complex import conj, is_complex
from autograd.operations.linalg.decompositions import svdvals
from autograd.operations.linalg.inverse import inv
from autograd.operations.piecewise import absolute
from autograd.operations.products import matmul
from autograd.operations.reduction import sum
from autograd.operations.samples import GAUSSIAN, M23, SQUARE, STACKED, TALL, V3
from autograd.operations.shaping import reshape, swap_last

# fmt: off
__all__ = [
    "det", "lstsq", "pinv", "slogdet", "solve", "tensorinv", "tensorsolve",
]
# fmt: on

_SQUARES = (example(SQUARE), example(STACKED), example(GAUSSIAN))


def _between(left: Any, middle: Any, right: Any) -> Any:
    return matmul(matmul(left, middle), right)


def _stretched(number: Any) -> Any:
    """A number for each matrix, to be multiplied with it."""
    return number[..., None, None]


def _cofactor_rule(g: Any, a: Any) -> Any:
    inverse = swap_last(inv(a))
    along = _stretched(sum(g * inverse, axis=(-2, -1))) * inverse
    return _stretched(det(a)) * (along - _between(inverse, swap_last(g), inverse))


def _good_inverse(a: Any) -> Any:
    """The inverse, if it is exact to about half the digits; else None."""
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return None
    condition = np.linalg.norm(a, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    return inverse if np.all(condition < 1e8) else None


@structural(vjp={"a": _cofactor_rule}, examples=_SQUARES)
def cofactors(a):
    """The derivative of the determinant, also of a singular matrix. Shapes: (..., n, n), kept."""
    if (inverse := _good_inverse(a)) is not None:
        return np.linalg.det(a)[..., None, None] * np.swapaxes(inverse, -1, -2)
    u, s, v = np.linalg.svd(a)
    others = np.stack([np.delete(s, i, axis=-1).prod(axis=-1) for i in range(s.shape[-1])], axis=-1)
    turned = np.linalg.det(u) * np.linalg.det(v)
    return turned[..., None, None] * ((u * others[..., None, :]) @ v).conj()


@structural(
    vjp={"a": lambda g, a: _stretched(g) * cofactors(a)},
    notation=r"\det {a}",
    needs={"a": Binding.ATOM},
    examples=_SQUARES,
)
def det(a):
    """Determinant, with exact derivative for singular matrices too. Shapes: (..., n, n) -> (...)."""
    return np.linalg.det(a)


@structural(vjp={"a": lambda g, a: _stretched(g) * swap_last(inv(a))}, examples=_SQUARES)
def logabsdet(a):
    """$\\ln |\\det a|$ without overflow. Shapes: (..., n, n) -> (...)."""
    return np.linalg.slogdet(a)[1]


@structural(vjp={}, examples=(example(SQUARE), example(STACKED)))
def signdet(a):
    """The sign of a real determinant. Shapes: (..., n, n) -> (...). Constant to differentiation."""
    return np.linalg.slogdet(a)[0]


class SlogdetResult(NamedTuple):
    """The sign of a determinant and the logarithm of its size."""

    sign: Any
    logabsdet: Any


@composite(*_SQUARES)
def slogdet(a):
    """The sign of the determinant and the logarithm of its size, as a named tuple. Shapes: (..., n, n) -> two (...)."""
    sign = det(a) / absolute(det(a)) if is_complex(a) else signdet(a)
    return SlogdetResult(sign, logabsdet(a))


def _solved_rule(g: Any, a: Any, out: Any) -> Any:
    return -matmul(solve_columns(swap_last(a), g), swap_last(out))


@structural(
    vjp={"a": _solved_rule, "b": lambda g, a: solve_columns(swap_last(a), g)},
    linear_in=("b",),
    notation=r"{a}^{-1}\,{b}",
    text="{a}⁻¹ @ {b}",
    binding=Binding.PRODUCT,
    needs={"a": Binding.ATOM, "b": Binding.POWER},
    examples=(example(SQUARE, M23.T), example(STACKED, M23.T), example(GAUSSIAN, GAUSSIAN)),
)
def solve_columns(a, b):
    """The x of $a x = b$, for each column of b. Shapes: (..., n, n), (..., n, k) -> (..., n, k)."""
    return np.linalg.solve(a, b)


@composite(example(SQUARE, V3), example(SQUARE, M23.T), example(STACKED, V3), example(STACKED, M23.T))
def solve(a, b):
    """The x of $a x = b$. Shapes: (..., n, n), (n,) or (..., n, k) -> as b.

    Raises: DomainError for a singular matrix; ShapeError for shapes that do not fit.
    """
    return solve_columns(a, b[:, None])[..., 0] if np.ndim(b) == 1 else solve_columns(a, b)


def _rest(a: Any, inverse: Any) -> tuple[Any, Any]:
    """What projecting onto rows, and onto columns, leaves out."""
    return np.eye(a.shape[-2]) - matmul(a, inverse), np.eye(a.shape[-1]) - matmul(inverse, a)


def _pinv_rule(g: Any, a: Any, out: Any) -> Any:
    """Source: Golub and Pereyra 1973."""
    columns, rows = _rest(a, out)
    turned, across = swap_last(conj(g)), swap_last(out)
    left = matmul(_between(conj(columns), turned, conj(out)), across)
    right = matmul(across, _between(conj(out), turned, conj(rows)))
    return left + right - _between(across, g, across)


@structural(
    vjp={"a": _pinv_rule},
    notation=r"{a}^{+}",
    text="{a}⁺",
    binding=Binding.POWER,
    needs={"a": Binding.ATOM},
    examples=(example(M23), example(TALL), example(STACKED), example(GAUSSIAN[:2])),
)
def pinv(a, *, rcond=None, hermitian=False, rtol=None):
    """Pseudo-inverse, with derivatives where the rank stays the same. Shapes: (..., m, n) -> (..., n, m).

    Singular values below `rcond` (`rtol`) times the largest count as zero.
    """
    cut = rtol if rcond is None else rcond
    return np.linalg.pinv(a, **({} if cut is None else {"rcond": cut}), hermitian=hermitian)


@composite(example(TALL, np.array([0.4, -1.2, 0.9, 2.0])), example(M23, M23), example(TALL, np.eye(4)[:, :2]))
def lstsq(a, b, rcond=None):
    """The x for which $|a x - b|$ is least, the sums of squares left over, the rank, and the singular values.

    Shapes: (m, n), (m,) or (m, k) -> (n,) or (n, k), (), (k,) or (0,), an integer, (min(m, n),).
    """
    rows, columns = a.shape
    cut = np.finfo(a.dtype).eps * max(rows, columns) if rcond is None else rcond
    x = matmul(pinv(a, rcond=cut), b)
    values = svdvals(a)
    plain = np.asarray(values_of(values))
    rank = int((plain > cut * plain.max()).sum())
    left_over = sum((matmul(a, x) - b) ** 2, axis=0, keepdims=np.ndim(b) == 1)
    return x, left_over if rank == columns < rows else left_over[:0], rank, values


@composite(example(SQUARE.reshape(3, 1, 3), 2), example(np.kron(np.eye(2), SQUARE).reshape(2, 3, 6), 2))
def tensorinv(a, ind=2):
    """The inverse for `tensordot(..., ind)`. Shapes: the first `ind` axes change places with the others."""
    first, last = a.shape[:ind], a.shape[ind:]
    size = int(np.prod(first))
    if ind <= 0 or size != int(np.prod(last)):
        raise ShapeError(f"tensorinv with ind={ind} needs sides of one size; found {first} and {last}")
    return reshape(inv(reshape(a, shape=(size, size))), shape=(*last, *first))


@composite(example(np.kron(np.eye(2), SQUARE).reshape(2, 3, 6), np.arange(6.0).reshape(2, 3)))
def tensorsolve(a, b, axes=None):
    """The x of `tensordot(a, x, x.ndim) = b`. Shapes: b's axes first in a, then those of x."""
    if axes is not None:
        rest = [i for i in range(a.ndim) if i not in axes]
        a = a.transpose((*rest, *axes))
    shape, size = a.shape[b.ndim :], int(np.prod(np.shape(b)))
    if size != int(np.prod(shape)):
        raise ShapeError(f"tensorsolve needs as many unknowns as equations; found {size} and {int(np.prod(shape))}")
    return reshape(solve(reshape(a, shape=(size, size)), reshape(b, shape=size)), shape=shape)
