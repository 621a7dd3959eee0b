"""The options and gradient streams on which optimizers are compared with PyTorch's."""

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


def started(shape):
    """Where a parameter starts."""
    return np.linspace(0.5, 1.5, int(np.prod(shape))).reshape(shape)


def _grid(**options):
    """Every combination."""
    return [dict(zip(options, values, strict=True)) for values in itertools.product(*options.values())]


_DECAY = {"weight_decay": [0.0, 0.01], "maximize": [False, True]}
_BETAS = [(0.9, 0.999), (0.5, 0.9)]
_SGD = [
    each
    for each in _grid(lr=[0.1], momentum=[0.0, 0.9], dampening=[0.0, 0.3], nesterov=[False, True], **_DECAY)
    if not each["nesterov"] or (each["momentum"] and not each["dampening"])
]
_ADAM = _grid(lr=[0.01], betas=_BETAS, eps=[1e-8, 1e-3], amsgrad=[False, True], **_DECAY)

OPTIONS = {
    "SGD": _SGD,
    "Adagrad": _grid(lr=[0.1], lr_decay=[0.0, 0.5], initial_accumulator_value=[0.0, 0.1], eps=[1e-10, 1e-3], **_DECAY),
    "Adadelta": _grid(lr=[1.0, 0.01], rho=[0.9, 0.95], eps=[1e-6, 1e-3], **_DECAY),
    "RMSprop": _grid(lr=[0.01], alpha=[0.99, 0.5], momentum=[0.0, 0.9], centered=[False, True], **_DECAY),
    "Adam": _ADAM,
    "AdamW": [{**each, "weight_decay": 10 * each["weight_decay"]} for each in _ADAM],
    "NAdam": _grid(lr=[0.01], betas=_BETAS, momentum_decay=[4e-3, 0.1], decoupled_weight_decay=[False, True], **_DECAY),
    "Adamax": _grid(lr=[0.01], betas=_BETAS, eps=[1e-8, 1e-3], **_DECAY),
    "RAdam": _grid(
        lr=[0.01], betas=[*_BETAS, (0.9, 0.8), (0.9, 0.6)], eps=[1e-8, 1e-3], decoupled_weight_decay=[False, True],
        **_DECAY,
    ),
    "Rprop": _grid(
        lr=[0.01, 0.5], etas=[(0.5, 1.2), (0.5, 1.5)], step_sizes=[(1e-6, 50), (1e-3, 0.7)], maximize=[False, True]
    ),
    "Adafactor": _grid(
        lr=[0.01, 0.5], beta2_decay=[-0.8, -0.5], eps=[(None, 1e-3), (1e-8, 0.1)], d=[1.0, 2.0],
        weight_decay=[0.0, 0.1], maximize=[False, True],
    ),
    "Muon": _grid(
        lr=[0.01], weight_decay=[0.0, 0.1], momentum=[0.95, 0.0], nesterov=[False, True],
        adjust_lr_fn=[None, "match_rms_adamw"],
    ),
}  # fmt: skip
"""Beside these, each is run with the options of PyTorch's own database of optimizer inputs."""

SHAPES = {"Adafactor": [(2, 3), (3,), (2, 1, 3), ()], "Muon": [(2, 3), (3, 2), (2, 2)]}
"""Shapes for algorithms that look at a parameter as a whole; the others are run on one of 3 and, at times, none."""


def cases(database):
    """Each case: its key in the file, the optimizer, its options, the parameter's shape, its dtype."""
    for name, grid in OPTIONS.items():
        options = [*grid, *database[name]]
        for number, chosen in enumerate(options):
            yield f"{name}/{number}", name, chosen, _shape(name, number), "float64"
        for number, chosen in enumerate(database[name]):
            yield f"{name}/float32/{number}", name, chosen, _shape(name, number), "float32"


def _shape(name, number):
    shapes = SHAPES.get(name, [(3,), (3,), (3,), ()])
    return shapes[number % len(shapes)]
