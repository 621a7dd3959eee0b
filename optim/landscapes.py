"""Landscapes: contours of a surface with the paths of optimizers on it, and a model's loss around where it stands."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, Tensor, no_grad
from autograd.optional import axes_or_new
from optim.films import save_film
from optim.minimize import minimize
from optim.optimizer import Optimizer, check_range
from optim.schedules import check_count
from optim.surfaces import Point, Surface

_FINENESS = 160
_LEVELS = 22
_FRAMES = 60


def landscape(
    surface: Surface,
    optimizers: Mapping[str, Callable[[list[Any]], Optimizer]],
    *,
    steps: int = 100,
    start: Point | None = None,
) -> Landscape:
    """The paths that optimizers take down a surface, each from the same start, to be looked at and plotted.

    Each optimizer is what makes one of a list of parameters: `{"SGD": lambda p: SGD(p, lr=0.1)}`.
    Raises: ArgumentError without optimizers; DomainError for fewer than one step.

    >>> import optim
    >>> found = optim.landscape(optim.surfaces.BOWL, {"SGD": lambda p: optim.SGD(p, lr=0.1)}, steps=20)
    >>> found.paths["SGD"].shape, bool(found.values("SGD")[-1] < 0.01)
    ((21, 2), True)
    """
    check_count("steps", steps)
    if not optimizers:
        raise ArgumentError("there is no optimizer whose path could be shown; give {'SGD': lambda p: SGD(p, lr=0.1)}")
    begin = surface.start if start is None else start
    return Landscape(surface, {name: _path(surface, make, begin, steps) for name, make in optimizers.items()})


def _path(surface: Surface, make: Callable[[list[Any]], Optimizer], start: Point, steps: int) -> Any:
    points = [np.asarray(start, dtype=np.float64)]
    with np.errstate(over="ignore", invalid="ignore"):  # that a path explodes is what a picture may be meant to show
        minimize(
            lambda x: surface.function(x[0], x[1]), points[0], make, steps=steps, tolerance=0.0, callback=points.append
        )
    return np.array(points)


@dataclass(frozen=True)
class Landscape:
    """A surface, and the path of each optimizer on it: the start and the point after each step, of shape (n, 2)."""

    surface: Surface
    paths: dict[str, Any]

    def values(self, name: str) -> Any:
        """The height at each point of a path."""
        return self.surface.function(*self.paths[name].T)

    def plot(self, axes: Any = None) -> Any:
        """Contours, the darker the lower, and the paths on them; a star marks a minimum. Returns the axes."""
        axes, lines = self._drawn(axes)
        for line, path in zip(lines, self.paths.values(), strict=True):
            line.set_data(*path.T)
        return axes

    def save(self, path: str | Path) -> Path:
        """The paths as they are walked, as .gif or .html in at most 60 frames, or all of them as .png."""
        axes, lines = self._drawn(None)
        axes.figure.draw_without_rendering()
        axes.figure.set_layout_engine("none")  # laid out once, not for every frame

        longest = max(map(len, self.paths.values()))
        ends = np.linspace(1, longest, min(longest, _FRAMES)).round().astype(int)

        def show(frame: int) -> None:
            for line, points in zip(lines, self.paths.values(), strict=True):
                line.set_data(*points[: ends[frame]].T)

        return save_film(Path(path), axes.figure, show, len(ends), frame_ms=80)

    def _drawn(self, axes: Any) -> tuple[Any, list[Any]]:
        """The surface, and an empty line for each path."""
        axes = axes_or_new(axes, 5.6, 5.2)
        (left, right), (bottom, top) = self.surface.limits
        x, y = np.meshgrid(np.linspace(left, right, _FINENESS), np.linspace(bottom, top, _FINENESS))
        contours(axes, x, y, self.surface.function(x, y), self.surface.spread)
        widths = np.linspace(3.2, 1.2, len(self.paths))  # so that paths that lie on one another are all seen
        lines = [
            axes.plot([], [], ".-", color=f"C{place}", linewidth=width, markersize=2 + width, label=name)[0]
            for place, (name, width) in enumerate(zip(self.paths, widths, strict=True))
        ]
        edge = {"color": "black", "markeredgecolor": "white", "linestyle": "none", "zorder": 3}
        axes.plot(*next(iter(self.paths.values()))[0], marker="o", markersize=8, label="start", **edge)
        if self.surface.minima:
            axes.plot(*np.transpose(self.surface.minima), marker="*", markersize=13, label="minimum", **edge)
        axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", title=self.surface.name)
        axes.set(xlabel=self.surface.labels[0], ylabel=self.surface.labels[1])
        axes.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3)
        return axes, lines


def contours(axes: Any, x: Any, y: Any, z: Any, spread: float) -> Any:
    """Lines of equal height on shades of it, closer together near the lowest where `spread` is above 1.

    Where it is not finite nothing is drawn.
    """
    z = np.asarray(z)
    finite = z[np.isfinite(z)]
    if not finite.size:
        raise DomainError("the surface is finite nowhere, so it has no contours to draw")
    low, high = finite.min(), finite.max()
    levels = low + (high - low) * np.linspace(0, 1, _LEVELS) ** spread
    if not np.all(np.diff(levels) > 0):
        raise DomainError(f"the surface is {low} everywhere, so it has no contours to draw")
    shades = axes.contourf(x, y, z, levels, cmap="Greys_r", alpha=0.3)
    axes.contour(x, y, z, levels, colors="black", linewidths=0.4, alpha=0.4)
    return shades


# -- a model's loss ------------------------------------------------------------------------------------------------


def model_landscape(
    model: Any,
    loss: Callable[[Any, Any], Any],
    data: tuple[Any, Any],
    *,
    span: float = 1.0,
    size: int = 41,
    rng: np.random.Generator | int | None = None,
) -> ModelLandscape:
    r"""The loss of a model at $\theta + \alpha d_1 + \beta d_2$, with $|\alpha|$ and $|\beta|$ up to `span`.

    Each filter, or row, of a direction is as long as the model's own, so that pictures of models whose weights differ
    in size can be compared; parameters of one axis or none (biases) stay. The model is copied, and never changed.
    Source: Li et al. 2018, arXiv:1712.09913.
    Raises: DomainError for a span or a size out of range.

    >>> import numpy as np
    >>> import nn, optim
    >>> data = np.ones((4, 2)), np.zeros((4, 1))
    >>> found = optim.model_landscape(nn.Linear(2, 1, rng=0), nn.mse_loss, data, size=5, rng=0)
    >>> found.values.shape, bool(found.values[2, 2] == found.loss)
    ((5, 5), True)
    """
    check_range("span", span, least=np.finfo(np.float64).tiny)
    check_count("size", size, least=3)
    if size % 2 == 0:
        raise DomainError(f"size is odd, so that the model itself is the middle; found {size}")
    moved = copy.deepcopy(model)
    moved.train(False)
    parameters = list(moved.parameters())
    values = [each.numpy() for each in parameters]
    generator = np.random.default_rng(rng)
    first, second = ([_direction(each, generator) for each in values] for _ in range(2))
    steps = np.linspace(-span, span, size)
    heights = np.empty((size, size))
    for place in np.ndindex(size, size):
        for each, value, d, e in zip(parameters, values, first, second, strict=True):
            each.assign((value + steps[place[1]] * d + steps[place[0]] * e).astype(value.dtype)[()])
        heights[place] = _height(moved, loss, data)
    return ModelLandscape(steps, heights)


def _height(model: Any, loss: Callable[[Any, Any], Any], data: tuple[Any, Any]) -> float:
    with no_grad():
        found = loss(model(data[0]), data[1])
    return float(found.item() if isinstance(found, Tensor) else found)


def _direction(value: Any, rng: np.random.Generator) -> Any:
    """A random direction whose rows are as long as those of a parameter."""
    if value.ndim < 2:
        return np.zeros_like(value)
    drawn = rng.standard_normal(value.shape)
    rest = tuple(range(1, value.ndim))
    lengths = np.sqrt((drawn**2).sum(axis=rest, keepdims=True))
    return drawn * np.sqrt((np.abs(value) ** 2).sum(axis=rest, keepdims=True)) / lengths


@dataclass(frozen=True)
class ModelLandscape:
    """The loss over a plane through a model's parameters: `values[i, j]` at `steps[j]` d1 + `steps[i]` d2 from it."""

    steps: Any
    values: Any

    @property
    def loss(self) -> float:
        """The loss of the model itself."""
        return float(self.values[len(self.steps) // 2, len(self.steps) // 2])

    def plot(self, axes: Any = None) -> Any:
        """Contours, the darker the lower, with the model in the middle. Returns matplotlib's axes."""
        axes = axes_or_new(axes, 5.8, 4.8)
        shades = contours(axes, self.steps, self.steps, self.values, spread=2.0)
        bar = axes.figure.colorbar(shades, ax=axes, format="%.3g")
        bar.set_label("loss")
        axes.plot(0, 0, "o", color="C3", markeredgecolor="white", markersize=8)
        axes.annotate(f"the model: {self.loss:.3g}", (0, 0), xytext=(8, 8), textcoords="offset points", fontsize=9)
        axes.set(xlabel="along direction 1", ylabel="along direction 2", aspect="equal")
        return axes
