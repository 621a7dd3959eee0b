"""One real run of a function, recorded as a whole: backward pass, updates and draws included.

While it runs nothing outside changes: new values of leaves stand in the trace, and are written once it is over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.contribution import conjugated
from autograd.errors import CompileError, GraphError
from autograd.mode import Cell, Owner, Recording, current_mode, no_grad
from autograd.node import Node, ancestors, keep_step, leaf, next_order, sources_of
from autograd.operations.arithmetic import positive
from autograd.operations.shaping import astype
from autograd.plan.cells import Captured, Data, Gradient, Lent, Row, passing, refuse_changed
from autograd.plan.kinds import Array, Nonzero, Number, instead_of
from autograd.plan.views import Views
from autograd.provenance import here
from autograd.reverse import pull_back, seed_of, sweep
from autograd.tensor import Tensor


class Trace(Recording):
    """What the engine tells of a run. `grouped` may put another root in the place of one."""

    def __init__(self, grouped: Callable[[Trace, Node], Node] = lambda _, root: root) -> None:
        self.grouped = grouped
        self.started = next_order()
        self.cells: dict[Cell, Node] = {}
        self.writes: dict[Cell, Node | None] = {}
        self.watched: list[tuple[Row, list[Any]]] = []
        self.draws: list[Node] = []
        self.owners: dict[Owner, bool] = {}
        self.backwards: list[tuple[int, int]] = []
        self.adjoints: dict[Node, Node] = {}
        self.arguments: list[Node] = []
        self.lent: dict[Node, Lent] = {}
        """What stands for each leaf among the arguments, as the cells hold it."""
        self.results_given: set[Node] = set()
        """The arguments that are results of what was recorded before."""
        self.elements: dict[Node, tuple[Node, int]] = {}
        self.owed: list[tuple[dict[Node, int], Any]] = []  # places of nodes in the adjoints of a block, until asked for
        self.texts: list[Any] = []
        self._stands: dict[Node, Node] = {}
        self._leaf_of: dict[Node, Node] = {}
        self._grads_before: dict[Node, Any] = {}
        self._asked: set[Node] = set()
        self._views = Views()
        self._copies: list[tuple[Any, Any]] = []

    def given(self, arguments: Sequence[Node]) -> None:
        """Begin with these arguments."""
        self.arguments += arguments
        self._stands.update(zip(arguments, arguments, strict=True))
        self.started = next_order()

    # -- what the engine tells -----------------------------------------------------------------------------------

    def operand(self, argument: Any) -> Any:
        """A leaf from outside is read from its cell; so is an array that somebody may write to."""
        if isinstance(argument, Node):
            return self._standing(argument)
        if not isinstance(argument, np.ndarray) or argument.dtype.kind not in "biufc":
            return argument
        return self._captured(argument) if argument.flags.writeable or argument.base is not None else argument

    def _standing(self, node: Node) -> Node:
        found = self._stands.get(node)
        if found is not None:
            return found
        if node.order < self.started:
            if node.operation is None:
                self.cells[Data(node)] = self._stands[node] = node
            elif node.requires_grad:
                raise GraphError(
                    f"a compiled function read the result of '{node.operation.name}', recorded before it ran, at "
                    f"{here()}; compute it within the function, or pass it as an argument"
                )
        return node

    def _captured(self, array: Any) -> Node:
        cell = Captured(array)
        if cell not in self.cells:
            self.cells[cell] = leaf(Array, array.copy(order="K")[()])
            self._copies.append((array, self.cells[cell].value))
        return self.cells[cell]

    def operands(self, arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
        """The least kind: with any other argument it makes that one's."""
        kind = Number if any(isinstance(each, Number) for each in arguments) else Array
        return tuple(map(self.operand, arguments)), kind

    def made(self, node: Node, sources: Sequence[Node | None]) -> None:
        """A view and what it is of are not written over."""
        self._views.note(node, sources)

    def write_over(self, node: Any, new: Any) -> Any:
        """The node stands for other values from here on."""
        self._stands[node] = self._views.written(node, new, self.started)
        return node

    def entered(self, owner: Owner) -> None:
        """Its mode, as it enters, is part of what the plan is for."""
        self.owners.setdefault(owner, owner.training)

    def drawn(self, node: Node) -> None:
        """Keep it, and where that was."""
        node.place = here()
        self.draws.append(node)

    def leaves(self, node: Any, how: str) -> None:
        """Fine for what is the same in every call."""
        if self.varies(node):
            raise CompileError(
                f"a compiled function asks for the plain value of a tensor that varies between calls, by {how}, at "
                f"{here()}; {instead_of(how)}"
            )

    def varies(self, node: Node) -> bool:
        """Whether a node depends on an argument, a cell or a draw."""
        reached = ancestors(self._standing(node), constants=True)  # which makes a cell of a leaf
        given = {*self.cells.values(), *self.arguments, *self.draws}
        return any(each in given for each in reached)

    def data(self, leaf: Any) -> Any:
        """A node with no gradient."""
        with no_grad():
            made = self.plain(positive(leaf))
        self._views.hold(made, lambda: self._stands.get(leaf), lambda new: self.assign(leaf, new))
        return made

    def plain(self, found: Any) -> Any:
        """A node of its own kind."""
        made = leaf(Array, found.value, requires_grad=found.requires_grad and current_mode()[0])
        keep_step(made, positive, [found], [found.value], None, None)
        return made

    def assign(self, leaf_: Any, new: Any) -> None:
        """Stand-ins take their gradients to the leaf they stand for."""
        self._standing(leaf_)
        new = self.operand(new) if isinstance(new, Node) else leaf(Tensor, new)
        with no_grad():
            new = self.plain(new) if new.requires_grad else new
            new = astype(new, dtype=leaf_.value.dtype) if new.value.dtype != leaf_.value.dtype else new
        stand_in = leaf(type(leaf_), new.value, requires_grad=leaf_.requires_grad)
        keep_step(stand_in, positive, [new], [new.value], None, None)
        self._stands[leaf_] = stand_in
        self._leaf_of[stand_in] = leaf_
        if leaf_.order < self.started:
            self.writes[Data(self._holder(leaf_))] = new

    def _holder(self, leaf_: Any) -> Any:
        """What has its values and its gradient: of an argument another tensor at each call."""
        return self.lent.get(leaf_, leaf_)

    def gradient(self, leaf_: Any) -> Any:
        """An array that may be written to."""
        found = self._gradient(leaf_)
        if isinstance(found, Node):
            self._views.hold(found, lambda: leaf_.stored_grad, lambda new: self.set_gradient(leaf_, new))
        return found

    def _gradient(self, leaf_: Any) -> Any:
        """An input of the plan, if it is an array from before the run; where there is none, that is a condition."""
        with no_grad():
            for adjoint in [adjoints[places.pop(leaf_)] for places, adjoints in self.owed if leaf_ in places]:
                self._deliver(leaf_, adjoint)
        held, cell = leaf_.stored_grad, Gradient(self._holder(leaf_))
        self._asked.add(leaf_)
        if isinstance(held, Node) or leaf_ in self._grads_before:
            return held
        if isinstance(held, np.ndarray | np.generic):
            return self.cells.setdefault(cell, leaf(Array, held))
        if leaf_.order < self.started:
            name = leaf_.name or "a parameter"
            self.watch([cell], f"{name} has another gradient, or none", Gradient.constant)
        return held

    def set_gradient(self, leaf_: Any, new: Any) -> None:
        """An output of the plan: the leaf has it, or None, once the run is over."""
        for places, _ in self.owed:
            places.pop(leaf_, None)
        self._grads_before.setdefault(leaf_, leaf_.stored_grad)
        new = self._stands.get(new, new) if isinstance(new, Node) else new
        leaf_.stored_grad = leaf(Array, new) if isinstance(new, np.ndarray | np.generic) else new

    def backward(self, root: Any, gradient: Any) -> None:
        """As `Tensor.backward`, on nodes."""
        root = self._standing(root)
        if not root.requires_grad:
            sweep(root)
        root = self.grouped(self, root)
        began = next_order()
        with no_grad():
            seed = seed_of(root, gradient)
            seed = seed if isinstance(seed, Node) else leaf(Tensor, seed)
            for node, adjoint in self._pulled(root, conjugated(seed)):
                if isinstance(adjoint, Node):
                    self.adjoints.setdefault(adjoint, self._leaf_of.get(node, node))
                if node in self._leaf_of or node.retains or not any(each.requires_grad for each in sources_of(node)):
                    self._deliver(self._leaf_of.get(node, node), conjugated(adjoint))
        self.backwards.append((began, next_order()))

    def _pulled(self, root: Any, seed: Any) -> Iterable[tuple[Node, Any]]:
        """The adjoints, by rules that read what the steps have read, also of leaves that hold something else by now."""
        stands, self._stands = self._stands, {each: each for each in self._stands}
        try:
            return pull_back(root, seed, create_graph=True)
        finally:
            self._stands.update(stands)

    def _deliver(self, node: Any, adjoint: Any) -> None:
        if node in self.results_given:
            raise GraphError(
                "backward() in a compiled function came to an argument that is a result of operations, and cannot go "
                "on into what was recorded before; pass a leaf, or compute it within the function"
            )
        before = self._gradient(node)
        adjoint = adjoint if isinstance(adjoint, Node) else leaf(Tensor, adjoint)
        nothing = before is None or (isinstance(before, int | float) and before == 0)
        total = self.plain(adjoint if nothing else before + adjoint)
        self.adjoints[total] = node
        self.set_gradient(node, total)

    # -- what optimizers tell ------------------------------------------------------------------------------------

    def read(self, cell: Cell) -> Any:
        """An input of the plan; after a write in this run, what was written."""
        if cell in self.writes:
            return self.writes[cell]
        if cell not in self.cells:
            value = cell.read()
            number = isinstance(value, int | float) and not isinstance(value, np.generic)
            kind = Nonzero if cell.nonzero else Number
            self.cells[cell] = kind(value) if number else leaf(Array, value)
        return self.cells[cell]

    def write(self, cell: Cell, new: Any) -> None:
        """An output of the plan."""
        self.writes[cell] = new if isinstance(new, Node) else leaf(Tensor, new)

    def watch(self, held: Collection[Any], changed: str, of: Callable[[Any], Any] | None = None) -> None:
        """A condition of the plan."""
        row = Row(held, changed, of)
        self.watched.append((row, row.now()))

    # -- the end -------------------------------------------------------------------------------------------------

    def finish(self, in_sight: Sequence[Any] = ()) -> None:
        """Gather the gradients that leaves from outside have now, and look at what the run did by itself.

        State of what was made within the run, and is not `in_sight` after it, is of this run alone.
        Raises: CompileError if it wrote to an array that it had read, or changed a number.
        """
        numbers = [(cell, node.value) for cell, node in self.cells.items() if isinstance(node, Number)]
        refuse_changed([(cell, before) for cell, before in numbers if cell not in self.writes])
        for cells in (self.cells, self.writes):
            for cell in [each for each in cells if self._is_passing(each, in_sight)]:
                del cells[cell]
        leaves = [cell.leaf for cell in self.cells if isinstance(cell, Data)]
        for name in ("requires_grad", "hooks"):
            self.watch(leaves, "a parameter is frozen or free, or has other hooks", attrgetter(name))
        for captured in passing(self._copies):
            del self.cells[captured]
        for node in self._grads_before:
            if node.order < self.started:
                held = node.stored_grad
                kept = held is None or isinstance(held, Node)
                self.writes[Gradient(self._holder(node))] = held if kept else leaf(Number, held)

    def _is_passing(self, cell: Cell, in_sight: Sequence[Any]) -> bool:
        of = cell.belongs_to
        return of is not None and of.order >= self.started and not any(each is of for each in in_sight)

    def leaves_seen(self) -> list[Any]:
        """The leaves from around the function that it has read or written, or for whose gradient it has asked."""
        held = [cell.leaf for cell in (*self.cells, *self.writes) if isinstance(cell, Data | Gradient)]
        asked = [each for each in self._asked if each not in self.lent and each.order < self.started]
        return [*asked, *(each for each in held if not isinstance(each, Lent))]

    def restore(self) -> None:
        """Give leaves back the gradients they had."""
        for node, before in self._grads_before.items():
            node.stored_grad = before
