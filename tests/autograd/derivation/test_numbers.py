"""Every number and every count of a derivation: against the sweep, central differences and brute force."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import ArgumentError, GraphError, Tensor, Value, no_grad, sweep
from autograd.derivation import derive
from autograd.node import ancestors

UNARY = [np.tanh, np.sin, np.arctan, np.cos, lambda x: -x, lambda x: x**2, lambda x: 0.5 * x, lambda x: x + 1]
BINARY = [lambda x, y: x + y, lambda x, y: x * y, lambda x, y: x - y, lambda x, y: x / (y * y + 1)]
CHOICES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 20)), min_size=1, max_size=7)
BINARY_CHOICES = st.lists(st.tuples(st.integers(8, 11), st.integers(0, 20)), min_size=5, max_size=7)


def grown(choices, leaves):
    """A graph grown by choices (operation, operand): each step is made of the last one, and of anything before."""
    nodes = list(leaves)
    for place, other in choices:
        x, y = nodes[-1], nodes[other % len(nodes)]
        nodes.append(UNARY[place](x) if place < len(UNARY) else BINARY[place - len(UNARY)](x, y))
    return nodes


def walked(node, wrt):
    """Every path from a node down to `wrt`, as tuples of (step, slot): brute force."""
    if node is wrt:
        return [()]
    return [
        ((node, slot), *rest)
        for slot, source in enumerate(node.inputs)
        if source is not None
        for rest in walked(source, wrt)
    ]


def recorded(choices, leaves=("y", "x")):
    """A graph and its leaf x, to which paths lead from every step."""
    nodes = grown(choices, [Value(0.3 if name == "x" else -0.7, name=name) for name in leaves])
    assume(abs(float(nodes[-1].value)) < 1e6)
    return nodes, nodes[len(leaves) - 1]


@settings(max_examples=60, deadline=None)
@given(CHOICES)
def test_the_paths_the_memo_and_the_partials_agree_with_the_sweep_and_with_central_differences(choices):
    nodes, x = recorded(choices)
    root = nodes[-1]
    derivation = derive(root, x, max_paths=10_000)
    adjoints = sweep(root)
    np.testing.assert_allclose(derivation.value, adjoints[x], rtol=1e-12)
    np.testing.assert_allclose(math.fsum(path.value for path in derivation.paths), adjoints[x], rtol=1e-9, atol=1e-12)
    for step in derivation.memo:
        np.testing.assert_allclose(step.value, adjoints[step.node], rtol=1e-12)
    for edge in derivation.partials:
        np.testing.assert_allclose(edge.value, adjoints.local(edge.step, edge.slot), rtol=1e-12)
    above, below = (grown(choices, [Value(-0.7), Value(0.3 + step)])[-1].value for step in (1e-6, -1e-6))
    np.testing.assert_allclose(derivation.value, (above - below) / 2e-6, rtol=1e-4, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(CHOICES)
def test_the_counts_are_those_of_walking_every_path(choices):
    nodes, x = recorded(choices)
    paths = walked(nodes[-1], x)
    edges = {edge for path in paths for edge in path}
    derivation = derive(nodes[-1], x, max_paths=3)
    counts = derivation.counts
    assert counts.paths == len(paths) == derivation.forms[0].count
    assert counts.path_by_path == sum(max(len(path) - 1, 0) for path in paths)
    assert counts.multiplications == sum(step is not nodes[-1] for step, _ in edges)
    assert counts.additions == len(edges) - len({step.inputs[slot] for step, slot in edges})
    for step, reads in counts.reuses.items():
        assert reads == sum(each is step for each, _ in edges)
    assert derivation.counts_of_all == sweep(nodes[-1]).counts()


@settings(max_examples=60, deadline=None)
@given(BINARY_CHOICES, st.integers(1, 4))
def test_the_paths_shown_are_the_largest_and_the_others_are_summed(choices, most):
    nodes, x = recorded(choices, leaves=("x",))
    adjoints = sweep(nodes[-1])
    sizes = [math.prod(float(adjoints.local(*edge)) for edge in path) for path in walked(nodes[-1], x)]
    form = derive(nodes[-1], x, max_paths=most).forms[0]
    largest = sorted(map(abs, sizes), reverse=True)[:most]
    np.testing.assert_allclose([abs(path.value) for path in form.paths], largest, rtol=1e-9)
    shown = math.fsum(path.value for path in form.paths)
    np.testing.assert_allclose(shown + form.remaining, math.fsum(sizes), rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(CHOICES, st.sets(st.integers(2, 8)))
def test_folding_the_unnamed_steps_changes_no_derivative(choices, named):
    nodes, x = recorded(choices)
    names = {nodes[place]: f"n_{place}" for place in named if place < len(nodes) - 1 and nodes[place].operation}
    folded = derive(nodes[-1], x, names=names, max_paths=10_000)
    np.testing.assert_allclose(
        math.fsum(path.value for path in folded.paths), sweep(nodes[-1])[x], rtol=1e-9, atol=1e-12
    )
    if any(node in names for node in ancestors(nodes[-1])):
        assert {step.node for step in folded.memo} <= {nodes[-1], x, *names}


def test_a_partial_that_is_printed_as_a_formula_has_that_formulas_value():
    x, y = Value(0.4, name="x"), Value(1.5, name="y")
    root = np.tanh(x * y) / (1 + x**3)
    for edge in derive(root, x).partials:
        assert edge.formula is not None
        np.testing.assert_allclose(edge.value, sweep(root).local(edge.step, edge.slot))


def test_paths_beyond_counting_are_counted_and_summed_without_being_walked():
    x = start = Value(0.3, name="x")
    for _ in range(200):
        x = 0.5 * x + 0.25 * x
    derivation = derive(x, start, max_paths=3)
    assert derivation.counts.paths == 2**200
    assert len(derivation.paths) == 3
    np.testing.assert_allclose(derivation.forms[0].remaining, 0.75**200, rtol=1e-9)
    assert f"{2**200 - 3:,} further paths together" in str(derivation)


def test_a_long_chain_is_derived_without_recursion_and_in_few_lines():
    x = start = Value(1.0, name="x")
    for _ in range(3_000):
        x = x * 0.999
    text = str(derive(x, start))
    assert "lines in the middle are left out" in text
    assert len(text.splitlines()) < 1_000


def test_a_derivation_keeps_the_numbers_of_its_time_when_data_is_rebound():
    w, x = Value(2.0, name="w"), Value(3.0, name="x")
    loss = (w * x) ** 2
    before = derive(loss, w)
    text = str(before)
    w.data = 100.0
    assert str(before) == text
    assert str(derive(loss, w)) == text
    assert derive(loss, w).value == 36.0


def test_a_leaf_read_before_and_after_a_change_is_told_with_both_values():
    w = Value(2.0, name="w")
    first = w * 3
    w.data = 5.0
    derivation = derive(first * w, w)
    assert derivation.value == 21.0
    assert "w = 2 then 5" in str(derivation)
    assert "v₁ · w = 6 · 5 = 30" in str(derivation)


def test_a_branch_not_taken_contributes_zero_and_not_nan():
    x = Value(0.0, name="x")
    with np.errstate(divide="ignore"):
        root = np.where(x > 0, np.log(x), 2 * x)
    derivation = derive(root, x)
    assert derivation.value == 2.0
    assert sorted(path.value for path in derivation.paths) == [0.0, 2.0]


def test_several_derivatives_share_one_memo():
    w, x = Value(2.0, name="w"), Value(3.0, name="x")
    derivation = derive((w * x) ** 2, [w, x])
    assert derivation.value == (36.0, 24.0)
    assert [form.wrt for form in derivation.forms] == [w, x]
    assert len(derivation.memo) == 4


def test_by_an_intermediate_result_and_by_the_root_itself():
    w = Value(2.0, name="w")
    h = w * 3
    root = h**2
    assert derive(root, h).value == 12.0
    assert derive(root, root).value == 1.0


@pytest.mark.parametrize("name", ["detached", "constant", "unused", "in no_grad"])
def test_no_path_is_an_error_and_not_a_zero(name):
    w, x = Value(2.0, name="w"), Value(3.0, name="x")
    with no_grad():
        silent = x * 2
    cut = {"detached": x.detach() * w, "constant": w * 3, "unused": w * 2, "in no_grad": silent * w}[name]
    with pytest.raises(GraphError, match="no path leads from x to v₁"):
        derive(cut, x)


def test_a_derivative_that_is_zero_is_told_as_zero():
    x = Value(-1.0, name="x")
    derivation = derive(x.relu() * 3, x)
    assert derivation.value == 0.0
    assert "[-1 > 0] = 0" in str(derivation)


def test_a_constant_is_refused_with_the_remedy():
    w, x = Value(2.0, name="w"), Tensor(3.0, name="x")
    with pytest.raises(GraphError, match="x to v₁: it does not require a gradient: create it with requires_grad=True"):
        derive(w * x, x)


def test_what_cannot_be_derived_is_said():
    w = Value(2.0)
    with pytest.raises(ArgumentError, match="derive takes tensors; found float"):
        derive(w * 2, 2.0)
    with pytest.raises(ArgumentError, match="nothing to derive by"):
        derive(w * 2, [])
    with pytest.raises(ArgumentError, match="digits"):
        derive(w * 2, w, digits=0)
    v = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(GraphError, match="Reduce it first"):
        derive(v * 2, v)


def test_deriving_records_nothing_on_the_graph_and_leaves_gradients_alone():
    w = Value(2.0, name="w")
    root = w**3
    with no_grad():
        assert derive(root, w).value == 12.0
    assert w.grad is None
    assert root.grad is None
