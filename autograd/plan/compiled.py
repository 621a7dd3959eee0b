"""`compile`: a function that is recorded at its first call and replayed at the next ones."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import update_wrapper
from threading import RLock
from typing import Any

import numpy as np

from autograd.errors import CompileError
from autograd.mode import Cell, recorded_by, recording
from autograd.node import Node, leaf
from autograd.plan.blocks import through_block
from autograd.plan.building import identifier
from autograd.plan.cells import Gradient, described
from autograd.plan.plan import Plan, kind_of, planned
from autograd.plan.trace import Array, Trace
from autograd.plan.writing import OtherThanRecorded
from autograd.provenance import Cut, here
from autograd.trees import leaves, rebuilt

_MOST_PLANS = 16


class Compiled:
    """A function as `compile` gives it back. Called, it replays the plan for these arguments, or records one."""

    def __init__(self, function: Callable[..., Any], most_plans: int = _MOST_PLANS) -> None:
        update_wrapper(self, function)
        self._function = function
        self._name = identifier(getattr(function, "__name__", "program").replace("<lambda>", "program"))
        self._plans: OrderedDict[Any, list[Plan]] = OrderedDict()
        self._most = most_plans
        self._latest: Plan | None = None
        self._lock = RLock()
        self.recordings = 0

    __name__: str

    @property
    def recompiles(self) -> int:
        """How often it was recorded again after the first time."""
        return max(self.recordings - 1, 0)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the function gives, by replaying its plan."""
        if recording() is not None:
            return self._function(*arguments, **keywords)
        parts = leaves((arguments, keywords)) if keywords or not _are_arrays(arguments) else arguments
        form = None if parts is arguments else _form((arguments, keywords))
        key = (form, *map(_described, parts))
        with self._lock:
            fitting = self._fitting(key)
            if fitting is None:
                return self._record(key, arguments, keywords)
            try:
                return self._replay(fitting[0], parts, fitting[1])
            except OtherThanRecorded:
                return self._function(*arguments, **keywords)

    # -- replay --------------------------------------------------------------------------------------------------

    def _fitting(self, key: Any) -> tuple[Plan, list[Any]] | None:
        """The plan for these arguments, and what its cells hold, if it still holds."""
        for plan in self._plans.get(key, ()):
            held = [cell.read() for cell in plan.reads]
            if plan.holds() and list(map(kind_of, held)) == plan.known:
                self._plans.move_to_end(key)
                self._latest = plan
                return plan, held
        return None

    def _replay(self, plan: Plan, parts: Sequence[Any], held: list[Any]) -> Any:
        given = [_value(each) for each in parts if _varies(each)]
        with np.errstate(all="ignore"):
            found = list(plan.run(*given, *held))
        for place in plan.copied:
            found[place] = _owned(found[place])
        _commit(plan.writes, found[plan.results :])
        _hand_gradients(plan, parts, found)
        return plan.shaped(found[: plan.results])

    # -- recording -----------------------------------------------------------------------------------------------

    def _record(self, key: Any, arguments: Any, keywords: Any) -> Any:
        trace = Trace(self._had_gradients(), through_block)
        parts = leaves((arguments, keywords))
        stand_ins = [_stand_in(trace, each) if _varies(each) else each for each in parts]
        given, told = rebuilt((arguments, keywords), stand_ins)
        drawn = _global_draws()
        try:
            with recorded_by(trace):
                result = self._function(*given, **told)
            if _global_draws() != drawn:
                raise CompileError(
                    f"{self._name} draws from NumPy's global generator, which cannot be recorded; "
                    f"use autograd.random with rng=, or pass the numbers in"
                )
            trace.finish()
            plan, values = self._planned(trace, result, parts, [f"{name}" for name in self._named(arguments, keywords)])
        finally:
            trace.restore()
        self._keep(key, plan)
        _commit(plan.writes, [_owned(node.value) for node in trace.writes.values() if node is not None])
        _hand_gradients(plan, parts, values)
        return plan.shaped(values)

    def _planned(self, trace: Trace, result: Any, parts: Sequence[Any], names: list[str]) -> tuple[Plan, list[Any]]:
        """The plan, and the plain results of the run itself."""
        parts_of_result = leaves(result)
        nodes = [trace.operand(each) for each in parts_of_result if isinstance(each, Node)]
        kinds = [None if node.stands_for_array else type(node) for node in nodes]

        cut = Cut("returned by a compiled function", here(), ())

        def shaped(values: Sequence[Any]) -> Any:
            made = iter([_result(kind, value, cut) for value, kind in zip(values, kinds, strict=False)])
            return rebuilt(result, [next(made) if isinstance(each, Node) else each for each in parts_of_result])

        result = _without_nodes(result)
        given = trace.of_arguments()
        plan = planned(trace, [*nodes, *given.values()], self._function, names, shaped, self._name)
        return replace(plan, gradients=tuple(given)), [_owned(node.value) for node in (*nodes, *given.values())]

    def _keep(self, key: Any, plan: Plan) -> None:
        self.recordings += 1
        self._latest = plan
        self._plans.setdefault(key, []).insert(0, plan)
        self._plans.move_to_end(key)
        while sum(map(len, self._plans.values())) > self._most:
            oldest = next(iter(self._plans.values()))
            oldest.pop()
            if not oldest:
                self._plans.popitem(last=False)

    def _had_gradients(self) -> frozenset[Any]:
        known = {
            cell.leaf
            for plans in self._plans.values()
            for plan in plans
            for cell, _ in plan.writes
            if isinstance(cell, Gradient)
        }
        return frozenset(leaf for leaf in known if leaf.grad is not None)

    def _named(self, arguments: Any, keywords: Mapping[str, Any]) -> list[str]:
        """What to call each array among the arguments: after the parameter it is given for."""
        try:
            bound = inspect.signature(self._function).bind(*arguments, **keywords).arguments
        except (TypeError, ValueError):
            bound = {f"argument_{i}": each for i, each in enumerate((*arguments, *keywords.values()))}
        return [
            identifier(name) if len(leaves(tree)) == 1 else identifier(f"{name}_{i}")
            for name, tree in _flat(bound)
            for i, each in enumerate(leaves(tree))
            if _varies(each)
        ]

    # -- what it shows -------------------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The program of the latest plan, in Python. Raises: CompileError before the first call."""
        return self.plan.text.source

    @property
    def plan(self) -> Plan:
        """The plan that ran last. Raises: CompileError before the first call."""
        if self._latest is None:
            raise CompileError(f"{self._name} has not been called yet; its program is recorded at the first call")
        return self._latest

    def __repr__(self) -> str:
        return f"<compiled {self._name}: {self.recordings} recordings>"


def compile(  # noqa: A001  the public name, as in PyTorch
    function: Callable[..., Any] | None = None, *, most_plans: int = _MOST_PLANS
) -> Any:
    """Record one real run of a function, its backward pass and updates included, and replay it as a NumPy program.

    >>> import numpy as np
    >>> import autograd
    >>> @autograd.compile
    ... def slope(x):
    ...     return autograd.grad(lambda x: (np.sin(x) ** 2).sum())(x)
    >>> slope(np.array([0.0, 1.0])), slope(np.array([1.0, 2.0]))
    (array([0.        , 0.90929743]), array([ 0.90929743, -0.7568025 ]))
    """
    if function is None:
        return lambda function: Compiled(function, most_plans)
    return Compiled(function, most_plans)


def _flat(bound: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parameters in order, `*args` and `**kwargs` among them as they are."""
    return list(bound.items())


def _form(tree: Any) -> Any:
    """A tree without its leaves, to compare."""
    if isinstance(tree, Mapping):
        return (dict, *((key, _form(each)) for key, each in tree.items()))
    if isinstance(tree, list | tuple):
        return (type(tree), *map(_form, tree))
    return None


def _varies(part: Any) -> bool:
    """Whether an argument may be another one at the next call: an array or a tensor, not a Python number."""
    return isinstance(part, Node | np.ndarray | np.generic)


def _described(part: Any) -> Any:
    if _varies(part):
        return described(part)
    return (
        (type(part), part) if isinstance(part, int | float | complex | str | bytes | None) else (type(part), id(part))
    )


def _value(part: Any) -> Any:
    return part.value if isinstance(part, Node) else part


def _stand_in(trace: Trace, part: Any) -> Node:
    kind = type(part) if isinstance(part, Node) else Array
    value = _value(part)
    made: Node = leaf(kind, value.copy()[()] if isinstance(value, np.ndarray) else value)
    made.requires_grad = isinstance(part, Node) and part.requires_grad
    trace.arguments.append(made)
    return made


def _result(kind: type[Node] | None, value: Any, cut: Cut) -> Any:
    if kind is None:
        return value
    made = leaf(kind, value)
    made.cut = cut
    return made


def _without_nodes(result: Any) -> Any:
    """The form of a result, without what the run recorded."""
    return rebuilt(result, [None if isinstance(each, Node) else each for each in leaves(result)])


def _hand_gradients(plan: Plan, parts: Sequence[Any], results: Sequence[Any]) -> None:
    """Add to the gradients of tensors among the arguments, whose values are the last of the results."""
    if plan.gradients:
        tensors = [each for each in parts if _varies(each)]
        for place, new in zip(plan.gradients, results[plan.results - len(plan.gradients) : plan.results], strict=True):
            before = tensors[place].grad
            tensors[place].grad = new if before is None else before + new


def _owned(value: Any) -> Any:
    return value.copy()[()] if isinstance(value, np.ndarray) else value


def _are_arrays(arguments: tuple[Any, ...]) -> bool:
    return all(type(each) is np.ndarray for each in arguments)


def _commit(writes: Sequence[tuple[Cell, bool]], values: Sequence[Any]) -> None:
    """Write all of it, or, if something interrupts, none."""
    before = [cell.read() for cell, _ in writes]
    coming, done = iter(values), False
    try:
        for cell, wanted in writes:
            cell.write(next(coming) if wanted else None)
        done = True
    finally:
        if not done:
            for (cell, _), value in zip(writes, before, strict=True):
                cell.write(value)


def _global_draws() -> Any:
    state: Any = np.random.get_state(legacy=False)
    return state["state"]["key"].tobytes(), state["state"]["pos"], state["has_gauss"]
