"""Nets opened with their weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.convert.open import open_model, read_definition
from netdef.convert.options import OpenOptions
from netdef.errors import FileError, NetdefError

TRAIN = """
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "nowhere" batch_size: 6 } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
"""
PART = """
layer { name: "data" type: "Input" top: "x" input_param { shape { dim: 2 dim: 120 } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 5 } }
"""


def test_a_text_and_its_weights_are_opened(net, x):
    model = open_model("net.prototxt", ["w.caffemodel"], OpenOptions())
    assert torch.equal(model.net(x)["prob"], net(x)["prob"])
    assert [report.used for report in model.loaded] == [("conv/1", "ip")]
    assert [str(note.span) for note in model.changes] == ["net.prototxt:4:1", "net.prototxt:3:1"]


def test_weights_alone_are_opened(net, x):
    model = open_model(None, ["w.caffemodel"], OpenOptions(outputs=("ip",)))
    assert model.net.outputs == ["ip"] and model.changes == ()
    torch.testing.assert_close(model.net(x)["ip"].softmax(1), net(x)["prob"])


def test_weights_of_another_net_are_refused(folder):
    netdef.save_weights(netdef.loads(PART.replace('"ip"', '"ib"')), "other.caffemodel")
    with pytest.raises(FileError, match="other.caffemodel: is of another net than net.prototxt: no layer with weights has "
                                        "the same name; the net's are conv/1, ip, the file's ib"):
        open_model("net.prototxt", ["other.caffemodel"], OpenOptions())


def test_missing_weights_are_refused_unless_partial(folder):
    torch.manual_seed(5)
    part = netdef.loads(PART.replace("num_output: 5", 'num_output: 5 weight_filler { type: "xavier" }'))
    netdef.save_weights(part, "part.caffemodel")
    with pytest.raises(FileError, match="part.caffemodel: has no weights for `conv/1` of net.prototxt. --partial fills"):
        open_model("net.prototxt", ["part.caffemodel"], OpenOptions())
    model = open_model("net.prototxt", ["part.caffemodel"], OpenOptions(partial=True))
    assert torch.equal(model.net.params["ip"][0], part.params["ip"][0])
    assert model.net.params["conv/1"][0].count_nonzero() == 4 * 3 * 3 * 3
    both = open_model("net.prototxt", ["part.caffemodel", "w.caffemodel"], OpenOptions())
    assert [report.used for report in both.loaded] == [("ip",), ("conv/1", "ip")]


def test_data_layers_become_inputs_of_given_shapes(folder):
    Path("train.prototxt").write_text(TRAIN)
    with pytest.raises(NetdefError, match=r"^layer `data` \(Data\) is a data layer.*: --input-shape data=1,3,227,227$"):
        read_definition("train.prototxt", [], OpenOptions(deploy=True))
    with pytest.raises(NetdefError, match=r"nowhere(.*\n)*For the net in use, without its data layers: --deploy "
                                          r"--input-shape data=1,3,227,227$"):
        open_model("train.prototxt", [], OpenOptions())
    model = open_model("train.prototxt", [], OpenOptions(shapes={"data": (6, 3, 4, 2)}))
    assert model.net.shapes == {"data": (6, 3, 4, 2), "ip": (6, 5), "prob": (6, 5)} and model.loaded == ()


def test_a_carried_net_that_cannot_be_built_names_the_file(folder):
    Path("w.caffemodel").write_bytes(Path("w.caffemodel").read_bytes().replace(b"xavier", b"xavies"))
    with pytest.raises(FileError, match="^w.caffemodel: the net that it carries cannot be built\nlayer `conv/1`"):
        open_model(None, ["w.caffemodel"], OpenOptions())
