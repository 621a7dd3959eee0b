"""The recorded graph as a picture: folded to a size one can read, laid out by Graphviz."""

from autograd.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
