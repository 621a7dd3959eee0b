"""PyTorch's numbers: each algorithm over 200 steps, on a grid of options and on those of PyTorch's own database."""

import json
from pathlib import Path

import numpy as np
import pytest

import optim
from autograd import AutogradError, Tensor
from tests.reference.cases import KEPT, cases, gradients, started

GOLDEN = np.load(Path(__file__).parents[1] / "reference" / "optimizers.npz")


def _tuples(options):
    return {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}


def options_in(table):
    return {name: [_tuples(each) for each in options] for name, options in json.loads(str(GOLDEN[table])).items()}


CASES = list(cases(options_in("accepted")))
DOUBLE = [case[:4] for case in CASES if case[4] == "float64"]
SINGLE = [case[:4] for case in CASES if case[4] == "float32"]


def path_of(name, options, shape, dtype):
    """The parameter after each of the kept steps, and the dtype it has."""
    p = Tensor(started(shape), requires_grad=True, dtype=dtype)
    optimizer = getattr(optim, name)([p], **options)
    path = []
    for g in gradients(shape):
        p.grad = np.asarray(g, dtype)[()]
        optimizer.step()
        path.append(p.numpy())
    return np.array(path)[KEPT]


@pytest.mark.parametrize(("key", "name", "options", "shape"), DOUBLE, ids=[case[0] for case in DOUBLE])
def test_two_hundred_steps_are_pytorchs(key, name, options, shape):
    tolerance = 1e-8 if name == "NAdam" else 1e-12  # PyTorch keeps NAdam's product of momenta in float32
    np.testing.assert_allclose(path_of(name, options, shape, np.float64), GOLDEN[key], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("key", "name", "options", "shape"), SINGLE, ids=[case[0] for case in SINGLE])
def test_float32_stays_float32_and_is_pytorchs_to_a_few_units_of_its_last_place(key, name, options, shape):
    found = path_of(name, options, shape, np.float32)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, GOLDEN[key], rtol=1e-6, atol=1e-6)


REFUSED = [(name, options) for name, table in options_in("refused").items() for options in table]


@pytest.mark.parametrize(("name", "options"), REFUSED, ids=str)
def test_what_pytorch_refuses_is_refused_by_name(name, options):
    with pytest.raises(AutogradError) as caught:
        getattr(optim, name)([Tensor(np.ones((1, 1)), requires_grad=True)], **options)
    assert any(option in str(caught.value) for option in options if option != "lr")
