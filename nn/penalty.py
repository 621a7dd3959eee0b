"""What is added to a loss to keep weights small, and a bound on them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import numpy as np

import autograd
from autograd import ArgumentError, Tensor, no_grad
from nn.errors import number
from nn.module import Module

Weights = Module | Tensor | Iterable[Tensor]
"""A module stands for its weights: its parameters of two axes or more, not biases nor a normalization's scales. Tensors
that are given are taken as they are."""


def l1_penalty(weights: Weights, strength: float, m: int = 1) -> Any:
    r"""$\frac{\lambda}{m} \lVert W \rVert_1$, the sum of the absolute values of all weights, for a loss over $m$ rows.

    `strength` is $\lambda$. It drives weights to 0, where its derivative is 0.
    Raises: ArgumentError where there are no weights; DomainError for a strength below 0 or m below 1.
    Source: Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x.
    """
    factor = _factor("l1_penalty", strength, m)
    return factor * _total(autograd.sum(autograd.absolute(each)) for each in _weights("l1_penalty", weights))


def l2_penalty(weights: Weights, strength: float, m: int = 1) -> Any:
    r"""$\frac{\lambda}{2m} \lVert W \rVert_F^2$, half the sum of the squares of all weights, for a loss over $m$ rows.

    `strength` is $\lambda$. Its derivative is $\lambda W / m$, so that a step of plain gradient descent first shrinks
    the weights by $1 - \alpha\lambda/m$: weight decay of $\lambda/m$. Under other optimizers the two differ.
    Raises: ArgumentError where there are no weights; DomainError for a strength below 0 or m below 1.
    Source: Krogh and Hertz 1991; Loshchilov and Hutter 2019, arXiv:1711.05101 (the difference).

    >>> from nn import Linear, l2_penalty
    >>> layer = Linear(3, 2, rng=0)
    >>> l2_penalty(layer, 0.1, m=10).backward()
    >>> bool(abs(layer.weight.grad - 0.01 * layer.weight.numpy()).max() < 1e-15), layer.bias.grad
    (True, None)
    """
    factor = _factor("l2_penalty", strength, m)
    return factor / 2 * _total(autograd.sum(autograd.square(each)) for each in _weights("l2_penalty", weights))


def _total(terms: Iterable[Any]) -> Any:
    """The sum of what there is, without a 0 that it begins with: a derivation would show that step."""
    return reduce(add, terms)


def elastic_net_penalty(weights: Weights, l1: float, l2: float, m: int = 1) -> Any:
    r"""Both, $\frac{\lambda_1}{m} \lVert W \rVert_1 + \frac{\lambda_2}{2m} \lVert W \rVert_F^2$.

    Raises: ArgumentError where there are no weights; DomainError for a strength below 0 or m below 1.
    Source: Zou and Hastie 2005, doi:10.1111/j.1467-9868.2005.00503.x.
    """
    chosen = _weights("elastic_net_penalty", weights)
    return l1_penalty(chosen, l1, m) + l2_penalty(chosen, l2, m)


def max_norm_(weights: Weights, max_norm: float) -> None:
    r"""Shorten each row of the weights that is longer than `max_norm` to that length; to be called after a step.

    A row is what one unit sees: all axes but the first. A frozen parameter is left alone.
    Raises: ArgumentError where there are no weights; DomainError unless max_norm > 0.
    Source: Srebro and Shraibman 2005; Srivastava et al. 2014, section 5.1.

    >>> from nn import Parameter, max_norm_
    >>> weight = Parameter([[3.0, 4.0], [0.3, 0.4]])
    >>> max_norm_([weight], 1.0); weight.numpy()
    array([[0.6, 0.8],
           [0.3, 0.4]])
    """
    max_norm = number("max_norm_", "a number above 0", max_norm=max_norm)
    chosen = _weights("max_norm_", weights)
    for each in chosen:
        if not isinstance(each, Tensor) or each.ndim < 2:
            found = f"{type(each).__name__} of shape {each.shape}"
            raise ArgumentError(f"max_norm_ shortens rows of tensors of two axes or more; found {found}")
    with no_grad():
        for each in chosen:
            if each.requires_grad:
                lengths = autograd.linalg.vector_norm(each, axis=tuple(range(1, each.ndim)), keepdims=True)
                each.data = each * (max_norm / autograd.maximum(lengths, max_norm))


def _factor(name: str, strength: float, m: int) -> float:
    strength = float(number(name, "a number of 0 or more", strength=strength))
    return strength / float(number(name, "a number of 1 or more", m=m))


def _weights(name: str, given: Weights) -> list[Any]:
    if isinstance(given, Module):
        found: list[Any] = [each for each in given.parameters() if each.ndim > 1]
    else:
        found = [given] if isinstance(given, Tensor | np.ndarray) else list(given)
    if not found or not all(isinstance(each, Tensor | np.ndarray) for each in found):
        raise ArgumentError(
            f"{name} takes a module with parameters of two axes or more, or tensors; found {type(given).__name__} "
            f"with {'none' if not found else 'other things'} in it"
        )
    return found
