"""The net that a `.caffemodel` carries."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from google.protobuf import text_format
from oracle import SHARED, shared
from weight_files import write_layer

import netdef
from netdef.convert.edits.deploy import deployed
from netdef.convert.embedded import embedded_net
from netdef.convert.open import open_model
from netdef.convert.options import OpenOptions
from netdef.errors import FileError
from netdef.graph.build import build_net
from netdef.schema.messages import NetParameter
from netdef.weights import wire_format


def test_the_embedded_net_computes_the_same(net, x):
    found = build_net(embedded_net("w.caffemodel").spec)
    netdef.load_weights(found, "w.caffemodel")
    assert torch.equal(found(x)["prob"], net(x)["prob"])


def test_splits_and_rules_are_removed(folder):
    """Caffe stores the net that it ran: filtered, with a Split for a blob of several readers."""
    message = NetParameter(layer=[
        {"name": "data", "type": "Input", "top": ["data"], "phase": "TRAIN", "include": [{"phase": "TRAIN"}]},
        {"name": "data_data_0_split", "type": "Split", "bottom": ["data"],
         "top": ["data_data_0_split_0", "data_data_0_split_1"]},
        {"name": "r", "type": "ReLU", "bottom": ["data_data_0_split_0"], "top": ["r"]},
        {"name": "s", "type": "Split", "bottom": ["data_data_0_split_1"], "top": ["s1", "s2"]},  # of the user's
    ])
    Path("n.caffemodel").write_bytes(message.SerializeToString())
    net = embedded_net("n.caffemodel").spec
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


def test_removed_layers_may_have_any_fields(folder):
    write_layer("ReLU", 999, b"")
    net = embedded_net("n.caffemodel")
    net.check_read(net.spec.with_layers([(net.spec.layers[0].message, net.spec.layers[0].where)]))


def test_layers_that_a_deploy_net_lacks_may_have_any_fields(folder):
    """MTCNN's nets in training: their losses have numbers of a fork."""
    text = '''
        layer { name: "data" type: "HDF5Data" top: "x" top: "label" hdf5_data_param { source: "nowhere" batch_size: 2 } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 5 } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "label" top: "loss" }'''
    message = text_format.Parse(text, NetParameter())
    loss = message.layer[2].SerializeToString() + wire_format.header(999, 0)
    whole = b"".join(wire_format.header(100, len(layer)) + layer for layer in (
        *(each.SerializeToString() for each in message.layer[:2]), loss))
    Path("n.caffemodel").write_bytes(whole)
    net = embedded_net("n.caffemodel")
    with pytest.raises(FileError, match="`loss` .*: 999\n"
                                        "Give the prototxt of its net, too, or --deploy, which leaves such layers out$"):
        net.check_read(net.spec)
    net.check_read(deployed(net.spec, {"x": (2, 3)}))


def test_a_published_face_detector_needs_no_prototxt():
    folder = shared("corpus/models/rfb320")
    weights = [folder / "weights.caffemodel"]
    given = open_model(str(SHARED / "corpus/models/rfb320/deploy.prototxt"), weights, OpenOptions()).net
    carried = open_model(None, weights, OpenOptions()).net
    x = torch.linspace(-1, 1, 3 * 240 * 320).reshape(1, 3, 240, 320)
    assert set(carried.outputs) == set(given.outputs)
    with torch.no_grad():
        wanted, found = given(x), carried(x)
    assert all(torch.equal(wanted[blob], found[blob]) for blob in given.outputs)


def test_a_data_layer_that_becomes_an_input_may_have_any_fields():
    """libfacedetection's training net: what NVIDIA's fork does to its images has numbers of its own."""
    weights = shared("corpus/models/yuface_v1") / "weights.caffemodel"
    net = open_model(None, [weights], OpenOptions(shapes={"data": (1, 3, 64, 96)})).net
    assert net.inputs == ["data"]
    # Maps of 8 x 12, 4 x 6, 2 x 3 and 1 x 2 places; 3, 2, 2 and 3 boxes at each, of four numbers.
    assert net.shapes["mbox_priorbox"] == (1, 2, 4 * (96 * 3 + 24 * 2 + 6 * 2 + 2 * 3))
