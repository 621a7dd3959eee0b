"""Modules, layers and losses: PyTorch's numbers, the tree, state, text, scopes and errors."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import ArgumentError, DomainError, ShapeError, Tensor
from autograd.node import owners
from nn import init

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "network.npz")
STATE = {name.removeprefix("state/"): GOLDEN[name] for name in GOLDEN if name.startswith("state/")}


def values(found):
    return found.numpy() if isinstance(found, Tensor) else found


def network(dtype=np.float64):
    """The network of the golden file, with its state."""
    model = nn.Sequential(
        nn.Linear(4, 5, dtype=dtype), nn.Tanh(), nn.Linear(5, 6, dtype=dtype), nn.ReLU(), nn.Linear(6, 3, dtype=dtype)
    )
    model.load_state_dict(STATE)
    return model


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("name", "loss", "target"),
    [
        ("cross_entropy", nn.cross_entropy, "classes"),
        ("cross_entropy_shares", nn.cross_entropy, "shares"),
        ("mse_loss", nn.mse_loss, "values"),
    ],
)
def test_a_pytorch_state_gives_pytorchs_outputs_losses_and_gradients(name, loss, target, reduction):
    model, x = network(), Tensor(GOLDEN["x"], requires_grad=True)
    out = model(x)
    np.testing.assert_allclose(out.numpy(), GOLDEN["output"], rtol=1e-13)
    value = loss(out, GOLDEN[target], reduction=reduction)
    key = f"{name}/{reduction}"
    np.testing.assert_allclose(value.numpy(), GOLDEN[f"{key}/value"], rtol=1e-12)
    value.sum().backward()
    np.testing.assert_allclose(x.grad, GOLDEN[f"{key}/x"], rtol=1e-12, atol=1e-15)
    for path, parameter in model.named_parameters():
        np.testing.assert_allclose(parameter.grad, GOLDEN[f"{key}/{path}"], rtol=1e-12, atol=1e-14)


def test_a_float32_model_stays_float32():
    model = network(np.float32)
    loss = nn.cross_entropy(model(GOLDEN["x"].astype(np.float32)), GOLDEN["classes"])
    loss.backward()
    assert {loss.dtype, *(each.grad.dtype for each in model.parameters())} == {np.dtype(np.float32)}
    assert {each.dtype for each in network().astype(np.float32).parameters()} == {np.dtype(np.float32)}
    with pytest.raises(ArgumentError, match="int64"):
        network().astype(np.int64)


def test_the_courses_network_has_23_parameters():
    model = nn.MLP([3, 3, 2, 1], "sigmoid", rng=0)
    assert model.count_parameters() == 23
    assert model.summary().splitlines()[-1].split() == ["total", "MLP", "23", "184"]
    seen = model.summary([3]).splitlines()
    assert seen[0].split() == ["module", "kind", "output", "parameters", "bytes", "multiplications"]
    assert seen[-1].split() == ["total", "MLP", "1", "×", "1", "23", "184", "17"]
    assert model.training


def test_parameters_are_found_in_order_in_lists_dicts_and_once_when_shared():
    class Tree(nn.Module):
        def __init__(self):
            self.first = nn.Linear(2, 2, rng=0)
            self.many = [nn.Linear(2, 2, bias=False, rng=0), {"deep": nn.Parameter(np.ones(3))}]
            self.again = self.first
            self.note = "not a module"

    names = [name for name, _ in Tree().named_parameters()]
    assert names == ["many.1.deep", "first.weight", "first.bias", "many.0.weight"]
    assert [name for name, _ in Tree().named_modules()] == ["", "first", "many.0"]


def test_layers_of_one_seed_start_differently_and_the_same_seed_alike():
    model, same = nn.MLP([4, 4, 4], rng=0), nn.MLP([4, 4, 4], rng=0)
    first, second = (layer.weight.numpy() for layer in model.layers)
    assert not np.array_equal(first, second)
    np.testing.assert_equal(model.state_dict(), same.state_dict())


def test_start_values_have_their_distributions():
    rng, shape = np.random.default_rng(0), (300, 200)
    weight = nn.Linear(200, 300, rng=rng).weight.numpy()
    assert np.abs(weight).max() <= 1 / np.sqrt(200)
    assert weight.std() == pytest.approx(1 / np.sqrt(3 * 200), rel=0.02)
    assert init.xavier_uniform(rng, shape).std() == pytest.approx(np.sqrt(2 / 500), rel=0.02)
    assert init.xavier_normal(rng, shape).std() == pytest.approx(np.sqrt(2 / 500), rel=0.02)
    assert init.he_normal(rng, shape).std() == pytest.approx(np.sqrt(2 / 200), rel=0.02)
    assert np.abs(init.he_uniform(rng, shape)).max() == pytest.approx(np.sqrt(6 / 200), rel=0.01)
    assert init.fans((8, 3, 5, 5)) == (75, 200)
    with pytest.raises(ShapeError, match="two axes"):
        init.fans((3,))


def test_a_state_that_does_not_fit_lists_everything_and_loads_nothing():
    model = network()
    before = model.state_dict()
    state = {**STATE, "0.bias": np.zeros(7), "extra": np.zeros(1)}
    del state["4.weight"]
    with pytest.raises(
        nn.StateError, match=r"missing: 4\.weight; unexpected: extra; of another shape: 0\.bias \(here \(5,\)"
    ):
        model.load_state_dict(state)
    with pytest.raises(nn.StateError, match="another shape"):
        model.load_state_dict(state, strict=False)
    np.testing.assert_equal(model.state_dict(), before)
    model.load_state_dict({"0.bias": np.ones(5)}, strict=False)
    np.testing.assert_array_equal(model[0].bias.numpy(), np.ones(5))


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("0.bias", np.array([None, 1.0], object), "object"),
        ("0.bias", np.array(["a", "b"]), "<U1"),
        ("0.bias", np.array([1j, 2.0]), "complex128"),
        ("1.num_batches_tracked", 1.5, "float64"),
    ],
)
def test_a_state_of_a_kind_that_would_lose_something_is_refused_and_loads_nothing(name, given, kind):
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.BatchNorm1d(2))
    before = model.state_dict()
    state = {**nn.Sequential(nn.Linear(2, 2, rng=1), nn.BatchNorm1d(2)).state_dict(), name: given}
    with pytest.raises(nn.StateError, match=rf"nothing was loaded: of another kind: {name} \(here .*, given {kind}\)"):
        model.load_state_dict(state)
    np.testing.assert_equal(model.state_dict(), before)
    model.load_state_dict({**state, name: np.ones(model.state_dict()[name].shape, int)})


def test_a_state_with_rows_of_different_lengths_is_refused_and_loads_nothing():
    model = network()
    before = model.state_dict()
    with pytest.raises(nn.StateError, match=r"'0\.weight' has rows of different lengths .*, and nothing was loaded"):
        model.load_state_dict({**STATE, "0.weight": [[1], [2, 3]]})
    np.testing.assert_equal(model.state_dict(), before)


def test_a_state_that_is_no_dict_is_refused():
    with pytest.raises(ArgumentError, match="a dict of arrays by name; found list"):
        network().load_state_dict([np.ones(5)])


def test_a_state_is_a_copy_in_both_directions():
    model, state = network(), {name: each.copy() for name, each in STATE.items()}
    model.load_state_dict(state)
    state["0.bias"][:] = 9
    model.state_dict()["0.bias"][:] = 9
    np.testing.assert_array_equal(model[0].bias.numpy(), STATE["0.bias"])


def test_modes_reach_the_whole_tree_and_freezing_stops_gradients():
    model = network()
    assert not any(each.training for each in model.eval().modules())
    assert all(each.training for each in model.train().modules())
    model[0].requires_grad_(False)
    model(GOLDEN["x"]).sum().backward()
    assert model[0].weight.grad is None
    assert model[2].weight.grad is not None
    model.zero_grad()
    assert model[2].weight.grad is None
    assert model.count_parameters() == 6 * 5 + 6 + 3 * 6 + 3


def test_repr_is_pytorchs():
    assert repr(nn.Sequential(nn.Linear(2, 3), nn.ReLU())) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)"
    )
    assert repr(nn.Parameter([1.0])) == "Parameter containing:\nTensor([1.], requires_grad=True)"


def test_what_a_module_records_carries_its_scope():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    out = model(np.ones((1, 2)))
    assert owners(out) == (model, model[1])
    assert owners(out.inputs[0]) == (model, model[0])
    assert owners(out * 2) == ()


def test_a_scope_ends_when_a_module_fails():
    with pytest.raises(ShapeError, match=r"Linear\(2, 3\).*\(\.\.\., 2\).*\(1, 5\)"):
        nn.Linear(2, 3)(np.ones((1, 5)))
    assert owners(Tensor([1.0], requires_grad=True) * 2) == ()


def test_models_copy_and_pickle():
    model = network()
    for clone in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_equal(clone.state_dict(), model.state_dict())
        assert type(clone[0].weight) is nn.Parameter
        clone[0].weight.data[:] = 0
        assert model[0].weight.numpy().any()


def test_results_of_parameters_are_tensors():
    p = nn.Parameter([1.0, 2.0])
    assert type(p * 2) is type(p + p) is type(2 - p) is type(p.sum()) is Tensor


def test_containers_index_slice_and_refuse_what_is_no_module():
    model = network()
    assert len(model) == 5
    assert model[-1] is list(model)[-1]
    assert [type(each).__name__ for each in model[:2]] == ["Linear", "Tanh"]
    with pytest.raises(ArgumentError, match="function"):
        nn.Sequential(nn.Linear(2, 2), lambda x: x)


def test_activations_and_outputs_are_applied_where_they_belong():
    x = np.random.default_rng(0).standard_normal((4, 3))
    out = nn.MLP([3, 5, 2], "tanh", output="softmax", rng=0)(x)
    np.testing.assert_allclose(out.numpy().sum(axis=1), 1.0)
    with pytest.raises(ArgumentError, match=r"relu.*sigmoid"):
        nn.MLP([3, 2], "swoosh")
    with pytest.raises(ArgumentError, match="sizes"):
        nn.MLP([3])
    with pytest.raises(ArgumentError, match="in_features"):
        nn.Linear(0, 3)


@pytest.mark.parametrize(
    ("loss", "output", "target", "error", "said"),
    [
        (nn.mse_loss, np.zeros((3, 1)), np.zeros(3), ShapeError, "reshape"),
        (nn.cross_entropy, np.zeros((3, 2)), np.zeros(4, int), ShapeError, r"\(3,\)"),
        (nn.cross_entropy, np.zeros((3, 2)), np.zeros(3), ArgumentError, "integers"),
        (nn.cross_entropy, np.zeros((3, 2)), np.array([0, 1, 2]), DomainError, "0 to 1"),
        (nn.cross_entropy, np.zeros((3, 2)), np.array([0, -1, 1]), DomainError, "-1 to 1"),
    ],
)
def test_targets_that_do_not_fit_are_refused(loss, output, target, error, said):
    with pytest.raises(error, match=said):
        loss(output, target)
    with pytest.raises(ArgumentError, match="'mean', 'sum' or 'none'"):
        nn.mse_loss(np.zeros(1), np.zeros(1), reduction="median")


class Tied(nn.Module):
    """One parameter in two places, a buffer, and modules by name."""

    def __init__(self, rng=0):
        self.embed, self.read = nn.Linear(3, 2, bias=False, rng=rng), nn.Linear(2, 3, bias=False, rng=rng)
        self.heads = nn.ModuleDict({"norm": nn.BatchNorm1d(2), "drop": nn.Dropout(0.5, rng=rng)})
        self.again = self.embed.weight
        self.scale = nn.Buffer(np.array([2.0, 3.0]))

    def forward(self, x):
        return self.heads["drop"](self.heads["norm"](self.embed(x))) @ self.again * self.scale[0]


def test_a_parameter_in_two_places_is_one_parameter_under_two_names_in_the_state():
    model = Tied()
    names = [name for name, _ in model.named_parameters()]
    assert names == ["again", "read.weight", "heads.norm.weight", "heads.norm.bias"]
    assert [name for name in model.state_dict() if "norm" not in name] == [
        "again",
        "scale",
        "embed.weight",
        "read.weight",
    ]
    x = np.random.default_rng(0).standard_normal((4, 3))
    model(x).sum().backward()
    alone = model.again.grad
    assert alone is model.embed.weight.grad
    other = Tied(rng=5)
    other.load_state_dict(model.state_dict())
    assert other.again is other.embed.weight
    np.testing.assert_array_equal(other.eval()(x).numpy(), model.eval()(x).numpy())


def test_buffers_are_state_and_not_learned():
    model = Tied()
    assert [name for name, _ in model.named_buffers()] == [
        "scale", "heads.norm.running_mean", "heads.norm.running_var", "heads.norm.num_batches_tracked",
    ]  # fmt: skip
    assert not any(isinstance(each, nn.Buffer) for each in model.parameters())
    model.astype(np.float32)
    assert [each.dtype.name for each in model.buffers()] == ["float32", "float32", "float32", "int64"]


def test_apply_calls_a_function_with_every_module_the_inner_ones_first():
    seen = []
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Sequential(nn.ReLU()))
    assert model.apply(lambda each: seen.append(type(each).__name__)) is model
    assert seen == ["Linear", "ReLU", "Sequential", "Sequential"]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_have_all_state_and_go_their_own_way(again):
    model, x = Tied(), np.random.default_rng(0).standard_normal((4, 3))
    model(x)
    other = again(model)
    assert other.again is other.embed.weight
    for name, each in model.state_dict().items():
        np.testing.assert_array_equal(other.state_dict()[name], each)
    np.testing.assert_array_equal(other(x).numpy(), model(x).numpy())  # the source of draws is copied, too
    other.scale.data = np.zeros(2)
    assert model.scale.numpy().tolist() == [2.0, 3.0]


def test_a_state_that_fits_in_part_is_taken_in_part_when_asked_to_and_says_what_it_lacked():
    model, state = nn.MLP([2, 3, 1], rng=0), nn.MLP([2, 3, 1], rng=1).state_dict()
    other = {"layers.0.weight": state["layers.0.weight"], "head.weight": np.ones(2)}
    found = model.load_state_dict(other, strict=False)
    assert found.missing_keys == ["layers.0.bias", "layers.1.weight", "layers.1.bias"]
    assert found.unexpected_keys == ["head.weight"]
    np.testing.assert_array_equal(model.layers[0].weight.numpy(), state["layers.0.weight"])
    with pytest.raises(nn.StateError, match=r"layers\.1\.weight \(here \(1, 3\), given \(3, 1\)\)"):
        model.load_state_dict({**state, "layers.1.weight": state["layers.1.weight"].T}, strict=False)


def test_frozen_parameters_get_no_gradient_and_are_not_counted():
    model = nn.MLP([2, 3, 1], rng=0)
    model.layers[0].requires_grad_(False)
    model(np.ones((1, 2))).sum().backward()
    assert [each.grad is None for each in model.parameters()] == [True, True, False, False]
    assert model.count_parameters() == 4
    model.requires_grad_()
    assert model.count_parameters() == 13


def test_lists_and_dicts_of_modules_are_edited_like_lists_and_dicts():
    parts = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    parts.insert(0, nn.Identity())
    parts[1] = nn.Sigmoid()
    del parts[2]
    assert [type(each).__name__ for each in parts] == ["Identity", "Sigmoid"]
    named = nn.ModuleDict({"a": nn.ReLU()})
    named["b"] = nn.Tanh()
    del named["a"]
    assert ("b" in named, list(named), len(named), list(named.keys())) == (True, ["b"], 1, ["b"])
    assert parts.append(nn.Tanh()).extend([nn.ReLU()]).insert(0, nn.ReLU()) is parts
    assert len(parts) == 5
    assert list(nn.ModuleDict([("x", nn.ReLU()), ("y", nn.Tanh())]).keys()) == ["x", "y"]
    for given, said in (
        (lambda: parts.append(1), "ModuleList holds modules; found int"),
        (lambda: named.update({"a.b": nn.ReLU()}), "without a dot"),
    ):
        with pytest.raises(ArgumentError, match=said):
            given()


class Headed(nn.Sequential):
    """A sequence with a module, a parameter and a buffer of its own."""

    def __init__(self):
        super().__init__(nn.Linear(2, 2, rng=0), nn.Tanh())
        self.head, self.scale, self.shift = nn.Linear(2, 1, rng=1), nn.Parameter([2.0]), nn.Buffer([1.0])

    def forward(self, x):
        return self.head(super().forward(x)) * self.scale + self.shift


def test_what_a_subclass_of_a_list_sets_as_an_attribute_is_found_after_what_the_list_holds():
    model = Headed()
    assert [name for name, _ in model.named_children()] == ["0", "1", "head"]
    assert list(model.state_dict()) == ["scale", "shift", "0.weight", "0.bias", "head.weight", "head.bias"]
    assert not model.eval().head.training
    assert {each.dtype for each in model.astype(np.float32).state_dict().values()} == {np.dtype(np.float32)}
    assert not any(each.requires_grad for each in model.requires_grad_(False).head.parameters())
    assert "(head): Linear(in_features=2, out_features=1, bias=True)" in repr(model)
    assert (len(model), len(list(model))) == (2, 2)


def test_a_compiled_function_sees_the_attributes_of_a_subclass_of_a_list():
    model, x = Headed(), np.ones((1, 2))
    compiled = autograd.compile(lambda x: model(x))
    assert values(compiled(x)) == values(model(x))
    model.head = nn.Linear(2, 1, rng=2)
    assert values(compiled(x)) == values(model(x))
    model.head.requires_grad_(False)
    model.head.weight.data = np.zeros((1, 2))
    assert values(compiled(x)) == values(model(x))


def test_what_a_subclass_of_a_dict_sets_as_an_attribute_is_found_unless_an_entry_has_its_name():
    class Heads(nn.ModuleDict):
        def __init__(self):
            super().__init__({"mean": nn.Linear(2, 1, rng=0)})
            self.body = [nn.Linear(2, 2, bias=False, rng=0)]

    heads = Heads()
    assert list(heads.state_dict()) == ["mean.weight", "mean.bias", "body.0.weight"]
    assert list(heads) == ["mean"]
    twice = "Heads has a module and an attribute of the name '{}'"
    with pytest.raises(ArgumentError, match=twice.format("body")):
        heads["body"] = nn.ReLU()
    with pytest.raises(ArgumentError, match=twice.format("mean")):
        heads.mean = nn.ReLU()
    assert list(heads.state_dict()) == ["mean.weight", "mean.bias", "body.0.weight"]
    heads.tail, heads["tail"] = [], nn.ReLU()
    heads.tail.append(nn.ReLU())
    with pytest.raises(ArgumentError, match=twice.format("tail")):
        heads.state_dict()


def test_a_model_that_changes_its_input_in_place_is_summed_up_and_drawn():
    class Shifted(nn.Module):
        def forward(self, x):
            x += 1.0
            return x

    assert "Shifted" in Shifted().summary([3])
    assert nn.plot_activation(Shifted()).lines


def test_the_summary_counts_what_is_shared_once_and_products_of_one_sample():
    text = nn.Sequential(nn.Bilinear(2, 3, 4, rng=0)).summary()
    assert text.splitlines()[1].split() == ["0", "Bilinear", "28", "224"]
    model = nn.MLP([4, 8, 8, 2], "tanh", norm="layer", residual=True, dropout=0.5, rng=0)
    last = model.summary([4]).splitlines()[-1].split()
    assert last[-1] == str(4 * 8 + 8 * 8 + 8 * 2 + 2 * (8 + 1 + 8 + 8))  # weights; squares, root, quotients, scales
    assert Tied().summary().splitlines()[-1].split()[2] == str(6 + 6 + 4)
