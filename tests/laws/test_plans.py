"""A law of every operation and composite: compiled, it gives what it gives eagerly, value and gradient."""

import numpy as np
import pytest

from autograd import Tensor, compile, grad  # noqa: A004  ours
from autograd.composite import composites
from autograd.operation import registry
from autograd.source import Source
from autograd.trees import leaves

DECIDE_BY_VALUES = {
    "bincount", "choose", "expm", "extract", "frexp", "interp", "lstsq", "nanmax", "nanmean", "nanmedian", "nanmin",
    "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar", "percentile", "piecewise", "quantile",
    "real_if_close", "trim_zeros", "unwrap",
}  # fmt: skip
"""What reads plain values of an argument: a compiled function that asks for them is refused."""


def cases():
    for name, function in (registry | composites).items():
        if isinstance(function, Source) or function.__name__ in DECIDE_BY_VALUES:
            continue
        for place, case in enumerate(function.examples):
            yield pytest.param(function, case, id=f"{name}-{place}")


def plain(found):
    return [each.numpy() if isinstance(each, Tensor) else each for each in leaves(found)]


def moved(argument):
    """Another argument of the same kind: close by, for the operation to be smooth there too, and as symmetric."""
    if not isinstance(argument, np.ndarray) or argument.dtype.kind not in "fc":
        return argument
    return argument * 0.999 + (0.001 if argument.ndim < 2 else 0.0)


def agree(function, arguments):
    compiled = compile(function)
    for given in (arguments, tuple(map(moved, arguments)), arguments):
        for one, other in zip(plain(compiled(*given)), plain(function(*given)), strict=True):
            assert np.shape(one) == np.shape(other)
            assert np.asarray(one).dtype == np.asarray(other).dtype
            np.testing.assert_allclose(one, other, rtol=1e-14, atol=1e-14 * np.abs(other).max(initial=1.0))
    assert compiled.recompiles == 0


@pytest.mark.parametrize(("function", "case"), list(cases()))
def test_compiled_it_gives_the_same_value_and_gradient(function, case):
    def run(*arguments):
        return function(*arguments, **case.parameters)

    def weighted(*arguments):
        found = [each for each in leaves(run(*arguments)) if isinstance(each, Tensor) and each.dtype.kind == "f"]
        return sum(((each * np.cos(np.arange(each.size)).reshape(each.shape)).sum() for each in found), Tensor(0.0))

    with np.errstate(all="ignore"):
        agree(run, case.arguments)
        floats = [i for i, each in enumerate(case.arguments) if isinstance(each, np.ndarray) and each.dtype.kind == "f"]
        if floats:
            agree(grad(weighted, argnum=floats), case.arguments)
