"""Films of training: a classifier's decisions over the plane, and weights, gradients and activations by layer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from autograd import ArgumentError, DomainError, Tensor, no_grad
from autograd.node import ancestors, owners
from autograd.optional import axes_or_new, pyplot
from optim.batches import check_rows
from optim.events import EpochEnded, Event, FitStarted
from optim.films import save_film
from optim.modes import Trainable, evaluation
from optim.schedules import check_count

_WHAT = ("weights", "gradients", "activations")


class _Film(ABC):
    """What is recorded epoch by epoch, and shown as a picture of one of them, or as all of them in motion."""

    def __init__(self, every: int) -> None:
        check_count("every", every)
        self.every = every
        self.epochs: list[int] = []

    def __call__(self, event: Event) -> None:
        """Record what an epoch has led to, and what it was before the first."""
        if not isinstance(event.model, Trainable):
            raise ArgumentError(
                f"{type(self).__name__} shows a model that has parameters and modes, as an nn.Module has; "
                f"found {type(event.model).__name__}"
            )
        epoch = 0 if isinstance(event, FitStarted) else event.epoch + 1 if isinstance(event, EpochEnded) else None
        if epoch is not None and epoch % self.every == 0:
            self._record(event.model)
            self.epochs.append(epoch)

    @abstractmethod
    def _record(self, model: Any) -> None:
        """Keep what there is to see of the model now."""

    def _place(self, epoch: int) -> int:
        if not self.epochs:
            raise ArgumentError("nothing was recorded yet: give this to fit, in callbacks=[...]")
        if epoch == -1:
            return len(self.epochs) - 1
        if epoch not in self.epochs:
            raise ArgumentError(f"epoch {epoch} was not recorded; there are {self.epochs[0]} to {self.epochs[-1]}")
        return self.epochs.index(epoch)


class Boundary(_Film):
    """A callback of `fit`: what a classifier of two inputs decides over the plane, epoch by epoch.

    `inputs` (N, 2) and `targets` (N,) are the points that are shown on it; the model gives one score (decided at
    `threshold`), or one for each class.
    Raises: ArgumentError, ShapeError for points of another shape; DomainError for none, for those that are not finite,
    and for counts below 1.

    >>> import numpy as np
    >>> from optim import Boundary
    >>> boundary = Boundary(np.zeros((4, 2)), np.zeros(4), size=3)
    >>> boundary.epochs
    []
    """

    def __init__(self, inputs: Any, targets: Any, *, every: int = 1, size: int = 100, threshold: float = 0.5) -> None:
        super().__init__(every)
        check_count("size", size)
        self.inputs, targets = np.asarray(inputs, dtype=np.float64), np.asarray(targets)
        if self.inputs.ndim != 2 or self.inputs.shape[1] != 2:
            raise ArgumentError(f"a boundary is drawn for inputs of shape (N, 2); found {self.inputs.shape}")
        self.targets = targets.reshape(check_rows((self.inputs, targets)), -1)
        if not np.isfinite(self.inputs).all():
            raise DomainError("a boundary is drawn around finite inputs; found NaN or infinite ones, leave them out")
        self.threshold = threshold
        low, high = self.inputs.min(axis=0), self.inputs.max(axis=0)
        margin = 0.15 * (high - low) + 1e-9
        self._sides = [np.linspace(a - m, b + m, size) for a, b, m in zip(low, high, margin, strict=True)]
        self._frames: list[Any] = []

    def _record(self, model: Any) -> None:
        x, y = np.meshgrid(*self._sides)
        scores = _evaluated(model, np.stack([x.ravel(), y.ravel()], axis=1))
        self._frames.append(scores.reshape(*x.shape, -1))

    def decided(self, epoch: int = -1) -> Any:
        """The class at each point of the plane, of shape (size, size); -1 is the last epoch recorded."""
        scores = self._frames[self._place(epoch)]
        found: Any = scores.argmax(axis=-1) if scores.shape[-1] > 1 else (scores[..., 0] > self.threshold).astype(int)
        return found

    def plot(self, epoch: int = -1, axes: Any = None) -> Any:
        """The decisions of one epoch, with the points on them. Returns matplotlib's axes."""
        axes = axes_or_new(axes, 5, 4.4)
        decided = self.decided(epoch)
        labels = self.targets.argmax(axis=1) if self.targets.shape[1] > 1 else self.targets[:, 0].astype(int)
        most = max(int(labels.max()), int(decided.max()), 1)
        style = {"cmap": "coolwarm" if most == 1 else "viridis", "vmin": 0, "vmax": most}
        axes.pcolormesh(*self._sides, decided, alpha=0.35, shading="nearest", **style)
        axes.scatter(*self.inputs.T, c=labels, edgecolors="black", linewidths=0.4, s=18, **style)
        axes.set_title(f"epoch {self.epochs[self._place(epoch)]}")
        return axes

    def save(self, path: str | Path) -> Path:
        """All epochs in motion as .gif or .html, or the last one as .png."""
        axes = axes_or_new(None, 5, 4.4)

        def show(place: int) -> None:
            axes.clear()
            self.plot(self.epochs[place], axes)

        return save_film(Path(path), axes.figure, show, len(self.epochs))


class Distributions(_Film):
    """A callback of `fit`: how weights, gradients and activations are distributed in each layer, epoch by epoch.

    Activations are those for `inputs`; without them there are none. `counts[what][layer]` has shape (epochs, bins).
    """

    def __init__(self, inputs: Any = None, *, every: int = 1, bins: int = 41) -> None:
        super().__init__(every)
        check_count("bins", bins)
        self.inputs, self.bins = inputs, bins
        self._values: dict[str, dict[str, list[Any]]] = {what: {} for what in _WHAT}

    def _record(self, model: Any) -> None:
        for name, parameter in model.named_parameters():
            self._add("weights", name, parameter.numpy())
            if parameter.grad is not None:
                self._add("gradients", name, np.asarray(parameter.grad))
        for name, value in _activations(model, self.inputs).items():
            self._add("activations", name, value)

    def _add(self, what: str, name: str, values: Any) -> None:
        self._values[what].setdefault(name, []).append(np.array(values, dtype=np.float64).ravel())

    def layers(self, what: str = "weights") -> list[str]:
        """The layers of which there is something, in order. Raises: ArgumentError for another thing to look at."""
        if what not in _WHAT:
            raise ArgumentError(f"there are {', '.join(_WHAT)}; found {what!r}")
        return list(self._values[what])

    def counts(self, what: str, layer: str) -> tuple[Any, Any]:
        """How many values lie in each bin at each epoch, of shape (epochs, bins), and the edges of the bins."""
        rows = self._values[what][layer]
        finite = np.concatenate([row[np.isfinite(row)] for row in rows])
        edges = np.histogram_bin_edges(finite if finite.size else np.zeros(1), bins=self.bins)
        return np.stack([np.histogram(row[np.isfinite(row)], bins=edges)[0] for row in rows]), edges

    def plot(self, what: str = "weights") -> Any:
        """For each layer a map: epochs from left to right, values upwards, the darker the more. Returns the figure."""
        layers = self.layers(what)
        self._place(-1)
        if not layers:
            raise ArgumentError(f"no {what} were recorded; activations need inputs=, gradients an update")
        figure = pyplot().figure(figsize=(2.6 * min(len(layers), 4), 2.3 * -(-len(layers) // 4)), layout="constrained")
        for place, layer in enumerate(layers, start=1):
            axes = figure.add_subplot(-(-len(layers) // 4), min(len(layers), 4), place)
            counts, edges = self.counts(what, layer)
            share = counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
            epochs = self.epochs[-len(counts) :]
            axes.pcolormesh(_edges(epochs), edges, share.T, cmap="Blues", vmin=0, vmax=1)
            axes.set_title(layer, fontsize=9)
            axes.tick_params(labelsize=7)
        figure.supxlabel("epoch", fontsize=9)
        figure.suptitle(what, fontsize=10)
        return figure

    def save(self, path: str | Path, what: str = "weights") -> Path:
        """The histograms of all layers in motion as .gif or .html, or of the last epoch as .png."""
        layers = self.layers(what)
        found = {layer: self.counts(what, layer) for layer in layers}
        frames = min((len(counts) for counts, _ in found.values()), default=0)
        figure = pyplot().figure(figsize=(2.6 * max(len(layers), 1), 2.4), layout="constrained")

        def show(place: int) -> None:
            figure.clear()
            figure.suptitle(f"{what}, epoch {self.epochs[place - frames]}", fontsize=10)
            for column, (layer, (counts, edges)) in enumerate(found.items(), start=1):
                axes = figure.add_subplot(1, len(layers), column)
                axes.stairs(counts[place - frames], edges, fill=True)
                axes.set_ylim(0, counts.max() or 1)
                axes.set_title(layer, fontsize=9)
                axes.tick_params(labelsize=7)

        return save_film(Path(path), figure, show, frames)


def _edges(epochs: list[int]) -> Any:
    """The borders between epochs, half-way."""
    inner = np.asarray(epochs, dtype=float)
    step = np.diff(inner, append=inner[-1] + 1)
    return np.append(inner - 0.5 * step[0], inner[-1] + 0.5 * step[-1])


def _evaluated(model: Any, inputs: Any) -> Any:
    """The outputs of a model as plain numbers, in evaluation mode, without a graph."""
    dtype = next((parameter.dtype for parameter in model.parameters()), np.dtype(np.float64))
    with evaluation(model), no_grad():
        found = model(Tensor(inputs, dtype=dtype))
    return found.numpy() if isinstance(found, Tensor) else np.asarray(found)


def _activations(model: Any, inputs: Any) -> dict[str, Any]:
    """What each module within a model made of some inputs, by its path, in the order in which they ran."""
    if inputs is None:
        return {}
    with evaluation(model):
        result = model(Tensor(inputs, dtype=next(iter(model.parameters())).dtype))
    paths = {id(module): path for path, module in model.named_modules()}
    last: dict[tuple[int, str], Any] = {}
    for node in reversed(ancestors(result)):
        if node.operation is not None and node.scope is not None:
            last[id(node.scope), paths.get(id(owners(node)[-1]), "")] = node.value
    names: dict[str, Any] = {}
    for (_, path), value in last.items():
        again = sum(name.split(" #")[0] == path for name in names)
        names[f"{path or 'model'} #{again + 1}" if again else path or "model"] = value
    return names
