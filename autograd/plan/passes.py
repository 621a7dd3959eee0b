"""The passes: each takes a program and gives a simpler one with the same results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.plan.program import Atom, Constant, Program, Step, Variable
from autograd.plan.rendering import rendered


def without_dead_code(program: Program) -> Program:
    """Only the steps that an output depends on, and those that are kept for what they do."""
    wanted: set[Atom] = set(program.outputs)
    steps = []
    for step in reversed(program.steps):
        if step.out in wanted or step.kept:
            wanted.update(step.reads())
            steps.append(step)
    return replace(program, steps=tuple(reversed(steps)))


def without_repetition(program: Program) -> Program:
    """Each call on the same atoms once: memoization again."""
    known: dict[Any, Atom] = {}
    constants: dict[Any, Constant] = {}

    def one_of(atom: Atom) -> Atom:
        return constants.setdefault(_content(atom), atom) if isinstance(atom, Constant) else atom

    def decide(step: Step) -> Atom | None:
        return None if step.draws else known.setdefault((*_identity(step), step.out.dtype.str), step.out)

    return _rewritten(program, decide, one_of)


def _content(constant: Constant) -> Any:
    value = constant.value
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype.str, value.tobytes())
    return (type(value), repr(value)) if isinstance(value, np.generic | int | float | complex) else id(value)


def _identity(step: Step) -> tuple[Any, ...]:
    """Equal for calls of the same function on the same atoms."""
    serial = {atom: f"v{atom.serial}" if isinstance(atom, Variable) else f"c{id(atom)}" for atom in step.reads()}
    return step.function, id(step.whole), rendered(step, serial)


_HAVE_OTHER_FORMS = {"np.transpose", "np.swapaxes", "np.matrix_transpose", "np.reshape"}


def in_plain_form(program: Program) -> Program:
    """Each call of NumPy's in one form: without what says nothing, and by the method where one would write that."""
    return replace(program, steps=tuple(map(_plain_form, program.steps)))


def _plain_form(step: Step) -> Step:
    if step.whole is not None or (not step.keywords and step.function not in _HAVE_OTHER_FORMS):
        return step
    keywords = dict(step.keywords)
    if keywords.get("keepdims") is False:
        del keywords["keepdims"]
    first = step.arguments[0] if step.arguments else None
    sized = isinstance(first, Variable) and 0 not in first.shape
    if step.function == "np.maximum.reduce" and sized and keywords.get("initial") == -np.inf:
        del keywords["initial"]
    if step.function in ("np.transpose", "np.swapaxes", "np.matrix_transpose") and _is_transpose(step):
        return replace(step, function=".T", arguments=step.arguments[:1], keywords={})
    if keywords.get("where") is True:
        del keywords["where"]
    keywords = {name: each for name, each in keywords.items() if each is not np._NoValue}
    if step.function == "np.reshape" and len(step.arguments) == 2 and keywords.get("order", "C") == "C":
        return replace(step, function=".reshape()", keywords={})
    by_method = step.function in ("np.transpose", "np.swapaxes") and not keywords
    if by_method or (step.function == "np.take" and isinstance(first, Atom)):
        return replace(step, function=f".{step.function[3:]}()")
    return replace(step, keywords=keywords)


def with_plain_numbers(program: Program) -> Program:
    """A constant that is one number, beside an array of its dtype, as that number: it gives the same to the bit.

    Not an exponent: of a power by one number NumPy takes the root, the square or the reciprocal.
    """
    return replace(program, steps=tuple(map(_with_numbers, program.steps)))


def _with_numbers(step: Step) -> Step:
    if not step.goes_by_element or len(step.arguments) != 2 or step.function == "np.power":
        return step
    first, second = step.arguments
    arguments = _number_beside(first, second, step.out), _number_beside(second, first, step.out)
    same = arguments[0] is first and arguments[1] is second
    return step if same else replace(step, arguments=arguments)


def _number_beside(part: Any, other: Any, out: Variable) -> Any:
    """A constant's one number, if `other` has the dtype and the shape that the call needs without it."""
    if not isinstance(part, Constant) or not isinstance(other, Variable) or other.weak or other.shape != out.shape:
        return part
    value = np.asarray(part.value)
    if not out.shape or value.dtype != other.dtype or value.dtype.kind != "f" or not value.size:
        return part
    number = value.flat[0]
    same = np.isfinite(number) and np.all(value == number) and (number != 0 or not np.signbit(value).any())
    return number.item() if same else part


def _is_transpose(step: Step) -> bool:
    first = step.arguments[0]
    if not isinstance(first, Variable) or len(first.shape) != 2:
        return False
    told = (*step.arguments[1:], *step.keywords.values())
    order = told[0] if len(told) == 1 else told
    return order in ((), None, (1, 0), [1, 0], (-1, -2), (-2, -1), (0, 1)) and (step.function, order) != (
        "np.transpose",
        (0, 1),
    )


def simplified(program: Program) -> Program:
    """Algebra that is exact, to the bit: what is multiplied with 1, transposed twice, or given the shape it has."""
    made = {step.out: step for step in program.steps}
    named: dict[Variable, str] = {}

    def decide(step: Step) -> Atom | None:
        found = _simpler(step, made)
        if isinstance(found, Variable) and found in made and step.out.name.startswith(_TELLING):
            named[found] = step.out.name
        return found

    return _renamed(_rewritten(program, decide, lambda atom: atom), named)


_TELLING = ("grad_", "new_", "d_")
"""How the names begin that say what a value is, beside those that say how it was made."""


def _renamed(program: Program, named: dict[Variable, str]) -> Program:
    """The same with other names for some of what the steps make, where those do not tell yet."""
    new: dict[Atom, Variable] = {
        variable: replace(variable, name=name)
        for variable, name in named.items()
        if not variable.name.startswith(_TELLING)
    }
    steps = [step.with_atoms(lambda atom: new.get(atom, atom)) for step in program.steps]
    steps = [replace(step, out=new[step.out]) if step.out in new else step for step in steps]
    return replace(program, steps=tuple(steps), outputs=tuple(new.get(each, each) for each in program.outputs))


def _simpler(step: Step, made: dict[Variable, Step]) -> Atom | None:
    """What a step's result equals that is there already."""
    if not step.arguments or not isinstance(step.arguments[0], Variable):
        return _second(step)
    first = step.arguments[0]
    same = first.shape == step.out.shape and first.dtype == step.out.dtype and not first.weak
    if same and _keeps(step):
        return first
    before = made.get(first)
    twice = before is not None and before.function == step.function and step.function in (".T", "np.negative", ".mT")
    if twice and before is not None and isinstance(before.arguments[0], Variable):
        return before.arguments[0]
    return _second(step)


_SHAPING = {"np.reshape", ".reshape()", "np.broadcast_to", "np.positive", ".astype()", "np.squeeze"}


def _keeps(step: Step) -> bool:
    """Whether a step leaves its first argument as it is, if shape and dtype are the same."""
    if step.function in _SHAPING or (step.function == "[]" and step.arguments[1] == () and step.out.shape != ()):
        return True
    return step.function in ("np.multiply", "np.divide", "np.true_divide") and _is_one(step.arguments[1])


def _second(step: Step) -> Atom | None:
    """The second factor, where the first is 1."""
    if step.function != "np.multiply" or not _is_one(step.arguments[0]):
        return None
    other = step.arguments[1]
    fits = isinstance(other, Variable) and other.shape == step.out.shape and other.dtype == step.out.dtype
    return other if fits and not other.weak else None


def _is_one(part: Any) -> bool:
    value = part.value if isinstance(part, Constant) else part
    return isinstance(value, int | float | np.ndarray | np.generic) and bool(np.all(value == 1))


def broadcast_last(program: Program) -> Program:
    """Element-wise calls broadcast by themselves: what was spread out before is read as it was."""
    made = {step.out: step for step in program.steps}

    def narrow(step: Step) -> Step:
        if not step.goes_by_element or step.keywords:
            return step
        return _if_shape_stays(step, step.with_atoms(lambda atom: _before_spreading(atom, made)))

    return replace(program, steps=tuple(map(narrow, program.steps)))


def _before_spreading(atom: Atom, made: dict[Variable, Step]) -> Atom:
    step = made.get(atom) if isinstance(atom, Variable) else None
    if step is None or step.function != "np.broadcast_to" or not isinstance(step.arguments[0], Variable):
        return atom
    return step.arguments[0]


def _if_shape_stays(step: Step, narrowed: Step) -> Step:
    shapes = [_shape(each) for each in narrowed.arguments]
    return narrowed if np.broadcast_shapes(*shapes) == step.out.shape else step


def _shape(part: Any) -> tuple[int, ...]:
    return part.shape if isinstance(part, Variable) else np.shape(part.value if isinstance(part, Constant) else part)


def _rewritten(program: Program, decide: Callable[[Step], Atom | None], of_atom: Callable[[Atom], Atom]) -> Program:
    """The steps in order, without those that `decide` finds something equal for: that stands in their place."""
    instead: dict[Atom, Atom] = {}

    def now(atom: Atom) -> Atom:
        return of_atom(instead.get(atom, atom))

    steps = []
    for each in program.steps:
        step = each.with_atoms(now)
        found = decide(step)
        if found is None or found is step.out:
            steps.append(step)
        else:
            instead[step.out] = now(found)
    return replace(program, steps=tuple(steps), outputs=tuple(map(now, program.outputs)))


PASSES: tuple[Callable[[Program], Program], ...] = (
    in_plain_form,
    with_plain_numbers,
    without_repetition,
    simplified,
    broadcast_last,
    without_repetition,
    without_dead_code,
)
"""In this order."""


def after_passes(program: Program) -> tuple[Program, tuple[tuple[str, int], ...]]:
    """The program after every pass, and how many steps it had after each."""
    counts = [("recorded", len(program.steps))]
    for each in PASSES:
        program = each(program)
        counts.append((each.__name__, len(program.steps)))
    return program, tuple(counts)
