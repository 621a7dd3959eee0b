"""The layers, their options and inputs, on which modules are compared with PyTorch's."""

import zlib

import numpy as np

LAYERS = {
    "Linear": [
        ((4, 3), {}, [(5, 4)]),
        ((4, 3), {"bias": False}, [(2, 3, 4)]),
        ((4, 3), {}, [(1, 4)]),
        ((4, 3), {}, [(4,)]),
        ((1, 1), {}, [(5, 1)]),
    ],
    "Bilinear": [
        ((3, 2, 4), {}, [(5, 3), (5, 2)]),
        ((3, 2, 1), {"bias": False}, [(2, 3, 3), (2, 3, 2)]),
        ((1, 1, 1), {}, [(1, 1), (1, 1)]),
    ],
    "Identity": [((), {}, [(2, 3)])],
    "Flatten": [((), {}, [(2, 3, 4)]), ((0, 1), {}, [(2, 3, 4)]), ((), {"start_dim": 2}, [(2, 3, 4, 1)])],
    "BatchNorm1d": [
        ((3,), {}, [(5, 3)]),
        ((3,), {}, [(2, 3, 4)]),
        ((1,), {}, [(2, 1)]),
        ((3,), {}, [(1, 3, 2)]),
        ((3,), {"eps": 0.01, "momentum": 0.3}, [(5, 3)]),
        ((3,), {"momentum": None}, [(5, 3)]),
        ((3,), {"affine": False}, [(5, 3)]),
        ((3,), {"track_running_stats": False}, [(5, 3)]),
    ],
    "LayerNorm": [
        ((4,), {}, [(5, 4)]),
        (((3, 4),), {}, [(2, 3, 4)]),
        ((4,), {"eps": 0.01}, [(1, 4)]),
        ((4,), {"elementwise_affine": False}, [(2, 3, 4)]),
        ((4,), {"bias": False}, [(5, 4)]),
        ((1,), {}, [(5, 1)]),
    ],
    "RMSNorm": [
        ((4,), {}, [(5, 4)]),
        (((3, 4),), {"eps": 0.01}, [(2, 3, 4)]),
        ((4,), {"elementwise_affine": False}, [(1, 4)]),
    ],
}
CASES = {
    f"{name}-{place}": (name, arguments, options, shapes)
    for name, cases in LAYERS.items()
    for place, (arguments, options, shapes) in enumerate(cases)
}
"""Each case by its key in the file: the class, its arguments and options, the shapes of its inputs."""

BATCHES = 3
"""A layer is trained on so many before it is evaluated, so that running averages have moved."""


def numbers(key, shape):
    """Normal numbers that belong to a key."""
    return np.random.default_rng(zlib.crc32(key.encode())).standard_normal(shape)


def batches(key, shapes):
    """The inputs of each batch, of other size and place."""
    return [
        [(1 + batch) * numbers(f"{key}/{batch}/{i}", each) + batch for i, each in enumerate(shapes)]
        for batch in range(BATCHES)
    ]
