"""Random programs of 5 to 200 operations on matrices of 3 x 3, written for any library with PyTorch's names."""

import numpy as np

COUNT = 60
SIZE = 3
UNARY = {
    "sin": lambda lib, x: lib.sin(2 * x),
    "exp": lambda lib, x: lib.exp(x),
    "sqrt": lambda lib, x: lib.sqrt(1 + x**2),
    "log": lambda lib, x: lib.log(2 + x),
    "cube": lambda lib, x: x**3 - x,
    "over": lambda lib, x: 1 / (1.5 + x),
    "sigmoid": lambda lib, x: lib.sigmoid(3 * x),
    "abs": lambda lib, x: lib.abs(x + 0.01),
    "softmax": lambda lib, x: lib.softmax(x, -1),
    "logsumexp": lambda lib, x: x - lib.logsumexp(x, 1, True),
    "cumsum": lambda lib, x: lib.cumsum(x, 1),
    "cumprod": lambda lib, x: lib.cumprod(x, 0),
    "sum": lambda lib, x: x + lib.sum(x, 0, True),
    "mean": lambda lib, x: x * lib.mean(x, 1, True),
    "prod": lambda lib, x: x + lib.prod(x, 1, True),
    "largest": lambda lib, x: x - lib.amax(x, 1, True),
    "flip": lambda lib, x: x - lib.flip(x, (0,)),
    "roll": lambda lib, x: x * lib.roll(x, 1, 0),
    "transpose": lambda lib, x: x.T * 1.5,
    "tril": lambda lib, x: lib.tril(x) + 0.1,
    "part": lambda lib, x: x[1:2] + x[:, :1],
    "inverse": lambda lib, x: lib.linalg.inv(x + 4 * np_eye(lib, x)),
    "reshape": lambda lib, x: lib.reshape(lib.reshape(x, (9,)) * 1.1, (3, 3)),
}
BINARY = {
    "add": lambda lib, x, y: x + y,
    "subtract": lambda lib, x, y: x - y,
    "multiply": lambda lib, x, y: x * y,
    "divide": lambda lib, x, y: x / (2 + y),
    "power": lambda lib, x, y: (1.5 + x) ** y,
    "matmul": lambda lib, x, y: x @ y,
    "maximum": lambda lib, x, y: lib.maximum(x, y),
    "where": lambda lib, x, y: lib.where(x > y, x * x, lib.sin(y)),
    "logaddexp": lambda lib, x, y: lib.logaddexp(x, y),
    "atan2": lambda lib, x, y: lib.atan2(x, 2 + y),
    "outer": lambda lib, x, y: lib.outer(x[0], y[:, 1]),
    "einsum": lambda lib, x, y: lib.einsum("ij,kj->ki", x, y),
    "stack": lambda lib, x, y: lib.sum(lib.stack([x, y]), 0) * lib.stack([x, y])[1],
}


def np_eye(lib, x):
    """The unit matrix, made from a matrix of the library's own."""
    return lib.tril(lib.triu(x * 0 + 1))


def program(seed):
    """The steps of a program: the name of each operation and which values, counted from the last, it takes."""
    rng = np.random.default_rng(seed)
    names = [*UNARY, *BINARY]
    length = int(np.exp(rng.uniform(np.log(5), np.log(200))))
    return [(names[rng.integers(len(names))], int(rng.integers(1, 4)), int(rng.integers(1, 4))) for _ in range(length)]


def inputs(seed):
    """Three matrices, and a direction for each."""
    rng = np.random.default_rng(1000 + seed)
    return rng.uniform(-0.9, 0.9, (3, SIZE, SIZE)), rng.standard_normal((3, SIZE, SIZE))


def run(lib, seed, matrices):
    """The number a program computes."""
    values = list(matrices)
    for name, first, second in program(seed):
        found = (
            UNARY[name](lib, values[-first]) if name in UNARY else BINARY[name](lib, values[-first], values[-second])
        )
        values.append(lib.tanh(found))
    return lib.sum(values[-1] * values[-2]) + lib.sum(values[-3])
