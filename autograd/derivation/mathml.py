"""LaTeX's mathematics, as far as formulas here use it, as MathML: what browsers show without a library or a network."""

from __future__ import annotations

import re
from html import escape
from unicodedata import normalize

from autograd.derivation.names import GREEK

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)

_LETTERS = {**GREEK, "partial": "∂", "infty": "∞", "top": "⊤", "cdots": "⋯", "ldots": "…", "square": "□"}
_SIGNS = {
    "cdot": "·", "times": "×", "odot": "⊙", "approx": "≈", "leftarrow": "←", "rightarrow": "→", "ge": "≥", "le": "≤",
    "ne": "≠", "sum": "∑", "prod": "∏", "wedge": "∧", "vee": "∨", "neg": "¬", "sim": "∼", "backslash": "\\",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "pm": "±", "in": "∈",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "{": "{", "}": "}", "$": "$", "_": "_", "&": "&", "%": "%",
    "#": "#",
}  # fmt: skip
_AS_SIGN = {"-": "−", "'": "′"}
_SPACES = {",": "0.17em", ":": "0.22em", ";": "0.28em", " ": "0.25em", "quad": "1em", "qquad": "2em"}
_FUNCTIONS = {"sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "exp"}
_FUNCTIONS |= {"max", "min", "det", "arg"}
_ACCENTS = {"hat": ("^", "\u0302"), "tilde": ("~", "\u0303"), "dot": ("˙", "\u0307")}
"""Accents as signs of their own, and as those that Unicode combines with a letter."""

_BARS = {"bar", "overline"}
"""Drawn as lines: as signs they are lost in the letter where there is no font of mathematics."""

_UPRIGHT = {"mathrm", "operatorname", "text", "textbf", "mathbf"}
_LARGE = {"bigl", "bigr"}
_IGNORED = {"displaystyle", "textstyle", "limits", "nolimits"}


def mathml(latex: str) -> str:
    """A formula as a `<math>` element. A command that is not known stands as its name."""
    return f"<math>{row(latex)}</math>"


def row(latex: str) -> str:
    """A formula as one `<mrow>`."""
    return f"<mrow>{_Reader(latex).until(())}</mrow>"


class _Reader:
    """A formula read from the left, token by token."""

    def __init__(self, latex: str) -> None:
        self._tokens = _TOKEN.findall(latex)
        self._place = 0

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _skip_space(self) -> None:
        while self._peek().isspace():
            self._place += 1

    def until(self, ends: tuple[str, ...]) -> str:
        """Everything up to one of the tokens `ends`, which is left standing, or to the end."""
        parts = []
        while self._peek() and self._peek() not in ends:
            if self._peek().isspace():
                self._place += 1
            else:
                parts.append(self._with_scripts(self._one()))
        return "".join(parts)

    def _with_scripts(self, base: str) -> str:
        scripts: dict[str, str] = {}
        self._skip_space()
        while self._peek() in ("^", "_"):
            mark = self._next()
            scripts[mark] = self._argument()
            self._skip_space()
        if len(scripts) == 2:
            return f"<msubsup>{base}{scripts['_']}{scripts['^']}</msubsup>"
        if "_" in scripts:
            return f"<msub>{base}{scripts['_']}</msub>"
        return f"<msup>{base}{scripts['^']}</msup>" if scripts else base

    def _argument(self) -> str:
        self._skip_space()
        return self._one() if self._peek() else "<mrow></mrow>"

    def _one(self) -> str:
        token = self._next()
        if token.startswith("\\") and len(token) > 1:
            return self._command(token[1:])
        if token == "{":
            inside = self.until(("}",))
            self._place += 1
            return f"<mrow>{inside}</mrow>"
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{escape(token)}</mi>"
        return f"<mo>{_AS_SIGN.get(token) or escape(token)}</mo>"

    def _command(self, name: str) -> str:
        if name in _LETTERS:
            return f"<mi>{_LETTERS[name]}</mi>"
        if name in _SIGNS:
            return f"<mo>{escape(_SIGNS[name])}</mo>"
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"></mspace>'
        if name in _FUNCTIONS:
            return f"<mi>{name}</mi>"
        if name in _UPRIGHT:
            return self._upright(name)
        if name in _BARS:
            return f'<mrow style="border-top:.06em solid;padding-top:.12em">{self._argument()}</mrow>'
        if name in _ACCENTS:
            return _accented(self._argument(), *_ACCENTS[name])
        if name in _LARGE:
            return f'<mo stretchy="true">{escape(self._next())}</mo>'
        if name in _IGNORED:
            return "<mrow></mrow>"
        return self._structure(name)

    def _structure(self, name: str) -> str:
        if name == "frac":
            return f"<mfrac>{self._argument()}{self._argument()}</mfrac>"
        if name == "underset":
            under = self._argument()
            return f'<munder>{self._argument()}<mstyle scriptlevel="2">{under}</mstyle></munder>'
        if name == "sqrt":
            return self._root()
        if name == "left":
            return self._fenced()
        if name == "begin":
            return self._table()
        return f"<mtext>{escape(name)}</mtext>"

    def _upright(self, name: str) -> str:
        words = self._verbatim()
        if name == "text":
            return f"<mtext>{escape(words)}</mtext>"
        weight = "bold" if name in ("mathbf", "textbf") else "normal"
        return f'<mi mathvariant="{weight}">{escape(words)}</mi>'

    def _verbatim(self) -> str:
        """The letters between braces, as they are."""
        self._skip_space()
        if self._peek() != "{":
            return self._next()
        self._place += 1
        words, depth = "", 1
        while self._peek():
            token = self._next()
            depth += (token == "{") - (token == "}")
            if not depth:
                break
            words += token[1:] if token.startswith("\\") else token
        return words

    def _root(self) -> str:
        if self._peek() != "[":
            return f"<msqrt>{self._argument()}</msqrt>"
        self._place += 1
        index = self.until(("]",))
        self._place += 1
        return f"<mroot>{self._argument()}<mrow>{index}</mrow></mroot>"

    def _fence(self) -> str:
        self._skip_space()
        token = self._next()
        sign = _SIGNS.get(token[1:], "") if token.startswith("\\") else token
        return "" if sign in (".", "") else f'<mo fence="true" stretchy="true">{escape(sign)}</mo>'

    def _fenced(self) -> str:
        first = self._fence()
        inside = self.until((r"\right",))
        self._place += 1
        return f"<mrow>{first}<mrow>{inside}</mrow>{self._fence()}</mrow>"

    def _table(self) -> str:
        environment = self._verbatim()
        rows = [[""]]
        while self._peek() and self._peek() != r"\end":
            rows[-1][-1] += self.until(("&", r"\\", r"\end"))
            if self._peek() == "&":
                rows[-1].append("")
            elif self._peek() == r"\\":
                rows.append([""])
            self._place += self._peek() != r"\end"
        self._place += 1
        self._verbatim()
        cells = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in each)}</mtr>" for each in rows)
        return _between_fences(environment, f"<mtable>{cells}</mtable>")


def _accented(letter: str, sign: str, combining: str) -> str:
    """A letter with its accent, in one sign where there is one."""
    single = re.fullmatch(r"(?:<mrow>)?<mi>(.)</mi>(?:</mrow>)?", letter)
    composed = normalize("NFC", single[1] + combining) if single else ""
    if len(composed) == 1:
        return f'<mi style="font-style:italic">{composed}</mi>'
    return f'<mover accent="true">{letter}<mo stretchy="false">{sign}</mo></mover>'


def _between_fences(environment: str, table: str) -> str:
    signs = {"bmatrix": ("[", "]"), "pmatrix": ("(", ")"), "cases": ("{", "")}.get(environment, ("", ""))
    fences = [f'<mo fence="true" stretchy="true">{each}</mo>' if each else "" for each in signs]
    return f"<mrow>{fences[0]}{table}{fences[1]}</mrow>"
