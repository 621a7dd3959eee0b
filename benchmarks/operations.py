"""Every operation that memograd shares with HIPS autograd or MyGrad, forward and backward.

`python -m benchmarks.operations` prints the table: on arrays of 1000 x 1000 (matrices that are inverted or decomposed:
200 x 200) and on scalars. Each engine runs all operations in a process of its own; engines take turns for several
rounds. What counts is the ratio within a round. The processes are told to keep the memory that they free: whether an
allocator hands the pages of a large array back, to zero them again at the next one, depends on the order of all that
was allocated before, and can treble the time of an operation of any engine.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

from benchmarks.contest import NOT_INSTALLED, ROOT, START

UNARY = (
    "abs arccos arccosh arcsin arcsinh arctan arctanh cbrt cos cosh deg2rad exp exp2 expm1 fabs log log10 log1p log2"
)
UNARY += " negative rad2deg reciprocal sin sinc sinh sqrt square tan tanh"
BINARY = "add arctan2 divide fmax fmin hypot logaddexp logaddexp2 maximum minimum mod multiply power subtract"
REDUCED = "sum mean prod std var max min"
SHAPES = "ravel transpose squeeze fliplr flipud rot90 triu tril atleast_2d"
SQUARE = "det inv slogdet cholesky svd"
LARGE, SMALL, SIDE = "1000 x 1000", "scalar", 200
MASK = np.random.default_rng(1).random((1000, 1000)) > 0.5
INDICES = np.random.default_rng(2).integers(0, 1000, 1000)


def cases(lib):
    """Each case of an engine's: its name, the function, and how many arrays of which kind it takes."""
    found = {}
    for name in UNARY.split():
        found[name] = (lambda x, name=name: getattr(lib, name)(x), ["x" if name != "arccosh" else "above"])
    for name in BINARY.split():
        found[name] = (lambda x, y, name=name: getattr(lib, name)(x, y), ["x", "y"])
    found["where"] = (lambda x, y: lib.where(MASK, x, y), ["X", "Y"])
    found["clip"] = (lambda x: lib.clip(x, 0.3, 0.7), ["x"])
    found["x ** 3"] = (lambda x: x**3, ["x"])
    found["2 * x + 1"] = (lambda x: 2 * x + 1, ["x"])
    for name in REDUCED.split():
        kinds = ["near 1"] if name == "prod" else ["X"]
        found[name] = (lambda x, name=name: getattr(lib, name)(x), kinds)
        found[f"{name}, axis=0"] = (lambda x, name=name: getattr(lib, name)(x, axis=0), kinds)
    for name in SHAPES.split():
        found[name] = (lambda x, name=name: getattr(lib, name)(x), ["X"])
    found.update(_arrays(lib))
    for name in SQUARE.split():
        found[f"linalg.{name}"] = (lambda x, name=name: _one(getattr(lib.linalg, name)(x)), ["S"])
    found["linalg.solve"] = (lambda x, y: lib.linalg.solve(x, y), ["S", "S"])
    found["linalg.norm"] = (lambda x: lib.linalg.norm(x), ["X"])
    for name in ("fft", "rfft"):
        found[f"fft.{name}"] = (lambda x, name=name: lib.abs(getattr(lib.fft, name)(x)), ["X"])
    return found


def _arrays(lib):
    return {
        "reshape": (lambda x: lib.reshape(x, (100, 10000)), ["X"]),
        "moveaxis": (lambda x: lib.moveaxis(x, 0, 1), ["X"]),
        "swapaxes": (lambda x: lib.swapaxes(x, 0, 1), ["X"]),
        "expand_dims": (lambda x: lib.expand_dims(x, 1), ["X"]),
        "concatenate": (lambda x, y: lib.concatenate([x, y]), ["X", "Y"]),
        "stack": (lambda x, y: lib.stack([x, y]), ["X", "Y"]),
        "vstack": (lambda x, y: lib.vstack([x, y]), ["X", "Y"]),
        "hstack": (lambda x, y: lib.hstack([x, y]), ["X", "Y"]),
        "tile": (lambda x: lib.tile(x, (2, 1)), ["X"]),
        "repeat": (lambda x: lib.repeat(x, 2, axis=1), ["X"]),
        "roll": (lambda x: lib.roll(x, 3), ["X"]),
        "pad": (lambda x: lib.pad(x, 2, "constant"), ["X"]),
        "diff": (lambda x: lib.diff(x), ["X"]),
        "gradient": (lambda x: lib.gradient(x, axis=0), ["X"]),
        "cumsum": (lambda x: lib.cumsum(x, axis=1), ["X"]),
        "cumprod": (lambda x: lib.cumprod(x, axis=1), ["X"]),
        "sort of a vector": (lambda x: lib.sort(x), ["V"]),
        "trace": (lambda x: lib.trace(x), ["X"]),
        "diagonal": (lambda x: lib.diagonal(x), ["X"]),
        "diag": (lambda x: lib.diag(x), ["x1"]),
        "x[10:-10]": (lambda x: x[10:-10], ["X"]),
        "x[indices]": (lambda x: x[INDICES], ["X"]),
        "x[mask]": (lambda x: x[MASK], ["X"]),
        "matmul": (lambda x, y: lib.matmul(x, y), ["X", "Y"]),
        "matrix @ vector": (lambda x, y: lib.matmul(x, y), ["X", "x1"]),
        "dot": (lambda x, y: lib.dot(x, y), ["X", "Y"]),
        "inner": (lambda x, y: lib.inner(x, y), ["X", "Y"]),
        "outer": (lambda x, y: lib.outer(x, y), ["x1", "x1"]),
        "tensordot": (lambda x, y: lib.tensordot(x, y, 1), ["X", "Y"]),
        "einsum ij,jk->ik": (lambda x, y: lib.einsum("ij,jk->ik", x, y), ["X", "Y"]),
        "einsum ij,ij->i": (lambda x, y: lib.einsum("ij,ij->i", x, y), ["X", "Y"]),
        "kron": (lambda x, y: lib.kron(x, y), ["x1", "x1"]),
        "broadcasting row": (lambda x, y: x * y, ["X", "x1"]),
    }


def _one(found):
    """Of several results the one with a derivative that both define: logarithm of a determinant, singular values."""
    return found[1] if isinstance(found, tuple) else found


def _made(kind, size):
    """An argument of a kind; None if a kind has no scalar form."""
    rng = np.random.default_rng(len(kind) + ord(kind[0]))
    if size == SMALL:
        return np.float64(rng.uniform(0.2, 0.8)) + (kind == "above") * 1.0 if kind in ("x", "y", "above") else None
    if kind == "V":
        return rng.uniform(0.2, 0.8, 1_000_000)
    if kind == "x1":
        return rng.uniform(0.2, 0.8, 1000)
    if kind == "S":
        return rng.uniform(0.2, 0.8, (SIDE, SIDE)) / SIDE + np.eye(SIDE)
    if kind == "near 1":  # so that the product of 10^6 elements is a number, not 0
        return np.exp(rng.normal(0.0, 0.01, (1000, 1000)))
    return rng.uniform(0.2, 0.8, (1000, 1000)) + (kind == "above") * 1.0


def _memograd(function, arrays):
    from autograd import Tensor

    variables = [Tensor(each, requires_grad=True) for each in arrays]

    def step():
        for each in variables:
            each.grad = None
        function(*variables).sum().backward()
        return variables[0].grad

    return step


def _hips(function, arrays):
    import autograd.numpy as lib

    from autograd import grad

    derivative = grad(lambda *given: lib.sum(function(*given)), tuple(range(len(arrays))))
    return lambda: derivative(*arrays)


def _mygrad(function, arrays):
    import mygrad

    variables = [mygrad.tensor(each) for each in arrays]

    def step():
        function(*variables).sum().backward()
        return variables[0].grad

    return step


def _library(engine):
    if engine == "memograd":
        import autograd as lib

        return lib, _memograd
    if engine == "HIPS autograd":
        import autograd.numpy as lib

        return lib, _hips
    import mygrad as lib

    return lib, _mygrad


KEEPS_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**34),
    "MALLOC_TOP_PAD_": str(2**28),
}


def measure(engine, size, repeats):
    """The median time of every operation of an engine, in seconds; what it has not is left out."""
    if importlib.util.find_spec({"HIPS autograd": "scipy", "MyGrad": "mygrad"}.get(engine, "autograd")) is None:
        sys.exit(NOT_INSTALLED)
    lib, prepare = _library(engine)
    found = {}
    for name, (function, kinds) in cases(lib).items():
        arrays = [_made(kind, size) for kind in kinds]
        if any(each is None for each in arrays):
            continue
        step = prepare(function, arrays)
        try:
            step()
        except (AttributeError, TypeError, NotImplementedError, ValueError):
            continue
        found[name] = _median(step, repeats)
    return found


def _median(step, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def in_a_process(engine, size, repeats):
    """`measure` in a fresh process; nothing where the engine is not installed."""
    python = os.environ.get("MEMOGRAD_HIPS_PYTHON") if engine == "HIPS autograd" else sys.executable
    if python is None:
        return {}
    command = [
        python,
        "-PEW",
        "ignore",
        "-c",
        START,
        ROOT,
        "benchmarks.operations",
        "--of",
        engine,
        size,
        str(repeats),
    ]
    environment = os.environ | KEEPS_MEMORY
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode == NOT_INSTALLED:
        return {}
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def table(size, repeats, count):
    """The rows of one size: ours in microseconds, and how many times as long as each peer it took."""
    engines = ["memograd", "HIPS autograd", "MyGrad"]
    rounds = [{engine: in_a_process(engine, size, repeats) for engine in engines} for _ in range(count)]
    for name in rounds[0]["memograd"]:
        ours = statistics.median(each["memograd"][name] for each in rounds)
        ratios = {
            engine: statistics.median(each["memograd"][name] / each[engine][name] for each in rounds)
            for engine in engines[1:]
            if all(name in each[engine] for each in rounds)
        }
        if ratios:
            yield name, ours, ratios


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", nargs=3, metavar=("ENGINE", "SIZE", "REPEATS"), help="here, one engine, as JSON")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.of:
        engine, size, repeats = options.of
        print(json.dumps(measure(engine, size, int(repeats))))
        return
    print("| operation | size | memograd | times HIPS autograd's | times MyGrad's | goal 1.3 |\n" + "|---" * 6 + "|")
    for size, repeats in ((SMALL, 400), (LARGE, 9)):
        for name, ours, ratios in table(size, repeats, options.rounds):
            shown = [f"{ratios[peer]:.2f}" if peer in ratios else "" for peer in ("HIPS autograd", "MyGrad")]
            over = "over" if max(ratios.values()) > 1.3 else ""
            print("| " + " | ".join([f"`{name}`", size, f"{ours * 1e6:.0f} µs", *shown, over]) + " |", flush=True)


if __name__ == "__main__":
    main()
