"""Flat arrays that are kept between calls: given to the program to be filled, and cut into views beforehand."""

from __future__ import annotations

from dataclasses import replace

from autograd.mode import Cell
from autograd.plan.flat import Layout
from autograd.plan.program import Atom, Program, Step, Variable
from autograd.plan.sides import Flat


def into_rooms(layout: Layout) -> Layout:
    """The layout with as many of its flat arrays as can be among the inputs, where they were among the outputs.

    The cells of these come last among those that are written.
    """
    program, outputs = layout.program, layout.program.outputs
    steps, filled, others = list(program.steps), list[tuple[Flat, Variable]](), list[tuple[Cell, Atom | None]]()
    for cell, atom in layout.made:
        if isinstance(cell, Flat) and isinstance(atom, Variable) and _fill(atom, steps):
            filled.append((cell, atom))
        else:
            others.append((cell, atom))
    return replace(
        layout,
        program=Program(
            (*program.inputs, *(atom for _, atom in filled)),
            tuple(steps),
            (*outputs[: layout.results], *(atom for _, atom in others if atom is not None)),
        ),
        writes=(*((cell, atom is not None) for cell, atom in others), *((cell, True) for cell, _ in filled)),
        rooms=tuple(cell for cell, _ in filled),
    )


def _fill(atom: Variable, steps: list[Step]) -> bool:
    """Drop the step that makes an array, or let it fill one that is given, if that can be; say whether."""
    place = next((i for i, step in enumerate(steps) if step.out is atom), None)
    if place is None:
        return False
    step = steps[place]
    if step.function == "np.empty":
        del steps[place]
        return True
    if not step.goes_by_element or step.keywords:
        return False
    steps[place] = replace(step, keywords={"out": step.out}, out=replace(step.out, name="done"))
    return True


def through_rooms(layout: Layout) -> Layout:
    """The layout with what leads to an array that is given computed there, one after the other, not in arrays between.

    That is so of an element-wise call that nobody reads but one that writes there.
    """
    program = layout.program
    rooms, readers = set(program.inputs), program.readers()
    steps = list(program.steps)
    place_of = {step.out: place for place, step in enumerate(steps)}
    for place in reversed(range(len(steps))):
        room = steps[place].keywords.get("out")
        if room not in rooms or not steps[place].goes_by_element:
            continue
        for atom in steps[place].arguments:
            before = place_of.get(atom) if isinstance(atom, Variable) else None
            if before is None or atom in program.outputs or len(readers[atom]) > 1 or steps[before].keywords:
                continue
            if steps[before].goes_by_element and (atom.shape, atom.dtype) == (room.shape, room.dtype):
                steps[before] = replace(steps[before], keywords={"out": room}, out=replace(atom, name="done"))
                given = tuple(room if each is atom else each for each in steps[place].arguments)
                steps[place] = replace(steps[place], arguments=given)
                break
    return replace(layout, program=replace(program, steps=tuple(steps)))


def with_views(layout: Layout) -> Layout:
    """The layout with views among the inputs, where the program cuts them out of flat arrays: all of one, or none."""
    program = layout.program
    kept = len(layout.reads) + len(layout.rooms)
    cells = (*layout.reads, *layout.rooms)
    flats = dict(zip(program.inputs[len(program.inputs) - kept :], cells, strict=True))
    cut = {step.out: step for step in program.steps if step.function == "[]" and step.arguments[0] in flats}
    shaped = {step.arguments[0]: step for step in program.steps if step.function == ".reshape()"}
    views: dict[Variable, dict[tuple[int, int], Variable]] = {}
    gone: set[int] = set()
    for part, step in cut.items():
        reshaping = shaped.get(part)
        if reshaping is not None and isinstance(flats[step.arguments[0]], Flat):
            views.setdefault(step.arguments[0], {})[step.arguments[1].start, step.arguments[1].stop] = reshaping.out
            gone |= {id(step), id(reshaping)}
    inputs = [each for flat, named in views.items() for each in _all_views(flats[flat], named)]
    steps = tuple(step for step in program.steps if id(step) not in gone)
    places = {variable: place for place, variable in enumerate(flats)}
    return replace(
        layout,
        program=Program((*program.inputs, *inputs), steps, program.outputs),
        views=tuple(places[flat] for flat in views),
    )


def _all_views(cell: Cell, named: dict[tuple[int, int], Variable]) -> list[Variable]:
    """The views of a flat array in order; what the program does not read has a name of its own."""
    assert isinstance(cell, Flat)
    return [named.get(ends) or Variable((), None, "unread") for ends in cell.ends]
