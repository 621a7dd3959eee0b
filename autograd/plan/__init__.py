"""Compile: one run of a function recorded, simplified, and replayed as a NumPy program that can be read."""

from autograd.plan.compiled import Compiled, compile  # noqa: A004  the public name

__all__ = ["Compiled", "compile"]
