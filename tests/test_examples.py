"""The examples, run as their users run them."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(script, *arguments):
    """A script in a process of its own."""
    command = [sys.executable, str(ROOT / "examples" / script), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def test_the_main_job_reads_digits_and_writes_everything(tmp_path):
    done = run("digits.py", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    accuracy = float(done.stdout.split("%")[0])
    assert accuracy >= 97.0
    files = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert set(files) == {"curves.png", "mistakes.png", "network.svg", "derivation.html", "derivation.txt"}
    assert all(files[name].startswith(b"\x89PNG") for name in ("curves.png", "mistakes.png"))
    assert ElementTree.fromstring(files["network.svg"]).tag.endswith("svg")
    assert "∂L/∂w" in files["derivation.txt"].decode()
    assert all(str(tmp_path / "out" / name) in done.stdout for name in files)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--epochs", "0"), "--epochs"), (("--epochs", "many"), "--epochs"), (("--seed", "-1"), "--seed")],
)
def test_bad_options_are_one_clear_line_and_nothing_is_written(tmp_path, arguments, said):
    done = run("digits.py", *arguments, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused_and_kept(tmp_path):
    (tmp_path / "out").write_text("mine")
    done = run("digits.py", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "is a file" in done.stderr
    assert (tmp_path / "out").read_text() == "mine"


def test_the_variants_of_descent_answer_the_notes_questions(tmp_path):
    done = run("descent_variants.py", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()[1:4]}
    assert [int(rows[name][0]) for name in ("batch", "mini-batch", "stochastic")] == [1, 10, 320]
    epochs = [int(rows[name][2]) for name in ("batch", "mini-batch", "stochastic")]
    jumps = [float(rows[name][3]) for name in ("batch", "mini-batch", "stochastic")]
    assert epochs == sorted(epochs, reverse=True)
    assert jumps == sorted(jumps)
    for said in ("320 rows in batches of 32: 10", "900 rows in batches of 150: 6", "800 rows in batches of 150: 6"):
        assert said in done.stdout
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["descent.png"]


def test_the_notes_network_prints_its_three_equations():
    done = run("chain_rule_3321.py")
    assert done.returncode == 0, done.stderr
    for equation in (
        "∂L/∂W³₁₁ = ∂L/∂ŷ · ∂ŷ/∂W³₁₁",
        "∂L/∂W²₁₁ = ∂L/∂ŷ · ∂ŷ/∂O₂₁ · ∂O₂₁/∂W²₁₁",
        "∂L/∂W¹₁₁ = ∂L/∂ŷ · [ ∂ŷ/∂O₂₁ · ∂O₂₁/∂O₁₁ · ∂O₁₁/∂W¹₁₁ + ∂ŷ/∂O₂₂ · ∂O₂₂/∂O₁₁ · ∂O₁₁/∂W¹₁₁ ]",
        "23 trainable parameters",
    ):
        assert equation in " ".join(done.stdout.split())
