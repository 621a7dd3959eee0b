"""Arguments of PyTorch's operators as text and arrays: how a sample is written to samples.npz and read back."""

import json

import numpy as np

LIST, TUPLE, MAPPING, SLICE, ELLIPSIS, ARRAY, VARIABLE = "list", "tuple", "dict", "slice", "...", "array", "variable"


def packed(value, keep):
    """`value` as JSON: plain ones as they are, the others as a pair of kind and content; `keep(array)` names arrays."""
    if isinstance(value, (list, tuple)):
        return [LIST if isinstance(value, list) else TUPLE, [packed(each, keep) for each in value]]
    if isinstance(value, dict):
        return [MAPPING, {name: packed(each, keep) for name, each in value.items()}]
    if isinstance(value, slice):
        return [SLICE, [value.start, value.stop, value.step]]
    if value is Ellipsis:
        return [ELLIPSIS, None]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return keep(value)


def unpacked(value, read):
    """What `packed` wrote; `read(kind, name)` gives an array back, VARIABLE or ARRAY."""
    if not isinstance(value, list):
        return value
    kind, content = value
    if kind in (LIST, TUPLE):
        return (list if kind == LIST else tuple)(unpacked(each, read) for each in content)
    if kind == MAPPING:
        return {name: unpacked(each, read) for name, each in content.items()}
    if kind == SLICE:
        return slice(*content)
    return Ellipsis if kind == ELLIPSIS else read(kind, content)


def directions(shapes):
    """The vectors that gradients are multiplied with: as many as `shapes`, drawn from one seed."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape) for shape in shapes]


def load(path):
    """The samples in file order, each a dict, and the arrays they name."""
    arrays = dict(np.load(path))
    return json.loads(str(arrays["samples"])), arrays
