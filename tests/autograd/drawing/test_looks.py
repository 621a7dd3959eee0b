"""How pictures look: themes, highlighted paths, boxes of modules, equal layers in one, gradients that fade."""

import re

import numpy as np
import pytest

import nn
from autograd import ArgumentError, Tensor, Value, draw
from autograd.drawing.themes import DARK, LIGHT
from tests.autograd.drawing.test_drawing import network, words


def colours(dot):
    return set(re.findall(r"#[0-9a-f]{6}", dot))


@pytest.mark.parametrize(("theme", "paper"), [("light", LIGHT.paper), ("dark", DARK.paper), ("auto", LIGHT.paper)])
def test_a_theme_has_its_paper(theme, paper):
    assert f'bgcolor="{paper}"' in draw(Value(2.0) * 3.0, theme=theme).dot


def test_no_colour_of_the_day_is_left_at_night_and_the_reverse():
    day, night = (colours(draw(network(), theme=theme).dot) for theme in ("light", "dark"))
    assert not day & night


def test_auto_turns_dark_where_the_page_is():
    svg = draw(Value(2.0) * 3.0, theme="auto").svg
    assert "@media (prefers-color-scheme:dark)" in svg
    assert "body.vscode-dark" in svg
    for colour in (LIGHT.paper, LIGHT.ink, *LIGHT.roles["variable"]):
        assert f'[fill="{colour}"]' in svg
    assert "<style>" not in draw(Value(2.0) * 3.0).svg


def luminance(colour):
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_every_ground(theme):
    for fill, _ in (*theme.roles.values(), (theme.paper, "")):
        for ink in (theme.ink, theme.faint, theme.number):
            light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= (7 if ink == theme.ink else 4.5), (fill, ink)


def grown():
    x, w = Value(0.5, "x"), Value(2.0, "w")
    a = x * w
    b, c = a.sin(), a.cos()
    d = b * c
    return x, w, {"a": a, "b": b, "c": c, "d": d, "e": d * w}


def test_highlighting_brings_out_all_paths_and_how_many_read_an_adjoint():
    x, _, names = grown()
    picture = draw(names["e"], highlight=x, names=names)
    titles = {picture.view.spots[key].title: many for key, many in picture.view.emphasis.items()}
    assert titles == {"x": 1, "a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    assert "∂ read by 2 paths" in words(picture.svg)
    assert sum("38" in line for line in picture.dot.splitlines() if '"n' in line) > 0  # w, faded


def test_highlighting_reaches_into_boxes():
    model = nn.MLP([3, 3, 2, 1], "sigmoid", rng=0)
    loss = nn.mse_loss(model(np.ones((4, 3))), np.zeros((4, 1)))
    picture = draw(loss, fold="module", highlight=model.layers[1].weight)
    titles = [picture.view.spots[key].title for key in picture.view.emphasis]
    assert "layers.1" in titles
    assert "layers.0" not in titles


def test_several_nodes_are_highlighted_together():
    x, w, names = grown()
    picture = draw(names["e"], highlight=[x, w], names=names)
    assert len(picture.view.emphasis) == 7


def test_what_is_not_in_the_picture_cannot_be_highlighted():
    with pytest.raises(ArgumentError, match="elsewhere is not in the graph"):
        draw(Value(2.0) * 3.0, highlight=Value(1.0, "elsewhere"))
    with pytest.raises(ArgumentError, match="found str"):
        draw(Value(2.0) * 3.0, highlight=["x"])


def test_modules_are_boxes_around_their_steps_and_parameters():
    picture = draw(network(), fold="op")
    boxes = {box.title: box for box in picture.view.clusters}
    assert set(boxes) == {"MLP", "layers.0 Linear", "layers.1 Linear", "layers.2 Linear", "activation Sigmoid"}
    inside = [picture.view.spots[key].title for key in boxes["layers.0 Linear"].members]
    assert sorted(inside) == ["Z¹", "layers.0.bias", "layers.0.weight"]
    assert boxes["layers.0 Linear"].parent == boxes["MLP"].key
    assert "layers.1 Linear" in words(picture.svg)
    titles = {spot.title for spot in picture.view.spots.values()}
    assert {"Z¹", "A¹", "Ŷ", "L"} <= titles


class Again(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(3, 3, rng=0)

    def forward(self, x):
        for _ in range(12):
            x = self.layer(x)
        return x


def test_a_module_that_is_called_within_another_one_and_by_itself_has_a_path_in_that_one_alone():
    layer = nn.Linear(2, 2, rng=0)
    x = Tensor(np.ones((1, 2)))
    loss = (nn.Sequential(layer, nn.Tanh())(x) + layer(x)).sum()
    assert [box.title for box in draw(loss).view.clusters] == ["Sequential", "0 Linear", "1 Tanh", "Linear"]


def test_the_same_module_applied_again_is_times_and_others_are_more():
    once = draw(Again()(np.ones((1, 3))).sum(), fold="layer")
    assert "Linear × 12" in {spot.title for spot in once.view.spots.values()}
    assert {spot.parameters for spot in once.view.spots.values()} == {0, 12}
    others = draw(nn.MLP([3] * 13, "tanh", rng=0)(np.ones((1, 3))).sum(), fold="layer")
    (box,) = [spot for spot in others.view.spots.values() if "Linear" in spot.title]
    assert (box.title, box.parameters, box.nodes) == ("Linear + 11 more", 144, 12)
    assert "Tanh × 11" in {spot.title for spot in others.view.spots.values()}


def test_auto_folds_by_module_then_by_layer_then_by_kind():
    model = nn.MLP([4] * 31, "tanh", rng=0)
    loss = nn.mse_loss(model(np.ones((2, 4))), np.zeros((2, 4)))
    assert "folded by module into" in repr(draw(loss))
    assert "by layer into" in repr(draw(loss, max_nodes=20))
    assert "by kind" in repr(draw(loss, max_nodes=4))
    assert "folded" not in repr(draw(network()))


def test_a_gradient_that_vanishes_fades():
    a = Value(0.5)
    for _ in range(12):
        a = a.sigmoid()
    edges = [line for line in draw(a).dot.splitlines() if "->" in line]
    shares = [int(found[1], 16) if (found := re.search(r'color="#5b6b7c(..)"', line)) else 255 for line in edges]
    assert shares == sorted(shares)
    assert shares[0] < 100 < shares[-1]


def test_arrays_are_strips_of_colour_and_never_walls_of_digits():
    X = Tensor(np.linspace(-1, 1, 600).reshape(30, 20), requires_grad=True, name="X")
    dot = draw((X * 2.0).sum()).dot
    node = next(line for line in dot.splitlines() if "<B>X</B>" in line)
    assert node.count("FIXEDSIZE") == 1 + 6 * 16
    assert LIGHT.below in node
    assert LIGHT.above in node
    assert len(re.findall(r"\d+\.\d+", re.sub(r"#\w+", "", node))) < 20


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_a_strip_takes_any_numbers(value):
    X = Tensor(np.full((3, 4), value), requires_grad=True)
    assert draw((X * 2.0).sum()).svg.startswith("<svg")


def test_thousands_of_nodes_are_folded_into_a_useful_picture():
    x = [Value(0.1 * k, f"x{k}") for k in range(4)]
    nodes = list(x)
    for k in range(10_000):
        nodes.append((nodes[-1] * nodes[-4]).tanh() if k % 3 else nodes[-1] + nodes[k % len(nodes)])
    picture = draw(nodes[-1])
    assert len(picture.view.spots) <= 200
    assert picture.svg.startswith("<svg")
    assert "nodes folded by kind" in picture.view.remark


def middle_of(shape):
    centre = re.search(r'cx="([-\d.]+)"', shape)
    xs = [centre[1]] if centre else re.findall(r"([-\d.]+),[-\d.]+", re.search(r' (?:points|d)="([^"]*)"', shape)[1])
    return (min(map(float, xs)) + max(map(float, xs))) / 2


def test_text_is_held_by_the_middle_of_what_it_stands_in():
    svg = draw((Value(2.0, "w") * 3.0 + Value(1.0, "b")) ** 2).svg
    assert 'text-anchor="start"' not in svg
    head = r'<g id="\w+" class="node \w+">\s*<title>\w+</title>\s*'
    nodes = re.findall(head + r"(<[^>]*>)(.*?)</g>", svg, flags=re.DOTALL)
    cells = re.findall(r"(<(?:path|polygon)[^>]*>)\s*(<text[^>]*>)", svg[: svg.index('class="node')])
    assert len(nodes) == 7
    assert len(cells) >= 4
    for shape, lines in (*nodes, *cells):
        for x in re.findall(r'<text[^>]* x="([-\d.]+)"', lines):
            assert float(x) == pytest.approx(middle_of(shape), abs=0.01)


@pytest.mark.parametrize(
    ("show", "told", "untold"),
    [
        (("adjoint", "partial"), ("∂ is", "a number on an edge", "a dashed edge"), ()),
        (("adjoint",), ("∂ is", "a dashed edge"), ("a number on an edge",)),
        (("value",), ("a dashed edge",), ("∂ is", "a number on an edge")),
    ],
)
def test_the_legend_tells_of_the_marks_that_there_are(show, told, untold):
    dot = draw(Value(2.0) * 3.0, show=show).dot
    assert all(each in dot for each in told)
    assert not any(each in dot for each in untold)


def test_a_step_on_data_is_written_out():
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    assert "x - data" in draw(((x - np.array([1.0, 3.0])) ** 2).sum()).dot


def test_a_wide_picture_is_scrolled_and_not_squeezed():
    deep = Value(1.0, "x")
    for _ in range(30):
        deep = deep * 1.5
    width = re.search(r"max-width:(\d+)px;min-width:(\d+)px", draw(deep).svg)
    assert int(width[2]) >= 0.59 * int(width[1]) > 600
    assert draw(deep)._repr_html_().startswith('<div style="overflow-x:auto"><svg')
