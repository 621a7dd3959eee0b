"""Checks of derivatives against central differences: of a function, and of a model's loss by all its parameters."""

from autograd.check.functions import gradcheck
from autograd.check.models import GradientReport, check_parameters

__all__ = ["GradientReport", "check_parameters", "gradcheck"]
