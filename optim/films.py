"""Films: pictures in motion as .gif or .html, or the last of them as .png, written whole or not at all."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import ArgumentError
from autograd.files import write_whole
from autograd.optional import pyplot

_FRAME_MS = 250
_SIGNS = {
    "minus": "−", "plus": "+", "fast-backward": "|◀◀", "step-backward": "|◀", "play fa-flip-horizontal": "◀",
    "pause": "❚❚", "play": "▶", "step-forward": "▶|", "fast-forward": "▶▶|",
}  # fmt: skip
"""What stands on the buttons of a film, by the library's names."""


def save_film(
    target: Path, figure: Any, show: Callable[[int], None], frames: int, *, frame_ms: int = _FRAME_MS
) -> Path:
    """Write a figure as `show(0)`, `show(1)`, ... leave it. The figure is closed; the path is returned.

    Raises: ArgumentError without frames, or for another ending of the file's name.
    """
    try:
        if not frames:
            raise ArgumentError("nothing was recorded yet: give this to fit, in callbacks=[...]")
        if target.suffix not in (".gif", ".html", ".png"):
            raise ArgumentError(f"a film is saved as .gif, .html or .png; found {target.name!r}")
        if target.suffix == ".html":
            return write_whole(target, _page(_film(figure, show, frames, frame_ms)))
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / target.name
            if target.suffix == ".gif":
                _film(figure, show, frames, frame_ms).save(draft, writer="pillow")
            else:
                show(frames - 1)
                figure.savefig(draft, dpi=120)
            return write_whole(target, draft.read_bytes())
    finally:
        pyplot().close(figure)


def _page(film: Any) -> bytes:
    """A page that needs no network, with all frames in it.

    By itself the library leaves out what is beyond 20 MB, and asks the network for the signs on its buttons.
    """
    with pyplot().rc_context({"savefig.dpi": 72, "animation.embed_limit": 2**20}):
        page: str = film.to_jshtml()
    page = re.sub(r'<link rel="stylesheet"\s[^>]*>', "", page)
    return re.sub(r'<i class="fa fa-([^"]+)"></i>', lambda found: _SIGNS[found[1]], page).encode()


def _film(figure: Any, show: Callable[[int], None], frames: int, frame_ms: int) -> Any:
    from matplotlib.animation import FuncAnimation

    return FuncAnimation(figure, show, frames=frames, interval=frame_ms)
