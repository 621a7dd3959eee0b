"""What a derivation consists of, as data: steps, edges and paths, each with its equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd.derivation.document import Equation
from autograd.node import Node
from autograd.notation import Formula


@dataclass(frozen=True, eq=False)
class Step:
    """A value of the forward pass, or an adjoint of the memo: computed once, read `reads` times.

    `paths`, of an adjoint, is how many paths go on from there, each of which would compute it again without the memo.
    """

    node: Node
    equation: Equation
    value: Any
    reads: int
    paths: int = 0


@dataclass(frozen=True, eq=False)
class Edge:
    """The derivative of a step by one station it was made from: its symbol, what the rules make of it, the number.

    It is the derivative through one operand slot, or through all unnamed steps between the two (`slot` None);
    `recorded` is the graph of its formula, a number if it is one.
    """

    step: Node
    source: Node
    slot: int | None
    symbol: Formula
    formula: Formula | None
    value: Any
    equation: Equation
    recorded: Any = None


@dataclass(frozen=True, eq=False)
class Path:
    """One way from the root down to what it is derived by, and what it contributes."""

    edges: tuple[Edge, ...]
    value: Any
    equation: Equation


@dataclass(frozen=True, eq=False)
class PathForm:
    """A derivative as a sum over paths: the equation, the paths it shows, how many there are, what the others add."""

    wrt: Node
    equation: Equation
    paths: tuple[Path, ...]
    count: int
    remaining: Any
