"""The form of an operation: its value, its derivative rules, how it is written, and how a call is recorded.

There are two kinds. An *element-wise* operation is declared by its value and its partials; a *structural* one by
its value and its pull-backs (vector-Jacobian products). A rule asks by name for what it reads; names are turned
into positions once, when the declaration is read, so the price of a call does not depend on it.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import update_wrapper
from typing import Any
from weakref import ref

import numpy as np

from autograd.anomaly import checked
from autograd.arguments import Example, described, fixed, fixed_types, plain, private, weak_numbers
from autograd.errors import ArgumentError, AutogradError, DeclarationError, DomainError, IndexingError, ShapeError
from autograd.mode import Recording, current_mode
from autograd.node import Node, inputs_of, keep_step, leaf, values_of
from autograd.notation import Notation
from autograd.provenance import Cut, here
from autograd.rule import Local, Over, Pull, bound, names, passed, times, times_read
from autograd.signature import key, split_signature

registry: dict[str, Operation] = {}
"""Every operation by name, in the order of declaration."""

_array, _float, _values = np.ndarray, np.float64, (np.generic, np.ndarray, Node)


class Operation(ABC):
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
        self.data, self.parameters, self.variadic = self._split(function)
        self.rules = dict(rules)
        for name, rule in self.rules.items():
            self._check_rule(name, rule)
        self.notation = notation
        self.examples = tuple(examples)
        self._known = frozenset(self.parameters)
        self._served = frozenset(range(len(self.data))) if self.variadic else frozenset(self._slots())
        self.arity = 0 if self.variadic else len(self.data)
        self.inputs_of: Callable[[Node], tuple[Node | None, ...]] = inputs_of(self.arity)
        self.pulls = tuple((slot, self._pull(slot)) for slot in self._slots())
        self._variadic_pulls: dict[int, tuple[tuple[int, Pull], ...]] = {}
        self.key = key(function)
        if self.registered:
            self._register()

    def _register(self) -> None:
        """Be found by name. The same function declared again, as when a notebook's cell runs twice, replaces itself."""
        known = registry.get(self.key)
        if known is not None and known.function.__code__.co_filename == self.function.__code__.co_filename:
            known = None if known.function.__qualname__ == self.function.__qualname__ else known
        if known is not None:
            raise DeclarationError(f"an operation named '{self.key}' exists already; choose another name")
        registry[self.key] = self

    __name__: str
    registered = True
    masks = False
    linear_in: tuple[str, ...] = ()

    def _check_rule(self, name: str, rule: Any) -> None:
        if name not in self.data:
            raise DeclarationError(f"{self.name}: a rule for '{name}', which is not among the data {self.data}")
        known = {*self.data, *self.parameters, "out", *self._offered}
        if isinstance(rule, str) and rule not in ("out", *self.data[:2]):
            raise DeclarationError(f"{self.name}: a partial by name is 'out' or one of {self.data[:2]}; found '{rule}'")
        for wanted in names(rule):
            if wanted not in known:
                raise DeclarationError(
                    f"{self.name}: the rule for '{name}' asks for '{wanted}'; it may ask for {', '.join(sorted(known))}"
                )

    @property
    def _offered(self) -> tuple[str, ...]:
        """What a rule may ask for beside the arguments, the parameters and the result."""
        return ()

    _split = staticmethod(split_signature)

    def _slots(self) -> list[int]:
        return [] if self.variadic else [slot for slot, name in enumerate(self.data) if name in self.rules]

    @abstractmethod
    def _pull(self, slot: int) -> Pull:
        """What an adjoint contributes to the argument in a slot."""

    def pulls_of(self, node: Node) -> tuple[tuple[int, Pull], ...]:
        """The pull-backs of a step of this operation, each with the operand slot it serves."""
        if not self.variadic:
            return self.pulls
        size = len(node.inputs)
        if size not in self._variadic_pulls:
            self._variadic_pulls[size] = tuple((slot, self._pull(slot)) for slot in range(size))
        return self._variadic_pulls[size]

    def pull_of(self, node: Node, slot: int) -> Pull:
        """The pull-back of a step of this operation that serves one operand slot."""
        return dict(self.pulls_of(node))[slot]

    def argument_name(self, slot: int) -> str:
        """The name of the argument in an operand slot."""
        return self.data[0] if self.variadic else self.data[slot]

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """The value of plain arguments; a recorded result if there is a tensor among them."""
        if len(arguments) != self.arity or not parameters.keys() <= self._known:
            arguments, parameters = self._arrange(arguments, parameters)
        for argument in arguments:
            if type(argument) is not _array:
                break
        else:
            return self.compute(arguments, self._told(parameters))
        for argument in arguments:  # a loop takes half the time of any()
            if isinstance(argument, Node):
                return self.record(arguments, parameters)
        return self.compute([plain(self.name, each) for each in arguments], self._told(parameters))

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
        except AutogradError:
            raise
        except (ValueError, TypeError, IndexError) as error:
            raise self._explained(error, values, parameters) from error

    def _told(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Parameters without tensors, and safe from outside."""
        for each in parameters.values():
            for part in each if type(each) is tuple else (each,):
                if type(part) not in fixed_types:
                    return {name: fixed(self._mask(name, every)) for name, every in parameters.items()}
        return parameters

    def _mask(self, name: str, parameter: Any) -> Any:
        """What a parameter says if it is a mask and a tensor: any other would have a derivative."""
        if not isinstance(parameter, Node):
            return parameter
        if name != "where" or parameter.value.dtype.kind != "b":
            raise ArgumentError(
                f"{self.name} has no derivative by '{name}', so it takes no tensor there; give its .numpy()"
            )
        return values_of(parameter)

    def _explained(self, error: Exception, values: Sequence[Any], parameters: Mapping[str, Any] | None) -> Exception:
        found = [f"{self.argument_name(slot)}: {described(value)}" for slot, value in enumerate(values)]
        found += [f"{name}={value!r}" for name, value in (parameters or {}).items()]
        documented = (self.__doc__ or "").splitlines()
        shapes = next((line[line.index("Shapes:") :].strip() for line in documented if "Shapes:" in line), "")
        message = f"{self.name} cannot take {', '.join(found)}: {error}. {shapes}".rstrip()
        if isinstance(error, np.linalg.LinAlgError):
            return DomainError(message)
        if isinstance(error, ValueError):
            return ShapeError(message)
        return IndexingError(message) if isinstance(error, IndexError) else ArgumentError(message)

    def record(self, arguments: tuple[Any, ...], parameters: dict[str, Any] | None = None) -> Any:
        """Compute on the values of the arguments, and keep the step if a gradient can flow through it."""
        records, everything, scope, watchful = current_mode()
        wanted, parameters = False, self._told(parameters) if parameters else None
        arguments, kind = everything.operands(arguments) if isinstance(everything, Recording) else (arguments, Node)
        inputs: list[Node | None] = []
        values = []
        for slot, argument in enumerate(arguments):
            if isinstance(argument, Node):
                inputs.append(argument)
                values.append(argument.value)
                wanted = wanted or (argument.requires_grad and (slot in self._served or self.variadic))
                made = argument.result_type
                kind = kind if kind is made else made if kind is Node or issubclass(kind, made) else kind
            else:
                inputs.append(None)
                values.append(argument if type(argument) in weak_numbers else private(plain(self.name, argument)))
        value = self.compute(values, parameters)
        if type(value) is _array:
            value, kind = (value, kind.array_type) if value.ndim else (value[()], kind)
        elif type(value) is not _float and not isinstance(value, _values):
            value = self._number(value, values)
        wanted = wanted and (not parameters or np.result_type(value).kind in "fc")  # not of integers, by dtype=
        result = leaf(kind, value, requires_grad=wanted and records)
        if everything or (wanted and records):
            keep_step(result, self, inputs, values, parameters, scope)
            if type(value) is _array and isinstance(everything, Recording):
                everything.made(result, inputs)
        elif any(each is not None and (each.requires_grad or each.cut) for each in inputs):
            result.cut = self._cut(wanted, inputs)
        return checked(self, result, values) if watchful else result

    def _number(self, made: Any, values: Sequence[Any]) -> Any:
        """A number of Python's as one of NumPy's, but for one made of Python's alone: it widens no dtype."""
        if isinstance(made, int | float) and all(type(each) in (int, float) for each in values):
            return made
        if isinstance(made, int | float | complex):
            return np.asarray(made)[()]
        raise ArgumentError(
            f"{self.name} has to return one array or number, and returned a {type(made).__name__}; "
            f"join several to one array, or make an operation of each"
        )

    def _cut(self, wanted: bool, inputs: list[Node | None]) -> Cut | None:
        """Why the result is constant: cut off here, or made from what was cut off before."""
        sources = [each for each in inputs if each is not None and each.requires_grad]
        if not sources:
            return next(each.cut for each in inputs if each is not None and each.cut)
        reason = "computed within no_grad()" if wanted else f"{self.name} has no derivative by this argument"
        return Cut(reason, here(), tuple(map(ref, sources)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} operation {self._usage()}>"


class Elementwise(Operation):
    """An operation on each element by itself, declared by its partials: numbers, names, or functions."""

    def _pull(self, slot: int) -> Pull:
        partial = self.rules[self.data[slot]]
        if isinstance(partial, int | float | complex):
            return passed if partial == 1 else lambda g, step: g * partial
        if isinstance(partial, Over):
            divisor = bound(self, partial.of)
            return lambda g, step: g / divisor(step)
        return times_read(self, partial) if isinstance(partial, str) else times(self, partial)

    def local(self, slot: int) -> Local:
        """`local(step)`: the partial derivative of a step's result by one argument, read by the rule from the step."""
        partial = self.rules[self.data[slot]]
        if isinstance(partial, Over):
            divisor = bound(self, partial.of)
            return lambda step: 1 / divisor(step)
        return (lambda step: partial) if isinstance(partial, int | float | complex) else bound(self, partial)


class Structural(Operation):
    """An operation on whole arrays, declared by its pull-backs: what an adjoint `g` contributes to each argument.

    `linear_in` names the arguments in which it is linear (one at a time): there its forward mode is the operation
    itself, applied to the tangent. For a variadic operation a rule may ask for `slot`, the array it serves, and
    for the arrays themselves as a list.
    """

    def __init__(self, *declaration: Any, linear_in: tuple[str, ...] = (), masks: bool = False) -> None:
        super().__init__(*declaration)
        self.linear_in = linear_in
        self.masks = masks

    @property
    def _offered(self) -> tuple[str, ...]:
        return ("g", "slot") if self.variadic else ("g",)

    def _check_rule(self, name: str, rule: Any) -> None:
        super()._check_rule(name, rule)
        if names(rule)[:1] != ("g",):
            raise DeclarationError(
                f"{self.name}: the rule for '{name}' is a pull-back, and takes the adjoint 'g' first; found "
                f"{', '.join(names(rule)) or repr(rule)}"
            )

    def _pull(self, slot: int) -> Pull:
        return bound(self, self.rules[self.argument_name(slot)], slot)
