"""Text held by its middle: Graphviz reckons with a font that may not be there, and tells where each line starts.

In another font a line is longer or shorter than reckoned. Held by its middle it stays where it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"-?[\d.]+(?:e-?\d+)?"
_PARTS = re.compile(r"<(g|path|polygon|polyline|ellipse|text)\b[^>]*>")
_STARTS = re.compile(rf'text-anchor="start" x="{_NUMBER}"')
_FRAME = re.compile(rf'viewBox="{_NUMBER} {_NUMBER} ({_NUMBER}) .*?translate\(({_NUMBER})', re.DOTALL)


def by_the_middle(svg: str) -> str:
    """The picture with every line of text held by its middle.

    That is the middle of the shape with which its node or box begins; in the legend that of the cell drawn before it,
    or, for a line without a cell, of the whole picture.
    """
    return "".join(_parts(svg))


def _parts(svg: str) -> Iterator[str]:
    frame = _FRAME.search(svg)
    whole = float(frame[1]) / 2 - float(frame[2]) if frame else 0.0
    place, legend, waiting, middle = 0, True, False, whole
    for found in _PARTS.finditer(svg):
        part, kind = found[0], found[1]
        yield svg[place : found.start()]
        place = found.end()
        if kind == "g":
            legend, waiting = 'class="graph"' in part, True
        elif kind == "text":
            yield _STARTS.sub(f'text-anchor="middle" x="{middle:.2f}"', part)
            middle = whole if legend else middle
            continue
        elif legend or waiting:
            middle, waiting = _middle(part), False
        yield part
    yield svg[place:]


def _middle(shape: str) -> float:
    """Half-way between the left and the right end of a shape."""
    centre = re.search(rf'\bcx="({_NUMBER})"', shape)
    if centre:
        return float(centre[1])
    outline = re.search(r'\b(?:points|d)="([^"]*)"', shape)
    xs = [float(x) for x in re.findall(rf"({_NUMBER}),{_NUMBER}", outline[1])] if outline else [0.0]
    return (min(xs) + max(xs)) / 2
