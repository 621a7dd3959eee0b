"""grad, value_and_grad, vjp, jvp and gradcheck: nesting, argument choice, and that the checker itself can fail."""

import math
from functools import partial

import numpy as np
import pytest

from autograd import (
    ArgumentError,
    GradcheckError,
    GraphError,
    ShapeError,
    Tensor,
    checkpoint,
    elementwise,
    elementwise_grad,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    structural,
    value_and_grad,
    vjp,
)
from autograd.operation import registry


def test_grad_nests_to_fourth_order():
    f = np.sin
    expected = [np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin]
    for each in expected:
        f = grad(f)
        assert f(0.7) == pytest.approx(each(0.7), rel=1e-14)


def test_results_are_plain_numpy_unless_something_else_is_open():
    assert type(grad(np.tanh)(0.5)) is np.float64
    assert type(grad(lambda x: np.sum(x * x))(np.ones(3))) is np.ndarray
    w = Tensor(2.0, requires_grad=True)
    assert isinstance(grad(lambda x: x * w)(3.0), Tensor)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_is_found_within_a_run_is_plain_once_the_outer_run_is_over(mode):
    def f(y):
        return lambda x: x * x * y

    inner = [
        lambda y: grad(f(y))(2.0),
        lambda y: value_and_grad(f(y))(2.0)[0],
        lambda y: vjp(f(y), 2.0)[1](1.0)[0],
        lambda y: jvp(f(y), [2.0], [1.0])[1],
        lambda y: hvp(f(y), [2.0], [1.0])[1][0],
        lambda y: jacobian(f(y), mode=mode)(2.0),
        lambda y: hessian(f(y), mode=mode)(2.0),
        lambda y: grad(lambda x: (x, x * x * y), has_aux=True)(2.0)[1],  # by its second result alone
    ]
    for each, expected in zip(inner, (4.0, 4.0, 4.0, 4.0, 2.0, 4.0, 2.0, 4.0), strict=True):
        found = [grad(each)(3.0), jvp(each, [3.0], [1.0])[1], jacobian(each, mode=mode)(3.0), vjp(each, 3.0)[1](1.0)[0]]
        assert [type(one) for one in found] == [np.float64] * 4
        assert found == [expected] * 4


def test_inner_and_outer_derivatives_are_not_confused():
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(5.0) == 1.0
    assert grad(lambda x: grad(lambda y: x * y * y)(x))(3.0) == 12.0
    value, moved = jvp(lambda x: x * jvp(lambda y: x + y, [1.0], [1.0])[1], [5.0], [1.0])
    assert (value, moved) == (5.0, 1.0)


def test_forward_over_reverse_is_reverse_over_forward():
    point, along = np.array([0.3, -1.2]), np.array([1.0, 0.5])

    def f(x):
        return (np.exp(x) * np.roll(x, 1) if isinstance(x, np.ndarray) else np.exp(x) * x[::-1]).sum()

    forward = jvp(grad(f), [point], [along])[1]
    reverse = grad(lambda x: jvp(f, [x], [along])[1])(point)
    np.testing.assert_allclose(forward, reverse, rtol=1e-13)


def test_argnum_chooses_and_orders_the_gradients():
    value, (by_y, by_x) = value_and_grad(lambda x, y: x * x * y, argnum=(1, 0))(3.0, 5.0)
    assert (value, by_y, by_x) == (45.0, 9.0, 30.0)
    assert grad(lambda x, y: x * y, argnum=-1)(3.0, 5.0) == 3.0
    with pytest.raises(ArgumentError, match="argnum 2"):
        grad(lambda x: x, argnum=2)(1.0)
    with pytest.raises(ArgumentError, match=r"argnum is the position.*'x'"):
        grad(lambda x: x, "x")(1.0)


def test_what_is_no_function_and_what_is_no_position_is_said_at_once():
    w = Tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    for asked in (lambda: grad(loss, w), lambda: grad(loss, w, create_graph=True), lambda: checkpoint(loss)):
        with pytest.raises(ArgumentError, match=r"takes a function; found a Tensor.*sweep\(loss, create_graph=True\)"):
            asked()
    with pytest.raises(ArgumentError, match=r"vjp takes a function; found a float$"):
        vjp(2.0, 3.0)
    for transform in (grad, jacobian, hessian):
        with pytest.raises(ArgumentError, match=rf"argnum is the position .* {transform.__name__}\(f\)\(x\)"):
            transform(np.sum, np.ones(2))


def test_an_argument_that_does_not_matter_has_gradient_zero():
    np.testing.assert_array_equal(grad(lambda x, y: (x * x).sum(), argnum=1)(np.ones(2), np.ones(3)), np.zeros(3))
    for found in (grad(lambda x: 3.0)(1.0), jvp(lambda x: 3.0, [1.0], [1.0])[1], vjp(lambda x: 3.0, 1.0)[1](1.0)[0]):
        assert type(found) is np.float64
        assert found == 0.0


def test_grad_needs_one_number_and_floats():
    with pytest.raises(GraphError, match="vjp"):
        grad(lambda x: x * 2)(np.ones(3))
    with pytest.raises(ArgumentError, match="int64"):
        grad(lambda x: (x * 2).sum())(np.array([1, 2]))
    with pytest.raises(ArgumentError, match="str"):
        grad(lambda x: "no")(1.0)


def test_grad_works_within_no_grad():
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 6.0


def test_vjp_and_jvp_are_transposes():
    rng = np.random.default_rng(0)
    x, u, v = rng.standard_normal((3, 4))
    w = rng.standard_normal((5, 4))
    v5 = rng.standard_normal(5)

    def f(x):
        return np.tanh(w @ x)

    _, pull = vjp(f, x)
    _, moved = jvp(f, [x], [u])
    assert np.dot(v5, moved) == pytest.approx(np.dot(pull(v5)[0], u), rel=1e-13)
    assert v.shape == (4,)


def test_jvp_checks_its_tangents():
    with pytest.raises(ShapeError, match="tangent"):
        jvp(np.sin, [np.ones(2)], [np.ones(3)])
    with pytest.raises(ArgumentError, match="one tangent for each"):
        jvp(np.sin, [1.0], [])
    for products in (jvp, hvp):
        with pytest.raises(ArgumentError, match=r"vp takes lists .* \[x\], \[v\]; found float 3"):
            products(np.sin, 3.0, 1.0)


def test_a_tangent_belongs_to_what_stands_under_its_key():
    point = {"w": 1.0, "b": [10.0]}
    moved = jvp(lambda p: p["w"] * p["b"][0], [point], [{"b": (1.0,), "w": 0.0}])[1]
    assert moved == 1.0
    for tangent, found in (
        ({"w": 1.0, "c": [0.0]}, "found a dict of 'w', 'c'"),
        ({"w": 1.0, "b": 0.0}, "a list of 1 was needed; found float 0.0"),
        ({"w": [1.0], "b": [0.0]}, "an array was needed; found a list of 1"),
        ((1.0, [0.0]), "found a tuple of 2"),
        (1.0, "found float 1.0"),
        ({"w": "up", "b": [0.0]}, "found str"),
        ({"w": 1j, "b": [0.0]}, "complex tangent for a real argument"),
    ):
        with pytest.raises(ArgumentError, match=found):
            jvp(lambda p: p["w"] * p["b"][0], [point], [tangent])


# -- the checker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def declared():
    """Operations declared for one test are taken out of the registry afterwards."""
    before = set(registry)
    yield
    for name in set(registry) - before:
        del registry[name]


@pytest.mark.usefixtures("declared")
def test_gradcheck_fails_on_a_wrong_partial():
    @elementwise(partial={"x": lambda x: 2 * x + 1e-2})
    def planted_square(x):
        return x * x

    with pytest.raises(GradcheckError, match=r"argument 0 at index \(0,\).*3 of 3 entries"):
        gradcheck(planted_square, np.array([0.5, -1.0, 2.0]))


@pytest.mark.usefixtures("declared")
def test_gradcheck_fails_on_one_wrong_entry():
    @structural(vjp={"a": lambda g, a: g * np.array([1.0, 1.0, 1.01])})
    def planted_identity(a):
        return a * 1.0

    with pytest.raises(GradcheckError, match=r"index \(2,\).*1 of 3 entries"):
        gradcheck(planted_identity, np.array([0.5, -1.0, 2.0]))


@pytest.mark.usefixtures("declared")
def test_gradcheck_fails_on_a_wrong_second_derivative():
    hidden = Tensor([1.0, 1.0])

    @elementwise(
        partial={"x": lambda x: 3 * (x * x if isinstance(x, np.ndarray) else x.detach() ** 2) * hidden.numpy()}
    )
    def planted_cube(x):
        return x**3

    point = np.array([0.5, -1.0])
    assert gradcheck(planted_cube, point)
    with pytest.raises(GradcheckError, match="derivative of the gradient"):
        gradcheck(planted_cube, point, order=2)


@pytest.mark.usefixtures("declared")
def test_gradcheck_fails_on_a_forward_mode_that_is_not_linear_as_declared():
    @structural(vjp={"a": lambda g, a: 2 * g * a}, linear_in=("a",))
    def planted_quadratic(a):
        return a * a

    with pytest.raises(GradcheckError, match="forward mode"):
        gradcheck(planted_quadratic, np.array([0.5, -1.0]))


def test_gradcheck_needs_something_to_check():
    with pytest.raises(ArgumentError, match="astype"):
        gradcheck(lambda x: x, np.array([1, 2]))


class Yields:
    def __call__(self, x):
        yield x

    def method(self, x):
        yield x


class Doubles:
    def __call__(self, x):
        return 2 * x


@pytest.mark.parametrize("late", [Yields(), Yields().method, partial(Yields()), partial(Yields.method, None)])
def test_a_mode_around_what_yields_is_refused_however_it_is_called(late):
    for mode in (no_grad, no_grad()):
        with pytest.raises(ArgumentError, match="would end before it begins"):
            mode(late)


@pytest.mark.parametrize("around", [no_grad, no_grad()])
def test_a_mode_is_put_around_functions_only(around):
    with pytest.raises(ArgumentError, match="no_grad around the class Doubles would leave a function"):
        around(Doubles)
    for found in (3, False, "off"):
        with pytest.raises(ArgumentError, match=f"no_grad takes a function or nothing.*found {found!r}"):
            around(found)
    x = Tensor(1.0, requires_grad=True)
    for called in (Doubles(), partial(np.multiply, 2.0), np.sin):
        assert not around(called)(x).requires_grad


def _doubled_in_place(p):
    p["a"] = p["a"] * 2
    return p["a"] ** 2


def _taken_apart(row):
    first, second = row.pop(), row.pop(0)
    row.append(first)
    return first * second**2


def test_a_function_may_change_the_containers_it_is_given():
    dictionary, row = {"a": 3.0}, [2.0, 5.0]
    assert grad(_doubled_in_place)(dictionary) == {"a": 24.0}
    assert value_and_grad(_doubled_in_place)(dictionary) == (36.0, {"a": 24.0})
    assert vjp(_doubled_in_place, dictionary)[1](1.0) == ({"a": 24.0},)
    assert jvp(_doubled_in_place, [dictionary], [{"a": 1.0}]) == (36.0, 24.0)
    assert jacobian(_doubled_in_place)(dictionary) == {"a": 24.0}
    assert hessian(_doubled_in_place)(dictionary) == {"a": {"a": 8.0}}
    assert grad(_taken_apart)(row) == [20.0, 4.0]
    assert (dictionary, row) == ({"a": 3.0}, [2.0, 5.0])


def test_an_elementwise_derivative_of_complex_numbers_is_that_of_a_holomorphic_function():
    z, x = np.array([1 + 2j, 0.5 - 1j]), np.array([0.3, 0.7])
    np.testing.assert_array_equal(elementwise_grad(lambda z: z * z, holomorphic=True)(z), 2 * z)
    np.testing.assert_allclose(elementwise_grad(np.abs)(z), z / np.abs(z))
    with pytest.raises(GraphError, match="For any other take"):
        elementwise_grad(lambda z: z * z)(z)
    for holomorphic in (False, True):
        with pytest.raises(GraphError, match="only by complex arguments"):
            elementwise_grad(lambda x: np.exp(1j * x), holomorphic=holomorphic)(x)


def test_an_adjoint_is_pulled_back_through_a_result_of_any_form():
    value, pull = vjp(lambda x, p: {"a": x * p["w"], "b": [x**2, 5.0]}, 3.0, {"w": 2.0})
    assert value == {"a": 6.0, "b": [9.0, 5.0]}
    assert pull({"a": 1.0, "b": [10.0, 1.0]}) == (2.0 + 60.0, {"w": 3.0})
    assert pull({"a": 0.0, "b": [1.0, 0.0]}) == (6.0, {"w": 0.0})
    value, pull = vjp(lambda x: (np.sin(x), x.sum()), np.array([0.0, 1.0]))
    np.testing.assert_allclose(pull((np.array([1.0, 0.0]), 2.0))[0], [3.0, 2.0])
    assert grad(lambda y: vjp(lambda x: (x * y, x * y**2), 1.0)[1]((1.0, 1.0))[0])(3.0) == 1 + 2 * 3.0
    for wrong in (1.0, {"a": 1.0}, (1.0, 1.0, 1.0), [1.0, 1.0, 1.0]):
        with pytest.raises(
            ArgumentError, match="an adjoint has the form of the result: a tuple of 2 was needed; found"
        ):
            pull(wrong)
    with pytest.raises(ShapeError):
        pull((np.ones(3), 2.0))
    with pytest.raises(ArgumentError, match="gradcheck compares one result; this function returned a tuple"):
        gradcheck(lambda x: (x, x), 1.0)


def test_a_variable_is_not_cut_unseen_by_pythons_own_functions():
    for each in (math.sin, lambda x: float(x) ** 2, lambda x: math.exp(x * x) + x, complex):
        for transform in (grad, value_and_grad, elementwise_grad, hessian):
            with pytest.raises(ArgumentError, match=r"cut the tensor unseen .* or say \.item\(\) for its value"):
                transform(each)(1.0)
    with pytest.raises(ArgumentError, match="cut the tensor unseen"):
        grad(lambda x: grad(lambda y: math.sin(x) * y)(1.0))(1.0)  # the outer variable


def test_numbers_are_made_of_what_is_not_differentiated():
    w = Tensor(2.0, requires_grad=True)
    assert grad(lambda x: x * float(w) * float(Tensor(3.0)) * x.item() * int(x))(1.0) == 6.0
    assert float(w * 2) == 4.0
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: 1 // 0)(1.0)
    assert float(Tensor(1.0, requires_grad=True)) == 1.0  # nothing is left of a run that failed


def test_of_real_arguments_a_complex_function_has_two_gradients():
    for transform in (grad, value_and_grad, hessian):
        with pytest.raises(GraphError, match="only by complex arguments"):
            transform(lambda x: np.exp(1j * x), holomorphic=True)(0.3)
    assert grad(np.sin, holomorphic=True)(0.0) == 1.0
