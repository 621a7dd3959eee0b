"""The losses, arguments and options on which ours are compared with PyTorch's."""

import itertools

import numpy as np

_REDUCTIONS = ("mean", "sum", "none")
_RNG = np.random.default_rng(0)


def _reals(*shape):
    return _RNG.standard_normal(shape)


def _chances(*shape):
    return _RNG.uniform(0.05, 0.95, shape)


def _signs(*shape):
    return _RNG.choice([-1.0, 1.0], shape)


def _shares(*shape, axis=1):
    return np.moveaxis(_RNG.dirichlet(np.ones(shape[axis]), np.delete(shape, axis)), -1, axis)


def _classes(count, *shape):
    return _RNG.integers(0, count, shape)


def _some_ignored(classes, index):
    classes.flat[::3] = index
    return classes


_X, _Y = _reals(4, 3), _reals(4, 3)
_Y[0] = _X[0] + [0.5, 0.0, -2.0]  # where a difference is 0, and where it is a bound of Huber's
_SCORES, _CUBE = _reals(5, 4), _reals(3, 4, 2, 2)
_WEIGHT = np.array([0.5, 2.0, 1.0, 0.25])
_P, _ENDS = _chances(4, 3), np.array([0.0, 1.0, 0.0, 1.0, 1e-13, 1 - 1e-13])
_BINARY = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
_TIES = np.array([0.3, 0.3, 1.3, -0.7, 0.0])

_MEASURES = {"input": _X, "target": _Y}
_COINS = {"input": _P, "target": _chances(4, 3)}
_LOGITS = {"input": 3 * _X, "target": _chances(4, 3)}
_INDICES = [
    {"input": _SCORES, "target": _classes(4, 5)},
    {"input": _SCORES[0], "target": np.array(2)},
    {"input": _CUBE, "target": _classes(4, 3, 2, 2)},
]
_IGNORED = [
    {"input": _SCORES, "target": _some_ignored(_classes(4, 5), -100), "ignore_index": -100},
    {"input": _CUBE, "target": _some_ignored(_classes(4, 3, 2, 2), 1), "ignore_index": 1},
]
_GIVEN_SHARES = [
    {"input": _SCORES, "target": _shares(5, 4)},
    {"input": _SCORES[0], "target": _shares(1, 4)[0]},
    {"input": _CUBE, "target": _shares(3, 4, 2, 2)},
]
_PAIRS = {"input1": _reals(4, 3), "input2": _reals(4, 3), "target": _signs(4)}
_TRIPLE = {"anchor": _reals(4, 3), "positive": _reals(4, 3), "negative": _reals(4, 3)}

# Each loss, the arguments it is differentiated by, and its arguments with the options to be combined.
_GRIDS = [
    ("mse_loss", ("input", "target"), [(_MEASURES, {}), ({"input": _X[0, 0], "target": _Y[1, 1]}, {})]),
    ("l1_loss", ("input", "target"), [(_MEASURES, {})]),
    ("huber_loss", ("input", "target"), [(_MEASURES, {"delta": [1.0, 0.5, 2.0]})]),
    ("smooth_l1_loss", ("input", "target"), [(_MEASURES, {"beta": [1.0, 0.5, 0.0]})]),
    (
        "binary_cross_entropy",
        ("input", "target"),
        [(_COINS, {"weight": [None, _chances(4, 3), _chances(3)]})],
    ),
    ("binary_cross_entropy", ("input",), [({"input": _ENDS, "target": _BINARY}, {})]),
    (
        "binary_cross_entropy_with_logits",
        ("input", "target"),
        [
            (_LOGITS, {"weight": [None, _chances(4, 3)], "pos_weight": [None, np.array([0.5, 3.0, 1.0])]}),
            ({"input": _X, "target": (_Y > 0) * 1.0}, {}),
        ],
    ),
    (
        "cross_entropy",
        ("input", "target"),
        [
            *[(case, {"weight": [None, _WEIGHT], "label_smoothing": [0.0, 0.1]}) for case in _INDICES],
            *[(case, {"weight": [None, _WEIGHT], "label_smoothing": [0.0, 0.1]}) for case in _IGNORED],
            *[(case, {"weight": [None, _WEIGHT], "label_smoothing": [0.0, 0.1]}) for case in _GIVEN_SHARES],
        ],
    ),
    ("nll_loss", ("input",), [(case, {"weight": [None, _WEIGHT]}) for case in (*_INDICES, *_IGNORED)]),
    (
        "multi_margin_loss",
        ("input",),
        [(case, {"p": [1, 2], "margin": [1.0, 0.5], "weight": [None, _WEIGHT]}) for case in _INDICES[:2]],
    ),
    (
        "hinge_embedding_loss",
        ("input",),
        [
            ({"input": np.abs(_X), "target": _signs(4, 3)}, {"margin": [1.0, 0.5]}),
            ({"input": np.array([1.0, 2.0]), "target": np.array([-1.0, -1.0])}, {}),
        ],
    ),
    (
        "kl_div",
        ("input", "target"),
        [
            ({"input": np.log(_shares(4, 3)), "target": _shares(4, 3)}, {}),
            ({"input": np.log(_shares(4, 3)), "target": np.log(_shares(4, 3))}, {"log_target": [True]}),
        ],
    ),
    (
        "gaussian_nll_loss",
        ("input", "target", "var"),
        [
            ({**_MEASURES, "var": _chances(4, 3)}, {"full": [False, True]}),
            ({**_MEASURES, "var": _chances(4, 1)}, {}),
            ({**_MEASURES, "var": _chances(4)}, {}),
            ({**_MEASURES, "var": _chances(1, 3)}, {}),
            ({"input": _X[0], "target": _Y[0], "var": np.array([0.5, 1e-3, 1e-5])}, {"eps": [1e-6, 1e-2]}),
        ],
    ),
    (
        "poisson_nll_loss",
        ("input", "target"),
        [
            ({"input": _X, "target": 4 * _chances(4, 3)}, {"full": [False, True]}),
            ({"input": _P, "target": 4 * _chances(4, 3)}, {"log_input": [False], "full": [False, True]}),
            ({"input": np.array([0.0, 1.0]), "target": np.array([0.0, 1.0])}, {"log_input": [False]}),
        ],
    ),
    ("soft_margin_loss", ("input",), [({"input": _X, "target": _signs(4, 3)}, {})]),
    (
        "margin_ranking_loss",
        ("input1", "input2"),
        [
            ({**_PAIRS, "input1": _reals(4), "input2": _reals(4)}, {"margin": [0.0, 0.5]}),
            ({"input1": _TIES, "input2": _TIES[[0, 1, 1, 1, 4]], "target": np.ones(5)}, {}),
        ],
    ),
    (
        "cosine_embedding_loss",
        ("input1", "input2"),
        [
            (_PAIRS, {"margin": [0.0, 0.3, -0.5]}),
            ({"input1": _X[0], "input2": _Y[1], "target": np.array(-1.0)}, {}),
            ({"input1": _X[:2], "input2": np.zeros((2, 3)), "target": np.array([1.0, -1.0])}, {}),
        ],
    ),
    (
        "triplet_margin_loss",
        ("anchor", "positive", "negative"),
        [
            (_TRIPLE, {"margin": [1.0, 0.2], "p": [1.0, 2.0, 3.5], "swap": [False, True]}),
            ({name: each[0] for name, each in _TRIPLE.items()}, {}),
        ],
    ),
]


def _grid():
    for number, (name, by, arguments, options) in enumerate(
        (name, by, *grid) for name, by, grids in _GRIDS for grid in grids
    ):
        reductions = (*_REDUCTIONS, "batchmean") if name == "kl_div" else _REDUCTIONS
        for chosen in itertools.product(*options.values(), reductions):
            taken = dict(zip((*options, "reduction"), chosen, strict=True))
            told = "-".join(f"{key}={np.shape(each) if np.ndim(each) else each}" for key, each in taken.items())
            yield f"{name}/{number}/{told}", name, by, arguments | taken


CASES = list(_grid())
"""Each case: its key in the file, the loss, what it is differentiated by, its arguments with its options."""

LARGE = {"float64": 1e4, "float32": 80.0}
"""Logits by far beyond where an exponential, or the logarithm of 1 - sigmoid, keeps its digits."""


def extremes(dtype):
    """Cases with large logits, in the form of CASES."""
    logits = LARGE[dtype] * np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.5, -0.5, 1.0]])
    hits = np.array([[1.0, 0.0, 0.5], [1.0, 0.0, 1.0], [0.0, 1.0, 0.25]])
    classes, shares = np.array([0, 0, 1]), hits / hits.sum(axis=1, keepdims=True)
    for reduction in _REDUCTIONS:
        options = {"input": logits, "reduction": reduction}
        yield f"logits/{reduction}", "binary_cross_entropy_with_logits", ("input", "target"), options | {"target": hits}
        yield f"classes/{reduction}", "cross_entropy", ("input",), options | {"target": classes}
        yield f"shares/{reduction}", "cross_entropy", ("input", "target"), options | {"target": shares}


def cotangent(shape):
    """What a result that is not reduced is multiplied with before the sum that is differentiated."""
    return 1 + np.arange(np.prod(shape, dtype=int)).reshape(shape) % 3
