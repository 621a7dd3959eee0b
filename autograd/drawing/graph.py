"""A picture's graph as networkx has it, and as files that other programs read: GraphML and JSON, with nothing lost."""

from __future__ import annotations

import base64
import io
import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.drawing.view import View
from autograd.errors import ArgumentError
from autograd.optional import library

if TYPE_CHECKING:
    import networkx

_READABLE = 1000
"""An array of more entries is written as bytes in base64."""


def as_networkx(view: View) -> networkx.MultiDiGraph:
    """The nodes and edges of a view, with all that is known of them as attributes."""
    graph = _networkx().MultiDiGraph(remark=view.remark)
    for key, spot in view.spots.items():
        array = None if spot.value is None else np.asarray(spot.value)
        graph.add_node(
            key,
            role=spot.role,
            name=spot.title,
            operation=spot.operation,
            formula=spot.kind,
            value=spot.value,
            adjoint=spot.adjoint,
            shape=() if array is None else array.shape,
            dtype="" if array is None else str(array.dtype),
            module=spot.module,
            line=spot.line,
            details=spot.details,
            requires_grad=spot.requires_grad,
            nodes=spot.nodes,
            parameters=spot.parameters,
            gradient=spot.gradient,
        )
    for arrow in view.arrows:
        graph.add_edge(
            arrow.start, arrow.end, slot=arrow.slot, argument=arrow.argument, partial=arrow.partial, count=arrow.count
        )
    return graph


def _networkx() -> Any:
    """networkx. Raises: MissingDependencyError without it."""
    return library("networkx", "a networkx graph needs networkx: pip install networkx")


def graphml(graph: networkx.MultiDiGraph) -> bytes:
    """The graph as GraphML. What is no number, text or truth value there is written as JSON, marked as such."""
    out = io.BytesIO()
    _networkx().write_graphml(_changed(graph, _as_text), out)
    return out.getvalue()


def as_json(graph: networkx.MultiDiGraph) -> bytes:
    """The graph as JSON, in networkx' node-link form: exact, NaN and infinity included."""
    data = _networkx().node_link_data(_changed(graph, _as_data), edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def read(path: str | Path) -> networkx.MultiDiGraph:
    """A graph that a drawing saved as .json or .graphml: the same nodes, edges, attributes and types of these.

    Raises: ArgumentError for another suffix, or a file that is none.
    """
    source = Path(path)
    if source.suffix not in (".json", ".graphml"):
        raise ArgumentError(f"a graph is read from .json or .graphml; found {source.name!r}")
    try:
        if source.suffix == ".graphml":
            return _changed(_networkx().read_graphml(source, force_multigraph=True), _from_text)
        data = json.loads(source.read_text(encoding="utf-8"))
        return _changed(_networkx().node_link_graph(data, edges="edges"), _from_data)
    except (ValueError, KeyError, TypeError, _networkx().NetworkXError) as error:
        raise ArgumentError(f"{source.name} is no graph that a drawing has saved: {error}") from error


def _changed(graph: networkx.MultiDiGraph, change: Any) -> networkx.MultiDiGraph:
    """A graph with each attribute changed."""
    found = _networkx().MultiDiGraph(
        **{name: change(each) for name, each in graph.graph.items() if "default" not in name}
    )
    for node, attributes in graph.nodes(data=True):
        found.add_node(node, **{name: change(each) for name, each in attributes.items()})
    for start, end, key, attributes in graph.edges(keys=True, data=True):
        found.add_edge(start, end, key=int(key), **{name: change(each) for name, each in attributes.items()})
    return found


_MARK = "json:"


def _as_text(value: Any) -> Any:
    """What GraphML takes: a truth value, a whole number or a text as it is, else JSON after a mark."""
    if isinstance(value, bool | int) or (isinstance(value, str) and not value.startswith(_MARK) and _is_xml(value)):
        return value
    return _MARK + json.dumps(_as_data(value), ensure_ascii=True)


def _is_xml(text: str) -> bool:
    return all(each.isprintable() or each == " " for each in text)


def _from_text(value: Any) -> Any:
    return _from_data(json.loads(value[len(_MARK) :])) if isinstance(value, str) and value.startswith(_MARK) else value


def _as_data(value: Any) -> Any:
    """What JSON takes; numbers, arrays and tuples say what they are."""
    if value is None or isinstance(value, bool | int | str) or (type(value) is float and isfinite(value)):
        return value
    if isinstance(value, tuple | list):
        return {"tuple": [_as_data(each) for each in value]}
    array = np.asarray(value)
    told: dict[str, Any] = {"dtype": str(array.dtype), "shape": list(array.shape)}
    if array.size > _READABLE or array.dtype.kind not in "bif" or not np.isfinite(array).all():
        return told | {"base64": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()}
    return told | {"values": array.ravel().tolist()}


def _from_data(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "tuple" in value:
        return tuple(_from_data(each) for each in value["tuple"])
    if "base64" in value:
        flat = np.frombuffer(base64.b64decode(value["base64"]), dtype=value["dtype"])
    else:
        flat = np.array(value["values"], dtype=value["dtype"])
    return flat.reshape(value["shape"])[()]
