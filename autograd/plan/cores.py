"""Large work shared by the processor's cores: NumPy lets go of the interpreter while it computes on large arrays."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import cache, partial
from typing import Any


@cache
def cores() -> int:
    """How many cores to use: those that this process may run on, or fewer where OMP_NUM_THREADS says so."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(_allowed(), int(told)) if told.isdecimal() and int(told) else _allowed()


def _allowed() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="memograd")


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a child has the pool, and not its threads


def on_all_cores(works: Sequence[Callable[[], None]]) -> KeyboardInterrupt | None:
    """Do many things, by turns on every core. An interrupt waits until all are done, and is returned."""
    coming, interrupt = iter(works), None
    running = [_pool().submit(copy_context().run, _each_of, coming) for _ in range(min(cores(), len(works)))]
    while True:
        try:
            wait(running)
            break
        except KeyboardInterrupt as signal:
            interrupt = signal
    for each in running:
        each.result()
    return interrupt


def _each_of(works: Iterator[Callable[[], None]]) -> None:
    for work in works:
        work()


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Do some things at the same time, the first in this thread, and wait for all, also if one fails."""
    others = [_pool().submit(copy_context().run, each) for each in works[1:]]
    try:
        works[0]()
    finally:
        wait(others)
    for other in others:
        other.result()


def shared(work: Callable[..., None], part: int) -> Callable[..., None]:
    """A function of (start, stop, ...) that does its work on a range in parts, with the parts shared by the cores."""

    def share(start: int, stop: int, *arrays: Any) -> None:
        parts = -(-(stop - start) // part)
        each = -(-parts // min(cores(), parts)) * part
        at_once([partial(work, begin, min(begin + each, stop), *arrays) for begin in range(start, stop, each)])

    return share
