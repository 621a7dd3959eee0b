"""Files written whole or not at all: into a temporary one beside the target, which then takes its place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(target: Path, content: bytes) -> Path:
    """Write `content` to `target`; whatever happens, the file there is the old one or the new one. Gives the path."""
    target = target.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those of a new one."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
