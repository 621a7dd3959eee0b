"""The form of an operation: its value, its derivative rules, how it is written, and how a call is recorded.

There are two kinds. An *element-wise* operation is declared by its value and its partials; a *structural* one by
its value and its pull-backs (vector-Jacobian products). A rule asks by name for what it reads; names are turned
into positions once, when the declaration is read, so the price of a call does not depend on it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import update_wrapper
from operator import attrgetter
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, DeclarationError, IndexingError, ShapeError
from autograd.node import PLAIN, Node, current_mode, keep_operands, leaf, next_order, private
from autograd.notation import Binding, Notation, call

Pull = Callable[[Any, Any], Any]
"""`pull(g, step)`: what the adjoint `g` of a step's result contributes to one of its inputs."""

Local = Callable[[Any], Any]
"""`local(step)`: a partial derivative of an element-wise step."""

Rule = Callable[..., Any]

registry: dict[str, Operation] = {}
"""Every operation by name, in the order of declaration."""

_array = np.ndarray
_numbers = frozenset((float, int, np.float64, np.float32))
_refused = (np.ma.MaskedArray, np.matrix)
_new = object.__new__


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments an operation accepts and is smooth around: shown in its documentation, run by every law."""

    arguments: tuple[Any, ...]
    parameters: dict[str, Any] = field(default_factory=dict)


def example(*arguments: Any, **parameters: Any) -> Example:
    """Arguments for which an operation is to be tested: data by position, parameters by name."""
    return Example(arguments, parameters)


class Operation:
    """A differentiable function. Called with arrays it computes; called with a tensor it records.

    `data` names the positional arguments, `parameters` the keyword-only ones (positional extras fill these in
    their order, as in NumPy). `variadic` says that the data are any number of arrays.
    """

    def __init__(
        self, function: Callable[..., Any], rules: Mapping[str, Any], notation: Notation, examples: Iterable[Example]
    ) -> None:
        update_wrapper(self, function)
        self.name: str = function.__name__
        self.function = function
        self.data, self.parameters, self.variadic = _split_signature(function)
        self.rules = dict(rules)
        for name, rule in self.rules.items():
            self._check_rule(name, rule)
        self.notation = notation
        self.examples = tuple(examples)
        self._known = frozenset(self.parameters)
        self._served = frozenset(range(len(self.data))) if self.variadic else frozenset(self._slots())
        self.arity = 0 if self.variadic else len(self.data)
        self.inputs_of: Callable[[Node], tuple[Node | None, ...]] = _inputs_of(self.arity)
        self.pulls = tuple((slot, self._pull(slot)) for slot in self._slots())
        self._variadic_pulls: dict[int, tuple[tuple[int, Pull], ...]] = {}
        if self.name in registry:
            raise DeclarationError(f"an operation named '{self.name}' exists already; choose another name")
        registry[self.name] = self

    __name__: str
    masks = False
    linear_in: tuple[str, ...] = ()

    def _check_rule(self, name: str, rule: Any) -> None:
        if name not in self.data:
            raise DeclarationError(f"{self.name}: a rule for '{name}', which is not among the data {self.data}")
        known = {*self.data, *self.parameters, "out", *self._offered}
        for wanted in _names(rule):
            if wanted not in known:
                raise DeclarationError(
                    f"{self.name}: the rule for '{name}' asks for '{wanted}'; it may ask for {', '.join(sorted(known))}"
                )

    _offered: tuple[str, ...] = ()

    def _slots(self) -> list[int]:
        return [] if self.variadic else [slot for slot, name in enumerate(self.data) if name in self.rules]

    def _pull(self, slot: int) -> Pull:
        raise AssertionError("the two kinds of operation say how an adjoint is pulled back")

    def pulls_of(self, node: Node) -> tuple[tuple[int, Pull], ...]:
        """The pull-backs of a step of this operation, each with the operand slot it serves."""
        if not self.variadic:
            return self.pulls
        size = len(node.inputs)
        if size not in self._variadic_pulls:
            self._variadic_pulls[size] = tuple((slot, self._pull(slot)) for slot in range(size))
        return self._variadic_pulls[size]

    def argument_name(self, slot: int) -> str:
        """The name of the argument in an operand slot."""
        return self.data[0] if self.variadic else self.data[slot]

    # -- calling ---------------------------------------------------------------------------------------------

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        if len(arguments) != self.arity or not parameters.keys() <= self._known:
            arguments, parameters = self._arrange(arguments, parameters)
        for argument in arguments:
            if isinstance(argument, Node):
                return self.record(arguments, parameters)
        return self.compute([each if type(each) is _array else _plain(self, each) for each in arguments], parameters)

    def _arrange(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments as NumPy lets them be given: data by name, parameters by position."""
        parameters = dict(given)
        if not self.variadic:
            arguments, extras = arguments[: self.arity], arguments[self.arity :]
            if len(extras) > len(self.parameters):
                raise ArgumentError(f"{self.name} takes {self._usage()}; {len(extras)} arguments too many were given")
            parameters.update(zip(self.parameters, extras, strict=False))
            while len(arguments) < self.arity and self.data[len(arguments)] in parameters:
                arguments = (*arguments, parameters.pop(self.data[len(arguments)]))
        for name in parameters:
            if name not in self._known:
                raise ArgumentError(f"{self.name} has no parameter '{name}'; it takes {self._usage()}")
        if len(arguments) < max(self.arity, 1):
            raise ArgumentError(f"{self.name} takes {self._usage()}; '{self.data[len(arguments)]}' is missing")
        return arguments, parameters

    def _usage(self) -> str:
        return f"{self.name}{inspect.signature(self.function)}"

    def compute(self, values: Sequence[Any], parameters: Mapping[str, Any] | None) -> Any:
        """The value on plain arrays; an error of NumPy's is told again in terms of this operation."""
        try:
            return self.function(*values, **parameters) if parameters else self.function(*values)
        except (ValueError, TypeError, IndexError) as error:
            raise self._explained(error, values, parameters) from error

    def _explained(self, error: Exception, values: Sequence[Any], parameters: Mapping[str, Any] | None) -> Exception:
        found = [f"{self.argument_name(slot)}: {_described(value)}" for slot, value in enumerate(values)]
        found += [f"{name}={value!r}" for name, value in (parameters or {}).items()]
        shapes = next((line.strip() for line in (self.__doc__ or "").splitlines() if "Shapes:" in line), "")
        message = f"{self.name} cannot take {', '.join(found)}: {error}. {shapes}".rstrip()
        if isinstance(error, ValueError):
            return ShapeError(message)
        return IndexingError(message) if isinstance(error, IndexError) else ArgumentError(message)

    def record(self, arguments: tuple[Any, ...], parameters: dict[str, Any] | None = None) -> Any:
        """Compute on the values of the arguments, and keep the step if a gradient can flow through it."""
        kind: type[Node] | None = None
        wanted = False
        inputs: list[Node | None] = []
        values = []
        for slot, argument in enumerate(arguments):
            if isinstance(argument, Node):
                inputs.append(argument)
                values.append(argument.value)
                wanted = wanted or (argument.requires_grad and (self.variadic or slot in self._served))
                made = argument.result_type
                kind = made if kind is None or issubclass(kind, made) else kind
            else:
                inputs.append(None)
                values.append(argument if type(argument) in _numbers else private(_plain(self, argument)))
        value = self.compute(values, parameters)
        mode = current_mode()
        wanted = wanted and mode.records
        result = leaf(kind, value if type(value) is not _array or value.ndim else value[()], requires_grad=wanted)
        if wanted or mode.everything:
            result.operation = self
            keep_operands(result, inputs, values)
            if parameters:
                result.parameters = parameters
            if mode.scope is not None:
                result.scope = mode.scope
        return result

    def as_operator(self) -> Callable[..., Any]:
        """This operation as a method of a node: the same recording, shorter for one or two numbers or nodes."""
        return {1: _unary, 2: _binary}[len(self.data)](self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} operation {self._usage()}>"


class Elementwise(Operation):
    """An operation on each element by itself, declared by its partials: numbers, or functions of what they read."""

    def _pull(self, slot: int) -> Pull:
        partial = self.rules[self.data[slot]]
        if not callable(partial):
            return _passed if partial == 1 else lambda g, step: g * partial
        return _times(partial, self) or _times_local(_bound(self, partial))

    def local(self, slot: int) -> Local:
        """`local(step)`: the partial derivative of a step's result by one argument, read by the rule from the step."""
        partial = self.rules[self.data[slot]]
        if not callable(partial):
            return lambda step: partial
        return _bound(self, partial)


class Structural(Operation):
    """An operation on whole arrays, declared by its pull-backs: what an adjoint `g` contributes to each argument.

    `linear_in` names the arguments in which it is linear (one at a time): there its forward mode is the operation
    itself, applied to the tangent. For a variadic operation a rule may ask for `slot`, the array it serves, and
    for the arrays themselves as a list.
    """

    _offered = ("g", "slot")

    def __init__(self, *declaration: Any, linear_in: tuple[str, ...] = (), masks: bool = False) -> None:
        super().__init__(*declaration)
        self.linear_in = linear_in
        self.masks = masks

    def _pull(self, slot: int) -> Pull:
        if self.variadic:
            rule = _bound(self, self.rules[self.data[0]], slot=slot)
        else:
            rule = _bound(self, self.rules[self.data[slot]])
        return rule


def _times(partial: Rule, operation: Operation) -> Pull | None:
    """`g * partial(...)` in one call less, for a partial that reads the first or second argument, or the result."""
    wants = _names(partial)
    if wants == ("out",):
        return lambda g, step: g * partial(step.value)
    if wants == operation.data[:1]:
        return lambda g, step: g * partial(step.x)
    if wants == operation.data[1:2]:
        return lambda g, step: g * partial(step.y)
    return None


def _times_local(local: Local) -> Pull:
    return lambda g, step: g * local(step)


def _passed(g: Any, step: Any) -> Any:
    return g


# -- the two decorators ----------------------------------------------------------------------------------------


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

    `partial[x]` is the partial derivative by the argument `x`: a number, or a function of what it reads by name
    (arguments, parameters, `out`), written with operators and operations so that it can itself be differentiated.
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
    so that a zero it passes means "not taken" and stays zero whatever it is multiplied with.
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
    as_call = call(function.__name__, _split_signature(function)[0])
    return Notation(latex or as_call[0], text or as_call[1], binding, needs or {})


def _split_signature(function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    data, parameters, variadic = [], [], False
    for name, each in inspect.signature(function).parameters.items():
        if each.kind is each.KEYWORD_ONLY:
            parameters.append(name)
        elif each.kind is each.VAR_KEYWORD:
            raise DeclarationError(f"{function.__name__}: name each parameter; **{name} cannot be recorded")
        else:
            variadic = variadic or each.kind is each.VAR_POSITIONAL
            data.append(name)
    if variadic and len(data) != 1:
        raise DeclarationError(f"{function.__name__}: *{data[-1]} has to be the only data of the operation")
    return tuple(data), tuple(parameters), variadic


# -- rules: from names to places ---------------------------------------------------------------------------------


def _names(rule: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(rule).parameters) if callable(rule) else ()


def _bound(operation: Operation, rule: Rule, slot: int = 0) -> Callable[..., Any]:
    """The rule with its names resolved: a partial takes `(step)`, a pull-back `(g, step)`."""
    names = _names(rule)
    takes_g = names[:1] == ("g",)
    fetches = tuple(_fetch(operation, name, slot) for name in names[takes_g:])
    if takes_g:
        return _bound_pull(rule, fetches)
    return lambda step: rule(*[fetch(step) for fetch in fetches])


def _bound_pull(rule: Rule, fetches: tuple[Local, ...]) -> Pull:
    if not fetches:
        return lambda g, step: rule(g)
    if len(fetches) == 1:
        (only,) = fetches
        return lambda g, step: rule(g, only(step))
    return lambda g, step: rule(g, *[fetch(step) for fetch in fetches])


def _fetch(operation: Operation, name: str, slot: int) -> Local:
    """What reads one residual, by name, from a step."""
    if name == "out":
        return attrgetter("value")
    if operation.variadic and name == "slot":
        return lambda step: slot
    if operation.variadic and name in operation.data:
        return lambda step: list(step.reads)
    if name in operation.data:
        place = operation.data.index(name)
        return attrgetter(("x", "y")[place]) if place < 2 else lambda step: step.more[2 * place - 3]
    default = inspect.signature(operation.function).parameters[name].default
    return lambda step: step.parameters[name] if step.parameters and name in step.parameters else default


def _inputs_of(arity: int) -> Callable[[Node], tuple[Node | None, ...]]:
    """What gives the inputs of a step, one per operand slot."""
    if arity == 2:
        return attrgetter("a", "b")
    if arity > 2:
        return lambda node: (node.a, node.b, *node.more[::2])
    return lambda node: (node.a, *node.more[::2]) if node.more else (node.a,)


# -- arguments -------------------------------------------------------------------------------------------------


def _plain(operation: Operation, argument: Any) -> Any:
    """A number or an array that NumPy computes with; lists become arrays, what is no data is refused."""
    if type(argument) in _numbers:
        return argument
    if isinstance(argument, _refused):
        raise ArgumentError(f"{operation.name} does not take a {type(argument).__name__}; pass a plain ndarray")
    if isinstance(argument, np.ndarray | np.generic | complex | int | float):
        array = argument
    else:
        array = np.asarray(argument)
    if getattr(array, "dtype", None) is not None and array.dtype.kind not in "biufc":
        raise ArgumentError(
            f"{operation.name} takes numbers and arrays of numbers; found {type(argument).__name__} "
            f"of dtype {array.dtype}"
        )
    return array


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"shape {value.shape} {value.dtype}"
    return f"{type(value).__name__} {value!r}"


# -- the short way for Python's operators ------------------------------------------------------------------------


def _unary(operation: Operation) -> Callable[[Any], Any]:
    compute = operation.function

    def method(self: Any) -> Any:
        if not self.requires_grad or current_mode() is not PLAIN:
            return operation.record((self,))
        read = self.value
        value = compute(read)
        result = _new(self.result_type)
        result.value = value
        result.grad = None
        result.requires_grad = True
        result.operation = operation
        result.a = self
        result.x = read
        result.order = next_order()
        return result

    return method


def _binary(operation: Operation) -> Callable[[Any, Any], Any]:
    compute = operation.function

    def method(self: Any, other: Any) -> Any:
        if not self.requires_grad or current_mode() is not PLAIN:
            return operation(self, other)
        kind = type(other)
        if kind is type(self):
            read, other_read = self.value, other.value
        elif kind in _numbers:
            read, other_read, other = self.value, other, None
        else:
            return operation(self, other)
        try:
            value = compute(read, other_read)
        except (ValueError, TypeError):
            return operation.record((self, other if other is not None else other_read))
        result = _new(self.result_type)
        result.value = value
        result.grad = None
        result.requires_grad = True
        result.operation = operation
        result.a = self
        result.x = read
        result.b = other
        result.y = other_read
        result.order = next_order()
        return result

    return method
