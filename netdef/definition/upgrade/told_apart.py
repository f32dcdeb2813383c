"""Layers that forks compute in different ways under one name, told apart by the other layers of their net."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from netdef.definition.definitions import LayerDefinition, NetDefinition
from netdef.definition.masks import mask_blobs
from netdef.errors import warn_at
from netdef.schema.messages import LayerParameter


class _Reading(NamedTuple):
    """A type of layers that a fork computes in its own way; ``change`` says so in their messages."""

    type: str
    fork: str
    is_theirs: Callable[[LayerDefinition], bool]  # whether a layer is one that only this fork has
    is_meant: Callable[[LayerParameter, Sequence[str]], bool]  # whether the type's layer is read so; its bottoms but for masks
    change: Callable[[LayerParameter], object]
    words: str


def tell_apart(net: NetDefinition) -> NetDefinition:
    """The net with the layers of each type in `_READINGS` written so that they do what they do in the net's own fork.

    A net is a fork's if it has a layer that only this fork has. A warning names the first layer of each type.
    """
    masks = mask_blobs(net)
    for reading in _READINGS:
        found = [layer for layer in net.layers if layer.type == reading.type and reading.is_meant(
            layer.message, [bottom for bottom in layer.bottoms if bottom not in masks])]
        if found and any(map(reading.is_theirs, net.layers)):
            warn_at(found[0].span("type"), f"layer `{found[0].name}` ({reading.type}) is read as in {reading.fork}, of which "
                    f"the net has other layers: {reading.words}")
            net = net.with_changed(found, reading.change)
    return net


def _one_of(*types: str) -> Callable[[LayerDefinition], bool]:
    return lambda layer: layer.type in types


def _is_happynears(layer: LayerDefinition) -> bool:
    return layer.message.inner_product_param.normalize or layer.type in (
        "LabelSpecificAdd", "LabelSpecificRescale", "ChannelScale", "InnerDistance", "GeneralContrastiveLoss",
        "GeneralTripletLoss")


def _is_lrcns(layer: LayerDefinition) -> bool:
    message = layer.message
    return message.lstm_param.HasField("hidden_dim") or message.inner_product_param.index_input_dim > 0


def _is_naibaf7s(layer: LayerDefinition) -> bool:
    return layer.type in ("MergeCrop", "MalisLoss", "Affinity") or bool(layer.message.memory_data_param.dim)


def _is_chenglongchens(layer: LayerDefinition) -> bool:
    params = layer.message.convolution_param, layer.message.inner_product_param
    return any(param.weight_filler.HasField("negative_slope") for param in params)


def _is_sstds(layer: LayerDefinition) -> bool:
    param = layer.message.mask_resize_param
    return param.HasField("factor_height") or param.HasField("factor_width")


_MAKEFILES = ("FrcnnRoiData", "FrcnnProposal", "FrcnnAnchorTarget", "FrcnnProposalTarget", "FPNProposal", "FPNAnchorTarget",
              "FPNProposalTarget", "ROIPadding")


def _is_nvidias(layer: LayerDefinition) -> bool:
    return layer.message.data_param.cache or layer.message.data_param.HasField("parser_threads")


def _doubles(message: LayerParameter, _: Sequence[str]) -> bool:
    param = message.convolution_param
    return (list(param.kernel_size), list(param.stride), list(param.pad), param.HasField("output_pad")) == ([3], [2], [1], False)


def _renamed(name: str) -> Callable[[LayerParameter], None]:
    return lambda message: message.MergeFrom(LayerParameter(type=name))


def _marked(param: str, field: str, value: float = True) -> Callable[[LayerParameter], None]:
    return lambda message: setattr(getattr(message, param), field, value)


_READINGS = (
    _Reading("Normalize", "happynear's fork", _is_happynears,
             lambda message, _: not message.HasField("norm_param") and not message.HasField("normalize_param"),
             lambda message: message.normalize_param.SetInParent(), "by place, without a scale"),
    _Reading("SigmoidCrossEntropyLoss", "HED's fork", _one_of("ImageLabelmapData"), lambda *_: True,
             _renamed("ClassBalancedSigmoidCrossEntropyLoss"), "it is a ClassBalancedSigmoidCrossEntropyLoss"),
    _Reading("EuclideanLoss", "naibaf7's fork", _is_naibaf7s, lambda *_: True,
             _renamed("MeanEuclideanLoss"), "it divides by all numbers, not by the items"),
    _Reading("SoftmaxWithLoss", "JAA-Net's fork", _one_of("AUMaskBasedLand", "AlignDataTransform"),
             lambda message, bottoms: len(bottoms) == 3 and not message.loss_param.weights_keep_divisor,
             _marked("loss_param", "weights_keep_divisor"), "its weights do not change the divisor"),
    _Reading("SoftmaxWithLoss", "NVIDIA's fork", _is_nvidias,
             lambda message, _: bool(message.loss_param.label_smoothing) and not message.loss_param.smooth_as_nvidia,
             _marked("loss_param", "smooth_as_nvidia"), "its `label_smoothing` is as there"),
    _Reading("Concat", "LRCN's fork of 2014", _is_lrcns, lambda message, _: not message.concat_param.drops_last_axes,
             _marked("concat_param", "drops_last_axes"), "last axes of size 1 that some bottoms lack do not count"),
    _Reading("SoftmaxWithLoss", "LRCN's fork of 2014", _is_lrcns,
             lambda message, bottoms: len(bottoms) == 3 and not message.loss_param.weights_keep_divisor,
             _marked("loss_param", "weights_keep_divisor"), "its weights do not change the divisor"),
    _Reading("Warp", "LiteFlowNet", _one_of("Grid", "NegSquare", "ExpMax"),
             lambda message, _: not message.flow_warp_param.at_places,
             _marked("flow_warp_param", "at_places"), "its second bottom holds places, not flows"),
    _Reading("BN", "ChenglongChen's fork", _is_chenglongchens,
             lambda message, _: message.bn_param.HasField("moving_average") and not message.bn_param.HasField("decay"),
             _marked("bn_param", "decay", 0.95), "`decay: 0.95`"),
    _Reading("Deconvolution", "Caffe-TD", _one_of("CropBBox", "SelectBinary", "GenerateClsVector"), _doubles,
             _marked("convolution_param", "output_pad", 1), "it doubles the sides of its bottom, `output_pad: 1`"),
    _Reading("Convolution", "learnable dilation (SSAW14)", _one_of("Duplicate"),
             lambda message, bottoms: len(bottoms) == 2 and len(message.top) == 1,
             _marked("convolution_param", "dilation_from_bottom"), "its second bottom holds dilations"),
    _Reading("ROIAlign", "makefile's frcnn", _one_of(*_MAKEFILES),
             lambda message, _: not message.roi_pooling_param.HasField("bi_type")
             and not message.roi_pooling_param.HasField("is_multi_interpolate"),
             _marked("roi_pooling_param", "bi_type", 1), "its cells are the greatest of four values"),
    _Reading("PriorBox", "SSTD", _is_sstds, lambda message, _: not message.prior_box_param.by_side,
             _marked("prior_box_param", "by_side"), "its aspect ratios are times one side"),
)
