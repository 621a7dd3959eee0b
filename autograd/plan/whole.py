"""An operation that one plan alone has: a part of its program with a derivative of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.notation import Binding, Notation, call
from autograd.operation import Structural
from autograd.signature import split_signature


class Whole(Structural):
    """Its function, and its pull-backs; `called` is what a program calls instead, with all operands in a list."""

    registered = False

    def __init__(self, function: Callable[..., Any], vjp: dict[str, Any], called: str = "") -> None:
        self.called = called
        names = split_signature(function)[0]
        super().__init__(function, vjp, Notation(*call(function.__name__, names), Binding.ATOM, {}), ())
