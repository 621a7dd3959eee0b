"""Densities and their logarithms as `scipy.stats` names them, differentiable by the point and by every parameter.

Written in operations: `stats.norm.logpdf(x, loc, scale)`. Outside its support a density is 0, its logarithm -inf.
"""

# ruff: noqa: N801  distributions are named in lower case, as in SciPy

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.errors import ShapeError
from autograd.operations import special
from autograd.operations.comparison import logical_and
from autograd.operations.elementary import exp, log, log1p
from autograd.operations.linalg.decompositions import cholesky
from autograd.operations.linalg.solving import solve
from autograd.operations.piecewise import where
from autograd.operations.reduction import sum
from autograd.operations.shaping import moveaxis, operand, swap_last

__all__ = ["beta", "chi2", "dirichlet", "gamma", "multivariate_normal", "norm", "poisson", "t"]


def _within(inside: Any, logarithm: Any) -> Any:
    return where(inside, logarithm, -np.inf)


class norm:
    """The normal distribution, of mean `loc` and standard deviation `scale`."""

    @staticmethod
    def logpdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """$-\\frac{1}{2} z^2 - \\ln(\\sigma \\sqrt{2 \\pi})$ with $z = (x - \\mu) / \\sigma$. Shapes: all broadcast."""
        z = (x - loc) / scale
        return -0.5 * z * z - log(scale) - 0.5 * math.log(2 * math.pi)

    @staticmethod
    def pdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The density. Shapes: all broadcast."""
        return exp(norm.logpdf(x, loc, scale))

    @staticmethod
    def cdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The probability of at most x. Shapes: all broadcast. Range: (0, 1)."""
        return special.ndtr((x - loc) / scale)

    @staticmethod
    def logcdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The logarithm of `cdf`, exact far below the mean. Shapes: all broadcast."""
        return special.log_ndtr((x - loc) / scale)

    @staticmethod
    def sf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The probability of more than x. Shapes: all broadcast. Range: (0, 1)."""
        return special.ndtr((loc - x) / scale)

    @staticmethod
    def logsf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The logarithm of `sf`, exact far above the mean. Shapes: all broadcast."""
        return special.log_ndtr((loc - x) / scale)


class t:
    """Student's distribution with `df` degrees of freedom."""

    @staticmethod
    def logpdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The logarithm of the density. Shapes: all broadcast."""
        z = (x - loc) / scale
        front = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - 0.5 * log(df * math.pi)
        return front - log(scale) - (df + 1) / 2 * log1p(z * z / df)

    @staticmethod
    def pdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The density. Shapes: all broadcast."""
        return exp(t.logpdf(x, df, loc, scale))

    @staticmethod
    def cdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
        """The probability of at most x; constant in `df`. Shapes: all broadcast. Range: (0, 1)."""
        z = (x - loc) / scale
        tail = 0.5 * special.betainc(df / 2, 0.5, df / (df + z * z))
        return where(z > 0, 1 - tail, tail)


class beta:
    """The beta distribution on [0, 1]."""

    @staticmethod
    def logpdf(x: Any, a: Any, b: Any) -> Any:
        """$(a - 1) \\ln x + (b - 1) \\ln(1 - x) - \\ln \\mathrm{B}(a, b)$. Shapes: all broadcast."""
        inside = logical_and(x >= 0, x <= 1)
        safe = where(inside, x, 0.5)
        return _within(inside, special.xlogy(a - 1, safe) + special.xlog1py(b - 1, -safe) - special.betaln(a, b))

    @staticmethod
    def pdf(x: Any, a: Any, b: Any) -> Any:
        """The density. Shapes: all broadcast."""
        return exp(beta.logpdf(x, a, b))

    @staticmethod
    def cdf(x: Any, a: Any, b: Any) -> Any:
        """The probability of at most x; constant in a and b. Shapes: all broadcast. Range: [0, 1]."""
        return special.betainc(a, b, x)


class gamma:
    """The gamma distribution of shape `a`, on the positive numbers."""

    @staticmethod
    def logpdf(x: Any, a: Any) -> Any:
        """$(a - 1) \\ln x - x - \\ln \\Gamma(a)$. Shapes: all broadcast."""
        inside = x >= 0
        safe = where(inside, x, 1.0)
        return _within(inside, special.xlogy(a - 1, safe) - safe - special.gammaln(a))

    @staticmethod
    def pdf(x: Any, a: Any) -> Any:
        """The density. Shapes: all broadcast."""
        return exp(gamma.logpdf(x, a))

    @staticmethod
    def cdf(x: Any, a: Any) -> Any:
        """The probability of at most x; constant in a. Shapes: all broadcast. Range: [0, 1]."""
        return special.gammainc(a, x)


class chi2:
    """The chi-squared distribution with `df` degrees of freedom."""

    @staticmethod
    def logpdf(x: Any, df: Any) -> Any:
        """The logarithm of the density. Shapes: all broadcast."""
        return gamma.logpdf(x / 2, df / 2) - math.log(2)

    @staticmethod
    def pdf(x: Any, df: Any) -> Any:
        """The density. Shapes: all broadcast."""
        return exp(chi2.logpdf(x, df))

    @staticmethod
    def cdf(x: Any, df: Any) -> Any:
        """The probability of at most x; constant in `df`. Shapes: all broadcast. Range: [0, 1]."""
        return special.gammainc(df / 2, x / 2)


class poisson:
    """The Poisson distribution of mean `mu`."""

    @staticmethod
    def logpmf(k: Any, mu: Any) -> Any:
        """$k \\ln \\mu - \\mu - \\ln k!$. Shapes: all broadcast; k whole numbers."""
        return special.xlogy(k, mu) - mu - special.gammaln(k + 1.0)

    @staticmethod
    def pmf(k: Any, mu: Any) -> Any:
        """The probability of k. Shapes: all broadcast."""
        return exp(poisson.logpmf(k, mu))


class dirichlet:
    """The Dirichlet distribution of shares that add up to one."""

    @staticmethod
    def logpdf(x: Any, alpha: Any) -> Any:
        """$\\sum_i (\\alpha_i - 1) \\ln x_i - \\ln \\mathrm{B}(\\alpha)$.

        Shapes: (k,), (k,) -> (); (k, n), (k,) -> (n,).
        """
        normal = special.gammaln(sum(alpha)) - sum(special.gammaln(alpha))
        return sum(special.xlogy(alpha - 1, moveaxis(x, 0, -1)), axis=-1) + normal

    @staticmethod
    def pdf(x: Any, alpha: Any) -> Any:
        """The density. Shapes: as `logpdf`."""
        return exp(dirichlet.logpdf(x, alpha))


class multivariate_normal:
    """The normal distribution of vectors, of a mean and a covariance matrix, positive definite."""

    @staticmethod
    def logpdf(x: Any, mean: Any, cov: Any) -> Any:
        """$-\\frac{1}{2} (x - \\mu)^\\top \\Sigma^{-1} (x - \\mu) - \\frac{1}{2} \\ln |2 \\pi \\Sigma|$.

        Shapes: (..., k), (k,), (k, k) -> (...). Raises: ShapeError for a covariance that is not square.
        """
        cov = operand(cov, float)
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ShapeError(f"a covariance is a square matrix; found shape {cov.shape}")
        size = cov.shape[0]
        factor, apart = cholesky((cov + swap_last(cov)) / 2), x - mean
        lines = apart.reshape((-1, size)).T
        whitened = solve(factor, lines)
        heights = log(factor[np.arange(size), np.arange(size)])
        found = -0.5 * sum(whitened**2, axis=0) - sum(heights) - size / 2 * math.log(2 * math.pi)
        return found.reshape(apart.shape[:-1])

    @staticmethod
    def pdf(x: Any, mean: Any, cov: Any) -> Any:
        """The density. Shapes: as `logpdf`."""
        return exp(multivariate_normal.logpdf(x, mean, cov))
