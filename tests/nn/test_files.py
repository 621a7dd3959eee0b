"""Model files: they come back as they were, or not at all; PyTorch's load here and ours there; nothing runs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import ArgumentError, MissingDependencyError, Tensor
from nn import FileFormatError, StateError

ROOT = Path(__file__).parents[2]
PYTORCHS = ROOT / "tests" / "reference" / "model.safetensors"


def model(seed=0):
    return nn.MLP([2, 3, 1], rng=seed)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def framed(header, data=b"", length=None):
    """A file of the format by hand."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


# -- there and back ------------------------------------------------------------------------------------------------


def test_a_model_comes_back_to_the_bit(path):
    saved, other = model(0), model(1)
    nn.save(saved, path)
    assert nn.load(other, path) is None
    np.testing.assert_equal(other.state_dict(), saved.state_dict())


def test_arrays_come_back_with_shape_and_dtype_and_can_be_written_to(path):
    rng = np.random.default_rng(0)
    state = {dtype: rng.integers(0, 2, (2, 3)).astype(dtype) for dtype in ("f8", "f4", "f2", "c8", "?")}
    state |= {dtype: rng.integers(0, 99, (2, 3)).astype(dtype) for dtype in ("i8", "i4", "i2", "i1", "u8", "u1")}
    state |= {"number": np.array(3.5), "scalar": np.float32(2), "none": np.zeros((0, 4)), "tensor": Tensor([1.0, 2.0])}
    nn.save(state, path)
    found = nn.load(path)
    assert list(found) == sorted(state)
    for name, each in state.items():
        expected = each.numpy() if isinstance(each, Tensor) else np.asarray(each)
        np.testing.assert_array_equal(found[name], expected, strict=True)
        found[name][...] = 0


@pytest.mark.parametrize(
    "laid", [np.transpose, np.asfortranarray, lambda a: a[::-1], lambda a: a[:, ::2], lambda a: a.astype(">f8")]
)
def test_an_array_in_any_layout_is_saved_as_it_reads(path, laid):
    array = laid(np.arange(12.0).reshape(3, 4))
    nn.save({"w": array}, path)
    np.testing.assert_array_equal(nn.load(path)["w"], array)


def test_equal_models_make_equal_files_in_any_process(path):
    nn.save(model(), path)
    text = "import nn, sys; nn.save(nn.MLP([2, 3, 1], rng=0), sys.argv[1])"
    for seed in ("1", "2"):
        other = path.with_name(f"other{seed}")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", text, str(other)], env=environment, check=True, timeout=60)
        assert other.read_bytes() == path.read_bytes()


def test_names_may_be_missing_or_left_over_if_that_is_said(path):
    nn.save({"layers.0.bias": np.ones(3), "extra": np.ones(1)}, path)
    net = model()
    with pytest.raises(StateError, match=r"model\.safetensors.*missing.*unexpected: extra"):
        nn.load(net, path)
    nn.load(net, path, strict=False)
    np.testing.assert_array_equal(net.layers[0].bias.numpy(), np.ones(3))


# -- with PyTorch --------------------------------------------------------------------------------------------------


def test_a_file_of_pytorch_loads_with_half_and_brain_floats():
    found = nn.load(PYTORCHS)
    np.testing.assert_array_equal(found["0.weight"], (np.arange(6, dtype=np.float32) / 7).reshape(2, 3), strict=True)
    np.testing.assert_array_equal(found["0.bias"], np.array([0.5, -1.25]), strict=True)
    np.testing.assert_array_equal(found["half"], np.array([1, 65504, 2.0**-24], np.float16), strict=True)
    np.testing.assert_array_equal(found["brain"], np.array([1, -3.140625, 2.0**127, 0], np.float32), strict=True)
    np.testing.assert_array_equal(found["steps"], np.array(7), strict=True)
    np.testing.assert_array_equal(found["mask"], np.array([True, False]), strict=True)
    assert found["none"].shape == (0, 3)


def test_ours_loads_in_pytorch(path):
    pytest.importorskip("torch")
    from safetensors.torch import load_file

    nn.save(model(), path)
    found = load_file(path)
    np.testing.assert_equal({name: each.numpy() for name, each in found.items()}, model().state_dict())


# -- files that are not as they should be --------------------------------------------------------------------------


def refused_or_the_same(path, content):
    """Whether a model file with this content is refused by name; if it is not refused, it has the very same state."""
    path.write_bytes(content)
    net, untouched = model(1), model(1).state_dict()
    try:
        nn.load(net, path)
    except (FileFormatError, StateError) as error:
        named = str(path) in str(error)
        np.testing.assert_equal(net.state_dict(), untouched)
        return named
    np.testing.assert_equal(net.state_dict(), model(0).state_dict())
    return False


def test_a_file_cut_off_anywhere_is_refused(path):
    nn.save(model(), path)
    content = path.read_bytes()
    assert all(refused_or_the_same(path, content[:size]) for size in range(len(content)))
    assert refused_or_the_same(path, content + b"\0")


@pytest.mark.parametrize("change", [lambda byte: byte ^ 0xFF, lambda byte: byte ^ 0x01, lambda byte: byte ^ 0x0F])
def test_a_file_with_any_one_byte_changed_is_refused_or_the_same(path, change):
    nn.save(model(), path)
    content = path.read_bytes()
    data = 8 + int.from_bytes(content[:8], "little")
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] = change(changed[place])
        refused = refused_or_the_same(path, bytes(changed))
        assert refused or place < data


def test_a_file_with_bytes_changed_at_random_is_refused_or_the_same_while_it_says_that_it_has_a_digest(path):
    nn.save(model(), path)
    content, rng = path.read_bytes(), np.random.default_rng(0)
    told = b'"__metadata__":{"sha256":'
    free = np.delete(np.arange(len(content)), content.index(told) + np.arange(len(told)))
    for _ in range(1000):
        changed = np.frombuffer(content, np.uint8).copy()
        places = rng.choice(free, rng.integers(1, 9))
        changed[places] = rng.integers(0, 256, len(places))
        refused_or_the_same(path, changed.tobytes())


ONE = {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no whole safetensors"),
        (b"PK\x03\x04 an npz, or a zip of PyTorch's", "no whole safetensors"),
        (b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.", "no whole safetensors"),
        (framed({}, length=2**63), "header"),
        (framed({}, length=100), "header"),
        (framed({"a": {**ONE, "data_offsets": [0, 2**40]}}, b"12345678"), "no whole safetensors"),
        (framed({"a": {**ONE, "data_offsets": [8, 0]}}, b"12345678"), "no whole safetensors"),
        (framed({"a": ONE, "b": ONE}, b"12345678"), "no whole safetensors"),
        (framed({"a": ONE}, b"12345678rest"), "no whole safetensors"),
        (framed({"a": {**ONE, "shape": [2**63, 0], "data_offsets": [0, 0]}}), "shape that NumPy does not have"),
        (framed({"a": {**ONE, "shape": [1] * 65}}, b"12345678"), "shape that NumPy does not have"),
        (framed({"a": {**ONE, "dtype": "F8_E4M3", "shape": [8]}}, b"12345678"), "'a' in F8_E4M3"),
        (framed({"__metadata__": {"sha256": "0"}, "a": ONE}, b"12345678"), "another digest"),
        (framed(b'{"a":' + b"[" * 100_000), "no whole safetensors"),
    ],
)
def test_other_files_are_refused_by_name_and_reason(path, content, said):
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=rf"model\.safetensors.*{said}"):
        nn.load(path)


def test_texts_of_other_writers_are_let_be(path):
    for told in (None, {}, {"format": "pt"}):
        path.write_bytes(framed({"__metadata__": told, "a": ONE}, np.array([2.5]).tobytes()))
        assert nn.load(path)["a"] == 2.5


def test_a_true_of_another_writer_is_true(path):
    path.write_bytes(framed({"a": {"dtype": "BOOL", "shape": [2], "data_offsets": [0, 2]}}, b"\x02\x00"))
    assert nn.load(path)["a"].view(np.uint8).tolist() == [1, 0]


def test_a_missing_file_is_pythons_error(path):
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        nn.load(path)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"a": np.ones(2), "z": np.ones(1, complex)}, "'z' is complex128"),
        ({"a": np.ones(2), "z": {"nested": 1}}, r"'z' is a dict.* as 'z\.weight'.*json"),
        ({"a": np.ones(2), "z": None}, "'z' is object"),
        ({"a": np.ones(2), 3: np.ones(1)}, "names.*3"),
        ({"a": np.ones(2), "__metadata__": np.ones(1)}, "names.*__metadata__"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_the_old_file_stays(path, state, said):
    nn.save(model(), path)
    before = path.read_bytes()
    with pytest.raises(ArgumentError, match=said):
        nn.save(state, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_save_says_what_it_takes(path):
    with pytest.raises(ArgumentError, match="a module, or a dict of arrays by name; found list"):
        nn.save([1], path)
    assert not path.exists()


def test_load_says_what_it_takes(path):
    with pytest.raises(ArgumentError, match="path of a file"):
        nn.load(model())
    with pytest.raises(ArgumentError, match="module and a path"):
        nn.load(str(path), path)


def test_without_safetensors_the_error_names_the_extra(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.delitem(sys.modules, "safetensors.numpy", raising=False)
    for call in (lambda: nn.save(model(), path), lambda: nn.load(path)):
        with pytest.raises(MissingDependencyError, match=r"memograd\[files\]"):
            call()
    assert not path.exists()


SAVES_FOREVER = """
import sys, numpy as np, nn
print("ready", flush=True)
number = 0
while True:
    number += 1
    nn.save({"a": np.full(200_000, float(number)), "b": np.full(200_000, float(number))}, sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one(path):
    nn.save({"a": np.zeros(200_000), "b": np.zeros(200_000)}, path)
    rng = np.random.default_rng(0)
    for _ in range(4):
        command = [sys.executable, "-c", SAVES_FOREVER, str(path)]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(rng.uniform(0.02, 0.12))
            process.send_signal(signal.SIGKILL)
        found = nn.load(path)
        assert len({*found["a"], *found["b"]}) == 1
