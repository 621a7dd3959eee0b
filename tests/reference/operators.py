"""PyTorch's operators by name, each as the call of ours that means the same, with PyTorch's arguments."""

import numpy as np

import autograd
from autograd import Tensor

SAME = (
    "abs acos acosh asin asinh atan atanh ceil cos cosh deg2rad exp exp2 expm1 floor log log10 log1p log2 rad2deg"
    " reciprocal sigmoid sign sin sinc sinh sqrt square tan tanh trunc erf erfc positive fmax fmin hypot logaddexp"
    " logaddexp2 maximum minimum fmod remainder copysign float_power nan_to_num ravel fliplr flipud rot90 tile tril"
    " triu diag trace matmul dot inner outer vdot corrcoef atleast_1d atleast_2d atleast_3d hstack"
    " vstack dstack column_stack take where"
)
RENAMED = {
    "neg": "negative", "atan2": "arctan2", "mul": "multiply", "pow": "power", "true_divide": "divide",
    "mm": "matmul", "mv": "matmul", "bmm": "matmul", "t": "transpose", "movedim": "moveaxis",
    "linalg.det": "linalg.det", "linalg.inv": "linalg.inv",
    "linalg.matrix_power": "linalg.matrix_power", "linalg.multi_dot": "linalg.multi_dot", "linalg.svdvals":
    "linalg.svdvals", "linalg.cond": "linalg.cond", "matrix_exp": "linalg.expm",
    "linalg.pinv": "linalg.pinv", "nn.functional.relu": "relu",
    "nn.functional.leaky_relu": "leaky_relu", "lgamma": "special.gammaln", "digamma": "special.digamma", "erfinv":
    "special.erfinv", "xlogy": "special.xlogy", "i0": "special.i0", "special.i0e": "special.i0e", "special.i1":
    "special.i1", "special.i1e": "special.i1e", "special.entr": "special.entr", "special.ndtr": "special.ndtr",
    "special.ndtri": "special.ndtri", "special.log_ndtr": "special.log_ndtr", "special.xlog1py": "special.xlog1py",
}  # fmt: skip
REDUCED = {"amax": "max", "amin": "min", "sum": "sum", "mean": "mean", "nansum": "nansum", "nanmean": "nanmean"}
REDUCED |= {"prod": "prod", "logsumexp": "logsumexp"}


class NotOursError(Exception):
    """These arguments ask for something that NumPy's signature does not have."""


def only_if(condition):
    if not condition:
        raise NotOursError


def named(path):
    found = autograd
    for name in path.split("."):
        found = getattr(found, name)
    return found


def axes(dim):
    """PyTorch's dim as NumPy's axis: lists are tuples, no axes at all are all of them."""
    return None if dim in ((), []) else tuple(dim) if isinstance(dim, list) else dim


def reduced(f):
    def run(x, dim=None, keepdim=False):
        only_if(x.ndim or dim in (None, (), []))
        return f(x, axis=axes(dim), keepdims=keepdim)

    return run


def spread(f):
    """Of var and std: PyTorch's default is Bessel's correction, written in three ways."""

    def run(x, dim=None, unbiased=None, keepdim=False, correction=1):
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        ddof = 1 if correction is None else correction
        return f(x, axis=axes(dim), ddof=int(unbiased) if unbiased is not None else ddof, keepdims=keepdim)

    return run


def along(f):
    """Of operations that run along one axis; in zero dimensions there is none to run along."""

    def run(x, dim, **ignored):
        only_if(x.ndim)
        return f(x, axis=dim)

    return run


def extremum(of_one, of_two):
    def run(x, *others, **dims):
        only_if(not dims and not any(isinstance(each, int) for each in others))
        return of_two(x, *others) if others else of_one(x)

    return run


def divided(x, y, rounding_mode=None):
    if rounding_mode is None:
        return autograd.divide(x, y)
    return autograd.floor_divide(x, y) if rounding_mode == "floor" else autograd.trunc(x / y)


def clamped(x, *bounds, **named_bounds):
    return autograd.clip(x, *bounds, **named_bounds)


def expanded(x, *shape):
    shape = shape[0] if isinstance(shape[0], (tuple, list)) else shape
    only_if(-1 not in shape)  # the size that is there already
    return autograd.broadcast_to(x, shape=tuple(shape))


def squeezed(x, *dims):
    only_if(not dims or isinstance(dims[0], int))
    one = bool(dims) and bool(x.ndim) and x.shape[dims[0]] == 1
    return autograd.squeeze(x) if not dims else autograd.squeeze(x, axis=dims[0]) if one else x * 1


def joined(arrays, dim=0):
    arrays = [each for each in arrays if each.shape != (0,)]
    only_if(arrays)
    return autograd.concatenate(arrays, axis=dim)


def flipped(x, dims):
    only_if(len(dims))
    return autograd.flip(x, axis=axes(dims))


def picked(x, indices, dim=None):
    only_if(dim is not None or indices.ndim == 1)
    return autograd.take_along_axis(x, indices, dim)


def narrowed(x, dim, start, length):
    start = int(start) % x.shape[dim] if x.shape[dim] else 0
    return autograd.take(x, np.arange(start, start + length), axis=dim)


def ordered(x, dim=-1, descending=False, stable=None):
    only_if(x.ndim and not descending)
    return autograd.sort(x, axis=dim)


def normed(x, ord=None, dim=None, keepdim=False):
    return autograd.linalg.norm(x, ord, axes(dim) if dim != () else dim, keepdim)


def matrix_normed(x, ord="fro", dim=(-2, -1), keepdim=False):
    only_if(tuple(dim) == (-2, -1))
    return autograd.linalg.matrix_norm(x, ord=ord, keepdims=keepdim)


def solved(a, b, left=True):
    only_if(left and (b.ndim == 1 or b.ndim == a.ndim))
    return autograd.linalg.solve(a, b)


def crossed(x, y, dim=None):
    only_if(dim is not None or x.shape[-1] == 3)
    return autograd.cross(x, y, axis=-1 if dim is None else dim)


def convolved(f, ndim):
    def run(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        only_if(x.ndim == ndim and not isinstance(padding, str))
        return f(x, weight, bias, stride, padding, dilation, groups)

    return run


def with_alpha(f):
    return lambda x, y, alpha=1: f(x, y if alpha == 1 else alpha * y)


def lower_cholesky(x, upper=False):
    only_if(not upper)
    return autograd.linalg.cholesky((x + autograd.swap_last(x)) / 2)  # PyTorch halves the derivative by each triangle


def quantiles(x, q, dim=None, keepdim=False, interpolation="linear"):
    return autograd.quantile(x, q, axis=dim, keepdims=keepdim, method=interpolation)


def repeated(x, repeats, dim=None, output_size=None):
    return autograd.repeat(x, repeats=repeats, axis=dim)


def logit(x, eps=None):
    only_if(eps is None)
    return autograd.special.logit(x)


def covariance(x, correction=1, fweights=None, aweights=None):
    only_if(not isinstance(aweights, Tensor))  # the denominator cancels: PyTorch's own digits are few there
    return autograd.cov(x, ddof=correction, fweights=fweights)


def contracted(x, y, dims=2):
    only_if(isinstance(dims, int) or [x.shape[i] for i in dims[0]] == [y.shape[i] for i in dims[1]])
    return autograd.tensordot(x, y, dims)


OPERATORS = {
    **{name: named(name) for name in SAME.split()},
    **{name: named(ours) for name, ours in RENAMED.items()},
    **{name: reduced(named(ours)) for name, ours in REDUCED.items()},
    **{name: spread(named(name)) for name in ("var", "std")},
    **{name: along(named(name)) for name in ("cumsum", "cumprod", "softmax", "log_softmax")},
    "max": extremum(autograd.max, autograd.maximum),
    "min": extremum(autograd.min, autograd.minimum),
    "add": with_alpha(autograd.add),
    "sub": with_alpha(autograd.subtract),
    "rsub": lambda x, y, alpha=1: y - alpha * x,
    "div": divided,
    "__radd__": lambda x, y: y + x,
    "__rmul__": lambda x, y: y * x,
    "__rsub__": lambda x, y: y - x,
    "__rdiv__": lambda x, y: y / x,
    "__rmod__": lambda x, y: y % x,
    "__rpow__": lambda x, y: y**x,
    "__rmatmul__": lambda x, y: y @ x,
    "__getitem__": lambda x, index: x[index],
    "frac": lambda x: autograd.modf(x)[0],
    "round": lambda x, decimals=0: autograd.round(x, decimals=decimals),
    "rsqrt": lambda x: 1 / autograd.sqrt(x),
    "clamp": clamped,
    "where": lambda x, condition, y: autograd.where(condition, x, y),
    "masked_fill": lambda x, mask, value: autograd.where(mask, value, x),
    "reshape": lambda x, shape: autograd.reshape(x, shape=tuple(shape)),
    "view": lambda x, shape: autograd.reshape(x, shape=tuple(shape)),
    "permute": lambda x, dims: autograd.transpose(x, axes=tuple(dims)),
    "transpose": lambda x, a, b: autograd.swapaxes(x, a, b) if x.ndim else x * 1,
    "mT": lambda x: x.mT,
    "T": lambda x: x.T,
    "squeeze": squeezed,
    "unsqueeze": lambda x, dim: autograd.expand_dims(x, axis=dim),
    "expand": expanded,
    "broadcast_to": expanded,
    "cat": joined,
    "stack": lambda arrays, dim=0: autograd.stack(arrays, axis=dim),
    "flip": flipped,
    "roll": lambda x, shifts, dims=(): autograd.roll(x, shift=shifts, axis=axes(dims)),
    "diagonal": lambda x, offset=0, dim1=0, dim2=1: autograd.diagonal(x, offset, dim1, dim2),
    "repeat_interleave": repeated,
    "sort": ordered,
    "index_select": lambda x, dim, index: (only_if(x.ndim), autograd.take(x, index, axis=dim))[1],
    "select": lambda x, dim, index: autograd.take(x, index, axis=dim),
    "narrow": narrowed,
    "cross": crossed,
    "linalg.cross": lambda x, y, dim=-1: autograd.cross(x, y, axis=dim),
    "tensordot": contracted,
    "einsum": lambda arrays, equation: autograd.einsum(equation, *arrays),
    "linalg.slogdet": lambda x: autograd.linalg.slogdet(x)[1],
    "logdet": lambda x: autograd.linalg.slogdet(x)[1],
    "linalg.solve": solved,
    "linalg.cholesky": lower_cholesky,
    "linalg.norm": normed,
    "linalg.vector_norm": lambda x, ord=2, dim=None, keepdim=False: autograd.linalg.vector_norm(
        x, ord=ord, axis=axes(dim), keepdims=keepdim
    ),
    "linalg.matrix_norm": matrix_normed,
    "trapezoid": lambda y, *x, dim=-1, dx=1.0: autograd.trapezoid(y, *x, axis=dim, dx=dx),
    "diff": lambda x, n=1, dim=-1, prepend=None, append=None: autograd.diff(x, n, dim, prepend, append),
    "cov": covariance,
    "logit": logit,
    "nn.functional.conv1d": convolved(autograd.conv1d, 3),
    "nn.functional.conv2d": convolved(autograd.conv2d, 4),
    "nn.functional.linear": lambda x, w, b=None: autograd.linear(x, w, b) if b is not None else x @ w.T,
    "quantile": quantiles,
    "take_along_dim": picked,
    "fft.fftshift": lambda x, dim=None: autograd.fft.fftshift(x, dim),
    "diagflat": lambda x, offset=0: autograd.diagflat(x, offset),
}
