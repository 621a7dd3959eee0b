"""A program as readable Python: one function, with the user's names and a comment where a part begins."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, count
from typing import Any

import numpy as np

from autograd.plan.program import Atom, Constant, Program, Step, Variable
from autograd.plan.rendering import holds, rendered

_WIDTH, _LONGEST = 60, 120
VIEWS = {".T", ".mT", "[]", ".reshape()", "np.reshape", "np.broadcast_to", "np.transpose", ".transpose()", ".real"}
VIEWS |= {"np.swapaxes", ".swapaxes()", "np.moveaxis", "np.squeeze", ".squeeze()", "np.diagonal", ".ravel()", ".imag"}
VIEWS |= {
    "np.ravel",
    "np.expand_dims",
    ".astype()",
    "np.astype",
    "np.real",
    "np.imag",
    ".diagonal()",
    "np.split",
    ".view()",
}
"""Calls that may give a view of what they read."""

USED = {"np", "OtherThanRecorded", "bool", "complex", "float", "int", "object", "str", "min", "range", "slice"}
USED |= {"ARRAYS", "STATE", "READ", "WRITTEN", "Path", "run", "dict", "zip"}
"""What programs, or the modules they are saved as, use for what it is."""
_OWN = re.compile(r"(in_parts|part)_\d+|scalar_(values|adjoints)\w*|each_\w+|(numbers|places|constant)[_\d]*")
"""How the functions and constants are called that a program has beside those of the user."""


def is_free(name: str) -> bool:
    """Whether no program uses a name for something of its own."""
    return name not in USED and _OWN.fullmatch(name) is None


def numbered(wish: str) -> Iterator[str]:
    """Names to choose from: the wished one, or that with a number."""
    return chain([wish], (f"{wish}_{number}" for number in count(2)))


class OtherThanRecorded(Exception):  # noqa: N818  as in StopIteration: it says that a program does not fit
    """A decision that an operation takes by a value goes another way than in the recorded run."""


@dataclass(frozen=True)
class Text:
    """The source, and what its names stand for beside `np`: constants, and functions that are called as a whole."""

    source: str
    inputs: tuple[str, ...]
    constants: dict[str, Any]
    functions: dict[str, Callable[..., Any]]

    def after(self, others: Sequence[Text]) -> Text:
        """One text with those of parts that it calls before it."""
        source = "\n\n".join([*(each.source for each in others), self.source])
        constants = {name: value for each in (*others, self) for name, value in each.constants.items()}
        defined = {name for each in others for name in each.defines}
        called = {name: each for text in (*others, self) for name, each in text.functions.items()}
        functions = {name: each for name, each in called.items() if name not in defined}
        in_parts = {name: size for each in (*others, self) for name, size in each.in_parts.items()}
        return Text(source, self.inputs, constants, functions, self.defines, in_parts)

    defines: tuple[str, ...] = ()
    """The names of the functions in the source."""
    in_parts: Mapping[str, int] = field(default_factory=dict)
    """Those of them whose work may be shared by several cores, and in parts of how many elements they do it."""


def written(program: Program, name: str, title: str, *, single: bool = False, taken: Iterable[str] = ()) -> Text:
    """The program as a function of a name, with a docstring; `single` gives its one output, not a tuple of all.

    Names in `taken` stand for something else.
    """
    return _Page(program, name, title, taken).text(single)


@dataclass(frozen=True)
class Statement:
    """A line of a program: what it is called, what is computed in it, and what that reads, all calls in it counted."""

    step: Step
    name: str
    expression: str
    reads: tuple[Atom, ...]


def statements(program: Program, name: str) -> list[Statement]:
    """The lines of the program as it is written under a name."""
    return list(_Page(program, name, "", ()).statements())


class _Page:
    def __init__(self, program: Program, name: str, title: str, taken: Iterable[str]) -> None:
        self._name, self._title = name, title
        self._functions: dict[str, Callable[..., Any]] = {}
        self._program = program = replace(program, steps=tuple(map(self._as_called, program.steps)))
        self._taken: Counter[str] = Counter({name, *USED, *taken, *self._functions})
        self._names: dict[Atom, str] = {}
        self._binding: dict[Atom, int] = {}
        self._constants: dict[str, Any] = {}
        self._inlined = _inlined(program)
        self._inputs = tuple(self._new(each, each.name) for each in program.inputs)
        self._read_within: dict[Atom, tuple[Atom, ...]] = {}

    def _as_called(self, step: Step) -> Step:
        """A call of a function that is not NumPy's, under a name that nothing else has."""
        if step.whole is None:
            return step
        free = (each for each in numbered(step.function) if each not in {self._name, *USED})
        name = next(each for each in free if self._functions.setdefault(each, step.whole) is step.whole)
        return step if name == step.function else replace(step, function=name)

    def text(self, single: bool) -> Text:
        lines = list(self._body())
        outputs = [self._known(each) for each in self._program.outputs]
        head = [
            _wrapped(f"def {self._name}({', '.join(self._inputs)}):"),
            *([f'    """{self._title}"""'] if self._title else []),
        ]
        several = f"({', '.join(outputs)}{',' * (len(outputs) == 1)})"
        back = f"    return {outputs[0] if single else several}"
        source = "\n".join([*head, *map(_wrapped, lines), _wrapped(back), ""])
        return Text(source, self._inputs, self._constants, self._functions, (self._name,))

    def _body(self) -> Iterable[str]:
        part = ("forward", "")
        if len({(step.phase, step.scope) for step in self._program.steps}) > 1:
            part = ("", "")
        for each in self.statements():
            step = each.step
            if (step.phase, step.scope) != part:
                part = step.phase, step.scope
                yield f"    # {step.phase}" + (f": {step.scope}" if step.scope else "")
            if step.function == "assume":
                yield f"    if {'not ' if step.keywords['is'] else ''}{each.name}:"
                yield f'        raise OtherThanRecorded("{each.name}")'
            elif "out" in step.keywords:
                yield f"    {rendered(step, self._names, self._binding)}"
            else:
                yield f"    {each.name} = {each.expression}"

    def statements(self) -> Iterator[Statement]:
        """The lines in order. A name is free, or is not, by what stands before."""
        for step in self._program.steps:
            for atom in step.reads():
                self._known(atom)
            reads = tuple(source for atom in step.reads() for source in self._read_within.get(atom, (atom,)))
            expression = rendered(without_out(step), self._names, self._binding)
            if step.function == "assume":
                yield Statement(step, self._names[step.arguments[0]], "", reads)
            elif "out" in step.keywords:
                filled = step.keywords["out"]
                if isinstance(filled, Variable):
                    self._names[step.out] = self._names[filled]
                yield Statement(step, self._names.get(step.out, ""), expression, reads)
            elif step.out in self._inlined and len(expression) <= _WIDTH:
                self._names[step.out], self._binding[step.out] = expression, holds(step)
                self._read_within[step.out] = reads
            else:
                yield Statement(step, self._new(step.out, step.out.name), expression, reads)

    def _known(self, atom: Atom) -> str:
        if atom not in self._names:
            assert isinstance(atom, Constant)
            value = atom.value
            if isinstance(value, int | float | complex) and not isinstance(value, np.generic) and np.isfinite(value):
                self._names[atom] = repr(value)
                self._binding[atom] = 7 if repr(value).startswith("-") else 10
            else:
                self._constants[self._new(atom, "constant")] = value
        return self._names[atom]

    def _new(self, atom: Atom, wish: str) -> str:
        """A name that is free: the wished one, or that with a number."""
        self._taken[wish] += 1
        name = wish if self._taken[wish] == 1 else f"{wish}_{self._taken[wish]}"
        if name != wish:
            self._taken[name] += 1
            if self._taken[name] > 1:
                return self._new(atom, wish)
        self._names[atom] = name
        return name


def _wrapped(line: str) -> str:
    """A line broken where it is too long: within the brackets of a definition, return or call, else within new ones."""
    if len(line) <= _LONGEST:
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    target, found, expression = line.partition(" = ")
    if not found or line.lstrip().startswith(("def ", "return ")):
        return "\n".join(_broken(line, "", indent + "    "))
    return "\n".join([f"{target} = (", *_broken(expression, indent + "    ", indent + "    "), f"{indent})"])


def _broken(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, _LONGEST, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _inlined(program: Program) -> set[Variable]:
    """What stands where it is read, instead of on a line of its own: calls with one reader, small or without work.

    Not if an array is written over in between, which it may read.
    """
    readers = program.readers()
    kept = set(program.outputs)
    made = {step.out for step in program.steps if step.function != "np.empty" and step.function not in VIEWS}
    over = list(accumulate(int(step.keywords.get("out") in made) for step in program.steps))
    runs_at = {id(step): place for place, step in enumerate(program.steps)}
    found = set()
    for place, step in reversed(list(enumerate(program.steps))):
        reading = readers.get(step.out, [])
        once = len(reading) == 1 and sum(atom is step.out for atom in reading[0].reads()) == 1
        if not once or step.out in kept or step.kept or reading[0].function == "assume":
            continue
        there = runs_at[id(reading[0])]
        alike = reading[0].phase == step.phase and (step.function in VIEWS or reading[0].scope == step.scope)
        if alike and over[there - 1] == over[place]:
            found.add(step.out)
            runs_at[id(step)] = there
    return found


def without_out(step: Step) -> Step:
    """The call, without what it writes to."""
    return replace(step, keywords={name: each for name, each in step.keywords.items() if name != "out"})


def may_be_shared(program: Program) -> list[bool]:
    """For each output, whether it may be (a view of) an input, a constant, or another output."""
    made = {step.out: step for step in program.steps}
    roots = [_roots(each, made) for each in program.outputs]
    times = Counter(chain.from_iterable(roots))
    alone = {each for each in made if times[each] == 1}
    return [found != {output} or not found <= alone for found, output in zip(roots, program.outputs, strict=True)]


_NEW = {"np.where", "np.concatenate", "np.stack", "np.mean", "np.var", "np.std", "np.dot", "np.tensordot", "np.cumsum"}
_NEW |= {"np.empty", "np.array"}


def _makes_new(step: Step) -> bool:
    """Whether a call is known to make a new array: what others give may be a view of what they read."""
    name = step.function.removeprefix("np.").rsplit(".", maxsplit=1)[0]
    known = isinstance(getattr(np, name, None), np.ufunc) or step.function in _NEW
    return known and step.whole is None and "out" not in step.keywords


def _roots(atom: Atom, made: dict[Variable, Step]) -> set[Atom]:
    """What an atom may be, or be a view of."""
    found, known, waiting = set[Atom](), set[Atom](), [atom]
    while waiting:
        atom = waiting.pop()
        step = made.get(atom) if isinstance(atom, Variable) else None
        if step is None or _makes_new(step):
            found.add(atom)
        elif atom not in known:
            known.add(atom)
            waiting += [step.keywords["out"]] if "out" in step.keywords else _may_be_in(step)
    return found


def _may_be_in(step: Step) -> list[Atom]:
    """What the result of a call may be a view of: of the first argument, or of any where nothing is known of it."""
    return [each for each in step.reads() if step.function not in VIEWS or each is step.arguments[0]]
