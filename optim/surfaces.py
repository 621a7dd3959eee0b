"""Surfaces to descend: functions of two numbers, each with the difficulty that it is known for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import ShapeError
from optim.batches import check_rows

Point = tuple[float, float]


@dataclass(frozen=True)
class Surface:
    """A function of x and y, in NumPy's functions and operators, with a start and the part of the plane to show.

    `spread` above 1 puts contours closer together near the lowest value; `minima` are marked.

    >>> from optim import Surface
    >>> valley = Surface("valley", lambda x, y: x**2 + 10 * y**2, start=(2.0, 1.0), limits=((-3, 3), (-3, 3)))
    >>> valley.function(2.0, 1.0)
    14.0
    """

    name: str
    function: Callable[[Any, Any], Any]
    start: Point
    limits: tuple[Point, Point]
    minima: tuple[Point, ...] = ()
    spread: float = 1.0
    labels: tuple[str, str] = ("x", "y")


BOWL = Surface(
    "bowl: x² + y²",
    lambda x, y: x**2 + y**2,
    start=(-2.4, 1.8),
    limits=((-3, 3), (-3, 3)),
    minima=((0, 0),),
    spread=2.0,
)
"""As steep in all directions: the slope points to the minimum, and every method goes there."""

RAVINE = Surface(
    "ravine: x²/20 + y²",
    lambda x, y: x**2 / 20 + y**2,
    start=(-2.7, 1.5),
    limits=((-3, 3), (-3, 3)),
    minima=((0, 0),),
    spread=2.0,
)
"""Twenty times as steep across as along: plain descent swings across, or creeps along."""

ROSENBROCK = Surface(
    "Rosenbrock: (1 - x)² + 100 (y - x²)²",
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    start=(-1.2, 1.0),
    limits=((-2, 2), (-1, 3)),
    minima=((1, 1),),
    spread=4.0,
)
"""A bent ravine, whose floor hardly falls. Source: Rosenbrock 1960, doi:10.1093/comjnl/3.3.175."""

SADDLE = Surface(
    "saddle: x² - y² + y⁴/8",
    lambda x, y: x**2 - y**2 + y**4 / 8,
    start=(-2.2, 0.01),
    limits=((-3, 3), (-3, 3)),
    minima=((0, -2), (0, 2)),
    spread=1.5,
)
"""A minimum along x and a maximum along y: the slope vanishes at the origin, which is no minimum."""

PLATEAU = Surface(
    "plateau: -exp(-(x² + y²)/2)",
    lambda x, y: -np.exp(-(x**2 + y**2) / 2),
    start=(-2.4, 1.6),
    limits=((-3, 3), (-3, 3)),
    minima=((0, 0),),
)
"""Almost flat but for a hole: far from it the slope says where to go, and hardly that one should."""

MANY_MINIMA = Surface(
    "many minima: x² + y² + 2 - cos 5x - cos 5y",
    lambda x, y: x**2 + y**2 + 2 - np.cos(5 * x) - np.cos(5 * y),
    start=(-2.4, 1.7),
    limits=((-3, 3), (-3, 3)),
    minima=((0, 0),),
)
"""A bowl with dents, after Rastrigin: which of its minima is found depends on the start and the strides."""

SURFACES = (BOWL, RAVINE, ROSENBROCK, SADDLE, PLATEAU, MANY_MINIMA)
"""All of them."""


def regression_surface(X: Any, y: Any, name: str = "mean squared error") -> Surface:
    r"""The loss $\frac{1}{m}\sum (w_1 x_1 + w_2 x_2 - y)^2$ over the two weights of a linear model.

    Features of unlike sizes make it a ravine; standardized ones make it round. Both weights are shown to one scale.
    Shapes: (m, 2) and (m,). Raises: ShapeError otherwise; DomainError for no rows.

    >>> import numpy as np
    >>> from optim import regression_surface
    >>> surface = regression_surface(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1.0, 2.0]))
    >>> float(surface.function(1.0, 1.0)), surface.start, len(surface.minima)
    (0.0, (0.0, 0.0), 1)
    """
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ShapeError(f"a regression surface is over two features, (m, 2) and (m,); found {X.shape} and {y.shape}")
    check_rows((X, y))
    curvature, pull, rest = X.T @ X / len(X), X.T @ y / len(X), float(y @ y) / len(X)
    (a, b), (_, c) = curvature
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    reach = 1.5 * float(np.abs(best).max()) or 1.0

    def loss(u: Any, v: Any) -> Any:
        return a * u**2 + 2 * b * u * v + c * v**2 - 2 * (pull[0] * u + pull[1] * v) + rest

    (u, v), labels = best.tolist(), ("first weight", "second weight")
    limits = (u - reach, u + reach), (v - reach, v + reach)
    return Surface(name, loss, (0.0, 0.0), limits, ((u, v),), spread=2.0, labels=labels)
