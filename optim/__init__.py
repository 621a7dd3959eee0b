"""Gradient descent in all its variants: algorithms, schedules, clipping and fitting."""

import autograd

# Written out here and in nn, and imported from neither: if another distribution's `autograd` was found instead,
# nothing of ours can be imported from it.
if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"memograd's package 'autograd' is hidden by another distribution's at {autograd.__file__}: "
        f"run 'pip uninstall autograd', then 'pip install --force-reinstall memograd', or use an environment of its own"
    )

from optim.adam import Adam
from optim.batches import batch_count, mini_batches
from optim.descent import fit
from optim.errors import StateError, TrainingError
from optim.events import BatchEnded, EpochEnded, Event, FitEnded, FitStarted, StopFit
from optim.history import History
from optim.metrics import accuracy
from optim.optimizer import Optimizer
from optim.pictures import Boundary, Distributions
from optim.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "BatchEnded",
    "Boundary",
    "Distributions",
    "EpochEnded",
    "Event",
    "FitEnded",
    "FitStarted",
    "History",
    "Optimizer",
    "StateError",
    "StopFit",
    "TrainingError",
    "accuracy",
    "batch_count",
    "fit",
    "mini_batches",
]
