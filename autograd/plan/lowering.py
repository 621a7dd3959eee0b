"""From an operation to the NumPy calls it makes: its function, run on probes that note what is called.

The probe carries the real value, so shapes and dtypes are exact. A function that decides by a value leaves an
assumption, which the program checks; one that a probe cannot follow is called as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd.plan.program import Atom, Constant, Step, Variable, kept

_BY_SHAPE = {"shape", "ndim", "size", "iscomplexobj", "isrealobj", "result_type", "can_cast", "zeros_like"}
_BY_SHAPE |= {"ones_like", "full_like", "empty_like", "common_type", "min_scalar_type"}
"""What depends on shapes and dtypes alone."""

_METHODS = {"reshape", "transpose", "swapaxes", "astype", "copy", "ravel", "squeeze", "sum", "max", "min", "mean"}
_METHODS |= {"cumsum", "cumprod", "repeat", "diagonal", "trace", "conj", "all", "any", "prod", "argmax", "argmin"}
_METHODS |= {"argsort", "round", "var", "std", "dot", "take", "view"}
_ATTRIBUTES = {"T", "mT", "real", "imag"}
_STATIC = {"shape", "ndim", "size", "dtype", "strides", "itemsize", "nbytes"}


class CannotFollow(Exception):  # noqa: N818  not an error: a question whose answer is no
    """A probe was asked for what it does not know how to note."""


class Notes:
    """The steps noted so far, and what every step made of."""

    def __init__(self, phase: str, scope: str, name: str) -> None:
        self.steps: list[Step] = []
        self.failed = 0
        """How many calls raised an error, which the function may have caught: with other values they may not."""
        self._about = phase, scope, name

    def call(self, function: str, run: Callable[..., Any], arguments: Any, keywords: dict[str, Any]) -> Probe:
        """Run a call on the values of the probes among its arguments, and note it."""
        self.failed += 1
        value = run(*_plain(arguments), **{name: _plain(each) for name, each in keywords.items()})
        self.failed -= 1
        if not isinstance(value, np.ndarray | np.generic):
            raise CannotFollow(function)
        phase, scope, name = self._about
        out = Variable(value.shape, value.dtype, name)
        noted = {name: _noted(each) for name, each in keywords.items()}
        self.steps.append(Step(function, tuple(map(_noted, arguments)), noted, out, phase, scope))
        return Probe(value, out, self)

    def assume(self, probe: Probe) -> bool:
        """Note which way a decision went."""
        expected = bool(probe.value)
        phase, scope, _ = self._about
        out = Variable((), np.dtype(bool), "as_recorded")
        self.steps.append(Step("assume", (probe.atom,), {"is": expected}, out, phase, scope))
        return expected


class Probe(NDArrayOperatorsMixin):
    """Stands for an array while the function of an operation runs."""

    __slots__ = ("atom", "notes", "value")

    def __init__(self, value: Any, atom: Atom, notes: Notes) -> None:
        self.value, self.atom, self.notes = value, atom, notes

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        written = keywords.pop("out", (self,))[0]  # of `a += b`, where a was made within the function
        if getattr(np, ufunc.__name__, None) is not ufunc or method == "at" or not isinstance(written, Probe):
            raise CannotFollow(ufunc.__name__)
        name = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        run = ufunc if method == "__call__" else getattr(ufunc, method)
        return self.notes.call(name, run, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        space = function.__module__.removeprefix("numpy")
        if function.__name__ in _BY_SHAPE:
            return function(*_plain(arguments), **{name: _plain(each) for name, each in keywords.items()})
        if space not in ("", ".linalg", ".fft"):
            raise CannotFollow(function.__name__)
        return self.notes.call(f"np{space}.{function.__name__}", function, arguments, keywords)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise CannotFollow("__array__")

    def __getattr__(self, name: str) -> Any:
        if name in _STATIC:
            return getattr(self.value, name)
        if name in _ATTRIBUTES:
            return self.notes.call(f".{name}", lambda array: getattr(array, name), (self,), {})
        if name in _METHODS:
            return lambda *arguments, **keywords: self.notes.call(
                f".{name}()",
                lambda array, *rest, **told: getattr(array, name)(*rest, **told),
                (self, *arguments),
                keywords,
            )
        raise CannotFollow(name)

    def __getitem__(self, index: Any) -> Any:
        return self.notes.call("[]", lambda array, index: array[index], (self, index), {})

    def __setitem__(self, index: Any, new: Any) -> None:
        raise CannotFollow("writing")

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return self.notes.assume(self)

    def __iter__(self) -> Any:
        raise CannotFollow("iteration")

    def __float__(self) -> float:
        raise CannotFollow("float")

    def __int__(self) -> int:
        raise CannotFollow("int")

    __index__ = __int__


def _plain(part: Any) -> Any:
    if isinstance(part, Probe):
        return part.value
    if isinstance(part, tuple | list):
        return type(part)(map(_plain, part))
    return part


def _noted(part: Any) -> Any:
    if isinstance(part, Probe):
        return part.atom
    if isinstance(part, tuple | list):
        return type(part)(map(_noted, part))
    return kept(part)


def follow(
    function: Callable[..., Any],
    operands: list[tuple[Any, Atom]],
    parameters: dict[str, Any],
    about: tuple[str, str, str],
    expected: Any,
) -> tuple[list[Step], Atom] | None:
    """The steps of a function, and the atom they end in; None where it has to be called as a whole.

    `operands` are values with the atoms that stand for them. What the probes made has to be what was recorded. A
    constant is given as it is, or, where that cannot be followed, as one that may vary: an array indexed by what does.
    """
    varying = [isinstance(atom, Variable) for _, atom in operands]
    arrays = [each or isinstance(value, np.ndarray) for each, (value, _) in zip(varying, operands, strict=True)]
    found = _followed(function, operands, varying, parameters, about, expected)
    return found or (_followed(function, operands, arrays, parameters, about, expected) if arrays != varying else None)


def _followed(
    function: Callable[..., Any],
    operands: list[tuple[Any, Atom]],
    by_probe: list[bool],
    parameters: dict[str, Any],
    about: tuple[str, str, str],
    expected: Any,
) -> tuple[list[Step], Atom] | None:
    notes = Notes(*about)
    both = zip(operands, by_probe, strict=True)
    given = [Probe(value, atom, notes) if as_probe else value for (value, atom), as_probe in both]
    try:
        with np.errstate(all="ignore"):
            made = function(*given, **parameters)
    except (CannotFollow, TypeError, ValueError):  # NumPy tells a refused conversion as one of the latter
        return None
    value = made.value if isinstance(made, Probe) else made
    if notes.failed or not _same(value, expected):
        return None
    return notes.steps, made.atom if isinstance(made, Probe) else Constant(made)


def _same(value: Any, expected: Any) -> bool:
    if not isinstance(value, np.ndarray | np.generic):
        return type(value) is type(expected) and value == expected
    same_kind = value.shape == np.shape(expected) and value.dtype == np.asarray(expected).dtype
    if not same_kind or value.dtype.kind not in "fc":
        return same_kind and bool(np.all(value == expected))
    return bool(np.all(value == expected)) or np.array_equal(value, expected, equal_nan=True)  # which takes longer
