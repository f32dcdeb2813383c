"""Nets of 2014."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

import netdef
from netdef.definition.read import read_net_text
from netdef.definition.upgrade.v1 import TYPES
from netdef.errors import SpecError
from netdef.schema.messages import LayerParameter, NetParameter, V1LayerParameter

OLD = """
layers { name: "data" type: DATA top: "data" include { phase: TRAIN }
         data_param { source: "db" batch_size: 7 scale: 0.5 crop_size: 5 mean_file: "mean" } }
layers { name: "img" type: IMAGE_DATA top: "img" image_data_param { source: "i" mirror: true }
         transform_param { mean_value: 3 } }
layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" param: "w" param: "b" blob_share_mode: PERMISSIVE
         blobs_lr: 1 blobs_lr: 2 blobs_lr: 3 weight_decay: 0.5
         convolution_param { num_output: 4 kernel_size: 3 } }
layers { name: "l" type: SOFTMAX_LOSS bottom: "c" bottom: "img" loss_weight: 2 loss_param { ignore_label: 9 } }
"""
NOW = """
layer { name: "data" type: "Data" top: "data" include { phase: TRAIN } data_param { source: "db" batch_size: 7 }
        transform_param { scale: 0.5 crop_size: 5 mean_file: "mean" } }
layer { name: "img" type: "ImageData" top: "img" image_data_param { source: "i" }
        transform_param { mean_value: 3 mirror: true } }
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
        param { name: "w" share_mode: PERMISSIVE lr_mult: 1 decay_mult: 0.5 } param { name: "b"
                lr_mult: 2 } param { lr_mult: 3 }
        convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "l" type: "SoftmaxWithLoss" bottom: "c" bottom: "img" loss_weight: 2 loss_param {
        ignore_label: 9 } }
"""


def test_a_net_of_2014_is_the_current_net():
    upgraded = read_net_text(OLD).message
    assert upgraded == text_format.Parse(NOW, NetParameter())


def test_places_are_moved_with_the_fields():
    data, image, conv, _ = read_net_text(OLD).layers
    assert data.span("transform_param", "mean_file").text == 'mean_file: "mean"'
    assert data.span("data_param", "batch_size").text == "batch_size: 7"
    assert image.span("transform_param", "mean_value", 0).text == "mean_value: 3"
    assert image.span("transform_param", "mirror").text == "mirror: true"
    assert conv.span("param", 0).text == 'param: "w"'
    assert conv.span("param", 2).text == "blobs_lr: 3"
    assert conv.span("param", 2, "decay_mult").text == "blobs_lr: 3"
    assert conv.span().text.startswith('layers { name: "c"')


def test_every_v1_type_has_a_name():
    assert set(TYPES) == set(V1LayerParameter.LayerType.keys())
    assert len(set(TYPES.values())) == len(TYPES)


def test_every_v1_parameter_is_in_the_current_schema():
    own = {"type", "param", "blob_share_mode", "blobs_lr", "weight_decay", "layer"}
    assert set(V1LayerParameter.DESCRIPTOR.fields_by_name) - own <= set(LayerParameter.DESCRIPTOR.fields_by_name)


def test_the_type_of_a_fork_keeps_its_name():
    layer = read_net_text('layers { name: "d" type: WINDOW_SEG_DATA top: "x" window_seg_param { size: 3 } }').layers[0]
    assert layer.type == "WINDOW_SEG_DATA" and layer.span("type").text == "WINDOW_SEG_DATA"
    assert [unread.name for unread in layer.where.unread] == ["window_seg_param"]


def test_a_misspelt_type_has_the_nearest_one_as_a_hint():
    text = 'layers { name: "c" type: CONVOLUTOIN bottom: "x" top: "y" } input: "x" input_dim: [1, 2, 3, 4]'
    with pytest.raises(SpecError, match="unknown type `CONVOLUTOIN`; did you mean `Convolution`"):
        netdef.loads(text)


@pytest.mark.parametrize(("theirs", "param", "ours"), [
    ("BIAS_CHANNEL", "bias_channel_param { bg_bias: 3 }", "BiasChannel"),
    ("UNIQUE_LABEL", "unique_label_param { max_labels: 3 }", "UniqueLabel"),
    ("ADAPTIVE_BIAS_CHANNEL", "adaptive_bias_channel_param { num_iter: 3 }", "AdaptiveBiasChannel"),
    ("MAT_READ", 'mat_read_param { prefix: "a" }', "MatRead"),
    ("DATA_HEATMAP", "heatmap_data_param { outsize: 3 }", "DataHeatmap"),
])
def test_layers_of_deeplab_and_of_poses_in_nets_of_2014(theirs: str, param: str, ours: str):
    layer = read_net_text(f'layers {{ name: "a" type: {theirs} top: "x" {param} }}').layers[0]
    assert layer.type == ours and layer.message.HasField(param.split()[0])
