"""Blobs from bottoms are shared by name."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.definition.read import read_net_text

DATA = 'layer { name: "data" type: "Input" top: "a" top: "b" input_param { shape { dim: 2 dim: 3 } shape { dim: 4 dim: 3 } } } '
BLOBS = ('layer { name: "w" type: "Parameter" top: "w" %s parameter_param { shape { dim: 5 dim: 3 } } } '
         'layer { name: "c" type: "Parameter" top: "c" parameter_param { shape { dim: 5 } } } ')
LAYER = ('layer { name: "%s" type: "InnerProduct" bottom: "%s" bottom: "w" bottom: "c" top: "%s" param_bottoms: 2 '
         "device { type: GPU device_id: 1 } inner_product_param { num_output: 5 } } ")
TEXT = DATA + BLOBS % "" + LAYER % ("one", "a", "y") + LAYER % ("two", "b", "z")


def test_layers_share_the_blobs_of_parameter_layers():
    net = netdef.loads(TEXT, phase="TRAIN")
    assert net.outputs == ["y", "z"] and net.shapes["z"] == (4, 5)
    weight, bias = net.params["w"][0], net.params["c"][0]
    assert len(list(net.parameters())) == 2
    weight.data.normal_()
    bias.data.normal_()
    a, b = torch.randn(2, 3), torch.randn(4, 3)
    out = net(a=a, b=b)
    torch.testing.assert_close(out["y"], a @ weight.T + bias)
    (out["y"].sum() + 2 * out["z"].sum()).backward()
    torch.testing.assert_close(weight.grad, (a.sum(0) + 2 * b.sum(0)).expand(5, 3))
    assert bias.grad.tolist() == [2 + 8] * 5


def test_a_name_of_a_blob_is_kept():
    spec = read_net_text(DATA + BLOBS % 'param { name: "mine" lr_mult: 2 }' + LAYER % ("one", "a", "y"))
    assert [param.name for layer in spec.layers[1:4] for param in layer.message.param] == ["mine", "c", "mine", "c"]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("param_bottoms: 2", "param_bottoms: 4", "has `param_bottoms` 4 and 3 bottoms"),
    ("param_bottoms: 2", "param_bottoms: 3", "takes a blob from `a`, which no Parameter layer makes"),
])
def test_other_blobs_are_refused(old: str, new: str, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        read_net_text(TEXT.replace(old, new))
