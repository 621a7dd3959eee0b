"""The chain rule read off a recorded graph, written out with its numbers as text, LaTeX and HTML."""

from autograd.derivation.derivation import Derivation
from autograd.derivation.deriving import derive
from autograd.derivation.exercises import Exercise, exercise
from autograd.derivation.growing import Growth, growth
from autograd.derivation.items import Edge, Path, PathForm, Step
from autograd.derivation.part import Part

__all__ = [
    "Derivation",
    "Edge",
    "Exercise",
    "Growth",
    "Part",
    "Path",
    "PathForm",
    "Step",
    "derive",
    "exercise",
    "growth",
]
