"""The derivatives of a function against central differences, entry by entry and along a direction, to any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.check.differences import differences, kink, norm_ratio
from autograd.errors import ArgumentError, GradcheckError
from autograd.mode import no_grad
from autograd.node import value_of
from autograd.tensor import Tensor
from autograd.transforms import jvp, vjp


def gradcheck(
    f: Callable[..., Any],
    *arguments: Any,
    order: int = 1,
    eps: float = 1e-6,
    rtol: float = 1e-3,
    atol: float = 1e-5,
    rng: np.random.Generator | int | None = 0,
) -> bool:
    r"""Compare the derivatives of `f` at `arguments` with central differences; True, or an error that says where not.

    For each argument $x$ and entry $i$, with $v$ a random adjoint of the result (1 if that is one real number):
    $\left(v^\top J\right)_i$ against $v^\top \left(f(x + \varepsilon e_i) - f(x - \varepsilon e_i)\right)
    / 2\varepsilon$, and forward mode against the same along a random direction. With `order=2` the gradient is checked
    in the same way, as a function of its own. Of complex arguments both parts are moved.
    Arguments of floats are checked, others are held; to be run in float64, and not with dropout on.

    Raises: GradcheckError naming argument, index, both numbers, the ratio $\|d - \tilde d\| / (\|d\| + \|\tilde d\|)$
    over all entries, and whether a kink is near; ArgumentError if there is nothing to check.

    >>> import numpy as np
    >>> from autograd import gradcheck
    >>> gradcheck(lambda x: np.tanh(x).sum(), np.array([0.3, -0.8]), order=2)
    True
    """
    generator = np.random.default_rng(rng)
    points = [np.array(value_of(each), copy=True) for each in arguments]
    varied = [i for i, each in enumerate(points) if each.dtype.kind in "fc"]
    if not varied:
        raise ArgumentError("gradcheck needs an argument of floats; convert integers with astype(float)")

    def of_varied(*values: Any) -> Any:
        full: list[Any] = list(points)
        for i, value in zip(varied, values, strict=True):
            full[i] = value
        return f(*full)

    _check(of_varied, [points[i] for i in varied], generator, _Tolerance(eps, rtol, atol), order, "gradient")
    return True


@dataclass(frozen=True)
class _Tolerance:
    eps: float
    rtol: float
    atol: float

    def disagree(self, found: Any, expected: Any) -> Any:
        return ~np.isclose(found, expected, rtol=self.rtol, atol=self.atol)


def _check(
    f: Callable[..., Any], points: list[Any], rng: np.random.Generator, allowed: _Tolerance, order: int, what: str
) -> None:
    value, pull = vjp(f, *points)
    if isinstance(value, list | tuple | dict):
        raise ArgumentError(
            f"gradcheck compares one result; this function returned a {type(value).__name__}; check each part"
        )
    alone = np.size(_array(value)) == 1 and not np.iscomplexobj(_array(value))
    v = np.ones_like(_array(value)) if alone else _like(value, rng)
    what = what if alone else f"{what} of v · f for a random v"
    pulled = [np.asarray(_array(each)) for each in pull(v)]
    for position, found in enumerate(pulled):

        def along(moved: Any, position: int = position) -> float:
            with no_grad():
                return _product(v, _array(f(*points[:position], moved, *points[position + 1 :])))

        _compare(found, along, points[position], allowed, f"{what} by argument {position}")
    _check_forward(f, points, rng, v, pulled, allowed, what)
    if order > 1:
        for position in range(len(points)):
            by_one = _gradient(f, position, v)
            _check(by_one, points, rng, allowed, order - 1, f"derivative of the {what} by argument {position},")


def _compare(found: Any, f: Callable[[Any], float], point: Any, allowed: _Tolerance, what: str) -> None:
    numerical = differences(f, point, allowed.eps)
    wrong = allowed.disagree(found, numerical)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise GradcheckError(
            f"{what} at index {index}: the sweep gives {found[index]:.8g}, central differences "
            f"{numerical[index]:.8g} (step {allowed.eps:g}); {wrong.sum()} of {wrong.size} entries disagree, "
            f"the norm ratio is {norm_ratio(found, numerical):.2g}{kink(f, point, index, allowed.eps)}"
        )


def _check_forward(
    f: Callable[..., Any],
    points: list[Any],
    rng: np.random.Generator,
    v: Any,
    pulled: list[Any],
    allowed: _Tolerance,
    what: str,
) -> None:
    """The two modes are transposes: v . (J u) is (v J) . u for any direction u."""
    direction = [_like(point, rng) for point in points]
    forward = _product(v, _array(jvp(f, points, direction)[1]))
    reverse = float(sum(_product(found, along) for found, along in zip(pulled, direction, strict=True)))
    if allowed.disagree(forward, reverse):
        raise GradcheckError(f"{what}: forward mode gives {forward:.8g} along a direction, reverse mode {reverse:.8g}")


def _gradient(f: Callable[..., Any], position: int, v: Any) -> Callable[..., Any]:
    """The pulled-back adjoint of one argument as a function of all, to be differentiated again."""

    def pulled(*values: Any) -> Any:
        return vjp(f, *values)[1](v)[position]

    return pulled


def _like(value: Any, rng: np.random.Generator) -> Any:
    """Random numbers in the shape of a value, complex if it is."""
    drawn = rng.standard_normal(np.shape(value))
    return drawn + 1j * rng.standard_normal(np.shape(value)) if np.iscomplexobj(value) else drawn


def _product(v: Any, value: Any) -> float:
    """The real inner product, also of complex numbers taken as pairs."""
    return float(np.sum(np.real(np.conjugate(v) * value)))


def _array(value: Any) -> Any:
    return value.numpy() if isinstance(value, Tensor) else value
