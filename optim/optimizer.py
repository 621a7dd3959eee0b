"""Optimizer: parameters in groups with hyper-parameters of their own, and a step that moves them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import ArgumentError, CompileError, DomainError, StateError, Tensor
from autograd.mode import recording
from optim.states import parts_of

_OF_EXECUTION = frozenset({"foreach", "capturable", "differentiable", "fused", "initial_lr"})
"""What a group of PyTorch's says of how its step is run, or where a scheduler began: nothing that a rule reads."""


class Optimizer(ABC):
    """What every optimizer shares. An algorithm that moves each parameter by itself is an `UpdateRule`.

    `params` are tensors, or dicts of groups: `{"params": [...], "lr": 0.01}` overrides what the group names.
    `param_groups` can be read and written between steps, as a schedule does with `param_groups[0]["lr"]`.

    Raises: ArgumentError for parameters that are none; DomainError for hyper-parameters out of range.
    """

    needs_closure: ClassVar[bool] = False
    """Whether `step` has to be given a function of the loss that computes its gradients: it calls it where it likes."""

    fixed: ClassVar[Mapping[str, Any]] = {"decoupled_weight_decay": False}
    """Hyper-parameters of PyTorch's that have one value here: a state may name those which are no option, with it."""

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        given = [params] if isinstance(params, Mapping) else self._listed(params)
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
        tensors = self._listed(group["params"])
        known = {each for other in self.param_groups for each in other["params"]}
        for each in tensors:
            self.check_parameter(each)
            if each in known:
                raise ArgumentError(f"{each!r} is in this optimizer already, or twice in the group; give it once")
            known.add(each)
        chosen = {**self.defaults, **{name: value for name, value in group.items() if name != "params"}}
        self.check(**chosen)
        self.param_groups.append({"params": tensors, **chosen})

    def _listed(self, params: Any) -> list[Any]:
        if not isinstance(params, Iterable):
            raise ArgumentError(f"{type(self).__name__} moves tensors; found {params!r}: pass model.parameters()")
        return [params] if isinstance(params, Tensor) else list(params)

    def check_parameter(self, parameter: Any) -> None:
        """Raise an ArgumentError for what this optimizer cannot move."""
        if not isinstance(parameter, Tensor) or not parameter.is_leaf:
            raise ArgumentError(
                f"{type(self).__name__} moves leaf tensors, as model.parameters() gives them; found {parameter!r}"
            )

    @abstractmethod
    def check(self, **hyper: Any) -> None:
        """Raise a DomainError for hyper-parameters out of range."""

    @abstractmethod
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move the parameters. `closure` computes the loss and its gradients; the loss it gave is returned."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget every parameter's gradient; with `set_to_none=False`, those that there are become zeros.

        A parameter without a gradient is not moved by `step`; one with a gradient of zeros is, by momentum or decay.
        """
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None  # in less time than by zero_grad
                else:
                    parameter.zero_grad(set_to_none=False)

    def parameters(self) -> list[Tensor]:
        """The parameters of all groups, in order: their places here are what a state tells them by."""
        return [each for group in self.param_groups for each in group["params"]]

    @abstractmethod
    def state_of_parameters(self) -> dict[int, dict[str, Any]]:
        """Copies of what is kept for parameters, by place and name."""

    @abstractmethod
    def taken_over(self, state: Mapping[int, Mapping[str, Any]], groups: list[dict[str, Any]]) -> Callable[[], None]:
        """What sets a state in place, once that has been found to fit the hyper-parameters that come with it.

        Raises: StateError if it does not.
        """

    def state_dict(self) -> dict[str, Any]:
        """Hyper-parameters, memories and step counts, with parameters told by their place: copies, to be saved.

        Raises: CompileError within a compiled function.
        """
        _refuse_recorded("state_dict()")
        place = {each: i for i, each in enumerate(self.parameters())}
        groups = [{**group, "params": [place[each] for each in group["params"]]} for group in self.param_groups]
        return {"state": self.state_of_parameters(), "param_groups": groups}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave, to the bit. Nothing is changed unless all of it fits.

        Arrays may be lists, as in a state that was text, and are cast to the dtype of the parameter. A state may be
        PyTorch's, with its tensors as arrays: what it says of how a step is run is passed over.
        Raises: StateError if groups, sizes or names differ; DomainError for hyper-parameters out of range; CompileError
        within a compiled function.
        """
        _refuse_recorded("load_state_dict()")
        groups, kept = parts_of(state)
        sizes, given = ([len(group["params"]) for group in several] for several in (self.param_groups, groups))
        if sizes != given:
            raise StateError(
                f"this optimizer has groups of {sizes} parameters, the state is of {given}; nothing loaded"
            )
        chosen = [self._hyper_of(*both) for both in zip(self.param_groups, groups, strict=True)]
        take_over = self.taken_over(kept, chosen)
        for group, hyper in zip(self.param_groups, chosen, strict=True):
            group.update(hyper)
        take_over()

    def _hyper_of(self, own: Mapping[str, Any], saved: Mapping[str, Any]) -> dict[str, Any]:
        """The hyper-parameters in a saved group, if they are those of this one."""
        names = [name for name in own if name != "params"]
        others = {name: value for name, value in saved.items() if name not in own and name not in _OF_EXECUTION}
        if not set(names) <= set(saved) or not others.items() <= self.fixed.items():
            raise StateError(
                f"a group of {type(self).__name__} has {', '.join(names)}; that of the state has "
                f"{', '.join(f'{name}={value}' for name, value in saved.items() if name != 'params')}; nothing loaded"
            )
        self.check(**{name: saved[name] for name in self.defaults})
        return {name: saved[name] for name in names}

    def __repr__(self) -> str:
        groups = [
            f"  group {i}: {len(group['params'])} parameters, "
            + ", ".join(f"{name}={value}" for name, value in group.items() if name != "params")
            for i, group in enumerate(self.param_groups)
        ]
        return "\n".join([f"{type(self).__name__}(", *groups, ")"])


def _refuse_recorded(called: str) -> None:
    if recording() is not None:
        raise CompileError(
            f"an optimizer's {called} within a compiled function would be that of the first call in every call, since "
            f"its state moves on after each; call it outside"
        )


def check_range(name: str, value: Any, *, least: float = 0.0, below: float = float("inf")) -> None:
    """Raise a DomainError unless `least <= value < below` (NaN is refused too), an ArgumentError for no real number."""
    if not isinstance(value, int | float | np.integer | np.floating):
        raise ArgumentError(f"{name} has to be a number; found {type(value).__name__} {value!r}")
    if not least <= value < below:
        raise DomainError(f"{name} has to be at least {least:g} and below {below:g}; found {value!r}")


def check_ranges(hyper: Mapping[str, Any], *names: str) -> None:
    """Raise a DomainError unless each is 0 or more."""
    for name in names:
        check_range(name, hyper[name])


def check_numbers(name: str, values: Any, count: int, *, least: float = 0.0, below: float = float("inf")) -> None:
    """Raise a DomainError unless there are `count` numbers in the range, as in `betas`."""
    if not isinstance(values, tuple | list) or len(values) != count:
        raise ArgumentError(f"{name} has to be {count} numbers, as a tuple; found {values!r}")
    for i, value in enumerate(values):
        check_range(f"{name}[{i}]", value, least=least, below=below)


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raise a DomainError unless the value is one of the choices."""
    if value not in choices:
        raise DomainError(f"{name} has to be one of {', '.join(map(repr, choices))}; found {value!r}")
