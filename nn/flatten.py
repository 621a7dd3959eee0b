"""The layer between feature maps and affine layers: several axes as one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import ArgumentError, reshape
from nn.errors import check_axes
from nn.module import Module


class Flatten(Module):
    """Axes from `start_dim` to `end_dim` as one. Shapes: (N, ...) -> (N, product of the rest), as it stands.

    Raises: ArgumentError for axes that are not there, or stand the other way around.

    >>> import numpy as np
    >>> from nn import Flatten
    >>> Flatten()(np.zeros((5, 2, 3))).shape
    (5, 6)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        check_axes("Flatten", start_dim=start_dim, end_dim=end_dim)
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        """The input with some axes as one."""
        shape = np.shape(x)
        first, last = (axis + len(shape) if axis < 0 else axis for axis in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < len(shape):
            raise ArgumentError(
                f"Flatten({self.start_dim}, {self.end_dim}) takes inputs that have these axes, in this order; "
                f"found shape {shape}"
            )
        return reshape(x, (*shape[:first], int(np.prod(shape[first : last + 1])), *shape[last + 1 :]))

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
