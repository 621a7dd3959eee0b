"""The documents are true: the README shows what its code prints, links lead somewhere, generated pages are fresh."""

import contextlib
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import nn
from autograd import InPlaceError

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
FROM_PYTORCH = (ROOT / "docs" / "from_pytorch.md").read_text(encoding="utf-8")
ACTIVATIONS = (ROOT / "docs" / "activations.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def named(path):
    return path.relative_to(ROOT).as_posix()


def script(name):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_shows_what_its_code_prints(tmp_path):
    assert README.count("```text\n") >= 5
    assert script("make_readme").fresh(README, tmp_path) == README, "run `make docs`"
    saved = {path.name for path in tmp_path.iterdir()}
    assert saved == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}


def test_the_page_for_users_of_pytorch_shows_what_its_code_prints(tmp_path):
    assert FROM_PYTORCH.count("```text\n") == 2
    assert script("make_readme").fresh(FROM_PYTORCH, tmp_path) == FROM_PYTORCH, "run `make docs`"


BEFORE = """
import autograd, nn, numpy as np, optim
from autograd import Tensor

rng, lr, shape, dtype, f = np.random.default_rng(0), 0.1, (2, 2), np.float32, lambda x: (x * x).sum()
x, v, data = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), np.ones((2, 2)), [[1.0], [2.0]]
index, mask, array, logits, y = np.zeros((2, 1), int), np.eye(2, dtype=bool), np.ones(2), np.eye(2), np.array([0, 1])
images, kernels = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
model, p = nn.Linear(2, 1, rng=0), Tensor([1.0], requires_grad=True)
optimizer, loss = optim.SGD([p], lr=0.1), (p * 2.0).sum()
"""


def test_the_code_in_the_lines_of_the_page_for_users_of_pytorch_runs():
    prose = re.sub(r"```.*?```", "", FROM_PYTORCH, flags=re.DOTALL)
    ours = re.sub(r"^\| .*? \| ", "", prose, flags=re.MULTILINE)  # without the column that is PyTorch's
    told = [code for code in re.findall(r"`([^`]+)`", ours) if re.match(r"\w+\b[.(\[]", code) or "=" in code]
    assert len(told) > 60
    for code in told:
        names = {}
        exec(BEFORE + "loss.backward()" * code.startswith("p"), names)
        with pytest.raises(InPlaceError) if code == "p -= lr * p.grad" else contextlib.nullcontext():
            exec(code, names)


def test_the_page_for_users_of_pytorch_names_every_layer():
    classes = {name: getattr(nn, name) for name in nn.__all__ if isinstance(getattr(nn, name), type)}
    layers = {name for name, each in classes.items() if issubclass(each, nn.Module)} - {"Module", "Activation"}
    assert layers - set(re.findall(r"`nn\.(\w+)", FROM_PYTORCH + ACTIVATIONS)) == set()


def test_the_commands_the_readme_names_exist():
    named_targets = set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE))
    assert {"demo", "test", "bench"} <= named_targets
    assert named_targets <= set(re.findall(r"^(\w+):", MAKEFILE, flags=re.MULTILINE))


def test_the_files_and_extras_the_commands_name_exist():
    scripts = set(re.findall(r"[\w/]+\.py", MAKEFILE)) | set(re.findall(r"python ([\w/]+\.py)", README))
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(re.findall(r"'\.\[(\w+)\]'", MAKEFILE + README))
    assert extras
    assert extras <= set(project["optional-dependencies"])


def test_continuous_integration_runs_the_readmes_test_command():
    assert "\nmake test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_link_within_the_repository_leads_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_the_table_of_floors_is_what_is_checked():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("## Floors") : text.index("## The record")]
    cells = [row.split(" | ")[1] for row in re.findall(r"^\| .*`autograd\..*$", table, flags=re.MULTILINE)]
    told = [set(re.findall(r"`(?:autograd\.)?(\w+)`", floor)) for cell in cells for floor in cell.split(", then ")]
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = next(each["layers"] for each in linter["contracts"] if each.get("exhaustive"))
    assert told == [set(re.findall(r"\w+", floor)) for floor in floors]


def test_every_decision_is_listed():
    decisions = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (decisions / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in decisions.glob("[0-9]*.md"))


def test_the_reading_order_names_files_that_exist():
    order = README[README.index("To read the engine") : README.index("## Measurements")]
    files = re.findall(r"`([\w/]+\.py)`", order)
    assert len(files) > 5
    assert [name for name in files if not any((ROOT / place / name).is_file() for place in ("", "autograd"))] == []


def test_the_page_of_activations_is_what_the_code_says():
    maker = script("make_activations")
    assert maker.PLACE.read_text(encoding="utf-8") == maker.page(), "run `make docs`"
    rows = [line for line in maker.page().splitlines() if line.startswith("| `")]
    assert all(cell.strip() for row in rows for cell in row.split(" | ")[1:-1] if "`nn.Softm" not in row)
    named = re.findall(r"`(\w+)`", " ".join(row.split(" | ")[0] for row in rows))
    assert set(named) == set(maker.BY_NAME)


def test_every_greek_letter_of_an_activation_has_a_value_on_its_page():
    rows = [line for line in script("make_activations").page().splitlines() if line.startswith("| `")]
    letters = [(row, letter) for row in rows for letter in re.findall(r"\\(alpha|beta|lambda)\b", row)]
    assert len(letters) > 5
    value = r"`nn\.\w+\(.*%.5s=|\\%s = [\d.]+"  # among the defaults, or in the formula's sentence
    assert [row for row, letter in letters if not re.search(value % (letter, letter), row)] == []


def test_the_page_of_operations_is_what_the_registry_says():
    maker = script("make_operations")
    fresh = maker.page()
    assert "| `tanh(x)` |" in fresh
    assert maker.PLACE.read_text(encoding="utf-8") == fresh, "run `make docs`"


def test_the_page_of_operations_has_mathematics_in_its_formulas_alone():
    page = script("make_operations").page()
    formulas = re.findall(r"\$`(.+?)`\$", page)
    assert [each for each in formulas if re.search(r"\||\\\\[lr]?[vV]ert", each)] == []
    assert any(r"\Vert x\Vert _p" in each for each in formulas)
    prose = re.sub(r"\$`.+?`\$|`.+?`", "", page)
    assert re.findall(r"\\\w+", prose) == []
    assert r"Domain: \|x\| > 1." in prose


def test_a_derivative_on_the_page_of_operations_has_no_number_of_its_example():
    rows = [line.split(" | ") for line in script("make_operations").page().splitlines() if line.startswith("| `")]
    derivatives = {row[0]: row[3] for row in rows if len(row) == 5}
    decimals = {name: re.findall(r"\d+\.\d+", written) for name, written in derivatives.items()}
    assert {name: found for name, found in decimals.items() if found} == {"| `sinc(x)`": ["0.01"] * 2}
    assert r"\psi^{\left(n + 1\right)}" in derivatives["| `polygamma(n, x)`"]
    assert derivatives["| `heaviside(x, y)`"] == r"$`\left[x = 0\right]`$"
