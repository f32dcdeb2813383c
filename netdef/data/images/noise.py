"""Blur, equalize and spoil images: ``noise_param``, of ducha-aiki's fork and SSD's."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from netdef.data.images.colour_spaces import from_ycrcb, to_grey, to_hsv, to_lab, to_ycrcb
from netdef.data.images.equalize import equalize, equalize_parts
from netdef.layers.core.checks import check_chance

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition
    from netdef.schema.messages import ImageNoiseParameter

_FIELD = "transform_param", "noise_param"
_TAPS = 9, 29, 55, 70, 55, 29, 9  # of 256: sigma 1.5, in OpenCV's fixed point
_OF_COLOURS = "decolorize", "jpeg", "convert_to_hsv", "convert_to_lab"  # what leaves grey images as they are


class ImageNoise:
    """The changes that a ``noise_param`` chooses, in the order of `netdef.proto`.

    Without ``prob`` each is made in every image, as in SSD. With it each has that chance, as in jolibrain's fork, in which
    ``jpeg`` needs no more than a chance above 0; with ``all_effects`` and no ``prob`` nothing is done. Of several
    ``noise_param``, as ducha-aiki's fork takes them, one is drawn for each image by its ``prob``, and all its changes are made.
    """

    def __init__(self, spec: LayerDefinition):
        policies = spec.message.transform_param.noise_param
        self.policies = [self._changes(spec, index, param) for index, param in enumerate(policies)]
        if len(policies) == 1:
            (param,) = policies
            self.chance = param.prob if param.HasField("prob") or param.all_effects else 1.0
            self.chances = np.ones(1)
            return
        self.chance, self.chances = 1.0, np.array([param.prob for param in policies])
        if abs(self.chances.sum() - 1) > 0.01 or (self.chances < 0).any():
            raise spec.refuse(f"has {len(policies)} `noise_param` with `prob` that add up to {self.chances.sum():g}; they must "
                              "add up to 1", *_FIELD, 0)
        self.chances /= self.chances.sum()

    @staticmethod
    def _changes(spec: LayerDefinition, index: int, param: ImageNoiseParameter) -> dict[str, Callable[..., np.ndarray]]:
        """The changes that a policy chooses: {name: function of an image and a generator}."""
        spots = param.saltpepper_param
        check_chance(spec, param.prob, *_FIELD, index, "prob")
        if (param.saltpepper or param.all_effects) and spots.fraction > 0 and len(spots.value) not in (1, 3):
            raise spec.refuse(f"has {len(spots.value)} `value` for its spots; it must have 1 or 3", *_FIELD, index,
                              "saltpepper_param")
        known: dict[str, Callable[..., np.ndarray]] = {
            "decolorize": lambda image, _: np.repeat(to_grey(image)[None], 3, 0),
            "gauss_blur": lambda image, _: blur(image),
            "hist_eq": lambda image, _: of_brightness(equalize, image),
            "clahe": lambda image, _: of_brightness(equalize_parts, image),
            "jpeg": lambda image, _: through_jpeg(image, int(param.jpeg)),
            "erode": lambda image, _: erode(image),
            "posterize": lambda image, _: image // 64 * 64 + 32,
            "inverse": lambda image, _: 255 - image,
            "saltpepper": partial(spot, fraction=spots.fraction, values=np.array(spots.value).astype(int).astype(np.uint8)),
            "convert_to_hsv": lambda image, _: to_hsv(image),
            "convert_to_lab": lambda image, _: to_lab(image),
        }
        return {name: change for name, change in known.items()
                if (param.jpeg > 0 if name == "jpeg" else getattr(param, name) or param.all_effects)}

    def apply(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Change an image (1 or 3, rows, columns) of bytes; others stay as they are."""
        if image.dtype != np.uint8 or len(image) not in (1, 3) or not self.chance:
            return image
        for name, change in self.policies[random.choice(len(self.policies), p=self.chances)].items():
            due = name == "jpeg" or random.random() < self.chance
            if due and (len(image) == 3 or name not in _OF_COLOURS):
                image = change(image, random)
        return image


def of_brightness(change: Callable[[np.ndarray], np.ndarray], image: np.ndarray) -> np.ndarray:
    """Change the brightness of an image, and keep its colours."""
    if len(image) == 1:
        return change(image[0])[None]
    parts = to_ycrcb(image)
    parts[0] = change(parts[0])
    return from_ycrcb(parts)


def blur(image: np.ndarray) -> np.ndarray:
    """Average over 7 x 7 pixels with the weights of a normal distribution of sigma 1.5; around the image is its mirror image."""
    values = image.astype(np.int32)
    for axis, side in ((1, image.shape[1]), (2, image.shape[2])):
        around = np.moveaxis(np.pad(values, [(3, 3) if i == axis else (0, 0) for i in range(3)], "reflect"), axis, 0)
        values = np.zeros_like(values)
        for i, tap in enumerate(_TAPS):
            values += tap * np.moveaxis(around[i : i + side], 0, axis)
    return ((values + (1 << 15)) >> 16).astype(np.uint8)


def through_jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """Write an image as JPEG of this quality, and read it."""
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[::-1].transpose(1, 2, 0))).save(file, "JPEG", quality=min(max(quality, 1), 100))
    return np.asarray(Image.open(file)).transpose(2, 0, 1)[::-1]


def erode(image: np.ndarray) -> np.ndarray:
    """The least of each pixel and the four next to it."""
    around = np.pad(image, ((0, 0), (1, 1), (1, 1)), "edge")
    beside = np.minimum(around[:, 1:-1, :-2], around[:, 1:-1, 2:])
    return np.minimum(np.minimum(around[:, :-2, 1:-1], around[:, 2:, 1:-1]), np.minimum(beside, image))


def spot(image: np.ndarray, random: np.random.Generator, fraction: float, values: np.ndarray) -> np.ndarray:
    """Give a fraction of the pixels, drawn with replacement, one value a channel."""
    rows, columns = image.shape[1:]
    count = int(np.float32(fraction) * columns * rows)
    if not count:
        return image
    image = image.copy()
    image[:, random.integers(rows, size=count), random.integers(columns, size=count)] = values[: len(image), None]
    return image
