"""Save weights and masks, and load them again."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.schema.messages import NetParameter
from netdef.weights.load import load_weights
from netdef.weights.save import save_weights

ENDINGS = [".caffemodel", ".caffemodel.h5", ".safetensors"]
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


@pytest.mark.parametrize("ending", ENDINGS)
def test_saved_weights_and_masks_load_again(example, tmp_path, ending):
    one, other = example(1), example(2)
    other.masks["fa_mask"].kept = torch.zeros(3, 7, dtype=torch.bool)
    memory = {layer: [(blob.data_ptr(), blob.stride()) for blob in blobs] for layer, blobs in other.params.items()}
    save_weights(one, tmp_path / f"x{ending}")
    report = load_weights(other, tmp_path / f"x{ending}")
    for layer, blobs in one.params.items():
        assert all(torch.equal(a, b) for a, b in zip(blobs, other.params[layer], strict=True))
        assert memory[layer] == [(blob.data_ptr(), blob.stride()) for blob in other.params[layer]]
    assert torch.equal(other.masks["conv_mask"].kept, one.masks["conv_mask"].kept)
    assert other.masks["fa_mask"].kept is None
    assert sorted(report.used) == ["bn", "conv", "fb", "half", "in/fa", "slope"]
    assert (report.only_in_file, report.only_in_net, report.reshaped) == ((), (), ())
    assert sorted(report.masks) == ["conv_mask", "fa_mask"]


@pytest.mark.parametrize("kind", [".caffemodel", ".h5"])
def test_a_kind_decides_for_any_name(example, tmp_path, kind):
    saved, loaded = example(1), example(2)
    save_weights(saved, tmp_path / "weights", kind)
    load_weights(loaded, tmp_path / "weights")
    assert torch.equal(loaded.params["conv"][0], saved.params["conv"][0])


def test_the_file_has_the_layers_messages(example, tmp_path):
    """A shared weight with each of its layers, masks in their layers' messages, as stock Caffe reads it."""
    net = example(1)
    net.masks["attached"] = type(net.masks["fa_mask"])((3, 7))  # by the trainer: not in the text
    save_weights(net, tmp_path / "x.caffemodel")
    proto = NetParameter.FromString((tmp_path / "x.caffemodel").read_bytes())
    assert [layer.name for layer in proto.layer] == ["conv_mask", "fa_mask", *net.params, "attached"]
    assert [len(layer.blobs) for layer in proto.layer] == [0, 0, 2, 0, 1, 2, 2, 1, 1, 0]
    mask = proto.layer[0].mask_param
    assert mask.sparsity == 0.25 and list(mask.shape.dim) == [4, 2, 3, 5] and len(mask.bits) == 15
    assert proto.layer[1].mask_param.HasField("shape") and not proto.layer[1].mask_param.HasField("bits")
    assert proto.layer[2].bottom == ["x"]
    assert not net.spec.layers[0].message.mask_param.HasField("shape")  # the net's own message is as it was


@pytest.mark.parametrize("ending", ENDINGS)
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
