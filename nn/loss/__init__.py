"""Losses: functions of a model's output and the target, with PyTorch's names, options and numbers.

None of them broadcasts quietly, and a target that cannot be meant is refused: by shape, by dtype and, within a recorded
operation so that a replay looks as well, by value. Each can be differentiated by every argument of floats.
"""

from nn.loss.classification import cross_entropy, multi_margin_loss, nll_loss
from nn.loss.likelihood import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from nn.loss.margin import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    hinge_loss,
    margin_ranking_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from nn.loss.regression import huber_loss, l1_loss, mse_loss, smooth_l1_loss

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cross_entropy",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "hinge_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]
