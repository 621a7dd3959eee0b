"""The most memory that a process takes which trains the network 784-512-512-10, as Linux counts it."""

import subprocess
import sys
from pathlib import Path

from benchmarks import contest, mlp

SIZE, STEPS = 2, 30
CONTESTANTS = ("memograd compiled", "memograd", "PyTorch", "NumPy by hand")


def measure(name):
    """Mebibytes in a fresh process, or None where a contestant is not installed, or the system does not tell."""
    if sys.platform != "linux":
        return None
    command = [sys.executable, "-PE", "-c", contest.START, contest.ROOT, "benchmarks.peak", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == contest.NOT_INSTALLED:
        return None
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def main():
    """Train with one contestant in this process and print its peak."""
    step = contest.prepared(mlp.CONTESTANTS, sys.argv[1], SIZE)
    for _ in range(STEPS):
        step()
    status = Path("/proc/self/status").read_text()  # the usage that `resource` tells begins with that of the parent
    print(int(status.split("VmHWM:")[1].split()[0]) / 2**10)


if __name__ == "__main__":
    main()
