"""Arguments that the declarations show and the laws run on: small, fixed, away from kinks."""

import numpy as np

REALS = np.array([[-1.3, 0.4, 2.1], [0.7, -0.2, 1.6]])
OTHERS = np.array([[0.9, -1.7, 0.3], [2.4, 1.1, -0.6]])
ROW = np.array([0.5, -1.2, 1.9])
COLUMN = np.array([[1.5], [-0.8]])
POSITIVE = np.array([[0.3, 1.7, 2.2], [0.9, 0.6, 3.1]])
FRACTIONS = np.array([[-0.7, 0.2, 0.5], [0.9, -0.1, 0.35]])
NUMBER = np.float64(0.8)
M23 = np.array([[0.2, -1.1, 0.7], [1.3, 0.4, -0.5]])
M34 = np.array([[1.0, -0.3, 0.6, 2.0], [0.1, 0.8, -1.4, 0.5], [-0.9, 1.2, 0.3, -0.7]])
V3 = np.array([0.6, -1.5, 0.9])
B223 = np.array([[[0.4, -0.8, 1.1], [1.6, 0.2, -0.3]], [[-1.2, 0.9, 0.5], [0.7, -0.6, 1.8]]])
CHOICE = np.array([[True, False, True], [False, False, True]])
CLASSES = np.array([2, 0])
SHARES = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
WITH_ZEROS = np.array([[0.0, 0.4, 2.1], [0.0, -0.2, 0.0]])
COMPLEX = np.array([[0.6 - 1.1j, -0.3 + 0.8j, 1.4 + 0.2j], [0.9 + 1.3j, -1.2 - 0.4j, 0.5 - 0.7j]])
