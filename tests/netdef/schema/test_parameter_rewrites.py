"""Parameters and solvers with fields that have another form today, and the texts that they are read as."""

from __future__ import annotations

import pytest
from todays_text import today

import netdef
from netdef.errors import Problems
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.parse import parse


@pytest.mark.parametrize(("old", "new"), [
    ('layers { type: CONVOLUTION convolution_param { num_output: 2 kernelsize: 3 biasterm: false } }',
     'layers { type: CONVOLUTION convolution_param { num_output: 2 bias_term: false kernel_size: 3 } }'),
    ('layer { pooling_param { kernel_size: [3, 2] stride: 1 pad: 0 stride: 2 pad: 1 } }',
     'layer { pooling_param { kernel_sizes: 3 kernel_sizes: 2 strides: 1 strides: 2 pads: 0 pads: 1 } }'),
    ('layer { convolution_param { kernel_shape { dim: 3 dim: 2 } stride_shape { dim: 2 } pad_shape { dim: 1 dim: 0 } } }',
     'layer { convolution_param { pad: 1 pad: 0 kernel_size: 3 kernel_size: 2 stride: 2 } }'),
    ('layer { pooling_param { kernel_shape { dim: 3 dim: 2 } stride_shape { dim: 2 } pad_shape { dim: [1, 0] } } }',
     'layer { pooling_param { stride: 2 kernel_sizes: 3 kernel_sizes: 2 pads: 1 pads: 0 } }'),
    ('layer { pooling_param { kernel_c: 1 kernel_h: 3 kernel_w: 2 stride_c: 1 stride_h: 2 stride_w: 2 pad_c: 0 } }',
     'layer { pooling_param { kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 2 } }'),
    ('layer { type: "Data" data_param { source: "s" backend: "lmdb" } }',
     'layer { type: "Data" data_param { source: "s" backend: LMDB } }'),
    ('bottom: "x" input_dim: 1', 'input: "x" input_dim: 1'),
    ('layers { layer { type: "data" bias_filler { value: 8 } meanfile: "m" } }',
     'layers { layer { type: "data" bias_filler { value: 8 } meanfile: "m" } }'),
    ('layers { layer { type: "conv" bias_filler { value: 8 } } }', 'layers { layer { type: "conv" bias_filler { value: 8 } } }'),
    ('layer { type: "Input" input_param { dim: 2 dim: [3, 5] } }',
     'layer { type: "Input" input_param { shape { dim: 2 dim: 3 dim: 5 } } }'),
    ('layer { dropout_param { scale_test: true } }', 'layer { dropout_param { scale_train: false } }'),
    ('layer { dropout_param { scale_test: false } }', 'layer { dropout_param { scale_train: true } }'),
    ('layer { data_param { shuffle_buffer_size: 10 } }', 'layer { data_param { shuffle: true } }'),
    ('layer { convolution_param { pad: 1 tf_pad: SAME } }', 'layer { convolution_param { pad_type: 1 } }'),
    ('layer { convolution_param { pad: 1 tf_pad: VALID kernel_size: 3 } }', 'layer { convolution_param { kernel_size: 3 } }'),
    ('layer { image_data_param { has_label: false } }', 'layer { image_data_param { label_type: NONE } }'),
    ('layer { image_data_param { has_label: true batch_size: 3 } }', 'layer { image_data_param { batch_size: 3 } }'),
    ('layer { data_param { shuffle_buffer_size: 0 } }', 'layer { data_param { shuffle: false } }'),
    ('layers { type: RESHAPE reshape_param { new_channels: 3 new_width: -1 } }',
     'layers { type: RESHAPE reshape_param { shape { dim: 0 dim: 3 dim: 0 dim: -1 } } }'),
    ('layers { reshape_param { new_num: 5 new_height: 7 } }',
     'layers { reshape_param { shape { dim: 5 dim: 0 dim: 7 dim: 0 } } }'),
    ('layer { reshape_param { num: 2 channels: 3 height: 5 width: 7 } }',
     'layer { reshape_param { shape { dim: 2 dim: 3 dim: 5 dim: 7 } } }'),
    ('layer { type: "Crop" crop_param { offset_height: 3 offset_width: 7 } }',
     'layer { type: "Crop" crop_param { axis: 2 offset: 3 offset: 7 } }'),
    ('layer { type: "Crop" crop_param { offset_width: 7 } }',
     'layer { type: "Crop" crop_param { axis: 2 offset: 0 offset: 7 } }'),
    ("layer { convolution_param { num_output: 3 hole_w: 4 hole_h: 2 } }",
     "layer { convolution_param { num_output: 3 dilation: 2 dilation: 4 } }"),
    ("layer { convolution_param { num_output: 3 hole_h: 3 } }",
     "layer { convolution_param { num_output: 3 dilation: 3 dilation: 1 } }"),
    ('layer { type: "Data" transform_param { var_sz_img_rand_crop: 224 mirror: true crop_size: 224 } }',
     'layer { type: "Data" transform_param { mirror: true crop_size: 224 } }'),
    ('layer { type: "Data" transform_param { var_sz_img_rand_crop: 24 var_sz_img_center_crop: 24 } }',
     'layer { type: "Data" transform_param { crop_size: 24 } }'),
    ('layers { type: PRELU prelu_param { init_value: 0.5 channel_shared: true } }',
     'layers { type: PRELU prelu_param { filler { value: 0.5 } channel_shared: true } }'),
    ('layer { type: "DetectionOutput" detection_output_param { num_classes: 3 nms_threshold: 0.25 top_k: 7 keep_top_k: 5 } }',
     'layer { type: "DetectionOutput" '
     'detection_output_param { num_classes: 3 nms_param { nms_threshold: 0.25 top_k: 7 } keep_top_k: 5 } }'),
    ('layers { type: INPUT top: "x" top: "y" input_param { num: 2 channels: 3 channels: 5 height: 7 height: 1 width: [4, 6] } }',
     'layers { top: "x" top: "y" type: INPUT '
     'input_param { shape { dim: 2 dim: 3 dim: 7 dim: 4 } shape { dim: 2 dim: 5 dim: 1 dim: 6 } } }'),
    ("layer { convolution_param { num_output: 3 dilation_h: 2 dilation_w: 5 } }",
     "layer { convolution_param { num_output: 3 dilation: 2 dilation: 5 } }"),
])
def test_old_parameters_and_todays(old, new):
    assert today(old) == today(new) == new


@pytest.mark.parametrize(("old", "new"), [
    ('test_stage: "a" test_iter: 3 test_iter: 5 test_stage: ""',
     'test_iter: 3 test_iter: 5 test_state { stage: "a" } test_state {}'),
    ('train_level: 2 train_stage: "b" test_level: 1 test_level: 3 test_stage: "c"',
     'train_state { level: 2 stage: "b" } test_state { level: 1 stage: "c" } test_state { level: 3 }'),
    ("snapshot_blobs_hdf5: true", "snapshot_format: HDF5"), ("snapshot_blobs_hdf5: false", ""),
])
def test_states_of_a_solver_and_todays(old, new):
    assert today(old, messages.SolverParameter) == new


def test_crops_of_two_sizes_are_one_too_many():
    problems, text = Problems(), "layer { transform_param { var_sz_img_rand_crop: 224 crop_size: 200 } }"
    lower(parse(Source("t", text)), messages.NetParameter, problems)
    assert [p.message for p in problems] == ["`crop_size` is given twice, and TransformationParameter has one"]


def test_sizes_of_intels_volumes_are_of_all_axes_or_of_each():
    data = 'layer { name: "d" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 6 dim: 8 dim: 9 } } }'
    pool = 'layer {{ name: "p" type: "Pooling" bottom: "x" top: "y" pooling_param {{ {} }} }}'
    assert netdef.loads(data + pool.format("kernel_size_3d: 2 stride_3d: 2")).shapes["y"] == (2, 3, 3, 4, 5)
    each = " ".join(f"{name}_3d: {size}" for name in ("kernel_size", "stride") for size in (2, 4, 3)) + " pad_3d: 0" * 3
    assert netdef.loads(data + pool.format(each)).shapes["y"] == (2, 3, 3, 2, 3)


@pytest.mark.parametrize(("sizes", "grid"), [("pooled_size: 3", (3, 3)), ("pooled_size: 3 pooled_size: 2", (3, 2))])
def test_sizes_of_intels_regions(sizes, grid):
    text = ('layer { name: "d" type: "Input" top: "x" top: "r" input_param { shape { dim: 1 dim: 3 dim: 9 dim: 9 } '
            'shape { dim: 2 dim: 5 } } } layer { name: "p" type: "ROIPooling" bottom: "x" bottom: "r" top: "y" '
            f'roi_pooling_param {{ {sizes} }} }}')
    assert netdef.loads(text).shapes["y"] == (2, 3, *grid)


@pytest.mark.parametrize("param", ["kernel_c: 2 kernel_h: 3 kernel_w: 3", "kernel_c: 1 kernel_size: 3 stride_c: 2",
                                   "pool: AVE kernel_c: 1 kernel_h: 3 kernel_w: 3 pad: 1"])
def test_windows_over_several_channels_are_refused(param):
    text = f'layer {{ name: "p" type: "Pooling" bottom: "x" top: "y" pooling_param {{ {param} }} }}'
    data = 'layer { name: "x" type: "Input" top: "x" input_param { shape { dim: [2, 3, 5, 6] } } }'
    with pytest.raises(netdef.SpecError, match="has no field `(kernel|stride)_c`"):
        netdef.loads(data + text)
