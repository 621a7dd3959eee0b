"""How contestants are timed: each in a process of its own, in turns, several rounds; medians, and ratios per round."""

import importlib.util
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

NOT_INSTALLED = 3

ROOT = str(Path(__file__).parents[1])
START = "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
"""Starts a module with the repository last on the path: a peer that has our package's name is found where it lives."""


def main(contestants):
    """Run one contestant of a workload in this process, and print its median time in seconds.

    `contestants` maps a name to the packages it needs and a function that takes a size and gives a step to be timed.
    Called as `python -m benchmarks.<workload> NAME SIZE REPEATS`.
    """
    name, size, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    step = prepared(contestants, name, size)
    for _ in range(max(1, repeats // 5)):
        step()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(statistics.median(times))


def prepared(contestants, name, size):
    """The step of a contestant; the process ends where it is not installed."""
    needs, prepare = contestants[name]
    if any(importlib.util.find_spec(package) is None for package in needs):
        sys.exit(NOT_INSTALLED)
    return prepare(size)


def seconds(workload, name, size, repeats):
    """The median time of a contestant in a fresh process, or None where it is not installed."""
    python = os.environ.get("MEMOGRAD_HIPS_PYTHON") if name == "HIPS autograd" else sys.executable
    if python is None:
        return None
    command = [python, "-PE", "-c", START, ROOT, f"benchmarks.{workload}", name, str(size), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == NOT_INSTALLED:
        return None
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def rounds(workload, names, size, repeats, count):
    """The times of each contestant over some rounds, taken in turns so that drift meets all of them."""
    found = {name: [] for name in names}
    for _ in range(count):
        for name in names:
            if found[name] is None:
                continue
            took = seconds(workload, name, size, repeats)
            found[name] = None if took is None else [*found[name], took]
    return found


def ratio(times, other, ours="memograd"):
    """The median over rounds of how many times slower another contestant was."""
    return statistics.median(b / a for a, b in zip(times[ours], times[other], strict=True))
