"""Tensor and Value as their users meet them: construction, NumPy's syntax, micrograd's, copies, text, errors."""

import copy
import inspect
import operator
import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import ArgumentError, CompileError, DomainError, IndexingError, InPlaceError, ShapeError, Tensor, Value


def test_lists_and_numbers_become_float64_and_arrays_keep_their_dtype():
    assert Tensor([1, 2]).dtype == Tensor(3).dtype == Tensor([[1.5]]).dtype == np.float64
    assert Tensor(np.array([1, 2])).dtype == np.int64
    assert Tensor(np.float32(1)).dtype == np.float32
    assert Tensor([True, False]).dtype == bool
    assert Tensor([1, 2], dtype=np.float32).dtype == np.float32


def test_a_scalar_is_a_tensor_of_shape_nothing():
    assert Tensor(2.0).shape == Value(2.0).shape == Tensor(np.array(2.0)).shape == Tensor([1.0, 2.0]).sum().shape == ()


def test_integers_cannot_require_a_gradient():
    with pytest.raises(ArgumentError, match=r"int64.*dtype=np\.float64"):
        Tensor(np.array([1, 2]), requires_grad=True)


@pytest.mark.parametrize("data", ["text", [[1.0], [1.0, 2.0]], {"a": 1}, [None], object()])
def test_what_is_no_array_of_numbers_is_refused(data):
    with pytest.raises(ArgumentError):
        Tensor(data)


def test_a_list_of_tensors_names_stack():
    with pytest.raises(ArgumentError, match="stack"):
        np.array([Value(1.0)], dtype=float)
    with pytest.raises(ArgumentError, match="stack"):
        Tensor([Value(1.0), Value(2.0)])


def test_asarray_of_a_tensor_that_requires_a_gradient_is_refused():
    with pytest.raises(ArgumentError, match=r"\.numpy\(\)"):
        np.asarray(Tensor([1.0], requires_grad=True))
    np.testing.assert_array_equal(np.asarray(Tensor([1.0])), [1.0])


def test_writing_names_the_functional_form():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(InPlaceError, match=r"x\.at\[index\]\.set"):
        x[0] = 3.0
    y = x.at[0].set(3.0)
    np.testing.assert_array_equal(y.numpy(), [3.0, 2.0])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0])
    np.testing.assert_array_equal(x.at[[0, 0]].add(1.0).numpy(), [3.0, 2.0])


def test_moving_a_leaf_by_an_operator_in_place_names_what_moves_it():
    p = Tensor([1.0, 2.0], requires_grad=True)
    (p * p).sum().backward()
    with pytest.raises(InPlaceError, match=r"p\.data -= lr \* p\.grad"), autograd.no_grad():
        p -= 0.1 * p.grad
    for method in ("iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul"):
        with pytest.raises(InPlaceError, match="this leaf"):
            getattr(operator, method)(p, 2.0)
    with pytest.raises(InPlaceError, match="this leaf"):
        autograd.compile(lambda: operator.isub(p, 0.1 * p))()
    np.testing.assert_array_equal(p.numpy(), [1.0, 2.0])
    for held in (nn.Buffer([1.0]), nn.Parameter([1.0], requires_grad=False)):
        with pytest.raises(InPlaceError, match="held by a module"):
            held *= 0.9


def test_results_constants_values_and_a_functions_own_arguments_are_given_new_values_in_place():
    p = Tensor([1.0, 2.0], requires_grad=True)
    made, constant, number = p * 1, Tensor([1.0, 1.0]), Value(1.0)
    made += p
    constant *= p
    number -= 0.5
    made.sum().backward()
    np.testing.assert_array_equal(p.grad, [2.0, 2.0])
    assert constant.requires_grad
    assert number.data == 0.5

    def doubled(x):
        x *= 2
        return x.sum()

    np.testing.assert_array_equal(autograd.grad(doubled)(np.ones(2)), [2.0, 2.0])


def test_operators_with_arrays_on_the_left_reach_the_tensor():
    x = Tensor([1.0, 2.0], requires_grad=True)
    array = np.array([3.0, 4.0])
    for out in (array * x, array + x, array - x, array / x, array**x, np.float64(2) * x, array @ x):
        assert isinstance(out, Tensor)
        assert out.requires_grad


def test_in_place_on_an_array_with_a_tensor_is_refused():
    array = np.array([3.0, 4.0])
    with pytest.raises(InPlaceError, match="result instead"):
        array += Tensor([1.0, 2.0])


def test_shape_errors_name_the_operation_and_the_shapes():
    with pytest.raises(ShapeError, match=r"matmul cannot take a: shape \(2, 3\).*b: shape \(2, 3\)"):
        Tensor(np.ones((2, 3)), requires_grad=True) @ Tensor(np.ones((2, 3)))
    with pytest.raises(ShapeError, match=r"add cannot take x: shape \(2,\).*y: shape \(3,\)"):
        Tensor([1.0, 2.0], requires_grad=True) + Tensor([1.0, 2.0, 3.0])


def test_index_errors_name_the_index():
    with pytest.raises(IndexingError, match="index=5"):
        Tensor([1.0, 2.0], requires_grad=True)[5]


def test_iteration_gives_the_parts_and_ends():
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert [each.item() for each in x] == [1.0, 2.0]
    with pytest.raises(ArgumentError, match="no length"):
        len(Value(1.0))


def test_truth_of_many_elements_is_ambiguous():
    assert bool(Value(1.0))
    assert Value(1.0) > 0
    with pytest.raises(DomainError, match=r"\.all\(\)"):
        bool(Tensor([1.0, 2.0]))


def test_comparisons_are_elementwise_and_hash_is_by_identity():
    x = Tensor([1.0, 2.0])
    np.testing.assert_array_equal((x == 1.0).numpy(), [True, False])
    assert len({x, Tensor([1.0, 2.0])}) == 2
    assert x != None  # noqa: E711  what users write


def test_comparisons_are_constant_to_differentiation():
    x = Tensor([1.0, -2.0], requires_grad=True)
    assert not any(each.requires_grad for each in (x > 0, x >= x, x < 1.0, x >= 0, x == 1.0, x != x))
    (x * (x > 0)).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 0.0])


def test_numbers_come_out():
    assert float(Value(2.5)) == Value(2.5).item() == 2.5
    assert f"{Value(2.5):.3f}" == "2.500"
    assert int(Tensor(3.7)) == 3
    with pytest.raises(ShapeError, match="item"):
        Tensor([1.0, 2.0]).item()


def test_new_data_must_have_the_same_shape_and_takes_the_dtype():
    x = Tensor(np.float32([1, 2]), requires_grad=True)
    x.data = [3.0, 4.0]
    assert x.dtype == np.float32
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        x.data = np.ones(3)
    with pytest.raises(InPlaceError, match="multiply"):
        (x * 2).data = np.ones(2)
    with pytest.raises(ArgumentError, match="complex data"):
        x.data = np.array([1.0, 1j])


def test_detach_and_switching_off_cut_the_graph():
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert not (x * 2).detach().requires_grad
    assert not x.requires_grad_(False).requires_grad


def test_leaves_copy_and_pickle_and_results_say_why_not():
    x = Tensor(np.float32([1, 2]), requires_grad=True, name="x")
    (x * x).sum().backward()
    for clone in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        np.testing.assert_array_equal(clone.numpy(), x.numpy())
        np.testing.assert_array_equal(clone.grad, x.grad)
        assert (clone.requires_grad, clone.name, clone.dtype) == (True, "x", np.float32)
        clone.data[0] = 9
        assert x.numpy()[0] == 1
    x.grad = 0
    assert copy.copy(x).grad == pickle.loads(pickle.dumps(x)).grad == 0
    for made in (copy.deepcopy, pickle.dumps):
        with pytest.raises(ArgumentError, match="detach"):
            made(x * 2)


def test_repr_tells_value_gradient_and_origin():
    x = Tensor([1.0, 2.0], requires_grad=True, name="w")
    assert repr(x) == "Tensor([1., 2.], name='w', requires_grad=True)"
    y = (x * 2).sum()
    y.backward()
    assert repr(x) == "Tensor([1., 2.], name='w', requires_grad=True, grad=array([2., 2.]))"
    assert repr(y) == "Tensor(6., made by sum)"
    assert repr(Tensor(np.float32([1]))) == "Tensor([1.], dtype=float32)"
    a = Value(2.0)
    assert repr(a) == "Value(data=2.0, grad=not computed)"
    (a * a).backward()
    assert repr(a) == "Value(data=2.0, grad=4.0)"


def test_a_value_is_one_number():
    with pytest.raises(ShapeError, match="one number"):
        Value([1.0, 2.0])
    assert isinstance(Value(2) * 3 + 1, Value)
    assert type(Value(2) * np.ones(3)) is type(Value(2) * Tensor(1.0)) is Tensor
    assert Value(2).dtype == np.float64


def test_a_place_is_needed_and_named_once_where_its_values_are_not_added():
    x = Tensor([1.0, 2.0])
    with pytest.raises(ArgumentError, match=r"x\.at\[index\]"):
        x.at.set(1.0)
    assert x.at[None].set(1.0).numpy().tolist() == [1.0, 1.0]
    for name in ("multiply", "divide", "min", "max"):
        with pytest.raises(IndexingError, match="twice"):
            getattr(x.at[[0, -2]], name)(np.array([5.0, 1.0]))
    np.testing.assert_array_equal(x.at[[1, 0]].max(np.array([5.0, 0.0])).numpy(), [1.0, 5.0])


# -- code written for micrograd ------------------------------------------------------------------------------------


def test_micrograds_own_example_gives_its_numbers():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_code_that_walks_micrograds_graph_finds_it():
    a, b = Value(2.0), Value(3.0)
    c = a * b + 1
    (product,) = c._prev
    assert (c._op, product._op, a._op) == ("add", "multiply", "")
    assert (product._prev, a._prev) == ({a, b}, set())


def test_micrograds_training_idioms_work():
    w = Value(0.5)
    for _ in range(50):
        loss = (w * 3.0 - 6.0) ** 2
        w.grad = 0
        loss.backward()
        w.data -= 0.05 * w.grad
    assert abs(w.data - 2.0) < 1e-6


# -- NumPy's functions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sin", "cos", "tanh", "relu", "sigmoid", "sum", "softmax"])
def test_a_method_says_what_the_operation_of_its_name_does(name):
    method, operation = getattr(Tensor, name), getattr(autograd, name)
    assert (method.__name__, method.__doc__) == (name, operation.__doc__)


def test_every_method_is_told():
    methods = {name: each for name, each in inspect.getmembers(Tensor, inspect.isfunction) if name[0] != "_"}
    assert len(methods) > 50
    assert [name for name, each in methods.items() if not each.__doc__ or each.__name__ in ("method", "<lambda>")] == []


def test_a_function_written_for_numpy_becomes_differentiable():
    def f(x):
        y = np.exp(-x) + np.sum(x, axis=0) * np.mean(x)
        z = np.concatenate([y, np.stack([y[0], y[1]])], axis=0)
        return np.max(np.reshape(z, (-1,))) + np.sqrt(np.abs(np.clip(z, 0.1, 2.0))).sum() + np.dot(x[0], x[1])

    point = np.array([[0.3, 1.2], [0.7, -0.4]])
    assert autograd.gradcheck(f, point, order=2)
    assert f(Tensor(point)).item() == pytest.approx(f(point), rel=1e-14)


def test_a_numpy_function_without_a_rule_is_named_with_the_nearest():
    with pytest.raises(ArgumentError, match=r"np\.polyfit.*nearest.*polyint"):
        np.polyfit(Tensor([1.0, 2.0]), [1.0, 2.0], 1)
    with pytest.raises(ArgumentError, match=r"np\.spacing"):
        np.spacing(Tensor([1.0]))
    with pytest.raises(ArgumentError, match=r"np\.sum"):
        np.add.reduceat(Tensor([1.0]), [0])


def test_parameters_by_position_and_by_name_as_numpy_has_them():
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    for found in (x.sum(0), np.sum(x, 0), autograd.sum(x, 0), autograd.sum(x, axis=0), np.sum(a=x, axis=0)):
        np.testing.assert_array_equal(found.numpy(), [3.0, 5.0, 7.0])
    assert x.reshape(3, 2).shape == x.reshape((3, 2)).shape == np.reshape(x, (3, 2)).shape == (3, 2)
    assert x.transpose(1, 0).shape == x.T.shape == np.transpose(x).shape == (3, 2)
    assert np.squeeze(x[None]).shape == np.squeeze(x[None], 0).shape == (2, 3)


def test_an_unknown_parameter_is_named():
    with pytest.raises(ArgumentError, match="no parameter 'axes'"):
        Tensor([1.0]).sum(axes=0)
    with pytest.raises(ArgumentError, match="'y' is missing"):
        autograd.multiply(Tensor([1.0]))
    with pytest.raises(ArgumentError, match="too many"):
        autograd.tanh(Tensor([1.0]), 1, 2)


def test_questions_about_shape_and_equality_are_answered_off_the_graph():
    x = Tensor([1.0, 2.0], requires_grad=True)
    assert np.shape(x) == (2,)
    assert np.ndim(x) == 1
    assert np.allclose(x, [1.0, 2.0])
    np.testing.assert_array_equal(np.zeros_like(x), [0.0, 0.0])


def test_masks_are_joined_with_pythons_operators():
    x, held = Tensor([1.0, 2.0, 4.0], requires_grad=True), np.array([True, False, True])
    inside = (x > 1) & (x < 3)
    np.testing.assert_array_equal(inside.numpy(), [False, True, False])
    np.testing.assert_array_equal((held & ~inside).numpy(), [True, False, True])
    np.testing.assert_array_equal((inside | held).numpy(), [True, True, True])
    np.testing.assert_array_equal((held ^ (x > 1)).numpy(), [True, True, False])
    assert x[inside].numpy() == [2.0]
    np.testing.assert_array_equal(inside & 1, [0, 1, 0])
    for wrong in (lambda: x & held, lambda: held | x, lambda: ~x):
        with pytest.raises(ArgumentError, match="is for masks"):
            wrong()


def test_a_mask_may_be_a_tensor():
    x = Tensor([1.0, 2.0, 4.0], requires_grad=True)
    np.sum(x**2, where=x > 1).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 4.0, 8.0])
    assert np.max(x, where=x < 3, initial=0.0) == 2.0
    assert np.sum(np.ones(3), where=x > 1) == 2.0
    with pytest.raises(ArgumentError, match="'where'"):
        np.sum(x, where=x)
    with pytest.raises(CompileError, match="plain value"):
        autograd.compile(lambda x: np.sum(x, where=x > 1))(x)


@pytest.mark.parametrize("strange", [np.ma.array([1.0, 2.0], mask=[False, True]), np.ones((1, 2)).view(np.matrix)])
def test_an_array_with_a_mask_or_a_matrix_is_no_plain_array(strange):
    for made in (Tensor, autograd.grad(np.sum), autograd.vjp):
        with pytest.raises(ArgumentError, match=f"a tensor does not take a {type(strange).__name__}; pass a plain"):
            made(strange) if made is not autograd.vjp else made(np.sum, strange)
    with pytest.raises(ArgumentError, match="does not take"):
        Tensor(np.zeros(np.shape(strange))).data = strange


def test_a_subclass_adds_to_itself_as_it_adds():
    class Own(Tensor):
        def __add__(self, other):
            return "its own"

    tensor = Own([1.0])
    tensor += 1
    assert tensor == "its own"
