"""Nets written in Python."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.builder.net_spec import TRAIN, NetSpec, assign_proto, param_name_dict, to_proto
from netdef.builder.net_spec import layers as L
from netdef.builder.net_spec import params as P
from netdef.definition.read import read_net, read_net_text
from netdef.errors import SpecError
from netdef.schema.messages import LayerParameter, NetParameter

LENET = """
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN }
        transform_param { scale: 0.00390625 } data_param { source: "lmdb" backend: LMDB batch_size: 64 } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" param { lr_mult: 1 } param { lr_mult: 2 }
        convolution_param { num_output: 20 kernel_size: 5 weight_filler { type: "xavier" } } }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
        pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "fc1" type: "InnerProduct" bottom: "pool1" top: "fc1"
        inner_product_param { num_output: 500 weight_filler { type: "xavier" } } }
layer { name: "relu1" type: "ReLU" bottom: "fc1" top: "fc1" }
layer { name: "score" type: "InnerProduct" bottom: "fc1" top: "score" inner_product_param { num_output: 10 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "score" bottom: "label" top: "loss" loss_weight: 2 }
"""


def lenet() -> NetSpec:
    """As in the original's own examples."""
    n = netdef.NetSpec()
    n.data, n.label = L.Data(
        batch_size=64, backend=P.Data.LMDB, source="lmdb", transform_param=dict(scale=1 / 256), ntop=2,
        include=dict(phase=TRAIN))
    n.conv1 = L.Convolution(n.data, kernel_size=5, num_output=20, weight_filler=dict(type="xavier"),
                            param=[dict(lr_mult=1), dict(lr_mult=2)])
    n.pool1 = L.Pooling(n.conv1, kernel_size=2, stride=2, pool=P.Pooling.MAX)
    n.fc1 = L.InnerProduct(n.pool1, num_output=500, weight_filler=dict(type="xavier"))
    n.relu1 = L.ReLU(n.fc1, in_place=True)
    n.score = L.InnerProduct(n.relu1, num_output=10)
    n.loss = L.SoftmaxWithLoss(n.score, n.label, loss_weight=2)
    return n


def test_the_net_equals_that_of_the_text(tmp_path: Path):
    expected = read_net_text(LENET).message
    assert lenet().to_proto() == expected
    assert read_net_text(str(lenet())).message == expected
    assert read_net_text(str(lenet().to_proto())).message == expected
    lenet().save(tmp_path / "net.prototxt")
    assert read_net(tmp_path / "net.prototxt").message == expected


def test_the_net_compiles():
    n = NetSpec()
    n.x = L.Input(shape=dict(dim=[2, 3]), include=dict(phase="TEST"))
    n.y = L.Power(n.x, power_param=dict(scale=3), shift=1)
    net = netdef.from_proto(n.to_proto())
    assert net(x=torch.ones(2, 3))["y"].unique().tolist() == [4]
    with pytest.raises(netdef.SpecError, match="layer `y` reads blob `x`"):
        netdef.from_proto(n.to_proto(), phase="TRAIN")


def test_from_proto_upgrades_and_takes_messages_of_other_schemas():
    class Foreign:  # a message of the original's caffe_pb2 has the same bytes
        def SerializeToString(self):
            return NetParameter(input=["x"], input_dim=[2, 3, 5, 4]).SerializeToString()

    assert netdef.from_proto(Foreign()).shapes == {"x": (2, 3, 5, 4)}


@pytest.mark.parametrize(("access", "said"), [
    (lambda: P.Pooling.MAXIMUM, "PoolingParameter has no value `MAXIMUM`; did you mean `MAX`?"),
    (lambda: P.Poling.MAX, "there is no message `PolingParameter`; did you mean `Pooling`?"),
    (lambda: lenet().conv2, "the net has no top `conv2`; did you mean `conv1`?"),
])
def test_unknown_names_are_attribute_errors_with_a_hint(access, said: str):
    with pytest.raises(AttributeError) as raised:
        access()
    assert said in str(raised.value)


def test_enum_values_are_where_builders_of_forks_look_for_them():
    assert (P.PriorBox.CENTER_SIZE, P.MultiBoxLoss.MAX_NEGATIVE, P.Loss.VALID, P.Resize.WARP) == (2, 1, 1, 1)
    layer = to_proto(L.DetectionOutput(detection_output_param={"num_classes": 2, "code_type": P.PriorBox.CENTER_SIZE}))
    assert layer.layer[0].detection_output_param.code_type == 2


def test_a_net_as_a_dictionary_as_builders_of_forks_use_it():
    n = NetSpec()
    n.data = L.Input(shape=dict(dim=[1, 2, 9, 8]))
    n.conv = L.Convolution(n.data, num_output=3, kernel_size=5)
    assert n.keys() == ["data", "conv"] and n.keys()[-1] == "conv" and n.vals() == [n.data, n.conv]
    n.update("conv", {"kernel_size": 3, "stride": 2, "param": dict(lr_mult=0)})
    layer = n.to_proto().layer[1]
    assert list(layer.convolution_param.kernel_size) == [3] and layer.convolution_param.num_output == 3
    assert list(layer.convolution_param.stride) == [2] and layer.param[0].lr_mult == 0
    with pytest.raises(SpecError, match="has no field `strides`; did you mean `stride`"):
        n.update("conv", {"strides": 2})
    assert n.conv.fn.params["stride"] == 2 and "strides" not in n.conv.fn.params


def test_fields_of_messages_are_set_as_keywords_are():
    layer = LayerParameter(name="c", top=["a"])
    for name, value in {"type": "Convolution", "top": ["b"], "convolution_param": {"num_output": 4, "kernel_size": 3.0},
                        "param": [{"lr_mult": 2}, {"lr_mult": 0}]}.items():
        assign_proto(layer, name, value)
    assign_proto(layer, "convolution_param", dict(pad=1, weight_filler=dict(type="msra")))
    convolution = layer.convolution_param
    assert (layer.type, list(layer.top), [param.lr_mult for param in layer.param]) == ("Convolution", ["a", "b"], [2, 0])
    assert (convolution.num_output, list(convolution.kernel_size), list(convolution.pad)) == (4, [3], [1])
    assert convolution.weight_filler.type == "msra"
    with pytest.raises(SpecError, match="num_outputs"):
        assign_proto(layer, "convolution_param", {"num_outputs": 4})


def test_names_of_layers_messages():
    assert {"Convolution": "convolution", "InnerProduct": "inner_product", "Deconvolution": "convolution",
            "Transformation": "transform"}.items() <= param_name_dict().items()
