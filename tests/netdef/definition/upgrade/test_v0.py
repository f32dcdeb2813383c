"""Nets of 2013."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from netdef.definition.read import read_net_text
from netdef.schema.messages import LayerParameter, NetParameter

OLD = """
name: "old"
layers {
  layer { name: "data" type: "data" source: "db" meanfile: "mean" batchsize: 7 cropsize: 5 mirror: true
          scale: 0.5
          rand_skip: 3 }
  top: "data" top: "label"
}
layers { layer { name: "pad1" type: "padding" pad: 2 } bottom: "data" top: "padded" }
layers {
  layer { name: "conv1" type: "conv" num_output: 6 kernelsize: 3 stride: 2 group: 2 biasterm: false
          weight_filler { type: "gaussian" std: 0.01 } blobs_lr: 1 blobs_lr: 2 weight_decay: 1 weight_decay: 0 }
  bottom: "padded" top: "conv1"
}
layers { layer { name: "pool1" type: "pool" pool: AVE kernelsize: 3 stride: 2 pad: 1 } bottom: "conv1"
        top: "pool1" }
layers { layer { name: "norm1" type: "lrn" local_size: 3 alpha: 0.1 beta: 0.5 k: 2 } bottom: "pool1"
        top: "norm1" }
layers { layer { name: "cat" type: "concat" concat_dim: 0 } bottom: "norm1" bottom: "norm1" top: "cat" }
layers { layer { name: "drop" type: "dropout" dropout_ratio: 0.3 } bottom: "cat" top: "cat" }
layers { layer { name: "fc" type: "innerproduct" num_output: 4 bias_filler { value: 1 } } bottom: "cat"
        top: "fc" }
layers { layer { name: "out" type: "hdf5_output" hdf5_output_param { file_name: "o.h5" } } bottom: "fc"
        bottom: "label" }
layers { layer { name: "win" type: "window_data" source: "w" det_fg_threshold: 0.6 det_context_pad: 4
        det_crop_mode: "square" }
         top: "win" }
layers { layer { name: "img" type: "images" source: "i" shuffle_images: true new_height: 8 new_width: 9
        } top: "img" }
"""
NOW = """
name: "old"
layer { name: "data" type: "Data" top: "data" top: "label"
        transform_param { scale: 0.5 mirror: true crop_size: 5 mean_file: "mean" }
        data_param { source: "db" batch_size: 7 rand_skip: 3 } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
        param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
        convolution_param { num_output: 6 bias_term: false pad: 2 kernel_size: 3 group: 2 stride: 2
                            weight_filler { type: "gaussian" std: 0.01 } } }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
        pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
layer { name: "norm1" type: "LRN" bottom: "pool1" top: "norm1" lrn_param { local_size: 3 alpha: 0.1
        beta: 0.5 k: 2 } }
layer { name: "cat" type: "Concat" bottom: "norm1" bottom: "norm1" top: "cat" concat_param { concat_dim: 0 } }
layer { name: "drop" type: "Dropout" bottom: "cat" top: "cat" dropout_param { dropout_ratio: 0.3 } }
layer { name: "fc" type: "InnerProduct" bottom: "cat" top: "fc"
        inner_product_param { num_output: 4 bias_filler { value: 1 } } }
layer { name: "out" type: "HDF5Output" bottom: "fc" bottom: "label" hdf5_output_param { file_name: "o.h5" } }
layer { name: "win" type: "WindowData" top: "win"
        window_data_param { source: "w" fg_threshold: 0.6 context_pad: 4 crop_mode: "square" } }
layer { name: "img" type: "ImageData" top: "img"
        image_data_param { source: "i" shuffle: true new_height: 8 new_width: 9 } }
"""


def test_a_net_of_2013_is_the_current_net():
    upgraded = read_net_text(OLD).message
    assert upgraded == text_format.Parse(NOW, NetParameter())


def test_places_are_moved_with_the_fields():
    conv = read_net_text(OLD).layers[1]
    assert conv.span("bottom", 0).text == 'bottom: "padded"'
    assert conv.span("convolution_param", "kernel_size", 0).text == "kernelsize: 3"
    assert conv.span("convolution_param", "pad").text == "pad: 2"
    assert conv.span("convolution_param", "weight_filler", "std").text == "std: 0.01"
    assert conv.span("param", 1, "lr_mult").text == "blobs_lr: 2"
    assert conv.span("param", 1, "decay_mult").text == "weight_decay: 0"
    assert conv.span("type").text == 'type: "conv"'
    assert conv.span("name").text == 'name: "conv1"'


def test_a_field_that_the_type_does_not_use_is_a_warning():
    with pytest.warns(UserWarning, match=r"<text>:1:41: layer `r` of type `relu` ignores `num_output`"):
        spec = read_net_text('layers { layer { name: "r" type: "relu" num_output: 3 } top: "r" }')
    assert spec.layers[0].message == LayerParameter(name="r", type="ReLU", top=["r"])
