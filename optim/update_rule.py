"""UpdateRule: an optimizer whose step is one rule, applied to each parameter by itself, with a memory for each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import ArgumentError, StateError, Tensor
from autograd.mode import recording
from autograd.node import next_order
from optim.hyper import Changes, Path, as_read
from optim.large import Large
from optim.optimizer import Optimizer
from optim.recorded import record_step
from optim.row import Layout, fitting
from optim.states import array_of, count_of


class UpdateRule(Optimizer):
    """A subclass gives its hyper-parameters as `defaults`, its `memory`, and its `update` of a parameter.

    The update is a pure function of arrays, in operators and operations of `autograd`, so that the same lines run on
    arrays and within `autograd.compile`. There the learning rate, the step count and what is `varying` are nodes: with
    them + - * / ** are allowed, and no decisions. A parameter without a gradient is skipped, and keeps no memory until
    it has one.
    """

    memory: ClassVar[tuple[str, ...]] = ()
    """The names of what is kept for each parameter, in the order in which `update` takes it."""
    by_element: ClassVar[bool] = False
    """Whether each element moves by itself and all memory is arrays, so that parameters may be laid side by side."""
    varying: ClassVar[tuple[str, ...]] = ()
    """The hyper-parameters that a compiled step may read anew at each call, as it does the learning rate, once they
    were seen to change. The update may ask whether they are 0. Where others change, the step is recorded again."""
    counted: ClassVar[bool] = True
    """Whether a state has to have a step count. PyTorch's SGD saves none: a buffer tells that there was a step."""
    complex_too: ClassVar[bool] = False
    """Whether the rule is linear in the gradient, so that it holds for complex parameters as well."""

    order: int = 0
    """Its creation number, as that of a tensor; that of a copy is none, older than any."""

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.kept: dict[Tensor, list[Any]] = {}
        """The memory of each parameter that has some, in the order of `memory`."""
        self.counts: dict[Tensor, int] = {}
        """How many steps each has made."""
        self.layouts: dict[int, Layout] = {}
        """How the parameters of each group were moved in the last step: side by side, or alone."""
        self._changes: dict[int, Changes] = {}
        self._large = Large(self)
        self.order = next_order()
        super().__init__(params, defaults)

    def __getstate__(self) -> dict[str, Any]:
        """All but the layouts, as a copy's memories are arrays of their own and no views of a row, and the order."""
        return {name: each for name, each in vars(self).items() if name != "order"} | {"layouts": {}}

    def check_parameter(self, parameter: Any) -> None:
        """Complex numbers only where the rule holds for them."""
        super().check_parameter(parameter)
        if parameter.dtype.kind == "c" and not self.complex_too:
            raise ArgumentError(
                f"{type(self).__name__} is for real parameters; found {parameter.dtype}. "
                f"Keep the real and the imaginary part as two, or use SGD"
            )

    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """The memory before the first step, for each name: an array, a float, or None where it is not used.

        Here: zeros for each.
        """
        return [zeros(value) for _ in self.memory]

    @abstractmethod
    def update(self, value: Any, gradient: Any, memory: Any, step: Any, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter: the new value and the new memory, None for what stays as it was.

        Nothing it is given is written to.
        """

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient. `closure`, if given, computes the loss and gradients before."""
        loss = None if closure is None else closure()
        run = recording()
        if run is not None:
            record_step(self, run)
            return loss
        for place, group in enumerate(self.param_groups):
            hyper = as_read(group)
            moving = [each for each in group["params"] if each.stored_grad is not None]
            layout = self.layouts.get(place)
            if layout is None or not layout.is_of(moving, hyper):
                layout = self.layouts[place] = Layout(self, moving, hyper)
            for row in layout.rows:
                row.move(hyper)
            for parameter in (*layout.alone, *self._large.move(layout.large, hyper, place)):
                self._move(parameter, hyper)
        return loss

    def varying_in(self, place: int) -> tuple[Path, ...]:
        """The paths of the hyper-parameters of a group that were seen to change, and are not 0."""
        changes = self._changes.setdefault(place, Changes(self.varying))
        return changes.seen(self.param_groups[place])

    def _move(self, parameter: Tensor, hyper: Mapping[str, Any]) -> None:
        step = self.counts.get(parameter, 0) + 1
        before = self.memory_of(parameter, hyper)
        gradient = fitting(parameter.stored_grad, parameter)
        new, memory = self.update(parameter.value, gradient, before, step, hyper)
        now = [each.copy() if each is gradient else each for each in memory]  # the user may write to a gradient
        kept = [held if each is None else each for held, each in zip(before, now, strict=True)]
        self.counts[parameter], self.kept[parameter] = step, kept
        parameter.assign(new)

    def memory_of(self, parameter: Tensor, hyper: Mapping[str, Any] | None = None) -> list[Any]:
        """What is kept for a parameter, in the order of `memory`; what is not there yet, as it starts."""
        kept = self.kept.get(parameter)
        if hyper is None:
            hyper = next(each for each in self.param_groups if any(parameter is one for one in each["params"]))
        if kept is not None and self.is_complete(kept, parameter.value, hyper):
            return kept
        value = parameter.value
        start = self.start(value, hyper)
        return [_resumed(each, first, value) for each, first in zip(kept or start, start, strict=True)]

    def is_complete(self, memory: list[Any], value: Any, hyper: Mapping[str, Any]) -> bool:
        """Whether memory is what the rule needs now: an option may have been switched on, or the dtype be another."""
        if all(each is not None and getattr(each, "dtype", None) == value.dtype for each in memory):
            return True
        needed = self.start(np.empty((0,) * np.ndim(value), value.dtype), hyper)
        return all(_resumed(each, first, value) is each for each, first in zip(memory, needed, strict=True))

    def state_of_parameters(self) -> dict[int, dict[str, Any]]:
        """The step counts and memories."""
        return {
            place: {
                "step": self.counts[each],
                **dict(zip(self.memory, map(_copied, self.kept.get(each, [None] * len(self.memory))), strict=True)),
            }
            for place, each in enumerate(self.parameters())
            if each in self.counts
        }

    def taken_over(self, state: Mapping[int, Mapping[str, Any]], groups: list[dict[str, Any]]) -> Callable[[], None]:
        """Memories of the right names and shapes; what is not used with these hyper-parameters may be left out."""
        several = zip(self.param_groups, groups, strict=True)
        moved = [(each, hyper) for own, hyper in several for each in own["params"]]
        kept, counts = dict[Tensor, list[Any]](), dict[Tensor, int]()
        for place, memory in state.items():
            found = self._read(memory, *moved[place]) if place < len(moved) else None
            if found is None:
                raise StateError(
                    f"{type(self).__name__} keeps {', '.join(self.memory) or 'nothing'} for {len(moved)} "
                    f"parameters; the state has {', '.join(memory)} for number {place}; nothing loaded"
                )
            kept[moved[place][0]], counts[moved[place][0]] = found

        def take_over() -> None:
            self.kept, self.counts = kept, counts

        return take_over

    def _read(
        self, memory: Mapping[str, Any], parameter: Tensor, hyper: Mapping[str, Any]
    ) -> tuple[list[Any], int] | None:
        """The memory of a parameter in a state, and its step count; None if the names are others."""
        start = dict(zip(self.memory, self.start(parameter.value, hyper), strict=True))
        needed = {name for name, first in start.items() if first is not None} | ({"step"} if self.counted else set())
        if not needed <= set(memory) <= {"step", *self.memory}:
            return None
        kept = [_fitting(name, memory.get(name), first, parameter) for name, first in start.items()]
        begun = any(each is not None for each in kept)
        return kept, count_of("step", memory.get("step", int(begun)))


def zeros(value: Any) -> Any:
    """The start of a memory: zeros in the shape and dtype of a parameter."""
    return np.zeros_like(value)[()]


def turned(g: Any, hyper: Mapping[str, Any]) -> Any:
    """The gradient, turned around to maximize."""
    return -g if hyper["maximize"] else g


def downhill(p: Any, g: Any, hyper: Mapping[str, Any]) -> Any:
    r"""The gradient that a rule goes down: $-g$ to maximize, plus $\lambda p$ where weight decay is coupled."""
    g = turned(g, hyper)
    return g + hyper["weight_decay"] * p if hyper["weight_decay"] else g


def decayed(p: Any, lr: Any, weight_decay: float) -> Any:
    r"""The parameter after weight decay that is decoupled from the gradient: $p (1 - \eta \lambda)$."""
    return p * (1 - lr * weight_decay) if weight_decay else p


def regularized(p: Any, g: Any, hyper: Mapping[str, Any]) -> tuple[Any, Any]:
    """The parameter and the gradient that a rule goes down, after weight decay, decoupled if the flag says so."""
    if not hyper["decoupled_weight_decay"]:
        return p, downhill(p, g, hyper)
    return decayed(p, hyper["lr"], hyper["weight_decay"]), turned(g, hyper)


def _copied(kept: Any) -> Any:
    return kept.copy()[()] if isinstance(kept, np.ndarray) else kept


def _dtype_of(start: Any, value: Any) -> Any:
    """The dtype of a memory by what it starts from: the parameter's where it is not used, and None of plain floats."""
    return getattr(value if start is None else start, "dtype", None)


def _resumed(kept: Any, start: Any, value: Any) -> Any:
    """A memory in the dtype that it has for this value; the start where there is none."""
    dtype = _dtype_of(start, value)
    if kept is None or dtype is None:
        return start if kept is None else kept
    return kept if getattr(kept, "dtype", None) == dtype else np.asarray(kept, dtype)[()]


def _fitting(name: str, kept: Any, start: Any, parameter: Tensor) -> Any:
    """A copy of what was kept, in the dtype of what it goes on from, if it has the shape of that."""
    if kept is None:
        return None
    shape, dtype = parameter.shape if start is None else np.shape(start), _dtype_of(start, parameter)
    return float(array_of(name, kept, (), np.float64)) if dtype is None else array_of(name, kept, shape, dtype)
