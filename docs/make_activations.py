"""Write docs/activations.md from the activations that a model may be asked for by name: formulas, slopes, numbers.

What is said stands in the docstrings of the modules, else of their operations; the numbers are computed, the slopes by
the engine.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import autograd
from autograd import Tensor
from nn.activation import AlongAxis
from nn.learned import BY_NAME, activation_named
from nn.module import Module

PLACE = Path(__file__).with_name("activations.md")
AT = (-2.0, -0.5, 0.0, 0.5, 2.0)
POINTS = ", ".join(f"{each:g}" for each in AT)
OPENING = f"""\
# Activations

Every activation that `nn.MLP` takes by name, with its module and that one's defaults, its formula and its derivative,
its range, and how smooth it is ($C^k$: k times continuously differentiable). `make docs` writes this page from the
code, and a test says when it is out of date; `nn.plot_activation(name)` draws the curves. The numbers are values and,
below them, derivatives as the engine computes them, at {POINTS}, with the defaults: $\\alpha$, $\\beta$ and
$\\lambda$ are `alpha`, `beta` and `lambd`, the slope of RReLU is the mean of its bounds, and the hinges of APL are
those that `rng=0` draws.

**Which one.** In hidden layers ReLU, or a smooth relative of it (GELU, SiLU), is the usual choice, in convolutional
networks above all; tanh and sigmoid are at home in recurrent ones, where a bounded state is wanted. The last layer is
chosen by the task: none (linear) for regression, sigmoid for yes or no and for several labels at once, softmax for
one of many classes; `binary_cross_entropy_with_logits` and `cross_entropy` contain theirs. A unit of ReLU that is
below 0 for all data has no gradient any more: leaky ReLU, PReLU, ELU leave it one.
"""
HEAD = "| name | module | what it is | derivative | range | smoothness | numbers |\n|---|---|---|---|---|---|---|\n"
OPERATIONS = {"prelu": "prelu", "rrelu": "prelu", "leaky_relu": "leaky_relu", "swish": "silu", "elliotsig": "softsign"}


def page() -> str:
    """The whole file."""
    return "\n".join([OPENING, HEAD + "\n".join(rows()) + "\n"])


def rows() -> Iterator[str]:
    """A row for each activation, with all its names."""
    names: dict[Any, list[str]] = {}
    for name, kind in BY_NAME.items():
        names.setdefault(kind, []).append(name)
    for kind, known in names.items():
        name = known[0]
        operation = getattr(autograd, OPERATIONS.get(name, name), None)
        texts = [inspect.getdoc(each) or "" for each in (kind, operation) if each is not None]
        cells = [about(kind), *(told(texts, part) for part in ("Derivative", "Range", "Smoothness"))]
        shown = ", ".join(f"`{each}`" for each in known)
        yield f"| {shown} | `{call(kind)}` | " + " | ".join([*cells, numbers(activation_named(name, rng=0))]) + " |"


def call(kind: type[Module]) -> str:
    """The module with its defaults, as one makes it."""
    defaults = [
        f"{each.name}={each.default:.4g}" if isinstance(each.default, float) else f"{each.name}={each.default!r}"
        for each in inspect.signature(kind).parameters.values()
        if each.kind == each.POSITIONAL_OR_KEYWORD
    ]
    return f"nn.{kind.__name__}({', '.join(defaults)})" if defaults else f"nn.{kind.__name__}"


def about(kind: type[Module]) -> str:
    """The first sentence of the module."""
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].partition(" Shapes:")[0].split()).replace(
        "|", "\\|"
    )


def told(texts: list[str], part: str) -> str:
    """What the first of some docstrings to have a heading says under it."""
    found = (re.search(rf"{part}: (.*?)\.(?= [A-Z]\w+:| *$)", " ".join(text.split())) for text in texts)
    return next((each[1].replace("|", "\\|") for each in found if each), "")


def numbers(module: Module) -> str:
    """Values and derivatives at some points, of the activations of single numbers."""
    if isinstance(module, AlongAxis):
        return ""
    x = Tensor(np.array(AT)[:, None], requires_grad=True)
    out = module.eval()(x)
    (out * 1.0).sum().backward()
    return "<br>".join(" ".join(f"{float(each) + 0.0:.3g}" for each in row.ravel()) for row in (out.numpy(), x.grad))


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
