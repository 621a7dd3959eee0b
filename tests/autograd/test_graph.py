"""The record and the sweep: order, memory, threads, depth, and that nothing recorded changes."""

import asyncio
import gc
import threading
import tracemalloc
import weakref

import numpy as np
import pytest

from autograd import ArgumentError, GraphError, ShapeError, Tensor, Value, enable_grad, no_grad, sweep
from autograd.mode import record_everything
from autograd.node import ancestors


def test_a_tensor_used_twice_gets_both_contributions():
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 7.0


def test_backward_twice_on_one_graph_adds_the_right_total():
    a = Value(2.0)
    fourth = a**2 * a**2
    fourth.backward()
    assert a.grad == 32.0
    fourth.backward()
    assert a.grad == 64.0


def test_a_sweep_starts_from_a_tensor():
    with pytest.raises(ArgumentError, match="ndarray"):
        sweep(np.ones(3))


def test_two_graphs_over_one_leaf_add_up():
    w = Tensor([1.0, 2.0], requires_grad=True)
    (w * 3).sum().backward()
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, [5.0, 7.0])


def test_inner_results_keep_no_gradient_unless_asked():
    x = Tensor([1.0, 2.0], requires_grad=True)
    plain, asked = x * 2, x * 3
    asked.retain_grad()
    (plain * asked).sum().backward()
    assert plain.grad is None
    np.testing.assert_array_equal(asked.grad, [2.0, 4.0])


def test_every_inner_value_keeps_its_gradient_as_in_micrograd():
    a, b = Value(2.0), Value(-3.0)
    product = a * b
    (product * 2).backward()
    assert product.grad == 2.0


def test_the_sweep_gives_the_adjoint_of_every_node():
    x = Value(3.0)
    y = x * x
    z = y * y
    adjoints = sweep(z)
    assert (adjoints[z], adjoints[y], adjoints[x]) == (1.0, 18.0, 108.0)
    assert x.grad is None


def test_edges_sum_to_the_adjoint_of_their_input():
    x = Value(1.5)
    y = x * x
    z = y * x
    adjoints = sweep(z)
    into_x = sum(each for (step, slot), each in adjoints.edges.items() if step.inputs[slot] is x)
    assert into_x == adjoints[x] == 3 * 1.5**2


def test_edges_below_a_mask_are_what_the_sweep_adds_up():
    x = Tensor([0.0, 2.0], requires_grad=True)
    with np.errstate(divide="ignore"):
        logarithm = np.log(x)
    adjoints = sweep(np.where(x.numpy() > 0, logarithm, 0.0).sum())
    np.testing.assert_array_equal(adjoints.edges[logarithm, 0], [0.0, 0.5])
    np.testing.assert_array_equal(adjoints[x], [0.0, 0.5])


def test_local_partials_stand_on_the_edges():
    x, y = Value(2.0), Value(5.0)
    z = x * y
    adjoints = sweep(z)
    assert (adjoints.local(z, 0), adjoints.local(z, 1)) == (5.0, 2.0)


def test_counts_are_exact_where_paths_are_too_many_to_walk():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    counts = sweep(y).counts()
    assert counts.paths == 2**60
    assert counts.multiplications == 2 * 60 - 2
    assert counts.path_by_path == 59 * 2**60
    assert counts.additions == 60


def test_there_is_nothing_to_multiply_from_a_leaf_to_itself():
    counts = sweep(Value(1.0)).counts()
    assert (counts.paths, counts.path_by_path, counts.multiplications, counts.additions) == (1, 0, 0, 0)


def test_a_node_without_a_path_is_told_apart_from_zero():
    x, unused = Value(2.0), Value(3.0)
    flat = x * 0.0
    adjoints = sweep(flat)
    assert adjoints[x] == 0.0
    with pytest.raises(GraphError, match="no path"):
        adjoints[unused]
    assert unused.grad is None


def test_a_result_of_constants_says_why_it_has_no_gradient():
    with pytest.raises(GraphError, match="requires_grad=True"):
        (Tensor([1.0]) * 2).backward()


def test_a_root_of_many_elements_needs_a_seed_of_its_shape():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(GraphError, match=r"root\.sum\(\)"):
        (x * 2).backward()
    with pytest.raises(ShapeError, match=r"\(3,\)"):
        (x * 2).backward(np.ones(3))
    (x * 2).backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [2.0, 20.0])


def test_a_failed_backward_leaves_no_trace():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    with pytest.raises(GraphError):
        y.backward()
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])


def test_a_million_steps_are_swept_without_recursion():
    x = Value(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert x.grad == 1.0
    del y


def test_a_wide_sum_is_swept():
    xs = [Value(float(i)) for i in range(5000)]
    sum(xs).backward()
    assert {x.grad for x in xs} == {1.0}


def test_creation_order_is_a_topological_order():
    x = Value(2.0)
    z = (x * x) * (x + 1)
    nodes = ancestors(z)
    place = {node: i for i, node in enumerate(nodes)}
    assert nodes[0] is z
    assert all(place[node] < place[source] for node in nodes for source in node.inputs if source is not None)


def test_a_graph_is_freed_at_once_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = Tensor(np.ones(3), requires_grad=True)
        y = (x * x).sum()
        y.backward()
        middle = weakref.ref(x * 2)
        alive = weakref.ref(y)
        del y
        assert middle() is None
        assert alive() is None
    finally:
        gc.enable()


def test_equal_steps_do_not_grow_in_memory():
    x = Tensor(np.ones(100), requires_grad=True)

    def step():
        x.grad = None
        (x * x).sum().backward()
        x.data -= 0.001 * x.grad

    for _ in range(20):
        step()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(200):
        step()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000


# -- nothing recorded changes ------------------------------------------------------------------------------------


def test_new_data_in_a_leaf_does_not_reach_a_recorded_graph():
    w = Tensor([2.0, 3.0], requires_grad=True)
    y = (w * w).sum()
    w.data = np.array([10.0, 10.0])
    y.backward()
    np.testing.assert_array_equal(w.grad, [4.0, 6.0])


def test_new_data_in_a_leaf_does_not_reach_a_second_derivative():
    w = Tensor([2.0, 3.0], requires_grad=True)
    y = (w**3).sum()
    w.data = np.array([10.0, 10.0])
    slope = sweep(y, create_graph=True)[w]
    np.testing.assert_array_equal(slope.numpy(), [12.0, 27.0])
    np.testing.assert_array_equal(sweep(slope.sum())[w], [12.0, 18.0])


def test_in_place_updates_of_data_do_not_reach_a_recorded_graph():
    w = Tensor([2.0, 3.0], requires_grad=True)
    y = (w * w).sum()
    w.data -= 1.0
    w.data[0] = 7.0
    y.backward()
    np.testing.assert_array_equal(w.grad, [4.0, 6.0])
    np.testing.assert_array_equal(w.numpy(), [7.0, 2.0])


def test_the_array_a_tensor_was_made_from_may_be_written_to():
    array = np.array([1.0, 2.0])
    x = Tensor(array, requires_grad=True)
    y = (x * x).sum()
    array[:] = 100.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_a_captured_constant_may_be_written_to():
    x = Tensor([1.0, 1.0], requires_grad=True)
    constant = np.array([2.0, 3.0])
    y = (x * constant).sum()
    constant[:] = 100.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 3.0])


def test_an_array_given_as_data_may_be_written_to_once_it_was_read():
    x = Tensor([1.0, 1.0], requires_grad=True)
    new = np.array([2.0, 3.0])
    x.data = new
    y = (x * x).sum()
    new[:] = 100.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [4.0, 6.0])


def test_a_gradient_handed_out_may_be_written_to():
    a, b = (Tensor([1.0, 1.0], requires_grad=True) for _ in range(2))
    y = (a + b).sum()
    y.backward()
    a.grad *= 10
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])
    y.backward()
    np.testing.assert_array_equal(b.grad, [2.0, 2.0])


def test_a_seed_handed_in_may_be_written_to_and_is_not_shared():
    a = Tensor([1.0, 1.0], requires_grad=True)
    seed = np.array([1.0, 2.0])
    y = a + 0.0
    y.backward(seed)
    seed[:] = 0
    a.grad += 1
    np.testing.assert_array_equal(a.grad, [2.0, 3.0])


def test_a_seed_may_be_a_tensor_and_gradients_stay_plain_arrays():
    x = Tensor([1.0, 2.0], requires_grad=True)
    for y in (x, x * x):
        x.zero_grad()
        y.backward(Tensor([1.0, 2.0]))
        assert type(x.grad) is np.ndarray
        x.grad *= 2
    np.testing.assert_array_equal(x.grad, [4.0, 16.0])
    assert type(sweep(x * x, Tensor([1.0, 2.0]))[x]) is np.ndarray


def test_an_adjoint_that_comes_to_whole_numbers_is_refused_and_not_truncated():
    whole = Tensor(np.array([1, 2]))
    whole.requires_grad = True
    with pytest.raises(GraphError, match=r"an adjoint came to a tensor of int64.*detach"):
        (whole * 1.5).sum().backward()
    with pytest.raises(GraphError, match="the root is of int64"):
        whole.sum().backward()


def test_whole_numbers_made_of_a_tensor_are_constant():
    x, y = Tensor([1.5, 2.5], requires_grad=True), Tensor([1.0, 2.0], requires_grad=True)
    for whole in (x.astype(np.int64), x.astype(bool), x.sum(dtype=int)):
        assert not whole.requires_grad
    (x.astype(np.int64) * y - x).sum().backward()
    np.testing.assert_array_equal(x.grad, [-1.0, -1.0])
    np.testing.assert_array_equal(y.grad, [1.0, 2.0])


def test_a_seed_has_to_be_numbers_that_the_root_can_have():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ArgumentError, match="seed is complex"):
        (x * x).backward(np.array([1.0, 1j]))
    with pytest.raises(ArgumentError, match=r"the seed takes numbers.*str"):
        (x * x).sum().backward("one")


def test_values_handed_out_are_read_only():
    x = Tensor([1.0, 2.0], requires_grad=True)
    for array in (x.numpy(), (x * 2).data, (x * 2).numpy(), sweep((x * x).sum())[x]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5.0


@pytest.mark.parametrize(
    ("f", "given"),
    [
        (lambda x, index: x[index], np.array([0, 1])),
        (lambda x, index: x[index], [0, 1]),
        (lambda x, index: x[index, index], [0, 1]),
        (lambda x, index: x[(index, slice(1, 2))], [0, 1]),
        (lambda x, index: x.at[index].set(2 * x[:2]), [0, 1]),
        (lambda x, counts: np.repeat(x, counts, axis=0), np.array([0, 1, 2])),
        (lambda x, mask: np.sum(x, where=mask), np.eye(3) > 0),
        (lambda x, low: np.clip(x, low, 10.0), np.full((3, 3), 3.0)),
        (lambda x, axes: np.transpose(x, axes) * np.arange(3), [0, 1]),
    ],
)
def test_an_index_a_mask_or_any_parameter_may_be_written_to(f, given):
    x, y = (Tensor(np.arange(9.0).reshape(3, 3), requires_grad=True) for _ in range(2))
    (f(x, given) ** 2).sum().backward()
    later = f(y, given) ** 2
    given[:] = given[::-1] if isinstance(given, list) else 1 - 1 * given
    later.sum().backward()
    np.testing.assert_array_equal(y.grad, x.grad)


# -- modes ---------------------------------------------------------------------------------------------------------


def test_no_grad_records_nothing_and_ends_with_its_block():
    x = Value(2.0)
    with no_grad():
        assert not (x * x).requires_grad
        with enable_grad():
            assert (x * x).requires_grad
        assert not (x * x).requires_grad
    assert (x * x).requires_grad


def test_no_grad_is_a_decorator_and_survives_exceptions():
    x = Value(2.0)

    @no_grad()
    def fails():
        assert not (x * x).requires_grad
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fails()
    assert (x * x).requires_grad


def test_a_mode_is_a_decorator_without_parentheses_too():
    x = Value(2.0)

    @no_grad
    def constant():
        return x * x, enable_grad(lambda: x * x)()

    cut, recorded = constant()
    assert (cut.requires_grad, recorded.requires_grad) == (False, True)


def test_a_mode_around_what_runs_later_is_refused():
    def numbers():
        yield 1

    async def waits():
        return 1

    for wrong in (numbers, waits):
        for mode in (no_grad, no_grad()):
            with pytest.raises(ArgumentError, match=r"with no_grad\(\):"):
                mode(wrong)


def test_record_everything_records_constants_too():
    with record_everything():
        y = Tensor([1.0]) * 2
    assert y.operation.name == "multiply"
    assert not y.requires_grad


def test_threads_do_not_share_no_grad():
    inside, leave = threading.Event(), threading.Event()
    seen = []

    def other():
        with no_grad():
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(5)
    x = Value(2.0)
    seen.append((x * x).requires_grad)
    leave.set()
    thread.join()
    assert seen == [True]


def test_tasks_do_not_share_no_grad():
    async def without(entered):
        with no_grad():
            entered.set()
            await asyncio.sleep(0.01)

    async def with_gradients(entered):
        await entered.wait()
        return (Value(2.0) * 2).requires_grad

    async def both():
        entered = asyncio.Event()
        return (await asyncio.gather(without(entered), with_gradients(entered)))[1]

    assert asyncio.run(both())


def test_threads_with_graphs_of_their_own_do_not_disturb_each_other():
    wrong = []

    def work(seed):
        rng = np.random.default_rng(seed)
        for _ in range(100):
            x = Tensor(rng.standard_normal(5), requires_grad=True)
            (x * x * x).sum().backward()
            if not np.allclose(x.grad, 3 * x.numpy() ** 2):
                wrong.append(seed)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []


def test_the_users_error_state_does_not_break_a_backward_pass():
    x = Tensor([0.0, 1.0], requires_grad=True)
    y = np.sqrt(x).sum()
    with np.errstate(all="raise"):
        y.backward()
    np.testing.assert_array_equal(x.grad, [np.inf, 0.5])


# -- branches not taken --------------------------------------------------------------------------------------------


def test_a_branch_not_taken_gives_zero_where_its_own_derivative_is_infinite():
    x = Tensor([0.0, 2.0], requires_grad=True)
    with np.errstate(all="ignore"):
        np.where(x > 0, np.log(x), 0.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.5])


def test_a_branch_not_taken_gives_zero_through_several_steps_and_when_recorded():
    x = Tensor([0.0, 4.0], requires_grad=True)
    with np.errstate(all="ignore"):
        y = np.where(x > 0, np.sqrt(x) * np.log(x), 0.0).sum()
        recorded = sweep(y, create_graph=True)[x]
    y.backward()
    expected = [0.0, np.log(4.0) / 4 + 0.5]
    np.testing.assert_allclose(x.grad, expected)
    np.testing.assert_allclose(recorded.numpy(), expected)


def test_adjoints_of_a_recorded_sweep_are_tensors_where_they_are_constant_too():
    x = Tensor([2.0], requires_grad=True)
    first = sweep(np.prod(x), np.ones(()), create_graph=True)[x]
    assert isinstance(sweep((3 * first).sum(), create_graph=True)[x], Tensor)
