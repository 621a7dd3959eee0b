"""The options on which schedules are compared with PyTorch's: a base rate, PyTorch's options, and ours."""

import itertools
import math

STEPS = 50
BASE = 0.4


def grid(name, torchs=lambda each: each, **options):
    """A case for each combination: its key, the schedule's name, PyTorch's options and ours."""
    for values in itertools.product(*options.values()):
        ours = dict(zip(options, values, strict=True))
        yield "/".join([name, *(f"{key}={value}" for key, value in ours.items())]), name, torchs(ours), ours


def floor(ours):
    """PyTorch's `eta_min` is a rate."""
    return {**{name: value for name, value in ours.items() if name != "floor"}, "eta_min": ours["floor"] * BASE}


def cycle(ours):
    """PyTorch is given the largest rate."""
    return {**ours, "max_lr": BASE}


def cyclic(ours):
    """And the lowest."""
    rest = {name: value for name, value in ours.items() if name != "low"}
    return {**rest, "base_lr": ours["low"] * BASE, "max_lr": BASE}


CASES = [
    *grid("ConstantLR", factor=[0.25, 1.0], total_iters=[1, 7]),
    *grid("LinearLR", start_factor=[1 / 3, 1.0], end_factor=[0.1, 1.0], total_iters=[1, 7, 60]),
    *grid("PolynomialLR", total_iters=[1, 7, 60], power=[0.5, 1.0, 2.0]),
    *grid("ExponentialLR", gamma=[0.5, 0.95, 1.0]),
    *grid("StepLR", step_size=[1, 7, 60], gamma=[0.1, 0.5]),
    *grid("MultiStepLR", milestones=[[], [3], [3, 3, 20], [20, 3]], gamma=[0.1, 0.5]),
    *grid("CosineAnnealingLR", floor, T_max=[1, 7, 20, 60], floor=[0.0, 0.1]),
    *grid("CosineAnnealingWarmRestarts", floor, T_0=[1, 7, 60], T_mult=[1, 2, 3], floor=[0.0, 0.1]),
    *grid(
        "OneCycleLR",
        cycle,
        total_steps=[STEPS, 77],
        pct_start=[0.0, 0.3],
        anneal_strategy=["cos", "linear"],
        div_factor=[25.0, 4.0],
        final_div_factor=[1e4],
        three_phase=[False, True],
    ),
    *grid(
        "CyclicLR",
        cyclic,
        low=[0.1, 0.5],
        step_size_up=[1, 4, 9],
        step_size_down=[None, 2],
        mode=["triangular", "triangular2", "exp_range"],
        gamma=[0.9],
    ),
]


def course_time(t):
    """alpha / (1 + decay t)."""
    return 1 / (1 + 0.3 * t)


def course_root(t):
    """k alpha / sqrt(epoch), epochs from 1."""
    return 0.7 / math.sqrt(t + 1)


PLATEAUS = [
    {"mode": mode, "threshold_mode": kind, **rest}
    for mode in ("min", "max")
    for kind in ("rel", "abs")
    for rest in (
        {},
        {"patience": 2, "cooldown": 1, "factor": 0.5},
        {"patience": 0, "threshold": 0.05, "factor": 0.5, "min_lr": 0.01},
        {"patience": 1, "cooldown": 3, "threshold": 0.0, "eps": 0.02, "factor": 0.7},
    )
]


def measures(mode):
    """A measure that improves ever more slowly, with noise, and stands still at the end."""
    sign = 1 if mode == "min" else -1
    return [sign * (1 / (1 + t) + 0.1 * math.sin(7 * t) / (1 + t) + 0.3) for t in range(STEPS - 20)] + [sign * 0.5] * 20
