"""The net that a `.caffemodel` carries."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.convert.embedded import embedded_net
from netdef.errors import FileError
from netdef.graph.build import build_net
from netdef.schema.messages import NetParameter


def test_it_computes_what_the_net_computed(net, x):
    found = build_net(embedded_net("w.caffemodel"))
    netdef.load_weights(found, "w.caffemodel")
    assert torch.equal(found(x)["prob"], net(x)["prob"])


def test_splits_and_rules_are_taken_out(folder):
    """Caffe stores the net that it ran: filtered, with a Split for a blob of several readers."""
    message = NetParameter(layer=[
        {"name": "data", "type": "Input", "top": ["data"], "phase": "TRAIN", "include": [{"phase": "TRAIN"}]},
        {"name": "data_data_0_split", "type": "Split", "bottom": ["data"],
         "top": ["data_data_0_split_0", "data_data_0_split_1"]},
        {"name": "r", "type": "ReLU", "bottom": ["data_data_0_split_0"], "top": ["r"]},
        {"name": "s", "type": "Split", "bottom": ["data_data_0_split_1"], "top": ["s1", "s2"]},  # of the user's
    ])
    Path("n.caffemodel").write_bytes(message.SerializeToString())
    net = embedded_net("n.caffemodel")
    assert [(layer.name, layer.bottoms, layer.tops) for layer in net.layers] == [
        ("data", (), ("data",)), ("r", ("data",), ("r",)), ("s", ("data",), ("s1", "s2"))]
    assert not net.layers[0].message.include and not net.layers[0].message.HasField("phase")


@pytest.mark.parametrize("ending", ["h5", "pt", "safetensors"])
def test_files_without_a_net_are_refused(net, ending):
    netdef.save_weights(net, f"w.{ending}")
    with pytest.raises(FileError, match=f"w.{ending}: holds weights only; give the prototxt of its net, too"):
        embedded_net(f"w.{ending}")


def test_weights_without_bottoms_and_tops_are_refused(folder):
    layers = [{"name": "ip", "blobs": [{"shape": {"dim": [1]}, "data": [1]}]}]
    Path("n.caffemodel").write_bytes(NetParameter(layer=layers).SerializeToString())
    with pytest.raises(FileError, match="n.caffemodel: holds weights only"):
        embedded_net("n.caffemodel")


def test_a_name_that_is_not_utf8_is_refused(folder):
    Path("w.caffemodel").write_bytes(Path("w.caffemodel").read_bytes().replace(b"conv/1", b"conv\xb3\xff"))
    with pytest.raises(FileError, match=r"is no .caffemodel, or a damaged one: has the text b'conv\\xb3\\xff', which is not"):
        embedded_net("w.caffemodel")
