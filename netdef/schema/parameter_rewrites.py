"""Rewrite fields of solvers, and of the parameters of layers, that have another form today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest

from netdef.schema.rewriter import Rewriter, number, part, value_of, word, word_of
from netdef.text.tree import Block, Field, Identifier, Number, String

_AXES = {name: axis for axis, names in enumerate((
    ("new_num", "num"), ("new_channels", "channels"), ("new_height", "height"), ("new_width", "width"))) for name in names}
_DILATIONS = {name: axis for axis, side in enumerate("hw") for name in (f"hole_{side}", f"dilation_{side}")}
_BACKENDS = {b"lmdb": "LMDB", b"leveldb": "LEVELDB"}
_OFFSETS = ("offset_height", "offset_width")
_OF_NETS = ("train_level", "train_stage", "test_level", "test_stage")
_SIDES = ("num", "channels", "height", "width")
_CROPS = ("var_sz_img_rand_crop", "var_sz_img_center_crop")
_OF_AXES = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}
_OF_VOLUMES = {f"{name}_3d": name for name in _OF_AXES}  # Of intel/caffe.
_OF_CHANNELS = {"kernel_c": 1, "stride_c": 1, "pad_c": 0}  # The only values that are understood.
_SHAPES = {f"{name.removesuffix('_size')}_shape": name for name in _OF_AXES}


def _solver(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a level and a stage for each net as the state of each, where an empty stage is none; and the format of snapshots."""
    for field in fields:
        if field.name == "snapshot_blobs_hdf5":
            if word_of((field,), field.name) == "true":
                yield word(field, "snapshot_format", "HDF5")
        elif field.name not in _OF_NETS:
            yield field
    for net in ("train", "test"):
        parts = [[replace(field, name=name) for field in fields if field.name == f"{net}_{name}"] for name in ("level", "stage")]
        for level, stage in zip_longest(*parts):
            given = [part for part in (level, stage) if part is not None]
            yield part(given[0], f"{net}_state", (f for f in given if not isinstance(f.value, String) or f.value.value))


def _input(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write four numbers, each one for all tops or one each, as a shape for each top; and GENet's sizes, which are all tops'."""
    if sizes := [field for field in fields if field.name == "dim"]:
        yield from (field for field in fields if field.name != "dim")
        yield part(sizes[0], "shape", sizes)
        return
    sides = [[replace(field, name="dim") for field in fields if field.name == side] for side in _SIDES]
    yield from (field for field in fields if field.name not in _SIDES)
    for top in range(max(map(len, sides))):
        dims = [side[top] if top < len(side) else side[0] for side in sides if top < len(side) or len(side) == 1]
        yield part(dims[0], "shape", dims)


def _data(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a buffer to shuffle in as `shuffle`, and a backend in quotes, in small letters as in its fork, as the name of one."""
    for field in fields:
        given = field.value
        if field.name == "shuffle_buffer_size":
            yield word(field, "shuffle", "true" if value_of((field,), field.name, 0) else "false")
        elif field.name == "backend" and isinstance(given, String) and given.value in _BACKENDS:
            yield replace(field, value=Identifier(_BACKENDS[given.value], given.span))
        else:
            yield field


def _dropout(fields: tuple[Field, ...]) -> Iterable[Field]:
    for field in fields:
        if field.name == "scale_test" and isinstance(field.value, Identifier | Number):
            yield word(field, "scale_train", "false" if field.value.value in ("true", "True", "t", "1") else "true")
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
    yield part(old[0], "shape", [given.get(axis, number(old[0], "dim", 0)) for axis in range(4)])


def _transformation(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Leave out NVIDIA's crops of images of any size where another field makes the same size: it cuts nothing more."""
    sizes: set[float] = {value_of(fields, "crop_size", 0)}
    for field in fields:
        size = value_of([field], field.name, 0)
        if field.name not in _CROPS or size not in sizes:
            yield field
        if field.name in _CROPS:
            sizes.add(size)


def _prelu(fields: tuple[Field, ...]) -> Iterable[Field]:
    yield from (part(field, "filler", [replace(field, name="value")]) if field.name == "init_value" else field
                for field in fields)


def _detection_output(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Move the limits of non-maximum suppression to their message, where SSD's fork has them."""
    limits = [field for field in fields if field.name in ("top_k", "nms_threshold")]
    yield from (field for field in fields if field not in limits)
    yield part(limits[0], "nms_param", limits)


def _crop(fields: tuple[Field, ...]) -> Iterable[Field]:
    old = {field.name: replace(field, name="offset") for field in fields if field.name in _OFFSETS}
    first = next(iter(old.values()))
    yield from (field for field in fields if field.name not in _OFFSETS)
    yield number(first, "axis", 2)
    yield from (old.get(name, number(first, "offset", 0)) for name in _OFFSETS)


def _window(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write the shape of a window as a size for each axis."""
    for field in fields:
        if field.name in _SHAPES and isinstance(field.value, Block):
            yield from (replace(dim, name=_SHAPES[field.name]) if dim.name == "dim" else dim for dim in field.value.fields)
        else:
            yield field


def _convolution(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write a dilation of its own for each axis as two dilations, one that is not given is 1, and shapes of the window.

    `tf_pad`, of chuanqi305's fork, is written as `pad_type` if it is SAME, and as no padding if it is VALID.
    """
    given = {_DILATIONS[field.name]: replace(field, name="dilation") for field in fields if field.name in _DILATIONS}
    padded = [field for field in fields if field.name == "tf_pad"]
    without = {*_DILATIONS, *(("tf_pad", "pad", "pad_h", "pad_w") if padded else ())}
    yield from (field for field in _window(fields) if field.name not in without)
    yield from (number(field, "pad_type", 1) for field in padded if word_of((field,), field.name) == "SAME")
    if given:
        first = next(iter(given.values()))
        yield from (given.get(axis, number(first, "dilation", 1)) for axis in range(2))


def _image_data(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write that there are no labels as `label_type`; DeepLab's fork had a switch for it at first."""
    for field in fields:
        if field.name != "has_label":
            yield field
        elif word_of((field,), field.name) == "false":
            yield word(field, "label_type", "NONE")


def _pooling(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Move sizes that are given once for each axis to the repeated field of that meaning.

    A window over one channel, with a step of 1 and no padding, as CAFFE-DACH's says it, is any window; another stays, and is an
    error. So is one of means with padding, which there does not count.
    """
    if word_of(fields, "pool") != "AVE" or not any(f.name.startswith("pad") for f in fields):
        fields = tuple(f for f in fields if f.name not in _OF_CHANNELS or value_of((f,), f.name, -1) != _OF_CHANNELS[f.name])
    fields = tuple(replace(field, name=_OF_VOLUMES.get(field.name, field.name)) for field in _window(fields))
    several = {name for name in _OF_AXES if sum(field.name == name for field in fields) > 1}
    for field in fields:
        yield replace(field, name=_OF_AXES[field.name]) if field.name in several else field


def _roi_pooling(fields: tuple[Field, ...]) -> Iterable[Field]:
    """Write sizes as a height and a width, of which one number is both. A third, of volumes, stays, and is an error."""
    sizes = [field for field in fields if field.name == "pooled_size"]
    yield from (field for field in fields if field not in sizes[:2])
    yield replace(sizes[0], name="pooled_h")
    yield replace(sizes[1] if len(sizes) > 1 else sizes[0], name="pooled_w")


PARAMETERS = {
    "SolverParameter": Rewriter(frozenset((*_OF_NETS, "snapshot_blobs_hdf5")), _solver),
    "InputParameter": Rewriter(frozenset((*_SIDES, "dim")), _input),
    "DropoutParameter": Rewriter(frozenset(("scale_test",)), _dropout),
    "DataParameter": Rewriter(frozenset(("shuffle_buffer_size", "backend")), _data),
    "ReshapeParameter": Rewriter(frozenset(_AXES), _reshape),
    "CropParameter": Rewriter(frozenset(_OFFSETS), _crop),
    "ConvolutionParameter": Rewriter(frozenset((*_DILATIONS, *_SHAPES, "tf_pad")), _convolution),
    "TransformationParameter": Rewriter(frozenset(_CROPS), _transformation),
    "PReLUParameter": Rewriter(frozenset(("init_value",)), _prelu),
    "DetectionOutputParameter": Rewriter(frozenset(("top_k",)), _detection_output),
    "ImageDataParameter": Rewriter(frozenset(("has_label",)), _image_data),
    "PoolingParameter": Rewriter(frozenset((*_OF_AXES, *_OF_VOLUMES, *_OF_CHANNELS, *_SHAPES)), _pooling),
    "ROIPoolingParameter": Rewriter(frozenset(("pooled_size",)), _roi_pooling),
}
