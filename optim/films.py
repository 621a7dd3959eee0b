"""Films: pictures in motion as .gif or .html, or the last of them as .png, written whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import ArgumentError
from autograd.files import write_whole
from optim.curves import pyplot

_FRAME_MS = 250


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
    """A page with the frames in it, all of them: the library would leave out what is beyond 20 MB."""
    from matplotlib import rc_context

    with rc_context({"savefig.dpi": 72, "animation.embed_limit": 2**20}):
        page: str = film.to_jshtml()
    return page.encode()


def _film(figure: Any, show: Callable[[int], None], frames: int, frame_ms: int) -> Any:
    from matplotlib.animation import FuncAnimation

    return FuncAnimation(figure, show, frames=frames, interval=frame_ms)
