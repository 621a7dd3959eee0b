"""What `import autograd` costs beyond `import numpy`: fresh interpreters in turns, with their bytecode cached."""

import os
import statistics
import subprocess
import sys
import time


def cost(count):
    """The medians of both over `count` rounds, and of their difference, in seconds."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = {"numpy": [], "autograd": []}
    for package in times:
        _once(package, environment)
    for _ in range(count):
        for package, found in times.items():
            found.append(_once(package, environment))
    extra = statistics.median(b - a for a, b in zip(times["numpy"], times["autograd"], strict=True))
    return {name: statistics.median(found) for name, found in times.items()} | {"extra": extra}


def _once(package, environment):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {package}"], check=True, env=environment)
    return time.perf_counter() - start
