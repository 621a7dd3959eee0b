"""What PyTorch has under a name of its own, and what it is here: told by the error of whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

_SELF = "x itself: there is one device, and one layout"
_MADE = "autograd.Tensor({})"

OF_TENSORS = {
    "view": "x.reshape(shape)", "view_as": "x.reshape(y.shape)", "reshape_as": "x.reshape(y.shape)",
    "unsqueeze": "np.expand_dims(x, axis)", "permute": "x.transpose(axes)", "t": "x.T",
    "movedim": "np.moveaxis(x, source, destination)", "unfold": "autograd.sliding_window_view(x, width, axis)",
    "expand": "np.broadcast_to(x, shape)", "expand_as": "np.broadcast_to(x, y.shape)",
    "repeat_interleave": "x.repeat(times, axis)", "chunk": "np.array_split(x, parts, axis)",
    "split": "np.split(x, places, axis)", "unbind": "autograd.unstack(x, axis=axis)",
    "gather": "np.take_along_axis(x, index, axis)", "index_select": "x.take(index, axis=axis)",
    "masked_select": "x[mask]", "masked_fill": "np.where(mask, value, x)", "where": "np.where(condition, x, y)",
    **dict.fromkeys(("scatter", "index_fill", "index_put"), "x.at[index].set(values)"),
    **dict.fromkeys(("scatter_add", "index_add"), "x.at[index].add(values)"),
    "topk": "np.sort(x), or np.argsort(x)", "norm": "np.linalg.norm(x)", "clamp": "x.clip(low, high)",
    "clamp_min": "np.maximum(x, low)", "clamp_max": "np.minimum(x, high)", "rsqrt": "1 / x.sqrt()",
    "add": "x + y", "sub": "x - y", "mul": "x * y", "div": "x / y", "neg": "-x", "pow": "x ** y",
    "matmul": "x @ y", "mm": "x @ y", "bmm": "x @ y", "mv": "x @ y", "allclose": "np.allclose(x, y)",
    "eq": "x == y", "ne": "x != y", "lt": "x < y", "le": "x <= y", "gt": "x > y", "ge": "x >= y",
    "clone": "x.copy()", "contiguous": _SELF, "cpu": _SELF, "cuda": _SELF, "device": _SELF,
    "numel": "x.size", "nelement": "x.size", "dim": "x.ndim", "grad_fn": "x.operation",
    "to": "x.astype(dtype); there is one device", "type": "x.astype(dtype)", "type_as": "x.astype(y.dtype)",
    "float": "x.astype(np.float32)", "double": "x.astype(np.float64)", "int": "x.astype(np.int32)",
    "long": "x.astype(np.int64)", "bool": "x.astype(bool)", "detach_": "x.detach()",
    "new_zeros": _MADE.format("np.zeros(shape)"), "new_ones": _MADE.format("np.ones(shape)"),
    **{name: f"autograd.{name}(x)" for name in ("gelu", "silu", "softplus", "elu", "selu", "leaky_relu", "erf")},
    **{name: f"np.{name}(x)" for name in (
        "log1p", "log2", "log10", "expm1", "exp2", "tan", "sinh", "cosh", "floor", "ceil", "sign", "square", "flip",
        "roll", "tile", "tril", "triu", "diag", "outer", "kron", "isnan", "isinf", "isfinite", "median", "maximum",
        "minimum", "reciprocal", "stack", "logaddexp", "moveaxis", "broadcast_to",
    )},
    **{f"{name}_": "x.data = values, of a leaf: nothing else writes to a tensor" for name in (
        "zero", "fill", "copy", "add", "sub", "mul", "div", "clamp", "normal", "uniform", "exp", "relu", "masked_fill",
    )},
}  # fmt: skip
"""Methods and attributes of a tensor x."""

OF_THE_ENGINE = {
    **dict.fromkeys(("as_tensor", "from_numpy", "Variable"), "autograd.Tensor(data)"),
    **{name: _MADE.format(f"np.{name}(shape)") for name in ("zeros", "ones", "empty")},
    "eye": "autograd.Tensor(np.eye(n))", "arange": "autograd.Tensor(np.arange(n))",
    "zeros_like": "np.zeros_like(x)", "ones_like": "np.ones_like(x)", "allclose": "np.allclose(x, y)",
    "rand": "autograd.Tensor(rng.random(shape))", "randn": "autograd.Tensor(rng.standard_normal(shape))",
    "randint": "rng.integers(low, high, shape)", "randperm": "rng.permutation(n)", "normal": "autograd.random.normal",
    "bernoulli": "autograd.random.bernoulli",
    "manual_seed": "rng = np.random.default_rng(seed), given to whatever draws: no seed is global",
    "cat": "autograd.concatenate(arrays, axis)", "mm": "autograd.matmul", "bmm": "autograd.matmul",
    "mul": "autograd.multiply", "sub": "autograd.subtract", "div": "autograd.divide", "neg": "autograd.negative",
    "clamp": "autograd.clip", "norm": "autograd.linalg.norm", "gather": "autograd.take_along_axis",
    "index_select": "autograd.take", "masked_fill": "autograd.where(mask, value, x)",
    "unsqueeze": "autograd.expand_dims", "permute": "autograd.transpose", "movedim": "autograd.moveaxis",
    "chunk": "autograd.array_split", "unbind": "autograd.unstack", "topk": "autograd.sort, or autograd.argsort",
    "view": "autograd.reshape", "rsqrt": "1 / autograd.sqrt(x)", "logsigmoid": "autograd.log_sigmoid",
    "set_grad_enabled": "autograd.no_grad(), or autograd.enable_grad()", "inference_mode": "autograd.no_grad()",
    "Function": "autograd.custom_vjp, or an operation by autograd.elementwise or autograd.structural",
    "backward": "loss.backward()", "functional": "autograd.jacobian(f)(x), autograd.hessian(f)(x)",
    "jacrev": "autograd.jacobian(f, mode='reverse')", "jacfwd": "autograd.jacobian(f, mode='forward')",
    "vmap": "autograd.vectorize(f)", "jit": "autograd.compile(f)", "func": "autograd.grad, autograd.vjp, autograd.jvp",
    "save": "nn.save(model, path)", "load": "nn.load(model, path)", "Parameter": "nn.Parameter",
    "device": "nothing: there is one device", "cuda": "nothing: there is one device",
    **{name: f"np.{name}" for name in ("float32", "float64", "complex64", "complex128", "int32", "int64", "inf", "pi")},
    "float": "np.float32", "double": "np.float64", "long": "np.int64", "bool": "np.bool_",
}  # fmt: skip
"""Functions of `torch`, `torch.autograd` and `torch.func`."""


def absent(owner: str, name: str, told: Mapping[str, str]) -> AttributeError:
    """The error of an attribute that there is not, which names what there is in its place."""
    return AttributeError(f"{owner} has no attribute '{name}'" + (f"; here it is {told[name]}" if name in told else ""))


class Absent:
    """A name of a class that only raises, so that all that a class has is found as ever."""

    def __init__(self, name: str, told: Mapping[str, str]) -> None:
        self._name, self._told = name, told

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        whose = f"type object '{owner.__name__}'" if instance is None else f"'{owner.__name__}' object"
        raise absent(whose, self._name, self._told)
