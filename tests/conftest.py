"""What all tests share: in continuous integration hypothesis draws the same examples every time, elsewhere new ones.

Tests run side by side, so each process computes in one thread: more would wait for one another, ten times as long.
"""

import os

for _library in ("OPENBLAS", "MKL", "OMP"):  # before NumPy is imported, and for the scripts that tests start
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

from hypothesis import settings  # noqa: E402  below what it would be too late for

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
