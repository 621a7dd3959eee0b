"""An operation of a user's function, whose pull-back gives the adjoints of all its arguments at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any
from weakref import ref

from autograd.notation import Notation
from autograd.operation import Structural
from autograd.rule import Pull


class AtOnce(Structural):
    """An operation that no registry knows; its contributions are computed once a sweep, and handed out slot by slot."""

    registered = False

    def __init__(self, function: Callable[..., Any], names: Sequence[str], notation: Notation) -> None:
        self._latest: tuple[Any, ref[Any], Sequence[Any]] | None = None
        super().__init__(function, dict.fromkeys(names, self.contributions), notation, ())

    @abstractmethod
    def contributions(self, g: Any, step: Any) -> Sequence[Any]:
        """What the adjoint of a step contributes to each of its inputs."""

    def _check_rule(self, name: str, rule: Any) -> None:
        """There is one rule, and it takes the step."""

    def _pull(self, slot: int) -> Pull:
        def pull(g: Any, step: Any) -> Any:
            latest = self._latest
            if latest is None or latest[0] is not g or latest[1]() is not step:
                latest = self._latest = (g, ref(step), self.contributions(g, step))
            return latest[2][slot]

        return pull
