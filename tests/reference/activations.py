"""The activations, with options, that are compared with PyTorch's, and where: beside, at, and far from kinks."""

import numpy as np

CASES = {
    "ReLU": {}, "ReLU6": {}, "Tanh": {}, "Sigmoid": {}, "LogSigmoid": {}, "Softsign": {}, "SiLU": {}, "Mish": {},
    "SELU": {}, "Hardsigmoid": {}, "Hardswish": {}, "Tanhshrink": {}, "LeakyReLU": {}, "ELU": {}, "CELU": {},
    "GELU": {}, "Softplus": {}, "Hardtanh": {}, "Softshrink": {}, "Hardshrink": {}, "PReLU": {}, "RReLU": {},
    "Softmax": {"dim": -1}, "LogSoftmax": {"dim": -1}, "Softmin": {"dim": -1}, "GLU": {},
    "LeakyReLU/1": {"negative_slope": 0.3}, "ELU/1": {"alpha": 0.5}, "CELU/1": {"alpha": 0.5},
    "GELU/1": {"approximate": "tanh"}, "Softplus/1": {"beta": 2.0, "threshold": 3.0},
    "Hardtanh/1": {"min_val": -0.5, "max_val": 2.0}, "Softshrink/1": {"lambd": 1.0}, "Hardshrink/1": {"lambd": 1.0},
    "Threshold": {"threshold": 0.5, "value": -1.0}, "PReLU/1": {"num_parameters": 4, "init": 0.125},
    "RReLU/1": {"lower": 0.1, "upper": 0.5}, "Softmax/1": {"dim": 0},
}  # fmt: skip
"""PyTorch's class, and after a stroke a number, with its options."""

ONCE = {"Hardsigmoid"}
"""What PyTorch differentiates once only, with a slope of 1/6 in float32."""

RANDOM = np.random.default_rng(0).normal(0, 2, (3, 4))
EDGES = np.array([[0.0, -0.0, 1.0, -1.0], [3.0, -3.0, 6.0, 0.5], [-0.5, 2.0, 1e4, -1e4], [80.0, -80.0, 1e-9, -1e-9]])
"""Kinks of one or another, and numbers large and small."""
