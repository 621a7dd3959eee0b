"""The documents are true: the README shows what its code prints, links lead somewhere, generated pages are fresh."""

import contextlib
import importlib.util
import io
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def named(path):
    return path.relative_to(ROOT).as_posix()


def blocks(text):
    """The fenced blocks of a document, in order, as (language, text)."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_readme_shows_what_its_code_prints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, printed, shown = {}, "", 0
    for language, text in blocks(README):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "README.md", "exec"), names)
            printed = out.getvalue()
        elif language == "text":
            assert printed.rstrip() == text.rstrip()
            shown += 1
    assert shown >= 3


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


def test_every_decision_is_listed():
    decisions = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (decisions / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in decisions.glob("[0-9]*.md"))


def test_the_reading_order_names_files_that_exist():
    order = README[README.index("To read the engine") : README.index("## Measurements")]
    files = re.findall(r"`([\w/]+\.py)`", order)
    assert len(files) > 5
    assert [name for name in files if not any((ROOT / place / name).is_file() for place in ("", "autograd"))] == []


def test_the_page_of_operations_is_what_the_registry_says():
    spec = importlib.util.spec_from_file_location("make_operations", ROOT / "docs" / "make_operations.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    fresh = maker.page()
    assert "| `tanh(x)` |" in fresh
    assert maker.PLACE.read_text(encoding="utf-8") == fresh, "run `make docs`"
