"""A picture as a page that plays it: one file, without a network, that forbids itself anything from outside."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np

from autograd.drawing.look import summary
from autograd.drawing.steps import Play
from autograd.drawing.view import Spot, View
from autograd.notation import sizes


def page(
    title: str, views: Sequence[tuple[str, View, str]], play: Play | None, root: str, text: str, theme: str
) -> str:
    """The page of some views, each with its name and its SVG; without a `play` it goes from box to box."""
    known = play or _from_box_to_box(views[0][1])
    told = {
        "views": [_told(view) for _, view, _ in views],
        "steps": known.steps,
        "nodes": known.nodes,
        "program": known.program,
        "root": root,
    }
    names = "".join(f"<option>{escape(name)}</option>" for name, _, _ in views)
    body = _BODY.format(
        title=escape(title),
        views=f'<select id="views" aria-label="what is shown">{names}</select>' if len(views) > 1 else "",
        pictures="".join(svg for _, _, svg in views),
        steps=len(known.steps),
        text=escape(text),
        label=escape(f"The graph of {title}: {len(views[0][1].spots)} nodes, {len(views[0][1].arrows)} edges"),
    )
    return _document(title, body, _safe_json(told), theme)


def _document(title: str, body: str, told: str, theme: str) -> str:
    """The whole file. What it may load, or run, is its own script and nothing else."""
    script, style = _resource("page.js"), _resource("page.css")
    allowed = base64.b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; img-src data:"
    chosen = "" if theme == "auto" else f' data-theme="{theme}"'
    return (
        f'<!DOCTYPE html>\n<html lang="en"{chosen}><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>\n'
        f"<style>{style}</style></head>\n<body>{body}\n"
        f'<script type="application/json" id="data">{told}</script>\n<script>{script}</script></body></html>\n'
    )


def _resource(name: str) -> str:
    return files("autograd.drawing").joinpath(name).read_text(encoding="utf-8")


def _safe_json(told: Any) -> str:
    """JSON in which nothing ends the script element that it stands in."""
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")


def _told(view: View) -> dict[str, Any]:
    return {
        "nodes": {key: _about(spot) for key, spot in view.spots.items()},
        "edges": [[arrow.start, arrow.end, arrow.slot] for arrow in view.arrows],
        "inside": view.inside,
    }


def _about(spot: Spot) -> dict[str, str]:
    array = None if spot.value is None else np.asarray(spot.value)
    details = [*spot.details, *([f"gradient rms {spot.gradient:.3g}"] if spot.gradient is not None else [])]
    return {
        "title": spot.title,
        "kind": spot.kind,
        "value": "" if array is None else summary(array),
        "adjoint": "not computed" if spot.adjoint is None else summary(spot.adjoint),
        "shape": "" if array is None or not array.ndim else f"{sizes(array.shape)} {array.dtype}",
        "module": spot.module,
        "line": spot.line,
        "details": ", ".join(details),
    }


def _from_box_to_box(view: View) -> Play:
    """The steps of a picture without formulas: each box forward, and back."""
    sources: dict[str, list[str]] = {}
    readers: dict[str, list[str]] = {}
    for arrow in view.arrows:
        sources.setdefault(arrow.end, []).append(arrow.start)
        readers.setdefault(arrow.start, []).append(arrow.end)
    made = [spot for spot in view.spots.values() if spot.key in sources]
    forward = [_step("forward", spot, sources[spot.key]) for spot in made]
    back = [_step("backward", spot, readers.get(spot.key, [])) for spot in reversed(made) if spot.requires_grad]
    return Play([*forward, *back], {}, [])


def _step(phase: str, spot: Spot, reads: list[str]) -> dict[str, Any]:
    name = escape(" ".join(dict.fromkeys(each for each in (spot.title, spot.kind) if each)))
    told = ", ".join(spot.details) or ("" if spot.value is None else summary(spot.value))
    line = f"<b>{name}</b> {escape(told)}"
    value = "" if spot.adjoint is None else summary(spot.adjoint)
    return {
        "phase": phase, "key": spot.key, "reads": list(dict.fromkeys(reads)), "html": line, "symbols": line,
        "name": name, "value": value, "uses": len(reads), "paths": "", "memo": "", "naive": "",
    }  # fmt: skip


_BODY = """
<main>
<header><h1>{title}</h1>{views}
<label>search <input id="search" type="search" placeholder="a name, an operation, a module"></label>
<span id="hits" role="status"></span></header>
<div>
<div id="stage" role="group" aria-label="{label}">{pictures}
<div id="zoom"><button id="out" aria-label="zoom out">−</button><button id="all" aria-label="show all">fit</button>
<button id="in" aria-label="zoom in">+</button></div></div>
<div id="controls" role="toolbar" aria-label="steps">
<button id="first" aria-label="to the beginning">|◀</button><button id="back" aria-label="step back">◀</button>
<button id="play" aria-pressed="false">Play</button><button id="next" aria-label="step forward">▶</button>
<button id="last" aria-label="to the end">▶|</button>
<input id="slider" type="range" min="0" max="{steps}" value="{steps}" aria-label="step"><span id="phase"></span></div>
<div id="line" aria-live="polite"></div>
<p id="counts">multiplications so far: <b id="withmemo">0</b> with the memo, <b id="onebyone">0</b> path by path</p>
</div>
<aside>
<section class="panel"><h2>The memo</h2><table><thead><tr><th>adjoint</th><th>value</th><th>read</th></tr></thead>
<tbody id="memo"></tbody></table></section>
<section class="panel"><h2 id="abouttitle">Click a node</h2><div id="about"></div></section>
</aside>
<noscript><pre>{text}</pre></noscript>
</main>
"""
