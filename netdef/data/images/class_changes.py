"""Turn, resize and recolour images of classes at random: fields of caffe-augmentation (twtygqyy), in MobileNet-YOLO, too."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netdef.data.images.pair_changes import interpolated
from netdef.data.images.resize import resize
from netdef.layers.core.checks import check_chance

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"


def read_class_changes(spec: LayerDefinition) -> list[RedFirst | RandomTurn | MinSide | ColourShift | Exposure]:
    """The changes that a layer's ``transform_param`` chooses, in the forks' order; for TEST, sizes and the order of colours.

    Raises `SpecError` for bounds that are none.
    """
    param, training = spec.message.transform_param, spec.phase == "TRAIN"
    check_chance(spec, param.apply_probability, _FIELD, "apply_probability")
    least, most = (param.min_side_min, param.min_side_max) if param.min_side_min and param.min_side_max else (0, 0)
    if least > most:
        raise spec.refuse(f"has `min_side_min` {least} above `min_side_max` {most}", _FIELD, "min_side_min")
    changes: list[RedFirst | RandomTurn | MinSide | ColourShift | Exposure] = []
    if param.bgr2rgb or param.cvt_bgr2rgb:
        changes.append(RedFirst())
    if training and param.max_rotation_angle:
        changes.append(RandomTurn(param.max_rotation_angle))
    changes += [MinSide(*sides) for sides in ((param.min_side, param.min_side), (least, most)) if sides[0]]
    if training and param.max_color_shift:
        changes.append(ColourShift(param.max_color_shift, param.apply_probability))
    if training and param.contrast_brightness_adjustment:
        if not 0 <= param.min_contrast <= param.max_contrast:
            raise spec.refuse(f"draws a contrast from {param.min_contrast:g} to {param.max_contrast:g}; it wants two numbers "
                              "from 0 on, the lesser first", _FIELD, "contrast_brightness_adjustment")
        changes.append(Exposure(param.min_contrast, param.max_contrast, param.max_brightness_shift, param.apply_probability))
    return changes


class RedFirst:
    """The channels of an image of three the other way round."""

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        return image[::-1] if len(image) == 3 else image


class RandomTurn:
    """Images turned about their middle by whole degrees up to ``most`` either way; the new one is large enough, and 0 around."""

    def __init__(self, most: int):
        self.most = most

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        degrees = int(random.integers(-self.most, self.most + 1))
        return turned_by(image, degrees) if degrees else image


class MinSide:
    """Images whose shorter side has a random length; the longer one is in proportion, rounded up."""

    def __init__(self, least: int, most: int):
        self.least, self.most = least, most

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        side = int(random.integers(self.least, self.most + 1))
        short = min(image.shape[1:])
        height, width = (side if old == short else math.ceil(old / (short / side)) for old in image.shape[1:])
        return resize(image, height, width)


class ColourShift:
    """A random number up to ``most`` for each channel, added to all its pixels or subtracted; not in every image."""

    def __init__(self, most: int, chance: float):
        self.most, self.chance = most, chance

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if random.random() >= self.chance:
            return image
        shift = random.integers(0, self.most + 1, (len(image), 1, 1))
        return _bytes(image + (shift if random.random() < 0.5 else -shift), image)


class Exposure:
    """Pixels times a random number from ``least`` to ``most``, plus a whole one up to ``shift``, or less; not in every image."""

    def __init__(self, least: float, most: float, shift: int, chance: float):
        self.least, self.most, self.shift, self.chance = least, most, shift, chance

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if random.random() >= self.chance:
            return image
        shift = int(random.integers(-self.shift, self.shift + 1))
        return _bytes(image.astype(np.float32) * np.float32(random.uniform(self.least, self.most)) + shift, image)


def turned_by(image: np.ndarray, degrees: int) -> np.ndarray:
    """An image (channels, rows, columns) turned anticlockwise about its middle, on a plane of 0 that holds it."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows, columns = image.shape[1:]
    halves = [(abs(cosine) * a + abs(sine) * b) / 2 for a, b in ((columns, rows), (rows, columns))]
    width, height = (math.ceil(round(old / 2 + half, 4)) - math.floor(round(old / 2 - half, 4)) + 1
                     for old, half in zip((columns, rows), halves))
    down, right = np.meshgrid(np.arange(height) - height / 2, np.arange(width) - width / 2, indexing="ij")
    x, y = cosine * right - sine * down + columns / 2, sine * right + cosine * down + rows / 2
    x, y = np.rint(x * 32) / 32, np.rint(y * 32) / 32  # OpenCV's steps between pixels
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))  # with the 0 around
    found = interpolated(padded, y + 1, x + 1, lambda places, size: places.clip(0, size - 1))
    return _bytes(found, image)


def _bytes(values: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Values as numbers of the image's type; bytes are rounded and cut off."""
    return np.rint(values).clip(0, 255).astype(np.uint8) if image.dtype == np.uint8 else values.astype(image.dtype)
