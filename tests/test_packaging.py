"""What is installed, what an import costs, and what is said when another distribution's `autograd` is in the way."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import autograd
import nn
import optim

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd", "nn", "optim")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def run(code, *path, options=()):
    """Python code in an interpreter of its own, which finds packages in `path` first and shows every warning."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONWARNINGS", None)
    command = [sys.executable, *options, "-W", "always", "-c", code]
    return subprocess.run(
        command, env=environment, cwd=path[0], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def installed(tmp_path):
    """A directory that holds the three packages as an installer would leave them."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / "ours" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "ours"


def write(directory, **files):
    for name, text in files.items():
        path = directory / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# -- another distribution named autograd -----------------------------------------------------------------------


def test_an_import_of_the_three_packages_is_silent(installed):
    done = run("import autograd, nn, optim", installed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["tracer", "numpy__numpy_wrapper"])
def test_files_of_the_other_distribution_among_ours_are_warned_of_once_with_the_remedy(installed, name):
    write(installed / "autograd", **{name: ""})
    done = run("import autograd, nn, optim; print(autograd.Tensor(2.0))", installed)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("UserWarning") == 1
    assert "pip uninstall autograd" in done.stderr
    assert str(installed / "autograd") in done.stderr


def test_our_own_files_in_the_working_tree_are_not_taken_for_the_other_distribution():
    done = run("import autograd", ROOT)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("package", ["nn", "optim"])
def test_another_autograd_found_first_is_refused_by_name_and_place(installed, tmp_path, package):
    other = tmp_path / "other"
    (other / "autograd").mkdir(parents=True)
    (other / "autograd" / "__init__.py").write_text("from .wrap import grad\n", encoding="utf-8")
    (other / "autograd" / "wrap.py").write_text("grad = None\n", encoding="utf-8")
    done = run(f"import {package}", other, installed)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert str(other / "autograd" / "__init__.py") in last
    assert "an environment of its own" in last


@pytest.mark.parametrize("package", ["nn", "optim"])
def test_what_an_uninstall_of_the_other_distribution_leaves_behind_is_refused(installed, package):
    (installed / "autograd" / "__init__.py").unlink()
    done = run(f"import {package}", installed, options=["-S"])  # where memograd is installed to edit, it would be found
    assert done.returncode == 1
    assert "ImportError" in done.stderr.splitlines()[-1]
    assert "an environment of its own" in done.stderr


def test_no_module_of_ours_has_a_name_of_the_other_distributions():
    theirs = {"builtins", "core", "differential_operators", "extend", "test_util", "tracer", "util", "wrap_util"}
    theirs |= {"misc", "numpy", "scipy"}
    assert theirs.isdisjoint(path.stem for path in (ROOT / "autograd").iterdir())


@pytest.mark.parametrize("package", [autograd, nn, optim], ids=PACKAGES)
def test_the_packages_under_test_are_those_of_this_repository(package):
    assert Path(package.__file__).parent.parent == ROOT


# -- what an import brings along -------------------------------------------------------------------------------


def test_importing_the_engine_imports_nothing_that_draws_or_plots():
    lazy = ["networkx", "graphviz", "pygraphviz", "matplotlib", "sklearn", "tqdm", "scipy", "nn", "optim"]
    done = run(f"import sys, autograd; print(sorted(set(sys.modules) & set({lazy})))", ROOT)
    assert done.stdout == "[]\n", done.stderr


def test_importing_models_and_descent_imports_nothing_that_draws_or_plots():
    lazy = ["networkx", "graphviz", "pygraphviz", "matplotlib", "sklearn", "tqdm", "scipy"]
    lazy += ["autograd.drawing", "autograd.derivation", "autograd.check", "autograd.plan.compiled"]
    done = run(f"import sys, nn, optim; print(sorted(set(sys.modules) & set({lazy})))", ROOT)
    assert done.stdout == "[]\n", done.stderr


def test_importing_the_engine_draws_in_nothing_from_the_standard_library_that_is_slow_to_load():
    slow = ["importlib.metadata", "asyncio", "unittest", "http.client", "email", "sqlite3", "multiprocessing"]
    brought = "before = set(sys.modules); import autograd; print(sorted((set(sys.modules) - before) & set(slow)))"
    done = run(f"import sys, numpy; slow = {slow}; {brought}", ROOT)
    assert done.stdout == "[]\n", done.stderr


# -- what is installed -----------------------------------------------------------------------------------------


def test_a_wheel_holds_the_three_packages_typed_and_nothing_else():
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling comes with memograd[test]")
    found = {file.distribution_path for file in wheel.WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {Path(each).parts[0] for each in found} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= found
    on_disk = {str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert on_disk <= found


def test_the_distribution_does_not_bear_the_name_of_one_of_its_packages():
    assert PROJECT["name"] == autograd.__distribution__ == "memograd"
    assert PROJECT["name"] not in PACKAGES


def test_three_libraries_are_required_and_each_has_bounds_on_both_sides():
    required = PROJECT["dependencies"]
    assert {each.split(">=")[0] for each in required} == {"numpy", "networkx", "graphviz"}
    optional = [each for extra in PROJECT["optional-dependencies"].values() for each in extra]
    for each in required + [each for each in optional if not each.startswith("memograd[")]:
        assert ">=" in each, each
        assert "<" in each, each


def test_every_extra_an_error_message_names_exists():
    named = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            named |= {part.split("]")[0] for part in path.read_text(encoding="utf-8").split("memograd[")[1:]}
    assert {name for name in named if "{" not in name} <= set(PROJECT["optional-dependencies"])


def test_the_version_is_told_in_one_place_and_in_the_changelog():
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        installed_version = importlib.metadata.version("memograd")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("memograd is not installed here, only found")
    assert installed_version == PROJECT["version"]
