"""The colours of pictures, by day and by night: told apart without red and green, and as greys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograd.errors import ArgumentError


@dataclass(frozen=True)
class Theme:
    """Ink, paper, and for each role how it is filled and outlined."""

    paper: str
    ink: str
    faint: str
    number: str
    mark: str
    line: str
    roles: Mapping[str, tuple[str, str]]
    below: str
    above: str


LIGHT = Theme(
    paper="#ffffff", ink="#1d2733", faint="#4f5d6c", number="#8a3b06", mark="#c2410c", line="#5b6b7c",
    roles={
        "variable": ("#d6e8f7", "#0b5e9c"), "data": ("#eceff3", "#5b6b7c"), "constant": ("#ffffff", "#5b6b7c"),
        "result": ("#ffffff", "#333f4d"), "root": ("#fbe3d6", "#b3470b"), "group": ("#e2f1e7", "#1b7a4b"),
    },
    below="#0b5e9c", above="#c2410c",
)  # fmt: skip
DARK = Theme(
    paper="#14181f", ink="#e4e8ee", faint="#9aa6b5", number="#f0a35e", mark="#ff9d5c", line="#8794a5",
    roles={
        "variable": ("#15324a", "#6db3ea"), "data": ("#262d37", "#9aa6b5"), "constant": ("#14181f", "#9aa6b5"),
        "result": ("#1c222b", "#b4bfcc"), "root": ("#4a2a17", "#ff9d5c"), "group": ("#17382a", "#6cc79a"),
    },
    below="#6db3ea", above="#ff9d5c",
)  # fmt: skip
NAMES = ("light", "dark", "auto")


def theme(name: str) -> Theme:
    """The colours by name; "auto" begins as light. Raises: ArgumentError for a name that is none."""
    if name not in NAMES:
        raise ArgumentError(f"theme is 'light', 'dark' or 'auto'; found {name!r}")
    return DARK if name == "dark" else LIGHT


def faded(color: str, share: float) -> str:
    """A colour of which only a share is seen, from 0 to 1."""
    return color if share >= 1 else f"{color}{round(255 * share):02x}"


def by_night() -> str:
    """A style sheet that turns a light picture dark where the reader, or the page it stands on, wants that."""
    pairs = {LIGHT.ink: DARK.ink, LIGHT.faint: DARK.faint, LIGHT.number: DARK.number, LIGHT.mark: DARK.mark}
    pairs |= {LIGHT.line: DARK.line}
    for role, (fill, outline) in LIGHT.roles.items():
        pairs |= {fill: DARK.roles[role][0], outline: DARK.roles[role][1]}
    pairs |= {LIGHT.paper: DARK.paper}
    rules = [
        f'HERE [fill="{one}"]{{fill:{other}}} HERE [stroke="{one}"]{{stroke:{other}}}' for one, other in pairs.items()
    ]
    sheet = " ".join(rules)
    places = ["html[data-theme=dark]", "html[theme=dark]", "body[data-theme=dark]", "body.vscode-dark",
              "body[data-jp-theme-light=false]"]  # fmt: skip
    chosen = " ".join(sheet.replace("HERE", f"{place} .autodark") for place in places)
    return f"@media (prefers-color-scheme:dark){{{sheet.replace('HERE', '.autodark')}}} {chosen}"
