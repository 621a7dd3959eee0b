"""Decompositions: what does not depend on signs and phases has exact derivatives, for real and complex matrices."""

import numpy as np
import pytest

from autograd import ArgumentError, DomainError, ShapeError, Tensor, grad, gradcheck, linalg, swap_last
from autograd import abs as absolute

RNG = np.random.default_rng(0)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def the_same_numbers_in_any_order_of_tests():
    RNG.bit_generator.state = START


def matrix(*shape, complex_numbers=False):
    found = RNG.standard_normal(shape)
    return found + 1j * RNG.standard_normal(shape) if complex_numbers else found


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2), (2, 3, 2)])
def test_singular_value_decomposition_to_second_order(shape, complex_numbers):
    weights = matrix(*shape)

    def f(a):
        u, s, vh = linalg.svd(a, full_matrices=False)
        return (absolute((u * s[..., None, :] ** 2) @ vh) * weights).sum() + (s**3).sum() + absolute(u)[..., 0].sum()

    assert gradcheck(f, matrix(*shape, complex_numbers=complex_numbers), order=2)


@pytest.mark.parametrize("complex_numbers", [False, True])
def test_eigenvectors_of_a_hermitian_matrix_to_second_order(complex_numbers):
    weights = matrix(2, 3, 3)

    def f(a):
        values, vectors = linalg.eigh(a)
        rebuilt = (vectors * np.exp(values)[..., None, :]) @ swap_last(np.conj(vectors))
        return (absolute(rebuilt) * weights).sum() + absolute(vectors)[..., 0].sum()

    assert gradcheck(f, matrix(2, 3, 3, complex_numbers=complex_numbers), order=2)


def test_equal_values_have_derivatives_and_their_vectors_have_none():
    np.testing.assert_allclose(grad(lambda a: (linalg.eigvalsh(a) ** 3).sum())(np.eye(3)), 3 * np.eye(3), atol=1e-12)
    np.testing.assert_allclose(grad(lambda a: linalg.norm(a, "nuc"))(np.eye(3)), np.eye(3), atol=1e-12)
    assert not np.isfinite(grad(lambda a: (linalg.eigh(a).eigenvectors * matrix(3, 3)).sum())(np.eye(3))).all()


def test_the_determinant_of_a_singular_matrix_has_its_adjugate():
    singular = np.array([[1.0, 2.0], [2.0, 4.0]])
    np.testing.assert_allclose(grad(linalg.det)(singular), [[4, -2], [-2, 1]], atol=1e-12)
    rank_one = np.outer([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    np.testing.assert_allclose(grad(linalg.det)(rank_one), np.zeros((3, 3)), atol=1e-12)


def test_numpys_functions_are_the_same_ones():
    a = Tensor(matrix(3, 3), requires_grad=True)
    assert np.linalg.slogdet(a).logabsdet.requires_grad
    assert np.linalg.svd(a).S.shape == (3,)
    assert np.linalg.norm(a, "nuc").requires_grad
    assert np.linalg.matrix_rank(a) == 3


def test_what_has_no_answer_says_so():
    with pytest.raises(DomainError, match=r"inv.*Singular"):
        linalg.inv(Tensor(np.zeros((2, 2)), requires_grad=True))
    with pytest.raises(DomainError, match="cholesky"):
        linalg.cholesky(Tensor(-np.eye(2), requires_grad=True))
    with pytest.raises(ArgumentError, match="full_matrices=False"):
        linalg.svd(Tensor(matrix(2, 3), requires_grad=True))
    with pytest.raises(ArgumentError, match="reduced"):
        linalg.qr(Tensor(matrix(3, 2), requires_grad=True), mode="complete")
    with pytest.raises(ArgumentError, match="nuc"):
        linalg.matrix_norm(Tensor(matrix(2, 2)), ord=3)
    with pytest.raises(ShapeError, match=r"\(2,\) and \(3,\)"):
        linalg.tensorinv(Tensor(np.ones((2, 3))), ind=1)


def test_expm_of_large_and_small_matrices_and_its_inverse():
    a = matrix(3, 3)
    for size in (1e-3, 1.0, 30.0):
        there, back = linalg.expm(size * a), linalg.expm(-size * a)
        rounding = 1e-15 * np.linalg.norm(there) * np.linalg.norm(back)  # what an error of each element may make of it
        np.testing.assert_allclose(there @ back, np.eye(3), atol=rounding + 1e-14)
    np.testing.assert_allclose(linalg.expm(np.diag([0.0, 1.0])), np.diag([1.0, np.e]), rtol=1e-14)
    np.testing.assert_allclose(linalg.expm(np.zeros((2, 2))), np.eye(2), rtol=1e-15)


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("triangle", ["L", "U"])
def test_of_a_symmetric_matrix_one_triangle_is_read_and_the_derivative_stands_there(triangle, complex_numbers):
    a, read = matrix(3, 3, complex_numbers=complex_numbers), {"L": np.tril, "U": np.triu}[triangle]
    np.testing.assert_allclose(np.linalg.eigvalsh(Tensor(a), triangle).numpy(), np.linalg.eigvalsh(a, triangle))
    by_a = grad(lambda a: (np.linalg.eigh(a, triangle).eigenvalues ** 3).sum())(a)
    np.testing.assert_array_equal(by_a, read(by_a))
    assert gradcheck(lambda a: linalg.eigvalsh(a, triangle), a, order=2)


def test_cholesky_reads_the_lower_triangle():
    a = np.array([[4.0, 9.0], [1.0, 3.0]])
    np.testing.assert_allclose(np.linalg.cholesky(Tensor(a)).numpy(), np.linalg.cholesky(a))
    assert grad(lambda a: np.linalg.cholesky(a).sum())(a)[0, 1] == 0
    assert gradcheck(linalg.cholesky, a, order=2)
