"""Layers: PyTorch's outputs, states and derivatives to second order, over options, shapes, modes and dtypes."""

from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor, grad, gradcheck, sweep
from tests.reference.layers import CASES, batches, numbers

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "layers.npz")


def expected(key, part):
    start = f"{key}/{part}/"
    return {name.removeprefix(start): GOLDEN[name] for name in GOLDEN if name.startswith(start)}


def made(key, dtype=np.float64):
    """The module of a case, with the state that PyTorch's had."""
    name, arguments, options, shapes = CASES[key]
    module = getattr(nn, name)(*arguments, **options)
    module.load_state_dict(expected(key, "before"))
    inputs = [[each.astype(dtype) for each in batch] for batch in batches(key, shapes)]
    return module.astype(dtype), inputs


def values(found):
    return found.numpy() if isinstance(found, Tensor) else found


def derivatives(key, module, inputs):
    tensors = [Tensor(each, requires_grad=True) for each in inputs]
    leaves = {f"input{i}": each for i, each in enumerate(tensors)} | dict(module.named_parameters())
    out = module(*tensors)
    adjoints = sweep((out * numbers(f"{key}/seed", out.shape).astype(out.dtype)).sum(), create_graph=True)
    first = {name: adjoints[each] for name, each in leaves.items()}
    along = sum((g * numbers(f"{key}/along", g.shape).astype(out.dtype)).sum() for g in first.values())
    found = {"output": out.numpy()} | {f"first/{name}": g.numpy() for name, g in first.items()}
    again = sweep(along) if along.requires_grad else {}
    for name, leaf in leaves.items():
        found[f"second/{name}"] = again[leaf] if leaf in again else np.zeros(leaf.shape)
    return found


def compare(found, golden, **close):
    assert found.keys() == golden.keys()
    for name, each in found.items():
        assert each.shape == golden[name].shape
        np.testing.assert_allclose(each, golden[name], err_msg=name, **close)


@pytest.mark.parametrize("key", CASES)
def test_a_layer_is_pytorchs_in_training_and_evaluation_to_second_order(key):
    module, inputs = made(key)
    for batch in inputs:
        trained = derivatives(key, module, batch)
    compare(trained, expected(key, "train"), rtol=1e-11, atol=1e-12)
    compare(module.state_dict(), expected(key, "after"), rtol=1e-13, atol=1e-15)
    compare(derivatives(key, module.eval(), inputs[-1]), expected(key, "eval"), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("key", CASES)
def test_a_float32_layer_stays_float32_and_is_as_near_as_that_allows(key):
    module, inputs = made(key, np.float32)
    for batch in inputs:
        found = module(*batch)
    assert found.dtype == np.float32
    golden = expected(key, "train")["output"]
    np.testing.assert_allclose(values(found), golden, rtol=2e-5, atol=2e-6 * max(1.0, np.abs(golden).max()))
    assert {each.dtype for each in (*module.parameters(), *module.buffers()) if each.ndim} <= {np.dtype(np.float32)}


@pytest.mark.parametrize("key", CASES)
def test_compiled_or_not_a_layer_gives_the_same_and_its_averages_move_on(key):
    (eager, inputs), (compiled, _) = made(key), made(key)
    step = autograd.compile(lambda *batch: compiled(*batch))
    for batch in inputs:
        np.testing.assert_allclose(values(step(*batch)), values(eager(*batch)), rtol=1e-13, atol=1e-15)
    assert step.recompiles == 0
    compare(compiled.state_dict(), eager.state_dict(), rtol=1e-14, atol=1e-15)


def test_batch_normalization_before_or_after_the_activation_and_a_bias_before_it_is_redundant():
    x = numbers("x", (6, 3))
    linear, norm = nn.Linear(3, 4, rng=0), nn.BatchNorm1d(4)
    with_bias = norm(linear(x)).numpy()
    linear.bias.assign(linear.bias.numpy() + 5.0)
    np.testing.assert_allclose(values(norm(linear(x))), with_bias, atol=1e-12)
    after = nn.Sequential(linear, nn.Tanh(), nn.BatchNorm1d(4))(x).numpy()
    np.testing.assert_allclose(after.mean(axis=0), 0, atol=1e-12)
    assert not np.allclose(nn.Sequential(linear, nn.BatchNorm1d(4), nn.Tanh())(x).numpy().mean(axis=0), 0, atol=1e-3)


def test_running_averages_are_the_courses_with_its_share_the_other_way_around():
    norm, x = nn.BatchNorm1d(1, momentum=1 - 0.9), np.array([[1.0], [3.0]])
    norm(x)
    assert norm.running_mean.numpy() == pytest.approx(0.9 * 0 + 0.1 * 2.0)
    assert norm.running_var.numpy() == pytest.approx(0.9 * 1 + 0.1 * 2.0)
    assert norm.eval()(x).numpy()[0, 0] == pytest.approx((1.0 - 0.2) / np.sqrt(1.1 + 1e-5))


def test_batch_normalization_needs_more_than_one_value_in_training_alone():
    norm = nn.BatchNorm1d(3)
    with pytest.raises(DomainError, match=r"more than one value .* \.eval\(\)"):
        norm(np.ones((1, 3)))
    assert norm.eval()(np.ones((1, 3))).shape == (1, 3)


def test_batch_normalization_without_averages_needs_more_than_one_value_in_evaluation_too():
    norm = nn.BatchNorm1d(3, track_running_stats=False).eval()
    with pytest.raises(DomainError, match=r"without averages; found \(1, 3\): give a larger batch$"):
        norm(np.ones((1, 3)))
    assert norm(np.ones((1, 3, 2))).shape == (1, 3, 2)


@pytest.mark.parametrize("momentum", [0.1, None])
def test_a_batch_of_no_rows_leaves_the_running_averages_and_is_counted(momentum):
    norm = nn.BatchNorm1d(3, momentum=momentum)
    assert norm(np.ones((0, 3))).shape == (0, 3)
    state = norm.state_dict()
    assert (state["running_mean"].tolist(), state["running_var"].tolist()) == ([0.0] * 3, [1.0] * 3)
    assert state["num_batches_tracked"] == 1  # as PyTorch counts it


@pytest.mark.parametrize(
    ("layer", "inputs", "said"),
    [
        (lambda: nn.BatchNorm1d(3), (np.ones((2, 4)),), r"\(N, 3\).*found \(2, 4\)"),
        (lambda: nn.BatchNorm1d(3), (np.ones(3),), r"\(N, 3\).*found \(3,\)"),
        (lambda: nn.LayerNorm((3, 4)), (np.ones((3, 3)),), r"\(\.\.\., 3, 4\); found \(3, 3\)"),
        (lambda: nn.RMSNorm(4), (np.ones(3),), r"found \(3,\)"),
        (lambda: nn.Bilinear(3, 2, 1, rng=0), (np.ones((5, 3)), np.ones((4, 2))), r"found \(5, 3\) and \(4, 2\)"),
        (lambda: nn.Residual(nn.Linear(3, 2, rng=0)), (np.ones((5, 3)),), "give a shortcut"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_with_what_would(layer, inputs, said):
    with pytest.raises(ShapeError, match=said):
        layer()(*inputs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(2, 2, rng=0),
        lambda: nn.BatchNorm1d(2),
        lambda: nn.LayerNorm(2),
        lambda: nn.RMSNorm(2),
        lambda: nn.Dropout(0.5, rng=0),
        lambda: nn.ClassicDropout(0.5, rng=0),
        lambda: nn.AlphaDropout(0.5, rng=0),
        lambda: nn.Softplus(),
    ],
)
def test_lists_and_whole_numbers_give_what_their_floats_give(make):
    rows = [[1, 2], [3, 5], [-2, 0]]
    for module, other in ((make(), make()), (make().eval(), make().eval())):
        expected = values(other(np.array(rows, float)))
        np.testing.assert_array_equal(values(module(rows)), expected)
        np.testing.assert_array_equal(values(make().train(module.training)(np.array(rows))), expected)


def test_flatten_refuses_axes_that_are_not_there():
    with pytest.raises(ArgumentError, match=r"Flatten\(1, -1\).*found shape \(3,\)"):
        nn.Flatten()(np.ones(3))
    with pytest.raises(ArgumentError, match="in this order"):
        nn.Flatten(2, 1)(np.ones((2, 3, 4)))


def test_a_residual_block_adds_its_input_and_its_derivative_adds_one():
    block = nn.Residual(nn.Linear(3, 3, rng=0))
    x = numbers("x", (2, 3))
    np.testing.assert_allclose(values(block(x)), values(block.block(x)) + x)
    slope = grad(lambda x: block(x).sum())(x) - grad(lambda x: block.block(x).sum())(x)
    np.testing.assert_allclose(values(slope), np.ones((2, 3)), rtol=1e-12)
    wider = nn.Residual(nn.Linear(3, 5, rng=0), shortcut=nn.Linear(3, 5, bias=False, rng=1))
    assert wider(x).shape == (2, 5)
    assert [name for name, _ in wider.named_parameters()] == ["block.weight", "block.bias", "shortcut.weight"]


# -- dropout -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.Dropout, nn.ClassicDropout, nn.AlphaDropout])
def test_dropout_keeps_the_share_it_says_and_the_expectation_of_its_evaluation(kind):
    x = np.random.default_rng(1).standard_normal(200_000)
    layer = kind(0.3, rng=0)
    trained = layer(x)
    numbers_found, counts = np.unique(trained, return_counts=True)
    dropped = trained == numbers_found[counts.argmax()]
    assert dropped.mean() == pytest.approx(0.3, abs=5 * np.sqrt(0.3 * 0.7 / x.size))
    slope = np.polyfit(x, trained, 1)[0]
    if kind is not nn.AlphaDropout:
        assert slope == pytest.approx(np.polyfit(x, layer.eval()(x), 1)[0], abs=0.01)
    else:
        assert (trained.mean(), trained.std()) == (pytest.approx(0, abs=0.02), pytest.approx(1, abs=0.02))
        assert layer.eval()(x) is x


@pytest.mark.parametrize("kind", [nn.Dropout, nn.ClassicDropout, nn.AlphaDropout])
@pytest.mark.parametrize("p", [0.0, 0.4, 1.0])
def test_gradients_through_dropout_are_those_of_what_was_drawn(kind, p):
    x = Tensor(numbers("x", (4, 5)), requires_grad=True)
    layer = kind(p, rng=3)
    out = layer(x)
    out.sum().backward()
    again = kind(p, rng=3)(x.numpy() + 1e-6)
    np.testing.assert_allclose(x.grad, (again - out.numpy()) / 1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", [nn.Dropout, nn.ClassicDropout, nn.AlphaDropout])
def test_dropout_draws_the_same_from_the_same_seed_compiled_or_not_and_keeps_float32(kind):
    eager, layer = kind(0.5, rng=7), kind(0.5, rng=7)
    compiled = autograd.compile(lambda x: layer(x))
    x = np.ones((3, 4), np.float32)
    drawn = [eager(x) for _ in range(4)]
    assert {each.dtype for each in drawn} == {np.dtype(np.float32)}
    assert not all(np.array_equal(each, drawn[0]) for each in drawn)
    for each in drawn:
        np.testing.assert_array_equal(compiled(x), each)


def test_a_probability_outside_0_to_1_is_refused():
    with pytest.raises(DomainError, match=r"between 0 and 1; found 1\.5"):
        nn.Dropout(1.5)


# -- the perceptron ------------------------------------------------------------------------------------------------


def test_a_perceptron_has_the_parts_it_was_asked_for_in_the_order_of_its_forward_pass():
    model = nn.MLP([3, 5, 5, 2], "tanh", norm="batch", dropout=[0.1, 0.5], residual=True, init="he_normal", rng=0)
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        "layers.0.weight", "layers.1.weight", "layers.2.weight", "layers.2.bias",
        "norms.0.weight", "norms.0.bias", "norms.1.weight", "norms.1.bias",
    ]  # fmt: skip
    assert not model.layers[2].bias.numpy().any()
    assert [each.p for each in model.dropouts] == [0.1, 0.5]
    model.eval()
    x = numbers("x", (4, 3))
    first = np.tanh(model.norms[0](model.layers[0](x)))
    second = first + np.tanh(model.norms[1](model.layers[1](first)))
    np.testing.assert_allclose(values(model(x)), values(model.layers[2](second)))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"activation": "rely"}, "no activation 'rely'; choose one of"),
        ({"norm": "group"}, "no normalization 'group'; choose one of batch, layer, rms"),
        ({"init": "he"}, "no initialization 'he'"),
        ({"dropout": [0.1, 0.2]}, "one for each of 1 hidden"),
        ({"residual": True}, "keeps its width"),
    ],
)
def test_a_perceptron_names_what_it_was_asked_for_and_has_not(options, said):
    with pytest.raises(ArgumentError, match=said):
        nn.MLP([3, 4, 2], **options)


@pytest.mark.parametrize("options", [{"dropout": 0.5}, {"dropout": [0.5]}, {"norm": "batch"}, {"residual": True}])
def test_a_perceptron_without_hidden_layers_refuses_what_would_act_on_them(options):
    with pytest.raises(ArgumentError, match=rf"{next(iter(options))} would act on hidden layers, and sizes=\[2, 1\]"):
        nn.MLP([2, 1], **options)
    assert nn.MLP([2, 1], dropout=0.0, norm=None, residual=False).count_parameters() == 3


def test_a_perceptron_takes_probabilities_in_an_array():
    assert [each.p for each in nn.MLP([2, 3, 3, 1], dropout=np.array([0.1, 0.2])).dropouts] == [0.1, 0.2]


@pytest.mark.parametrize("norm", [None, "batch", "layer", "rms"])
def test_a_perceptron_checks_against_differences_to_second_order(norm):
    model = nn.MLP([3, 4, 4, 1], "tanh", norm=norm, residual=True, rng=0)
    assert gradcheck(lambda x: model(x).sum(), numbers("x", (3, 3)), order=2)


@pytest.mark.parametrize(
    "make", [lambda: nn.BatchNorm1d(0), lambda: nn.LayerNorm(-1), lambda: nn.LayerNorm((3, 2.5)), lambda: nn.RMSNorm(0)]
)
def test_sizes_that_are_none_are_refused(make):
    with pytest.raises(ArgumentError, match="a whole number above 0; found"):
        make()
