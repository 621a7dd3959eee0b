"""Files written whole or not at all: into a temporary one beside the target, which then takes its place."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

_numbers = count()


def write_whole(target: Path, content: bytes) -> Path:
    """Write `content` to `target`; whatever happens, the file there is the old one or the new one. Gives the path.

    A link is followed, and the permissions of a file that is replaced are kept.
    """
    target = target.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}-{next(_numbers)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o777)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
