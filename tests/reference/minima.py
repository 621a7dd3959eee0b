"""The functions on which L-BFGS is compared with PyTorch's, written for arrays of either library."""


def valley(a, b):
    """Rosenbrock's, in two pairs of variables."""
    return (100 * (b - a * a) ** 2).sum() + ((1 - a) ** 2).sum()


def bowl(a, b):
    """A quadratic with curvatures from 1 to 50, and a quartic."""
    return (a * a).sum() + 25 * (b * b).sum() + (a * b).sum() + ((a - 1) ** 4).sum()


FUNCTIONS = {"valley": valley, "bowl": bowl}
START = ([-1.2, 0.5], [1.0, -0.3])
_OPTIONS = [
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "history_size": 2},
    {"line_search_fn": "strong_wolfe", "max_iter": 4},
    {"line_search_fn": "strong_wolfe", "max_iter": 6, "max_eval": 5, "lr": 0.1},
    {"lr": 0.01, "max_iter": 5},
    {"lr": 0.1, "history_size": 3, "max_iter": 3},
    {"lr": 0.01, "tolerance_grad": 1e-6},
]
_SHORT = {"valley": {"max_iter": 8}, "bowl": {}}
_CALLS = {"valley": 1, "bowl": 6}
CASES = {
    f"{name}/{number}": (name, {**_SHORT[name], **options}, _CALLS[name])
    for name in FUNCTIONS
    for number, options in enumerate(_OPTIONS)
    if name == "bowl" or "line_search_fn" in options
}
"""Each case: its function, its options, how often step() is called. In the valley rounding grows with each iteration.

Without a line search only where fixed steps lead to a minimum: elsewhere rounding decides the path."""
