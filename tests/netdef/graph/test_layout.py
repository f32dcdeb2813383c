"""Memory orders: the same numbers, gradients and files in both."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import netdef
from netdef.graph.layout import best_layout
from netdef.graph.net import Net

# One channel in, a 1x1 kernel, groups, a deconvolution, a 1-d convolution: where the orders are hard to tell apart.
TEXT = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 1 dim: 9 dim: 7 } } }
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 6 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "point" type: "Convolution" bottom: "conv" top: "point"
  convolution_param { num_output: 4 kernel_size: 1 weight_filler { type: "xavier" } } }
layer { name: "norm" type: "LRN" bottom: "point" top: "norm" lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 } }
layer { name: "grouped" type: "Convolution" bottom: "norm" top: "grouped"
  convolution_param { num_output: 8 kernel_size: 2 group: 2 weight_filler { type: "xavier" } } }
layer { name: "pool" type: "Pooling" bottom: "grouped" top: "pool"
  pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
layer { name: "up" type: "Deconvolution" bottom: "pool" top: "up"
  convolution_param { num_output: 3 kernel_size: 2 stride: 2 weight_filler { type: "xavier" } } }
layer { name: "flat" type: "Reshape" bottom: "up" top: "flat" reshape_param { shape { dim: 0 dim: 0 dim: -1 } } }
layer { name: "line" type: "Convolution" bottom: "flat" top: "line"
  convolution_param { num_output: 5 kernel_size: 4 weight_filler { type: "xavier" } } }
layer { name: "ip" type: "InnerProduct" bottom: "line" top: "ip"
  inner_product_param { num_output: 10 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
"""
PLANAR = ("conv", "point", "grouped", "up")  # layers with two spatial axes


def nets() -> tuple[Net, Net]:
    """The net as it is built, and the same in torch's default order."""
    torch.manual_seed(6)
    chosen = netdef.loads(TEXT, phase="TRAIN", device="cpu")
    torch.manual_seed(6)
    default = netdef.loads(TEXT, phase="TRAIN", device="cpu")
    for name in PLANAR:
        weight = default.layers[name].weight
        weight.data = torch.empty(weight.shape).copy_(weight.data)
    return chosen, default


def step(net: Net) -> tuple[dict[str, Tensor], dict[str, list[Tensor]]]:
    data = torch.randn(2, 1, 9, 7, generator=torch.Generator().manual_seed(7))
    blobs = net.activations(data=data, label=torch.tensor([3, 8]))
    net.loss(blobs).backward()
    return blobs, {name: [blob.grad for blob in blobs] for name, blobs in net.params.items()}


def test_on_the_cpu_planar_convolutions_are_channels_last() -> None:
    chosen, default = nets()
    for name in PLANAR:
        _, channels, height, width = shape = tuple(chosen.layers[name].weight.shape)
        assert chosen.layers[name].weight.stride() == (channels * height * width, 1, channels * width, channels), shape
        assert default.layers[name].weight.stride() == (channels * height * width, height * width, width, 1), shape
    assert chosen.layers["line"].weight.is_contiguous()


def test_activations_follow_the_weights() -> None:
    blobs, _ = step(nets()[0])
    for name in ("conv", "point", "norm", "grouped", "pool", "up"):
        assert blobs[name].is_contiguous(memory_format=torch.channels_last), name


def test_both_orders_give_the_same_weights_outputs_and_gradients() -> None:
    chosen, default = nets()
    for name, blobs in chosen.params.items():
        for mine, theirs in zip(blobs, default.params[name], strict=True):
            assert torch.equal(mine, theirs), name
    (blobs, grads), (other_blobs, other_grads) = step(chosen), step(default)
    for name, value in blobs.items():
        torch.testing.assert_close(value, other_blobs[name], msg=lambda text, name=name: f"{name}: {text}")
    for name, values in grads.items():
        for mine, theirs in zip(values, other_grads[name], strict=True):
            torch.testing.assert_close(mine, theirs, msg=lambda text, name=name: f"{name}: {text}")


def test_files_are_the_same_in_both_orders(tmp_path) -> None:
    chosen, default = nets()
    netdef.save_weights(chosen, tmp_path / "chosen.caffemodel")
    netdef.save_weights(default, tmp_path / "default.caffemodel")
    assert (tmp_path / "chosen.caffemodel").read_bytes() == (tmp_path / "default.caffemodel").read_bytes()


def test_loading_weights_keeps_the_order(tmp_path) -> None:
    chosen, default = nets()
    netdef.save_weights(default, tmp_path / "w.caffemodel")
    strides = [blob.stride() for blobs in chosen.params.values() for blob in blobs]
    netdef.load_weights(chosen, tmp_path / "w.caffemodel")
    assert [blob.stride() for blobs in chosen.params.values() for blob in blobs] == strides


@pytest.mark.parametrize("device", ["cuda", "mps", "meta"])
def test_other_devices_keep_the_default_order(device: str) -> None:
    layers = nets()[0].layers
    for name in PLANAR:
        assert best_layout(layers[name], "weight", layers[name].weight, torch.device("cpu")) is torch.channels_last
        assert best_layout(layers[name], "weight", layers[name].weight, torch.device(device)) is torch.contiguous_format
