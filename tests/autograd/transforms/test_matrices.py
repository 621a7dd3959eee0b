"""Jacobians, Hessians and their products; vector calculus; functions of batches; nested arguments."""

import numpy as np
import pytest

import autograd
from autograd import (
    ArgumentError,
    GraphError,
    ShapeError,
    Tensor,
    curl,
    divergence,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    laplacian,
    stop_gradient,
    tensor_jacobian_product,
    value_and_grad,
    vectorize,
    vjp,
)

POINT = np.array([0.4, -1.1, 0.7])


def rosenbrock(x):
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def field(x):
    return np.stack([x[0] * x[1], np.sin(x[2]) * x[0], x[1] ** 2 * x[2]])


def field_jacobian(x):
    return np.array([[x[1], x[0], 0], [np.sin(x[2]), 0, x[0] * np.cos(x[2])], [0, 2 * x[1] * x[2], x[1] ** 2]])


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
def test_jacobian_in_either_mode_is_the_formula(mode):
    np.testing.assert_allclose(jacobian(field, mode=mode)(POINT), field_jacobian(POINT), rtol=1e-14)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_jacobian_has_the_shapes_of_result_and_argument(mode):
    found = jacobian(lambda x: np.einsum("ij,kj->ikj", x, x), mode=mode)(np.arange(6.0).reshape(2, 3))
    assert found.shape == (2, 2, 3, 2, 3)
    by_both = jacobian(lambda x, y: x * y, argnum=(0, 1), mode=mode)(np.ones(2), np.full(2, 3.0))
    np.testing.assert_array_equal(by_both[0], 3 * np.eye(2))
    np.testing.assert_array_equal(by_both[1], np.eye(2))
    assert jacobian(lambda x: x[:0], mode=mode)(POINT).shape == (0, 3)


@pytest.mark.parametrize("left", [(3,), (4, 3), (2, 4, 3)])
@pytest.mark.parametrize("right", [(3,), (3, 2), (2, 3, 5), (2, 2, 3, 5)])
def test_the_jacobian_of_a_product_is_the_same_in_both_modes(left, right):
    a, b = (np.linspace(0, 1, int(np.prod(shape))).reshape(shape) for shape in (left, right))
    for argnum in (0, 1):
        rows, columns = (jacobian(lambda a, b: a @ b, argnum, mode=mode)(a, b) for mode in ("reverse", "forward"))
        np.testing.assert_allclose(columns, rows)


def test_jacobian_refuses_a_mode_it_does_not_know():
    with pytest.raises(ArgumentError, match="sideways"):
        jacobian(field, mode="sideways")


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_the_jacobian_of_complex_numbers_is_the_derivative_in_either_mode(mode):
    x, z, one = np.array([1.0, 2.0]), np.array([1j, 2.0 + 1j]), Tensor(1.0, requires_grad=True)

    def found(f, *points, **more):
        return jacobian(f, tuple(range(len(points))), mode=mode, **more)(*points)

    for factor in (1.0, one):
        by_both = found(lambda x, z, factor=factor: factor * x * z**2, x, z, holomorphic=True)
        for each, expected in zip(by_both, (z**2, 2 * x * z), strict=True):
            np.testing.assert_allclose(each.numpy() if factor is one else each, np.diag(expected))
    np.testing.assert_allclose(found(lambda x: x**2 * (1 + 2j), x)[0], np.diag(2 * x * (1 + 2j)))
    np.testing.assert_allclose(found(lambda z: np.abs(z) ** 2, z)[0], np.diag(2 * z))
    np.testing.assert_allclose(
        hessian(lambda z: (z**3).sum(), mode=mode, holomorphic=True)(z), np.diag(6 * z), atol=1e-15
    )
    with pytest.raises(GraphError, match="holomorphic=True"):
        found(lambda z: z**2, z)


def test_the_jacobian_of_a_function_that_reads_open_tensors_can_be_differentiated():
    w = Tensor(2.0, requires_grad=True)
    for mode in ("reverse", "forward"):
        w.zero_grad()
        (jacobian(lambda x: w**3 * x, mode=mode)(POINT) ** 2).sum().backward()
        assert w.grad == pytest.approx(3 * 6 * 2.0**5)


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
def test_hessian_is_symmetric_and_agrees_with_differences_of_the_gradient(mode):
    x = np.linspace(-1, 1, 5)
    found = hessian(rosenbrock, mode=mode)(x)
    np.testing.assert_allclose(found, found.T, rtol=1e-12)
    step = 1e-6 * np.eye(5)
    expected = [(grad(rosenbrock)(x + e) - grad(rosenbrock)(x - e)) / 2e-6 for e in step]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_hvp_is_the_hessian_times_the_tangent():
    along = np.array([1.0, -2.0, 0.5])
    (gradient,), (product,) = hvp(rosenbrock, [POINT], [along])
    np.testing.assert_allclose(gradient, grad(rosenbrock)(POINT), rtol=1e-14)
    np.testing.assert_allclose(product, hessian(rosenbrock)(POINT) @ along, rtol=1e-12)


def test_hvp_of_two_arguments_includes_the_mixed_terms():
    gradients, products = hvp(lambda x, y: x**2 * y, [3.0, 5.0], [1.0, 10.0])
    assert gradients == (30.0, 9.0)
    assert products == (2 * 5 * 1 + 2 * 3 * 10, 2 * 3 * 1)


@pytest.mark.parametrize("axes", [0, 1, 2])
def test_tensor_jacobian_product_sums_over_the_axes_of_the_tensor(axes):
    def f(x):
        return x[:, None] * x**2

    tensor = np.random.default_rng(0).standard_normal((3, 3)[:axes])
    expected = np.tensordot(tensor, jacobian(f)(POINT), axes)
    np.testing.assert_allclose(tensor_jacobian_product(f)(POINT, tensor), expected, rtol=1e-13)


def test_vector_calculus_in_space():
    j = field_jacobian(POINT)
    assert divergence(field)(POINT) == pytest.approx(np.trace(j))
    np.testing.assert_allclose(curl(field)(POINT), [j[2, 1] - j[1, 2], j[0, 2] - j[2, 0], j[1, 0] - j[0, 1]])
    assert laplacian(lambda x: (x[0] ** 3) * x[1] + x[2] ** 2)(POINT) == pytest.approx(6 * POINT[0] * POINT[1] + 2)


def test_the_identities_of_vector_calculus_hold():
    def potential(x):
        return np.sin(x[0]) * x[1] + np.exp(x[2] * x[0])

    np.testing.assert_allclose(curl(grad(potential))(POINT), np.zeros(3), atol=1e-14)
    assert divergence(curl(field))(POINT) == pytest.approx(0.0, abs=1e-14)
    assert divergence(grad(potential))(POINT) == pytest.approx(laplacian(potential)(POINT))


def test_vector_calculus_in_the_plane_and_what_it_refuses():
    assert curl(lambda x: np.stack([-x[1], x[0]]))(np.array([1.0, 2.0])) == 2.0
    with pytest.raises(ShapeError, match="each of the 3"):
        divergence(lambda x: x[:2])(POINT)
    with pytest.raises(ShapeError, match="two or three"):
        curl(lambda x: x * x)(np.ones(4))


def test_elementwise_grad_is_the_slope_of_each_element():
    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x), 1 / np.cosh(x) ** 2, rtol=1e-14)
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(np.sin))(x), -np.sin(x), rtol=1e-13)


def test_arguments_may_be_nested_and_gradients_have_their_form():
    def loss(parameters, x):
        hidden = np.tanh(x @ parameters["layers"][0]["w"] + parameters["layers"][0]["b"])
        return (hidden @ parameters["out"][0]).sum() * parameters["scale"]

    rng = np.random.default_rng(0)
    given = {
        "layers": [{"w": rng.standard_normal((3, 2)), "b": np.zeros(2)}],
        "out": (rng.standard_normal((2, 1)),),
        "scale": 0.5,
    }
    value, found = value_and_grad(loss)(given, POINT)
    assert found.keys() == given.keys()
    assert isinstance(found["out"], tuple)
    assert found["layers"][0]["w"].shape == (3, 2)
    assert found["scale"] == pytest.approx(value / 0.5)
    pulled = vjp(lambda tree: loss(tree, POINT), given)[1](1.0)[0]
    np.testing.assert_array_equal(pulled["layers"][0]["b"], found["layers"][0]["b"])
    zero = {"layers": [{"w": np.zeros((3, 2)), "b": np.ones(2)}], "out": (np.zeros((2, 1)),), "scale": 0.0}
    moved = jvp(lambda tree: loss(tree, POINT), [given], [zero])[1]
    assert moved == pytest.approx(found["layers"][0]["b"].sum())
    with pytest.raises(ArgumentError, match="'adam'"):
        grad(loss)({**given, "name": "adam"}, POINT)
    with pytest.raises(ArgumentError, match="tangents"):
        jvp(lambda tree: loss(tree, POINT), [given], [1.0])


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
def test_matrices_have_the_form_of_nested_arguments_and_results(mode):
    w, b = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    point = {"w": w, "b": [b]}

    def f(p, scale):
        return {"outer": p["w"][:, None] * p["b"][0] * scale[0], "b": p["b"][0] ** 2}

    by_point, by_scale = jacobian(f, (0, 1), mode=mode)(point, (2.0,))["outer"]
    np.testing.assert_allclose(by_point["w"], 2 * np.einsum("ik,j->ijk", np.eye(2), b))
    np.testing.assert_allclose(by_point["b"][0], 2 * np.einsum("jk,i->ijk", np.eye(3), w))
    np.testing.assert_allclose(by_scale[0], np.outer(w, b))
    found = jacobian(f, mode=mode)(point, (2.0,))["b"]
    np.testing.assert_array_equal(found["w"], np.zeros((3, 2)))
    np.testing.assert_allclose(found["b"][0], np.diag(2 * b))

    def g(p):
        return (p["w"] ** 2).sum() * p["b"][0].sum()

    twice = hessian(g, mode=mode)(point)
    np.testing.assert_allclose(twice["w"]["w"], 2 * b.sum() * np.eye(2))
    np.testing.assert_allclose(twice["b"][0]["w"], np.outer(np.ones(3), 2 * w))
    np.testing.assert_array_equal(twice["b"][0]["b"][0], np.zeros((3, 3)))
    (gradient,), (product,) = hvp(g, [point], [{"b": [np.zeros(3)], "w": np.array([1.0, 0.0])}])
    np.testing.assert_allclose(gradient["b"][0], np.full(3, (w**2).sum()))
    np.testing.assert_allclose(product["w"], [2 * b.sum(), 0.0])
    np.testing.assert_allclose(product["b"][0], np.full(3, 2 * w[0]))
    assert hessian(lambda x, y: x * x * y, (0, 1), mode=mode)(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))


def test_has_aux_hands_the_second_result_through():
    def f(x):
        return (x * x).sum(), {"doubled": x * 2, "note": "seen"}

    found, aux = grad(f, has_aux=True)(POINT)
    np.testing.assert_array_equal(found, 2 * POINT)
    assert type(aux["doubled"]) is np.ndarray
    assert aux["note"] == "seen"
    (value, _), _ = value_and_grad(f, has_aux=True)(POINT)
    assert value == pytest.approx(POINT @ POINT)
    with pytest.raises(ArgumentError, match="pair"):
        grad(lambda x: x.sum(), has_aux=True)(POINT)


def test_a_holomorphic_function_has_its_complex_derivative():
    z = 0.3 - 1.2j
    assert grad(np.exp, holomorphic=True)(z) == pytest.approx(np.exp(z))
    assert grad(grad(lambda z: z**3, holomorphic=True), holomorphic=True)(z) == pytest.approx(6 * z)
    with pytest.raises(GraphError, match="holomorphic"):
        grad(np.exp)(z)


def test_the_gradient_of_a_real_function_of_a_complex_argument_points_uphill():
    z = 1 + 2j
    assert grad(lambda z: np.abs(z) ** 2)(z) == pytest.approx(2 * z)
    assert grad(lambda z: np.real(z))(z) == 1
    assert grad(lambda z: np.imag(z))(z) == 1j
    assert grad(lambda z: np.real(np.conj(z) * 1j))(z) == pytest.approx(1j)


def test_vectorize_applies_a_function_to_each_example():
    batch = np.arange(6.0).reshape(3, 2)
    np.testing.assert_array_equal(vectorize(lambda x: x.sum())(batch), batch.sum(axis=1))
    found = vectorize(lambda x: {"first": x[0], "rest": (x[1:],)})(Tensor(batch, requires_grad=True))
    assert found["rest"][0].shape == (3, 1)
    assert found["first"].requires_grad
    with pytest.raises(ShapeError, match=r"\[2, 3\]"):
        vectorize(lambda x, y: x * y)(batch, batch[:2])


def test_stop_gradient_reaches_into_trees():
    x = Tensor(2.0, requires_grad=True)
    found = stop_gradient({"a": [x * 3, 1.5]})
    assert found["a"][0] == 6.0
    assert not found["a"][0].requires_grad
    assert found["a"][1] == 1.5


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_forward_and_reverse_mode_nest_in_any_order_to_the_fourth(order):
    def forward(f):
        return lambda x: jvp(f, [x], [1.0])[1]

    for pattern in range(2**order):
        f = lambda x: np.sin(x) * np.exp(0.5 * x)  # noqa: E731  it is wrapped below
        for i in range(order):
            f = grad(f) if pattern >> i & 1 else forward(f)
        expected = np.imag((0.5 + 1j) ** order * np.exp((0.5 + 1j) * 0.7))
        assert f(0.7) == pytest.approx(expected, rel=1e-12)


def test_perturbations_of_nested_forward_modes_are_not_confused():
    def inner(x):
        return jvp(lambda y: x * y, [3.0], [1.0])[1]

    assert jvp(lambda x: x * inner(x), [5.0], [1.0])[1] == 10.0
    assert jvp(lambda x: jvp(lambda y: x + y, [1.0], [x])[1], [5.0], [1.0])[1] == 1.0


def test_every_transform_is_public():
    assert set(autograd.transforms.__all__) <= set(autograd.__all__)
