"""A program's text as functions that run: loaded as a module, so that an error in it shows its line."""

from __future__ import annotations

import importlib.abc
import importlib.util
import re
from dataclasses import replace
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.plan.cores import shared
from autograd.plan.writing import OtherThanRecorded, Text

_number = count(1)


class _Loader(importlib.abc.InspectLoader):
    """Loads a program as a module, so that an error in it shows its line."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def get_source(self, fullname: str) -> str:  # noqa: ARG002  the loader has one source
        return self._text.source

    def exec_module(self, module: Any) -> None:
        vars(module).update(np=np, OtherThanRecorded=OtherThanRecorded, **self._text.constants, **self._text.functions)
        super().exec_module(module)


_CALL = re.compile(r"\bnp\.([\w.]+)\(")


def bound(text: Text) -> Text:
    """The text with NumPy's functions under names of their own, which are found in less time than attributes."""
    functions = dict(text.functions)
    prefixes = ("_" * length + "np_" for length in count())
    prefix = next(each for each in prefixes if re.search(rf"\b{each}", text.source) is None)

    def name(call: re.Match[str]) -> str:
        short = f"{prefix}{call[1].replace('.', '_')}"
        functions[short] = attrgetter(call[1])(np)
        return f"{short}("

    return replace(text, source=_CALL.sub(name, text.source), functions=functions)


def loaded(text: Text) -> dict[str, Any]:
    """The functions that a text defines, by name, those that do large work in parts shared by the cores."""
    spec = importlib.util.spec_from_loader(f"autograd.plan.recorded_{next(_number)}", _Loader(text))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    functions = vars(module)
    functions.update({name: shared(functions[name], size) for name, size in text.in_parts.items()})
    return functions
