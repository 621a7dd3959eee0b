"""Three passes for speed alone: numbers made ready, arrays that nobody reads any more written again, products."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from autograd.plan.program import Atom, Constant, Program, Step, Variable

_READY = {"np.add", "np.subtract", "np.multiply", "np.divide"}
_READY |= {"np.greater", "np.less", "np.greater_equal", "np.less_equal"}
"""Calls that take a number as an array of no axes in less time, with the same result."""

_IN_FULL, _MOST = {"np.maximum", "np.minimum"}, 2**18
"""Calls that take a number as an array of the other's shape in less time, having no quick way for one number; and how
many elements that may have."""


_QUICK = 2**14
"""Elements of a product, at most, that `np.dot` makes in less time."""


def with_ready_numbers(program: Program) -> Program:
    """Plain numbers beside arrays of floats as arrays in their dtype: NumPy makes them so at each call."""
    return replace(program, steps=tuple(map(_with_ready, program.steps)))


def _with_ready(step: Step) -> Step:
    if step.function not in _READY | _IN_FULL or len(step.arguments) != 2:
        return step
    first, second = step.arguments
    in_full = step.function in _IN_FULL
    return replace(step, arguments=(_ready(first, second, in_full), _ready(second, first, in_full)))


def _ready(part: Any, other: Any, in_full: bool) -> Any:
    floats = isinstance(other, Variable) and other.shape and not other.weak and other.dtype.kind == "f"
    if not floats or type(part) not in (int, float):
        return part
    return Constant(np.full(other.shape if in_full and prod(other.shape) <= _MOST else (), part, other.dtype))


def with_quick_products(program: Program) -> Program:
    """Small products of two matrices by `np.dot`: the same call of BLAS, in a third of a microsecond less.

    It fills the result with zeros first, which of a large one takes longer than that.
    """
    return replace(program, steps=tuple(map(_with_dot, program.steps)))


def _with_dot(step: Step) -> Step:
    shapes = [getattr(each, "shape", ()) for each in step.arguments]
    of_matrices = step.function == "np.matmul" and list(map(len, shapes)) == [2, 2] and step.out.dtype.kind == "f"
    quick = of_matrices and prod(step.out.shape) <= _QUICK and not step.keywords.keys() - {"out"}
    return replace(step, function="np.dot") if quick else step


def in_place(program: Program) -> Program:
    """Element-wise calls that write to the array they read, if nobody reads it after that.

    Only to arrays that the program has made itself, in row order: so what is written has the layout it would have.
    """
    arrays = _Arrays(program)
    instead: dict[Atom, Variable] = {}
    steps = []
    for place, step in enumerate(program.steps):
        moved = step.with_atoms(lambda atom: instead.get(atom, atom))
        target = arrays.target(step, place)
        if target is None:
            steps.append(moved)
            continue
        written = instead.get(target, target)
        steps.append(replace(moved, keywords={"out": written}, out=replace(step.out, name="done")))
        instead[step.out] = written
    outputs = tuple(instead.get(each, each) for each in program.outputs)
    return Program(program.inputs, tuple(steps), outputs)


class _Arrays:
    """Which variables are (views of) one array, where each array is read last, and which are in row order."""

    def __init__(self, program: Program) -> None:
        self._array: dict[Atom, int] = {}
        self._last: dict[int, int] = {}
        self._own: set[int] = set()
        self._in_rows: set[Atom] = set()
        for place, step in enumerate(program.steps):
            for atom in step.reads():
                self._last[self._of(atom)] = place
            self._add(step)
        for atom in program.outputs:
            self._last[self._of(atom)] = len(program.steps)

    def _of(self, atom: Atom) -> int:
        return self._array.setdefault(atom, len(self._array))

    def _add(self, step: Step) -> None:
        if "out" in step.keywords:
            return
        if step.ufunc is None:  # what it makes may be a view of anything that it reads
            for atom in step.reads():
                self._join(self._of(step.out), self._of(atom))
        elif step.out.shape:
            self._own.add(self._of(step.out))
            if step.function == "np.matmul" or any(self._is_like(atom, step.out) for atom in step.reads()):
                self._in_rows.add(step.out)

    def _join(self, one: int, other: int) -> None:
        self._own -= {one, other}
        self._array = {atom: one if array == other else array for atom, array in self._array.items()}
        self._last[one] = max(self._last.get(one, -1), self._last.get(other, -1))

    def _is_like(self, atom: Atom, out: Variable) -> bool:
        return (
            atom in self._in_rows and isinstance(atom, Variable) and (atom.shape, atom.dtype) == (out.shape, out.dtype)
        )

    def target(self, step: Step, place: int) -> Variable | None:
        """The array that a step may write to."""
        if not step.goes_by_element or step.keywords:
            return None
        for atom in step.reads():
            array = self._of(atom)
            dead = array in self._own and self._last[array] == place
            alone = all(other is atom or self._of(other) != array for other in step.reads())
            fits = self._is_like(atom, step.out)
            if dead and alone and fits and isinstance(atom, Variable):
                return atom
        return None
