"""Every differentiable operation, one declaration each; `autograd` imports them all, which fills the registry."""
