"""The gradient of a model's loss by all its parameters, checked by the formula of the course."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Protocol

import numpy as np

from autograd.check.differences import difference, kink, norm_ratio
from autograd.errors import ArgumentError, GradcheckError, GraphError
from autograd.mode import no_grad
from autograd.reverse import sweep
from autograd.tensor import Tensor


class _Parametrized(Protocol):
    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """The parameters with their names."""


@dataclass(frozen=True)
class GradientReport:
    r"""What a check of a model's gradient found.

    `ratio`: $\|d - \tilde d\|_2 / (\|d\|_2 + \|\tilde d\|_2)$ over the checked entries of all parameters, where about
    1e-7 is good and 1e-5 acceptable. `direction`: the same for one number, the slope along a random direction of all
    parameters. `checked`: how many entries. `worst`: the parameter, index, gradient and difference that are furthest
    apart, and a remark if a kink is near.
    """

    ratio: float
    direction: float
    checked: int
    worst: tuple[str, tuple[int, ...], float, float, str]

    @property
    def verdict(self) -> str:
        """The notes' scale: good, acceptable, or wrong."""
        return "good" if self.ratio < 5e-7 else "acceptable" if self.ratio < 1e-5 else "wrong"

    def __str__(self) -> str:
        name, index, exact, difference, kink = self.worst
        return (
            f"{self.verdict}: ratio {self.ratio:.2g} over {self.checked} entries, {self.direction:.2g} along a "
            f"direction; furthest apart at {name}{list(index)}: {exact:.8g} by the sweep, "
            f"{difference:.8g} by difference{kink}"
        )


def check_parameters(
    model: _Parametrized,
    loss: Callable[[], Any],
    *,
    eps: float = 1e-7,
    samples: int | None = None,
    rng: np.random.Generator | int | None = 0,
) -> GradientReport:
    r"""Check the gradient of `loss()` by all parameters of a model, taken together as one long vector $\theta$.

    Each entry moves by $\pm\varepsilon$ (or `samples` entries of each parameter, drawn with `rng`); then all move along
    one random direction. For finding faults: in float64, with the penalties included, and with dropout off.
    The parameters are as before afterwards.

    Raises: GradcheckError if the ratio is above 1e-5, saying which entry is off and by how much;
    ArgumentError for parameters that are not float64, and `samples` below 1; GraphError if no parameter reaches the
    loss.

    >>> import numpy as np, nn
    >>> from autograd import check_parameters
    >>> model = nn.Linear(2, 1, rng=0, dtype=np.float64)
    >>> check_parameters(model, lambda: (model(np.ones((3, 2))) ** 2).sum()).verdict
    'good'
    """
    named = [(name, each) for name, each in model.named_parameters() if each.requires_grad]
    _check_samples(samples)
    _check_setting(named, loss)
    adjoints = sweep(loss())
    exact = [(name, each, np.asarray(adjoints[each])) for name, each in named if each in adjoints and each.size]
    if not exact:
        raise GraphError("no parameter of the model reaches the loss; compute it from the model's output")
    generator = np.random.default_rng(rng)
    reached = [_checked(*each, loss, eps, samples, generator) for each in exact]
    report = _report(reached, _direction(reached, loss, eps, generator))
    if report.verdict == "wrong":
        raise GradcheckError(str(report))
    return report


def _check_setting(named: list[tuple[str, Any]], loss: Callable[[], Any]) -> None:
    other = [f"{name} ({each.dtype})" for name, each in named if each.dtype != np.float64]
    if other:
        raise ArgumentError(f"check_parameters needs float64; found {', '.join(other)}. Use model.astype(np.float64)")
    with no_grad():
        if _number(loss()) != _number(loss()):
            raise GraphError(
                "two runs of loss() differ: turn dropout off with model.eval(), and draw nothing within it"
            )


def _check_samples(samples: Any) -> None:
    if samples is not None and (not isinstance(samples, Integral) or samples < 1):
        raise ArgumentError(f"check_parameters takes samples as a whole number above 0, or None; found {samples!r}")


def _number(loss: Any) -> float:
    return float(loss.item() if isinstance(loss, Tensor) else loss)


@dataclass(frozen=True)
class _Checked:
    """One parameter, its gradient, and what differences say of some of its entries."""

    name: str
    parameter: Any
    original: Any
    exact: Any
    indices: list[tuple[int, ...]]
    found: Any
    numerical: Any
    furthest: int
    remark: str

    @property
    def apart(self) -> float:
        """How far gradient and difference are from each other, where they are furthest."""
        return float(np.abs(self.found - self.numerical)[self.furthest])


def _checked(
    name: str,
    parameter: Any,
    exact: Any,
    loss: Callable[[], Any],
    eps: float,
    samples: int | None,
    rng: np.random.Generator,
) -> _Checked:
    """Some entries of a parameter, or all, each moved by itself."""
    size, original = exact.size, parameter.numpy().copy()
    chosen = range(size) if samples is None or samples >= size else rng.choice(size, samples, replace=False)
    indices = [tuple(map(int, np.unravel_index(int(i), exact.shape))) for i in chosen]

    def along(values: Any) -> float:
        parameter.data = values
        try:
            with no_grad():
                return _number(loss())
        finally:
            parameter.data = original.copy()

    found = np.array([float(exact[index]) for index in indices])
    numerical = np.array([difference(along, original, index, eps) for index in indices])
    furthest = int(np.argmax(np.abs(found - numerical)))
    remark = kink(along, original, indices[furthest], eps)
    return _Checked(name, parameter, original, exact, indices, found, numerical, furthest, remark)


def _direction(reached: list[_Checked], loss: Callable[[], Any], eps: float, rng: np.random.Generator) -> float:
    """How far the slope along a random direction of all parameters together is from its difference."""
    steps = [rng.standard_normal(each.exact.shape) for each in reached]
    length = float(np.sqrt(sum(float(np.sum(step**2)) for step in steps)))
    ends = []
    for sign in (1, -1):
        for each, step in zip(reached, steps, strict=True):
            each.parameter.data = each.original + sign * eps * step / length
        with no_grad():
            ends.append(_number(loss()))
    for each in reached:
        each.parameter.data = each.original.copy()
    exact = sum(float(np.sum(each.exact * step)) for each, step in zip(reached, steps, strict=True)) / length
    return norm_ratio(np.array(exact), np.array((ends[0] - ends[1]) / (2 * eps)))


def _report(reached: list[_Checked], direction: float) -> GradientReport:
    worst = max(reached, key=lambda each: each.apart)
    place, index = worst.furthest, worst.indices[worst.furthest]
    return GradientReport(
        ratio=norm_ratio(
            np.concatenate([each.found for each in reached]), np.concatenate([each.numerical for each in reached])
        ),
        direction=direction,
        checked=sum(len(each.indices) for each in reached),
        worst=(
            worst.name,
            index,
            float(worst.found[place]),
            float(worst.numerical[place]),
            worst.remark,
        ),
    )
