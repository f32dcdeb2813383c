"""Rewrite fields of layers of all three versions that have another form today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import product, zip_longest

from netdef.errors import warn_at
from netdef.schema.rewriter import Rewriter, number, part, value_of, word, word_of
from netdef.text.tree import Block, Field

_WITH_TRANSFORM = ("data_param", "image_data_param", "memory_data_param")
_WITH_REGRESSION = ("proposal_target_param", "bbox_accuracy_param")
_TYPES = {"CONVOLUTION_SK": "CONVOLUTION", "POOLING_SK": "POOLING", "LRELU": "RELU", "RELUPLUS": "RELU",
          "ELTWISE_ACCURACY": "ACCURACY", "ROI_POOLING": "ROIPOOLING", "FLOAT_DATA": "DATA", "CCCP": "CONVOLUTION",
          "LOCAL_WEIGHTED_CONVOLUTION": "LOCAL", "CONVOLUTION_DATA": "CONVOLUTION", "BN_DATA": "BN",
          "INNER_PRODUCT_DATA": "INNER_PRODUCT", "INNER_PRODUCT_ALL": "INNER_PRODUCT", "SOFTMAX_LOSS_DATA": "SOFTMAX_LOSS"}
_ROUNDED = {b"ConvolutionRistretto", b"DeconvolutionRistretto", b"FcRistretto", b"ConvolutionIVS", b"FcIVS"}
_CHANGES = ("scale", "mean_file", "mean_value", "crop_size", "mirror")
_STATE = ("phase", "stage", "level")
_OF_BLOBS = ("blobs_lr", "weight_decay")
_PART_OF_A_BATCH = re.compile(r"gpu_\d_(batch|depth)_proportion")  # Of CaffeConTroll alone.


def _layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Move `transform_param` up from the message of a data layer; write old types in today's words."""
    kind = next((f.value.value for f in fields if f.name == "type" and not isinstance(f.value, Block | None)), "")
    if any(f.name == "cpmdata_param" for f in fields):
        fields = tuple(_pose_machine(fields))
    for field in fields:
        inside = field.value.fields if isinstance(field.value, Block) else ()
        if field.name in _WITH_TRANSFORM and isinstance(field.value, Block):
            yield replace(field, value=Block(tuple(f for f in inside if f.name != "transform_param"), field.value.span))
            yield from (f for f in inside if f.name == "transform_param")
        elif field.name == "type" and kind in _TYPES:
            yield word(field, "type", _TYPES[str(kind)])
        elif field.name == "type" and kind == "ELTWISE_PRODUCT":
            yield word(field, "type", "ELTWISE")
            yield part(field, "eltwise_param", [word(field, "operation", "PROD")])
        elif field.name == "type" and kind == "LRN_MAP":
            yield word(field, "type", "LRN")
            if not any(f.name == "lrn_map_param" for f in fields):
                yield _lrn_of_a_map(field, ())
        elif field.name == "lrn_param" and kind == "LRN_MAP":
            warn_at(field.name_span, "LRN_MAP reads its `lrn_map_param` alone, and this `lrn_param` is ignored, as in its fork")
        elif field.name == "lrn_map_param":
            yield _lrn_of_a_map(field, inside)
        elif field.name in _WITH_REGRESSION:
            yield from _regression(field, inside)
        elif field.name == "channelwise_affine_param":
            renamed = (replace(f, name="filler") if f.name == "slope_filler" else f for f in inside)
            yield part(field, "scale_param", [*renamed, word(field, "bias_term", "true")])
        elif field.name == "quantization_param" and kind in _ROUNDED:
            yield replace(field, name="ristretto_param")
        elif field.name == "quantization_param" and kind == b"QuantizationLoss":
            yield replace(field, name="quantization_loss_param")
        elif field.name == "cccp_param":
            size = value_of(inside, "num_output", 0) * value_of(inside, "group", 1)
            yield part(field, "convolution_param", [*(f for f in inside if f.name != "num_output"),
                                                     number(field, "num_output", size), number(field, "kernel_size", 1)])
        elif field.name == "bnplus_param":
            yield part(field, "bn_param", _bnplus(field, inside))
        elif field.name == "cudnn_batch_norm_param" or (field.name == "batch_norm_param" and kind == b"CuDNNBatchNorm"):
            yield part(field, "bn_param", _cudnn_batch_norm(field, inside))
        else:
            yield field


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


def _bnplus(field: Field, inside: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of ArcherFMY's BNplus as those of SegNet's BN, which it is."""
    yield from (replace(f, name="bn_mode") if f.name == "bnplus_mode" else f for f in inside)
    if not any(f.name == "bnplus_mode" for f in inside):
        yield word(field, "bn_mode", "LEARN")


def _cudnn_batch_norm(field: Field, inside: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of GENet's CuDNNBatchNorm, at first in `batch_norm_param`, as those of yjxiong's BN, with its defaults."""
    yield from (replace(f, name="slope_filler") if f.name == "scale_filler" else f for f in inside)
    given = {f.name for f in inside}
    if "scale_filler" not in given:
        yield part(field, "slope_filler", [number(field, "value", 0)])
    if "momentum" not in given:
        yield number(field, "momentum", 0.999)


def _regression(field: Field, inside: tuple[Field, ...]) -> Iterable[Field]:
    """Move the means and deviations of boxes' offsets to `bbox_reg_param`, where MS-CNN has them since its second version."""
    moved = [f for f in inside if f.name in ("bbox_mean", "bbox_std")]
    if field.name != "bbox_accuracy_param":
        yield part(field, field.name, (f for f in inside if f not in moved)) if moved else field
    if moved or field.name == "bbox_accuracy_param":
        yield part(field, "bbox_reg_param", moved)


def _lrn_of_a_map(field: Field, inside: Iterable[Field]) -> Field:
    """Rewrite the LRN of a map, which divided the sum of squares by the area of the window twice; LRN does once."""
    inside = tuple(inside)
    size = value_of(inside, "local_size", 5)
    return part(field, "lrn_param", [
        word(field, "norm_region", "WITHIN_CHANNEL"), number(field, "alpha", value_of(inside, "alpha", 1) / size**2),
        *(f for f in inside if f.name != "alpha")])


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


LAYERS = {
    "LayerParameter": Rewriter(
        frozenset((*_WITH_TRANSFORM, *_WITH_REGRESSION, "channelwise_affine_param", "detection_param", "bnplus_param",
                   "cudnn_batch_norm_param",
                   "quantization_param", "normalize_bbox_param", "cpmdata_param", "multi_label_data_param",
                   "type", *_OF_BLOBS)), _current_layer),
    "V1LayerParameter": Rewriter(frozenset((*_WITH_TRANSFORM, *_STATE, "lrn_map_param", "cccp_param", "type")), _v1_layer),
    "V0LayerParameter": Rewriter(frozenset(("subtraction", "resize_image", "bias_filler", "datum_dims")), _v0_layer),
}
