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
    assert b"folded by module" in files["network.svg"]
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


def shown(script, tmp_path):
    """What an example prints, in lines, and that it has drawn its picture."""
    done = run(script, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert [file.name for file in (tmp_path / "out").iterdir()] == [script.replace(".py", ".png")]
    return done.stdout.splitlines()


def test_units_that_start_alike_stay_alike(tmp_path):
    zeros, constant, random = shown("symmetry.py", tmp_path)
    assert (zeros.split()[1], constant.split()[2], random.split()[1]) == ("1", "1", "6")


def test_a_signal_vanishes_saturates_or_lives_by_its_start_values(tmp_path):
    last, saturated = {}, {}
    for line in shown("initialization.py", tmp_path):
        name = line.partition("std after")[0].strip()
        spread, _, share = line.split("after layer 10:")[1].partition("saturated:")
        last[name] = float(spread)
        if share:
            saturated[name] = float(share.rstrip("%")) / 100
    assert last["tanh, normal, std 0.01"] < 1e-4
    assert last["tanh, normal, std 1"] > 0.95
    assert last["tanh, Xavier normal"] > 0.1
    assert last["relu, normal, std 1"] > 1e6
    assert 0.1 < last["relu, He normal"] < 10
    assert len(saturated) == 4
    assert saturated.pop("tanh, normal, std 1") > 0.8
    assert max(saturated.values()) < 0.05


def test_batch_normalization_and_shortcuts_bring_back_the_gradients_of_a_deep_sigmoid_network(tmp_path):
    lines = shown("deep_sigmoid.py", tmp_path)
    first = {line[:11].strip(): float(line.split("first layer")[1].split(",")[0]) for line in lines}
    loss = {line[:11].strip(): float(line.split()[-1]) for line in lines}
    assert first["plain"] < 1e-10
    assert min(first["residual"], first["batch norm"]) > 1e-3
    assert loss["plain"] > 0.68 > 0.5 > max(loss["residual"], loss["batch norm"])


def test_dropout_and_a_penalty_lose_on_what_was_seen_and_win_elsewhere(tmp_path):
    lines = [
        [float(part.split(",")[0]) for part in line.split("loss ")[1:]] for line in shown("overfitting.py", tmp_path)
    ]
    (seen, others), *kept = lines
    assert all(here > seen and there < others for here, there in kept)


def test_a_wider_layer_comes_nearer(tmp_path):
    distances = [float(line.split()[-1]) for line in shown("universal_approximation.py", tmp_path)]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.05
