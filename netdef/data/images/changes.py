"""What ``transform_param`` does to pixels before images are cropped: sizes, colours, noise, perspective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from netdef.data.images.class_changes import read_class_changes
from netdef.data.images.distort import Distortion, is_of_one_chance
from netdef.data.images.geometry import Geometry
from netdef.data.images.noise import ImageNoise
from netdef.data.images.random_size import read_random_size
from netdef.data.images.resize_with_boxes import read_size_alone
from netdef.errors import warn_at

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
_RESIZING = "Data", "ImageData"  # layers that change sizes
_READERS = {  # the layers that read a field of SSD's, whose images are decoded by OpenCV there
    "resize_param": (*_RESIZING, "AnnotatedData"),
    "distort_param": (*_RESIZING, "AnnotatedData", "DenseImageData"),
    "noise_param": (*_RESIZING, "AnnotatedData", "DenseImageData"),
    "geometry_param": (*_RESIZING, "AnnotatedData"),
    "rotate": (*_RESIZING, "AnnotatedData"),
    "expand_param": ("AnnotatedData",),
    "emit_constraint": ("AnnotatedData",),
}


class Change(Protocol):
    """A change of an image (channels, rows, columns)."""

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray: ...


class Changes:
    """Changes of an image one after the other, in the order of SSD's and jolibrain's forks."""

    def __init__(self, changes: list[Change]):
        self.changes = changes

    def __bool__(self) -> bool:
        return bool(self.changes)

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """The changed image (channels, rows, columns)."""
        for change in self.changes:
            image = change.apply(image, random)
        return image


def read_changes(spec: LayerDefinition) -> Changes:
    """The changes of a layer's ``transform_param``; in AnnotatedData those of the resized image, which leave its boxes.

    Raises `SpecError` for a field that the layer does not read.
    """
    param = spec.message.transform_param
    given = {field.name for field, _ in param.ListFields()}
    once = param.HasField("distort_param") and is_of_one_chance(spec)
    for field, readers in _READERS.items():
        readers = readers if field != "distort_param" or once else ("AnnotatedData",)
        if field not in given or spec.type in readers:
            continue
        if spec.type not in _RESIZING:
            names = " and ".join((", ".join(readers[:-1]), readers[-1]) if readers[1:] else readers)
            raise spec.refuse(f"has a `{field}`, which only {names} layers read", _FIELD, field)
        warn_at(spec.span(_FIELD, field), f"layer `{spec.name}`: `{field}` ignored: only AnnotatedData layers read it, in "
                                          "SSD's fork, too")
    of_classes = read_class_changes(spec)
    sizes = read_random_size(spec) or read_size_alone(spec)
    if sizes and spec.type not in _RESIZING:
        raise spec.refuse("changes sizes at random, which only Data and ImageData layers do", _FIELD)
    if of_classes and spec.type not in _RESIZING:
        raise spec.refuse("changes images as caffe-augmentation does, which only Data and ImageData layers do", _FIELD)
    changes: list[Change] = [sizes] if sizes else []
    changes += of_classes
    if once:
        changes.append(Distortion(spec))
    if param.noise_param:
        changes.append(ImageNoise(spec))
    if param.HasField("geometry_param") and spec.type != "AnnotatedData":
        changes.append(Geometry(spec))
    return Changes(changes)
