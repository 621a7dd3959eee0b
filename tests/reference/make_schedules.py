"""Makes schedules.npz: `python tests/reference/make_schedules.py`, with PyTorch 2.13 installed.

The tests read the file; they need no PyTorch.
"""

import sys
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.optim import lr_scheduler

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.reference.schedule_cases import (  # noqa: E402  found by the line above
    BASE,
    CASES,
    PLATEAUS,
    STEPS,
    course_root,
    course_time,
    measures,
)


def optimizer():
    """One parameter and one rate."""
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    parameter.grad = torch.zeros_like(parameter)
    return torch.optim.SGD([parameter], lr=BASE, momentum=0.9)


def path(moved, step, steps=STEPS):
    """Rate and momentum at each step."""
    found = []
    for t in range(steps):
        found.append((moved.param_groups[0]["lr"], moved.param_groups[0]["momentum"]))
        moved.step()
        if t + 1 < steps:
            step(t)
    return np.array(found)


def made(make):
    """The path of a schedule."""
    moved = optimizer()
    scheduler = make(moved)
    return path(moved, lambda t: scheduler.step())


def composed():
    """Schedules made of others, or of functions."""
    yield "time", lambda o: lr_scheduler.LambdaLR(o, course_time)
    yield "root", lambda o: lr_scheduler.LambdaLR(o, course_root)
    yield "multiplicative", lambda o: lr_scheduler.MultiplicativeLR(o, lambda t: 1 - 0.5 / (t + 1))
    yield (
        "chained",
        lambda o: lr_scheduler.ChainedScheduler(
            [
                lr_scheduler.LinearLR(o, 0.1, total_iters=5),
                lr_scheduler.ExponentialLR(o, 0.9),
                lr_scheduler.CosineAnnealingLR(o, 60),
            ]
        ),
    )
    yield (
        "sequential",
        lambda o: lr_scheduler.SequentialLR(
            o,
            [
                lr_scheduler.LinearLR(o, 0.1, total_iters=5),
                lr_scheduler.CosineAnnealingLR(o, 20),
                lr_scheduler.StepLR(o, 4, 0.5),
            ],
            milestones=[5, 30],
        ),
    )


def plateau(options):
    """The rate after each measure."""
    moved = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(moved, **options)
    noted = measures(options["mode"])
    return path(moved, lambda t: scheduler.step(noted[t]))[:, 0]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {key: made(partial(getattr(lr_scheduler, name), **torchs)) for key, name, torchs, _ in CASES}
    found = {key: each if each[:, 1].std() else each[:, 0] for key, each in found.items()}
    found |= {key: made(make)[:, 0] for key, make in composed()}
    found |= {f"plateau/{i}": plateau(options) for i, options in enumerate(PLATEAUS)}
    np.savez_compressed(HERE / "schedules.npz", **found)
