"""minimize: gradient descent on any function of arrays, for those who have no network."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autograd
from autograd import ArgumentError, CompileError, ShapeError, Tensor
from autograd.trees import leaves, mapped
from optim.adam import Adam
from optim.clipping import total_norm
from optim.optimizer import Optimizer, check_range
from optim.schedules import check_count


@dataclass(frozen=True)
class Minimum:
    """Where a descent has ended, with the names of SciPy's OptimizeResult."""

    x: Any
    """The point, in the form of the start."""
    fun: float
    """The value there."""
    success: bool
    """Whether the slope there is as flat as was asked."""
    message: str
    """Why it ended."""
    nit: int
    """How many steps were made."""
    history: list[float] = field(repr=False)
    """The value at the start and after each step."""


def minimize(
    f: Callable[[Any], Any],
    x0: Any,
    optimizer: Callable[[list[Tensor]], Optimizer] = Adam,
    *,
    steps: int = 1000,
    tolerance: float = 1e-6,
    callback: Callable[[Any], Any] | None = None,
    compiled: bool = False,
) -> Minimum:
    r"""Move from `x0` down the slope of `f` until $\max_i |\partial f / \partial x_i|$ is at most `tolerance`.

    `x0` is a number or array, or a dict or tuple of such, nested as you like; `f` is given tensors in that form, and
    makes one number of them. `optimizer` makes one of a list of parameters: a class, or `lambda p: SGD(p, lr=0.1)`.
    `callback` is given each new point. With `compiled=True` the steps are recorded once and replayed, and `f` may not
    decide by values. Where the value is no longer finite, the result is the point before, without success.

    Raises: ArgumentError, ShapeError for what is no function, or no optimizer; DomainError for numbers out of range.

    >>> from optim import SGD, minimize
    >>> found = minimize(lambda x: ((x - 3) ** 2).sum(), [0.0, 1.0], lambda p: SGD(p, lr=0.4))
    >>> found.success, found.x.round(4), found.nit
    (True, array([3., 3.]), 10)
    """
    check_count("steps", steps, least=0)
    check_range("tolerance", tolerance)
    descent = _Descent(f, x0, optimizer, compiled)
    history, last = [descent.value()], descent.point()
    while math.isfinite(history[-1]) and len(history) <= steps and not descent.slope() <= tolerance:
        last = descent.point()
        descent.move()
        history.append(descent.value())
        if callback is not None:
            callback(descent.point())
    return _ended(descent, last, history, tolerance)


def _ended(descent: _Descent, last: Any, history: list[float], tolerance: float) -> Minimum:
    nit, slope = len(history) - 1, descent.slope()
    if not math.isfinite(history[-1]):
        message = f"the value is {history[-1]} after {nit} steps; lower the learning rate"
        return Minimum(last, history[max(nit - 1, 0)], False, message, nit, history)
    flat = slope <= tolerance
    message = f"the largest slope is {slope:.3g} after {nit} steps, {'at most' if flat else 'above'} {tolerance:g}"
    return Minimum(descent.point(), history[-1], flat, message, nit, history)


class _Descent:
    """A function, the point it is at, and what moves it."""

    def __init__(self, f: Callable[[Any], Any], x0: Any, optimizer: Any, compiled: bool) -> None:
        if not callable(f) or not callable(optimizer):
            raise ArgumentError(
                f"minimize takes a function and what makes an optimizer, as optim.Adam or lambda p: SGD(p, lr=0.1); "
                f"found {type(f).__name__} and {type(optimizer).__name__}"
            )
        self.f, self.x = f, _parameters(x0)
        self.optimizer = optimizer(leaves(self.x))
        if not isinstance(self.optimizer, Optimizer):
            raise ArgumentError(f"optimizer= makes an Optimizer; it made a {type(self.optimizer).__name__}")
        self.evaluate: Callable[[], Any] = self.evaluated
        again = self.optimizer.needs_closure
        self.move: Callable[[], Any] = self.evaluated_again if again else self.optimizer.step
        if compiled:
            self.evaluate, self.move = autograd.compile(self.evaluate), autograd.compile(self.move)

    def evaluated(self) -> Any:
        """The value where it is, with its gradient left in the parameters."""
        value = self.f(self.x)
        if not isinstance(value, Tensor) or value.size != 1:
            found = f"shape {value.shape}" if isinstance(value, Tensor) else f"{type(value).__name__} {value!r}"
            raise ShapeError(f"the function has to make one number of its tensors; found {found}")
        self.optimizer.zero_grad()
        value.backward()
        return value

    def evaluated_again(self) -> Any:
        """A step of an optimizer that evaluates the function itself, at points it chooses."""
        return self.optimizer.step(self.evaluated)

    def value(self) -> float:
        """The same, as a number."""
        try:
            return float(self.evaluate().item())
        except CompileError as error:
            error.add_note("minimize(..., compiled=False) runs the Python code of the function each time")
            raise

    def slope(self) -> float:
        """The largest element of the gradient."""
        return float(total_norm((each.grad for each in leaves(self.x) if each.grad is not None), math.inf))

    def point(self) -> Any:
        """Where it is, as plain arrays."""
        return mapped(lambda each: each.numpy().copy(), self.x)


def _parameters(start: Any) -> Any:
    """A tree of tensors to be moved, whole numbers turned to floats."""
    if isinstance(start, Mapping):
        return {key: _parameters(each) for key, each in start.items()}
    if isinstance(start, tuple):
        return tuple(map(_parameters, start))
    array = np.asarray(start.numpy() if isinstance(start, Tensor) else start)
    moved = Tensor(array.astype(np.float64) if array.dtype.kind in "iub" else array, requires_grad=True)
    moved.rebinds = True  # it is an array to the function
    return moved
