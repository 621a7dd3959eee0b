"""Large work shared by the cores: every part once, errors as they are, and a child of a fork computes too."""

import multiprocessing
import sys
import threading
import warnings

import numpy as np
import pytest

from autograd import compile  # noqa: A004  ours
from autograd.plan import cores
from autograd.plan.cores import shared


@pytest.fixture
def three_cores(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setattr(cores, "_allowed", lambda: 8)
    cores.cores.cache_clear()
    cores._pool.cache_clear()
    yield
    cores._pool().shutdown()
    cores.cores.cache_clear()
    cores._pool.cache_clear()


@pytest.mark.parametrize("size", [1, 9, 10, 11, 29, 30, 31, 100])
def test_every_part_of_the_range_is_done_once(three_cores, size):
    done, names = np.zeros(size, int), set()

    def work(first, last, array):
        names.add(threading.current_thread().name)
        assert (last - first) % 10 == 0 or last == size
        array[first:last] += 1

    shared(work, 10)(0, size, done)
    np.testing.assert_array_equal(done, 1)
    assert 1 <= len(names) <= min(3, -(-size // 10))


def test_an_error_in_any_part_is_raised_once_all_have_ended(three_cores):
    ended = []

    def work(first, last):
        ended.append(first)
        if first:
            raise KeyError(first)

    with pytest.raises(KeyError):
        shared(work, 10)(0, 30)
    assert sorted(ended) == [0, 10, 20]


def test_a_program_gives_the_same_digits_on_several_cores_and_warns_of_nothing(three_cores):
    x = np.random.default_rng(0).normal(size=400_000)

    def chain(x):
        for _ in range(4):
            x = np.log(x * 2 + 1) + x * x
        return x

    compiled = compile(chain)
    with np.errstate(all="ignore"):
        expected = chain(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled(np.abs(x))
        np.testing.assert_array_equal(compiled(x), expected)
    assert compiled.plan.text.in_parts


def _in_child(queue):
    done = np.zeros(30)
    shared(lambda first, last, array: array[first:last].fill(1.0), 10)(0, 30, done)
    queue.put(done.sum())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_child_of_a_fork_has_threads_of_its_own(three_cores):
    shared(lambda first, last: None, 10)(0, 30)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that forking a process with threads may not end well
        child = context.Process(target=_in_child, args=(queue,))
        child.start()
    assert queue.get(timeout=30) == 30
    child.join()


def test_a_program_with_matrix_products_is_not_shared_since_their_library_holds_the_cores():
    w = np.ones((600, 600))
    with_products = compile(lambda x: np.exp(np.sin(x @ w) * 2 + 1) * x)
    with_products(w)
    assert with_products.plan.text.defines
    assert not with_products.plan.text.in_parts
