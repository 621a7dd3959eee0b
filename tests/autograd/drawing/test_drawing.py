"""Pictures: one edge per operand slot, honest numbers, folding, names as data, and Graphviz present or not."""

import gc
import re
import shutil
import subprocess
import sys
import weakref
import xml.etree.ElementTree as ElementTree

import networkx
import numpy as np
import pytest

import nn
from autograd import ArgumentError, MissingDependencyError, Tensor, Value, derive, draw, no_grad
from autograd.drawing import layout

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    '"]; evil [label="x" URL="javascript:alert(1)',
    "<b>bold</b>",
    "</text><script>alert(1)</script>",
    "a\\",
    "\\N \\G",
    "{a|b}",
    "&lt; & é ∂ 🙂",
    "line\nbreak\x01\x08",
    "\u202eright to left",
    "x" * 10_000,
]


def parts(svg, kind):
    """The groups of one class in an SVG: its nodes or its edges."""
    return [g for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if kind in g.get("class", "").split()]


def words(svg):
    return [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def network():
    model = nn.MLP([3, 3, 2, 1], "sigmoid", rng=0)
    return nn.mse_loss(model(np.ones((4, 3))), np.zeros((4, 1)))


@pytest.mark.parametrize("combine", [lambda a: a * a, lambda a: a + a])
def test_an_operand_used_twice_has_two_edges(combine):
    picture = draw(combine(Value(3.0, "a")))
    assert len(picture.to_networkx().edges) == 2
    assert len(parts(picture.svg, "edge")) == 2
    assert len(parts(picture.svg, "node")) == 2


def test_values_adjoints_and_partials_stand_where_they_belong():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    graph = draw(a * b).to_networkx()
    at = {data["name"]: (data["value"], data["adjoint"]) for _, data in graph.nodes(data=True)}
    assert at["a"] == (2.0, -3.0)
    assert at["b"] == (-3.0, 2.0)
    assert sorted(data["partial"] for *_, data in graph.edges(data=True)) == [-3.0, 2.0]
    assert {"∂ -3", "∂ 2", "-6"} <= set(words(draw(a * b).svg))


def test_a_picture_shows_the_recorded_numbers_and_changes_none():
    w = Value(2.0, "w")
    loss = w * w
    w.data = 50.0
    assert "∂ 4" in words(draw(loss).svg)
    assert w.grad is None
    loss.backward()
    assert w.grad == 4.0


def test_a_leaf_that_changes_on_the_way_is_drawn_with_the_number_that_was_read_first():
    w = Value(2.0, "w")
    first = w * 3.0
    w.data = 50.0
    graph = draw(first * w).to_networkx()
    assert [data["value"] for _, data in graph.nodes(data=True) if data["name"] == "w"] == [2.0]


def test_a_picture_and_a_derivation_take_the_same_names_from_a_table_of_variables():
    w = Value(2.0)
    loss = w * w
    names = {"_": w, "w": w, "again": w, "loss": loss, "_1": loss, "other": 3}
    graph = draw(loss, names=names).to_networkx()
    assert {data["name"] for _, data in graph.nodes(data=True)} == {"w", "loss"}
    assert str(derive(loss, w, names=names)).startswith("∂loss/∂w\n")
    with pytest.raises(ArgumentError, match="name has to be a str; found int 3"):
        draw(loss, names={w: 3})


def test_a_picture_keeps_no_graph_alive():
    gc.collect()
    gc.disable()
    try:
        w = Value(2.0)
        middle = w * w
        picture = draw(middle * 3.0)
        alive = weakref.ref(middle)
        del middle
        assert alive() is None
        assert picture.svg
    finally:
        gc.enable()


def test_constants_and_data_have_no_adjoint_and_zero_is_told():
    x = Tensor([1.0, 2.0], name="x")
    w = Tensor([1.0, 1.0], requires_grad=True, name="w")
    roles = {data["name"]: data["role"] for _, data in draw((x * w).sum()).to_networkx().nodes(data=True)}
    assert (roles["x"], roles["w"]) == ("data", "variable")
    assert "∂ 0" in words(draw(Value(2.0) * 0.0).svg)
    with no_grad():
        still = draw(Value(2.0) * 3.0)
    assert not any(text.startswith("∂ not") for text in words(still.svg))


def test_a_network_is_folded_by_module_and_says_so():
    picture = draw(network(), fold="module")
    titles = [data["name"] for _, data in picture.to_networkx().nodes(data=True)]
    assert [title for title in titles if title.startswith("layers")] == ["layers.0", "layers.1", "layers.2"]
    assert titles.count("activation") == 2
    assert "weight 3 × 3" in words(picture.svg)
    assert "12 parameters" in words(picture.svg)
    assert "folded by module" in repr(picture)
    assert networkx.is_directed_acyclic_graph(networkx.DiGraph(picture.to_networkx()))


def test_the_gradient_of_a_folded_module_counts_both_parts_of_complex_numbers():
    class Turned(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(np.array([1 + 1j, 2.0]))

        def forward(self, x):
            return np.abs(self.w * x) ** 2

    loss = Turned()(np.ones(2)).sum()
    assert f"gradient rms {np.sqrt((8 + 16) / 2):.3g}" in words(draw(loss, fold="module").svg)


def test_unfolded_parameters_have_their_paths():
    titles = {data["name"] for _, data in draw(network(), fold="op").to_networkx().nodes(data=True)}
    assert {"layers.0.weight", "layers.2.bias"} <= titles


def test_folding_keeps_within_the_limit_and_says_what_it_did():
    x = y = Value(0.3)
    for _ in range(3000):
        y = (y * x).tanh()
    picture = draw(y, max_nodes=50)
    assert len(picture.view.spots) <= 50
    assert "6,001 nodes folded by kind" in repr(picture)
    assert any("folded by kind" in text for text in words(picture.svg))
    assert len(draw(network(), max_nodes=7).view.spots) <= 7


@pytest.mark.parametrize("name", NASTY)
def test_names_are_data(name):
    a = Value(2.0, name)
    picture = draw(a * Value(3.0, "b"))
    assert len(parts(picture.svg, "node")) == 3
    assert len(parts(picture.svg, "edge")) == 2
    elements = list(ElementTree.fromstring(picture.svg).iter())
    assert {each.tag.removeprefix(SVG) for each in elements} <= {
        "svg",
        "g",
        "title",
        "text",
        "path",
        "polygon",
        "ellipse",
        "polyline",
    }
    assert not [name for each in elements for name in each.attrib if "href" in name or name.startswith("on")]
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name[:200])
    assert any(text is not None and text.replace("\xa0", " ").rstrip("…") == shown for text in words(picture.svg))


def test_graphviz_takes_the_picture():
    picture = draw(Value(1.0) * 2.0)
    assert picture.to_graphviz().source.strip() == picture.dot.strip()


def test_two_pictures_share_no_id():
    first, second = draw(Value(1.0) * 2.0).svg, draw(Value(1.0) * 2.0).svg
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0].isdisjoint(ids[1])


def test_files_are_saved_by_suffix_and_another_is_refused(tmp_path):
    picture = draw(Value(1.0) * 2.0)
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph"}
    for form, start in starts.items():
        assert picture.save(tmp_path / f"picture.{form}").read_bytes().startswith(start)
    with pytest.raises(ArgumentError, match=r"\.svg"):
        picture.save(tmp_path / "picture.gif")
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("options", [{"fold": "no"}, {"show": ("color",)}, {"direction": "UP"}, {"max_nodes": 1}])
def test_unknown_options_are_refused(options):
    with pytest.raises(ArgumentError):
        draw(Value(1.0) * 2.0, **options)


def test_what_is_no_tensor_is_refused():
    with pytest.raises(ArgumentError, match="int"):
        draw(3)


def test_the_wheel_draws_where_there_is_no_program(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert draw(Value(1.0) * 2.0).svg.startswith("<svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not installed")
def test_the_program_draws_where_there_is_no_wheel(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert draw(Value(1.0) * 2.0).svg.startswith("<svg")


def test_without_graphviz_there_is_one_clear_error_and_no_exception_from_a_notebook(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    picture = draw(Value(1.0) * 2.0)
    with pytest.raises(MissingDependencyError, match=r"memograd\[draw\]"):
        picture.svg
    assert picture._repr_html_() is None
    assert picture.dot.startswith("digraph")
    assert len(picture.to_networkx()) == 3


def test_a_layout_that_takes_too_long_is_an_error_with_the_remedy(monkeypatch):
    def slow(*_, **options):
        raise subprocess.TimeoutExpired("dot", options["timeout"])

    monkeypatch.setattr(shutil, "which", lambda name: "dot")
    monkeypatch.setattr(layout.subprocess, "run", slow)
    with pytest.raises(layout.DrawingError, match="max_nodes"):
        draw(Value(1.0) * 2.0).svg


def test_an_array_can_be_drawn_too():
    x = Tensor([[1.0, 2.0]], requires_grad=True, name="x")
    assert draw(x * 2.0).html.startswith("<!DOCTYPE html>")


def test_a_network_of_one_number_is_drawn_and_derived():
    model = nn.MLP([1, 1, 1], "sigmoid", rng=0)
    loss = nn.mse_loss(model(np.array([[0.5]])), np.array([[1.0]]))
    assert len(draw(loss).view.spots) > 5
    assert "CHECK" in str(derive(loss, model.layers[0].weight))
