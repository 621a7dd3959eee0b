"""The inverse of a matrix."""

from __future__ import annotations

import numpy as np

from autograd.declaration import example, structural
from autograd.notation import Binding
from autograd.operations.products import matmul
from autograd.operations.samples import GAUSSIAN, SQUARE, STACKED
from autograd.operations.shaping import swap_last

# fmt: off
__all__ = [
    "inv",
]
# fmt: on


@structural(
    vjp={"a": lambda g, out: -matmul(matmul(swap_last(out), g), swap_last(out))},
    notation=r"{a}^{-1}",
    text="{a}⁻¹",
    binding=Binding.POWER,
    needs={"a": Binding.ATOM},
    examples=(example(SQUARE), example(STACKED), example(GAUSSIAN)),
)
def inv(a):
    """Inverse. Shapes: (..., n, n), kept. Raises: DomainError for a singular matrix."""
    return np.linalg.inv(a)
