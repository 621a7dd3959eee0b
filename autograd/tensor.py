"""Tensor and Value: Python's and NumPy's syntax for the operations.

A scalar is a tensor of shape (); a `Value` is one that reads like micrograd's. There is no second engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self
from weakref import ref

import numpy as np

from autograd import protocol
from autograd.arguments import as_array
from autograd.errors import ArgumentError, GraphError, InPlaceError, ShapeError
from autograd.familiar import OF_TENSORS, absent
from autograd.hook import Hook
from autograd.mode import no_grad, recording
from autograd.node import Node, hooked, keep_step, leaf, next_order, sources_of
from autograd.operations.arithmetic import positive
from autograd.operations.shaping import astype
from autograd.provenance import Cut, here
from autograd.reverse import backward
from autograd.syntax import Syntax


class Tensor(Syntax):
    """An array that remembers how it was made, so that results can be differentiated by it.

    `data` is copied: numbers, lists and nested lists become float64, arrays keep their dtype. A tensor made by
    the user is a leaf; with `requires_grad` its `.grad` receives the adjoint at each `backward()`.

    Raises: ArgumentError for what is no array of numbers, or `requires_grad` on integers.

    >>> w = Tensor([1.0, 2.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> w.grad
    array([2., 4.])
    """

    __slots__ = ()

    def __init__(self, data: Any, *, requires_grad: bool = False, dtype: Any = None, name: str | None = None) -> None:
        self.value = as_array(data.value if isinstance(data, Node) else data, dtype)
        self.stored_grad = None
        self.operation = None
        self.order = next_order()
        self.requires_grad = _may_require(self, requires_grad)
        if name is not None:
            self.name = name
        if isinstance(data, Node) and recording() is not None:
            _made_of(self, data)

    # -- data --------------------------------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The values. Of a leaf: an array to read or write, as in `p.data -= lr * p.grad`. Of a result: read-only.

        What a graph recorded before has read stays as it was; what is written to the array counts from the next
        time the tensor is used, and from then on the array is a stranger's.
        """
        run = recording()
        if run is not None:
            return run.data(self)
        if self.operation is not None or not isinstance(self.value, np.ndarray):
            return self.numpy()
        lent = self.value.copy()
        self._lend(lent)
        return lent

    @data.setter
    def data(self, new: Any) -> None:
        if self.operation is not None:
            raise InPlaceError(
                f"only leaves can be given new data; this tensor is the result of '{self.operation.name}'. "
                f"Use .detach() for a leaf of the same value"
            )
        if np.shape(new) != self.shape:
            raise ShapeError(f"new data of shape {np.shape(new)} for a tensor of shape {self.shape}; keep the shape")
        if np.iscomplexobj(new) and self.dtype.kind != "c":
            raise ArgumentError(f"complex data for a tensor of {self.dtype}; take its real part, or make a new tensor")
        if recording() is not None:
            self.assign(new if isinstance(new, Node) else Tensor(new, dtype=self.dtype))
            return
        self._lend(as_array(new.value if isinstance(new, Node) else new, self.dtype, copy=False))

    def _lend(self, array: Any) -> None:
        """Hold an array that the outside may still write to: it is copied when the tensor is next read."""
        if isinstance(array, np.ndarray):
            self._lent = array
            del self.value
        else:
            self.value = array

    def __getattr__(self, name: str) -> Any:
        lent = self.__dict__.get("_lent") if name == "value" else None
        if lent is None:
            raise absent(f"'{type(self).__name__}' object", name, OF_TENSORS)
        del self._lent
        self.value = lent.copy()
        return self.value

    def assign(self, new: Any) -> None:
        """Give a leaf new data without a copy: `new` is not to be written to afterwards. For optimizers."""
        run = recording()
        if run is not None:
            run.assign(self, new)
            return
        self.__dict__.pop("_lent", None)
        self.value = new

    @property
    def grad(self) -> Any:
        """The adjoint that `backward()` has left here, an array to read or write; None while it is not computed."""
        run = recording()
        return self.stored_grad if run is None else run.gradient(self)

    @grad.setter
    def grad(self, new: Any) -> None:
        run = recording()
        if run is not None:
            run.set_gradient(self, new)
        else:
            self.stored_grad = np.array(new.value)[()] if isinstance(new, Node) else new

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return self.operation is None

    def numpy(self) -> Any:
        """The values as a read-only array, or as a NumPy scalar for shape (). `.numpy().copy()` can be written to."""
        value = self.read("numpy()")
        if isinstance(value, np.ndarray):
            value = value.view()
            value.flags.writeable = False
        return value

    def detach(self) -> Any:
        """A leaf with the same values, constant to differentiation."""
        if recording() is not None:
            with no_grad():
                return positive(self)
        detached = leaf(type(self), self.value)
        if self.requires_grad:
            detached.cut = Cut("detached", here(), (ref(self),))
        return detached

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Switch a leaf's `requires_grad`; the tensor itself is returned."""
        if self.operation is not None and not requires_grad:
            raise GraphError("only leaves can be taken out of differentiation; use .detach() on a result")
        self.requires_grad = _may_require(self, requires_grad)
        return self

    # -- differentiation ---------------------------------------------------------------------------------------

    def backward(self, gradient: Any = None, *, retain_graph: bool = True) -> None:  # noqa: ARG002  it is, always
        """Add d self / d leaf to the `.grad` of every leaf this tensor was made from.

        `gradient` is the adjoint of this tensor, needed unless it has one element. A second call adds the same again:
        a graph is kept as long as somebody has its result, whatever PyTorch's `retain_graph` says.

        Raises: GraphError if nothing requires a gradient, or a gradient is needed; ShapeError if it does not fit.
        """
        backward(self, gradient)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget `.grad`: it is None, "not computed", until the next backward(); or, if told so, make it zeros."""
        self.grad = None if set_to_none or self.grad is None else np.zeros(self.shape, self.dtype)[()]

    def retain_grad(self) -> None:
        """Let backward() leave the adjoint of this result in its `.grad`, as it does for leaves."""
        if not self.requires_grad:
            raise GraphError("retain_grad() needs a tensor that requires a gradient")
        self.retains = True

    def register_hook(self, hook: Callable[[Any], Any]) -> Hook:
        """Call `hook(adjoint)` in every sweep that reaches this tensor: to look, or to change it by returning another.

        The adjoint is complete, and handed on as the hook leaves it. Hooks run in the order they were registered.
        What is returned can be removed again: `.remove()`, or as a context manager.

        Raises: GraphError unless the tensor requires a gradient; ShapeError, from the sweep, for another shape.

        >>> x = Tensor(3.0, requires_grad=True)
        >>> with x.register_hook(lambda adjoint: np.clip(adjoint, -1, 1)):
        ...     (x * x).backward()
        >>> x.grad
        np.float64(1.0)
        """
        if not self.requires_grad:
            raise GraphError("register_hook() needs a tensor that requires a gradient: no adjoint reaches this one")
        self.hooks = (*self.hooks, hook)
        hooked[self.order] = self
        return Hook(self, hook)

    # -- NumPy's protocols, copies, text -----------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        return protocol.apply_ufunc(ufunc, method, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return protocol.apply_function(function, arguments, keywords)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self.requires_grad:
            raise ArgumentError(
                "a tensor that requires a gradient does not turn into an array by itself, since that would cut the "
                "graph unseen; say .numpy() for its values, or use an operation (autograd.stack for a list of tensors)"
            )
        return np.array(self.read("np.array()"), dtype=dtype, copy=True if copy is None else copy)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        rebuild, arguments = self.__reduce__()[:2]
        copy: Self = rebuild(*arguments)
        memo[id(self)] = copy
        return copy

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __reduce__(self) -> tuple[Any, ...]:
        if self.operation is not None:
            raise ArgumentError(
                f"only leaves can be copied or pickled; this tensor is the result of '{self.operation.name}'. "
                f"Use .detach() first"
            )
        return _rebuild, (type(self), self.read("copying or pickling"), self.requires_grad, self.name, self.grad)

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(self.read("repr()")), separator=", ", prefix="Tensor(")
        return f"Tensor({', '.join([text, *self._remarks()])})"

    def _remarks(self) -> list[str]:
        remarks = [f"dtype={self.dtype}"] if self.dtype != np.float64 else []
        remarks += [f"name={self.name!r}"] if self.name else []
        remarks += [f"made by {self.operation.name}"] if self.operation else []
        remarks += ["requires_grad=True"] if self.requires_grad and self.operation is None else []
        return remarks + ([f"grad={self.grad!r}"] if self.grad is not None else [])


Tensor.result_type = Tensor.array_type = Tensor


class Value(Tensor):
    """A number that remembers how it was made: micrograd's Value, on the one engine. Every adjoint is kept in `.grad`.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> c = a * b + a**2
    >>> c.backward(); (c.data, a.grad, b.grad)
    (np.float64(-2.0), np.float64(1.0), np.float64(2.0))
    """

    __slots__ = ()
    rebinds = True
    retains = True

    def __init__(self, data: Any, name: str | None = None) -> None:
        super().__init__(data, requires_grad=True, dtype=None if np.iscomplexobj(data) else np.float64, name=name)
        if self.shape:
            raise ShapeError(f"a Value is one number; found shape {self.shape}. Use Tensor(..., requires_grad=True)")

    _prev = property(lambda self: set(sources_of(self)))
    _op = property(lambda self: "" if self.operation is None else self.operation.name)
    """What it was made from, and by which operation: under micrograd's names, for code that draws its graph."""

    def __repr__(self) -> str:
        return f"Value(data={self.read('repr()')}, grad={'not computed' if self.grad is None else self.grad})"


Value.result_type = Value


def _made_of(tensor: Tensor, source: Node) -> None:
    """Within a run that is recorded as a whole, remember what a new tensor's values came from."""
    value = tensor.value
    made = astype(source, dtype=value.dtype) if value.dtype != source.value.dtype else source
    keep_step(tensor, positive, [made], [made.value], None, None)
    tensor.order = next_order()


def _may_require(tensor: Tensor, requires_grad: bool) -> bool:
    if requires_grad and tensor.dtype.kind not in "fc":
        raise ArgumentError(
            f"requires_grad=True needs real or complex numbers; found {tensor.dtype}. "
            f"Give dtype=np.float64, or leave integers constant"
        )
    return bool(requires_grad)


def _rebuild(kind: type[Tensor], value: Any, requires_grad: bool, name: str | None, grad: Any) -> Tensor:
    tensor = kind.__new__(kind)
    Tensor.__init__(tensor, value, requires_grad=requires_grad, name=name)
    tensor.grad = grad.copy() if isinstance(grad, np.ndarray) else grad
    return tensor
