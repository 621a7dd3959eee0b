"""A function of one example as a function of many."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.operations.joining import stack
from autograd.transforms.running import Function, of_functions
from autograd.trees import leaves, mapped, rebuilt


@of_functions
def vectorize(f: Function, held: tuple[int, ...] = ()) -> Function:
    """The function that applies `f` to each example of a batch, along the first axis of its arguments.

    `held` names the positions of arguments that every example shares. Arguments and results may be nested dicts,
    lists and tuples. The examples are run one after the other: where f is written in NumPy functions that take a batch
    as it is, calling those is faster.
    Shapes: (n, ...) for each argument not held -> (n, ...). Raises: ShapeError for batches of different sizes, or none.

    >>> import numpy as np
    >>> from autograd import grad, vectorize
    >>> vectorize(grad(lambda w, x: (w @ x) ** 2), held=(0,))(np.array([1.0, 2.0]), np.eye(2))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def batched(*arguments: Any, **keywords: Any) -> Any:
        sizes = {len(leaf) for i, each in enumerate(arguments) if i not in held for leaf in leaves(each)}
        if len(sizes) != 1 or 0 in sizes:
            raise ShapeError(f"a batch needs examples, as many in each argument; found sizes {sorted(sizes)}")
        found = [f(*_example(arguments, held, i), **keywords) for i in range(*sizes)]
        columns = zip(*map(leaves, found), strict=True)
        return rebuilt(found[0], [stack([np.asarray(x) if np.isscalar(x) else x for x in each]) for each in columns])

    return batched


def _example(arguments: tuple[Any, ...], held: tuple[int, ...], place: int) -> list[Any]:
    return [each if i in held else mapped(lambda leaf: leaf[place], each) for i, each in enumerate(arguments)]
