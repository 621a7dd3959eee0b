"""How an operation is written on paper: a template, and how tightly it binds.

In a template `{x}` stands for the argument or parameter `x`; all other braces are LaTeX's own, so
`\\frac{{x}}{{y}}` is a fraction. An operand that binds more loosely than its place asks for gets parentheses,
unless LaTeX's own braces hold it together already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

_PLACE = re.compile(r"\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}")


class Binding(IntEnum):
    """How tightly a formula holds together, loosest first."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


@dataclass(frozen=True, slots=True)
class Formula:
    """A piece of mathematics in both scripts: LaTeX for paper, text for a terminal."""

    latex: str
    text: str
    binding: Binding = Binding.ATOM

    def enclosed(self, needed: Binding) -> Formula:
        """The formula as it stands where at least `needed` is required: in parentheses if it binds more loosely."""
        if self.binding >= needed:
            return self
        return Formula(rf"\left({self.latex}\right)", f"({self.text})")


@dataclass(frozen=True, slots=True)
class Notation:
    """The template of one operation. `text` defaults to a call, `name(x, y)`.

    `needs` gives, for an argument, how tightly it must bind to stand without parentheses;
    an argument it does not name stands as it is (inside a function's own parentheses, under a root).
    """

    latex: str
    text: str
    binding: Binding
    needs: Mapping[str, Binding]

    def write(self, operands: Mapping[str, Formula]) -> Formula:
        """The formula of the operation on `operands`, by argument name."""
        enclosed = {name: each.enclosed(self.needs.get(name, Binding.SUM)) for name, each in operands.items()}

        def latex(place: re.Match[str]) -> str:
            braced, plain = place[1], place[2]
            if braced in operands:
                return f"{{{operands[braced].latex}}}"
            return enclosed[plain].latex if plain in enclosed else place[0]

        def text(place: re.Match[str]) -> str:
            return enclosed[place[2]].text if place[2] in enclosed else place[0]

        return Formula(_PLACE.sub(latex, self.latex), _PLACE.sub(text, self.text), self.binding)


def call(name: str, arguments: tuple[str, ...]) -> tuple[str, str]:
    """The templates, LaTeX and text, of an operation written as a function call."""
    places = ", ".join(f"{{{argument}}}" for argument in arguments)
    written = name.replace("_", r"\_")
    return rf"\operatorname{{{written}}}\left({places}\right)", f"{name}({places})"


def sizes(shape: tuple[int, ...]) -> str:
    """A shape as one reads it, 2 × 3; that of a number is "number"."""
    return " × ".join(map(str, shape)) or "number"
