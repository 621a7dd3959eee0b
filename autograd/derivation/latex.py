"""A derivation as LaTeX that KaTeX, MathJax and amsmath take alike: one `aligned` block for each section."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.derivation.document import Equation, Section, Table
from autograd.derivation.names import verbatim
from autograd.derivation.text import width

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
    return "\n".join([*lines, r"\end{document}"]) + "\n"


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
    safe = "".join(each if each.isascii() and (each.isalnum() or each in " .,:;()[]'-/=+") else "\0" for each in plain)
    return "".join(
        f"${verbatim(each).latex}$" if kept == "\0" else kept for each, kept in zip(plain, safe, strict=True)
    )


def _given(part: Section) -> list[str]:
    """What is given, four to a row."""
    given = [
        each.left.latex + "".join(f" {_RELATIONS[relation]} {written.latex}" for relation, written in each.chain)
        for each in part.given
    ]
    return ["&" + r",\quad ".join(given[place : place + 4]) for place in range(0, len(given), 4)]


def _rows(line: Equation) -> list[str]:
    named = rf"&\text{{{line.label}: }}" if line.aside else ""
    left = f"{named}{line.left.latex}{' ' if line.aside else ' &'}"
    note = rf" \quad {verbatim(f'({line.note})').latex}" if line.note else ""
    terms = [f"{_RELATIONS[relation]} {written.latex}" for relation, written in line.chain]
    length = width(line.left.text) + sum(width(written.text) for _, written in line.chain)
    if len(terms) <= 1 or (length <= _SHORT and not line.stacked):
        return [f"{left}{' '.join(terms)}{note}"]
    return [f"{left}{terms[0]}", *(f"&{term}" for term in terms[1:-1]), f"&{terms[-1]}{note}"]


_RELATIONS = {"=": "=", "≈": r"\approx", ":": ":\\;", "then": r"\text{ then }"}
