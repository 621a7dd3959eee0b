"""Memory against time: intermediate results forgotten, and computed again when a derivative asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, GraphError
from autograd.mode import current_mode, enable_grad, recording
from autograd.node import Node, keep_step, leaf, next_order, sources_of
from autograd.notation import Binding, Notation, call
from autograd.operations.joining import concatenate
from autograd.operations.shaping import ravel, reshape
from autograd.reverse import pull_back
from autograd.source import Draws
from autograd.transforms.atonce import AtOnce
from autograd.transforms.running import Function, name_of, of_functions
from autograd.trees import leaves, rebuilt


@of_functions
def checkpoint(f: Function) -> Function:
    """The same function, of which only arguments and result stay in the graph: a sweep runs it again for the rest.

    For a chain of n layers, sqrt(n) of them to each checkpoint, memory falls from n to 2 sqrt(n) layers for one more
    forward pass. Arguments and results may be nested dicts, lists and tuples; tensors that f reads from around it
    get their gradients too. Numbers drawn from `autograd.random` are the same in the second run.
    Derivatives of higher order are possible, each of which runs f again. Within `autograd.compile` f is recorded as it
    is: a program has all its results anyway. Where nothing requires a gradient, f is called and no more.

    Raises: ArgumentError if f returns anything but tensors of one dtype, one of which requires a gradient; GraphError,
    from the sweep, if f gives another value the second time, or reads a tensor that was given new data in between.

    >>> import numpy as np
    >>> from autograd import Tensor, checkpoint
    >>> x = Tensor([0.5, 1.0], requires_grad=True)
    >>> y = checkpoint(lambda x: np.exp(np.sin(x)).sum())(x)
    >>> y.operation.name, len(y.inputs)
    ('checkpoint', 1)
    >>> y.backward(); x.grad
    array([1.41742422, 1.25338077])
    """

    @wraps(f)
    def forgetful(*arguments: Any, **keywords: Any) -> Any:
        if not current_mode()[0] or recording() is not None:
            return f(*arguments, **keywords)
        draws, before = Draws(), next_order()
        with enable_grad(), draws.kept():
            out = f(*arguments, **keywords)
        if not any(isinstance(each, Node) and each.requires_grad for each in leaves(out)):
            return out
        row = _row(leaves(out), f)
        operation = _Checkpoint(lambda: _row(leaves(f(*arguments, **keywords)), f), draws, before)
        return _unrolled(_step(row, operation), out)

    return forgetful


def _row(parts: list[Any], f: Function) -> Any:
    """All results as one: the one there is, or their elements in a row."""
    if not all(isinstance(each, Node) for each in parts) or len({each.value.dtype for each in parts}) != 1:
        raise ArgumentError(f"checkpoint needs tensors of one dtype as results; {name_of(f)} returned something else")
    return parts[0] if len(parts) == 1 else concatenate([ravel(each) for each in parts])


def _unrolled(row: Any, tree: Any) -> Any:
    parts = leaves(tree)
    if len(parts) == 1:
        return rebuilt(tree, [row])
    ends = np.cumsum([each.size for each in parts]).tolist()
    return rebuilt(
        tree,
        [reshape(row[end - each.size : end], shape=each.shape) for each, end in zip(parts, ends, strict=True)],
    )


def _around(row: Node, before: int) -> list[Node]:
    """What the steps of a run were made from: whatever is older than the run, its result too if f made nothing new."""
    met, stack = {row}, [row]
    around = []
    while stack:
        node = stack.pop()
        if node.order < before:
            around.append(node)
            continue
        inputs = dict.fromkeys(each for each in sources_of(node) if each.requires_grad)
        new = [each for each in inputs if each not in met]
        met.update(new)
        stack += reversed(new)
    return around


def _step(row: Node, operation: _Checkpoint) -> Any:
    """The result as one step on what lies around the run."""
    around = _around(row, operation.before)
    result = leaf(type(row), row.value, requires_grad=True)
    keep_step(result, operation, around, [each.value for each in around], None, current_mode()[2])
    return result


class _Checkpoint(AtOnce):
    """One run of a function as a step that knows how to run again."""

    def __init__(self, again: Callable[[], Any], draws: Draws, before: int) -> None:
        def checkpoint(*arrays: Any) -> Any:  # noqa: ARG001  its name and arguments stand in pictures
            raise GraphError("a checkpointed run is not an operation to be called")

        super().__init__(checkpoint, ("arrays",), Notation(*call("checkpoint", ("arrays",)), Binding.ATOM, {}))
        self._again, self._draws, self.before = again, draws, before

    def contributions(self, g: Any, step: Any) -> Sequence[Any]:
        """Run again, recorded, and sweep from the result to what lies around it."""
        node = step.value if isinstance(step.value, Node) else step
        for source, read in zip(node.inputs, node.reads, strict=True):
            if source is not None and source.value is not read:
                raise GraphError("a tensor read in a checkpoint was given new data since; call backward() before that")
        before = next_order()
        with enable_grad(), self._draws.repeated():
            row = self._again()
        if not np.array_equal(row.value, node.value, equal_nan=True):
            raise GraphError("a checkpointed function gave another value when run again; draw with autograd.random")
        table = dict(pull_back(row, g, since=before, create_graph=isinstance(g, Node)))
        pairs = zip(node.inputs, node.reads, strict=True)
        return [table[source] if source in table else np.zeros_like(read) for source, read in pairs]
