"""L-BFGS: Newton's direction, from the last steps and the changes of the gradient along them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import prod
from typing import Any, ClassVar

import numpy as np

from autograd import ArgumentError, CompileError, StateError
from autograd.mode import enable_grad, recording
from optim.line_search import Point, strong_wolfe
from optim.optimizer import Optimizer, check_choice, check_ranges
from optim.schedules import check_count
from optim.states import array_of, count_of


@dataclass
class History:
    """What is kept between steps, for all parameters in one row."""

    n_iter: int = 0
    func_evals: int = 0
    d: Any = None
    t: Any = None
    old_dirs: list[Any] = field(default_factory=list)
    old_stps: list[Any] = field(default_factory=list)
    ro: list[Any] = field(default_factory=list)
    H_diag: Any = 1.0
    prev_flat_grad: Any = None

    def learn(self, gradient: Any, size: int) -> None:
        r"""Keep the last step s and the change y of the gradient, at most `size` of them, if $y \cdot s > 0$."""
        y, s = gradient - self.prev_flat_grad, self.d * self.t
        curvature = y.dot(s)
        if curvature > 1e-10:
            for kept, new in ((self.old_dirs, y), (self.old_stps, s), (self.ro, 1.0 / curvature)):
                kept.append(new)
                del kept[:-size]
            self.H_diag = curvature / y.dot(y)

    def direction(self, gradient: Any) -> Any:
        """Minus the inverse of the Hessian, as far as it is known, times the gradient: the two-loop recursion."""
        q, alphas = -gradient, []
        pairs = list(zip(self.old_dirs, self.old_stps, self.ro, strict=True))
        for y, s, rho in reversed(pairs):
            alphas.append(s.dot(q) * rho)
            q = q - alphas[-1] * y
        r = q * self.H_diag
        for (y, s, rho), alpha in zip(pairs, reversed(alphas), strict=True):
            r = r + (alpha - y.dot(r) * rho) * s
        return r


_PAIRS = "old_dirs", "old_stps"
"""What is kept of each of the last steps, beside ro."""


class LBFGS(Optimizer):
    r"""L-BFGS: $p \leftarrow p - t H g$, with H the inverse Hessian that the last steps tell of.

    `step(closure)` makes up to `max_iter` iterations and calls the closure, which computes the loss and its gradients,
    for each: on all data, since the differences of noisy gradients tell nothing. `line_search_fn="strong_wolfe"` looks
    for the length t; without, it is the learning rate. It cannot be compiled, since losses decide where it goes on.
    Source: Liu and Nocedal 1989, doi:10.1007/BF01589116; the same numbers as torch.optim.LBFGS.
    Raises: ArgumentError for more than one group, or a step without closure; DomainError for values out of range.

    >>> from autograd import Tensor
    >>> from optim import LBFGS
    >>> w = Tensor([-1.0, 1.5], requires_grad=True)
    >>> optimizer = LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = 100 * (w[1] - w[0] ** 2) ** 2 + (1 - w[0]) ** 2
    ...     loss.backward()
    ...     return loss
    >>> for _ in range(4):
    ...     first = optimizer.step(closure)
    >>> w.numpy().round(4)
    array([1., 1.])
    """

    needs_closure: ClassVar[bool] = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_count("max_iter", max_iter, least=0)
        hyper: dict[str, Any] = {"lr": lr, "max_iter": max_iter, "tolerance_grad": tolerance_grad}
        hyper |= {"max_eval": max_iter * 5 // 4 if max_eval is None else max_eval, "history_size": history_size}
        hyper |= {"tolerance_change": tolerance_change, "line_search_fn": line_search_fn}
        self.history = History()
        super().__init__(params, hyper)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """One, for all parameters: they have one direction."""
        if self.param_groups:
            raise ArgumentError("LBFGS has one group, since all parameters move along one direction; found more")
        super().add_param_group(group)

    def check_parameter(self, parameter: Any) -> None:
        """Real ones."""
        super().check_parameter(parameter)
        if parameter.dtype.kind == "c":
            raise ArgumentError(f"LBFGS is for real parameters; found {parameter.dtype}")

    def check(self, **hyper: Any) -> None:
        """As the class says."""
        check_ranges(hyper, "lr", "tolerance_grad", "tolerance_change")
        for name, least in (("max_iter", 0), ("max_eval", 0), ("history_size", 1)):
            check_count(name, hyper[name], least=least)
        check_choice("line_search_fn", hyper["line_search_fn"], (None, "strong_wolfe"))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Up to `max_iter` iterations. The loss returned is that before the first."""
        if closure is None:
            raise ArgumentError("LBFGS needs step(closure): a function that computes the loss and its gradients")
        if recording() is not None:
            raise CompileError("LBFGS goes on by the losses it meets, which a recorded run cannot; call step() eagerly")
        with enable_grad():
            first = closure()
            _Descent(self, closure, float(first.item())).run()
        return first

    def row(self) -> Any:
        """All parameters side by side."""
        return np.concatenate([np.ravel(each.value) for each in self.parameters()])

    def gradient(self) -> Any:
        """All gradients side by side; zeros where there is none."""
        held = [(each.stored_grad, each) for each in self.parameters()]
        return np.concatenate([np.ravel(np.zeros_like(p.value) if g is None else g) for g, p in held])

    def place(self, row: Any) -> None:
        """Give each parameter its part."""
        start = 0
        for each in self.parameters():
            stop = start + prod(each.shape)
            each.assign(row[start:stop].reshape(each.shape).astype(each.dtype, copy=False)[()])
            start = stop

    def state_of_parameters(self) -> dict[int, dict[str, Any]]:
        """The history, under the first parameter, as PyTorch has it."""
        return {0: copy.deepcopy(asdict(self.history))} if self.history.n_iter else {}

    def taken_over(self, state: Mapping[int, Mapping[str, Any]], groups: list[dict[str, Any]]) -> Callable[[], None]:
        """A history of as many numbers."""
        names, row = set(asdict(History())), self.row()
        if set(state) - {0} or any(set(each) != names for each in state.values()):
            raise StateError(f"LBFGS keeps {', '.join(sorted(names))} under 0; found another state; nothing loaded")
        history = _read(state[0], row) if state else History()

        def take_over() -> None:
            self.history = history

        return take_over


def _read(kept: Mapping[str, Any], row: Any) -> History:
    """A history for parameters with such a row, from a state."""
    several = [kept[name] for name in ("ro", *_PAIRS)]
    if not all(isinstance(each, list | tuple) and len(each) == len(kept["ro"]) for each in several):
        raise StateError(f"ro, {' and '.join(_PAIRS)} are lists of one length; found others; nothing loaded")
    size, dtype = row.shape, row.dtype
    found: dict[str, Any] = {name: count_of(name, kept[name]) for name in ("n_iter", "func_evals")}
    found |= {name: array_of(name, kept[name], size, dtype) for name in ("d", "prev_flat_grad")}
    found |= {name: array_of(name, kept[name], (), dtype) for name in ("t", "H_diag")}
    found |= {name: [array_of(name, each, size, dtype) for each in kept[name]] for name in _PAIRS}
    return History(**found, ro=[array_of("ro", each, (), dtype) for each in kept["ro"]])


class _Descent:
    """One call of step(): iterations until something says that they are enough."""

    def __init__(self, optimizer: LBFGS, closure: Callable[[], Any], loss: float) -> None:
        self.optimizer, self.closure, self.history = optimizer, closure, optimizer.history
        self.hyper = optimizer.param_groups[0]
        self.loss, self.gradient, self.evaluations = loss, optimizer.gradient(), 1
        self.history.func_evals += 1

    def run(self) -> None:
        for iteration in range(self.hyper["max_iter"]):
            if self.is_flat() or not self.iterate(last=iteration + 1 == self.hyper["max_iter"]):
                return

    def is_flat(self) -> bool:
        return bool(np.max(np.abs(self.gradient), initial=0.0) <= self.hyper["tolerance_grad"])

    def iterate(self, *, last: bool) -> bool:
        """One step along one direction; whether to go on."""
        h, lr, before = self.history, float(self.hyper["lr"]), self.loss
        h.n_iter += 1
        if h.n_iter == 1:
            h.d, t = -self.gradient, min(1.0, 1.0 / np.abs(self.gradient).sum()) * lr
        else:
            h.learn(self.gradient, self.hyper["history_size"])
            h.d, t = h.direction(self.gradient), lr
        h.prev_flat_grad, h.t = self.gradient, t
        slope = self.gradient.dot(h.d)
        if slope > -self.hyper["tolerance_change"]:
            return False
        self.move(slope, last=last)
        still = self.hyper["tolerance_change"]
        moved = np.abs(h.d * h.t).max() > still and abs(self.loss - before) >= still
        return bool(moved) and self.evaluations < self.hyper["max_eval"]

    def move(self, slope: Any, *, last: bool) -> None:
        """As far as the line search says, or the rate; without a search nobody asks for the last loss."""
        h, origin, asked = self.history, self.optimizer.row(), 0
        if self.hyper["line_search_fn"] is not None:
            start = Point(0, self.loss, self.gradient, slope)
            limit = self.hyper["max_eval"] - self.evaluations
            least = self.hyper["tolerance_change"] / np.abs(h.d).max()
            point, asked = strong_wolfe(lambda t: self.at(origin, t), start, h.t, limit=limit, least=least)
            self.loss, self.gradient, h.t = point.loss, point.gradient, point.t
            self.optimizer.place(origin + h.t * h.d)
        elif last:
            self.optimizer.place(origin + h.t * h.d)
        else:
            point, asked = self.at(origin, h.t), 1
            self.loss, self.gradient = point.loss, point.gradient
        self.evaluations += asked
        h.func_evals += asked

    def at(self, origin: Any, t: Any) -> Point:
        self.optimizer.place(origin + t * self.history.d)
        loss = float(self.closure().item())
        gradient = self.optimizer.gradient()
        return Point(t, loss, gradient, gradient.dot(self.history.d))
