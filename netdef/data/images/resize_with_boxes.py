"""``resize_param`` of SSD's fork: resize images, and in AnnotatedData their boxes, to one size."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from netdef.data.images.landmarks import COUNT, FIRST
from netdef.data.images.resize import resize

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_Pad = Literal["constant", "reflect", "edge"]  # numpy's names
PADS: dict[str, _Pad] = {"CONSTANT": "constant", "MIRRORED": "reflect", "REPEAT_NEAREST": "edge"}
_NO_BOXES = np.empty((0, 7))
_BATCHES = 10  # of one size, before another is drawn


class ResizeWithBoxes:
    """Resize an image and its boxes to ``height`` x ``width``.

    WARP scales each side by itself; FIT_LARGE_SIZE_AND_PAD keeps the aspect ratio, centres the image and fills the rest with
    ``pad_value``, its mirror image or its border. FIT_SMALL_SIZE keeps it, too, and both sides are at least as long as asked for:
    for layers without boxes that crop. Raises `SpecError` for settings that do not give all images one size.
    """

    def __init__(self, spec: LayerDefinition, index: int = 0):
        """Read the ``resize_param`` at an index. One alone resizes all images, whatever its ``prob``, as in SSD's fork."""
        param = spec.message.transform_param.resize_param[index]
        at = self.at = ("transform_param", "resize_param", index)
        self.covers = param.resize_mode == param.FIT_SMALL_SIZE
        transform = spec.message.transform_param
        crops = transform.crop_size or transform.crop_h or transform.crop_height
        if self.covers and (spec.type == "AnnotatedData" or not crops):
            raise spec.refuse(
                "resizes by FIT_SMALL_SIZE; images of a batch have one size: WARP or FIT_LARGE_SIZE_AND_PAD"
                + ("" if spec.type == "AnnotatedData" else ", or a crop"),
                *at, "resize_mode")
        for field in ("center_object", "max_angle"):
            if getattr(param, field):
                raise spec.refuse(f"has `{field}`, of ducha-aiki's fork, which is not implemented", *at, field)
        if not param.height or not param.width:
            raise spec.refuse(f"resizes to {param.height} x {param.width}; give `height` and `width`", *at)
        self.prob, self.height, self.width = param.prob, param.height, param.width
        self.modes = [param.Interp_mode.Name(mode) for mode in param.interp_mode] or ["LINEAR"]
        self.fits = param.resize_mode == param.FIT_LARGE_SIZE_AND_PAD
        self.pad = PADS[param.Pad_mode.Name(param.pad_mode)]
        self.values = np.array(param.pad_value or [0.0])

    def check(self, spec: LayerDefinition, channels: int) -> None:
        """Raise `SpecError` unless ``pad_value`` is one value, or one a channel."""
        if len(self.values) not in (1, channels):
            raise spec.refuse(
                f"has {len(self.values)} `pad_value` for images of {channels} channels; give one, or one each",
                *self.at, "pad_value")

    def apply(
        self, image: np.ndarray, rows: np.ndarray, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Resize an image (channels, rows, columns), and move its boxes.

        Columns 3 to 6 of ``rows`` are the boxes' x1, y1, x2, y2 as fractions of the sides.
        """
        mode = self.modes[random.integers(len(self.modes))]
        if not self.fits and not self.covers:
            return resize(image, self.height, self.width, mode), rows
        # In single precision, as in the fork: it decides where a side is nearly a whole number.
        aspect = np.float32(image.shape[2]) / np.float32(image.shape[1])
        wide = (aspect > np.float32(self.width) / np.float32(self.height)) != self.covers
        exact = (self.width / aspect, self.width) if wide else (self.height, self.height * aspect)
        tall, broad = (max(int(side), 1) for side in exact)
        if self.covers:
            return resize(image, tall, broad, mode), rows
        top, left = (self.height - tall) // 2, (self.width - broad) // 2
        around = (0, 0), (top, self.height - tall - top), (left, self.width - broad - left)
        found = np.pad(resize(image, tall, broad, mode), around, self.pad)
        if self.pad == "constant" and self.values.any():
            value = self.values if image.dtype != np.uint8 else self.values.round().clip(0, 255)
            outside = np.ones(found.shape[1:], bool)
            outside[top : top + tall, left : left + broad] = False
            found[:, outside] = value[:, None]
        # Boxes are scaled by the size before it was cut to whole pixels, as in the fork.
        share = np.array([exact[1] / self.width, exact[0] / self.height])
        rows = rows.copy()
        rows[:, 3:7] = (1 - np.tile(share, 2)) / 2 + rows[:, 3:7] * np.tile(share, 2)
        if rows.shape[1] > FIRST:
            there, places = rows[:, FIRST] > 0, np.tile(share, COUNT)
            rows[there, FIRST + 1 :] = (1 - places) / 2 + rows[there, FIRST + 1 :] * places
        return found, rows


class SizeAlone:
    """The resizing of layers without boxes, for raw images, too, of which the fork makes an error."""

    def __init__(self, resizing: ResizeWithBoxes):
        self.resizing = resizing

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """The resized image (channels, rows, columns)."""
        return self.resizing.apply(image, _NO_BOXES, random)[0]


def read_size_alone(spec: LayerDefinition) -> SizeAlone | None:
    """The ``resize_param`` of a layer without boxes, None without one. Raises `SpecError` if there are several."""
    given = spec.message.transform_param.resize_param
    if not given or spec.type == "AnnotatedData":
        return None
    if len(given) > 1:
        raise spec.refuse("has several `resize_param`, which only AnnotatedData layers read",
                          "transform_param", "resize_param", 1)
    return SizeAlone(ResizeWithBoxes(spec))


class Resizings:
    """The ``resize_param`` of a layer. If there are several (MobileNet-YOLO's fork), one is drawn for every ten batches."""

    def __init__(self, spec: LayerDefinition):
        count = len(spec.message.transform_param.resize_param)
        self.choices = [ResizeWithBoxes(spec, index) for index in range(count)]
        total = sum(choice.prob for choice in self.choices)
        if count > 1 and abs(total - 1) > 0.01:
            raise spec.refuse(f"resizes in {count} ways with probabilities that add up to {total:g}; they must add up to 1",
                              "transform_param", "resize_param", 0)

    def of_batch(self, number: int, generator: Callable[..., np.random.Generator]) -> ResizeWithBoxes | None:
        """The resizing of batch ``number``, the same for ten batches in a row; None if the layer has none."""
        if len(self.choices) < 2:
            return self.choices[0] if self.choices else None
        chances = np.array([choice.prob for choice in self.choices])
        return self.choices[generator("resize", number // _BATCHES).choice(len(chances), p=chances / chances.sum())]
