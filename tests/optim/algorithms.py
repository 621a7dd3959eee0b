"""The algorithms with options that reach each of their branches: an algorithm is tested by being listed here."""

import optim

EXAMPLES = {
    "SGD": [
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01},
        {"lr": 0.1, "momentum": 0.5, "nesterov": True, "maximize": True},
    ],
    "Momentum": [{"lr": 0.1}, {"lr": 0.1, "beta": 0.5, "bias_correction": True, "weight_decay": 0.01}],
    "Adagrad": [{"lr": 0.1}, {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1, "weight_decay": 0.01}],
    "Adadelta": [{"lr": 1.0}, {"lr": 0.5, "rho": 0.5, "weight_decay": 0.01}],
    "RMSprop": [
        {"lr": 0.01},
        {"lr": 0.01, "momentum": 0.5},
        {"lr": 0.01, "centered": True},
        {"lr": 0.01, "momentum": 0.5, "centered": True, "weight_decay": 0.01},
    ],
    "Adam": [{"lr": 0.01}, {"lr": 0.01, "amsgrad": True, "weight_decay": 0.01}],
    "AdamW": [{"lr": 0.01}, {"lr": 0.01, "amsgrad": True, "maximize": True}],
    "NAdam": [{"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}],
    "Adamax": [{"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.1}],
    "RAdam": [{"lr": 0.01}, {"lr": 0.01, "betas": (0.9, 0.6)}, {"lr": 0.01, "weight_decay": 0.1}],
    "LARS": [
        {"lr": 0.1, "trust_coefficient": 0.1},
        {"lr": 0.1, "trust_coefficient": 0.1, "variant": "lightning", "nesterov": True},
        {"lr": 0.1, "trust_coefficient": 0.1, "variant": "optax", "nesterov": True},
        {"lr": 0.1, "trust_coefficient": 0.1, "variant": "apex"},
        {"lr": 0.1, "adapt": False},
    ],
    "LAMB": [{"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.1, "maximize": True}, {"lr": 0.01, "adapt": False}],
    "Lion": [{"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.1}],
    "Adan": [{"lr": 0.01}, {"lr": 0.01, "weight_decay": 0.1}],
    "Adafactor": [{"lr": 0.05}, {"lr": 0.05, "eps": (1e-6, 0.1), "d": 1.5, "weight_decay": 0.1, "maximize": True}],
    "Muon": [{"lr": 0.01}, {"lr": 0.01, "nesterov": False, "adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.0}],
    "Rprop": [{"lr": 0.01}, {"lr": 0.01, "etas": (0.4, 1.3), "maximize": True}],
}

ALL = [(name, options) for name, several in EXAMPLES.items() for options in several]
FIRST = [(name, several[0]) for name, several in EXAMPLES.items()]


def movable(name, parameters):
    """Those that an algorithm can move: some are for matrices alone."""
    return [each for each in parameters if name != "Muon" or isinstance(each, dict) or each.ndim == 2]


def made(name, parameters, options):
    return getattr(optim, name)(movable(name, parameters), **options)


def told(case):
    return ",".join(f"{name}={value}" for name, value in case.items()) if isinstance(case, dict) else str(case)
