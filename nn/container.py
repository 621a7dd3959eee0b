"""Modules that hold modules: in order, by name, one after the other, beside a shortcut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar, overload

import numpy as np

from autograd import ArgumentError, ShapeError
from nn.module import Module, held

M = TypeVar("M", bound=Module)
_Named = Mapping[str, Module] | Iterable[tuple[str, Module]]


class ModuleList(Module, Generic[M]):
    """A list of modules, found under their positions. It holds; whoever owns it calls.

    What a subclass sets as attributes is found after them.
    """

    def __init__(self, modules: Iterable[M] = ()) -> None:
        self._list: list[M] = []
        self.extend(modules)

    def append(self, module: M) -> Self:
        """Add a module at the end; the list itself is returned. Raises: ArgumentError for what is none."""
        return self.insert(len(self), module)

    def extend(self, modules: Iterable[M]) -> Self:
        """Add modules at the end; the list itself is returned. Raises: ArgumentError for what is none."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index: int, module: M) -> Self:
        """Add a module before another; the list itself is returned. Raises: ArgumentError for what is none."""
        self._list.insert(index, _module(self, module))
        return self

    def _held(self) -> Iterator[tuple[str, Any]]:
        """The modules under their positions, then what a subclass holds in attributes."""
        return _first(self, self._list)

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self) -> Iterator[M]:
        return iter(self._list)

    @overload
    def __getitem__(self, index: int) -> M: ...

    @overload
    def __getitem__(self, index: slice) -> ModuleList[M]: ...

    def __getitem__(self, index: int | slice) -> M | ModuleList[M]:
        found = self._list[index]
        return type(self)(found) if isinstance(found, list) else found

    def __setitem__(self, index: int, module: M) -> None:
        self._list[index] = _module(self, module)

    def __delitem__(self, index: int | slice) -> None:
        del self._list[index]


class ModuleDict(Module):
    """Modules by name, in the order in which they were added. It holds; whoever owns it calls.

    What a subclass sets as attributes is found after them.
    Raises: ArgumentError for what is no module, or a name with a dot in it, or of an attribute that holds something.

    >>> from nn import Linear, ModuleDict
    >>> heads = ModuleDict({"mean": Linear(4, 1, rng=0), "scale": Linear(4, 1, rng=0)})
    >>> [name for name, _ in heads.named_parameters()]
    ['mean.weight', 'mean.bias', 'scale.weight', 'scale.bias']
    """

    def __init__(self, modules: _Named = ()) -> None:
        self._dict: dict[str, Module] = {}
        self.update(modules or ())

    def __setattr__(self, name: str, value: Any) -> None:
        if "_dict" in vars(self):
            _check_apart(self, self._dict.keys(), dict(held({name: value})))
        super().__setattr__(name, value)

    def update(self, modules: _Named) -> None:
        """Add modules, from a dict or as pairs of names and modules; those of the same name have their place."""
        for name, module in dict(modules).items():
            self[name] = module

    def _held(self) -> Iterator[tuple[str, Any]]:
        """The modules under their names, then what a subclass holds in attributes."""
        return _first(self, self._dict)

    def items(self) -> Iterable[tuple[str, Module]]:
        """Names with modules."""
        return self._dict.items()

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._dict.keys()

    def values(self) -> Iterable[Module]:
        """The modules."""
        return self._dict.values()

    def __len__(self) -> int:
        return len(self._dict)

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict)

    def __contains__(self, name: object) -> bool:
        return name in self._dict

    def __getitem__(self, name: str) -> Module:
        return self._dict[name]

    def __setitem__(self, name: str, module: Module) -> None:
        if not isinstance(name, str) or "." in name or not name:
            raise ArgumentError(f"a ModuleDict's names are text without a dot; found {name!r}")
        _check_apart(self, {name}, _others(self, self._dict))
        self._dict[name] = _module(self, module)

    def __delitem__(self, name: str) -> None:
        del self._dict[name]


class Sequential(ModuleList[Module]):
    """Modules called one after the other, each on the result of the one before: `Sequential(a, b)(x)` is `b(a(x))`.

    >>> from nn import Linear, ReLU, Sequential
    >>> Sequential(Linear(2, 3, rng=0), ReLU())
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): ReLU()
    )
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__(modules[0] if len(modules) == 1 and isinstance(modules[0], list) else modules)

    def forward(self, x: Any) -> Any:
        """The result of the last module."""
        for module in self._list:
            x = module(x)
        return x


class Residual(Module):
    """A block beside a shortcut, $y = f(x) + x$, or $f(x) + s(x)$ with a `shortcut` that fits the shapes.

    Its derivative is $f'(x) + 1$: however small $f'$ is, a gradient comes through.
    Shapes: those of the block, which has to keep its input's, or `shortcut` to make it the same.
    Raises: ShapeError otherwise. Source: He et al. 2016, arXiv:1512.03385.

    >>> import numpy as np
    >>> from nn import Identity, Residual
    >>> Residual(Identity())(np.ones(3)).tolist()
    [2.0, 2.0, 2.0]
    """

    def __init__(self, block: Module, shortcut: Module | None = None) -> None:
        self.block = _module(self, block)
        self.shortcut = None if shortcut is None else _module(self, shortcut)

    def forward(self, x: Any) -> Any:
        """The block's result with the shortcut added."""
        made, past = self.block(x), x if self.shortcut is None else self.shortcut(x)
        if np.shape(made) != np.shape(past):
            raise ShapeError(
                f"Residual adds its block's result, of shape {np.shape(made)}, to the "
                f"{'input' if self.shortcut is None else 'result of the shortcut'}, {np.shape(past)}: give a shortcut "
                f"that makes them alike, such as Linear"
            )
        return made + past


def _first(holder: Module, modules: list[M] | dict[str, Module]) -> Iterator[tuple[str, Any]]:
    """The modules of a list or dict under names of their own, then what the holder's other attributes hold."""
    inside = dict(held({"": modules}))
    others = _others(holder, modules)
    _check_apart(holder, inside.keys(), others)
    return iter([*inside.items(), *others.items()])


def _others(holder: Module, modules: list[M] | dict[str, Module]) -> dict[str, Any]:
    return dict(held({name: each for name, each in vars(holder).items() if each is not modules}))


def _check_apart(holder: Module, names: Iterable[str], others: Mapping[str, Any]) -> None:
    both = set(names) & {name.partition(".")[0] for name in others}
    if both:
        raise ArgumentError(
            f"{type(holder).__name__} has a module and an attribute of the name '{min(both)}': give one another name"
        )


def _module(holder: Module, given: M) -> M:
    if not isinstance(given, Module):
        raise ArgumentError(f"{type(holder).__name__} holds modules; found {type(given).__name__}")
    return given
