"""Training nets become deploy nets."""

from __future__ import annotations

import pytest

from netdef.convert.edits.deploy import deployed, has_data_layers, left_out
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError

DATA = """
layer { name: "data" type: "Data" top: "x" top: "label" data_param { source: "db" batch_size: 4 } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 3 } }
"""
LOSS = """
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" softmax_param { axis: 1 } }
layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" }
"""


def names(text: str, **shapes: tuple[int, ...]) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(layer.name, layer.type, layer.bottoms, layer.tops) for layer in deployed(read_net_text(text), shapes).layers]


def test_data_layers_become_inputs_and_a_loss_its_prediction():
    net = deployed(read_net_text(DATA + LOSS), {"x": (4, 1, 2, 5)})
    assert [(layer.name, layer.type, layer.bottoms, layer.tops) for layer in net.layers] == [
        ("x", "Input", (), ("x",)), ("ip", "InnerProduct", ("x",), ("ip",)), ("prob", "Softmax", ("ip",), ("prob",))]
    assert list(net.layers[0].message.input_param.shape[0].dim) == [4, 1, 2, 5]
    assert net.layers[2].message.softmax_param.axis == 1
    assert net.layers[0].span().text.startswith('layer { name: "data"') and net.layers[2].span("name").text == 'name: "loss"'


def test_several_predictions_are_named_after_their_losses():
    text = DATA + LOSS + 'layer { name: "l2" type: "SigmoidCrossEntropyLoss" bottom: "ip" bottom: "label" top: "l2" }'
    assert names(text, x=(4, 6))[2:] == [
        ("loss_prob", "Softmax", ("ip",), ("loss_prob",)), ("l2_prob", "Sigmoid", ("ip",), ("l2_prob",))]


def test_layers_that_prepare_labels_are_left_out():
    text = DATA + """
        layer { name: "flat" type: "Flatten" bottom: "label" top: "flat" }
        layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "flat" top: "loss" }"""
    assert [name for name, *_ in names(text, x=(4, 6))] == ["x", "ip"]


def test_labels_may_be_the_first_top():
    """MTCNN's nets have `label48` before `data48`."""
    text = DATA.replace('top: "x" top: "label"', 'top: "labels" top: "x"') + """
        layer { name: "slice" type: "Slice" bottom: "labels" top: "label" top: "box" slice_param { slice_point: 1 } }
        layer { name: "unused" type: "Silence" bottom: "box" }""" + LOSS
    assert [name for name, *_ in names(text, x=(4, 6))] == ["x", "ip", "prob"]


def test_of_two_compared_branches_the_first_is_data():
    text = """
        layer { name: "data" type: "Data" top: "x" data_param { source: "db" batch_size: 4 } }
        layer { name: "more" type: "Data" top: "z" data_param { source: "db" batch_size: 4 } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 3 } }
        layer { name: "ip2" type: "InnerProduct" bottom: "z" top: "ip2" inner_product_param { num_output: 3 } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "ip2" top: "loss" }"""
    assert [name for name, *_ in names(text, x=(4, 6), z=(4, 5))] == ["x", "z", "ip", "ip2"]


def test_a_branch_with_very_many_paths_is_followed_once():
    """2^64 paths lead from `z` to the loss."""
    blocks = "".join(f"""
        layer {{ name: "r{i}" type: "ReLU" bottom: "z{i}" top: "r{i}" }}
        layer {{ name: "z{i + 1}" type: "Eltwise" bottom: "z{i}" bottom: "r{i}" top: "z{i + 1}" }}""" for i in range(64))
    text = """
        layer { name: "data" type: "Data" top: "z0" top: "x" data_param { source: "db" batch_size: 4 } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 3 } }""" + blocks + """
        layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "z64" top: "loss" }"""
    assert [name for name, *_ in names(text, x=(4, 6))] == ["x", "ip"]


def test_python_code_that_makes_data_is_not_needed():
    text = DATA.replace('"Data"', '"Python"').replace("data_param", "python_param").replace(
        'source: "db" batch_size: 4', 'module: "absent" layer: "Maker"')
    assert names(text + LOSS, x=(4, 6)) == names(DATA + LOSS, x=(4, 6))


@pytest.mark.parametrize("kind", ["Python", "OwnLoss"])
def test_a_layer_of_unknown_code_with_a_loss_weight_is_a_loss(kind):
    loss = f'layer {{ name: "loss" type: "{kind}" bottom: "ip" bottom: "label" top: "loss" loss_weight: 1 }}'
    assert [layer[0] for layer in names(DATA + loss, x=(4, 6))] == ["x", "ip"]
    other = loss.replace("loss_weight: 1", "loss_weight: 0")
    assert [layer[0] for layer in names(DATA + other, x=(4, 6), label=(4,))] == ["x", "label", "ip", "loss"]


def test_a_layer_of_an_unknown_type_that_reads_labels_alone_is_left_out():
    rest = 'layer { name: "null" type: "Null" bottom: "label" top: "null" }'
    assert [layer[0] for layer in names(DATA + LOSS + rest, x=(4, 6))] == ["x", "ip", "prob"]


def test_an_input_without_a_shape_gets_one():
    text = DATA.replace('"Data"', '"Input"').replace('data_param { source: "db" batch_size: 4 }', "").replace('top: "label"', "")
    assert names(text, x=(4, 6))[0] == ("x", "Input", (), ("x",))


def test_what_is_left_out_is_told_beforehand():
    assert left_out(read_net_text(DATA + LOSS)) == {"data", "loss", "accuracy"}


def test_layers_that_write_files_are_left_out():
    writer = 'layer { name: "w" type: "HDF5Output" bottom: "ip" bottom: "label" hdf5_output_param { file_name: "f.h5" } }'
    assert [name for name, *_ in names(DATA + LOSS + writer, x=(4, 6))] == ["x", "ip", "prob"]
    text = """
        layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } } }
        layer { name: "r" type: "ReLU" bottom: "x" top: "y" }
        layer { name: "w" type: "FLOWriter" bottom: "y" }"""
    assert [name for name, *_ in names(text)] == ["in", "r"]


def test_layers_that_read_a_loss_are_left_out():
    text = DATA + LOSS + 'layer { name: "twice" type: "Power" bottom: "loss" top: "twice" }'
    assert [name for name, *_ in names(text, x=(4, 6))] == ["x", "ip", "prob"]


def test_a_missing_shape_is_an_error():
    with pytest.raises(NetdefError, match=r"layer `data` \(Data\) is a data layer: give the shape of `x`"):
        names(DATA + LOSS, y=(4, 6))


def test_a_net_without_data_layers_is_returned():
    net = read_net_text('layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 } } }')
    assert not has_data_layers(net) and deployed(net, {}) is net and has_data_layers(read_net_text(DATA))


def test_scores_of_detections_need_labels_and_are_left_out():
    text = DATA + """layer { name: "found" type: "DetectionOutput" bottom: "ip" bottom: "ip" bottom: "ip" top: "found" }
        layer { name: "score" type: "DetectionEvaluate" bottom: "found" bottom: "label" top: "score" }"""
    assert [name for name, *_ in names(text, x=(4, 6))] == ["x", "ip", "found"]
