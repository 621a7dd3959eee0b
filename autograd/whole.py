"""An operation that nobody finds by name: a function made where it is needed, with its pull-backs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.notation import Binding, Notation, call
from autograd.operation import Structural
from autograd.signature import split_signature


class Whole(Structural):
    """A step of one program, or of one function. `called` is what a program calls instead, with a list of operands."""

    registered = False

    def __init__(self, function: Callable[..., Any], vjp: dict[str, Any], called: str = "") -> None:
        self.called = called
        names = split_signature(function)[0]
        super().__init__(function, vjp, Notation(*call(function.__name__, names), Binding.ATOM, {}), ())
