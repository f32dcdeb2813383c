"""Nets in one call."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import torch

import netdef
from netdef.schema.messages import NetParameter

NET = """
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "a" type: "InnerProduct" bottom: "x" top: "a"
        inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b"
        inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
layer { name: "d" type: "Dropout" bottom: "b" top: "d" include { phase: TRAIN } }
layer { name: "e" type: "Power" bottom: "b" top: "e" include { min_level: 2 stage: "s" } }
"""


def test_a_file_a_text_and_a_message_make_the_same_net(tmp_path):
    (tmp_path / "n.prototxt").write_text(NET)
    nets = [netdef.load(tmp_path / "n.prototxt"), netdef.loads(NET)]
    nets.append(netdef.from_proto(nets[0].spec.message))
    assert [list(net.layers) for net in nets] == [["a", "b"]] * 3


def test_phase_level_and_stages_choose_layers():
    assert list(netdef.loads(NET, phase="TRAIN").layers) == ["a", "b", "d"]
    assert list(netdef.loads(NET, level=2, stages=["s"]).layers) == ["a", "b", "e"]


def test_weight_files_are_loaded_in_turn_and_the_rest_is_filled(tmp_path):
    torch.manual_seed(3)
    first, second = netdef.loads(NET), netdef.loads(NET.replace('name: "a"', 'name: "z"'))
    netdef.save_weights(first, tmp_path / "1.caffemodel")
    netdef.save_weights(second, tmp_path / "2.caffemodel")
    net = netdef.loads(NET, weights=[tmp_path / "1.caffemodel", tmp_path / "2.caffemodel"])
    assert torch.equal(net.params["a"][0], first.params["a"][0]) and torch.equal(net.params["b"][0], second.params["b"][0])
    net = netdef.loads(NET, weights=tmp_path / "2.caffemodel")
    assert net.params["a"][0].count_nonzero() == 15  # by its filler
    assert torch.equal(net.params["b"][0], second.params["b"][0])


def test_errors_of_a_message_name_the_layer():
    message = NetParameter(layer=[{"name": "r", "type": "ReLU", "bottom": ["x"], "top": ["y"]}])
    with pytest.raises(netdef.SpecError, match="^layer `r` reads blob `x`, which no layer before it makes\n1 problem$"):
        netdef.from_proto(message)


@pytest.mark.parametrize(("call", "said"), [
    (lambda: netdef.loads(NET.encode()), r"a text \(str\) is wanted, not bytes; `netdef.load` takes the path of a file"),
    (lambda: netdef.loads(Path("net.prototxt")), r"a text \(str\) is wanted, not PosixPath; `netdef.load` takes"),
    (lambda: netdef.load(None), "the path of a file is wanted, not NoneType; `netdef.loads` takes a text"),
    (lambda: netdef.load(b"net.prototxt"), "the path of a file is wanted, not bytes"),
    (lambda: netdef.load(StringIO(NET)), "the path of a file is wanted, not StringIO"),
    (lambda: netdef.loads(NET, "TRAIN"), "the second argument is the folder of the text's paths; write phase='TRAIN'"),
    (lambda: netdef.from_proto(NET), "a NetParameter message is wanted, not str; `loads` takes a text"),
    (lambda: netdef.loads(NET, weights={"a.0": torch.zeros(5, 3)}), "paths of weight files are wanted, one or a list, not dict"),
    (lambda: netdef.loads(NET, weights=7), "paths of weight files are wanted, one or a list, not int"),
])
def test_arguments_of_another_type_are_refused(call, said):
    with pytest.raises(TypeError, match=said):
        call()


def test_a_single_stage_needs_no_list():
    assert list(netdef.loads(NET, level=2, stages="s").layers) == ["a", "b", "e"]
    two = NET.replace('stage: "s"', 'stage: "st"')
    assert list(netdef.loads(two, level=2, stages="st").layers) == ["a", "b", "e"]
