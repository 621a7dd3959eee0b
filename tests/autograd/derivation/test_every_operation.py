"""Every operation of the registry can be derived: balanced LaTeX, well-formed MathML, values of the sweep."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from autograd import Tensor, Value, real, sweep
from autograd.derivation import derive
from autograd.derivation.mathml import mathml
from autograd.operation import Elementwise, registry

EXAMPLES = [
    (operation, place)
    for operation in registry.values()
    for place, each in enumerate(operation.examples)
    if operation.rules and operation.name != "recall" and not any(map(np.iscomplexobj, each.arguments))
]


def told(value):
    return f"{value[0].name}-{value[1]}"


def leaves(operation, example):
    arguments = [
        Tensor(each, requires_grad=True, name="ABC"[slot % 3])
        if np.asarray(each).dtype.kind == "f" and (operation.variadic or operation.data[slot] in operation.rules)
        else each
        for slot, each in enumerate(example.arguments)
    ]
    return arguments, [each for each in arguments if isinstance(each, Tensor)]


def formulas(derivation):
    for part in (derivation.forward, derivation.partials, derivation.paths, derivation.memo):
        for line in part.section.equations:
            yield line.left
            yield from (formula for _, formula in line.chain)


@pytest.mark.parametrize("case", EXAMPLES, ids=told)
def test_an_operation_is_derived_and_written_in_all_scripts(case):
    operation, place = case
    example = operation.examples[place]
    arguments, wanted = leaves(operation, example)
    result = operation(*arguments, **example.parameters)
    root = ((real(result) if np.iscomplexobj(result.value) else result) * 2.0).sum()
    derivation, adjoints = derive(root, wanted), sweep(root)
    for node, value in zip(wanted, derivation.value, strict=True):
        np.testing.assert_allclose(value, adjoints[node], rtol=1e-12)
    for node, (recorded, _) in derivation.teller.closed().items():
        value = np.asarray(getattr(recorded, "value", recorded))
        value = value.reshape(()) if value.size == 1 else np.broadcast_to(value, np.shape(adjoints[node]))
        np.testing.assert_allclose(np.conj(value), adjoints[node], rtol=1e-9, atol=1e-12)
    for formula in formulas(derivation):
        opened, closed = formula.latex.count("{"), formula.latex.count("}")
        assert opened - formula.latex.count(r"\{") == closed - formula.latex.count(r"\}")
        assert len(re.findall(r"\\left\b", formula.latex)) == len(re.findall(r"\\right\b", formula.latex))
        ElementTree.fromstring(mathml(formula.latex))


@pytest.mark.parametrize(
    "operation",
    [
        each
        for each in registry.values()
        if isinstance(each, Elementwise) and each.rules and each.examples and each.name != "angle"
    ],
    ids=lambda each: each.name,
)
def test_the_partial_of_an_elementwise_operation_is_written_as_a_formula(operation):
    example = operation.examples[0]
    numbers = [
        Value(np.asarray(each).flat[-1], name=name) for each, name in zip(example.arguments, "xyzw", strict=False)
    ]
    root = operation(*numbers, **example.parameters)
    numbers = [each for each, argument in zip(numbers, operation.data, strict=True) if argument in operation.rules]
    derivation = derive(root, numbers)
    adjoints = sweep(root)
    for edge in derivation.partials:
        assert edge.formula is not None
        assert edge.value == adjoints.local(root, edge.slot)
