"""A model's picture: circles and lines for a perceptron, blocks with shapes for any other."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import nn
from autograd import ArgumentError
from autograd.drawing.themes import LIGHT


def lines(dot):
    return re.findall(r"  (u\d+_\d+) -> (u\d+_\d+) \[color=\"(#\w+)\", penwidth=([\d.]+)", dot)


def test_a_small_perceptron_has_every_unit_and_every_weight():
    model = nn.MLP([3, 3, 2, 1], "sigmoid", rng=0)
    dot = nn.draw(model).dot
    assert dot.count("shape=circle") == 9
    assert len(lines(dot)) == 9 + 6 + 2
    assert "23 parameters" in dot
    assert [text in dot for text in ("input", "layer 1", "layer 2", "output")] == [True] * 4


def test_a_line_has_the_sign_of_its_weight_as_colour_and_its_size_as_width():
    model = nn.MLP([2, 1], rng=0)
    model.layers[0].weight.data = np.array([[0.5, -2.0]])
    (small, large) = lines(nn.draw(model).dot)
    assert small[:2] == ("u0_0", "u1_0")
    assert small[2].startswith(LIGHT.above)
    assert large[2].startswith(LIGHT.below)
    assert float(large[3]) > 2 * float(small[3])


def test_a_weight_that_is_nan_or_infinite_is_a_dashed_line_and_the_others_are_drawn_as_without_it():
    model = nn.MLP([4, 1], rng=0)
    model.layers[0].weight.data = np.array([[np.nan, 0.5, -np.inf, -2.0]])
    dot = nn.draw(model).dot
    dashed = re.findall(r"(u\d_\d) -> .* style=dashed, tooltip=\"(.*)\"", dot)
    assert dashed == [("u0_0", "nan"), ("u0_2", "-inf")]
    small, large = lines(dot)[1], lines(dot)[3]
    assert float(large[3]) > 2 * float(small[3])
    model.layers[0].weight.data = np.full((1, 4), np.nan)
    assert nn.draw(model).dot.count("dashed") == 4


def test_a_large_layer_has_dots_between_its_first_and_last_units():
    dot = nn.draw(nn.MLP([784, 64, 10], "relu", rng=0)).dot
    assert dot.count("⋮") == 2
    assert dot.count("shape=circle") == 8 + 8 + 10
    assert "784" in dot
    assert "u0_783" in dot
    assert len(lines(dot)) == 8 * 8 + 8 * 10


class Residual(nn.Module):
    def __init__(self):
        self.inner = nn.Sequential(nn.Linear(4, 4, rng=0), nn.Tanh())
        self.scale = nn.Parameter(np.ones(4))

    def forward(self, x):
        return x + self.inner(x) * self.scale


def words(svg):
    return [text.text for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_another_model_is_drawn_as_blocks_with_shapes_and_parameters():
    model = Residual()
    model.train()
    found = words(nn.draw(model, (4,)).svg)
    assert "inner.0" in found
    assert "weight 4 × 4" in found
    assert "→ 1 × 4" in found
    assert "20 parameters" in found
    assert "scale 4" in found
    assert not any("gradient" in text for text in found)
    assert model.training


def test_it_changes_nothing_and_is_saved_like_any_picture(tmp_path):
    model = Residual().eval()
    before = {name: each.value.copy() for name, each in model.named_parameters()}
    picture = nn.draw(model, (4,), theme="dark")
    assert not model.training
    assert all(each.grad is None for each in model.parameters())
    assert all((each.value == before[name]).all() for name, each in model.named_parameters())
    assert picture.save(tmp_path / "model.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert picture.save(tmp_path / "model.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((Residual(),), "give the input_shape of a sample"), (("model",), "takes a module; found str")],
)
def test_what_cannot_be_drawn_is_said(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        nn.draw(*arguments)


def test_a_perceptron_whose_layers_do_not_fit_is_no_perceptron():
    model = nn.Sequential(nn.Linear(3, 2, rng=0), nn.Linear(4, 1, rng=0))
    with pytest.raises(ArgumentError, match="input_shape"):
        nn.draw(model)


def test_a_models_blocks_begin_at_its_input_and_hold_what_is_their_own():
    model = nn.MLP([2, 8, 2], "tanh", norm="batch", rng=0)
    dot = nn.draw(model, [2]).dot
    assert "input" in dot
    assert dot.count("BatchNorm1d") == 1
    assert ">data<" not in dot  # the running averages are in their block
