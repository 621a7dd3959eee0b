"""Graphviz, wherever it is: the program `dot` if there is one, else the pygraphviz wheel, which carries it."""

from __future__ import annotations

import shutil
import subprocess

from autograd.errors import DrawingError
from autograd.optional import library

_SECONDS = 20.0


def render(dot: str, form: str) -> bytes:
    """The picture as svg, png or pdf.

    Raises: MissingDependencyError if there is no Graphviz; DrawingError if it fails, or takes longer than 20 s.
    """
    program = shutil.which("dot")
    return _by_program(program, dot, form) if program else _in_process(dot, form)


def _by_program(program: str, dot: str, form: str) -> bytes:
    try:
        done = subprocess.run(
            [program, f"-T{form}"], input=dot.encode(), capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise DrawingError(
            f"Graphviz took longer than {_SECONDS:.0f} s; fold further with a smaller max_nodes"
        ) from error
    except subprocess.CalledProcessError as error:
        raise DrawingError(f"Graphviz failed: {error.stderr.decode(errors='replace').strip()}") from error
    return done.stdout


def _in_process(dot: str, form: str) -> bytes:
    pygraphviz = library(
        "pygraphviz",
        "a picture needs Graphviz, and neither the program 'dot' nor pygraphviz is installed: "
        "pip install 'memograd[draw]', or install Graphviz; .dot and .to_networkx() need neither",
    )
    found: bytes = pygraphviz.AGraph(string=dot).draw(format=form, prog="dot")
    return found
