"""Parameters side by side in one row: a rule that goes element by element moves them all in one call.

Calls cost more than arithmetic where parameters are small. Large ones, which would only be copied, are moved alone, and
a row is no longer than what stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import ArgumentError, ShapeError, Tensor, astype, broadcast_to

if TYPE_CHECKING:
    from optim.update_rule import UpdateRule

_SMALL, _ROW = 2**13, 2**16
"""Elements of a parameter that is laid in a row, and of a row, at most."""
_value = attrgetter("value")


class Row:
    """Parameters of one dtype that have made as many steps. New values are new arrays, since graphs hold the old ones.

    Memories belong to the row and are written in place: the rule's `kept` has views of them. Nobody else may hold
    these, so a row ends when `kept` has been given something else, and when a run is recorded.
    """

    def __init__(self, rule: UpdateRule, parameters: Sequence[Tensor], hyper: Mapping[str, Any]) -> None:
        self.rule, self.parameters = rule, parameters
        self._shapes = [each.shape for each in parameters]
        ends = np.cumsum([0, *map(prod, self._shapes)]).tolist()
        self._places = list(map(slice, ends, ends[1:]))
        self._has_numbers = () in self._shapes
        self._values = list(map(_value, parameters))
        self._flat = _side_by_side(self._values)
        kept = [rule.memory_of(each, hyper) for each in parameters]
        self._memory = [
            None
            if any(each is None for each in several)
            else _side_by_side(several)  # some may have one of old options
            for several in zip(*kept, strict=True)
        ]
        self._all_used = all(each is not None for each in self._memory)
        views = [[None] * len(parameters) if each is None else self._views(each) for each in self._memory]
        self._kept = [list(several) for several in zip(*views, strict=True)] or [[] for _ in parameters]
        rule.kept.update(zip(parameters, self._kept, strict=True))

    def _views(self, flat: Any) -> list[Any]:
        return [flat[place].reshape(shape) for place, shape in zip(self._places, self._shapes, strict=True)]

    def is_whole(self, hyper: Mapping[str, Any]) -> bool:
        """Whether it still holds what is kept for its parameters, in their dtype, and all that is needed now."""
        kept, counts = self.rule.kept, self.rule.counts
        same = all(map(is_, map(kept.get, self.parameters), self._kept))
        together = len(set(map(counts.get, self.parameters))) == 1
        complete = self._all_used or self.rule.is_complete(self._memory, self._flat, hyper)
        return same and together and complete and (self._is_held() or self._is_in_their_dtype())

    def move(self, hyper: Mapping[str, Any]) -> None:
        """One step for all."""
        step = self.rule.counts.get(self.parameters[0], 0) + 1
        new, memory = self.rule.update(self._value(), self._gradient(), self._memory, step, hyper)
        for held, now in zip(self._memory, memory, strict=True):
            if held is not None and now is not None:
                held[...] = now
        self._flat, views = new, self._views(new)
        self._values = [each[()] for each in views] if self._has_numbers else views
        for parameter, view in zip(self.parameters, self._values, strict=True):
            parameter.value = view  # no run is recorded here, and what was lent out has been read by _value
        self.rule.counts.update(dict.fromkeys(self.parameters, step))

    def _value(self) -> Any:
        """The row itself, if every parameter still has the value that it is made of."""
        if not self._is_held():
            self._flat = _side_by_side(list(map(_value, self.parameters)))
        return self._flat

    def _is_held(self) -> bool:
        return all(map(is_, map(_value, self.parameters), self._values))

    def _is_in_their_dtype(self) -> bool:
        return {each.value.dtype for each in self.parameters} == {self._flat.dtype}

    def _gradient(self) -> Any:
        given = [each.stored_grad for each in self.parameters]
        if [getattr(each, "shape", None) for each in given] == self._shapes:
            row = _side_by_side(given)
            if row.dtype == self._flat.dtype:
                return row
        return _side_by_side([fitting(*both) for both in zip(given, self.parameters, strict=True)])  # set by hand


class Layout:
    """How the parameters of a group are moved: small ones in rows if the rule goes by element, the others alone."""

    def __init__(self, rule: UpdateRule, parameters: list[Tensor], hyper: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self.alone, self.large, self.rows = parameters, list[Tensor](), list[Row]()
        if rule.by_element:
            small = [each for each in parameters if each.size <= _SMALL]
            self.alone, self.large = [], [each for each in parameters if each.size > _SMALL]
            self.rows = [Row(rule, row, hyper) for row in _in_rows(rule, small)]

    def is_of(self, parameters: list[Tensor], hyper: Mapping[str, Any]) -> bool:
        """Whether it is for these parameters, and nothing was changed from outside."""
        same = len(parameters) == len(self._parameters) and all(map(is_, parameters, self._parameters))
        return same and all(row.is_whole(hyper) for row in self.rows)


def _in_rows(rule: UpdateRule, parameters: Iterable[Tensor]) -> list[list[Tensor]]:
    """Parameters of one dtype that have made as many steps together, as long as the row is not too long."""
    rows: list[list[Tensor]] = []
    filling: dict[Any, tuple[list[Tensor], int]] = {}
    for each in parameters:
        like = each.dtype, rule.counts.get(each, 0)
        row, length = filling.get(like, ([], 0))
        if not row or length + each.size > _ROW:
            row, length = [], 0
            rows.append(row)
        row.append(each)
        filling[like] = row, length + each.size
    return rows


def _side_by_side(arrays: Sequence[Any]) -> Any:
    """A new array of all elements."""
    return np.concatenate([each.ravel() for each in arrays])


def fitting(gradient: Any, parameter: Tensor) -> Any:
    """A gradient in the shape and dtype of its parameter: set by hand, it may be a number that counts for each element.

    Raises: ShapeError for any other shape; ArgumentError for complex numbers where the parameter is real.
    """
    shape, dtype = parameter.shape, parameter.dtype
    if getattr(gradient, "shape", None) == shape and gradient.dtype == dtype:
        return gradient
    if np.shape(gradient) not in ((), shape):
        raise ShapeError(f"a parameter of shape {shape} has a gradient of shape {np.shape(gradient)}; give it the same")
    if np.iscomplexobj(gradient) and dtype.kind != "c":
        raise ArgumentError(f"a parameter of {dtype} has a complex gradient; give it a real one")
    given = gradient if isinstance(gradient, Tensor) else np.asarray(gradient)
    return broadcast_to(astype(given, dtype=dtype), shape=shape)[()]
