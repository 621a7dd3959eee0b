"""Run the Python blocks of README.md and from_pytorch.md, and write what each prints into the text block after it.

Files that the README's blocks save, the pictures, go to docs/pictures.
"""

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
FROM_PYTORCH = Path(__file__).with_name("from_pytorch.md")
PICTURES = Path(__file__).parent / "pictures"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def fresh(page: str, folder: Path) -> str:
    """The page with the output that its code has now; what the code saves goes to `folder`."""
    names: dict[str, object] = {}
    printed = ""

    def block(found: re.Match[str]) -> str:
        nonlocal printed
        language, text = found.groups()
        if language == "text":
            return f"```text\n{printed.strip()}\n```"
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(text, README.name, "exec"), names)
        printed = out.getvalue()
        return found[0]

    before = Path.cwd()
    os.chdir(folder)
    try:
        return BLOCK.sub(block, page)
    finally:
        os.chdir(before)


if __name__ == "__main__":
    README.write_text(fresh(README.read_text(encoding="utf-8"), PICTURES), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        page = fresh(FROM_PYTORCH.read_text(encoding="utf-8"), Path(folder))
    FROM_PYTORCH.write_text(page, encoding="utf-8")
