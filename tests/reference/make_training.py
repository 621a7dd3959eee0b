"""Makes training.npz: `python tests/reference/make_training.py`, with PyTorch 2.13 installed; the tests need none."""

import math
from pathlib import Path

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn

GRADIENTS = [np.array([3.0, -4.0, 0.5]), np.array([[0.1, -2.0], [7.0, 1e-3]]), np.array(-0.25)]
CLIPS = [(c, p) for c in (0.5, 8.0, 100.0) for p in (1.0, 2.0, 3.5, math.inf)]
AVERAGES = {"swa": {}, "ema": {"avg_fn": get_ema_avg_fn(0.9)}}


def parameters():
    """Parameters with those gradients, and one without."""
    made = [torch.nn.Parameter(torch.zeros(each.shape, dtype=torch.float64)) for each in GRADIENTS]
    for each, gradient in zip(made, GRADIENTS, strict=True):
        each.grad = torch.tensor(gradient)
    return [*made, torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))]


def gradients(made):
    """All in one row."""
    return torch.cat([each.grad.reshape(-1) for each in made if each.grad is not None]).numpy()


def clipped():
    """Norms, and gradients after clipping."""
    for place, (most, norm) in enumerate(CLIPS):
        made = parameters()
        total = torch.nn.utils.clip_grad_norm_(made, most, norm)
        yield f"norm/{place}", np.append(gradients(made), total.item())
    for most in (0.1, 3.0):
        made = parameters()
        torch.nn.utils.clip_grad_value_(made, most)
        yield f"value/{most}", gradients(made)


def averaged():
    """The averages of a weight that walks."""
    walk = np.random.default_rng(0).standard_normal((8, 3)).cumsum(axis=0)
    for name, options in AVERAGES.items():
        model = torch.nn.Linear(3, 1, bias=False).double()
        average, found = AveragedModel(model, **options), []
        for weight in walk:
            model.weight.data = torch.tensor(weight[None])
            average.update_parameters(model)
            found.append(average.module.weight.detach().numpy()[0].copy())
        yield name, np.array(found)


if __name__ == "__main__":
    np.savez_compressed(Path(__file__).with_name("training.npz"), **dict([*clipped(), *averaged()]))
