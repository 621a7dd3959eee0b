"""The option grids and gradient streams on which optimizers are compared with PyTorch's."""

import itertools

import numpy as np

STEPS = 200
KEPT = [0, 1, 3, 5, 7, 8, 20, 60, STEPS - 1]
"""The steps after which the parameter is compared."""


def gradients(shape):
    """A noisy stream of gradients with zero, huge and tiny ones among them."""
    noise = np.random.default_rng(0).standard_normal((STEPS, *shape))
    noise[3] = 0
    noise[5] *= 1e6
    noise[7] *= 1e-8
    return noise


_SGD = {
    "lr": [0.1],
    "momentum": [0.0, 0.9],
    "dampening": [0.0, 0.3],
    "weight_decay": [0.0, 0.01],
    "nesterov": [False, True],
    "maximize": [False, True],
}
_ADAM = {
    "lr": [0.01],
    "betas": [(0.9, 0.999), (0.5, 0.9)],
    "eps": [1e-8, 1e-3],
    "weight_decay": [0.0, 0.01],
    "amsgrad": [False, True],
    "maximize": [False, True],
}


def _is_accepted(name, chosen):
    return name != "SGD" or not chosen["nesterov"] or (chosen["momentum"] and not chosen["dampening"])


def _grid():
    for name, options in (("SGD", _SGD), ("Adam", _ADAM)):
        for number, values in enumerate(itertools.product(*options.values())):
            chosen = dict(zip(options, values, strict=True))
            for shape in ((3,), ()):
                if _is_accepted(name, chosen):
                    yield f"{name}/{number}/{len(shape)}", name, chosen, shape


CASES = list(_grid())
"""Each case: its key in the file, the optimizer, its options, the parameter's shape."""
