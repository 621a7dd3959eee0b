"""A derivation as plain text for a terminal: unicode, at most 100 columns wherever a line can be broken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from autograd.derivation.document import Equation, Section, Table

_COLUMNS = 100
_INDENT = 4


def page(title: str, sections: Iterable[Section]) -> str:
    """All sections under a title."""
    return "\n\n".join([f"{title}\n{'=' * width(title)}", *(section(each) for each in sections)]) + "\n"


def section(part: Section) -> str:
    """One section: its title in capitals, the caption, the equations in a column, the remarks."""
    lines = [part.title.upper()]
    lines += _filled(part.caption, 2) if part.caption else []
    lines += _listed([_given(each) for each in part.given]) if part.given else []
    labelled = [each for each in part.equations if each.label and len(each.label) < 5]
    margin = max((width(each.label) + 3 for each in labelled), default=0)
    column = max((width(each.left.text) for each in labelled if width(each.left.text) <= 20), default=0)
    for each in part.equations:
        lines += _equation(each, margin, column)
    lines += _table(part.table) if part.table is not None else []
    for remark in part.remarks:
        lines += _filled(remark, 2)
    return "\n".join(lines)


def width(text: str) -> int:
    """The columns a text takes: an accent over a letter takes none."""
    return sum(not unicodedata.combining(each) for each in text)


def _table(table: Table) -> list[str]:
    """A table with its columns as wide as their widest entry; an empty cell is a dot."""
    rows = [("", table.head), *table.rows]
    cells = [[label, *("·" if each is None else each.text for each in row)] for label, row in rows]
    wide = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return [
        " " * _INDENT + "  ".join(" " * (size - width(cell)) + cell for size, cell in zip(wide, row, strict=True))
        for row in cells
    ]


def _equation(line: Equation, margin: int, column: int) -> list[str]:
    label = (
        (f"[{line.label}]" if line.label else "").ljust(margin) if margin else f"{line.label}  " if line.label else ""
    )
    head = " " * _INDENT + label + line.left.text + " " * (column - width(line.left.text))
    remarks = [f"({line.note})"] * bool(line.note) + [f"shapes {line.shapes}"] * bool(line.shapes)
    whole = head + "".join(f" {relation} {formula.text}" for relation, formula in line.chain)
    if "\n" not in whole and not line.stacked and width(whole) <= (_COLUMNS if len(line.chain) < 2 else _COLUMNS - 20):
        return _with_remarks([whole], remarks, width(head))
    alone = width(head) > _COLUMNS // 2
    lines = [head] if alone or not line.chain else []
    below = " " * (2 * _INDENT if alone else width(head))
    for relation, formula in line.chain:
        start = below if lines else head
        lines += _broken(f"{start} {relation} ", formula.text)
    return _with_remarks(lines, remarks, width(below))


def _with_remarks(lines: list[str], remarks: list[str], indent: int) -> list[str]:
    """Remarks stand after the last line, or under it where there is no room."""
    after = "   ".join(["", *remarks])
    if width(lines[-1] + after) <= _COLUMNS:
        return [*lines[:-1], lines[-1] + after]
    return [*lines, *(" " * (indent + 3) + remark for remark in remarks)]


def _given(line: Equation) -> list[str]:
    """A short equation, of one line, or of more for a matrix."""
    lines = [line.left.text]
    for relation, formula in line.chain:
        first, *others = formula.text.split("\n")
        lines[-1] += f" {relation} {first}"
        lines += [" " * (width(line.left.text) + 3) + other for other in others]
    return lines


def _listed(short: list[list[str]]) -> list[str]:
    """Short equations, as many to a line as there is room for; matrices on lines of their own."""
    lines = [" " * _INDENT + "given "]
    empty = " " * (_INDENT + 6)
    for each in short:
        alone = len(each) > 1 or width(lines[-1]) + width(each[0]) > _COLUMNS - 2
        if alone and lines[-1].strip() not in ("", "given"):
            lines.append(empty)
        lines[-1] += each[0] + ("  " if len(each) == 1 else "")
        lines += [empty + other for other in each[1:]]
        if len(each) > 1:
            lines.append(empty)
    return [line.rstrip() for line in lines if line.strip()]


def _broken(start: str, formula: str) -> list[str]:
    """A formula after its relation, broken before signs where it is too wide; what has no sign stays whole."""
    hanging = " " * width(start)
    if "\n" in formula:
        first, *others = formula.split("\n")
        return [start + first, *(hanging + other for other in others)]
    lines = [start]
    for summand in _cut(formula, ("+",), outermost=True) if width(start + formula) > _COLUMNS else [formula]:
        if lines[-1] != start:
            lines.append(hanging)
        for piece in _cut(summand, ("+", "·", "-", "⊙", "@", "←", "=")):
            if lines[-1].strip() and lines[-1] != start and width(lines[-1]) + width(piece.rstrip()) > _COLUMNS:
                lines.append(hanging + "  ")
            lines[-1] += piece
    return [each.rstrip() for each in lines]


def _cut(formula: str, signs: tuple[str, ...], *, outermost: bool = False) -> list[str]:
    """A formula cut before its signs, and after commas, or only before signs that stand in no parentheses."""
    pieces, depth = [""], 0
    for word in formula.split(" "):
        listed = not outermost and pieces[-1].endswith(", ")
        if pieces[-1] and ((word in signs and not (outermost and depth)) or listed):
            pieces.append("")
        depth += word.count("(") - word.count(")")
        pieces[-1] += word + " "
    return [*pieces[:-1], pieces[-1].removesuffix(" ")]


def _filled(words: str, indent: int) -> list[str]:
    lines = [" " * indent]
    for word in words.split():
        if width(lines[-1]) + width(word) > _COLUMNS - 2 and lines[-1].strip():
            lines.append(" " * indent)
        lines[-1] += word + " "
    return [line.rstrip() for line in lines]
