"""Makes model.safetensors: `python tests/reference/make_files.py`, with PyTorch 2.13 and safetensors installed."""

from pathlib import Path

import torch
from safetensors.torch import save_file


def main():
    state = {
        "0.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7,
        "0.bias": torch.tensor([0.5, -1.25], dtype=torch.float64),
        "half": torch.tensor([1.0, 65504.0, 2.0**-24], dtype=torch.float16),
        "brain": torch.tensor([1.0, -3.140625, 2.0**127, 0.0], dtype=torch.bfloat16),
        "steps": torch.tensor(7),
        "mask": torch.tensor([True, False]),
        "none": torch.zeros(0, 3),
    }
    save_file(state, Path(__file__).with_name("model.safetensors"), metadata={"format": "pt"})


if __name__ == "__main__":
    main()
