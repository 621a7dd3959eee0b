"""The recorded graph as a picture, and as a graph for networkx."""

from autograd.drawing.drawing import Drawing, draw
from autograd.drawing.graph import read as read_graph

__all__ = ["Drawing", "draw", "read_graph"]
