"""Rewrite fields of layers of all three versions that have another form today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product, zip_longest

from netdef.errors import warn_at
from netdef.schema.rewriter import Rewriter, number, part, value_of, word, word_of
from netdef.text.tree import Block, Field

_TYPES = {
    "CONVOLUTION_SK": "CONVOLUTION", "POOLING_SK": "POOLING", "LRELU": "RELU", "RELUPLUS": "RELU",
    "ELTWISE_ACCURACY": "ACCURACY", "ELTWISE_PRODUCT": "ELTWISE", "LRN_MAP": "LRN", "ROI_POOLING": "ROIPOOLING",
    "FLOAT_DATA": "DATA", "CCCP": "CONVOLUTION", "LOCAL_WEIGHTED_CONVOLUTION": "LOCAL", "CONVOLUTION_DATA": "CONVOLUTION",
    "BN_DATA": "BN", "INNER_PRODUCT_DATA": "INNER_PRODUCT", "INNER_PRODUCT_ALL": "INNER_PRODUCT",
    "SOFTMAX_LOSS_DATA": "SOFTMAX_LOSS",
}
_ROUNDED = {b"ConvolutionRistretto", b"DeconvolutionRistretto", b"FcRistretto", b"ConvolutionIVS", b"FcIVS", b"ConvolutionInq",
            b"FcInq"}
_CHANGES = ("scale", "mean_file", "mean_value", "crop_size", "mirror")
_AFFINE = ("slope_filler", "bias_filler", "channel_shared")
_STATE = ("phase", "stage", "level")
_MASK_CHANGES = ("gamma", "power", "iter_stop", "c_rate", "weight_mask_filler", "bias_mask_filler", "dynamicsplicing",
                 "splicing_rate")
_OF_BLOBS = ("blobs_lr", "weight_decay")
_PART_OF_A_BATCH = re.compile(r"gpu_\d_(batch|depth)_proportion")  # Of CaffeConTroll alone.


def _layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Rewrite each field of a layer by its rule in `_FIELDS`, if it has one."""
    if any(f.name == "cpmdata_param" for f in fields):
        fields = tuple(_pose_machine(fields))
    for field in fields:
        rule = _FIELDS.get(field.name)
        if rule is None:
            yield field
        else:
            yield from rule(field, field.value.fields if isinstance(field.value, Block) else (), fields)


def _type(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write a V1 type of a fork as the type that it is here."""
    kind = word_of((field,), "type")
    if kind == "LRN_MAP" and not any(f.name == "lrn_map_param" for f in layer):
        yield from _lrn_map_param(field, (), layer)
    elif kind == "ELTWISE_PRODUCT":
        yield part(field, "eltwise_param", [word(field, "operation", "PROD")])
    elif kind == b"EltwiseAffine" and not any(f.name in ("eltwise_affine_param", "scale_param") for f in layer):
        yield from _eltwise_affine(field, (), layer)
    elif kind == b"BatchNormPlus" and not any(f.name in ("batch_norm_plus_param", "batch_norm_param") for f in layer):
        yield from _batch_norm_plus(field, (), layer)
    yield word(field, "type", _TYPES[kind]) if isinstance(kind, str) and kind in _TYPES else field


def _without_transform(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Move `transform_param` up from the message of a data layer."""
    if not isinstance(field.value, Block):
        yield field
        return
    yield replace(field, value=Block(tuple(f for f in inside if f.name != "transform_param"), field.value.span))
    yield from (f for f in inside if f.name == "transform_param")


def _lrn_param(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    if word_of(layer, "type") == "LRN_MAP":
        warn_at(field.name_span, "LRN_MAP reads its `lrn_map_param` alone, and this `lrn_param` is ignored, as in its fork")
    else:
        yield field


def _lrn_map_param(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Rewrite the LRN of a map, which divided the sum of squares by the area of the window twice; LRN does once."""
    size = value_of(inside, "local_size", 5)
    yield part(field, "lrn_param", [
        word(field, "norm_region", "WITHIN_CHANNEL"), number(field, "alpha", value_of(inside, "alpha", 1) / size**2),
        *(f for f in inside if f.name != "alpha")])


def _regression(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Move the means and deviations of boxes' offsets to `bbox_reg_param`, where MS-CNN has them since its second version."""
    moved = [f for f in inside if f.name in ("bbox_mean", "bbox_std")]
    if field.name != "bbox_accuracy_param":
        yield part(field, field.name, (f for f in inside if f not in moved)) if moved else field
    if moved or field.name == "bbox_accuracy_param":
        yield part(field, "bbox_reg_param", moved)


def _channelwise_affine(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    renamed = (replace(f, name="filler") if f.name == "slope_filler" else f for f in inside)
    yield part(field, "scale_param", [*renamed, word(field, "bias_term", "true")])


def _eltwise_affine(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of ducha-aiki's EltwiseAffine as those of Scale, with its own defaults."""
    moved = [word(field, "bias_term", "true")]
    for name, old, default in (("filler", "slope_filler", 1.0001), ("bias_filler", "bias_filler", 0.0001)):
        given = [replace(f, name=name) for f in inside if f.name == old]
        moved += given or [part(field, name, [number(field, "value", default)])]
    if word_of(inside, "channel_shared") in ("true", "True", "t") or value_of(inside, "channel_shared", 0):
        moved.append(number(field, "num_axes", 0))
    yield part(field, "scale_param", [*moved, *(f for f in inside if f.name not in _AFFINE)])


def _quantization(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Name the message of Ristretto's layers, and that of QuantizationLoss; in others it is intel's."""
    kind = word_of(layer, "type")
    new = "ristretto_param" if kind in _ROUNDED else "quantization_loss_param" if kind == b"QuantizationLoss" else field.name
    yield replace(field, name=new)


def _cccp(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    size = value_of(inside, "num_output", 0) * value_of(inside, "group", 1)
    yield part(field, "convolution_param", [*(f for f in inside if f.name != "num_output"),
                                             number(field, "num_output", size), number(field, "kernel_size", 1)])


def _convolution_deeplab(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Name the message of LSTM-CF's ConvolutionDeeplab as that of Convolution, which it is."""
    yield replace(field, name="convolution_param")


def _bnplus(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of ArcherFMY's BNplus as those of SegNet's BN, which it is."""
    moved = [replace(f, name="bn_mode") if f.name == "bnplus_mode" else f for f in inside]
    learns = [] if any(f.name == "bnplus_mode" for f in inside) else [word(field, "bn_mode", "LEARN")]
    yield part(field, "bn_param", moved + learns)


def _batch_norm_plus(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Name the message of zhanglaplace's BatchNormPlus as that of BatchNorm, with its own default."""
    given = any(f.name == "scale_bias" for f in inside)
    yield part(field, "batch_norm_param", [*inside, *([] if given else [word(field, "scale_bias", "true")])])


def _cudnn_batch_norm(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of GENet's CuDNNBatchNorm, at first in `batch_norm_param`, as those of yjxiong's BN, with its defaults."""
    if word_of(layer, "type") != b"CuDNNBatchNorm":
        yield field
        return
    moved = [replace(f, name="slope_filler") if f.name == "scale_filler" else f for f in inside]
    given = {f.name for f in inside}
    if "scale_filler" not in given:
        moved.append(part(field, "slope_filler", [number(field, "value", 0)]))
    if "momentum" not in given:
        moved.append(number(field, "momentum", 0.999))
    yield part(field, "bn_param", moved)


def _current_layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the rates and decays of 2014's layers, which CaffeConTroll's have, too, as one `param` for each blob."""
    if not any(_PART_OF_A_BATCH.fullmatch(field.name) for field in fields):
        yield from _layer(fields)
        return
    rates, decays = ([replace(field, name=new) for field in fields if field.name == old]
                     for old, new in (("blobs_lr", "lr_mult"), ("weight_decay", "decay_mult")))
    yield from _layer(tuple(field for field in fields if field.name not in _OF_BLOBS))
    for parts in zip_longest(rates, decays):
        given = [part for part in parts if part is not None]
        yield part(given[0], "param", given)


def _pose_machine(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the two messages of CPMData as they are named in OpenPose, whose layer has other labels."""
    data = next(field for field in fields if field.name == "cpmdata_param")
    old = [field for field in fields if field.name == "transform_param"]
    changes = [inside for field in old if isinstance(field.value, Block) for inside in field.value.fields]
    yield from (replace(field, name="data_param") if field is data else field for field in fields if field not in old)
    yield part(data, "cpm_transform_param", [*changes, word(data, "pose_machine", "true")])


def _v1_layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a layer's own phases, stages and level as include rules: one of the phases and one of the stages, from that level."""
    if word_of(fields, "type") == "VIDEO_DATA":
        fields = tuple(_clips(fields))
    yield from _layer(tuple(field for field in fields if field.name not in _STATE))
    given = [[field for field in fields if field.name == name] for name in ("phase", "stage")]
    levels = [replace(field, name="min_level") for field in fields if field.name == "level"]
    for chosen in product(*filter(None, given)):
        if parts := [*levels, *chosen]:
            yield part(parts[0], "include", parts)


def _clips(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write what VIDEO_DATA of C3D 1.0 has in `image_data_param` as VideoData of C3D 1.1 has it."""
    for field in fields:
        if field.name == "image_data_param" and isinstance(field.value, Block):
            inside = field.value.fields
            own = [f for f in inside if f.name not in _CHANGES]
            missing = [] if any(f.name == "use_image" for f in own) else [word(field, "use_image", "false")]
            yield part(field, "video_data_param", own + missing)
            if changes := [f for f in inside if f.name in _CHANGES]:
                yield part(field, "transform_param", changes)
        else:
            yield field


def _mean_of_a_filler(fields: tuple[Field, ...], has_file: bool) -> list[Field]:
    """Return the mean that a filler of constants in a data layer makes, as numbers; a file of the mean takes precedence."""
    if has_file or word_of(fields, "type") not in (None, b"constant", b"channelconstant"):
        return []
    return [replace(field, name="mean_value") for field in fields if field.name == "value"]


def _v0_layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    for field in fields:
        if field.name == "bias_filler" and isinstance(field.value, Block) and word_of(fields, "type") == b"data":
            yield from _mean_of_a_filler(field.value.fields, any(f.name == "meanfile" for f in fields)) or (field,)
        elif field.name == "datum_dims" and isinstance(field.value, Block):
            yield from field.value.fields
        elif field.name == "subtraction":
            yield number(field, "mean_value", value_of(fields, "subtraction", 0) / (value_of(fields, "scale", 1) or 1))
        elif field.name == "resize_image":
            yield replace(field, name="new_height")
            yield replace(field, name="new_width")
        else:
            yield field


def _squeeze(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write the message of Synopsys' SqueezeConvolution and the like as that of the usual layer, and when its masks change."""
    kind = field.name.removeprefix("squeeze_")
    yield part(field, kind, (f for f in inside if f.name not in _MASK_CHANGES))
    yield part(field, f"dns_{kind}", (f for f in inside if f.name in _MASK_CHANGES))


def _xlu(field: Field, inside: tuple[Field, ...], layer: tuple[Field, ...]) -> Iterable[Field]:
    """Write the message of XLU, Synopsys' copy of ReLU, as that of ReLU."""
    yield part(field, "relu_param", inside)


_FIELDS: dict[str, Callable[[Field, tuple[Field, ...], tuple[Field, ...]], Iterable[Field]]] = {
    "type": _type, **dict.fromkeys(("data_param", "image_data_param", "memory_data_param"), _without_transform),
    "lrn_param": _lrn_param, "lrn_map_param": _lrn_map_param,
    **dict.fromkeys(("proposal_target_param", "bbox_accuracy_param"), _regression),
    "channelwise_affine_param": _channelwise_affine, "eltwise_affine_param": _eltwise_affine,
    "quantization_param": _quantization, "cccp_param": _cccp, "convolution_deeplab_param": _convolution_deeplab,
    "xlu_param": _xlu, **dict.fromkeys(("squeeze_convolution_param", "squeeze_inner_product_param"), _squeeze),
    "bnplus_param": _bnplus, "batch_norm_plus_param": _batch_norm_plus,
    **dict.fromkeys(("cudnn_batch_norm_param", "batch_norm_param"), _cudnn_batch_norm),
}  # field -> its rule, which has the field, the fields inside it, and all fields of its layer

LAYERS = {
    "LayerParameter": Rewriter(frozenset((*_FIELDS, *_OF_BLOBS, "cpmdata_param")), _current_layer),
    "V1LayerParameter": Rewriter(frozenset((*_FIELDS, *_STATE)), _v1_layer),
    "V0LayerParameter": Rewriter(frozenset(("subtraction", "resize_image", "bias_filler", "datum_dims")), _v0_layer),
}
