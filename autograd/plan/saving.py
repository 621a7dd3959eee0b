"""A plan as a file of its own: a Python module that needs NumPy alone, with its arrays beside it."""

from __future__ import annotations

import ast
import inspect
import io
import os
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import CompileError
from autograd.files import write_whole
from autograd.mode import Cell
from autograd.node import leaf, value_of
from autograd.operation import Operation
from autograd.plan.kinds import Array
from autograd.plan.writing import numbered

if TYPE_CHECKING:
    from autograd.plan.plan import Plan

_MODULE = '''"""{name}, recorded by memograd: `run({given})` computes it and moves STATE on. It needs NumPy alone."""

from pathlib import Path

import numpy as np

ARRAYS = dict(np.load(Path(__file__).with_suffix(".npz")))


class OtherThanRecorded(Exception):
    """A decision by a value goes another way than in the recorded run: this program does not fit."""


{constants}{definitions}
{source}

STATE = {{
{state}}}
"""What the program reads and writes beside its arguments, by name."""

READ = {read}
WRITTEN = {written}


def run({given}):
    """The results of one call; STATE is as it is after it."""
    return _moved_on({given})


def _moved_on(*_given):
    _found = {name}(*_given, *(STATE[each] for each in READ))
    STATE.update(zip(WRITTEN, _found[{results}:]))
    return {back}
'''


def save(plan: Plan, name: str, path: str | os.PathLike[str]) -> Path:
    """Write the plan as `path`, which ends in .py, and its arrays beside it as .npz.

    Raises: CompileError for another ending, or where the program calls what needs more than NumPy; OSError.
    """
    place = Path(path)
    if place.suffix != ".py":
        raise CompileError(f"a program is saved as Python: give a name that ends in .py; found {place.name}")
    arrays: dict[str, Any] = {}
    constants = "".join(f"{each} = {_literal(each, value, arrays)}\n" for each, value in plan.text.constants.items())
    arguments = len(plan.text.inputs) - len(plan.shown.reads)
    given, read = plan.text.inputs[:arguments], plan.text.inputs[arguments:]
    state = {label: _literal(label, cell.read(), arrays) for label, cell in zip(read, plan.shown.reads, strict=True)}
    label_of = dict(zip(plan.shown.reads, read, strict=True))
    text = _MODULE.format(
        name=name,
        given=", ".join(given),
        constants=constants,
        definitions="".join(f"\n\n{each}\n" for each in _definitions(plan.text.functions)),
        source=plan.text.source,
        state="".join(f"    {label!r}: {value},\n" for label, value in state.items()),
        read=read,
        written=tuple(_labels([cell for cell, kept in plan.shown.writes if kept], label_of)),
        results=plan.results,
        back=_given_back(plan, arrays),
    )
    content = io.BytesIO()
    np.savez(content, **arrays)
    write_whole(place.with_suffix(".npz"), content.getvalue())
    return write_whole(place, text.encode())


def _labels(written: Sequence[Cell], read: Mapping[Cell, str]) -> Iterator[str]:
    """The names of what is written: of what is read as well, the same; of others one that nothing has yet."""
    taken = set(read.values())
    for cell in written:
        label = read.get(cell) or next(name for name in numbered(cell.name) if name not in taken)
        taken.add(label)
        yield label


def _given_back(plan: Plan, arrays: dict[str, Any]) -> str:
    """What `run` gives: arrays and numbers, alone or in a tuple, as the function; of other results, what varies."""
    found = [np.zeros(()) for _ in range(plan.results)]
    place_of = {id(each): f"_found[{place}]" for place, each in enumerate(found)}
    any_arguments: Any = defaultdict(lambda: leaf(Array, np.zeros(()), requires_grad=True))
    result = plan.form(found, any_arguments)
    every = [value_of(each) for each in (result if type(result) is tuple else (result,))]
    if not all(type(each) in _PLAIN or isinstance(each, np.generic) for each in every):
        return "_found[0]" if plan.results == 1 else f"_found[:{plan.results}]"
    shown = [place_of.get(id(each)) or _constant(each, arrays) for each in every]
    return f"({', '.join(shown)}{',' * (len(shown) == 1)})" if type(result) is tuple else shown[0]


_PLAIN = {bool, int, float, complex, np.ndarray}


def _constant(value: Any, arrays: dict[str, Any]) -> str:
    """A result that is the same in every call; an array anew each time."""
    label = next(name for name in numbered("result") if name not in arrays)
    return _literal(label, value, arrays) + (".copy()" if isinstance(value, np.ndarray) else "")


def _literal(label: str, value: Any, arrays: dict[str, Any]) -> str:
    """A value as Python writes it; an array is kept beside the text."""
    if isinstance(value, np.random.Generator):
        kind = type(value.bit_generator).__name__
        return f"np.random.Generator(np.random.{kind}())\n{label}.bit_generator.state = {value.bit_generator.state!r}"
    if isinstance(value, np.ndarray | np.generic):
        arrays[label] = value
        return f"ARRAYS[{label!r}]" + ("[()]" if isinstance(value, np.generic) else "")
    if isinstance(value, float | complex) and not np.isfinite(value):
        return f"{type(value).__name__}('{value}')"
    if not _reads_back(value):
        raise CompileError(f"{label} cannot be saved as text: {value!r}, which an operation is told")
    return repr(value)


def _reads_back(value: Any) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False


_WRITTEN_OUT = (int, float, str, tuple, frozenset, set, dict, np.dtype)


# -- functions that are called as a whole ------------------------------------------------------------------------------


def _definitions(functions: Mapping[str, Callable[..., Any]]) -> Iterator[str]:
    """The functions, and all that they call, each once, without decorators and annotations."""
    waiting, known = list(functions.items()), set(functions)
    while waiting:
        name, function = waiting.pop()
        tree = _parsed(name, function)
        for other, value in _globals_of(function, tree):
            if other in known or (other == "np" and value is np):
                continue
            known.add(other)
            imported = _import_of(other, value)
            if imported:
                yield imported
            elif isinstance(value, Operation):
                waiting.append((other, value.function))
            elif isinstance(value, FunctionType):
                waiting.append((other, value))
            elif not isinstance(value, _WRITTEN_OUT):
                raise CompileError(f"{name} cannot be saved as a NumPy program: it uses {other}, {value!r}")
            else:
                yield f"{other} = {'np.' * isinstance(value, np.dtype)}{value!r}"
        yield ast.unparse(tree)


def _import_of(name: str, value: Any) -> str:
    """The line that imports something under a name, where it is NumPy's or Python's; else nothing.

    For an error, what it is the nearest kind of is enough.
    """
    if isinstance(value, ModuleType):
        module, line = value.__name__, f"import {value.__name__} as {name}"
    else:
        module, own = getattr(value, "__module__", None) or "", getattr(value, "__name__", "")
        module = module if getattr(sys.modules.get(module), own, None) is value else ""
        line = f"from {module} import {own} as {name}"
    if module.partition(".")[0] in {"numpy", *sys.stdlib_module_names}:
        return line
    is_error = isinstance(value, type) and issubclass(value, Exception)
    return _import_of(name, value.__mro__[1]) if is_error else ""


def _parsed(name: str, function: Callable[..., Any]) -> ast.FunctionDef:
    try:
        source = textwrap.dedent(inspect.getsource(function))
        (tree,) = ast.parse(source).body
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise CompileError(f"{name} cannot be saved as a NumPy program: its source is not to be had") from error
    if not isinstance(tree, ast.FunctionDef) or inspect.getclosurevars(function).nonlocals:
        raise CompileError(f"{name} cannot be saved as a NumPy program: it is no function of its arguments alone")
    tree.name, tree.decorator_list, tree.returns = name, [], None
    for each in ast.walk(tree):
        if isinstance(each, ast.arg):
            each.annotation = None
    return tree


def _globals_of(function: Any, tree: ast.FunctionDef) -> Iterator[tuple[str, Any]]:
    """The global variables that a function names."""
    named = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    return ((name, function.__globals__[name]) for name in sorted(named) if name in function.__globals__)
