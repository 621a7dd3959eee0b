"""The table of a model: its modules with what they make, hold and multiply, read off one recorded run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from autograd.node import Node, ancestors, owners
from autograd.notation import sizes

if TYPE_CHECKING:
    from nn.module import Module

_ELEMENTWISE = {"multiply", "divide", "square", "power", "sqrt", "reciprocal"}


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Within it a model is in evaluation; afterwards each of its modules is in the mode that it was in."""
    modes = {each: each.training for each in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for each, training in modes.items():
            each.training = training


def run_on_zeros(model: Module, input_shape: Sequence[int]) -> Any:
    """What a model makes of one sample of zeros, in evaluation, recorded; its modes are as they were afterwards.

    Shapes: a sample of `input_shape`, as a batch (1, *input_shape).
    """
    dtype = next((each.dtype for each in model.parameters()), np.dtype(np.float64))
    x = Tensor(np.zeros((1, *input_shape), dtype), requires_grad=True, name="input")
    x.rebinds = True  # as data do
    with evaluating(model):
        return model(x)


def table(model: Module, result: Node | None) -> str:
    """The table of a model, with what a run on one sample shows if there is one.

    A parameter that two modules share is counted once, and so is a module that is applied again.
    """
    made = {} if result is None else _made(result)
    seen: set[int] = set()
    rows, totals = [], np.zeros(3, int)
    for path, module in model.named_modules():
        own = [each for each in module.held_parameters() if id(each) not in seen]
        seen.update(map(id, own))
        shape, products = made.get(id(module), ("", 0))
        counts = np.array([sum(each.size for each in own), sum(each.numpy().nbytes for each in own), products])
        totals += counts
        if own or products or (result is not None and not list(module.children())):
            rows.append((path or "(itself)", type(module).__name__, shape, *counts))
    shape = "" if result is None else sizes(np.shape(result.value))
    rows.append(("total", type(model).__name__, shape, *totals))
    return _aligned(rows, run=result is not None)


def _made(result: Node) -> dict[int, tuple[str, int]]:
    """For each module the shape of the last thing that it recorded itself, and the multiplications of all of them."""
    found: dict[int, tuple[str, int]] = {}
    for node in reversed(ancestors(result)):
        within = owners(node)
        if node.operation is not None and within:
            key = id(within[-1])
            found[key] = sizes(np.shape(node.value)), found.get(key, ("", 0))[1] + _products(node)
    return found


def _products(node: Node) -> int:
    assert node.operation is not None
    name, size = node.operation.name, int(np.size(node.value))
    if name in ("linear", "matmul"):
        return size * int(node.reads[0].shape[-1])
    if name == "contract":
        terms = (node.parameters or {})["subscripts"].partition("->")[0].split(",")
        sizes: dict[str, int] = {}
        for term, read in zip(terms, node.reads, strict=True):
            sizes |= dict(zip(term, read.shape, strict=True))
        return (len(terms) - 1) * int(np.prod(list(sizes.values())))
    return size if name in _ELEMENTWISE else 0


def _aligned(rows: list[tuple[Any, ...]], *, run: bool) -> str:
    titles = ("module", "kind", "output", "parameters", "bytes", "multiplications")
    kept = range(6) if run else (0, 1, 3, 4)
    cells = [titles, *((*row[:3], *(f"{each:,}" if each else "" for each in row[3:])) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    return "\n".join("  ".join(_cells(row, kept, widths)).rstrip() for row in cells)


def _cells(row: tuple[str, ...], kept: Sequence[int], widths: list[int]) -> Iterator[str]:
    return (row[i].ljust(widths[i]) if i < 3 else row[i].rjust(widths[i]) for i in kept)
