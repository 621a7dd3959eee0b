"""Parameters side by side: what is done to each of them alike, element by element, is done to all in one row at once.

An optimizer moves each parameter by the same few calls. Such lanes are found in the program by their form; what they
read and write is laid in one flat array each, of which the parameters, memories and gradients are views.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from autograd.mode import Cell
from autograd.plan.cells import Data
from autograd.plan.program import Atom, Constant, Program, Step, Variable
from autograd.plan.sides import Flat


@dataclass(frozen=True)
class Lane:
    """What one parameter goes through: its steps in order, what they read of its own, and a form to compare."""

    steps: tuple[Step, ...]
    inputs: tuple[Variable, ...]
    form: Any


@dataclass(frozen=True)
class Layout:
    """A program with the cells it reads and writes."""

    program: Program
    reads: tuple[Cell, ...]
    writes: tuple[tuple[Cell, bool], ...]
    rooms: tuple[Flat, ...] = ()
    """What gives the arrays that it fills: inputs after those that are read."""
    views: tuple[int, ...] = ()
    """Which of these two, counted together, are given with their views: the last inputs."""

    @property
    def results(self) -> int:
        """How many outputs are results: the first ones. The others are written."""
        return len(self.program.outputs) - sum(kept for _, kept in self.writes)

    @property
    def written(self) -> tuple[Atom, ...]:
        """The outputs that are written."""
        return self.program.outputs[self.results :]

    @property
    def made(self) -> list[tuple[Cell, Atom | None]]:
        """What is written to each cell: None where that is None."""
        coming = iter(self.written)
        return [(cell, next(coming) if kept else None) for cell, kept in self.writes]

    @property
    def read(self) -> tuple[Variable, ...]:
        """The inputs for what is read, while these are the last."""
        return self.program.inputs[len(self.program.inputs) - len(self.reads) :]


def flattened(layout: Layout) -> Layout:
    """The same with like lanes side by side."""
    made = {step.out: step for step in layout.program.steps}
    lanes: dict[Any, list[Lane]] = {}
    taken: set[Variable] = set()
    outputs = [each for each in layout.written if isinstance(each, Variable)]
    found = [_lane(output, layout, made) for output in dict.fromkeys(outputs)]
    for lane in sorted((each for each in found if each is not None), key=lambda each: -len(each.steps)):
        if not taken & {step.out for step in lane.steps}:
            taken |= {step.out for step in lane.steps}
            lanes.setdefault(lane.form, []).append(lane)
    for alike in lanes.values():
        if len(alike) > 1 and _can_be_joined(alike, layout):
            layout = _joined(alike, layout)
    return layout


def _lane(output: Variable, layout: Layout, made: dict[Variable, Step]) -> Lane | None:
    """The steps that lead to an output, as far as they go element by element over its shape."""
    if not output.shape:
        return None
    outs: set[Variable] = set()
    waiting: list[Atom] = [output]
    while waiting:
        atom = waiting.pop()
        step = made.get(atom) if isinstance(atom, Variable) and atom not in outs else None
        if step is not None and step.out.shape == output.shape and step.goes_by_element and not step.keywords:
            outs.add(step.out)
            waiting.extend(step.reads())
    steps = tuple(step for step in layout.program.steps if step.out in outs)
    places: dict[Atom, Any] = {step.out: ("step", place) for place, step in enumerate(steps)}
    inputs: dict[Variable, int] = {}
    form = [
        (step.function, step.out.dtype.str, [_place(each, places, inputs) for each in step.arguments]) for step in steps
    ]
    fits = all(each.shape == output.shape for each in inputs)
    return Lane(steps, tuple(inputs), repr(form)) if steps and fits else None


def _place(part: Any, places: dict[Atom, Any], inputs: dict[Variable, int]) -> Any:
    """What an argument is to a lane: one of its steps, an input of its own, or what all lanes share."""
    if isinstance(part, Constant):
        return ("constant", id(part))
    if not isinstance(part, Variable):
        return ("number", repr(part))
    if part in places:
        return places[part]
    if part.shape == ():
        return ("shared", part.serial)
    return ("own", inputs.setdefault(part, len(inputs)), part.dtype.str)


def _can_be_joined(lanes: list[Lane], layout: Layout) -> bool:
    """Whether nobody else reads what the lanes make, and each input is of one sort in all of them."""
    own = {id(step) for lane in lanes for step in lane.steps}
    makes = {step.out for lane in lanes for step in lane.steps}
    if any(atom in makes for step in layout.program.steps if id(step) not in own for atom in step.reads()):
        return False
    given = set(layout.program.inputs)
    written = {cell for cell, _ in layout.writes}
    cells = zip(layout.read, layout.reads, strict=True)
    if any(cell not in written for variable, cell in cells for lane in lanes if variable in lane.inputs):
        return False  # it would be laid side by side anew at each call
    sorts = [tuple(each in given for each in lane.inputs) for lane in lanes]
    distinct = [each for lane in lanes for each in lane.inputs]
    if {step.out for step in layout.program.steps if "out" in step.keywords} & set(distinct):
        return False  # its makers write it into other lanes' flat array already
    results = layout.program.outputs[: layout.results]
    alike = len(set(sorts)) == 1 and len(set(distinct)) == len(distinct) and not makes & set(results)
    return alike and _written_alike(lanes, layout)


def _written_alike(lanes: list[Lane], layout: Layout) -> bool:
    """Whether what a step makes is written to one cell in every lane, or to none in any."""
    times = Counter(layout.written)
    found = [{times[lane.steps[place].out] for lane in lanes} for place in range(len(lanes[0].steps))]
    return all(each in ({0}, {1}) for each in found)


def _joined(lanes: list[Lane], layout: Layout) -> Layout:
    return _Joining(lanes, layout).layout()


class _Joining:
    """Rewrites a program so that some lanes run as one."""

    def __init__(self, lanes: list[Lane], layout: Layout) -> None:
        self._lanes, self._old = lanes, layout
        self._shapes = [lane.steps[-1].out.shape for lane in lanes]
        self._total = sum(map(prod, self._shapes))
        self._cell_of = dict(zip(layout.read, layout.reads, strict=True))
        self._new_parameters = {atom for cell, atom in layout.made if isinstance(cell, Data)}
        self._written_memories = {atom for cell, atom in layout.made if not isinstance(cell, Data)}
        self._before: list[Step] = []
        self._out_of: dict[Variable, Variable] = {}
        self._flat_of: dict[Variable, Variable] = {}
        self._flat_cells: dict[tuple[Cell, ...], tuple[Flat, Variable]] = {}

    def layout(self) -> Layout:
        inputs = enumerate(self._lanes[0].inputs)
        for place, first in sorted(inputs, key=lambda each: not isinstance(self._cell_of.get(each[1]), Data)):
            self._lay(place, first)
        fused = [self._fused(place) for place in range(len(self._lanes[0].steps))]
        reads, given = self._reads()
        writes, outputs = self._writes()
        own = {id(step) for lane in self._lanes for step in lane.steps}
        rest = [part for step in self._old.program.steps if id(step) not in own for part in self._into_view(step)]
        program = Program(given, (*self._before, *rest, *fused), outputs)
        return Layout(program, reads, writes)

    def _lay(self, place: int, first: Variable) -> None:
        """Lay an input of every lane side by side: a flat cell, or a flat array that its makers write into."""
        own = [lane.inputs[place] for lane in self._lanes]
        flat = Variable((self._total,), first.dtype, self._name(first))
        if first in self._cell_of:
            cells = tuple(self._cell_of[each] for each in own)
            self._flat_cells[cells] = (Flat(cells, self._shapes, flat.dtype, flat.name), flat)
        else:
            self._before.append(Step("np.empty", (self._total, first.dtype), {}, flat, "views"))
        start = 0
        for each in own:
            stop = start + prod(each.shape)
            view = each if first in self._cell_of else Variable(each.shape, each.dtype, each.name)
            part = Variable((stop - start,), each.dtype, "part")
            self._before.append(Step("[]", (flat, slice(start, stop)), {}, part, "views"))
            self._before.append(Step(".reshape()", (part, each.shape), {}, view, "views"))
            if view is not each:
                self._out_of[each] = view
            self._flat_of[each] = flat
            start = stop

    def _name(self, variable: Variable) -> str:
        cell = self._cell_of.get(variable)
        if cell is None:
            return "gradients" if variable.name.startswith("grad_") else f"all_{variable.name}"
        return "parameters" if isinstance(cell, Data) else f"{cell.name}s"

    def _into_view(self, step: Step) -> list[Step]:
        """The step that makes a laid input writes it to its view."""
        view = self._out_of.get(step.out)
        if view is None:
            return [step]
        if step.ufunc is not None:
            return [replace(step, keywords={**step.keywords, "out": view})]
        made = Variable(view.shape, view.dtype, view.name)
        return [
            replace(step, out=made),
            Step("np.copyto", (view, made), {"out": view}, step.out, step.phase, step.scope),
        ]

    def _fused(self, place: int) -> Step:
        step = self._lanes[0].steps[place]
        name = "new_parameters" if step.out in self._new_parameters else step.out.name
        name = f"{name}s" if step.out in self._written_memories else name
        self._flat_of[step.out] = Variable((self._total,), step.out.dtype, name)
        moved = step.with_atoms(lambda atom: self._flat_of.get(atom, atom) if isinstance(atom, Variable) else atom)
        return replace(moved, out=self._flat_of[step.out], phase="update")

    def _reads(self) -> tuple[tuple[Cell, ...], tuple[Variable, ...]]:
        flat = {cell for cells in self._flat_cells for cell in cells}
        kept = [(variable, cell) for variable, cell in self._cell_of.items() if cell not in flat]
        laid = [(variable, cell) for cell, variable in self._flat_cells.values()]
        given = self._old.program.inputs[: len(self._old.program.inputs) - len(self._old.reads)]
        both = [*laid, *kept]
        return tuple(cell for _, cell in both), (*given, *(variable for variable, _ in both))

    def _writes(self) -> tuple[tuple[tuple[Cell, bool], ...], tuple[Atom, ...]]:
        """Writes of what a step of every lane makes, or of a laid input, are one write of the flat array."""
        made = self._old.made
        groups: dict[int, list[Variable]] = {}
        for place in range(len(self._lanes[0].steps)):
            groups[self._flat_of[self._lanes[0].steps[place].out].serial] = [
                lane.steps[place].out for lane in self._lanes
            ]
        for place, first in enumerate(self._lanes[0].inputs):
            if first not in self._cell_of:
                groups[self._flat_of[first].serial] = [lane.inputs[place] for lane in self._lanes]
        flat_by_serial = {flat.serial: flat for flat in self._flat_of.values()}
        written: list[tuple[Cell, Atom | None]] = []
        done: set[int] = set()
        for serial, own in groups.items():
            cells = [next((cell for cell, atom in made if atom is each), None) for each in own]
            if None not in cells:
                known = tuple(cell for cell in cells if cell is not None)
                flat = flat_by_serial[serial]
                held = self._flat_cells.get(known)
                written.append((held[0] if held else Flat(known, self._shapes, flat.dtype, "gradients"), flat))
                done |= {id(cell) for cell in known}
        written += [(cell, atom) for cell, atom in made if id(cell) not in done]
        atoms = [atom for _, atom in written if atom is not None]
        results = self._old.program.outputs[: self._old.results]
        return tuple((cell, atom is not None) for cell, atom in written), (*results, *atoms)
