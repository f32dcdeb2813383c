"""Unknown fields of layers: errors in layers that are built, one warning in others."""

from __future__ import annotations

import warnings

import pytest

import netdef
from netdef.convert.edits.deploy import deployed
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.graph.link import link

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } include { phase: TEST } }\n'
DATA = """layer { name: "data" type: "Data" top: "x" include { phase: TRAIN }
        data_param { source: "db" batch_size: 4 wonder: 1 marvel: "m" } transform_param { wonder: 3 } }
"""
RELU = 'layer { name: "r" type: "ReLU" bottom: "x" top: "y" }\n'


def with_warnings(build):
    """What a function returns, and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return build(), [str(warning.message) for warning in caught]


def test_unknown_fields_of_a_layer_that_the_phase_leaves_out_are_one_warning():
    net, warned = with_warnings(lambda: netdef.loads(INPUT + DATA + RELU))
    assert net.inputs == ["x"]
    assert warned == ["<text>:3:49: unknown fields `wonder`, `marvel` ignored: the TEST net has no such layer"]


def test_the_same_fields_are_errors_in_the_phase_that_has_the_layer():
    with pytest.raises(SpecError) as caught:
        link(filter_net(read_net_text(INPUT + DATA + RELU), "TRAIN"))
    assert [problem.message for problem in caught.value.problems] == [
        "DataParameter has no field `wonder`", "DataParameter has no field `marvel`",
        "TransformationParameter has no field `wonder`"]


def test_deployment_removes_data_layers_before_their_fields_are_errors():
    text = DATA.replace("include { phase: TRAIN }", "") + RELU
    net, warned = with_warnings(lambda: deployed(read_net_text(text), {"x": (1, 3)}))
    assert [layer.type for layer in net.layers] == ["Input", "ReLU"]
    assert len(warned) == 1 and "`wonder`, `marvel`" in warned[0] and warned[0].startswith("<text>:2:49: ")
    assert with_warnings(lambda: link(net))[1] == []


def test_a_net_that_is_only_drawn_needs_no_data():
    text = DATA.replace("include { phase: TRAIN }", "") + RELU
    _, warned = with_warnings(lambda: link(read_net_text(text), need_code=False))
    assert len(warned) == 1 and warned[0].endswith("ignored: only data depend on it")
    with pytest.raises(SpecError, match="no field `wonder`"):
        link(read_net_text(text))


@pytest.mark.parametrize("fields", ["param { wonder: 1 }", "sparse_mode: SPARSE_UPDATE"])
def test_fields_that_steer_learning_are_a_warning_in_test(fields):
    text = INPUT.replace("include { phase: TEST }", "") + RELU.replace("ReLU", "PReLU").replace("top:", f"{fields} top:")
    net, warned = with_warnings(lambda: netdef.loads(text))
    assert net.outputs == ["y"] and len(warned) == 1
    assert warned[0].endswith("ignored: only training depends on it, and the net is for TEST")
    with pytest.raises(SpecError, match="has no field"):
        netdef.loads(text, phase="TRAIN")


def test_a_net_that_is_only_drawn_is_not_trained():
    text = INPUT.replace("include { phase: TEST }", "") + RELU.replace("top:", "sparse_mode: SPARSE_UPDATE top:")
    _, warned = with_warnings(lambda: link(filter_net(read_net_text(text), "TRAIN"), need_code=False))
    assert len(warned) == 1 and warned[0].endswith("ignored: only training depends on it, and the net gets no data")


def test_the_message_of_an_unknown_type_is_part_of_the_complaint_about_the_type():
    layer = 'layer { name: "m" type: "Zigzag" bottom: "x" top: "y" zigzag_param { size: 3 depth { of: 2 } } }\n'
    text = INPUT + layer + layer.replace('"y"', '"z"') + layer.replace('"y"', '"x"')
    with pytest.raises(SpecError) as caught:
        netdef.loads(text)
    (problem,) = caught.value.problems
    assert problem.message == ("layer `m` (Zigzag) has an unknown type `Zigzag`; `--plugin` and "
                               "`netdef.register` add types (and 2 more layers have it)")
    assert str(problem.span) == "<text>:2:19"


def test_lenient_leaves_them_out_with_a_warning_each():
    text = INPUT + RELU.replace("top:", "wonder: 1 marvel: 2 top:")
    net, warned = with_warnings(lambda: netdef.loads(text, lenient=True))
    assert net.outputs == ["y"]
    assert warned == [f"<text>:2:{column}: LayerParameter has no field `{name}`; it is left out"
                    for column, name in ((44, "wonder"), (54, "marvel"))]


def test_engines_and_quantisation_are_one_warning_each_in_every_message():
    text = INPUT + "quantize: true\n" + """
layer { name: "c" type: "Concat" bottom: "x" top: "y" concat_param { engine: CAFFE } quantization_param { precision: INT8 } }
layer { name: "e" type: "Eltwise" bottom: "y" bottom: "y" top: "z" eltwise_param { engine: MINE } quantize: false }
layer { name: "r" type: "ReLU" bottom: "z" top: "z" relu_param { engine: TENSOR } }
"""
    net, warned = with_warnings(lambda: netdef.loads(text))
    assert net.outputs == ["z"]
    assert [line.split(": ", 1)[1] for line in warned] == [
        "`quantize` of a fork (and 1 more) is ignored: numbers for its int8 kernels; the net computes in single precision",
        "`engine`, `TENSOR` of a fork (and 1 more) are ignored: it chooses among its kernels",
        "`quantization_param` of intel/caffe is ignored: numbers for its int8 kernels; the net computes in single precision"]


STRANGERS = """
layer { name: "a" type: "Zigzag" bottom: "x" top: "u" }
layer { name: "b" type: "Zagzig" bottom: "u" bottom: "y" top: "v" top: "w" zagzig_param { size: 3 } }
layer { name: "end" type: "Silence" bottom: "y" }
"""


def test_lenient_leaves_out_layers_of_unknown_types_that_none_reads():
    net, warned = with_warnings(lambda: netdef.loads(INPUT + RELU + STRANGERS, lenient=True))
    assert [spec.name for spec in net.spec.layers] == ["in", "r", "end"]
    assert warned == ["<text>:4:19: left out, of unknown types, and nothing reads what they make: `a` (Zigzag), `b` (Zagzig)"]


def test_lenient_keeps_layers_of_unknown_types_whose_tops_are_read():
    with pytest.raises(SpecError, match="layer `a` .Zigzag. has an unknown type"):
        netdef.loads(INPUT + RELU + STRANGERS.replace('Silence" bottom: "y"', 'Silence" bottom: "u"'), lenient=True)


def test_a_deployed_net_has_an_input_for_a_data_layer_of_an_unknown_type():
    text = 'layer { name: "data" type: "ZigzagData" top: "x" top: "label" zigzag_data_param { source: "s" } }\n' + RELU
    net, warned = with_warnings(lambda: deployed(read_net_text(text), {"x": (1, 3)}))
    assert [(layer.name, layer.type) for layer in net.layers] == [("x", "Input"), ("r", "ReLU")]
    assert warned == ["<text>:1:63: unknown field `zigzag_data_param` ignored: a deploy net has no such layer"]


def test_fields_of_an_unknown_type_in_known_messages_are_part_of_the_complaint_about_the_type():
    data = DATA.replace('"Data"', '"FaceData"').replace("include { phase: TRAIN }", "")
    with pytest.raises(SpecError) as caught:
        link(read_net_text(data + RELU))
    assert [problem.message for problem in caught.value.problems] == [
        "layer `data` (FaceData) has an unknown type `FaceData`; did you mean `ImageData`?"]
