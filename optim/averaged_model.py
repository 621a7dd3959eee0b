"""AveragedModel: a model whose parameters are the averages of another's over its training."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograd import StateError
from optim.events import BatchEnded, EpochEnded, Event
from optim.optimizer import check_range
from optim.schedules import check_count
from optim.states import count_of


class AveragedModel:
    r"""A copy of a model that follows its parameters $p$: their mean so far (SWA), or with `decay` $d$ their EMA.

    The first `update_parameters` copies; then $e \leftarrow e + (p - e) / (n + 1)$, or $e \leftarrow d e + (1 - d) p$.
    Buffers are copied each time, and averaged with `use_buffers`. The copy is `.module`, in evaluation, and what is
    called; the model itself is never changed. In `fit`, `callbacks=[averaged.after(EpochEnded, start=10)]`.
    Source: Izmailov et al. 2018, arXiv:1803.05407; the same numbers as torch.optim.swa_utils.AveragedModel.
    Raises: DomainError unless $0 \le d < 1$.

    >>> import nn, optim
    >>> model = nn.Linear(2, 1, rng=0)
    >>> averaged = optim.AveragedModel(model, decay=0.999)
    >>> averaged.update_parameters(model); averaged.n_averaged
    1
    """

    def __init__(self, model: Any, decay: float | None = None, *, use_buffers: bool = False) -> None:
        if decay is not None:
            check_range("decay", decay, below=1.0)
        self.module = copy.deepcopy(model)
        self.module.train(False)
        self.decay, self.use_buffers = decay, use_buffers
        self.n_averaged = 0

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the averaged model gives."""
        return self.module(*arguments, **keywords)

    def update_parameters(self, model: Any) -> None:
        """Take in what the model has learned by now."""
        averaged = [*self.module.parameters(), *(self._floats() if self.use_buffers else ())]
        before = [each.value for each in averaged]
        self.module.load_state_dict(model.state_dict())
        if self.n_averaged:
            for each, old in zip(averaged, before, strict=True):
                each.assign(self._averaged(old, each.value))
        self.n_averaged += 1

    def _floats(self) -> Iterator[Any]:
        return (each for each in self.module.buffers() if each.dtype.kind in "fc")

    def _averaged(self, old: Any, new: Any) -> Any:
        weight = 1 / (self.n_averaged + 1) if self.decay is None else 1 - self.decay
        return old + weight * (new - old)

    def after(self, occasion: type[BatchEnded] | type[EpochEnded], start: int = 0) -> Callable[[Event], None]:
        """A callback of `fit` that takes in the model after each such occasion, from epoch `start` on."""
        check_count("start", start, least=0)

        def follow(event: Event) -> None:
            if isinstance(event, occasion) and event.epoch >= start:
                self.update_parameters(event.model)

        return follow

    def state_dict(self) -> dict[str, Any]:
        """The averages and how many models they are of, to be saved."""
        return {"n_averaged": self.n_averaged, "module": self.module.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave. Raises: StateError if it does not fit, and nothing is changed."""
        if not isinstance(state, Mapping) or set(state) != {"n_averaged", "module"}:
            found = ", ".join(map(str, state)) if isinstance(state, Mapping) else f"a {type(state).__name__}"
            raise StateError(f"an AveragedModel's state has 'n_averaged' and 'module'; found {found}; nothing loaded")
        count = count_of("n_averaged", state["n_averaged"])
        self.module.load_state_dict(state["module"])
        self.n_averaged = count
