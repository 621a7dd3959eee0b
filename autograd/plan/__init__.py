"""Compile: one run of a function recorded, simplified, and replayed as a NumPy program that can be read."""
