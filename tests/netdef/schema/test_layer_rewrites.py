"""Layers with fields that have another form today, and the texts that they are read as."""

from __future__ import annotations

import pytest
from todays_text import today

from netdef.definition.read import read_net_text
from netdef.errors import Problems
from netdef.schema import messages
from netdef.schema.lower import lower
from netdef.source import Source
from netdef.text.parse import parse


@pytest.mark.parametrize(("old", "new"), [
    ('layers { type: ELTWISE_ACCURACY eltwise_accuracy_param { ignore_label: 255 } }',
     'layers { type: ACCURACY accuracy_param { ignore_label: 255 } }'),
    ('layers { type: VIDEO_DATA image_data_param { source: "s" use_image: true mean_file: "m" new_length: 16 mirror: true } }',
     'layers { type: VIDEO_DATA transform_param { mirror: true mean_file: "m" } '
     'video_data_param { source: "s" new_length: 16 use_image: true } }'),
    ('layers { type: VIDEO_DATA image_data_param { source: "s" } }',
     'layers { type: VIDEO_DATA video_data_param { source: "s" use_image: false } }'),
    ('layers { type: DATA data_param { source: "s" transform_param { scale: 0.5 mirror: true } } }',
     'layers { type: DATA data_param { source: "s" } transform_param { scale: 0.5 mirror: true } }'),
    ('layer { type: "MemoryData" memory_data_param { batch_size: 2 transform_param { scale: 3 } } }',
     'layer { type: "MemoryData" transform_param { scale: 3 } memory_data_param { batch_size: 2 } }'),
    ('layer { type: "ImageData" image_data_param { transform_param { scale: 3 } new_height: 4 } }',
     'layer { type: "ImageData" transform_param { scale: 3 } image_data_param { new_height: 4 } }'),
    ('layers { type: LRELU } layers { type: CONVOLUTION_SK convolution_param { kstride: 2 } } layers { type: POOLING_SK }',
     'layers { type: RELU } layers { type: CONVOLUTION convolution_param { dilation: 2 } } layers { type: POOLING }'),
    ('layers { type: ELTWISE_PRODUCT bottom: "a" }', 'layers { bottom: "a" type: ELTWISE eltwise_param { operation: PROD } }'),
    ('layers { type: LRN_MAP lrn_map_param { local_size: 4 alpha: 8 beta: 0.5 } }',
     'layers { type: LRN lrn_param { local_size: 4 alpha: 0.5 beta: 0.5 norm_region: WITHIN_CHANNEL } }'),
    ('layer { type: "XLU" xlu_param { relu6: true } }', 'layer { type: "XLU" relu_param { relu6: true } }'),
    ('layers { type: LRN_MAP }', 'layers { type: LRN lrn_param { alpha: 0.04 norm_region: WITHIN_CHANNEL } }'),
    ('layers { layer { type: "data" scale: 0.5 subtraction: 8 } }',
     'layers { layer { type: "data" scale: 0.5 mean_value: 16 } }'),
    ('layers { layer { type: "data" scale: 2 bias_filler { type: "channelconstant" value: 104.5 value: 117 } } }',
     'layers { layer { type: "data" scale: 2 mean_value: 104.5 mean_value: 117 } }'),
    ('layers { layer { type: "data" bias_filler { value: 8 } } }', 'layers { layer { type: "data" mean_value: 8 } }'),
    ('layers { layer { type: "memory_data" datum_dims { channels: 3 height: 28 width: 29 } } }',
     'layers { layer { type: "memory_data" channels: 3 height: 28 width: 29 } }'),
    ('layers { layer { type: "input" resize_image: 24 shuffle_data: true } }',
     'layers { layer { type: "input" new_height: 24 new_width: 24 shuffle_images: true } }'),
    ('layer { type: "ChannelwiseAffine" channelwise_affine_param { slope_filler { type: "msra" } bias_filler { value: 2 } } }',
     'layer { type: "ChannelwiseAffine" scale_param { filler { type: "msra" } bias_term: true bias_filler { value: 2 } } }'),
    ('layer { type: "BatchNormPlus" batch_norm_plus_param { eps: 0.5 } }',
     'layer { type: "BatchNormPlus" batch_norm_param { eps: 0.5 scale_bias: true } }'),
    ('layer { type: "BatchNormPlus" batch_norm_plus_param { scale_bias: false } }',
     'layer { type: "BatchNormPlus" batch_norm_param { scale_bias: false } }'),
    ('layer { type: "BatchNormPlus" }', 'layer { type: "BatchNormPlus" batch_norm_param { scale_bias: true } }'),
    ('layer { type: "EltwiseAffine" eltwise_affine_param { slope_filler { type: "msra" } } }',
     'layer { type: "EltwiseAffine" scale_param { filler { type: "msra" } bias_term: true bias_filler { value: 1e-04 } } }'),
    ('layer { type: "EltwiseAffine" eltwise_affine_param { channel_shared: true bias_filler { value: 2 } } }',
     'layer { type: "EltwiseAffine" '
     'scale_param { num_axes: 0 filler { value: 1.0001 } bias_term: true bias_filler { value: 2 } } }'),
    ('layer { type: "EltwiseAffine" }',
     'layer { type: "EltwiseAffine" scale_param { filler { value: 1.0001 } bias_term: true bias_filler { value: 1e-04 } } }'),
    ('layer { type: "ImageDataMultilabel" image_data_param { multilabel_num: 12 } }',
     'layer { type: "ImageDataMultilabel" image_data_param { num_labels: 12 } }'),
    ('layer { type: "MultilabelImageData" image_data_param { label_dim: 4 } }',
     'layer { type: "MultilabelImageData" image_data_param { num_labels: 4 } }'),
    ('layer { type: "MultiLabelData" multi_label_data_param { label_num: 21 } }',
     'layer { type: "MultiLabelData" image_data_param { label_num: 21 } }'),
    ('layer { type: "BNplus" bnplus_param { scale_filler { value: 2 } bnplus_mode: INFERENCE } }',
     'layer { type: "BNplus" bn_param { scale_filler { value: 2 } bn_mode: INFERENCE } }'),
    ('layer { type: "BNplus" bnplus_param { shift_filler { value: 3 } } }',
     'layer { type: "BNplus" bn_param { shift_filler { value: 3 } bn_mode: LEARN } }'),
    ('layer { type: "CuDNNBatchNorm" cudnn_batch_norm_param { frozen: true momentum: 0.5 scale_filler { value: 2 } } }',
     'layer { type: "CuDNNBatchNorm" bn_param { slope_filler { value: 2 } momentum: 0.5 frozen: true } }'),
    ('layer { type: "CuDNNBatchNorm" batch_norm_param { frozen: true momentum: 0.95 scale_filler { value: 2 } } }',
     'layer { type: "CuDNNBatchNorm" bn_param { slope_filler { value: 2 } momentum: 0.95 frozen: true } }'),
    ('layer { type: "BatchNorm" batch_norm_param { eps: 0.5 } }', 'layer { type: "BatchNorm" batch_norm_param { eps: 0.5 } }'),
    ('layer { type: "CuDNNBatchNorm" cudnn_batch_norm_param { eps: 0.5 } }',
     'layer { type: "CuDNNBatchNorm" bn_param { slope_filler { value: 0 } momentum: 0.999 eps: 0.5 } }'),
    ('layer { type: "CPMData" transform_param { stride: 8 } cpmdata_param { source: "s" } }',
     'layer { type: "CPMData" data_param { source: "s" } cpm_transform_param { stride: 8 pose_machine: true } }'),
    ('layer { type: "FcRistretto" quantization_param { bw_params: 8 } }',
     'layer { type: "FcRistretto" ristretto_param { bw_params: 8 } }'),
    ('layer { type: "QuantizationLoss" quantization_param { threshold: 15 } }',
     'layer { type: "QuantizationLoss" quantization_loss_param { threshold: 15 } }'),
    ('layers { type: ROI_POOLING roi_pooling_param { pooled_w: 3 } }',
     'layers { type: ROIPOOLING roi_pooling_param { pooled_w: 3 } }'),
    ('layers { type: LOCAL_WEIGHTED_CONVOLUTION local_weighted_convolution_param { num_output: 3 } }',
     'layers { type: LOCAL local_param { num_output: 3 } }'),
    ('layer { type: "Detection" detection_param { cls_num: 3 lambda: 0.5 } }',
     'layer { type: "Detection" detection_loss_param { cls_num: 3 lambda: 0.5 } }'),
    ('layer { type: "ProposalTarget" proposal_target_param { cls_num: 3 bbox_mean: [0, 1] bbox_std: 0.5 fg_thr: 0.25 } }',
     'layer { type: "ProposalTarget" bbox_reg_param { bbox_mean: 0 bbox_mean: 1 bbox_std: 0.5 } '
     'proposal_target_param { cls_num: 3 fg_thr: 0.25 } }'),
    ('layer { type: "BboxAccuracy" bbox_accuracy_param { bbox_mean: 2 bbox_std: 0.5 } }',
     'layer { type: "BboxAccuracy" bbox_reg_param { bbox_mean: 2 bbox_std: 0.5 } }'),
    ('layer { type: "ConvolutionDeeplab" convolution_deeplab_param { num_output: 3 kernel_size: 3 hole: 2 } }',
     'layer { type: "ConvolutionDeeplab" convolution_param { num_output: 3 kernel_size: 3 dilation: 2 } }'),
    ('layers { type: CCCP cccp_param { num_output: 3 group: 2 bias_term: false } }',
     'layers { type: CONVOLUTION convolution_param { num_output: 6 bias_term: false kernel_size: 1 group: 2 } }'),
    ("layers { type: FLOAT_DATA }", "layers { type: DATA }"),
    ('layer { type: "ConvolutionSK" convolution_param { kstride: 2 } }',
     'layer { type: "ConvolutionSK" convolution_param { dilation: 2 } }'),
    ('layer { type: "PoolingSK" pooling_param { kstride: 4 } }', 'layer { type: "PoolingSK" pooling_param { dilation: 4 } }'),
    ("layers { type: CONVOLUTION_DATA } layers { type: BN_DATA } layers { type: INNER_PRODUCT_ALL }",
     "layers { type: CONVOLUTION } layers { type: BN } layers { type: INNER_PRODUCT }"),
    ("layers { type: INNER_PRODUCT_DATA } layers { type: SOFTMAX_LOSS_DATA }",
     "layers { type: INNER_PRODUCT } layers { type: SOFTMAX_LOSS }"),
    ('layer { type: "NormalizeBBox" normalize_bbox_param { across_spatial: false } }',
     'layer { type: "NormalizeBBox" norm_param { across_spatial: false } }'),
    ('layers { type: RELUPLUS bottom: "x" top: "y" }', 'layers { bottom: "x" top: "y" type: RELU }'),
    ('layers { name: "d" phase: TRAIN type: DATA }', 'layers { name: "d" type: DATA include { phase: TRAIN } }'),
    ('layers { phase: TRAIN stage: "a" phase: TEST stage: "b" level: 2 }',
     'layers { ' + " ".join(f'include {{ phase: {phase} min_level: 2 stage: "{stage}" }}'
                            for phase in ("TRAIN", "TEST") for stage in "ab") + ' }'),
])
def test_old_layers_and_todays(old, new):
    assert today(old) == today(new) == new


@pytest.mark.parametrize("old", [
    "blobs_lr: 1 weight_decay: 1 blobs_lr: 2 weight_decay: 0", "weight_decay: 1 weight_decay: 0 blobs_lr: 1 blobs_lr: 2"])
def test_rates_and_decays_of_a_layer_of_caffecontroll_are_those_of_its_blobs(old):
    for layer in ('layer { type: "Convolution"', "layers { type: CONVOLUTION"):
        with pytest.warns(UserWarning, match="`gpu_0_batch_proportion` of a fork is ignored"):
            net = read_net_text(f'{layer} name: "c" {old} gpu_0_batch_proportion: 0.5 }}')
        assert [(param.lr_mult, param.decay_mult) for param in net.layers[0].message.param] == [(1, 1), (2, 0)]


def test_both_places_of_a_transformation_are_one_too_many():
    text = 'layers { type: DATA transform_param { scale: 2 }\n data_param { transform_param { scale: 3 } } }'
    problems = Problems()
    lower(parse(Source("t", text)), messages.NetParameter, problems)
    assert [(str(p.span), p.message) for p in problems] == [
        ("t:2:15", "`transform_param` is given twice, and V1LayerParameter has one")]


def test_other_parameters_of_a_map_are_ignored_as_in_its_fork():
    with pytest.warns(UserWarning, match="LRN_MAP reads its `lrn_map_param` alone, and this `lrn_param` is ignored"):
        assert today('layers { type: LRN_MAP lrn_param { local_size: 3 } }') == today('layers { type: LRN_MAP }')


def test_the_means_of_a_filler_are_subtracted_from_the_channels():
    layer = 'layer { name: "d" type: "data" source: "s" bias_filler { type: "channelconstant" value: 3 value: 5 } }'
    net = read_net_text(f'layers {{ {layer} top: "x" }}')
    assert list(net.layers[0].message.transform_param.mean_value) == [3, 5]


def test_memory_data_of_2014_has_sizes_and_no_batch_size():
    sizes = "datum_dims { channels: 3 height: 2 width: 5 }"
    net = read_net_text(f'layers {{ layer {{ name: "d" type: "memory_data" {sizes} }} top: "x" }}')
    param = net.layers[0].message.memory_data_param
    assert (param.channels, param.height, param.width, param.batch_size) == (3, 2, 5, 0)


def test_what_was_subtracted_after_scaling_becomes_a_mean():
    net = read_net_text('layers { layer { name: "d" type: "data" scale: 0.25 subtraction: 2 source: "s" } top: "x" }')
    assert (net.layers[0].message.transform_param.scale, *net.layers[0].message.transform_param.mean_value) == (0.25, 8)
