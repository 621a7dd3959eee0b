"""The errors of optimization, within the engine's tree."""

from autograd import AutogradError


class StateError(AutogradError, ValueError):
    """A saved state does not fit the optimizer it is loaded into."""


class TrainingError(AutogradError, ArithmeticError):
    """Training cannot go on: the loss is not a finite number."""
