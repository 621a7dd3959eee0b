"""Derivatives of Python functions: a function of arrays goes in, a function that gives its derivative comes out."""

from autograd.transforms.batches import vectorize
from autograd.transforms.custom import custom_vjp, stop_gradient
from autograd.transforms.fields import curl, divergence, laplacian
from autograd.transforms.gradients import elementwise_grad, grad, value_and_grad
from autograd.transforms.matrices import hessian, hvp, jacobian, tensor_jacobian_product
from autograd.transforms.memory import checkpoint
from autograd.transforms.products import jvp, vjp

__all__ = [
    "checkpoint",
    "curl",
    "custom_vjp",
    "divergence",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "laplacian",
    "stop_gradient",
    "tensor_jacobian_product",
    "value_and_grad",
    "vectorize",
    "vjp",
]
