"""The page: one file that allows itself nothing from outside, plays the derivation, and computes the graph again."""

import base64
import hashlib
import json
import re
import shutil

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, draw, sweep
from autograd.derivation import derive
from autograd.operation import registry
from tests.autograd.drawing.test_drawing import NASTY, network


def expression():
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    L = ((w * x + b).tanh() - 0.5) ** 2 + np.maximum((w * b).sigmoid(), 0.2) * b.relu() / (x * x + 1)
    return L, (w, x, b)


def data(html):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1])


def test_it_is_one_file_that_allows_nothing_from_outside():
    html = draw(expression()[0]).html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    script = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert policy == f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:"
    assert not re.search(r'(src|href)\s*=\s*"(?!#)', html.replace('xlink:href="#', ""))
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|eval\(|new Function", script[0])


@pytest.mark.parametrize("name", NASTY)
def test_names_are_data_on_the_page(name):
    html = draw(Value(2.0, name) * 3.0).html
    assert html.count("<script") == 2
    told = data(html)
    assert told["views"][0]["nodes"]["n0"]["title"] == name
    for step in told["steps"]:
        assert "<script" not in step["html"]


def test_it_plays_forward_then_backward_and_counts_as_the_derivation_does():
    L, leaves = expression()
    steps = data(draw(L).html)["steps"]
    phases = [step["phase"] for step in steps]
    assert phases == sorted(phases, reverse=True)
    counts = derive(L, leaves).counts
    assert (steps[-1]["memo"], steps[-1]["naive"]) == (str(counts.multiplications), str(counts.path_by_path))
    backward = [step for step in steps if step["phase"] == "backward"]
    assert backward[0]["value"] == "1"
    known = set()
    for step in backward:
        assert set(step["reads"]) <= known
        known.add(step["key"])


def compute(tree, values):
    if isinstance(tree, list):
        return float(registry[tree[0]](*(np.float64(compute(each, values)) for each in tree[1:])))
    return values[tree] if isinstance(tree, str) else tree


def run(program, root, changes):
    """What the page's script computes, in Python: values forward, and adjoints back."""
    values = {each["key"]: changes.get(each["key"], each["value"]) for each in program}
    for each in program:
        if not each["leaf"]:
            operands = [np.float64(compute(operand, values)) for operand in each["operands"]]
            values[each["key"]] = float(registry[each["op"]](*operands))
    adjoints = {root: 1.0}
    for each in reversed(program):
        for source, slope, _ in each["partials"] if each["key"] in adjoints else ():
            adjoints[source] = adjoints.get(source, 0.0) + adjoints[each["key"]] * compute(slope, values)
    return values, adjoints


@pytest.mark.parametrize("point", [(2.0, 3.0, 1.0), (0.4, -1.0, 0.7), (-0.3, 0.2, -1.5)])
def test_the_page_computes_the_graph_again_at_other_values(point):
    L, _ = expression()
    told = data(draw(L).html)
    keys = {node["title"]: key for key, node in told["views"][0]["nodes"].items()}
    values, adjoints = run(told["program"], told["root"], {keys[n]: v for n, v in zip("wxb", point, strict=True)})
    w, x, b = (Value(number) for number in point)
    again = ((w * x + b).tanh() - 0.5) ** 2 + np.maximum((w * b).sigmoid(), 0.2) * b.relu() / (x * x + 1)
    expected = sweep(again)
    assert values[told["root"]] == pytest.approx(float(again.value), rel=1e-12)
    for name, leaf in (("w", w), ("x", x), ("b", b)):
        assert adjoints[keys[name]] == pytest.approx(float(expected[leaf]), rel=1e-12, abs=1e-15)


def test_a_network_has_both_its_operations_and_its_modules_to_look_at():
    html = draw(network()).html
    told = data(html)
    assert re.findall(r"<option>(\w+)</option>", html) == ["operations", "modules"]
    operations, modules = told["views"][:2]
    assert set(operations["nodes"]) >= {step["key"] for step in told["steps"]}
    assert {modules["inside"].get(step["key"], step["key"]) for step in told["steps"]} <= set(modules["nodes"])
    assert told["program"] == []


def test_each_module_can_be_opened_with_the_others_left_closed():
    html = draw(network()).html
    told = data(html)
    operations, modules, *opened = told["views"]
    names = re.findall(r"<option>modules, (.*?) open</option>", html)
    assert len(opened) == len(names) == len(set(modules["inside"].values()))
    for name, view in zip(names, opened, strict=True):
        (box,) = {modules["inside"][key] for key in view["nodes"] if key in modules["inside"]}
        assert modules["nodes"][box]["title"] == name.split(", call ")[0]
        inside = {key for key, there in modules["inside"].items() if there == box}
        assert inside == set(view["nodes"]) & set(operations["nodes"]) - set(modules["nodes"])


def test_a_large_graph_is_played_box_by_box():
    x = y = Value(0.3, "x")
    for _ in range(2000):
        y = (y * x).sin()
    told = data(draw(y).html)
    assert told["nodes"] == {}
    assert [step["phase"] for step in told["steps"]].count("forward") == len(told["steps"]) - 4
    assert {step["key"] for step in told["steps"]} <= set(told["views"][0]["nodes"])


@pytest.mark.parametrize(("theme", "mark"), [("light", 'data-theme="light"'), ("dark", 'data-theme="dark"')])
def test_the_page_has_the_theme_of_its_picture(theme, mark):
    assert f'<html lang="en" {mark}>' in draw(Value(2.0) * 3.0, theme=theme).html
    assert '<html lang="en">' in draw(Value(2.0) * 3.0, theme="auto").html


def test_it_tells_itself_without_a_script_and_to_readers_of_the_screen():
    html = draw(expression()[0]).html
    assert "<noscript><pre>" in html
    assert 'aria-live="polite"' in html
    for button in re.findall(r"<button[^>]*>", html):
        assert "aria-label" in button or 'id="play"' in button
    assert "prefers-reduced-motion" in html


def test_a_browser_plays_it_and_gives_the_numbers_of_the_engine(tmp_path):
    browsers = pytest.importorskip("playwright.sync_api", reason="the page is driven where Playwright is installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("the page is driven where Chromium is installed")
    L, _ = expression()
    path = draw(L, names={"L": L}).save(tmp_path / "page.html")
    with browsers.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        faults, asked = [], []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.keyboard.press("Home")
        steps = page.evaluate("steps.length")
        for _ in range(steps + 1):
            page.keyboard.press("ArrowRight")
        assert page.evaluate("at") == steps - 1
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("at") == steps - 2
        page.locator("#stage g.node").first.click()
        page.fill("#edit", "0.4")
        told = page.evaluate("[[...now], [...adjoints]]")
        browser.close()
    values, adjoints = run(data(path.read_text(encoding="utf-8"))["program"], told[1][0][0], {"n0": 0.4})
    assert {key: pytest.approx(number) for key, number in told[0]} == values
    assert {key: pytest.approx(number) for key, number in told[1]} == adjoints
    assert (faults, len(asked)) == ([], 1)


def test_a_compiled_step_has_a_page_too():

    model = nn.MLP([3, 4, 1], "tanh", rng=0)
    step = autograd.compile(lambda X: nn.mse_loss(model(X), X[:, :1]))
    step(np.ones((2, 3)))
    assert step.draw().html.startswith("<!DOCTYPE html>")
