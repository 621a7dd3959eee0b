"""Where in the user's program something happened: noted cheaply, told only when somebody asks."""

from __future__ import annotations

import linecache
import os
import sys
from dataclasses import dataclass
from types import CodeType
from typing import Any
from weakref import ref

import numpy as np

_HERE = os.path.dirname(__file__)  # pathlib, here alone, would be a fifth of what `import autograd` costs
_NUMPY = os.path.dirname(np.__file__)
_OURS = (_HERE, os.path.join(os.path.dirname(_HERE), "nn"), _NUMPY, "<__array_function__")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's program, as the code and the instruction that ran there."""

    code: CodeType
    instruction: int

    @property
    def line(self) -> int:
        """Its number."""
        starts = [line for start, end, line in self.code.co_lines() if start <= self.instruction < end and line]
        return starts[0] if starts else self.code.co_firstlineno

    def __str__(self) -> str:
        source = linecache.getline(self.code.co_filename, self.line).strip()
        return f"{self.code.co_filename}:{self.line}" + (f", `{source}`" if source else "")


@dataclass(frozen=True, slots=True)
class Cut:
    """Why a value is constant to differentiation though what it was made from is not."""

    reason: str
    place: Place
    sources: tuple[ref[Any], ...]


def here() -> Place:
    """The innermost line of the program that is neither this library's own nor NumPy's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return Place(frame.f_code, frame.f_lasti)
