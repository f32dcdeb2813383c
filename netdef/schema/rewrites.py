"""Rewrite fields of `netdef.schema.history` that have another form today, in the tree of a text; places are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product, zip_longest
from typing import NamedTuple

from netdef.errors import warn_at
from netdef.text.tree import Block, Field, Identifier, Number, String


def with_current_fields(message: str, block: Block) -> Block:
    """The block of a message of this name with current fields in place of rewritten ones; places are kept."""
    known = _REWRITERS.get(message)
    if known is None or known.names.isdisjoint(field.name for field in block.fields):
        return block
    return Block(tuple(known.rewrite(block.fields)), block.span)


class _Rewriter(NamedTuple):
    """A rule that rewrites the fields of a message if any of ``names`` is among them."""

    names: frozenset[str]
    rewrite: Callable[[tuple[Field, ...]], Iterable[Field]]


def _number(field: Field, name: str, value: float) -> Field:
    """A field with a number, at the place of another field."""
    return Field(name, field.name_span, Number(f"{value:g}" if value == round(value) else repr(value), field.span), field.span)


def _word(field: Field, name: str, word: str) -> Field:
    return Field(name, field.name_span, Identifier(word, field.span), field.span)


def _part(field: Field, name: str, fields: Iterable[Field]) -> Field:
    return Field(name, field.name_span, Block(tuple(fields), field.span), field.span)


def _value(fields: Iterable[Field], name: str, default: float) -> float:
    """The number that a field has; the default for one that is not there or is no number, which is an error elsewhere."""
    for field in fields:
        if field.name == name and isinstance(field.value, Number):
            try:
                return float(field.value.value.rstrip("fF"))
            except ValueError:
                return default
    return default


def _word_of(fields: Iterable[Field], name: str) -> bytes | str | None:
    """The value of the first field of a name that is a string or a word."""
    return next((f.value.value for f in fields if f.name == name and isinstance(f.value, String | Identifier)), None)


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
            yield _word(field, "type", _TYPES[str(kind)])
        elif field.name == "type" and kind == "ELTWISE_PRODUCT":
            yield _word(field, "type", "ELTWISE")
            yield _part(field, "eltwise_param", [_word(field, "operation", "PROD")])
        elif field.name == "type" and kind == "LRN_MAP":
            yield _word(field, "type", "LRN")
            if not any(f.name == "lrn_map_param" for f in fields):
                yield _lrn_of_a_map(field, ())
        elif field.name == "lrn_param" and kind == "LRN_MAP":
            warn_at(field.name_span, "LRN_MAP reads its `lrn_map_param` alone, and this `lrn_param` is ignored, as in its fork")
        elif field.name == "lrn_map_param":
            yield _lrn_of_a_map(field, inside)
        elif field.name == "type" and kind in _NAMES:
            yield replace(field, value=String(_NAMES[kind], field.span))
        elif field.name in _WITH_REGRESSION:
            yield from _regression(field, inside)
        elif field.name == "channelwise_affine_param":
            renamed = (replace(f, name="filler") if f.name == "slope_filler" else f for f in inside)
            yield _part(field, "scale_param", [*renamed, _word(field, "bias_term", "true")])
        elif field.name == "quantization_param" and kind in _ROUNDED:
            yield replace(field, name="ristretto_param")
        elif field.name == "quantization_param" and kind == b"QuantizationLoss":
            yield replace(field, name="quantization_loss_param")
        elif field.name == "cccp_param":
            size = _value(inside, "num_output", 0) * _value(inside, "group", 1)
            yield _part(field, "convolution_param", [*(f for f in inside if f.name != "num_output"),
                                                     _number(field, "num_output", size), _number(field, "kernel_size", 1)])
        elif field.name == "bnplus_param":
            yield _part(field, "bn_param", _bnplus(field, inside))
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
        yield _part(given[0], "param", given)


def _pose_machine(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the two messages of CPMData as they are named in OpenPose, whose layer has other labels."""
    data = next(field for field in fields if field.name == "cpmdata_param")
    old = [field for field in fields if field.name == "transform_param"]
    changes = [inside for field in old if isinstance(field.value, Block) for inside in field.value.fields]
    yield from (replace(field, name="data_param") if field is data else field for field in fields if field not in old)
    yield _part(data, "cpm_transform_param", [*changes, _word(data, "pose_machine", "true")])


def _bnplus(field: Field, inside: tuple[Field, ...]) -> Iterable[Field]:
    """Write the fields of ArcherFMY's BNplus as those of SegNet's BN, which it is."""
    yield from (replace(f, name="bn_mode") if f.name == "bnplus_mode" else f for f in inside)
    if not any(f.name == "bnplus_mode" for f in inside):
        yield _word(field, "bn_mode", "LEARN")


def _regression(field: Field, inside: tuple[Field, ...]) -> Iterable[Field]:
    """Move the means and deviations of boxes' offsets to `bbox_reg_param`, where MS-CNN has them since its second version."""
    moved = [f for f in inside if f.name in ("bbox_mean", "bbox_std")]
    if field.name != "bbox_accuracy_param":
        yield _part(field, field.name, (f for f in inside if f not in moved)) if moved else field
    if moved or field.name == "bbox_accuracy_param":
        yield _part(field, "bbox_reg_param", moved)


def _lrn_of_a_map(field: Field, inside: Iterable[Field]) -> Field:
    """Rewrite the LRN of a map, which divided the sum of squares by the area of the window twice; LRN does once."""
    inside = tuple(inside)
    size = _value(inside, "local_size", 5)
    return _part(field, "lrn_param", [
        _word(field, "norm_region", "WITHIN_CHANNEL"), _number(field, "alpha", _value(inside, "alpha", 1) / size**2),
        *(f for f in inside if f.name != "alpha")])


def _v1_layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a layer's own phases, stages and level as include rules: one of the phases and one of the stages, from that level."""
    if _word_of(fields, "type") == "VIDEO_DATA":
        fields = tuple(_clips(fields))
    yield from _layer(tuple(field for field in fields if field.name not in _STATE))
    given = [[field for field in fields if field.name == name] for name in ("phase", "stage")]
    levels = [replace(field, name="min_level") for field in fields if field.name == "level"]
    for chosen in product(*filter(None, given)):
        if parts := [*levels, *chosen]:
            yield _part(parts[0], "include", parts)


def _clips(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write what VIDEO_DATA of C3D 1.0 has in `image_data_param` as VideoData of C3D 1.1 has it."""
    for field in fields:
        if field.name == "image_data_param" and isinstance(field.value, Block):
            inside = field.value.fields
            own = [f for f in inside if f.name not in _CHANGES]
            missing = [] if any(f.name == "use_image" for f in own) else [_word(field, "use_image", "false")]
            yield _part(field, "video_data_param", own + missing)
            if changes := [f for f in inside if f.name in _CHANGES]:
                yield _part(field, "transform_param", changes)
        else:
            yield field


def _solver(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a level and a stage for each net as the state of each, where an empty stage is none; and the format of snapshots."""
    for field in fields:
        if field.name == "snapshot_blobs_hdf5":
            if isinstance(field.value, Identifier) and field.value.value == "true":
                yield _word(field, "snapshot_format", "HDF5")
        elif field.name not in _OF_NETS:
            yield field
    for net in ("train", "test"):
        parts = [[replace(field, name=name) for field in fields if field.name == f"{net}_{name}"] for name in ("level", "stage")]
        for level, stage in zip_longest(*parts):
            given = [part for part in (level, stage) if part is not None]
            yield _part(given[0], f"{net}_state", (f for f in given if not isinstance(f.value, String) or f.value.value))


def _input(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write four numbers, each one for all tops or one each, as a shape for each top."""
    sides = [[replace(field, name="dim") for field in fields if field.name == side] for side in _SIDES]
    yield from (field for field in fields if field.name not in _SIDES)
    for top in range(max(map(len, sides))):
        dims = [side[top] if top < len(side) else side[0] for side in sides if top < len(side) or len(side) == 1]
        yield _part(dims[0], "shape", dims)


def _mean_of_a_filler(fields: tuple[Field, ...], has_file: bool) -> list[Field]:
    """Return the mean that a filler of constants in a data layer makes, as numbers; a file of the mean takes precedence."""
    if has_file or _word_of(fields, "type") not in (None, b"constant", b"channelconstant"):
        return []
    return [replace(field, name="mean_value") for field in fields if field.name == "value"]


def _v0_layer(fields: tuple[Field, ...]) -> Iterable[Field]:
    for field in fields:
        if field.name == "bias_filler" and isinstance(field.value, Block) and _word_of(fields, "type") == b"data":
            yield from _mean_of_a_filler(field.value.fields, any(f.name == "meanfile" for f in fields)) or (field,)
        elif field.name == "datum_dims" and isinstance(field.value, Block):
            yield from field.value.fields
        elif field.name == "subtraction":
            yield _number(field, "mean_value", _value(fields, "subtraction", 0) / (_value(fields, "scale", 1) or 1))
        elif field.name == "resize_image":
            yield replace(field, name="new_height")
            yield replace(field, name="new_width")
        else:
            yield field


def _data(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a buffer to shuffle in as `shuffle`, and a backend in quotes, in small letters as in its fork, as the name of one."""
    for field in fields:
        given = field.value
        if field.name == "shuffle_buffer_size":
            yield _word(field, "shuffle", "true" if _value((field,), field.name, 0) else "false")
        elif field.name == "backend" and isinstance(given, String) and given.value in _BACKENDS:
            yield replace(field, value=Identifier(_BACKENDS[given.value], given.span))
        else:
            yield field


def _dropout(fields: tuple[Field, ...]) -> Iterable[Field]:
    for field in fields:
        if field.name == "scale_test" and isinstance(field.value, Identifier | Number):
            yield _word(field, "scale_train", "false" if field.value.value in ("true", "True", "t", "1") else "true")
        else:
            yield field


def _reshape(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the four old fields of Reshape as a shape; an axis that is 0 or not given keeps the bottom's size.

    Arroosh's patches have two fields of the same names.
    """
    if any(field.name == "new_patch_width" for field in fields):
        yield from fields
        return
    old = [field for field in fields if field.name in _AXES]
    yield from (field for field in fields if field.name not in _AXES)
    given = {_AXES[field.name]: replace(field, name="dim") for field in old}
    yield _part(old[0], "shape", [given.get(axis, _number(old[0], "dim", 0)) for axis in range(4)])


def _transformation(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Leave out NVIDIA's crops of images of any size where another field makes the same size: it cuts nothing more."""
    sizes: set[float] = {_value(fields, "crop_size", 0)}
    for field in fields:
        size = _value([field], field.name, 0)
        if field.name not in _CROPS or size not in sizes:
            yield field
        if field.name in _CROPS:
            sizes.add(size)


def _prelu(fields: tuple[Field, ...]) -> Iterable[Field]:
    yield from (_part(field, "filler", [replace(field, name="value")]) if field.name == "init_value" else field
                for field in fields)


def _detection_output(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Move the limits of non-maximum suppression to their message, where SSD's fork has them."""
    limits = [field for field in fields if field.name in ("top_k", "nms_threshold")]
    yield from (field for field in fields if field not in limits)
    yield _part(limits[0], "nms_param", limits)


def _crop(fields: tuple[Field, ...]) -> Iterable[Field]:
    old = {field.name: replace(field, name="offset") for field in fields if field.name in _OFFSETS}
    first = next(iter(old.values()))
    yield from (field for field in fields if field.name not in _OFFSETS)
    yield _number(first, "axis", 2)
    yield from (old.get(name, _number(first, "offset", 0)) for name in _OFFSETS)


def _window(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the shape of a window as a size for each axis."""
    for field in fields:
        if field.name in _SHAPES and isinstance(field.value, Block):
            yield from (replace(dim, name=_SHAPES[field.name]) if dim.name == "dim" else dim for dim in field.value.fields)
        else:
            yield field


def _convolution(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a dilation of its own for each axis as two dilations, one that is not given is 1, and shapes of the window."""
    given = {_DILATIONS[field.name]: replace(field, name="dilation") for field in fields if field.name in _DILATIONS}
    yield from (field for field in _window(fields) if field.name not in _DILATIONS)
    if given:
        first = next(iter(given.values()))
        yield from (given.get(axis, _number(first, "dilation", 1)) for axis in range(2))


_WITH_TRANSFORM = ("data_param", "image_data_param", "memory_data_param")
_WITH_REGRESSION = ("proposal_target_param", "bbox_accuracy_param")
_TYPES = {"CONVOLUTION_SK": "CONVOLUTION", "POOLING_SK": "POOLING", "LRELU": "RELU", "RELUPLUS": "RELU",
          "ELTWISE_ACCURACY": "ACCURACY", "ROI_POOLING": "ROIPOOLING", "FLOAT_DATA": "DATA", "CCCP": "CONVOLUTION",
          "LOCAL_WEIGHTED_CONVOLUTION": "LOCAL"}
_NAMES = {b"ChannelwiseAffine": b"Scale", b"Detection": b"DetectionLoss", b"BNplus": b"BN", b"NormalizeBBox": b"Normalize",
          b"ImageDataMultilabel": b"ImageData", b"MultilabelImageData": b"ImageData", b"MultiLabelData": b"ImageData",
          b"ConvolutionSK": b"Convolution", b"PoolingSK": b"Pooling", b"SmoothL1LossD": b"SmoothL1Loss"}
_ROUNDED = {b"ConvolutionRistretto", b"DeconvolutionRistretto", b"FcRistretto", b"ConvolutionIVS", b"FcIVS"}
_AXES = {name: axis for axis, names in enumerate((
    ("new_num", "num"), ("new_channels", "channels"), ("new_height", "height"), ("new_width", "width"))) for name in names}
_DILATIONS = {name: axis for axis, side in enumerate("hw") for name in (f"hole_{side}", f"dilation_{side}")}
_BACKENDS = {b"lmdb": "LMDB", b"leveldb": "LEVELDB"}
_OFFSETS = ("offset_height", "offset_width")
_CHANGES = ("scale", "mean_file", "mean_value", "crop_size", "mirror")
_STATE = ("phase", "stage", "level")
_OF_BLOBS = ("blobs_lr", "weight_decay")
_PART_OF_A_BATCH = re.compile(r"gpu_\d_(batch|depth)_proportion")  # Of CaffeConTroll alone.
_OF_NETS = ("train_level", "train_stage", "test_level", "test_stage")
_SIDES = ("num", "channels", "height", "width")
_CROPS = ("var_sz_img_rand_crop", "var_sz_img_center_crop")
_OF_AXES = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}
_SHAPES = {f"{name.removesuffix('_size')}_shape": name for name in _OF_AXES}


def _pooling(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Move sizes that are given once for each axis to the repeated field of that meaning."""
    fields = tuple(_window(fields))
    several = {name for name in _OF_AXES if sum(field.name == name for field in fields) > 1}
    for field in fields:
        yield replace(field, name=_OF_AXES[field.name]) if field.name in several else field


_REWRITERS = {
    "LayerParameter": _Rewriter(
        frozenset((*_WITH_TRANSFORM, *_WITH_REGRESSION, "channelwise_affine_param", "detection_param", "bnplus_param",
                   "quantization_param", "normalize_bbox_param", "cpmdata_param", "multi_label_data_param",
                   "type", *_OF_BLOBS)), _current_layer),
    "V1LayerParameter": _Rewriter(frozenset((*_WITH_TRANSFORM, *_STATE, "lrn_map_param", "cccp_param", "type")), _v1_layer),
    "SolverParameter": _Rewriter(frozenset((*_OF_NETS, "snapshot_blobs_hdf5")), _solver),
    "InputParameter": _Rewriter(frozenset(_SIDES), _input),
    "V0LayerParameter": _Rewriter(frozenset(("subtraction", "resize_image", "bias_filler", "datum_dims")), _v0_layer),
    "DropoutParameter": _Rewriter(frozenset(("scale_test",)), _dropout),
    "DataParameter": _Rewriter(frozenset(("shuffle_buffer_size", "backend")), _data),
    "ReshapeParameter": _Rewriter(frozenset(_AXES), _reshape),
    "CropParameter": _Rewriter(frozenset(_OFFSETS), _crop),
    "ConvolutionParameter": _Rewriter(frozenset((*_DILATIONS, *_SHAPES)), _convolution),
    "TransformationParameter": _Rewriter(frozenset(_CROPS), _transformation),
    "PReLUParameter": _Rewriter(frozenset(("init_value",)), _prelu),
    "DetectionOutputParameter": _Rewriter(frozenset(("top_k",)), _detection_output),
    "PoolingParameter": _Rewriter(frozenset((*_OF_AXES, *_SHAPES)), _pooling),
}
