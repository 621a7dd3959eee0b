"""The two decorators that declare an operation: `elementwise` and `structural`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd.arguments import Example
from autograd.notation import Binding, Notation, call
from autograd.operation import Elementwise, Structural
from autograd.rule import Rule
from autograd.signature import split_signature


def example(*arguments: Any, **parameters: Any) -> Example:
    """Arguments for which an operation is to be tested: data by position, parameters by name."""
    return Example(arguments, parameters)


def elementwise(
    *,
    partial: Mapping[str, Any],
    notation: str | None = None,
    text: str | None = None,
    binding: Binding = Binding.ATOM,
    needs: Mapping[str, Binding] | None = None,
    examples: Iterable[Example] = (),
) -> Callable[[Callable[..., Any]], Elementwise]:
    r"""Declare an element-wise operation; the decorated function is its value on arrays.

    `partial[x]` is the partial derivative by the argument `x`: a number, the name of the argument it equals (or
    `"out"`), or a function of what it reads by name (arguments, parameters, `out`), written with operators and
    operations so that it can itself be differentiated.
    An argument without a partial is constant to differentiation. `notation` is the LaTeX template, `text` the one
    for terminals, `binding` how tightly they hold, `needs` how tightly each argument must.

    >>> import numpy as np
    >>> from autograd import elementwise, Tensor
    >>> @elementwise(partial={"x": lambda x: 3 * x**2})
    ... def cubed(x):
    ...     return x * x * x
    >>> x = Tensor(2.0, requires_grad=True)
    >>> cubed(x).backward(); x.grad
    np.float64(12.0)
    """

    def declare(function: Callable[..., Any]) -> Elementwise:
        written = _notation(function, notation, text, binding, needs)
        return Elementwise(function, partial, written, examples)

    return declare


def structural(
    *,
    vjp: Mapping[str, Rule],
    notation: str | None = None,
    text: str | None = None,
    binding: Binding = Binding.ATOM,
    needs: Mapping[str, Binding] | None = None,
    linear_in: tuple[str, ...] = (),
    masks: bool = False,
    examples: Iterable[Example] = (),
) -> Callable[[Callable[..., Any]], Structural]:
    """Declare an operation on whole arrays; the decorated function is its value.

    `vjp[a]` takes the adjoint `g` of the result, and by name what else it reads, and gives the adjoint's
    contribution to `a`; the engine sums it to the shape of `a` where `a` was broadcast. `linear_in` names the
    arguments in which the operation is linear. `masks` says that it passes adjoints to some elements only,
    so that a zero below it may mean "not taken": NaN that comes of one is made zero.
    """

    def declare(function: Callable[..., Any]) -> Structural:
        written = _notation(function, notation, text, binding, needs)
        return Structural(function, vjp, written, examples, linear_in=linear_in, masks=masks)

    return declare


def _notation(
    function: Callable[..., Any],
    latex: str | None,
    text: str | None,
    binding: Binding,
    needs: Mapping[str, Binding] | None,
) -> Notation:
    as_call = call(function.__name__, split_signature(function)[0])
    return Notation(latex or as_call[0], text or as_call[1], binding, needs or {})
