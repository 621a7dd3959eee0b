"""Optimizer: parameters in groups, the memory each keeps, and one step of an update rule on all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import ArgumentError, DomainError, Tensor
from autograd.mode import recording
from optim.errors import StateError
from optim.recorded import record_step


class Optimizer(ABC):
    """What every algorithm shares. A subclass gives its hyper-parameters as `defaults` and its update of one parameter.

    `params` are tensors, or dicts of groups: `{"params": [...], "lr": 0.01}` overrides what the group names.
    `param_groups` can be read and written between steps, as a schedule does with `param_groups[0]["lr"]`.
    A parameter without a gradient is skipped, and keeps no memory until it has one.

    Raises: ArgumentError for parameters that are none; DomainError for hyper-parameters out of range.
    """

    memory: ClassVar[tuple[str, ...]] = ()
    """The names of the arrays that are kept for each parameter, in the order in which `update` takes them."""

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.kept: dict[Tensor, list[Any]] = {}
        """The memory of each parameter that has made a step, in the order of `memory`."""
        self.counts: dict[Tensor, int] = {}
        """How many steps each has made."""
        given: list[Any] = [params] if isinstance(params, Tensor | Mapping) else list(params)
        if not given:
            raise ArgumentError(f"{type(self).__name__} was given no parameters; pass model.parameters()")
        groups = given if all(isinstance(each, Mapping) for each in given) else [{"params": given}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters, with hyper-parameters of their own where the group names them."""
        unknown = set(group) - {"params", *self.defaults}
        if unknown or "params" not in group:
            raise ArgumentError(
                f"a group of {type(self).__name__} has 'params' and any of {', '.join(self.defaults)}; "
                f"found {', '.join(map(str, group))}"
            )
        tensors = [group["params"]] if isinstance(group["params"], Tensor) else list(group["params"])
        known = {each for other in self.param_groups for each in other["params"]}
        for each in tensors:
            if not isinstance(each, Tensor) or not each.is_leaf:
                raise ArgumentError(f"{type(self).__name__} moves leaf tensors; found {each!r}")
            if each in known:
                raise ArgumentError(f"{each!r} is in this optimizer already, or twice in the group; give it once")
            known.add(each)
        chosen = {**self.defaults, **{name: value for name, value in group.items() if name != "params"}}
        self.check(**chosen)
        self.param_groups.append({"params": tensors, **chosen})

    @abstractmethod
    def check(self, **hyper: Any) -> None:
        """Raise a DomainError for hyper-parameters out of range."""

    @abstractmethod
    def start(self, value: Any, hyper: Mapping[str, Any]) -> list[Any]:
        """The memory before the first step: an array for each name, or None where the hyper-parameters use none."""

    @abstractmethod
    def update(self, value: Any, gradient: Any, memory: Any, step: int, hyper: Mapping[str, Any]) -> Any:
        """One step for one parameter: the new value and the new memory. Nothing it is given is written to."""

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        run = recording()
        if run is not None:
            record_step(self, run)
            return
        states, steps = self.kept, self.counts
        for group in self.param_groups:
            for parameter in group["params"]:
                gradient = parameter.stored_grad
                if gradient is None:
                    continue
                step = steps[parameter] = steps.get(parameter, 0) + 1
                value = parameter.value
                memory = states.get(parameter) or self.start(value, group)
                new, states[parameter] = self.update(value, gradient, memory, step, group)
                parameter.assign(new)

    def zero_grad(self) -> None:
        """Forget every parameter's gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def memory_of(self, parameter: Tensor) -> list[Any]:
        """What is kept for a parameter, in the order of `memory`; before its first step, what that starts from."""
        group = next(each for each in self.param_groups if parameter in set(each["params"]))
        start = self.start(parameter.value, group)
        kept = self.kept.get(parameter, start)
        return [first if each is None else each for each, first in zip(kept, start, strict=True)]

    def state_dict(self) -> dict[str, Any]:
        """Hyper-parameters, memories and step counts, with parameters told by their position: copies, to be saved."""
        ordered = [each for group in self.param_groups for each in group["params"]]
        place = {each: i for i, each in enumerate(ordered)}
        return {
            "state": {
                place[each]: {
                    "step": self.counts.get(each, 0),
                    **dict(zip(self.memory, map(_copied, kept), strict=True)),
                }
                for each, kept in self.kept.items()
            },
            "param_groups": [
                {**group, "params": [place[each] for each in group["params"]]} for group in self.param_groups
            ],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave, to the bit. Nothing is changed unless all of it fits.

        Raises: StateError if groups, sizes or names differ.
        """
        sizes = [len(group["params"]) for group in self.param_groups]
        given = [len(group["params"]) for group in state["param_groups"]]
        if sizes != given:
            raise StateError(
                f"this optimizer has groups of {sizes} parameters, the state is of {given}; nothing loaded"
            )
        ordered = [each for group in self.param_groups for each in group["params"]]
        states: dict[Tensor, list[Any]] = {}
        for place, kept in state["state"].items():
            parameter = ordered[int(place)]
            if set(kept) != {"step", *self.memory}:
                raise StateError(
                    f"{type(self).__name__} keeps {', '.join(self.memory) or 'nothing'} for a parameter; "
                    f"the state has {', '.join(kept)}; nothing loaded"
                )
            states[parameter] = [_fitting(kept[name], parameter, name) for name in self.memory]
        self.kept = states
        self.counts = {ordered[int(place)]: int(kept["step"]) for place, kept in state["state"].items()}
        for group, other in zip(self.param_groups, state["param_groups"], strict=True):
            group.update({name: value for name, value in other.items() if name != "params"})

    def __repr__(self) -> str:
        groups = [
            f"  group {i}: {len(group['params'])} parameters, "
            + ", ".join(f"{name}={value}" for name, value in group.items() if name != "params")
            for i, group in enumerate(self.param_groups)
        ]
        return "\n".join([f"{type(self).__name__}(", *groups, ")"])


def zeros(value: Any) -> Any:
    """The start of a memory: zeros in the shape and dtype of a parameter."""
    return np.zeros_like(value)[()]


def _copied(kept: Any) -> Any:
    return kept.copy() if isinstance(kept, np.ndarray) else kept


def _fitting(kept: Any, parameter: Tensor, name: str) -> Any:
    if kept is not None and np.shape(kept) != parameter.shape:
        raise StateError(f"'{name}' has shape {np.shape(kept)} for a parameter of {parameter.shape}; nothing loaded")
    return _copied(kept)


def check_range(name: str, value: Any, *, least: float = 0.0, below: float = float("inf")) -> None:
    """Raise a DomainError unless `least <= value < below` (NaN is refused too), an ArgumentError for no number."""
    if not isinstance(value, int | float | np.number):
        raise ArgumentError(f"{name} has to be a number; found {type(value).__name__} {value!r}")
    if not least <= value < below:
        raise DomainError(f"{name} has to be at least {least:g} and below {below:g}; found {value!r}")
