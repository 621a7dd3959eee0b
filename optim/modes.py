"""The two modes of a model, training and evaluation, and how each of its modules is given its own back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Trainable(Protocol):
    """A model that is told whether it is trained or evaluated, as an nn.Module is; a plain function need not be."""

    training: bool

    def train(self, mode: bool = True) -> Any:
        """Enter training, or evaluation."""


@runtime_checkable
class Tree(Protocol):
    """A model of modules, as an nn.Module is."""

    def modules(self) -> Iterable[Any]:
        """It, and all below it."""

    def parameters(self) -> Iterable[Any]:
        """What it learns."""

    def buffers(self) -> Iterable[Any]:
        """What it keeps beside that."""


@contextmanager
def modes_kept(model: Any) -> Iterator[None]:
    """Afterwards a model, and each module within it, is in the mode that it was in before."""
    if not isinstance(model, Trainable):
        yield
        return
    modes = [(each, each.training) for each in (model, *_modules(model))]
    try:
        yield
    finally:
        model.train(modes[0][1])  # those that have come since
        for each, training in modes:
            each.training = training


@contextmanager
def evaluation(model: Any) -> Iterator[None]:
    """A model in evaluation for a while."""
    with modes_kept(model):
        if isinstance(model, Trainable):
            model.train(False)
        yield


def _modules(model: Any) -> Iterable[Any]:
    return model.modules() if isinstance(model, Tree) else ()


def buffers_of(model: Any) -> Iterable[Any]:
    """The buffers of a model of modules; of any other there are none."""
    return model.buffers() if isinstance(model, Tree) else ()
