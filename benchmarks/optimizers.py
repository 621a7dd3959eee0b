"""One step() of an optimizer, float32, gradients at hand. The size is a place in WORKLOADS: shapes, then algorithm."""

import numpy as np

from benchmarks.contest import main

SHAPES = {"10⁶ parameters in 8 tensors": [(125_000,)] * 8, "200 tensors of 1,000": [(1_000,)] * 200}
ALGORITHMS = {"SGD, momentum": ("SGD", {"lr": 0.01, "momentum": 0.9}), "Adam": ("Adam", {}), "AdamW": ("AdamW", {})}
WORKLOADS = [(shapes, algorithm) for shapes in SHAPES for algorithm in ALGORITHMS]


def task(size):
    shapes, algorithm = WORKLOADS[size]
    rng = np.random.default_rng(0)
    arrays = [[rng.standard_normal(shape, np.float32) for shape in SHAPES[shapes]] for _ in range(2)]
    return *ALGORITHMS[algorithm], *arrays


def memograd(size):
    import nn
    import optim

    name, options, values, gradients = task(size)
    parameters = [nn.Parameter(each) for each in values]
    for p, g in zip(parameters, gradients, strict=True):
        p.grad = g
    return getattr(optim, name)(parameters, **options).step


def pytorch(size, **more):
    import torch

    name, options, values, gradients = task(size)
    parameters = [torch.nn.Parameter(torch.from_numpy(each)) for each in values]
    for p, g in zip(parameters, gradients, strict=True):
        p.grad = torch.from_numpy(g)
    return getattr(torch.optim, name)(parameters, **options, **more).step


def pytorch_foreach(size):
    return pytorch(size, foreach=True)


CONTESTANTS = {
    "memograd": (["autograd"], memograd),
    "PyTorch": (["torch"], pytorch),
    "PyTorch foreach": (["torch"], pytorch_foreach),
}

if __name__ == "__main__":
    main(CONTESTANTS)
