"""Modules that hold modules in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, overload

from autograd import ArgumentError
from nn.module import Module


class ModuleList(Module):
    """A list of modules, found under their positions. It holds; whoever owns it calls."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self._list: list[Module] = []
        for module in modules:
            self.append(module)

    def append(self, module: Module) -> None:
        """Add a module at the end. Raises: ArgumentError for what is none."""
        if not isinstance(module, Module):
            raise ArgumentError(f"{type(self).__name__} holds modules; found {type(module).__name__}")
        self._list.append(module)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules, under their positions."""
        return ((str(i), module) for i, module in enumerate(self._list))

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._list)

    @overload
    def __getitem__(self, index: int) -> Module: ...

    @overload
    def __getitem__(self, index: slice) -> ModuleList: ...

    def __getitem__(self, index: int | slice) -> Module | ModuleList:
        found = self._list[index]
        return type(self)(found) if isinstance(found, list) else found


class Sequential(ModuleList):
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
