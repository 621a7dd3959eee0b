"""Names on paper: `W^3_11` is written W³₁₁, `yhat` ŷ, `alpha` α; any other text stands as it is, escaped."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from autograd.notation import Binding, Formula

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
_GREEK_LETTERS = {letter: name for name, letter in GREEK.items()}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_COMBINING = {mark: name for name, mark in _ACCENTS.items()}
_LOW = dict(zip("0123456789+-,aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋,ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_HIGH = dict(zip("0123456789+-,()abcdefghijklmnoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻,⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", strict=True))
_NAME = re.compile(r"([^\W\d_]+)(\d*)((?:[\^_](?:\{[\w,+()-]*\}|[^\W_,]+))*)_?")
_MARK = re.compile(r"([\^_])\{?([^^_{}]+)\}?")
_SAFE = r"[A-Za-z0-9.,:;'!?()\[\]/=+*@|-]"
_IN_MATHEMATICS = {
    "\\": r"\backslash ", "$": r"\$", "_": r"\_", "&": r"\&", "%": r"\%", "#": r"\#", "{": r"\{", "}": r"\}",
    "^": r"\wedge ", "~": r"\sim ", " ": r"\ ", "<": "{<}", ">": "{>}",
}  # fmt: skip


_IN_MATHEMATICS |= {low: rf"{{}}_{{{plain}}}" for plain, low in _LOW.items() if not low.isascii()}
_IN_MATHEMATICS |= {high: rf"{{}}^{{{plain}}}" for plain, high in _HIGH.items() if not high.isascii()}
_IN_MATHEMATICS |= {letter: rf"\{name} " for letter, name in _GREEK_LETTERS.items()}
_IN_MATHEMATICS |= {
    "∂": r"\partial ", "‖": r"\Vert ", "·": r"\cdot ", "⊙": r"\odot ", "×": r"\times ", "≈": r"\approx ",
    "→": r"\rightarrow ", "←": r"\leftarrow ", "∞": r"\infty ", "′": "'", "⋯": r"\cdots ", "ᵀ": r"{}^{\top}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken apart: a base, an accent over it, and what stands above and below on its right."""

    base: str
    accent: str
    above: str
    below: str


def written(name: str) -> Formula:
    """A name as it stands in a formula.

    >>> written("W^3_11").latex, written("W^3_11").text
    ('W^{3}_{11}', 'W³₁₁')
    """
    parts = _taken_apart(name)
    if parts is None:
        return verbatim(name)
    latex, text = _base(parts.base)
    if parts.accent:
        latex, text = rf"\{parts.accent}{{{latex}}}", unicodedata.normalize("NFC", text + _ACCENTS[parts.accent])
    return _with_scripts(latex, text, parts)


def indexed(name: str, indices: tuple[int, ...], sample: str = "") -> str:
    """The name of an element: the indices, from 1, below; the sample it belongs to, if it is of one, above.

    >>> indexed("W^3", (0, 1)), indexed("x", (11, 0), "2")
    ('W^3_12', 'x^{(2)}_{12,1}')
    """
    parts = _taken_apart(name)
    if parts is None:
        return f"{name}[{', '.join(map(str, indices))}]" + (f"({sample})" if sample else "")
    numbers = [str(index + 1) for index in indices]
    together = ("" if all(len(each) == 1 for each in numbers) else ",").join(numbers)
    below = ",".join(each for each in (parts.below, together) if each)
    above = ",".join(each for each in (parts.above, f"({sample})" if sample else "") if each)
    return parts.base + parts.accent + _marked("^", above) + _marked("_", below)


def _marked(mark: str, script: str) -> str:
    return f"{mark}{script if script.isalnum() else f'{{{script}}}'}" if script else ""


def adjoint(name: str) -> Formula | None:
    """The adjoint of a matrix, its name with a bar; None for a name that has no single letter to put it on."""
    parts = _taken_apart(name)
    if parts is None or parts.accent or len(_base(parts.base)[1]) > 1:
        return None
    latex, text = _base(parts.base)
    return _with_scripts(rf"\bar{{{latex}}}", unicodedata.normalize("NFC", text + _ACCENTS["bar"]), parts)


def verbatim(words: str) -> Formula:
    """Any text as it is: no character of it means anything to LaTeX, to a page or to a terminal."""
    clean = "".join(each if each.isprintable() else " " if each.isspace() else "\ufffd" for each in words)
    safe = rf"(?:{_SAFE}(?![{''.join(_COMBINING)}]))+"
    runs = re.findall(rf"{safe}(?: +{safe})*|\w[{''.join(_COMBINING)}]|.", unicodedata.normalize("NFC", clean))
    return Formula("".join(_run(run) for run in runs) or r"\text{?}", clean or "?")


def _run(run: str) -> str:
    if run in _IN_MATHEMATICS:
        return _IN_MATHEMATICS[run]
    letters = unicodedata.normalize("NFD", run)
    if len(letters) == 2 and letters[1] in _COMBINING and letters[0].isascii():
        return rf"\{_COMBINING[letters[1]]}{{{letters[0]}}}"
    return rf"\mathrm{{{run}}}" if re.fullmatch(r"[A-Za-z0-9]+", run) else rf"\text{{{run}}}"


def _taken_apart(name: str) -> _Parts | None:
    match = _NAME.fullmatch(unicodedata.normalize("NFC", name))
    if match is None:
        return None
    base, digits, marks = match[1], match[2], _MARK.findall(match[3])
    above = [text for mark, text in marks if mark == "^"]
    below = [digits] * bool(digits) + [text for mark, text in marks if mark == "_"]
    if len(above) > 1 or len(below) > 2 or (len(below) == 2 and not all(map(_is_index, below))):
        return None
    accent = ""
    if base in _ACCENTS and below and len(_base(below[0])[1]) == 1:
        base, accent = below.pop(0), base
    elif below and below[-1] in _ACCENTS:
        accent = below.pop()
    else:
        base, accent = _accented(base)
    return _Parts(base, accent, ",".join(above), ",".join(below))


def _accented(base: str) -> tuple[str, str]:
    """`yhat` as y and hat; so is the single character ŷ."""
    for accent in _ACCENTS:
        rest = base.removesuffix(accent)
        if rest != base and (len(rest) == 1 or rest in GREEK):
            return rest, accent
    letters = unicodedata.normalize("NFD", base)
    if len(letters) == 2 and letters[1] in _COMBINING and letters[0].isascii():
        return letters[0], _COMBINING[letters[1]]
    return base, ""


def _base(base: str) -> tuple[str, str]:
    greek = _GREEK_LETTERS.get(base, base)
    if greek in GREEK:
        return rf"\{greek}", GREEK[greek]
    if not base.isascii():
        return rf"\text{{{base}}}", base
    return base if len(base) == 1 else rf"\mathrm{{{base}}}", base


def _with_scripts(latex: str, text: str, parts: _Parts) -> Formula:
    latex += _script("^", parts.above) + _script("_", parts.below)
    text += _raised(parts.above, _HIGH, "^") + _raised(parts.below, _LOW, "_")
    return Formula(latex, text, Binding.POWER if parts.above else Binding.ATOM)


def subscript(index: str) -> str:
    """An index below the line, in text."""
    return _raised(index, _LOW, "_")


def _is_index(script: str) -> bool:
    return sum(each.isalpha() for each in script) <= 2


def _script(mark: str, script: str) -> str:
    if not script:
        return ""
    if not script.isascii():
        return rf"{mark}{{\text{{{script}}}}}"
    return f"{mark}{{{script}}}" if _is_index(script) else rf"{mark}{{\mathrm{{{script}}}}}"


def _raised(script: str, table: dict[str, str], mark: str) -> str:
    if not script:
        return ""
    if _is_index(script) and all(each in table for each in script):
        return "".join(table[each] for each in script)
    return mark + (script if script.isalnum() else f"{{{script}}}")
