"""`compile`: a function that is recorded at its first call and replayed at the next ones."""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import update_wrapper
from pathlib import Path
from threading import RLock
from types import MethodType
from typing import Any

from autograd.drawing import Drawing
from autograd.errors import ArgumentError, AutogradError, CompileError, CompileWarning
from autograd.mode import PLAIN, current_mode, looks_for_anomalies, no_grad, recorded_by, recording
from autograd.node import Node
from autograd.plan.bindings import Bindings
from autograd.plan.blocks import through_block
from autograd.plan.building import identifier, names_of
from autograd.plan.calls import (
    Form,
    names_of_arguments,
    owned,
    refuse_hidden,
    refuse_seen,
    stand_ins,
    taken_apart,
)
from autograd.plan.exchange import commit
from autograd.plan.picture import pictured
from autograd.plan.plan import Plan, Stats, planned
from autograd.plan.saving import save
from autograd.plan.seen import Seen
from autograd.plan.trace import Trace
from autograd.plan.watched import Watched
from autograd.plan.writing import OtherThanRecorded, is_free
from autograd.trees import leaves, rebuilt

_MOST_PLANS, _MANY = 16, 2
_OF_NUMPY = (ValueError, TypeError, IndexError)


class Compiled:
    """A function as `compile` gives it back. Called, it replays the plan for these arguments, or records one."""

    def __init__(self, function: Callable[..., Any], most_plans: int = _MOST_PLANS) -> None:
        if not callable(function):
            raise ArgumentError(f"compile takes a function; found {type(function).__name__} {function!r}")
        update_wrapper(self, function, updated=())
        self._function = function
        name = identifier(getattr(function, "__name__", "program").replace("<lambda>", "program"))
        self._name = name if is_free(name) else f"{name}_"
        self._plans: OrderedDict[Any, list[Plan]] = OrderedDict()
        self._most = most_plans
        self._latest: Plan | None = None
        self._lock = RLock()
        self.recordings = 0
        self.reason = "it has not been called"
        """Why it was recorded the last time."""

    __name__: str

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled as the function alone: a copy of a model records plans for itself."""
        return Compiled, (self._function, self._most)

    @property
    def recompiles(self) -> int:
        """How often it was recorded again after the first time."""
        return max(self.recordings - 1, 0)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the function gives, by replaying its plan; within `detect_anomaly()` or another recording, by itself."""
        mode = current_mode()
        if mode is not PLAIN and (recording() is not None or looks_for_anomalies()):
            return self._function(*arguments, **keywords)
        parts, given, key = taken_apart(arguments, keywords)
        key, failure = key if mode[0] else (no_grad, key), ""
        with self._lock:
            for plan in self._plans.get(key, ()):
                try:
                    results = plan.replay(parts, given)
                except OtherThanRecorded:
                    return self._function(*arguments, **keywords)
                except _OF_NUMPY as error:  # nothing has changed: the run tells it, or goes another way
                    if plan.draws or isinstance(error, AutogradError):
                        raise
                    failure = f"a call of the program failed: {error}"
                    break
                finally:
                    plan.let_go()
                if results is not None:
                    if plan is not self._latest:
                        self._plans.move_to_end(key)
                        self._latest = plan
                    return plan.form(results, parts)
            return self._record(key, arguments, keywords, failure)

    # -- recording -----------------------------------------------------------------------------------------------

    def _record(self, key: Any, arguments: Any, keywords: Any, failure: str) -> Any:
        parts = leaves((arguments, keywords))
        self.reason = failure or self._reason(key, parts)
        trace = Trace(through_block)
        called = names_of_arguments(self._function, arguments, keywords)
        given, told = rebuilt((arguments, keywords), stand_ins(trace, parts, called))
        seen = Seen(self._function, parts)
        watched, bindings = Watched(seen), Bindings(seen)
        try:
            with recorded_by(trace):
                result = self._function(*given, **told)
            watched.check(trace.draws)
            bindings.keep(trace.owners, trace.cells)
            held = leaves([each for _, each in (*seen.containers, *seen.bound())])
            trace.finish([*held, *(each for _, each in seen.objects)])
            bindings.watch(trace.watched)
            refuse_seen(trace, parts, called)
            refuse_hidden(result, trace.started)
            nodes = [trace.operand(each) for each in leaves(result) if isinstance(each, Node)]
            plan = planned(trace, nodes, names_of(trace, seen, called), self._name, Form(result, parts), bindings)
            results = [owned(node.value) for node in nodes]
        finally:
            trace.restore()
        self._tell(bindings.effects)
        self._keep(key, plan)
        values = [None if node is None else owned(node.value) for node in trace.writes.values()]
        commit(list(trace.writes), values, [cell.read() for cell in trace.writes])
        plan.let_go()
        return plan.form(results, parts)

    def _reason(self, key: Any, parts: Sequence[Any]) -> str:
        """Why a call has no plan."""
        known = self._plans.get(key)
        if known:
            return known[0].changed(parts)
        return "an argument is of another shape, dtype, form or number" if self._plans else "it was called first"

    def _tell(self, effects: Sequence[str]) -> None:
        """Warn of what happened once and will not happen again."""
        if effects:
            warnings.warn(
                f"{self._name} changed {', '.join(sorted(effects))} while it was recorded, which a replay does not do; "
                f"return the value and change that outside, or do without compile",
                CompileWarning,
                stacklevel=4,
            )

    def _keep(self, key: Any, plan: Plan) -> None:
        self.recordings += 1
        if self.recordings == _MANY * self._most:
            warnings.warn(
                f"{self._name} has been recorded {self.recordings} times, now because {self.reason}. That takes as "
                f"long as many calls: pass it as an array or a tensor, or do without compile",
                CompileWarning,
                stacklevel=4,
            )
        self._latest = plan
        self._plans.setdefault(key, []).insert(0, plan)
        self._plans.move_to_end(key)
        while sum(map(len, self._plans.values())) > self._most:
            oldest = next(iter(self._plans.values()))
            oldest.pop()
            if not oldest:
                self._plans.popitem(last=False)

    # -- what it shows -------------------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The program of the latest plan, in Python. What runs are its calls, with arrays and numbers prepared.

        Raises: CompileError before the first call.
        """
        return self.plan.text.source

    @property
    def plan(self) -> Plan:
        """The plan that ran last. Raises: CompileError before the first call."""
        if self._latest is None:
            raise CompileError(f"{self._name} has not been called yet; its program is recorded at the first call")
        return self._latest

    def draw(self, *, direction: str = "LR", max_nodes: int = 200) -> Drawing:
        """The graph of the latest plan: a node for each line of `.source`, before large work in it is done in parts.

        With more than `max_nodes` it is folded by the kind of call.

        Raises: CompileError before the first call.
        """
        plan = self.plan
        program, kept = plan.drawn.program, len(plan.drawn.reads)
        return pictured(program, self._name, kept, direction=direction, max_nodes=max_nodes)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the latest plan as a Python module that needs NumPy alone, with its arrays beside it as .npz.

        Its `run(...)` takes the arrays that the function takes, and moves its STATE on as the function does.
        Raises: CompileError where it calls what is not NumPy's, or for a name that does not end in .py.
        """
        return save(self.plan, self._name, path)

    @property
    def stats(self) -> Stats:
        """What the passes made of the latest recording. Raises: CompileError before the first call."""
        return self.plan.stats

    def __repr__(self) -> str:
        return f"<compiled {self._name}: {self.recordings} recordings>"


def compile(  # noqa: A001  the public name, as in PyTorch
    function: Callable[..., Any] | None = None, *, most_plans: int = _MOST_PLANS
) -> Any:
    """Record one real run of a function, its backward pass and updates included, and replay it as a NumPy program.

    The function takes arrays, tensors, numbers and nested lists, tuples and dicts of them, and may read and update
    modules and optimizers. Arrays, parameters, memories, learning rates and random draws may be others in each call.
    A new shape, dtype, form, Python number, or training mode is recorded again; so is the function where something that
    it sees is another: a variable that it names, here or in a module of the user's that it imports, an attribute that
    it names, what lists and dicts in sight hold, a small array that NumPy alone reads. `most_plans` are kept. What
    Python does besides (printing, counting, drawing with NumPy alone) happens while recording and not in a replay.
    Results are those of the eager function, and refuse to be differentiated. While it is recorded, an array is a
    tensor's kind and no `np.ndarray` to `isinstance`, and `== None` is False of it; a replay does not look at
    `np.errstate`.

    The result has `.source`, the program; `.draw()`, `.stats`, `.save(path)`, `.recompiles`, and `.reason`, why it was
    recorded the last time. A CompileWarning tells when that has been often, or when the run changed what a replay does
    not, as a counter.
    Raises: CompileError where the function decides by a value that may vary, with the line; ArgumentError for what is
    no function.

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
