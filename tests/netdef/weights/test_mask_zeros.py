"""Zeros of a weight file become masks where a Mask layer says so."""

from __future__ import annotations

import re

import torch

import netdef
from dsd.training.trainer import Trainer
from netdef.definition.read import read_solver_text

LAYERS = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 4 dim: 5 dim: 3 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "conv" connectivity_mode: DISCONNECTED_GRPWISE
        convolution_param { num_output: 6 group: 2 kernel_size: 2 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" connectivity_mode: CONNECTED }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" connectivity_mode: DISCONNECTED_ELTWISE
        inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
"""
PLAIN = re.sub(r"connectivity_mode: \w+", "", LAYERS)
LOSS = """
layer { name: "y" type: "DummyData" top: "y" dummy_data_param { shape { dim: 2 dim: 7 } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "y" top: "loss" }
"""


def sparse_weights(path) -> tuple[torch.Tensor, torch.Tensor]:
    """Writes a file; what should be kept of conv and of ip."""
    net = netdef.loads(PLAIN)
    conv, ip = net.params["conv"][0].data, net.params["ip"][0].data
    assert conv.shape == (6, 2, 2, 2)
    conv[2] = 0  # a filter: a row of the first group
    conv[3:, 1, 0, 1] = 0  # a place in all filters of the second group
    conv[0, 1, 1, 1] = 0  # alone: not a group
    keep_conv = torch.ones_like(conv, dtype=torch.bool)
    keep_conv[2] = False
    keep_conv[3:, 1, 0, 1] = False
    ip[ip.abs() < 0.02] = 0
    ip[0, 0], ip[0, 1] = 9e-5, 2e-4  # the fork takes what is below 1e-4 for zero
    netdef.save_weights(net, path)
    keep_ip = ip.abs() >= 1e-4
    assert not keep_ip.all() and not keep_ip[0, 0] and keep_ip[0, 1]
    return keep_conv, keep_ip


def test_zeros_of_a_file_become_masks(tmp_path):
    keep_conv, keep_ip = sparse_weights(tmp_path / "w.caffemodel")
    net = netdef.loads(LAYERS)
    assert net.masks["ip_mask"].kept is None  # of weights that nobody has loaded nothing is taken for pruned
    report = netdef.load_weights(net, tmp_path / "w.caffemodel")
    assert net.masks["conv_mask"].kept.equal(keep_conv) and net.masks["ip_mask"].kept.equal(keep_ip)
    assert report.from_zeros == ("conv_mask", "ip_mask") and "masks made of zeros: `conv_mask`, `ip_mask`" in str(report)


def test_a_mask_in_the_file_takes_precedence_over_zeros(tmp_path):
    sparse_weights(tmp_path / "w.caffemodel")
    net = netdef.loads(LAYERS)
    netdef.load_weights(net, tmp_path / "w.caffemodel")
    kept = net.masks["ip_mask"].kept.clone()
    net.params["ip"][0].data[kept.nonzero()[0].tolist()[0], kept.nonzero()[0].tolist()[1]] = 0  # a survivor that is 0
    netdef.save_weights(net, tmp_path / "again.caffemodel")
    again = netdef.loads(LAYERS)
    report = netdef.load_weights(again, tmp_path / "again.caffemodel")
    assert again.masks["ip_mask"].kept.equal(kept) and report.from_zeros == () and "ip_mask" in report.masks


def test_training_keeps_the_zeros(tmp_path):
    keep_conv, keep_ip = sparse_weights(tmp_path / "w.caffemodel")
    text = f'base_lr: 0.1 momentum: 0.9 lr_policy: "fixed" max_iter: 5 solver_mode: CPU net_param {{ {LAYERS} {LOSS} }}'
    trainer = Trainer(read_solver_text(text), "cpu", weights=[tmp_path / "w.caffemodel"])
    before = trainer.net.params["ip"][0].detach().clone()
    trainer.step(3, {"x": torch.randn(2, 4, 5, 3)})
    after = trainer.net.params["ip"][0].detach()
    assert not after[~keep_ip].any() and (after != before)[keep_ip].float().mean() > 0.5
    assert not trainer.net.params["conv"][0][~keep_conv].any()


def test_weights_without_zeros_get_no_mask(tmp_path):
    net = netdef.loads(PLAIN)
    for blob in (net.params["conv"][0], net.params["ip"][0]):
        blob.data.abs_().add_(1)
    netdef.save_weights(net, tmp_path / "w.caffemodel")
    net = netdef.loads(LAYERS)
    netdef.load_weights(net, tmp_path / "w.caffemodel")
    assert net.masks["conv_mask"].kept is None and net.masks["ip_mask"].kept is None
