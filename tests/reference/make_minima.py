"""Makes minima.npz: `python tests/reference/make_minima.py`, with PyTorch 2.13 installed; the tests need none."""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).parents[2]))

from tests.reference.minima import CASES, FUNCTIONS, START


def path(name, options, calls):
    """The parameters after each call of step(), with the count of iterations and evaluations."""
    parameters = [torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in START]
    optimizer = torch.optim.LBFGS(parameters, **options)

    def closure():
        optimizer.zero_grad()
        loss = FUNCTIONS[name](*parameters)
        loss.backward()
        return loss

    for _ in range(calls):
        optimizer.step(closure)
        state = optimizer.state[parameters[0]]
        yield [*(each for p in parameters for each in p.tolist()), state["n_iter"], state["func_evals"]]


if __name__ == "__main__":
    found = {key: np.array(list(path(*case))) for key, case in CASES.items()}
    np.savez_compressed(Path(__file__).with_name("minima.npz"), **found)
