"""Models on top of the engine: modules, layers, activations, losses, with PyTorch's names, shapes and start values."""

import autograd

# Written out here and in optim, and imported from neither: if another distribution's `autograd` was found instead,
# nothing of ours can be imported from it.
if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"memograd's package 'autograd' is hidden by another distribution's, {autograd!r}: "
        f"run 'pip uninstall autograd', then 'pip install --force-reinstall memograd', or use an environment of its own"
    )

from nn.activation import Identity, ReLU, Sigmoid, Softmax, Tanh
from nn.container import ModuleList, Sequential
from nn.linear import Linear
from nn.loss import cross_entropy, mse_loss
from nn.mlp import MLP
from nn.module import Module
from nn.parameter import Parameter

__all__ = [
    "MLP",
    "Identity",
    "Linear",
    "Module",
    "ModuleList",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "cross_entropy",
    "mse_loss",
]
