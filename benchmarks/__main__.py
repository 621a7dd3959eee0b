"""Measures everything and prints one table: `python -m benchmarks`, or `--smoke` for tiny sizes without peers."""

import argparse
import statistics

from benchmarks import (
    arrays,
    chain,
    contest,
    derivation,
    fit,
    hessian,
    imports,
    memory,
    mlp,
    moons,
    operations,
    optimizers,
    peak,
)


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def shown(seconds):
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.1f} µs"


def compare(title, workload, names, size, repeats, count, goals, ours="memograd"):
    """One workload: a row for each contestant, with its median and how many times slower than `ours` it was."""
    times = contest.rounds(workload, names, size, repeats, count)
    for name, found in times.items():
        if found is None:
            row([title, name, "not installed", "", ""])
        else:
            times_ours = "1" if name == ours else f"{contest.ratio(times, name, ours):.2f}"
            row([title, name, shown(statistics.median(found)), times_ours, str(goals.get(name, ""))])


def linearity(lengths, count):
    """The time for one operation in chains of growing length, against that in the shortest."""
    first = None
    for length in lengths:
        repeats = max(3, min(200, 200_000 // length))
        took = statistics.median(contest.seconds("chain", "memograd", length, repeats) for _ in range(count)) / length
        first = first or took
        row(
            [
                f"chain of {length:,} operations, for each",
                "memograd",
                shown(took),
                f"{took / first:.2f} of the shortest",
                "1.5",
            ]
        )


def imported(count):
    found = imports.cost(count)
    row(["import", "numpy", shown(found["numpy"]), "", ""])
    row(["import", "autograd", shown(found["autograd"]), f"{shown(found['extra'])} more", "40 ms"])


def compiled(count):
    """The compiled rows: one step of each workload, replayed."""
    ours = "memograd compiled"
    compare("moons, compiled", "moons", [ours, "micrograd"], 100, 8, count, {"micrograd": 300}, ours)
    peers = [ours, "memograd", "PyTorch", "JAX jit", "NumPy by hand"]
    goals = (
        {"PyTorch": 4, "JAX jit": 2, "NumPy by hand": 1},
        {"PyTorch": 1.3, "JAX jit": 1.2},
        {"PyTorch": 1, "NumPy by hand": 1.3},
        {},
    )
    for size, repeats in enumerate((2000, 500, 40, 500)):
        widths, rows = mlp.SHAPES[size]
        title = f"{'-'.join(map(str, widths)) if len(widths) < 9 else '20 layers of 32'}, {rows} rows, compiled"
        compare(title, "mlp", peers, size, repeats, count, goals[size], ours)
    for size, title in enumerate(arrays.WORKLOADS):
        compare(title, "arrays", list(arrays.CONTESTANTS), size, 40, count, {}, ours)


def peaks():
    """The memory of the largest network's step."""
    for name in peak.CONTESTANTS:
        found = peak.measure(name)
        told = "not installed" if found is None else f"{found:.0f} MiB"
        row(
            [
                "784-512-512-10, peak of the process",
                name,
                told,
                "",
                "no more than PyTorch" if "compiled" in name else "",
            ]
        )


def derivations(count):
    for title, seconds, goal in derivation.rows(count):
        row([title, "memograd", shown(seconds), "", shown(goal)])


def steps(count):
    """One step() of each algorithm on few large and on many small parameters."""
    for size, (shapes, algorithm) in enumerate(optimizers.WORKLOADS):
        goal = 1 if size < len(optimizers.ALGORITHMS) else 2
        names = list(optimizers.CONTESTANTS)
        compare(f"{algorithm}, {shapes}", "optimizers", names, size, 100, count, {"PyTorch foreach": goal})


def smoke():
    """Every workload on our own contestants, tiny: it only has to run."""
    for workload, size in (
        (moons, 4),
        (mlp, 0),
        (arrays, 0),
        (arrays, 1),
        (arrays, 2),
        (chain, 10),
        (hessian, 4),
        (optimizers, 3),
        (fit, 1),
    ):
        for name in ("memograd", "memograd compiled", "memograd fit", "NumPy by hand"):
            if name in workload.CONTESTANTS:
                step = workload.CONTESTANTS[name][1](size)
                step()
                row([workload.__name__, name, "runs", "", ""])
    operations.measure("memograd", operations.SMALL, 1)
    memory.measure(10)
    list(derivation.rows(1, tiny=True))
    peak.measure("memograd compiled")
    for workload in (operations, memory, derivation, peak):
        row([workload.__name__, "memograd", "runs", "", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="only see that everything runs")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in which contestants take turns (default 5)")
    options = parser.parse_args()
    row(["workload", "who", "median", "times ours", "goal"])
    row(["---"] * 5)
    if options.smoke:
        smoke()
        return
    compare("moons, one step", "moons", ["memograd", "micrograd"], 100, 8, options.rounds, {"micrograd": 8})
    eager = [name for name in mlp.CONTESTANTS if name != "memograd compiled"]
    compare("64-64-10, one step", "mlp", eager, 0, 2000, options.rounds, {"PyTorch": 2})
    compiled(options.rounds)
    linearity([1_000, 10_000, 100_000, 1_000_000], 3)
    compare(
        "Hessian, 100 variables", "hessian", list(hessian.CONTESTANTS), 100, 30, options.rounds, {"HIPS autograd": 5}
    )
    compare("chain of 1,000", "chain", list(chain.CONTESTANTS), 1_000, 100, options.rounds, {})
    for name, (seconds, held) in memory.measure(1_000_000).items():
        row(["64 tanh layers on 10⁶ numbers", name, shown(seconds), f"{held:.0f} MiB held", ""])
    peaks()
    steps(options.rounds)
    ours = "memograd compiled"
    compare(
        "digits, 20 epochs in 32s", "fit", [ours, "memograd fit"], 20, 5, options.rounds, {"memograd fit": 1.15}, ours
    )
    derivations(options.rounds)
    imported(15)


if __name__ == "__main__":
    main()
