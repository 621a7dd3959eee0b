"""The errors of models, within the engine's tree."""

from autograd import AutogradError


class StateError(AutogradError, ValueError):
    """A saved state does not fit the module, or the optimizer, it is loaded into."""


class FileFormatError(AutogradError, ValueError):
    """A file is cut off, was changed, or is no model file at all."""
