"""A drawing in its other forms: networkx and its files, Mermaid, a tree for terminals; nothing is lost or runs."""

import networkx
import numpy as np
import pytest

import nn
from autograd import ArgumentError, Tensor, Value, draw
from autograd.drawing import read_graph
from tests.autograd.drawing.test_drawing import NASTY, network


def diamond():
    x = Value(0.5, "x")
    f, g = x.sin(), x * x
    h = (f + g).exp()
    return h, {"f": f, "g": g, "h": h}


def by_name(graph):
    return {data["name"]: key for key, data in graph.nodes(data=True) if data["name"]}


def test_the_graph_has_all_that_is_known_as_attributes():
    h, names = diamond()
    graph = draw(h, names=names).to_networkx()
    keys = by_name(graph)
    g = graph.nodes[keys["g"]]
    assert (g["operation"], g["formula"], g["role"]) == ("multiply", "x · x", "result")
    assert (g["value"], g["shape"], g["dtype"]) == (0.25, (), "float64")
    assert g["adjoint"] == pytest.approx(np.exp(np.sin(0.5) + 0.25))
    edges = graph.get_edge_data(keys["x"], keys["g"])
    told = [(each["slot"], each["argument"], each["partial"]) for each in edges.values()]
    assert told == [(0, "x", 0.5), (1, "y", 0.5)]


def test_algorithms_of_networkx_run_on_it():
    h, names = diamond()
    graph = draw(h, names=names).to_networkx()
    keys = by_name(graph)
    assert networkx.ancestors(graph, keys["g"]) == {keys["x"]}
    assert networkx.dag_longest_path_length(graph) == 3
    assert len(list(networkx.all_simple_edge_paths(graph, keys["x"], keys["h"]))) == 3


def test_a_nodes_module_is_told():
    graph = draw(network(), fold="op").to_networkx()
    modules = {data["operation"]: data["module"] for _, data in graph.nodes(data=True) if data["operation"]}
    assert modules["linear"].startswith("MLP.layers.")
    assert modules["sigmoid"] == "MLP.activation"
    assert modules["mean"] == ""


def alike(one, other):
    if isinstance(one, np.ndarray | np.generic):
        assert np.asarray(one).dtype == np.asarray(other).dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other
        assert type(one) is type(other) or isinstance(one, int)


def same(one, other):
    assert list(one.nodes) == list(other.nodes)
    assert sorted(one.edges(keys=True)) == sorted(other.edges(keys=True))
    for node, attributes in one.nodes(data=True):
        assert attributes.keys() == other.nodes[node].keys()
        for name, each in attributes.items():
            alike(each, other.nodes[node][name])
    for start, end, key, attributes in one.edges(keys=True, data=True):
        for name, each in attributes.items():
            alike(each, other.edges[start, end, key][name])


@pytest.mark.parametrize("suffix", ["json", "graphml"])
@pytest.mark.parametrize("fold", ["op", "module", "layer"])
def test_files_give_the_same_graph_back(tmp_path, suffix, fold):
    rng = np.random.default_rng(0)
    model = nn.MLP([60, 30, 2], "relu", rng=0)
    loss = nn.cross_entropy(model(rng.normal(size=(5, 60))), rng.integers(0, 2, size=5))
    picture = draw(loss, fold=fold)
    path = picture.save(tmp_path / f"graph.{suffix}")
    same(picture.to_networkx(), read_graph(path))


@pytest.mark.parametrize("suffix", ["json", "graphml"])
@pytest.mark.parametrize("name", NASTY)
def test_strange_names_and_numbers_come_back(tmp_path, suffix, name):
    x = Tensor([np.nan, np.inf, 1.0], requires_grad=True, name=name)
    picture = draw((x * x).sum())
    same(picture.to_networkx(), read_graph(picture.save(tmp_path / f"graph.{suffix}")))


def test_a_file_that_is_no_graph_is_refused(tmp_path):
    path = tmp_path / "graph.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ArgumentError, match="is no graph that a drawing has saved"):
        read_graph(path)
    with pytest.raises(ArgumentError, match=r"read from \.json or \.graphml"):
        read_graph(tmp_path / "graph.svg")


@pytest.mark.parametrize("name", NASTY)
def test_names_are_data_in_mermaid_and_in_the_tree(name):
    picture = draw(Value(2.0, name) * 3.0)
    lines = picture.mermaid.splitlines()
    assert len([line for line in lines if ":::" in line]) == 3
    node = next(line for line in lines if ":::variable" in line)
    label = node[node.index('"') + 1 : node.rindex('"')]
    assert not set(label.replace("<br/>", "")) & set('"<>[]{}|\\\n')
    assert len(label) < 2500
    assert all(line.isprintable() for line in str(picture).splitlines())


def test_mermaid_has_a_line_for_each_node_and_edge():
    h, names = diamond()
    picture = draw(h, names=names, direction="TB")
    assert picture.mermaid.startswith("flowchart TB\n")
    assert picture.mermaid.count("-->") == 6
    assert '-->|"0.5"|' in picture.mermaid


def test_the_tree_tells_a_node_once_and_refers_to_it():
    h, names = diamond()
    lines = str(draw(h, names=names, show=("value",))).splitlines()
    assert lines[0] == "h = exp(v₁)  2.074"
    assert lines[1] == "└─ v₁ = f + g  0.7294"
    assert lines[2] == "   ├─ f = sin(x)  0.4794"
    assert sum(line.strip("│├└─ ").startswith("x") for line in lines) == 3


def test_a_long_tree_is_cut_and_says_so():
    x = y = Value(0.3)
    for _ in range(300):
        y = y.sin()
    text = str(draw(y + x, max_nodes=1000))
    assert len(text.splitlines()) <= 122
    assert "more nodes" in text
