"""The parts of complex numbers.

A rule carries conjugated adjoints, dL/dx - i dL/dy, for which the chain rule is a plain product; where the result
is real, only the real part of what comes back along a real path counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.composite import composite
from autograd.declaration import elementwise, example, structural
from autograd.node import values_of
from autograd.notation import Binding
from autograd.operations.samples import COMPLEX, REALS

# fmt: off
__all__ = [
    "angle", "conj", "imag", "real", "real_if_close",
]
# fmt: on


def is_complex(x: Any) -> bool:
    """Whether a number, an array or a tensor holds complex numbers."""
    return isinstance(x, complex) if isinstance(x, int | float | complex) else bool(x.dtype.kind == "c")


_ON_BOTH = (example(COMPLEX), example(REALS))


@structural(
    vjp={"z": lambda g: conj(g)},
    linear_in=("z",),
    notation=r"\overline{{z}}",
    examples=_ON_BOTH,
)
def conj(z):
    """Complex conjugate, $\\overline{x + iy} = x - iy$. Shapes: any, kept."""
    return np.conjugate(z)


@elementwise(partial={"z": 1}, notation=r"\operatorname{Re} {z}", needs={"z": Binding.ATOM}, examples=_ON_BOTH)
def real(z):
    """Real part. Shapes: any, kept."""
    return np.real(z)


@elementwise(partial={"z": -1j}, notation=r"\operatorname{Im} {z}", needs={"z": Binding.ATOM}, examples=_ON_BOTH)
def imag(z):
    """Imaginary part; of a real number 0. Shapes: any, kept."""
    return np.imag(z)


@elementwise(
    partial={"z": lambda z, deg: -1j * (180 / np.pi if deg else 1) * ((z != 0) / (z + (z == 0)))},
    notation=r"\arg\left({z}\right)",
    examples=(example(COMPLEX), example(COMPLEX, deg=True)),
)
def angle(z, *, deg=False):
    """Angle from the positive real axis. Shapes: any, kept. Range: (-pi, pi] radians, or degrees with `deg`.

    The derivative at 0 is 0.
    """
    return np.angle(z, deg)


@composite(example(REALS), example(COMPLEX))
def real_if_close(a, tol=100):
    """The real part, where all imaginary parts are within `tol` machine epsilons of 0; else a. Shapes: any, kept."""
    if not is_complex(a) or np.iscomplexobj(np.real_if_close(values_of(a), tol)):
        return a
    return real(a)
