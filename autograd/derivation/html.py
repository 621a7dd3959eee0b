"""A derivation as a page that needs nothing else: native MathML, no script, no network, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from autograd.derivation.document import Equation, Section, Table
from autograd.derivation.latex import PRODUCTS, SUMS, block, pieces
from autograd.derivation.mathml import mathml, row
from autograd.notation import Formula

_STYLE = """
.derivation { --ink: #1d2530; --faint: #5b6675; --paper: #fff; --line: #dfe4ea; --mark: #b3440b;
  color-scheme: light dark; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif;
  max-width: 62rem; margin: 0 auto; padding: 1rem 1.1rem 2rem; }
.derivation h1 { font-size: 1.35rem; font-weight: 600; margin: .4rem 0 1rem; }
.derivation h2 { font-size: 1.05rem; margin: 2rem 0 .2rem; padding-top: .8rem; border-top: 1px solid var(--line); }
.derivation p { margin: .2rem 0 .7rem; color: var(--faint); max-width: 46rem;
  overflow-wrap: anywhere; }
.derivation .eq { display: flex; gap: .7rem; align-items: baseline; padding: .28rem 0; }
.derivation .eq > small { flex: 0 0 auto; min-width: 2.1rem; white-space: nowrap; color: var(--faint);
  font: .75rem/1.9 ui-monospace, monospace; }
.derivation .line { display: grid; grid-template-columns: fit-content(60%) minmax(0, 1fr); gap: .3rem .3em;
  align-items: baseline; flex: 1; min-width: 0; }
.derivation .left, .derivation .right, .derivation .route { overflow: auto hidden; scrollbar-width: thin;
  padding: .15em 0 .2em; }
.derivation .left { grid-column: 1; }
.derivation .right { grid-column: 2; }
.derivation .route { grid-column: 1 / -1; }
.derivation .note { color: var(--mark); font-size: .85rem; padding-left: .6em; overflow-wrap: anywhere; }
.derivation ul { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: .3rem 0 .8rem;
  padding: 0; }
.derivation math { font-size: 1.06em;
  font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", "Noto Sans Math", "DejaVu Math TeX Gyre", math; }
.derivation mtd { padding: .22em .18em; }
.derivation .wide { overflow-x: auto; scrollbar-width: thin; }
.derivation table { border-collapse: collapse; margin: .4rem 0; }
.derivation table th { font-weight: normal; color: var(--faint); }
.derivation table td, .derivation table th { padding: .25rem .8rem; text-align: right; white-space: nowrap; }
.derivation table tr { border-bottom: 1px solid var(--line); }
.derivation table td.new { background: color-mix(in srgb, var(--mark) 18%, transparent); font-weight: 600; }
.derivation details { margin-top: .6rem; font-size: .8rem; color: var(--faint); }
.derivation pre { overflow-x: auto; background: color-mix(in srgb, var(--ink) 6%, transparent); padding: .6rem; }
@media (prefers-color-scheme: dark) { .derivation { DARK } }
html[theme=dark] .derivation, html[data-theme=dark] .derivation, body[data-theme=dark] .derivation,
body.vscode-dark .derivation, body[data-jp-theme-light=false] .derivation { DARK }
""".replace("DARK", "--ink: #e4e8ee; --faint: #9aa6b5; --paper: #14181f; --line: #2b333f; --mark: #f0a35e;")


def page(title: Formula, sections: Iterable[Section]) -> str:
    """A whole page."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "<style>body { margin: 0; } @media (prefers-color-scheme: dark) { body { background: #14181f; } }</style>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>{escape(title.text)}</title></head>\n'
        f"<body>{body}{fragment(title, sections)}</body></html>\n"
    )


def fragment(title: Formula | None, sections: Iterable[Section]) -> str:
    """What a notebook shows: the page without its frame."""
    heading = f"<h1>{mathml(title.latex)}</h1>\n" if title is not None else ""
    parts = "\n".join(section(each) for each in sections)
    return f'<div class="derivation"><style>{_STYLE}</style>\n{heading}{parts}\n</div>'


def section(part: Section) -> str:
    """One section with its LaTeX to copy."""
    lines = [f"<section><h2>{escape(part.title)}</h2>"]
    lines += [f"<p>{escape(part.caption)}</p>"] if part.caption else []
    if part.given:
        lines.append(f"<ul>{''.join(f'<li>{_line(each)}</li>' for each in part.given)}</ul>")
    lines += [equation(each) for each in part.equations]
    lines += [_table(part.table)] if part.table is not None else []
    lines += [f"<p>{escape(remark)}</p>" for remark in part.remarks]
    if part.equations or part.table is not None:
        lines.append(f"<details><summary>LaTeX</summary><pre>{escape(block(part))}</pre></details>")
    return "\n".join([*lines, "</section>"])


def _table(table: Table) -> str:
    head = "".join(f"<th>{_displayed(each.latex)}</th>" for each in table.head)
    rows = [
        f"<tr><th>{escape(label)}</th>{''.join(_cell(each, place == count) for count, each in enumerate(row))}</tr>"
        for place, (label, row) in enumerate(table.rows)
    ]
    return f'<div class="wide"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'


def _cell(entry: Formula | None, new: bool) -> str:
    if entry is None:
        return "<td></td>"
    return f"<td{' class=new' if new else ''}>{mathml(entry.latex)}</td>"


def formula(each: Formula) -> str:
    """One formula."""
    return _displayed(each.latex)


def equation(line: Equation) -> str:
    """One line, with its label and its note."""
    label = f"<small>{escape(line.label)}</small>" if line.label else ""
    left = f'<span class="{"route" if line.aside else "left"}">{_displayed(line.left.latex)}</span>'
    short = not line.stacked and sum(len(formula.text) for _, formula in line.chain) <= _SHORT
    told = [_right(relation, formula) for relation, formula in line.chain]
    rows = ["<wbr>".join(told)] if short or not told else told
    rows[-1] += f' <span class="note">{escape(line.note)}</span>' if line.note else ""
    rights = "".join(f'<span class="right">{each}</span>' for each in rows if each)
    return f'<div class="eq">{label}<div class="line">{left}{rights}</div></div>'


def _right(relation: str, formula: Formula) -> str:
    """A right side in pieces between which a narrow window may break it: before signs that stand in no parentheses."""
    first, *others = pieces(formula.latex, SUMS | PRODUCTS)
    begun = "" if relation == ":" else f'<mo form="infix">{escape(relation)}</mo>'
    return "<wbr>".join([f'<math displaystyle="true">{begun}{row(first)}</math>', *map(_continued, others)])


def _continued(piece: str) -> str:
    """A piece that begins with its sign."""
    sign = re.match(r"\\[a-z]+|.", piece)
    assert sign is not None
    infix = row(sign[0]).replace("<mo>", '<mo form="infix">')
    return f'<math displaystyle="true">{infix}{row(piece[sign.end() :])}</math>'


def _displayed(latex: str) -> str:
    return f'<math displaystyle="true">{row(latex)}</math>'


def _line(line: Equation) -> str:
    chain = "".join(f"<mo>{escape(relation)}</mo>{row(formula.latex)}" for relation, formula in line.chain)
    return f'<math displaystyle="true">{row(line.left.latex)}{chain}</math>'


_SHORT = 40
"""Right sides of so many characters stand on one line."""
