"""The chain rule read off a recorded graph, written out with its numbers as text, LaTeX and HTML."""

from autograd.derivation.derivation import Derivation, Part
from autograd.derivation.deriving import derive
from autograd.derivation.items import Edge, Path, PathForm, Step

__all__ = ["Derivation", "Edge", "Part", "Path", "PathForm", "Step", "derive"]
