"""Dropout: in training some of the inputs, drawn anew each time, are left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import random
from nn.errors import number
from nn.init import Rng, generator
from nn.module import Module
from nn.operand import operand


class _Dropping(Module):
    """What the kinds have in common: `p`, the probability that an input is dropped, and the source of the draws."""

    def __init__(self, p: float = 0.5, *, rng: Rng = None) -> None:
        self.p = float(number(type(self).__name__, "a number between 0 and 1", p=p))
        self.rng = generator(rng)

    def kept(self, x: Any) -> Any:
        """1 where an input is kept, 0 where it is dropped. Shapes: that of x."""
        dtype = x.dtype if x.dtype.kind == "f" else np.float64
        return random.bernoulli(np.asarray(1 - self.p, dtype)[()], size=x.shape, rng=self.rng)

    def extra_repr(self) -> str:
        """As PyTorch writes it."""
        return f"p={self.p}"


class Dropout(_Dropping):
    r"""Inverted dropout: in training $y = x \cdot m / (1 - p)$ with $m$ 0 or 1, in evaluation $y = x$.

    `p` is the probability to drop, one minus the keep-probability of courses. Since what is kept is scaled up, the
    expectation is $x$ in training too. The draws come from `rng`, one for each element.
    Shapes: any, kept. Raises: DomainError for p outside [0, 1].
    Source: Srivastava et al. 2014, JMLR 15; torch.nn.Dropout.

    >>> import numpy as np
    >>> from nn import Dropout
    >>> Dropout(0.5, rng=1)(np.ones(6)).tolist()
    [0.0, 0.0, 2.0, 0.0, 2.0, 2.0]
    """

    def forward(self, x: Any) -> Any:
        """x with some elements dropped, in training. Shapes: any, kept."""
        x = operand(type(self).__name__, x)
        if not self.training or self.p == 0:
            return x
        return x * self.kept(x) * (1 / (1 - self.p) if self.p < 1 else 0.0)


class ClassicDropout(_Dropping):
    r"""Dropout as first published: in training $y = x \cdot m$ with $m$ 0 or 1, in evaluation $y = (1 - p)\,x$.

    The expectation of the next layer's input is the same in both; `Dropout` scales in training instead.
    Shapes: any, kept. Raises: DomainError for p outside [0, 1]. Source: Hinton et al. 2012, arXiv:1207.0580.

    >>> import numpy as np
    >>> from nn import ClassicDropout
    >>> ClassicDropout(0.25).eval()(np.ones(3)).tolist()
    [0.75, 0.75, 0.75]
    """

    def forward(self, x: Any) -> Any:
        """x with some elements dropped, in training; scaled, in evaluation. Shapes: any, kept."""
        x = operand(type(self).__name__, x)
        return x * self.kept(x) if self.training else x * (1 - self.p)


class AlphaDropout(_Dropping):
    r"""Dropout for SELU: in training $y = a\,(x m + \alpha' (1 - m)) + b$, with $m$ 0 or 1 and $\alpha' = -1.7581$.

    $a = ((1 - p)(1 + p\,\alpha'^2))^{-1/2}$ and $b = -a\,p\,\alpha'$ keep mean 0 and variance 1. In evaluation $y = x$.
    Shapes: any, kept. Raises: DomainError for p outside [0, 1].
    Source: Klambauer et al. 2017, arXiv:1706.02515; torch.nn.AlphaDropout.

    >>> import numpy as np
    >>> from nn import AlphaDropout
    >>> x = np.random.default_rng(0).standard_normal(100_000)
    >>> round(float(AlphaDropout(0.2, rng=0)(x).std()), 1)
    1.0
    """

    saturation = -1.7580993408473766
    r"""$\alpha' = -\lambda \alpha$ of SELU."""

    def forward(self, x: Any) -> Any:
        """x with some elements at saturation, in training. Shapes: any, kept."""
        x = operand(type(self).__name__, x)
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return x * 0.0
        scale = ((1 - self.p) * (1 + self.p * self.saturation**2)) ** -0.5
        kept = self.kept(x)
        return (x * kept + self.saturation * (1 - kept)) * scale - scale * self.p * self.saturation
