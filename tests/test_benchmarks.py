"""The benchmarks run, so that they cannot rot; how fast is not asserted here."""

import subprocess
import sys
from pathlib import Path

from benchmarks.mlp import by_hand
from benchmarks.mlp import memograd as step_of_mlp
from benchmarks.moons import memograd as step_of_moons

ROOT = Path(__file__).parents[1]


def test_every_workload_of_ours_runs():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smoke"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {line.split("|")[1].strip() for line in done.stdout.splitlines()[2:]} == {
        "benchmarks.moons",
        "benchmarks.mlp",
        "benchmarks.arrays",
        "benchmarks.chain",
        "benchmarks.derivation",
        "benchmarks.fit",
        "benchmarks.hessian",
        "benchmarks.memory",
        "benchmarks.operations",
        "benchmarks.optimizers",
        "benchmarks.peak",
    }


def test_the_workloads_learn():
    for make, size, steps in ((step_of_moons, 10, 5), (by_hand, 0, 50)):
        step = make(size)
        first = step()
        for _ in range(steps):
            last = step()
        assert float(last) < float(first)
    step_of_mlp(0)()
