"""Every differentiable operation, one declaration each; importing this package fills the registry."""

from autograd.operations import (
    arithmetic,
    complex,
    elementary,
    indexing,
    piecewise,
    products,
    reduction,
    shaping,
    stable,
)

__all__ = [
    "arithmetic",
    "complex",
    "elementary",
    "indexing",
    "piecewise",
    "products",
    "reduction",
    "shaping",
    "stable",
]
