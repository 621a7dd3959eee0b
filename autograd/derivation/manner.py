"""How a derivation is to be written: its notation, its numbers, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from autograd.errors import ArgumentError

Style = Literal["leibniz", "adjoint", "matrix"]
"""∂L/∂z and paths, z̄ and paths, or pull-backs with shapes."""

Slopes = Literal["output", "substituted", "function"]
"""The derivative of a = σ(z) as a(1 - a), as σ(z)(1 - σ(z)), or as σ′(z)."""


@dataclass(frozen=True)
class Manner:
    """The choices of a call of `derive`. Raises: ArgumentError for what is none."""

    style: Style | None = None
    slopes: Slopes = "output"
    numbers: bool = True
    digits: int = 4
    max_paths: int = 6

    def __post_init__(self) -> None:
        if self.digits < 1 or self.max_paths < 1:
            raise ArgumentError(
                f"derive needs digits and max_paths of at least 1; found {self.digits} and {self.max_paths}"
            )
        for name, choices in (("style", (None, *get_args(Style))), ("slopes", get_args(Slopes))):
            if getattr(self, name) not in choices:
                known = ", ".join(repr(each) for each in choices)
                raise ArgumentError(f"derive takes {name}= {known}; found {getattr(self, name)!r}")
