"""Weight files and compiled nets."""

import pytest
import torch
from oracle import shared

import netdef

TEXT = """
name: "masked"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 7 dim: 5 } } }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "conv" type: "Convolution" bottom: "data" bottom: "m" top: "conv"
  convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } bias_filler { value: 0.5 } } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { use_global_stats: true } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
  inner_product_param { num_output: 6 weight_filler { type: "gaussian" } } }
"""


@pytest.mark.parametrize("ending", [".caffemodel", ".caffemodel.h5", ".safetensors"])
def test_a_saved_net_computes_the_same(tmp_path, ending):
    net, again = netdef.loads(TEXT), netdef.loads(TEXT)
    net.params["bn"][2].fill_(1)
    net.params["bn"][1].uniform_(1, 2)
    net.masks["m"].set(torch.rand(4, 3, 3, 3) < 0.5)
    netdef.save_weights(net, tmp_path / f"x{ending}")
    report = netdef.load_weights(again, tmp_path / f"x{ending}")
    assert (sorted(report.used), report.masks) == (["bn", "conv", "ip"], ("m",))
    x = torch.rand(2, 3, 7, 5)
    assert torch.equal(net(data=x)["ip"], again(data=x)["ip"])
    again.masks["m"].set(None)
    assert not torch.equal(net(data=x)["ip"], again(data=x)["ip"])


def test_one_net_in_both_formats(monkeypatch):
    """The original Caffe's start weights of LeNet, in both of its formats."""
    folder = shared("golden/nets/lenet")
    monkeypatch.chdir(shared("golden/nets/root"))  # where the net's databases are looked up
    nets = [netdef.load(folder / "net_small.prototxt") for _ in range(2)]
    reports = [
        netdef.load_weights(net, folder / name) for net, name in zip(nets, ("init.caffemodel", "init.caffemodel.h5"))
    ]
    assert sorted(reports[0].used) == sorted(reports[1].used) == ["conv1", "conv2", "ip1", "ip2"]
    for layer, blobs in nets[0].params.items():
        assert all(torch.equal(one, other) for one, other in zip(blobs, nets[1].params[layer], strict=True))
