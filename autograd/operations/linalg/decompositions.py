"""Matrices as products of simpler ones.

A decomposition has several results, and an operation one: it packs them into a row for each matrix, and the
function that users call takes them out again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.composite import composite
from autograd.declaration import example, structural
from autograd.errors import ArgumentError
from autograd.operations.arranging import diagonal, tril, triu
from autograd.operations.comparison import logical_and
from autograd.operations.complex import conj, imag, is_complex, real
from autograd.operations.joining import concatenate
from autograd.operations.linalg.inverse import inv
from autograd.operations.linalg.packing import packed, unpacked
from autograd.operations.piecewise import absolute, where
from autograd.operations.products import matmul
from autograd.operations.reduction import argmax, sum
from autograd.operations.samples import GAUSSIAN, HERMITIAN, M23, POSITIVE_DEFINITE, SQUARE, STACKED, TALL
from autograd.operations.shaping import swap_last

# fmt: off
__all__ = [
    "cholesky", "eig", "eigh", "eigvals", "eigvalsh", "qr", "svd", "svdvals",
]
# fmt: on


def _adjoint(a: Any) -> Any:
    return swap_last(conj(a) if is_complex(a) else a)


def _read(g: Any, triangle: Any) -> Any:
    """The adjoint of a symmetric (Hermitian) matrix as that of the triangle it is read from, which stands for both."""
    return triangle(g + _adjoint(g)) / (1 + np.eye(g.shape[-1]))


def _over_gaps(x: Any, values: Any) -> Any:
    """$x_{ij} / (v_j - v_i)$ off the diagonal; where nothing comes along, equal values do no harm."""
    x = x * (1 - np.eye(x.shape[-1]))
    gaps = values[..., None, :] - values[..., :, None]
    nothing = logical_and(x == 0, gaps == 0)
    return where(nothing, 0.0, x / where(nothing, 1.0, gaps))


def _reciprocal(x: Any) -> Any:
    """$1/x$, and 0 at 0."""
    return where(x == 0, 0.0, 1 / where(x == 0, 1.0, x))


def _diagonal(g: Any) -> Any:
    """Vectors as the diagonals of matrices."""
    return g[..., None, :] * np.eye(g.shape[-1])


def _cholesky_rule(g: Any, out: Any) -> Any:
    """Source: Murray, Differentiation of the Cholesky decomposition, 2016."""
    from_left = swap_last(inv(out))
    middle = tril(matmul(swap_last(out), g))
    both = middle + swap_last(middle) - _diagonal(diagonal(middle, 0, -2, -1))
    return _read(matmul(matmul(from_left, both), swap_last(from_left)) / 2, tril)


@structural(
    vjp={"a": _cholesky_rule},
    examples=(example(POSITIVE_DEFINITE), example(np.stack([POSITIVE_DEFINITE, np.diag([1.0, 2.0, 3.0])]))),
)
def cholesky(a, *, upper=False):
    """The lower triangle L of $a = L L^\\top$, for a real, symmetric, positive definite. Shapes: (..., n, n), kept.

    As NumPy it reads the lower triangle of a, and the derivative stands there: see `eigh`.
    Raises: DomainError for what is not positive definite; ArgumentError for complex numbers, or the upper triangle.
    """
    if upper or np.iscomplexobj(a):
        raise ArgumentError("cholesky gives the lower triangle of real matrices; use its transpose for the upper one")
    return np.linalg.cholesky(a)


def _eigh_rule(g: Any, a: Any, out: Any, UPLO: str) -> Any:
    n = a.shape[-1]
    values, vectors = unpacked(out, (n,), (n, n))
    of_values, of_vectors = unpacked(g, (n,), (n, n))
    middle = _diagonal(real(of_values)) + _over_gaps(matmul(swap_last(vectors), of_vectors), values)
    found = matmul(matmul(conj(vectors), middle), swap_last(vectors))
    return _read(found, triu if UPLO.upper() == "U" else tril)


@structural(vjp={"a": _eigh_rule}, examples=(example(POSITIVE_DEFINITE), example(SQUARE, UPLO="U")))
def eigh_packed(a, *, UPLO="L"):
    """Eigenvalues, rising, and eigenvectors of a symmetric matrix, in a row. Shapes: (..., n, n) -> (..., n + n n)."""
    return packed(a.shape[:-2], *np.linalg.eigh(a, UPLO))


class EighResult(NamedTuple):
    """Eigenvalues, rising, and the eigenvectors as columns."""

    eigenvalues: Any
    eigenvectors: Any


@composite(
    example(POSITIVE_DEFINITE),
    example(np.stack([POSITIVE_DEFINITE, POSITIVE_DEFINITE[::-1, ::-1]])),
    example(SQUARE, "U"),
)
def eigh(a, UPLO="L"):
    """Eigenvalues, rising, and eigenvectors of a symmetric (Hermitian) matrix, as a named tuple.

    As in NumPy the lower triangle is read, or the upper one (`UPLO="U"`), and stands for the other too. So the
    derivative is by what is read: it stands in that triangle, for both, as in HIPS autograd. (PyTorch puts half of it
    in each: so does `eigh((a + swap_last(a)) / 2)`.)
    The sign (phase) of a vector is free, so only what does not depend on it has a derivative. Where eigenvalues are
    equal, their vectors have none (it is infinite, or NaN). Shapes: (..., n, n) -> (..., n), (..., n, n).
    """
    n = a.shape[-1]
    values, vectors = unpacked(eigh_packed(a, UPLO=UPLO), (n,), (n, n))
    return EighResult(real(values) if is_complex(a) else values, vectors)


@composite(example(POSITIVE_DEFINITE), example(HERMITIAN), example(SQUARE, "U"))
def eigvalsh(a, UPLO="L"):
    """The eigenvalues of a symmetric (Hermitian) matrix, rising. Shapes: (..., n, n) -> (..., n)."""
    return eigh(a, UPLO).eigenvalues


def _eig_rule(g: Any, a: Any, out: Any) -> Any:
    """Source: PyTorch's linalg_eig_backward, for vectors of length one."""
    n = a.shape[-1]
    values, vectors = unpacked(out, (n,), (n, n))
    of_values, of_vectors = unpacked(g, (n,), (n, n))
    across = swap_last(vectors)
    middle = matmul(across, _without_phase(of_vectors, vectors))
    along = real(diagonal(middle, 0, -2, -1))
    middle = _over_gaps(middle - matmul(across, conj(vectors)) * along[..., None, :], values)
    return matmul(matmul(inv(across), middle + _diagonal(of_values)), across)


def _without_phase(g: Any, vectors: Any) -> Any:
    """The adjoint of vectors before each was turned to make its largest component real, as LAPACK does."""
    if not is_complex(vectors):
        return g
    sizes = absolute(vectors)
    largest = np.arange(vectors.shape[-2])[:, None] == argmax(sizes, axis=-2, keepdims=True)
    turning = imag(sum(g * vectors, axis=-2, keepdims=True))
    return g - where(largest, 1j * turning / where(largest, vectors, 1.0), 0.0)


@structural(vjp={"a": _eig_rule}, examples=(example(SQUARE), example(GAUSSIAN)))
def eig_packed(a):
    """Eigenvalues and eigenvectors of a square matrix, in a row. Shapes: (..., n, n) -> (..., n + n n)."""
    return packed(a.shape[:-2], *np.linalg.eig(a))


class EigResult(NamedTuple):
    """Eigenvalues, and the eigenvectors as columns of length one."""

    eigenvalues: Any
    eigenvectors: Any


@composite(example(GAUSSIAN), example(SQUARE))
def eig(a):
    """Eigenvalues and eigenvectors of a square matrix, as a named tuple; complex unless all eigenvalues are real.

    Eigenvalues have to differ; the largest component of a vector is real, as LAPACK has it.
    Shapes: (..., n, n) -> (..., n), (..., n, n).
    """
    n = a.shape[-1]
    return EigResult(*unpacked(eig_packed(a), (n,), (n, n)))


@composite(example(SQUARE), example(GAUSSIAN))
def eigvals(a):
    """The eigenvalues of a square matrix, complex unless all are real. Shapes: (..., n, n) -> (..., n)."""
    return eig(a).eigenvalues


def _qr_rule(g: Any, a: Any, out: Any) -> Any:
    """Source: Seeger and others, Auto-differentiating linear algebra, 2017."""
    m, n = a.shape[-2:]
    q, r = unpacked(out, (m, n), (n, n))
    of_q, of_r = unpacked(g, (m, n), (n, n))
    middle = tril(matmul(r, swap_last(triu(of_r))) - matmul(swap_last(of_q), q))
    both = middle + swap_last(tril(middle, k=-1))
    return matmul(of_q + matmul(q, both), swap_last(inv(r)))


@structural(vjp={"a": _qr_rule}, examples=(example(SQUARE), example(TALL)))
def qr_packed(a):
    """Both factors of a matrix with at least as many rows as columns. Shapes: (..., m, n) -> (..., m n + n n)."""
    return packed(a.shape[:-2], *np.linalg.qr(a))


class QRResult(NamedTuple):
    """Orthonormal columns, and an upper triangle."""

    Q: Any
    R: Any


@composite(example(SQUARE), example(TALL), example(M23), example(STACKED), example(TALL, mode="r"))
def qr(a, mode="reduced"):
    """$a = Q R$ with orthonormal columns and an upper triangle, as a named tuple; for real matrices of full rank.

    Shapes: (..., m, n) -> (..., m, k), (..., k, n) with k = min(m, n). With mode="r" the triangle alone.
    Raises: ArgumentError for another mode, or complex numbers.
    """
    m, n = a.shape[-2:]
    if is_complex(a) or (mode not in ("reduced", "r") and not (mode == "complete" and m <= n)):
        raise ArgumentError(f"qr has derivatives for real matrices in the modes 'reduced' and 'r'; found {mode!r}")
    k = min(m, n)
    q, r = unpacked(qr_packed(a[..., :, :k]), (m, k), (k, k))
    if n > k:
        r = concatenate([r, matmul(swap_last(q), a[..., :, k:])], axis=-1)
    return r if mode == "r" else QRResult(q, r)


def _svd_rule(g: Any, a: Any, out: Any) -> Any:
    """Source: PyTorch's svd_backward, for adjoints that are not conjugated."""
    m, n = a.shape[-2:]
    k = min(m, n)
    u, s, vh = unpacked(out, (m, k), (k,), (k, n))
    of_u, of_s, of_vh = unpacked(conj(g) if is_complex(g) else g, (m, k), (k,), (k, n))
    uh, v, of_v = _adjoint(u), _adjoint(vh), _adjoint(of_vh)
    left, right = _skew(matmul(uh, of_u)), _skew(matmul(vh, of_v))
    middle = _over_gaps(left, s**2) * s[..., None, :] + s[..., :, None] * _over_gaps(right, s**2)
    middle = middle + _diagonal(real(of_s))
    if is_complex(a):
        middle = middle + _diagonal(diagonal(left, 0, -2, -1) * _reciprocal(2 * s))
    found = matmul(matmul(u, middle), vh)
    if m > k:
        outside = of_u - matmul(u, matmul(uh, of_u))
        found = found + matmul(outside * _reciprocal(s)[..., None, :], vh)
    if n > k:
        outside = of_v - matmul(v, matmul(vh, of_v))
        found = found + matmul(u, _reciprocal(s)[..., :, None] * _adjoint(outside))
    return conj(found) if is_complex(found) else found


def _skew(a: Any) -> Any:
    return a - _adjoint(a)


@structural(vjp={"a": _svd_rule}, examples=(example(M23), example(TALL), example(SQUARE)))
def svd_packed(a):
    """The reduced singular value decomposition in a row. Shapes: (..., m, n) -> (..., m k + k + k n), k = min(m, n)."""
    return packed(a.shape[:-2], *np.linalg.svd(a, full_matrices=False))


class SVDResult(NamedTuple):
    """Left vectors as columns, singular values, falling, and right vectors as rows."""

    U: Any
    S: Any
    Vh: Any


@composite(
    example(SQUARE),
    example(M23, full_matrices=False),
    example(TALL, full_matrices=False),
    example(M23, compute_uv=False),
)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """$a = U \\operatorname{diag}(S) V^\\top$, as a named tuple; the singular values alone without `compute_uv`.

    The sign (phase) of a pair of vectors is free, so only what does not depend on it has a derivative.
    Shapes: (..., m, n) -> (..., m, k), (..., k), (..., k, n) with k = min(m, n).
    Raises: ArgumentError for full matrices of what is not square: their further vectors have no derivative.
    """
    m, n = a.shape[-2:]
    if hermitian or (full_matrices and compute_uv and m != n):
        raise ArgumentError(f"svd of shape {a.shape} has derivatives with full_matrices=False, hermitian=False only")
    k = min(m, n)
    u, s, vh = unpacked(svd_packed(a), (m, k), (k,), (k, n))
    s = real(s) if is_complex(s) else s
    return SVDResult(u, s, vh) if compute_uv else s


@composite(example(M23), example(TALL), example(STACKED), example(GAUSSIAN))
def svdvals(x):
    """The singular values, falling. Shapes: (..., m, n) -> (..., min(m, n))."""
    return svd(x, compute_uv=False)
