"""A derivation as LaTeX that KaTeX, MathJax and amsmath take alike: one `aligned` block for each section."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from autograd.derivation.document import Equation, Section, Table
from autograd.derivation.names import verbatim
from autograd.derivation.text import width
from autograd.notation import Formula

_LATIN = 0x17F
"""The last character that pdflatex knows without being told."""

_ROW = 66
"""About so many characters fit on a row beside the left side."""

_LEFT = 14
"""About so many a left side has."""

_SHORT = 60
"""An equation of so many characters, in text, stands on one row."""


def formula(sections: Iterable[Section]) -> str:
    """All sections as one formula, their titles between them."""
    rows = []
    for part in sections:
        if part.equations or part.table is not None:
            rows += [rf"\textbf{{{words(part.title)}}}", block(part)]
    return "\\begin{gathered}\n" + " \\\\[8pt]\n".join(rows) + "\n\\end{gathered}"


def block(part: Section) -> str:
    """The equations of one section, aligned at their relations, or its table."""
    if part.table is not None:
        return _table(part.table)
    rows = [*_given(part), *(row for each in part.equations for row in _rows(each))]
    return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"


def document(title: str, sections: Iterable[Section]) -> str:
    """A file that LaTeX compiles as it is."""
    lines = [r"\documentclass{article}", r"\usepackage{amsmath,amssymb}", r"\usepackage[margin=2cm]{geometry}"]
    lines += [r"\allowdisplaybreaks", r"\begin{document}", rf"\section*{{${title}$}}"]
    for part in sections:
        rows = [*_given(part), *(row for each in part.equations for row in _rows(each))]
        lines += [rf"\subsection*{{{words(part.title)}}}", words(part.caption)]
        lines += ["\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"] if rows else []
        lines += [f"\\[\n{_table(part.table)}\n\\]"] if part.table is not None else []
        lines += [rf"{words(remark)}\par" for remark in part.remarks]
    lines.append(r"\end{document}")
    return "\n".join([*lines[:2], *_declared("".join(lines)), *lines[2:]]) + "\n"


def _declared(written: str) -> list[str]:
    """What lets pdflatex go on over characters it has no sign for: it shows their numbers."""
    unknown = sorted({each for each in written if ord(each) > _LATIN})
    if not unknown:
        return []
    codes = [rf"\DeclareUnicodeCharacter{{{ord(each):04X}}}{{[{ord(each):04X}]}}" for each in unknown]
    return [r"\ifdefined\DeclareUnicodeCharacter", *codes, r"\fi"]


def markdown(title: str, sections: Iterable[Section]) -> str:
    """Markdown with a block of mathematics for each section."""
    lines = [f"# ${title}$"]
    for part in sections:
        lines += [f"## {part.title}", part.caption]
        lines += [f"$$\n{block(part)}\n$$"] if part.equations or part.table is not None else []
        lines += part.remarks
    return "\n\n".join(line for line in lines if line) + "\n"


def _table(table: Table) -> str:
    rows = [("", table.head), *table.rows]
    told = [
        " & ".join([rf"\text{{{words(label)}}}", *("" if each is None else each.latex for each in row)])
        for label, row in rows
    ]
    columns = "c|" + "c" * len(table.head)
    body = told[0] + " \\\\ \\hline\n" + " \\\\\n".join(told[1:])
    return f"\\begin{{array}}{{{columns}}}\n{body}\n\\end{{array}}"


def words(plain: str) -> str:
    """A sentence in LaTeX's text mode; what means something to LaTeX stands as a formula."""
    marked = re.split(rf"({_PLAIN}+)", plain)
    return "".join(each if place % 2 else f"${verbatim(each).latex}$" for place, each in enumerate(marked) if each)


_PLAIN = r"(?:[A-Za-z0-9 .,:;()\[\]'/=+-](?![\u0300-\u036f]))"
"""What stands for itself in a sentence, unless an accent follows it."""


def _given(part: Section) -> list[str]:
    """What is given, as much to a row as there is room for."""
    rows: list[list[str]] = []
    wide = 0
    for each in part.given:
        told = "".join(f" {_RELATIONS[relation]} {written.latex}" for relation, written in each.chain)
        size = 5 + sum(width(text) for text in (each.left.text, *(_widest(written) for _, written in each.chain)))
        if not rows or wide + size > _ROW + _LEFT:
            rows.append([])
            wide = 0
        rows[-1].append(each.left.latex + told)
        wide += size
    return ["&" + r",\quad ".join(row) for row in rows]


def _widest(written: Formula) -> str:
    return max(written.text.split("\n"), key=width)


def _rows(line: Equation) -> list[str]:
    named = rf"&\text{{{line.label}: }}" if line.aside else ""
    left = f"{named}{line.left.latex}{' ' if line.aside else ' &'}"
    note = rf" \quad {verbatim(f'({line.note})').latex}" if line.note else ""
    terms = [(_RELATIONS[relation], written) for relation, written in line.chain]
    length = width(line.left.text) + sum(width(written.text) for _, written in line.chain)
    if length <= _SHORT and not line.stacked:
        return [f"{left}{' '.join(f'{relation} {written.latex}' for relation, written in terms)}{note}"]
    first, *others = [row for relation, written in terms for row in _broken(relation, written)] or [""]
    rows = [f"{left}{first}", *(f"&{row}" for row in others)]
    if line.aside and width(line.left.text) > _ROW // 2:
        rows[:1] = [left, rf"&\quad {first}"]
    if line.chain and width(_widest(line.chain[-1][1])) + width(line.note) > _ROW:
        return [*rows, f"&{note}"]
    return [*rows[:-1], rows[-1] + note]


def _broken(relation: str, written: Formula) -> list[str]:
    """A right side in rows of a page's width: broken before signs that stand in no braces, between summands if it can
    be.
    """
    rows, wide = [relation], 0.0
    for summand in pieces(written.latex, SUMS):
        if wide and wide + _size(summand) > _ROW:
            rows.append(r"\qquad")
            wide = 0.0
        for piece in pieces(summand, PRODUCTS):
            if wide and wide + _size(piece) > _ROW:
                rows.append(r"\qquad\quad")
                wide = 0.0
            rows[-1] += f" {piece}"
            wide += _size(piece)
    return rows


def pieces(latex: str, signs: Container[str]) -> list[str]:
    """A formula cut before the signs that stand in no braces, between no `left` and `right`, in no matrix."""
    found, depth = [""], 0
    for token in _TOKEN.findall(latex):
        depth += (token in _OPENING) - (token in _CLOSING)
        if token in signs and not depth and found[-1].strip():
            found.append("")
        found[-1] += token
    return [piece.strip() for piece in found]


def _size(piece: str) -> float:
    """About how many characters wide a piece is."""
    signs = len(re.sub(r"\\[A-Za-z]+|[{}^_&\s]", "", piece)) + len(re.findall(r"\\(?!frac|left|right)[A-Za-z]+", piece))
    return signs * (0.6 if r"\frac" in piece else 1.0)


_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_OPENING = {"{", r"\left", r"\begin"}
_CLOSING = {"}", r"\right", r"\end"}
SUMS = {"+", "-"}
PRODUCTS = {r"\cdot", r"\odot", r"\leftarrow"}
_RELATIONS = {"=": "=", "≈": r"\approx", ":": ":\\;", "then": r"\text{ then }"}
