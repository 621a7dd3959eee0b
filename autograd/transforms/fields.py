"""Vector calculus: what a field does at a point."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.operations.arranging import trace
from autograd.operations.joining import stack
from autograd.operations.shaping import reshape
from autograd.transforms.matrices import hessian, jacobian
from autograd.transforms.running import Function, of_functions


@of_functions
def laplacian(f: Function, argnum: int = 0) -> Function:
    """$\\Delta f = \\sum_i \\partial^2 f / \\partial x_i^2$ of a function with one number as its result. Shapes: ().

    >>> import numpy as np
    >>> from autograd import laplacian
    >>> laplacian(lambda x: (x**2).sum())(np.array([1.0, 2.0, 3.0]))
    np.float64(6.0)
    """

    @wraps(f)
    def sum_of_curvatures(*arguments: Any, **keywords: Any) -> Any:
        size = np.size(arguments[argnum])
        return trace(reshape(hessian(f, argnum)(*arguments, **keywords), shape=(size, size)))

    return sum_of_curvatures


@of_functions
def divergence(f: Function, argnum: int = 0) -> Function:
    """$\\nabla \\cdot f = \\sum_i \\partial f_i / \\partial x_i$ of a field with as many components as x. Shapes: ().

    Raises: ShapeError for another number of components.

    >>> import numpy as np
    >>> from autograd import divergence
    >>> divergence(lambda x: x * x)(np.array([1.0, 2.0]))
    np.float64(6.0)
    """

    @wraps(f)
    def outflow(*arguments: Any, **keywords: Any) -> Any:
        return trace(_square(jacobian(f, argnum)(*arguments, **keywords), np.shape(arguments[argnum]), "divergence"))

    return outflow


@of_functions
def curl(f: Function, argnum: int = 0) -> Function:
    """$\\nabla \\times f$ of a field in space; of one in the plane, its one component.

    Shapes: (3,) for three components, () for two. Raises: ShapeError for others.

    >>> import numpy as np
    >>> from autograd import curl
    >>> curl(lambda x: np.stack([-x[1], x[0], x[2]]))(np.array([1.0, 2.0, 3.0]))
    array([0., 0., 2.])
    """

    @wraps(f)
    def rotation(*arguments: Any, **keywords: Any) -> Any:
        j = _square(jacobian(f, argnum)(*arguments, **keywords), np.shape(arguments[argnum]), "curl")
        if j.shape == (2, 2):
            return j[1, 0] - j[0, 1]
        if j.shape != (3, 3):
            raise ShapeError(f"a field has a curl in two or three dimensions; this one has {j.shape[0]}")
        return stack([j[2, 1] - j[1, 2], j[0, 2] - j[2, 0], j[1, 0] - j[0, 1]])

    return rotation


def _square(matrix: Any, shape: tuple[int, ...], name: str) -> Any:
    size = int(np.prod(shape))
    if np.size(matrix) != size * size:
        raise ShapeError(f"a {name} needs a field with a component for each of the {size} coordinates")
    return reshape(matrix, shape=(size, size))
