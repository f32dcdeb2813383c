"""A folder with a net of 2014 and its weights, which is the working directory."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef

NET = """
name: "small net"
input: "data" input_dim: 2 input_dim: 3 input_dim: 8 input_dim: 7
layers { name: "conv/1" type: CONVOLUTION bottom: "data" top: "c" # first
         convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layers { name: "relu" type: RELU bottom: "c" top: "c" }
layers { name: "ip" type: INNER_PRODUCT bottom: "c" top: "ip"
         inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
layers { name: "prob" type: SOFTMAX bottom: "ip" top: "prob" }
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The folder: ``net.prototxt`` and ``w.caffemodel``."""
    monkeypatch.chdir(tmp_path)
    Path("net.prototxt").write_text(NET)
    torch.manual_seed(2)
    netdef.save_weights(netdef.load("net.prototxt"), "w.caffemodel")
    return tmp_path


@pytest.fixture
def net(folder) -> netdef.Net:
    """The net with its weights."""
    return netdef.load("net.prototxt", weights="w.caffemodel")


@pytest.fixture
def x() -> torch.Tensor:
    """A batch for it."""
    return torch.linspace(-1, 1, 2 * 3 * 8 * 7).reshape(2, 3, 8, 7)
