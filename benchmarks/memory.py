"""What a checkpoint saves and costs: tanh layers on a large array, with and without, time and memory held."""

import gc
import time
import tracemalloc

import numpy as np

LAYERS, GROUP = 64, 8


def _group(x):
    for _ in range(GROUP):
        x = np.tanh(x * 1.01)
    return x


def measure(size):
    """Seconds for forward and backward, and megabytes held between the two: as it is, and with checkpoints."""
    from autograd import checkpoint

    return {"kept": _measured(_group, size), "checkpoints": _measured(checkpoint(_group), size)}


def _measured(layers, size):
    seconds = min(_run(layers, size)[0] for _ in range(3))
    tracemalloc.start()
    held = _run(layers, size)[1]
    tracemalloc.stop()
    return seconds, held


def _run(layers, size):
    from autograd import Tensor

    x = Tensor(np.zeros(size), requires_grad=True)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    start = time.perf_counter()
    y = x
    for _ in range(LAYERS // GROUP):
        y = layers(y)
    held = (tracemalloc.get_traced_memory()[0] - before) / 2**20
    y.sum().backward()
    return time.perf_counter() - start, held


if __name__ == "__main__":
    for name, (seconds, held) in measure(1_000_000).items():
        print(f"{name:12} {seconds * 1e3:7.0f} ms {held:7.0f} MiB")
