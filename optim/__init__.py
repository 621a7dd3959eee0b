"""Gradient descent in all its variants: algorithms, schedules, clipping and fitting."""

from typing import Any

import autograd

# Written out here and in nn, and imported from neither: if another distribution's `autograd` was found instead,
# nothing of ours can be imported from it.
if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"memograd's package 'autograd' is hidden by another distribution's, {autograd!r}: "
        f"run 'pip uninstall autograd', then 'pip install --force-reinstall memograd', or use an environment of its own"
    )

from autograd import StateError
from autograd.familiar import absent
from optim import surfaces
from optim.adadelta import Adadelta
from optim.adafactor import Adafactor
from optim.adagrad import Adagrad
from optim.adam import Adam
from optim.adamax import Adamax
from optim.adamw import AdamW
from optim.adan import Adan
from optim.averaged_model import AveragedModel
from optim.averages import EMA
from optim.batches import batch_count, mini_batches
from optim.clipping import clip_grad_norm_, clip_grad_value_
from optim.curves import plot_ema, plot_schedule
from optim.cycles import CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from optim.decays import (
    ConstantLR,
    ExponentialLR,
    InverseSqrtLR,
    InverseTimeLR,
    LinearLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
    WarmupLR,
)
from optim.descent import batch_gradient_descent, fit, mini_batch_gradient_descent, stochastic_gradient_descent
from optim.errors import TrainingError
from optim.events import BatchEnded, EpochEnded, Event, FitEnded, FitStarted, StopFit
from optim.familiar import OF_DESCENT
from optim.history import History
from optim.lamb import LAMB
from optim.landscapes import Landscape, ModelLandscape, landscape, model_landscape
from optim.lars import LARS
from optim.lbfgs import LBFGS
from optim.lion import Lion
from optim.metrics import accuracy
from optim.minimize import Minimum, minimize
from optim.momentum import Momentum
from optim.muon import Muon
from optim.nadam import NAdam
from optim.optimizer import Optimizer
from optim.pictures import Boundary, Distributions
from optim.plateau import ReduceLROnPlateau
from optim.radam import RAdam
from optim.rmsprop import RMSprop
from optim.rprop import Rprop
from optim.schedulers import Scheduler
from optim.schedules import LambdaLR, MultiplicativeLR, ProductLR, Schedule, SequentialLR
from optim.sgd import SGD
from optim.surfaces import Surface, regression_surface
from optim.update_rule import UpdateRule


def __getattr__(name: str) -> Any:
    raise absent("module 'optim'", name, OF_DESCENT)


__all__ = [
    "EMA",
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
    "AveragedModel",
    "BatchEnded",
    "Boundary",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "Distributions",
    "EpochEnded",
    "Event",
    "ExponentialLR",
    "FitEnded",
    "FitStarted",
    "History",
    "InverseSqrtLR",
    "InverseTimeLR",
    "LambdaLR",
    "Landscape",
    "LinearLR",
    "Lion",
    "Minimum",
    "ModelLandscape",
    "Momentum",
    "MultiStepLR",
    "MultiplicativeLR",
    "Muon",
    "NAdam",
    "OneCycleLR",
    "Optimizer",
    "PolynomialLR",
    "ProductLR",
    "RAdam",
    "RMSprop",
    "ReduceLROnPlateau",
    "Rprop",
    "Schedule",
    "Scheduler",
    "SequentialLR",
    "StateError",
    "StepLR",
    "StopFit",
    "Surface",
    "TrainingError",
    "UpdateRule",
    "WarmupLR",
    "accuracy",
    "batch_count",
    "batch_gradient_descent",
    "clip_grad_norm_",
    "clip_grad_value_",
    "fit",
    "landscape",
    "mini_batch_gradient_descent",
    "mini_batches",
    "minimize",
    "model_landscape",
    "plot_ema",
    "plot_schedule",
    "regression_surface",
    "stochastic_gradient_descent",
    "surfaces",
]
