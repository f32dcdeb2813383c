"""Fields of forks in binary layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from weight_files import write_layer

from netdef.convert.embedded import embedded_net
from netdef.convert.open import open_model
from netdef.convert.options import OpenOptions
from netdef.errors import FileError
from netdef.schema.messages import NetParameter, V1LayerParameter
from netdef.weights import wire_format


@pytest.mark.parametrize("kind, number, value, field, text", [
    ("Permute", 202, b"\x08\x00\x08\x02\x08\x03\x08\x01", "permute_param", "order: 0 order: 2 order: 3 order: 1"),
    ("PriorBox", 203, b"\x0d\x00\x00\x80\x41\x28\x01", "prior_box_param", "min_size: 16 clip: true"),
    ("DetectionOutput", 204, b"\x08\x15\x2a\x02\x0a\x00\x38\x07", "detection_output_param",
     "num_classes: 21 keep_top_k: 7"),  # 5, where to save, has no effect
    ("Normalize", 206, b"\x08\x00\x18\x00", "norm_param", "across_spatial: false channel_shared: false"),
    ("PSROIPooling", 10001, b"\x0d\x00\x00\x80\x3d\x10\x15\x18\x07", "psroi_pooling_param",
     "spatial_scale: 0.0625 output_dim: 21 group_size: 7"),
    ("Mask", 10001, b"\x0d\x00\x00\x80\x3e", "mask_param", "sparsity: 0.25"),
    ("BN", 45, b"\x18\x01", "bn_param", "bn_mode: INFERENCE"),  # SegNet's
    ("BN", 137, b"\x1d\x00\x00\x00\x3f\x30\x01", "bn_param", "momentum: 0.5"),  # yjxiong's; 6 is its engine
    ("Filter", 149, b"\x10\x05", "filter_param", "num_output: 5"),
    ("Upsample", 137, b"\x30\x09", "upsample_param", "upsample_h: 9"),
    ("Upsample", 150, b"", "upsample_param", "scale: 1"),  # its default in MobileNet-YOLO
    # NVIDIA's scale_filler, bias_filler and scale_bias
    ("BatchNorm", 139, b"\x2a\x02\x0a\x00\x32\x00\x38\x01\x1d\x00\x00\x00\x3f", "batch_norm_param",
     'eps: 0.5 scale_bias: true scale_filler { type: "" } bias_filler { }'),
    ("Pooling", 121, b"\x10\x02\x10\x03\x18\x02\x10\x04", "pooling_param",
     "stride: 2 kernel_sizes: 2 kernel_sizes: 3 kernel_sizes: 4"),  # a pull request's, one for each axis
    ("Normalize", 214, b"\x0a\x02L1\x18\x01", "normalize_param", 'normalize_type: "L1" bp_norm: true'),  # happynear's
    ("MarginInnerProduct", 147, b"\x08\x09\x10\x03", "margin_inner_product_param", "num_output: 9 type: QUADRUPLE"),
    ("Permute", 239, b"\x08\x01", "permute_param", "order: 1"),  # intel's for Windows
    ("Insanity", 139, b"\x0d\x00\x00\x40\x40", "insanity_param", "lb: 3"),  # happynear's, where BVLC has batch_norm_param
    ("ResizeNearestNeighbor", 210, b"\x10\x07\x18\x09", "resize_nearest_neighbor_param", "output_height: 7 output_width: 9"),
    ("Proposal", 212, b"\x28\x11\x45\x00\x00\x00\x3f", "proposal_param", "max_rois: 17 rpn_nms_thresh: 0.5"),  # Synopsys'
    ("PriorBox", 203, b"\x88\x01\x01\x90\x01\x01", "prior_box_param", "tf: true yx_order: true"),  # Synopsys'
    ("DetectionOutput", 204, b"\xc8\x01\x01\xd0\x01\x05\x80\x02\x01\x88\x02\x03", "detection_output_param",
     "no_permute: true nbottom: 3 ratio_permute: true ratio0: 5"),  # Synopsys'
    ("CustomData", 107, b"\xd8\xbb\x01\x05\x88\xbc\x01\x02\xa8\xbc\x01\x07\x90\xbc\x01\x01", "data_param",
     "range_start: 5 block_size: 7 encoding: UINT16FLOW"),  # 3003, 3009, 3013 and 3010, verbose
    ("LpqLoss", 158, b"\xdd\xfa\x01\x00\x00\x00\x3f", "lpq_loss_param", "p: 0.5"),  # 4011
    ("CTCLoss", 148, b"\x10\x03\x18\x01", "ctc_loss_param", "blank_index: 3 preprocess_collapse_repeated: true"),  # ChWick's
    ("DetectionOutputExtended", 204, b"\x08\x02\x50\x01", "detection_output_param", "num_classes: 2"),  # 10: visualize
    ("LSTM", 146, b"\x08\x04\x3d\x00\x00\x80\x3f\x40\x01", "recurrent_param",
     "num_output: 4 forget_bias: 1 static_input_only_start: true"),  # DSCLRCN's
    ("LSTM", 146, b"\x08\x04\x98\xf1\x04\x01", "recurrent_param", "num_output: 4 static_input_only_start: true"),  # ours
    ("SRNNFormat", 148, b"\x08\x01", "srnnformat_param", "operation: UNFORMAT"),
    ("RandomSamplingSoftmaxLoss", 8266713, b"\x08\x07", "rss_loss_param", "random_sampling_num: 7"),
    ("ELU", 140, b"\x15\x00\x00\x40\x40", "elu_param", "lambda: 3"),  # NVIDIA's
    ("ELU", 140, b"\x0d\x00\x00\x00\x3f", "elu_param", "alpha: 0.5"),  # BVLC's, where CTPN has lstm_param
])
def test_fields_of_forks_are_found_by_number_and_type(folder, kind, number, value, field, text):
    write_layer(kind, number, value)
    net = embedded_net("n.caffemodel")
    net.check_read(net.spec)
    message = net.spec.layers[1].message
    assert [given.name for given, _ in message.ListFields()][4:] == [field]
    assert str(getattr(message, field)).split() == text.split()


@pytest.mark.parametrize("kind, number, value, fields", [
    ("Convolution", 106, b"\xa0\x01\x01", "convolution_param.20"),
    ("Permute", 203, b"\x08\x01", "203"),
    ("PriorBox", 203, b"\x70\x01", "prior_box_param.14"),  # Synopsys' bool, not opencv_contrib's numbers
    ("BN", 45, b"\x52\x00", "bn_param.10"),  # Synopsys' icnet, where ours has scale_filler
    ("DenseImageData", 138, b"\x0a\x01s", "138"),  # SegNet's, where BVLC has tile_param
    ("CPMData", 147, b"\x30\x08", "147"),  # OpenPose's, where BVLC has swish_param
    ("BN", 144, b"\x1d\x00\x00\x00\x3f", "144"),  # CTPN's, where BVLC has crop_param
    ("BatchNorm", 139, b"\x28\x01", "batch_norm_param.5"),  # intel's use_weight_bias, a number
    ("Dropout", 108, b"\x10\x00", "dropout_param.2"),  # scale_train of R-FCN's, or another's
    ("Affine", 139, b"\x08\x01", "139"),  # where BVLC has batch_norm_param
    ("DetectionOutput", 147, b"\x08\x04\x55\x00\x00\x00\x3f", "detection_output_param.10"),  # opencv_contrib's nms_threshold
    ("Pooling", 121, b"\x10\x02\x68\x00", "pooling_param.13"),  # Cascade R-CNN's ceil_mode: false, BVLC's round_mode: CEIL
    ("BN", 137, b"\x1d\x17\xb7\xd1\x38", "bn_param.3"),  # 1e-4: happynear's var_eps, where yjxiong's has its momentum
    ("BN", 137, b"\x25\x66\x66\x66\x3f", "bn_param.4"),  # 0.9: the momentum of SyncBN, where yjxiong's has its eps
    ("FocalLoss", 156, b"\x0d\x00\x00\x00\x3f", "focal_loss_param.1"),  # an alpha, where ours has engine
    ("Pooling", 121, b"\x08\x03", "pooling_param.pool: 3"),  # a kind of pooling that BVLC does not have
])
def test_fields_that_are_not_understood_are_refused_by_name(folder, kind, number, value, fields):
    write_layer(kind, number, value)
    with pytest.raises(FileError) as error:
        open_model(None, ["n.caffemodel"], OpenOptions())
    assert str(error.value) == (
        f"n.caffemodel: layer `l` ({kind}) has fields of a fork that are not understood: {fields}\n"
        "Give the prototxt of its net, too" + ", or --deploy, which leaves such layers out" * kind.endswith("Data"))


def test_fields_of_a_fork_whose_marks_the_net_has(folder):
    """NVIDIA's engine (Dropout 2) beside its forward_type; intel's avg_include_pad (Pooling 13) beside its engine."""
    write_layer("Dropout", 108, b"\x10\x00", rest=b"\x88\x09\x01")
    net = embedded_net("n.caffemodel")
    net.check_read(net.spec)
    write_layer("Pooling", 121, b"\x10\x03\x68\x01")
    net = embedded_net("n.caffemodel")
    net.check_read(net.spec)
    assert net.spec.layers[1].message.pooling_param.round_mode == 1
    write_layer("Pooling", 121, b"\x10\x03\x68\x01", of_net=b"\x4a\x06MKLDNN")
    with pytest.warns(UserWarning, match="fields 9 of the net"):
        net = embedded_net("n.caffemodel")
    with pytest.raises(FileError, match="layer `l` .Pooling. has fields of a fork that are not understood: pooling_param.13"):
        net.check_read(net.spec)


@pytest.mark.parametrize(("of_net", "fields", "ignored"), [
    (b"\xc0\x0c\x01", None, "200"),  # jacinto's quantize
    (b"\x60\x01\x68\x02", None, "12, 13"),  # NVIDIA's default_backward_type and default_forward_math
    (b"\x58\x20", "11", ""),  # intel's bn_stats_batch_size
    (b"\xfa\x3e\x01x", "1007", ""),
])
def test_fields_of_the_net_itself(folder, of_net, fields, ignored):
    write_layer("ReLU", 123, b"\x10\x00", of_net=of_net)
    if fields is None:
        with pytest.warns(UserWarning, match=f"^n.caffemodel: fields {ignored} of the net, of a fork, are ignored"):
            net = embedded_net("n.caffemodel")
        return net.check_read(net.spec)
    net = embedded_net("n.caffemodel")
    with pytest.raises(FileError) as error:
        net.check_read(net.spec)
    assert str(error.value) == (f"n.caffemodel: the net has fields of a fork that are not understood: {fields}\n"
                                "Give the prototxt of its net, too")


def test_fields_for_precision_and_kernels_are_ignored(folder):
    """NVIDIA's forward_type (145), a whole number in any layer; intel's engine MKL2017 (3)."""
    write_layer("ReLU", 123, b"\x10\x03", rest=b"\x88\x09\x01")
    net = embedded_net("n.caffemodel")
    net.check_read(net.spec)
    assert not net.spec.layers[1].message.HasField("parameter_param")


@pytest.mark.parametrize("kind", [35, 40, 101])
def test_v1_types_that_may_be_a_forks_are_refused_by_number(folder, kind):
    """35 is BVLC's ABSVAL and a fork's RESHAPE; 40 is of forks alone."""
    field = V1LayerParameter.TYPE_FIELD_NUMBER << 3 | wire_format.VARINT
    layer = V1LayerParameter(name="l", bottom=["data"], top=["y"]).SerializeToString() + bytes([field, kind])
    net = NetParameter(input=["data"], input_dim=[2, 3, 4, 5]).SerializeToString()
    header = wire_format.header(NetParameter.LAYERS_FIELD_NUMBER, len(layer))
    Path("n.caffemodel").write_bytes(net + header + layer)
    carried = embedded_net("n.caffemodel")
    with pytest.raises(FileError, match=rf"has fields of a fork that are not understood: type: {kind}\nGive the prototxt"):
        carried.check_read(carried.spec)
