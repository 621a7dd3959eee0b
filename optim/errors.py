"""The errors of optimization, within the engine's tree."""

from autograd import AutogradError


class TrainingError(AutogradError, ArithmeticError):
    """Training cannot go on: the loss is not a finite number."""
