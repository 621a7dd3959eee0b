"""An operation of a user's function, whose pull-back gives the adjoints of all its arguments at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from autograd.node import Node
from autograd.notation import Notation
from autograd.operation import Structural
from autograd.rule import Pull


class AtOnce(Structural):
    """An operation that no registry knows, with one rule for all its arguments.

    It holds nothing of a sweep, nor itself: what a visit of one of its steps computes goes when the visit is over, and
    an operation made for one call goes with its step.
    """

    registered = False

    def __init__(self, function: Callable[..., Any], names: Sequence[str], notation: Notation) -> None:
        self._declared = tuple(names)
        super().__init__(function, dict.fromkeys(names, AtOnce.contributions), notation, ())
        self._served = frozenset(range(len(names)))

    @abstractmethod
    def contributions(self, g: Any, step: Any) -> Sequence[Any]:
        """What the adjoint of a step contributes to each of its inputs."""

    def _check_rule(self, name: str, rule: Any) -> None:
        """There is one rule, and it takes the step."""

    def _slots(self) -> list[int]:
        """No rule serves one slot by itself."""
        return []

    def pulls_of(self, node: Node) -> tuple[tuple[int, Pull], ...]:
        """Pull-backs that share their contributions: computed when the first is asked, kept for the others."""
        latest: tuple[Any, Any, Sequence[Any]] = (None, None, ())

        def pull_to(slot: int) -> Pull:
            def pull(g: Any, step: Any) -> Any:
                nonlocal latest
                if latest[0] is not g or latest[1] is not step:
                    latest = (g, step, self.contributions(g, step))
                return latest[2][slot]

            return pull

        return tuple((slot, pull_to(slot)) for slot in range(len(node.inputs)))
