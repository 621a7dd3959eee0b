"""Deep, wide and many: fan-in, ladders of diamonds, small graphs without end, and threads each with their own."""

import gc
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from autograd import Tensor, Value, detect_anomaly, grad, no_grad, sweep


def test_a_fan_in_of_a_hundred_thousand():
    x = Value(1.5)
    total = x * 0.0
    for _ in range(100_000):
        total = total + x
    total.backward()
    assert x.grad == 100_000.0


def test_a_fan_in_of_many_tensors_in_one_step():
    parts = [Tensor(float(i), requires_grad=True) for i in range(20_000)]
    np.stack(parts).sum().backward()
    assert all(each.grad == 1.0 for each in parts)


def test_a_ladder_of_sixty_diamonds_is_swept_edge_by_edge():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    adjoints = sweep(y)
    assert adjoints[x] == 2.0**60
    assert adjoints.counts().paths == 2**60
    assert adjoints.counts().multiplications == 118


def test_ten_thousand_small_graphs_leave_no_memory_behind():
    w = Tensor(np.ones((3, 3)), requires_grad=True)

    def step():
        loss = (np.tanh(w @ np.ones(3)) ** 2).sum()
        loss.backward()
        w.zero_grad()

    for _ in range(200):
        step()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10_000):
            step()
        assert tracemalloc.get_traced_memory()[0] - before < 50_000
    finally:
        tracemalloc.stop()
        gc.enable()


def test_derivatives_of_derivatives_leave_no_memory_behind():
    f = grad(grad(lambda x: (np.sin(x) * x).sum()))
    for _ in range(50):
        f(0.5)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(500):
            f(0.5)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()


def test_eight_threads_with_graphs_and_modes_of_their_own():
    def work(seed):
        rng = np.random.default_rng(seed)
        x = Tensor(rng.standard_normal(20), requires_grad=True)
        for i in range(200):
            if i % 3 == 0:
                with no_grad():
                    assert not (x * x).requires_grad
            elif i % 3 == 1:
                with detect_anomaly():
                    (x * x).sum().backward()
            else:
                assert grad(grad(lambda y: (y**3).sum()))(float(seed)) == 6.0 * seed
        return np.allclose(x.grad, 2 * x.numpy() * 67, rtol=1e-12)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
