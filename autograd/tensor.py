"""Tensor and Value: Python's and NumPy's syntax for the operations.

A scalar is a tensor of shape (); a `Value` is one that reads like micrograd's. There is no second engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from autograd import protocol
from autograd.errors import ArgumentError, DomainError, GraphError, InPlaceError, ShapeError
from autograd.node import Node, leaf, next_order
from autograd.operation import Operation
from autograd.operations import arithmetic, elementary, indexing, linear, piecewise, reduction, shaping, stable
from autograd.reverse import backward


def _method(operation: Operation) -> Callable[..., Any]:
    def method(self: Tensor, *arguments: Any, **parameters: Any) -> Any:
        return operation(self, *arguments, **parameters)

    method.__doc__ = operation.__doc__
    method.__name__ = operation.name
    return method


def _reflected(operation: Operation) -> Callable[[Tensor, Any], Any]:
    return lambda self, other: operation(other, self)


class Tensor(Node):
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
        self.value = _array(data, dtype)
        self.grad = None
        self.operation = None
        self.order = next_order()
        self.requires_grad = _may_require(self, requires_grad)
        if name is not None:
            self.name = name

    # -- data --------------------------------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The values. Of a leaf: an array to read or write, as in `p.data -= lr * p.grad`; what a graph recorded
        before has read stays as it was, and the array is taken over when the tensor is next used. Of a result:
        read-only."""
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
        array = _array(new, self.dtype, copy=False)
        if np.shape(array) != self.shape:
            raise ShapeError(f"new data of shape {np.shape(array)} for a tensor of shape {self.shape}; keep the shape")
        self._lend(array)

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
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        del self._lent
        self.value = lent.copy()
        return self.value

    def assign(self, new: Any) -> None:
        """Give a leaf new data without a copy: `new` is not to be written to afterwards. For optimizers."""
        self.__dict__.pop("_lent", None)
        self.value = new

    @property
    def shape(self) -> tuple[int, ...]:
        """The size along each axis."""
        return self.value.shape  # type: ignore[no-any-return]  a NumPy array or scalar has a shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.value.ndim  # type: ignore[no-any-return]  as shape

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.value.size  # type: ignore[no-any-return]  as shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.value.dtype  # type: ignore[no-any-return]  as shape

    @property
    def T(self) -> Any:  # noqa: N802  NumPy's name
        """The transpose."""
        return shaping.transpose(self)

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return self.operation is None

    def item(self) -> Any:
        """The one element as a Python number. Raises: ShapeError if there are more, or none."""
        if self.size != 1:
            raise ShapeError(f"item() needs one element; this tensor has shape {self.shape}. Use .numpy() or .tolist()")
        return self.value.item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self.value.tolist()

    def numpy(self) -> Any:
        """The values as a read-only array, or as a NumPy scalar for shape (). `.numpy().copy()` can be written to."""
        value = self.value
        if isinstance(value, np.ndarray):
            value = value.view()
            value.flags.writeable = False
        return value

    def detach(self) -> Any:
        """A leaf with the same values, constant to differentiation."""
        return leaf(type(self), self.value)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Switch a leaf's `requires_grad`; the tensor itself is returned."""
        if self.operation is not None and not requires_grad:
            raise GraphError("only leaves can be taken out of differentiation; use .detach() on a result")
        self.requires_grad = _may_require(self, requires_grad)
        return self

    # -- differentiation ---------------------------------------------------------------------------------------

    def backward(self, gradient: Any = None) -> None:
        """Add d self / d leaf to the `.grad` of every leaf this tensor was made from.

        `gradient` is the adjoint of this tensor, needed unless it has one element. A second call adds the same again.

        Raises: GraphError if nothing requires a gradient, or a gradient is needed; ShapeError if it does not fit.
        """
        backward(self, gradient)

    def zero_grad(self) -> None:
        """Forget `.grad`: it is None, "not computed", until the next backward()."""
        self.grad = None

    def retain_grad(self) -> None:
        """Let backward() leave the adjoint of this result in its `.grad`, as it does for leaves."""
        if not self.requires_grad:
            raise GraphError("retain_grad() needs a tensor that requires a gradient")
        self.retains = True

    # -- Python's operators ------------------------------------------------------------------------------------

    __add__ = __radd__ = arithmetic.add.as_operator()
    __mul__ = __rmul__ = arithmetic.multiply.as_operator()
    __sub__ = arithmetic.subtract.as_operator()
    __rsub__ = _reflected(arithmetic.subtract)
    __truediv__ = arithmetic.divide.as_operator()
    __rtruediv__ = _reflected(arithmetic.divide)
    __pow__ = arithmetic.power.as_operator()
    __rpow__ = _reflected(arithmetic.power)
    __matmul__ = linear.matmul.as_operator()
    __rmatmul__ = _reflected(linear.matmul)
    __neg__ = arithmetic.negative.as_operator()
    __pos__ = arithmetic.positive.as_operator()
    __abs__ = piecewise.absolute.as_operator()
    __gt__ = piecewise.greater.as_operator()
    __ge__ = piecewise.greater_equal.as_operator()
    __lt__ = piecewise.less.as_operator()
    __le__ = piecewise.less_equal.as_operator()
    __eq__ = piecewise.equal.as_operator()  # type: ignore[assignment]  element by element, as in NumPy
    __ne__ = piecewise.not_equal.as_operator()  # type: ignore[assignment]  element by element, as in NumPy
    __hash__ = object.__hash__

    def __getitem__(self, index: Any) -> Any:
        return indexing.getitem(self, index=_plain_index(index))

    def __setitem__(self, index: Any, new: Any) -> None:
        raise InPlaceError(
            "a tensor is not written to, since graphs may have read it; "
            "use y = x.at[index].set(values), or x.at[index].add(values), which give a new tensor"
        )

    @property
    def at(self) -> At:
        """`x.at[index].set(values)` and `.add(values)`: a new tensor that differs at `index`."""
        return At(self)

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentError("a tensor of shape () has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if self.size != 1:
            raise DomainError(f"the truth of a tensor of shape {self.shape} is ambiguous; use .all() or .any()")
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise ArgumentError(f"only a tensor of an integer can be an index; this one is {self.dtype}")
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.size == 1 else format(str(self), spec)

    # -- NumPy's methods ---------------------------------------------------------------------------------------

    exp, log, sqrt = (each.as_operator() for each in (elementary.exp, elementary.log, elementary.sqrt))
    sin, cos, tanh = (each.as_operator() for each in (elementary.sin, elementary.cos, elementary.tanh))
    relu, abs, sigmoid = (each.as_operator() for each in (piecewise.relu, piecewise.absolute, stable.sigmoid))
    sum, mean, prod = (_method(each) for each in (reduction.sum, reduction.mean, reduction.prod))
    max, min, argmax, argmin = (
        _method(each) for each in (reduction.max, reduction.min, reduction.argmax, reduction.argmin)
    )
    var, std, cumsum = (_method(each) for each in (reduction.var, reduction.std, reduction.cumsum))
    all, any, clip = (_method(each) for each in (reduction.all, reduction.any, piecewise.clip))
    ravel, squeeze, swapaxes = (_method(each) for each in (shaping.ravel, shaping.squeeze, shaping.swapaxes))
    flatten = ravel
    softmax, log_softmax, logsumexp = (
        _method(each) for each in (stable.softmax, stable.log_softmax, stable.logsumexp)
    )
    dot = _method(linear.matmul)

    def reshape(self, *shape: Any) -> Any:
        """The same elements in another shape, given as numbers or as a tuple; -1 stands for what is left."""
        return shaping.reshape(self, shape=shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        """Axes in another order, given as numbers or as a tuple; by default reversed."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return shaping.transpose(self, axes=order)

    def astype(self, dtype: Any) -> Any:
        """The same numbers as another dtype; gradients flow back in the old one."""
        return shaping.astype(self, dtype=dtype)

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
        return np.array(self.value, dtype=dtype, copy=True if copy is None else copy)

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
        return _rebuild, (type(self), self.value, self.requires_grad, self.name, self.grad)

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(self.value), separator=", ", prefix="Tensor(")
        return f"Tensor({', '.join([text, *self._remarks()])})"

    def _remarks(self) -> list[str]:
        remarks = [f"dtype={self.dtype}"] if self.dtype != np.float64 else []
        remarks += [f"name={self.name!r}"] if self.name else []
        remarks += [f"made by {self.operation.name}"] if self.operation else []
        remarks += ["requires_grad=True"] if self.requires_grad and self.operation is None else []
        return remarks + ([f"grad={self.grad!r}"] if self.grad is not None else [])


Tensor.result_type = Tensor


class Value(Tensor):
    """A number that remembers how it was made: micrograd's Value, on the one engine. Every adjoint is kept in `.grad`.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> c = a * b + a**2
    >>> c.backward(); (c.data, a.grad, b.grad)
    (np.float64(-2.0), np.float64(1.0), np.float64(2.0))
    """

    __slots__ = ()
    retains = True

    def __init__(self, data: Any, name: str | None = None) -> None:
        super().__init__(data, requires_grad=True, dtype=None if np.iscomplexobj(data) else np.float64, name=name)
        if self.shape:
            raise ShapeError(f"a Value is one number; found shape {self.shape}. Use Tensor(..., requires_grad=True)")

    def __repr__(self) -> str:
        return f"Value(data={self.value}, grad={'not computed' if self.grad is None else self.grad})"


Value.result_type = Value


class At:
    """A tensor about to be changed at some place; it is what `x.at` gives."""

    def __init__(self, tensor: Tensor, index: Any = None) -> None:
        self._tensor = tensor
        self._index = index

    def __getitem__(self, index: Any) -> At:
        return At(self._tensor, _plain_index(index))

    def set(self, values: Any) -> Any:
        """A new tensor with `values` at the index. Shapes: values broadcast to x[index]."""
        return indexing.put(self._tensor, values, index=self._index)

    def add(self, values: Any) -> Any:
        """A new tensor with `values` added at the index; repeated indices add up. Shapes: as set."""
        return indexing.put_add(self._tensor, values, index=self._index)


def _plain_index(index: Any) -> Any:
    """An index without tensors, and safe from later writes to the arrays in it."""
    parts = index if isinstance(index, tuple) else (index,)
    plain = tuple(
        each.numpy() if isinstance(each, Tensor) else each.copy() if isinstance(each, np.ndarray) else each
        for each in parts
    )
    return plain if isinstance(index, tuple) else plain[0]


def _array(data: Any, dtype: Any, copy: bool = True) -> Any:
    """Data as a private array, or as a NumPy scalar for shape ()."""
    if isinstance(data, Node):
        data = data.value
    if type(data) is float and dtype is None:
        return np.float64(data)
    try:
        array = np.array(data, dtype=dtype) if copy else np.asarray(data, dtype=dtype)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"cannot make an array of numbers from {type(data).__name__}: {error}") from error
    if dtype is None and array.dtype.kind in "iu" and not isinstance(data, np.ndarray | np.generic):
        array = array.astype(np.float64)
    if array.dtype.kind not in "biufc":
        raise ArgumentError(f"a tensor holds numbers; found {type(data).__name__} of dtype {array.dtype}")
    return array if array.ndim else array[()]


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
    tensor.grad = None if grad is None else grad.copy()
    return tensor
