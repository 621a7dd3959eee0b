"""What a user of PyTorch asks for under PyTorch's name: the error names what there is here, and that there is."""

import copy
import pickle
import re
from operator import attrgetter

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import Tensor, Value
from autograd.familiar import OF_TENSORS, OF_THE_ENGINE
from nn.familiar import OF_MODELS, OF_MODULES, OF_STARTS
from optim.familiar import OF_DESCENT

MODEL = nn.Linear(2, 1, rng=0)
X = Tensor([[1.0, 2.0]], requires_grad=True)
TOLD = [
    *((X, *each) for each in OF_TENSORS.items()),
    *((autograd, *each) for each in OF_THE_ENGINE.items()),
    *((nn.Module(), *each) for each in OF_MODULES.items()),
    *((nn, *each) for each in OF_MODELS.items()),
    *((nn.init, *each) for each in OF_STARTS.items()),
    *((optim, *each) for each in OF_DESCENT.items()),
]
NAMED = {"np": np, "autograd": autograd, "nn": nn, "optim": optim, "x": X, "y": X, "p": X, "loss": X, "model": MODEL}
NAMED |= {"rng": np.random.default_rng(0)}


@pytest.mark.parametrize(("owner", "name", "instead"), TOLD, ids=[f"{each[1]}-{i}" for i, each in enumerate(TOLD)])
def test_a_name_that_is_not_here_names_what_is(owner, name, instead):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'; here it is ") as told:
        getattr(owner, name)
    assert str(told.value).endswith(instead)
    for root, path in re.findall(r"\b([a-z]+)((?:\.\w+)+)", instead):
        if root != "self":
            attrgetter(path[1:])(NAMED[root])


def test_any_other_name_is_pythons_own_error_and_nothing_has_it():
    for owner in (X, Value(1.0), nn.Module(), autograd, nn, nn.init, optim):
        with pytest.raises(AttributeError, match=r"has no attribute 'nobody'$"):
            owner.nobody
        assert not hasattr(owner, "view")


def test_what_a_module_has_and_has_not_is_found_as_ever():
    class Other:
        def __getattr__(self, name):
            return f"other {name}"

    class Mistaken(nn.Module, Other):
        @property
        def width(self):
            return self.nothing.shape

    class Floating(nn.Module):
        def float(self):
            return "its own"

    assert Mistaken().anything == "other anything"
    with pytest.raises(AttributeError, match="'str' object has no attribute 'shape'"):
        Mistaken.width.fget(Mistaken())
    assert Floating().float() == "its own"
    assert "float" in dir(Floating())
    assert not {"float", "register_buffer"} & set(dir(MODEL))


def test_modules_are_copied_and_pickled_as_ever():
    for made in (copy.deepcopy(MODEL), pickle.loads(pickle.dumps(MODEL))):
        np.testing.assert_array_equal(made.weight.numpy(), MODEL.weight.numpy())
