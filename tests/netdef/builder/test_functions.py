"""Layers and tops in Python: names, arguments, messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import netdef
from netdef.builder.net_spec import TEST, NetSpec, to_proto
from netdef.builder.net_spec import layers as L
from netdef.errors import SpecError


def test_tops_without_a_name_are_named_by_type_and_number():
    n = NetSpec("tiny")
    n.x = L.Input(shape=dict(dim=[2, 3]))
    hidden = L.ReLU(L.InnerProduct(n.x, num_output=4), in_place=True)
    n.out = L.InnerProduct(L.ReLU(hidden), num_output=5)
    n.sink = L.Silence(n.out, ntop=0)
    net = n.to_proto()
    assert net.name == "tiny"
    assert [(layer.name, list(layer.bottom), list(layer.top)) for layer in net.layer] == [
        ("x", [], ["x"]),
        ("InnerProduct1", ["x"], ["InnerProduct1"]),
        ("ReLU1", ["InnerProduct1"], ["InnerProduct1"]),
        ("ReLU2", ["InnerProduct1"], ["ReLU2"]),
        ("out", ["ReLU2"], ["out"]),
        ("sink", ["out"], []),
    ]


def test_keywords_go_to_caffes_own_field_where_a_fork_has_another_with_its_message():
    x = L.Input(shape=dict(dim=[2, 3, 5, 4]))
    convolution, pooling = L.Convolution(x, num_output=7, kernel_size=3), L.Pooling(x, stride=2)
    assert convolution.fn.message.convolution_param.num_output == 7 and not convolution.fn.message.HasField("convolution3d_param")
    assert pooling.fn.message.pooling_param.stride == 2 and not pooling.fn.message.HasField("pooling3d_param")


def test_several_tops_make_a_message_without_a_net():
    data, label = L.DummyData(shape=[dict(dim=[7, 3]), dict(dim=[7])], ntop=2)
    score = L.InnerProduct(data, num_output=5)
    net = to_proto(L.SoftmaxWithLoss(score, label), L.Accuracy(score, label, include=[dict(phase=TEST)]))
    assert [layer.name for layer in net.layer] == ["DummyData1", "InnerProduct1", "SoftmaxWithLoss1", "Accuracy1"]
    assert list(net.layer[0].top) == ["DummyData1", "DummyData2"] and score.to_proto().layer[1].name == "InnerProduct1"


def test_names_and_further_tops_can_be_given():
    n = NetSpec()
    n["a/b"] = L.Data(source="x", name="mnist", top="label")
    layer = n.to_proto().layer[0]
    assert (layer.name, list(layer.top)) == ("mnist", ["a/b", "label"])
    n.c = L.Scale(n["a/b"])
    del n.c
    assert len(n.to_proto().layer) == 1


def test_a_net_may_be_deeper_than_the_stack():
    top = L.Input(shape=dict(dim=3))
    for _ in range(3000):
        top = L.ReLU(top)
    assert to_proto(top).layer[-1].name == "ReLU3000"


@pytest.mark.parametrize(("call", "said"), [
    (lambda: L.Convolution(kernel_sise=5), "<call>:1:15: ConvolutionParameter has no field `kernel_sise`; "
     "did you mean `kernel_size`?"),
    (lambda: L.Convolution(los_weight=5), "LayerParameter has no field `los_weight`; did you mean `loss_weight`?"),
    (lambda: L.ReLU(num_output=5), "has no field `num_output`"),
    (lambda: L.Pooling(pool="MAXIMUM"), "`MIN`, found `'MAXIMUM'`; did you mean `MAX`?"),
    (lambda: L.Pooling(pool=7), "`pool` wants one of"),
    (lambda: L.Pooling(pad_h=[3, 2]), "`pad_h` takes one value, not a list"),
    (lambda: L.Pooling(kernel_size=-1), "`kernel_size` wants a whole number from 0 to 4294967295, found `-1`"),
    (lambda: L.Convolution(weight_filler=dict(tipe="msra")),
     "FillerParameter has no field `tipe`; did you mean `type`?"),
    (lambda: L.Convolution(weight_filler="msra"), "`weight_filler` wants a block"),
    (lambda: L.Data(source=5), "`source` wants a string in quotes (UTF-8), found `5`"),
    (lambda: L.Convolution(a=1, convolution_param=dict(b=2)), "2 problems in <call>"),
])
def test_arguments_are_checked_in_the_call(call, said: str):
    with pytest.raises(netdef.SpecError) as raised:
        call()
    assert said in str(raised.value)


def test_an_input_that_is_no_top_is_a_type_error():
    n = NetSpec()
    with pytest.raises(TypeError, match=r"`data` is given 2 tops; name each"):
        n.data = L.Data(ntop=2)
    with pytest.raises(TypeError, match="`data` is given a str"):
        n.data = "data"
    with pytest.raises(TypeError, match="^ReLU input 0 is not a Top .type is <class 'tuple'>.$"):
        L.ReLU(L.Data(ntop=2))


def test_values_of_numpy_and_paths_are_accepted():
    layer = to_proto(L.Convolution(
        kernel_size=(np.int64(3), 2), num_output=np.int32(7), bias_term=np.bool_(False), pad=[],
        convolution_param=dict(group=1), weight_filler=dict(type="gaussian", std=np.float32(0.1)))).layer[0]
    param = layer.convolution_param
    assert list(param.kernel_size) == [3, 2] and param.num_output == 7 and not param.bias_term and not param.pad
    assert param.group == 1 and param.weight_filler.std == np.float32(0.1)
    source = to_proto(L.ImageData(source=Path("list.txt"))).layer[0].image_data_param.source
    assert source == "list.txt"


def test_whole_floats_are_taken_for_integers():
    """What ``n / 2`` gives in Python 3, in builders written for Python 2."""
    layer = to_proto(L.Convolution(num_output=64 / 2, kernel_size=[3.0, 5], pad=(3 - 1) / 2)).layer[0]
    param = layer.convolution_param
    assert param.num_output == 32 and list(param.kernel_size) == [3, 5] and list(param.pad) == [1]
    with pytest.raises(SpecError, match=r"`num_output` wants a whole number .*, found `2.5`"):
        L.Convolution(num_output=2.5)


def test_a_deconvolution_takes_the_fields_of_a_convolution():
    (layer,) = to_proto(L.Deconvolution(num_output=3, kernel_size=4, stride=2)).layer
    assert layer.convolution_param.num_output == 3 and list(layer.convolution_param.stride) == [2]


def test_the_arguments_of_a_top_can_be_read():
    top = L.Convolution(L.Input(shape=dict(dim=[1, 3, 5, 4])), num_output=7, pad=1, in_place=False, ntop=1)
    assert top.fn.params == {"num_output": 7, "pad": 1} and top.fn.inputs[0].fn.type_name == "Input"
