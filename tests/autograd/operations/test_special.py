"""Special functions and log-densities against SciPy's, and what happens without SciPy."""

import math
import sys

import numpy as np
import pytest
from scipy import special as scipy_special
from scipy import stats as scipy_stats

from autograd import MissingDependencyError, Tensor, erf, erfc, grad, gradcheck, special, stats
from autograd.optional import special_function

RNG = np.random.default_rng(0)
POINTS = np.array([1e-3, 0.2, 0.7, 1.0, 2.5, 9.0])


@pytest.fixture
def without_scipy(monkeypatch):
    special_function.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    yield
    special_function.cache_clear()


def test_special_functions_are_scipys():
    for name in special.__all__:
        if name in ("multigammaln", "exp10", "erfinv", "ndtri", "logit", "betainc", "erfcinv", "entr"):
            points = np.array([0.1, 0.5, 0.9]) + (1 if name == "multigammaln" else 0)
        else:
            points = POINTS
        before = {"polygamma": (2,), "jn": (2,), "yn": (2,), "iv": (1.5,), "ive": (1.5,), "betainc": (1.5, 2.0)}
        after = {"multigammaln": (2,)}
        pair = name in ("beta", "betaln", "xlogy", "xlog1py", "rel_entr", "kl_div", "gammainc", "gammaincc")
        arguments = (*before.get(name, ()), *([points[::-1]] if pair else []), points, *after.get(name, ()))
        expected = getattr(scipy_special, name)(*arguments)
        np.testing.assert_allclose(getattr(special, name)(*arguments), expected, rtol=1e-13, err_msg=name)


def test_derivatives_at_the_edges_are_the_limits():
    assert grad(special.j1)(0.0) == 0.5
    assert grad(special.i1)(0.0) == 0.5
    assert grad(special.i1e)(0.0) == 0.5
    assert grad(erf)(0.0) == pytest.approx(2 / math.sqrt(math.pi))
    assert grad(erfc)(30.0) == 0.0
    assert grad(special.log_ndtr)(-50.0) == pytest.approx(50.02, rel=1e-4)
    assert grad(special.xlogy, argnum=1)(0.0, 0.5) == 0.0
    assert grad(special.expit)(0.0) == 0.25


def test_the_slope_of_one_over_gamma_at_its_poles_is_a_factorial():
    poles = np.array([0.0, -1.0, -2.0, -3.0, -20.0])
    found = grad(lambda x: special.rgamma(x).sum())(poles)
    np.testing.assert_allclose(found, [1, -1, 2, -6, math.factorial(20)], rtol=1e-14)
    assert grad(special.rgamma)(-30.5) == pytest.approx(-special.rgamma(-30.5) * special.digamma(-30.5), rel=1e-12)


def test_the_error_function_works_without_scipy(without_scipy):
    x = Tensor(np.array([0.3, -2.0]), requires_grad=True)
    np.testing.assert_allclose(erf(x).numpy(), [math.erf(0.3), math.erf(-2.0)], rtol=1e-15)
    erfc(x).sum().backward()
    np.testing.assert_allclose(x.grad, -2 / math.sqrt(math.pi) * np.exp(-(x.numpy() ** 2)))
    assert erf(np.float32([0.5])).dtype == np.float32


def test_what_needs_scipy_says_how_to_get_it(without_scipy):
    with pytest.raises(MissingDependencyError, match=r"special\.gammaln needs SciPy.*memograd\[special\]"):
        special.gammaln(2.0)


DENSITIES = [
    ("norm", "logpdf", (0.3, 0.5, 1.7)),
    ("norm", "pdf", (0.3, 0.5, 1.7)),
    ("norm", "cdf", (0.3, 0.5, 1.7)),
    ("norm", "logcdf", (-9.0, 0.5, 1.7)),
    ("norm", "sf", (0.3, 0.5, 1.7)),
    ("norm", "logsf", (12.0, 0.5, 1.7)),
    ("t", "logpdf", (0.3, 3.5, 0.1, 1.2)),
    ("t", "pdf", (0.3, 3.5, 0.1, 1.2)),
    ("beta", "logpdf", (0.3, 1.5, 2.5)),
    ("beta", "pdf", (0.3, 1.5, 2.5)),
    ("gamma", "logpdf", (1.3, 2.5)),
    ("gamma", "pdf", (1.3, 2.5)),
    ("chi2", "logpdf", (1.3, 3.0)),
    ("chi2", "pdf", (1.3, 3.0)),
]


@pytest.mark.parametrize(("name", "kind", "arguments"), DENSITIES)
def test_densities_are_scipys_and_differentiable_by_everything(name, kind, arguments):
    ours, theirs = (getattr(getattr(place, name), kind) for place in (stats, scipy_stats))
    assert ours(*arguments) == pytest.approx(theirs(*arguments), rel=1e-12)
    assert gradcheck(ours, *map(np.float64, arguments), order=2)


@pytest.mark.parametrize(("name", "rest"), [("t", (3.5,)), ("beta", (1.5, 2.5)), ("gamma", (2.5,)), ("chi2", (3.0,))])
def test_distribution_functions_have_the_density_as_their_slope(name, rest):
    for x in (0.2, 0.6):
        ours, theirs = getattr(stats, name), getattr(scipy_stats, name)
        assert ours.cdf(x, *rest) == pytest.approx(theirs.cdf(x, *rest), rel=1e-12)
        assert grad(ours.cdf)(x, *rest) == pytest.approx(theirs.pdf(x, *rest), rel=1e-10)


def test_counts_shares_and_vectors():
    counts, mu = np.array([0, 3, 7]), np.array([0.5, 2.0, 6.0])
    np.testing.assert_allclose(stats.poisson.logpmf(counts, mu), scipy_stats.poisson.logpmf(counts, mu), rtol=1e-12)
    np.testing.assert_allclose(stats.poisson.pmf(counts, mu), scipy_stats.poisson.pmf(counts, mu), rtol=1e-12)
    assert gradcheck(lambda mu: stats.poisson.logpmf(counts, mu), mu, order=2)
    shares, alpha = np.array([0.2, 0.5, 0.3]), np.array([1.5, 2.0, 0.7])
    assert stats.dirichlet.logpdf(shares, alpha) == pytest.approx(scipy_stats.dirichlet.logpdf(shares, alpha))
    assert stats.dirichlet.pdf(shares, alpha) == pytest.approx(scipy_stats.dirichlet.pdf(shares, alpha))
    assert gradcheck(stats.dirichlet.logpdf, shares, alpha, order=2)
    root = RNG.standard_normal((3, 3))
    x, mean, cov = RNG.standard_normal((4, 3)), RNG.standard_normal(3), root @ root.T + np.eye(3)
    expected = scipy_stats.multivariate_normal.logpdf(x, mean, cov)
    np.testing.assert_allclose(stats.multivariate_normal.logpdf(x, mean, cov), expected, rtol=1e-11)
    np.testing.assert_allclose(stats.multivariate_normal.pdf(x, mean, cov), np.exp(expected), rtol=1e-11)
    assert gradcheck(stats.multivariate_normal.logpdf, x, mean, cov, order=2)


def test_outside_its_support_a_density_is_nothing():
    assert stats.beta.logpdf(1.5, 2.0, 2.0) == -np.inf
    assert stats.gamma.pdf(-1.0, 2.0) == 0.0
    assert grad(stats.gamma.pdf)(-1.0, 2.0) == 0.0


def test_namespaces_are_imported_as_modules():
    import autograd.special
    from autograd.stats import norm

    assert autograd.special is special
    assert norm is stats.norm
