"""Models on top of the engine: modules, layers, activations, losses, with PyTorch's names, shapes and start values."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import autograd

# Written out here and in optim, and imported from neither: if another distribution's `autograd` was found instead,
# nothing of ours can be imported from it.
if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"memograd's package 'autograd' is hidden by another distribution's, {autograd!r}: "
        f"run 'pip uninstall autograd', then 'pip install --force-reinstall memograd', or use an environment of its own"
    )

from autograd import StateError
from autograd.familiar import absent
from nn import init
from nn.activation import (
    CELU,
    ELU,
    GELU,
    GLU,
    SELU,
    SQNL,
    Activation,
    BentIdentity,
    BinaryStep,
    BReLU,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    Identity,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Maxout,
    Mish,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    SoftClipping,
    Softmax,
    Softmin,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from nn.container import ModuleDict, ModuleList, Residual, Sequential
from nn.curves import plot_activation
from nn.dropout import AlphaDropout, ClassicDropout, Dropout
from nn.errors import FileFormatError
from nn.familiar import OF_MODELS
from nn.files import load, save
from nn.flatten import Flatten
from nn.learned import APL, PReLU, RReLU, SoftExponential
from nn.linear import Bilinear, Linear
from nn.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    cross_entropy,
    gaussian_nll_loss,
    hinge_embedding_loss,
    hinge_loss,
    huber_loss,
    kl_div,
    l1_loss,
    margin_ranking_loss,
    mse_loss,
    multi_margin_loss,
    nll_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from nn.mlp import MLP
from nn.module import Module
from nn.normalization import BatchNorm1d, LayerNorm, RMSNorm
from nn.parameter import Buffer, Parameter
from nn.penalty import elastic_net_penalty, l1_penalty, l2_penalty, max_norm_

if TYPE_CHECKING:
    from nn.picture import draw


def __getattr__(name: str) -> Any:
    if name != "draw":
        raise absent("module 'nn'", name, OF_MODELS)
    return import_module("nn.picture").draw


__all__ = [
    "APL",
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "MLP",
    "SELU",
    "SQNL",
    "Activation",
    "AlphaDropout",
    "BReLU",
    "BatchNorm1d",
    "BentIdentity",
    "Bilinear",
    "BinaryStep",
    "Buffer",
    "ClassicDropout",
    "Dropout",
    "FileFormatError",
    "Flatten",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "Identity",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "Maxout",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "PReLU",
    "Parameter",
    "RMSNorm",
    "RReLU",
    "ReLU",
    "ReLU6",
    "Residual",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SoftClipping",
    "SoftExponential",
    "Softmax",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "StateError",
    "Tanh",
    "Tanhshrink",
    "Threshold",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cross_entropy",
    "draw",
    "elastic_net_penalty",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "hinge_loss",
    "huber_loss",
    "init",
    "kl_div",
    "l1_loss",
    "l1_penalty",
    "l2_penalty",
    "load",
    "margin_ranking_loss",
    "max_norm_",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "plot_activation",
    "poisson_nll_loss",
    "save",
    "smooth_l1_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]
