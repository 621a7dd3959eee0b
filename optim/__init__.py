"""Gradient descent in all its variants: algorithms, schedules, clipping and fitting."""

import autograd

# Written out here and in nn, and imported from neither: if another distribution's `autograd` was found instead,
# nothing of ours can be imported from it.
if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"memograd's package 'autograd' is hidden by another distribution's at {autograd.__file__}: "
        f"run 'pip uninstall autograd', then 'pip install --force-reinstall memograd', or use an environment of its own"
    )

from optim.adadelta import Adadelta
from optim.adafactor import Adafactor
from optim.adagrad import Adagrad
from optim.adam import Adam
from optim.adamax import Adamax
from optim.adamw import AdamW
from optim.adan import Adan
from optim.batches import batch_count, mini_batches
from optim.descent import fit
from optim.errors import StateError, TrainingError
from optim.events import BatchEnded, EpochEnded, Event, FitEnded, FitStarted, StopFit
from optim.history import History
from optim.lamb import LAMB
from optim.lars import LARS
from optim.lbfgs import LBFGS
from optim.lion import Lion
from optim.metrics import accuracy
from optim.momentum import Momentum
from optim.muon import Muon
from optim.nadam import NAdam
from optim.optimizer import Optimizer
from optim.pictures import Boundary, Distributions
from optim.radam import RAdam
from optim.rmsprop import RMSprop
from optim.rprop import Rprop
from optim.sgd import SGD
from optim.update_rule import UpdateRule

__all__ = [
    "LAMB",
    "LARS",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Adan",
    "BatchEnded",
    "Boundary",
    "Distributions",
    "EpochEnded",
    "Event",
    "FitEnded",
    "FitStarted",
    "History",
    "Lion",
    "Momentum",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "StateError",
    "StopFit",
    "TrainingError",
    "UpdateRule",
    "accuracy",
    "batch_count",
    "fit",
    "mini_batches",
]
