"""Module: a tree of attributes that holds parameters and other modules, and is called like a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from autograd import ArgumentError, StateError, Tensor
from autograd.familiar import Absent
from autograd.mode import Owner, enter_scope, leave_scope
from nn.familiar import OF_MODULES
from nn.parameter import Buffer, Parameter
from nn.summary import run_on_zeros, table


class IncompatibleKeys(NamedTuple):
    """The names that a state did not have, and those that the module does not."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module(Owner):
    """What a model is made of. A subclass sets parameters and modules as attributes and defines `forward`.

    Parameters, buffers and modules are found by looking at the attributes in the order in which they were set, lists,
    tuples and dicts of them included. What a module records carries it as its scope, so that a drawing can fold.

    >>> import numpy as np
    >>> from nn import Linear, Module
    >>> class Doubled(Module):
    ...     def __init__(self):
    ...         self.inner = Linear(3, 2, rng=0)
    ...     def forward(self, x):
    ...         return 2 * self.inner(x)
    >>> Doubled()(np.ones((5, 3))).shape
    (5, 2)
    """

    training: bool = True
    forward: Callable[..., Any]

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """`forward`, with this module as the scope of what it records."""
        token = enter_scope(self)
        try:
            return self.forward(*arguments, **keywords)
        finally:
            leave_scope(token)

    # -- the tree ------------------------------------------------------------------------------------------------

    def _held(self) -> Iterator[tuple[str, Any]]:
        """The parameters, buffers and modules held directly, with their names."""
        return held(vars(self))

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules held directly, with their attribute's name, as `layers.0` for one in a list."""
        return ((name, each) for name, each in self._held() if isinstance(each, Module))

    def children(self) -> Iterator[Module]:
        """The modules held directly."""
        return (each for _, each in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module (under `prefix`) and all below it, each once, with their dotted paths."""
        return _once(self._walk(prefix))

    def _walk(self, prefix: str) -> Iterator[tuple[str, Module]]:
        yield prefix, self
        for name, child in self.named_children():
            yield from child._walk(_path(prefix, name))

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (each for _, each in self.named_modules())

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """The parameters of this module and all below it, each once, with their dotted paths."""
        return self._named(Parameter, prefix)

    def parameters(self) -> Iterator[Parameter]:
        """The parameters of this module and all below it, each once."""
        return (each for _, each in self.named_parameters())

    def named_buffers(self, prefix: str = "") -> Iterator[tuple[str, Buffer]]:
        """The buffers of this module and all below it, each once, with their dotted paths."""
        return self._named(Buffer, prefix)

    def buffers(self) -> Iterator[Buffer]:
        """The buffers of this module and all below it, each once."""
        return (each for _, each in self.named_buffers())

    def _named(self, kind: type[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        return _once(
            (_path(path, name), each)
            for path, module in self.named_modules(prefix)
            for name, each in module._held()
            if isinstance(each, kind)
        )

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call a function with every module below this one, then with this one; for start values, say."""
        for each in self.children():
            each.apply(function)
        function(self)
        return self

    def held_parameters(self) -> Iterator[Parameter]:
        """The parameters that this module holds itself, without those of modules below it."""
        return (each for _, each in self._held() if isinstance(each, Parameter))

    def count_parameters(self) -> int:
        """How many numbers the module learns; frozen ones are not counted."""
        return sum(each.size for each in self.parameters() if each.requires_grad)

    # -- modes ---------------------------------------------------------------------------------------------------

    def train(self, mode: bool = True) -> Self:
        """Put this module and all below it into training (or, with False, evaluation)."""
        for each in self.modules():
            each.training = mode
        return self

    def eval(self) -> Self:
        """Put this module and all below it into evaluation."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze (False) or thaw every parameter."""
        for each in self.parameters():
            each.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget every parameter's gradient; with `set_to_none=False`, those that there are become zeros."""
        for each in self.parameters():
            each.zero_grad(set_to_none)

    def astype(self, dtype: Any) -> Self:
        """Turn every parameter and every buffer of floats to another dtype, in place; gradients are forgotten.

        Raises: ArgumentError if the dtype is not one of floats.
        """
        kind = np.dtype(dtype)
        if kind.kind not in "fc":
            raise ArgumentError(f"a module learns real or complex floats; {kind} was asked for")
        for each in (*self.parameters(), *self.buffers()):
            if each.dtype.kind in "fc":
                each.assign(each.numpy().astype(kind))
                each.zero_grad()
        return self

    # -- state ---------------------------------------------------------------------------------------------------

    def _named_state(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """Parameters and buffers in PyTorch's order, under every name that they have."""
        own = list(self._held())
        for kind in (Parameter, Buffer):
            yield from ((_path(prefix, name), each) for name, each in own if isinstance(each, kind))
        for name, child in self.named_children():
            yield from child._named_state(_path(prefix, name))

    def state_dict(self) -> dict[str, np.ndarray]:
        """A copy of the array of every parameter and buffer, by dotted path; a shared one under each of its paths."""
        return {name: np.array(each.numpy()) for name, each in self._named_state()}

    def load_state_dict(self, state: Mapping[str, Any], *, strict: bool = True) -> IncompatibleKeys:
        """Take over arrays by dotted path, in the dtypes the module has.

        With `strict=False` names may be missing or left over: they are returned. Nothing is changed unless all fits.
        Raises: StateError naming what is missing, unexpected, of another shape, or of a kind that would lose something:
        complex numbers for real ones, floats for whole ones, anything that is no number; ArgumentError for no dict.
        """
        if not isinstance(state, Mapping):
            raise ArgumentError(f"load_state_dict takes a dict of arrays by name; found {type(state).__name__}")
        own = dict(self._named_state())
        arrays = {name: _array(name, each) for name, each in state.items() if name in own}
        missing, unexpected = [name for name in own if name not in state], [name for name in state if name not in own]
        problems = {"missing": missing, "unexpected": unexpected} if strict else {}
        problems["of another shape"] = [
            f"{name} (here {own[name].shape}, given {array.shape})"
            for name, array in arrays.items()
            if array.shape != own[name].shape
        ]
        problems["of another kind"] = [
            f"{name} (here {own[name].dtype}, given {array.dtype})"
            for name, array in arrays.items()
            if not np.can_cast(array.dtype, own[name].dtype, "same_kind")
        ]
        if any(problems.values()):
            told = "; ".join(f"{what}: {', '.join(map(str, names))}" for what, names in problems.items() if names)
            raise StateError(f"this state does not fit {type(self).__name__}, and nothing was loaded: {told}")
        ready = {name: np.array(array, dtype=own[name].dtype)[()] for name, array in arrays.items()}
        for name, array in ready.items():
            own[name].assign(array)
        return IncompatibleKeys(missing, unexpected)

    def __dir__(self) -> list[str]:
        """Without the names that only tell what there is in their place."""
        return [name for name in super().__dir__() if name not in OF_MODULES or getattr(self, name, None) is not None]

    # -- text ----------------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """The hyper-parameters, for the representation."""
        return ""

    def __repr__(self) -> str:
        children = [f"  ({name}): " + repr(each).replace("\n", "\n  ") for name, each in self.named_children()]
        if not children:
            return f"{type(self).__name__}({self.extra_repr()})"
        return "\n".join([f"{type(self).__name__}({self.extra_repr()}", *children, ")"])

    def summary(self, input_shape: Sequence[int] | None = None) -> str:
        """A table of the modules with how many numbers their parameters are, frozen ones too, their bytes, and totals.

        With `input_shape`, the shape of one sample, the model is run on zeros of (1, *input_shape), in evaluation, and
        the table also has the shape of what each module made last and the multiplications: those of matrix products
        and, element by element, those of products, quotients, powers and roots.

        >>> from nn import MLP
        >>> print(MLP([3, 3, 2, 1], "sigmoid").summary([3]))
        module      kind     output  parameters  bytes  multiplications
        layers.0    Linear   1 × 3           12     96                9
        layers.1    Linear   1 × 2            8     64                6
        layers.2    Linear   1 × 1            3     24                2
        activation  Sigmoid  1 × 2
        total       MLP      1 × 1           23    184               17
        """
        return table(self, None if input_shape is None else run_on_zeros(self, input_shape))


def held(attributes: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Parameters, buffers and modules among attributes, in order; those in lists, tuples, dicts by a dotted name."""
    for name, each in attributes.items():
        path = _path(prefix, str(name))
        if isinstance(each, Parameter | Buffer | Module):
            yield path, each
        elif isinstance(each, list | tuple):
            yield from held({str(i): item for i, item in enumerate(each)}, path)
        elif isinstance(each, dict):
            yield from held(each, path)


for _name in OF_MODULES:
    setattr(Module, _name, Absent(_name, OF_MODULES))


def _array(name: str, given: Any) -> np.ndarray:
    try:
        return np.asarray(given)
    except ValueError:
        raise StateError(f"'{name}' has rows of different lengths in the state, and nothing was loaded") from None


def _path(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix and name else prefix or name


def _once(named: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The first of each object that comes by under several names."""
    seen: set[int] = set()
    for name, each in named:
        if id(each) not in seen:
            seen.add(id(each))
            yield name, each
