"""Every differentiable operation, one declaration each; importing this package fills the registry."""

from autograd.operations import (
    arithmetic,
    elementary,
    indexing,
    linear,
    piecewise,
    reduction,
    shaping,
    stable,
)

__all__ = ["arithmetic", "elementary", "indexing", "linear", "piecewise", "reduction", "shaping", "stable"]
