"""The recorded graph as a picture, and as a graph for networkx."""

from autograd.drawing.drawing import Drawing, draw
from autograd.drawing.graph import read as read_graph
from autograd.drawing.picture import Picture

__all__ = ["Drawing", "Picture", "draw", "read_graph"]
