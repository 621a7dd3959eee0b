"""Gradient descent in all its variants: algorithms, schedules, clipping and fitting."""

import autograd

if getattr(autograd, "__distribution__", None) != "memograd":
    raise ImportError(
        f"optim belongs to memograd, but {autograd!r} was found, which does not: the distribution "
        f"'autograd' is in the way. Install memograd in a virtual environment without it"
    )
