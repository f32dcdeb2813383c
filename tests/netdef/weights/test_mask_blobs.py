"""Masks that forks store as blobs of the layer they prune."""

import re

import numpy as np
import pytest
import torch
from oracle import shared

import netdef
from netdef.errors import FileError
from netdef.schema.blobs import from_array
from netdef.schema.messages import NetParameter

NET = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }
layer { name: "conv" type: "CConvolution" bottom: "data" top: "conv"
        param { lr_mult: 1 } param { lr_mult: 2 } param { lr_mult: 0 } param { lr_mult: 0 }
        convolution_param { num_output: 7 kernel_size: 2 } cconvolution_param { gamma: 0.1 c_rate: 2 } }
layer { name: "ip" type: "CInnerProduct" bottom: "conv" top: "ip"
        inner_product_param { num_output: 6 bias_term: false } cinner_product_param { c_rate: 2 } }
"""
PLAIN = re.sub(r"cinner_product_param.*?\}|cconvolution_param.*?\}|param \{ lr_mult: 0 \}", "", NET)
PLAIN = PLAIN.replace('"CC', '"C').replace('"CI', '"I')


def write(path, mask_value=1.0):
    """Weights as Dynamic Network Surgery writes them; the blobs by layer."""
    random = np.random.default_rng(5)
    shapes = {"conv": [(7, 3, 2, 2), (7,)], "ip": [(6, 84)]}
    blobs = {name: [random.normal(size=shape).astype("f") for shape in each] for name, each in shapes.items()}
    for each in blobs.values():
        each += [(random.random(blob.shape) < 0.4).astype("f") * np.float32(mask_value) for blob in each]
    net = NetParameter()
    for name, each in blobs.items():
        net.layer.add(name=name, type="CConvolution", blobs=[from_array(blob) for blob in each])
    path.write_bytes(net.SerializeToString())
    return blobs


def test_mask_blobs_become_the_masks_of_mask_layers(tmp_path):
    blobs = write(tmp_path / "w.caffemodel")
    with pytest.warns(UserWarning, match="mask_policy: DYNAMIC"):
        net = netdef.loads(NET)
    report = netdef.load_weights(net, tmp_path / "w.caffemodel")
    assert report.masks == ("conv_mask", "ip_mask") and report.zeroed == ("conv",)  # the bias, which no Mask covers
    assert np.array_equal(net.masks["conv_mask"].kept, blobs["conv"][2] == 1)
    assert np.array_equal(net.masks["ip_mask"].kept, blobs["ip"][1] == 1)
    assert np.array_equal(net.params["conv"][0].detach(), blobs["conv"][0])  # weights under a mask stay what they were
    assert np.array_equal(net.params["conv"][1].detach(), blobs["conv"][1] * blobs["conv"][3])


def test_without_mask_layers_their_zeros_are_written_into_the_weights(tmp_path):
    blobs = write(tmp_path / "w.caffemodel")
    net = netdef.loads(PLAIN)
    report = netdef.load_weights(net, tmp_path / "w.caffemodel")
    assert report.masks == () and report.zeroed == ("conv", "ip")
    assert "written into the weights as zeros: `conv`, `ip`" in str(report)
    for layer, half in (("conv", 2), ("ip", 1)):
        for index, found in enumerate(net.params[layer]):
            assert np.array_equal(found.detach(), blobs[layer][index] * blobs[layer][half + index])


def test_masks_and_zeros_compute_the_same(tmp_path):
    write(tmp_path / "w.caffemodel")
    x = torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(1))
    with pytest.warns(UserWarning):
        masked = netdef.loads(NET, weights=tmp_path / "w.caffemodel")
    plain = netdef.loads(PLAIN, weights=tmp_path / "w.caffemodel")
    with torch.no_grad():
        assert torch.equal(masked(data=x)["ip"], plain(data=x)["ip"])


def test_a_mask_changed_by_weight_decay_is_refused(tmp_path):
    write(tmp_path / "w.caffemodel", mask_value=0.75)
    net = netdef.loads(PLAIN)
    before = net.params["conv"][0].detach().clone()
    with pytest.raises(FileError) as error:
        netdef.load_weights(net, tmp_path / "w.caffemodel")
    assert "layer `conv`: the mask of its blob 0 holds 0.75, where a mask is 0 or 1" in str(error.value)
    assert "`lr_mult: 0 decay_mult: 0`" in str(error.value)
    assert torch.equal(net.params["conv"][0], before)


@pytest.mark.parametrize("iteration", [454, 35000])
def test_published_masks_changed_by_weight_decay(iteration):
    folder = shared("corpus/models/lenet_autopruning_masks")
    net = netdef.load(folder / "deploy.prototxt")
    with pytest.raises(FileError, match="layer `conv1`: the mask of its blob 0 holds .*, where a mask is 0 or 1"):
        netdef.load_weights(net, folder / f"pruning_iter_{iteration}.caffemodel")


def test_the_published_lenet_of_surgery_gives_the_recorded_outputs():
    """LeNet-5 of the paper: 99.1% of its weights are gone. The same numbers in its own types and in plain ones."""
    folder = shared("corpus/models/lenet_dns")
    text = (folder / "deploy.prototxt").read_text()
    own = text.replace('"Convolution"', '"CConvolution"').replace('"InnerProduct"', '"CInnerProduct"')
    nets = [netdef.loads(each, weights=folder / "sparse.caffemodel") for each in (text, own)]
    assert list(nets[1].masks) == ["conv1_mask", "conv2_mask", "ip1_mask", "ip2_mask"]
    x = torch.rand(64, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        plain, masked = (net(x)["prob"] for net in nets)
    assert torch.equal(plain, masked)
    weights = [blob for blobs in nets[0].params.values() for blob in blobs]
    assert sum(int((blob != 0).sum()) for blob in weights) / sum(blob.numel() for blob in weights) < 0.01
