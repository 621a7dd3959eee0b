"""Model files: arrays by name in the safetensors format, written whole, read whole or not at all, without any code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, overload

import numpy as np

from autograd import ArgumentError, StateError, Tensor
from autograd.files import write_whole
from autograd.optional import library
from nn.errors import FileFormatError
from nn.module import Module

Place = str | PathLike[str]

_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "C64": "<c8", "BOOL": "|b1",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1",
}  # fmt: skip
"""The dtypes of the format that NumPy has too; of bfloat16, the upper halves of float32, see `_array`."""

_METADATA = "__metadata__"
"""Where the format keeps texts about a file."""

_DIGEST = "sha256"
"""The one text that `save` writes: of several, the library mixes the order, and equal arrays would make other bytes."""


def save(state: Module | Mapping[str, Any], path: Place) -> None:
    """Write a model's state, or arrays by name, to a file; the same arrays make the same bytes.

    The file is the old one or the new one at any moment, whatever happens. It is in the safetensors format, which
    PyTorch and others read, with a digest of its content, by which `load` finds every later change.
    Raises: ArgumentError for what is no dict or no array, or of a dtype that the format does not have;
    MissingDependencyError without safetensors.
    Source: https://github.com/huggingface/safetensors.

    >>> import tempfile, pathlib, nn
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> model = nn.Linear(3, 2, rng=0)
    >>> nn.save(model, path)
    >>> nn.load(nn.Linear(3, 2), path)
    >>> {name: each.shape for name, each in nn.load(path).items()}
    {'bias': (2,), 'weight': (2, 3)}
    """
    given = state.state_dict() if isinstance(state, Module) else state
    if not isinstance(given, Mapping):
        raise ArgumentError(f"save takes a module, or a dict of arrays by name; found {type(given).__name__}")
    arrays = {name: _storable(name, each) for name, each in given.items()}
    write_whole(Path(path), _library("safetensors.numpy").save(arrays, metadata={_DIGEST: _digest(arrays)}))


@overload
def load(model: Module, path: Place, *, strict: bool = True) -> None: ...


@overload
def load(model: Place) -> dict[str, np.ndarray]: ...


def load(model: Module | Place, path: Place | None = None, *, strict: bool = True) -> dict[str, np.ndarray] | None:
    """`load(model, path)` gives a model the state in a file; `load(path)` returns the arrays by name.

    The model has it all, or is as it was. With `strict=False` names may be missing or left over. Numbers come in the
    dtypes of the file, those of bfloat16 as float32, which holds them exactly; a model keeps its own.
    Raises: FileFormatError for a file that is cut off, changed, of another format or has a dtype that NumPy lacks;
    StateError for one that does not fit the model; MissingDependencyError without safetensors.
    """
    if not isinstance(model, Module):
        if path is not None:
            raise ArgumentError(f"load takes a module and a path, or a path; found {type(model).__name__} and a path")
        return _read(Path(model))
    if path is None:
        raise ArgumentError(f"load({type(model).__name__}) needs the path of a file too")
    state = _read(Path(path))
    try:
        model.load_state_dict(state, strict=strict)
    except StateError as error:
        raise StateError(f"{path}: {error}") from error
    return None


def _storable(name: str, given: Any) -> np.ndarray:
    """An array as it stands in a file: in one piece, row by row, the lowest byte first."""
    if not isinstance(name, str) or name == _METADATA:
        raise ArgumentError(f"arrays are saved under names, and not as {_METADATA!r}; found {name!r}")
    if isinstance(given, Mapping):
        raise ArgumentError(
            f"a model file holds one array for each name; '{name}' is a {type(given).__name__}. Give each array in it "
            f"a name of its own, as '{name}.weight', and keep what is no array, as an optimizer's state, in a file of "
            f"its own (json, pickle)"
        )
    array = np.asarray(given.numpy() if isinstance(given, Tensor) else given, order="C")
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in _DTYPES.values():
        raise ArgumentError(f"a model file holds arrays of numbers up to 64 bits each; '{name}' is {array.dtype}")
    return array


def _digest(arrays: Mapping[str, np.ndarray]) -> str:
    """A fingerprint of names, dtypes, shapes and numbers."""
    found = sha256()
    for name in sorted(arrays):
        found.update(f"{len(name)} {name} {arrays[name].dtype.str} {arrays[name].shape} ".encode())
        found.update(arrays[name].tobytes())
    return found.hexdigest()


def _read(path: Path) -> dict[str, np.ndarray]:
    safetensors, content = _library("safetensors"), path.read_bytes()
    try:
        found = dict(safetensors.deserialize(content))
    except safetensors.SafetensorError as error:
        raise FileFormatError(f"{path} is no whole safetensors file: {error}") from error
    arrays = {name: _array(path, name, **found[name]) for name in sorted(found)}
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")].decode())
    told = (header.get(_METADATA) or {}).get(_DIGEST)
    if told is not None and told != _digest(arrays):
        raise FileFormatError(f"{path} is not as it was saved: its content has another digest than it says")
    return arrays


def _array(path: Path, name: str, dtype: str, shape: list[int], data: bytearray) -> np.ndarray:
    if dtype not in _DTYPES and dtype != "BF16":
        raise FileFormatError(f"{path} has '{name}' in {dtype}, which NumPy does not have; save it in another dtype")
    flat = np.frombuffer(data, _DTYPES.get(dtype, "<u2"))
    if dtype == "BF16":  # the upper half of a float32
        flat = (flat.astype("<u4") << 16).view("<f4")
    elif dtype == "BOOL":  # where another writer's True is not the byte 1, NumPy would go astray
        flat = flat.view(np.uint8) != 0
    try:
        return flat.reshape(shape)
    except (ValueError, OverflowError) as error:
        raise FileFormatError(f"{path} has '{name}' in a shape that NumPy does not have, {shape}") from error


def _library(name: str) -> Any:
    return library(
        name, "model files are read and written by safetensors, which is not installed: pip install 'memograd[files]'"
    )
