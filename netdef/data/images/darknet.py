"""Random changes of images and boxes as darknet makes them (Redmon and Farhadi 2017), in Synopsys' fork."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netdef.layers.core.checks import check_above_zero

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_PATH = "transform_param", "distort_param"
_LEAST = 0.001  # of a box, in parts of the sides


class Place(NamedTuple):
    """Where an image lies on the square, in pixels, and whether it is mirrored afterwards."""

    width: float
    height: float
    left: float
    top: float
    mirrored: bool


class DarknetChanges:
    """The changes that ``resize_param`` and ``distort_param`` of a layer with ``caffe_yolo`` ask for."""

    def __init__(self, spec: LayerDefinition):
        transform = spec.message.transform_param
        if len(transform.resize_param) != 1 or transform.resize_param[0].width < 32:
            raise spec.refuse("wants one `resize_param` with a `width` of at least 32, the side of its images", "transform_param")
        resize, distort = transform.resize_param[0], transform.distort_param
        self.side, self.jitter, self.scale = resize.width, resize.jitter, transform.scale
        if not 0 <= self.jitter < 1:
            raise spec.refuse(f"has `jitter` {self.jitter:g}; it must be at least 0 and below 1", "transform_param",
                              "resize_param", 0, "jitter")
        for field in ("saturation_lower", "saturation_upper", "exposure_lower", "exposure_upper"):
            check_above_zero(spec, getattr(distort, field), *_PATH, field)
        self.hue = distort.hue_prob
        self.saturation = distort.saturation_lower, distort.saturation_upper
        self.exposure = distort.exposure_lower, distort.exposure_upper

    def place(self, height: int, width: int, random: np.random.Generator) -> Place:
        """Draw a shape and a place for an image of these sides: the larger one fills the square."""
        wide, tall = (size + random.uniform(-self.jitter, self.jitter) * size for size in (width, height))
        ratio = wide / tall
        wide, tall = (self.side * ratio, self.side) if ratio < 1 else (self.side, self.side / ratio)
        return Place(wide, tall, random.uniform(0, self.side - wide), random.uniform(0, self.side - tall), random.random() < 0.5)

    def image(self, image: np.ndarray, place: Place, random: np.random.Generator) -> np.ndarray:
        """The square (3, side, side) of an image, red first, on grey, with its colours changed."""
        square = placed(image, self.side, place, self.scale)
        hue = random.uniform(-self.hue, self.hue)
        saturation, exposure = (_factor(limits, random) for limits in (self.saturation, self.exposure))
        square = recoloured(square, hue, saturation, exposure)
        return square[:, :, ::-1] if place.mirrored else square

    def boxes(self, boxes: np.ndarray, place: Place) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (M, 4), centre and sizes, on the square, cut to it; and which of them stay."""
        there = boxes[:, :2].any(1)
        corners = np.concatenate((boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2), 1)
        size, corner = (place.width, place.height), (place.left, place.top)
        corners = (corners * np.tile(size, 2) + np.tile(corner, 2)) / self.side
        if place.mirrored:
            corners[:, [0, 2]] = 1 - corners[:, [2, 0]]
        corners = corners.clip(0, 1)
        sizes = corners[:, 2:] - corners[:, :2]
        return np.concatenate((corners[:, :2] + sizes / 2, sizes), 1), there & (sizes >= _LEAST).all(1)


def placed(image: np.ndarray, side: int, place: Place, scale: float) -> np.ndarray:
    """An image (C, H, W) times ``scale``, resized between its pixels and zeros behind the last, on a square of 0.5."""
    square = np.full((len(image), side, side), 0.5, np.float32)
    padded = np.pad(image.astype(np.float32), ((0, 0), (0, 1), (0, 1)))
    height, width, top, left = (int(size) for size in (place.height, place.width, place.top, place.left))
    rows, columns = (np.arange(count) / count * size for count, size in zip((height, width), image.shape[1:]))
    y, x = rows.astype(int), columns.astype(int)
    dy, dx = (rows - y)[:, None].astype(np.float32), (columns - x).astype(np.float32)
    upper, lower = padded[:, y], padded[:, y + 1]
    upper, lower = (part[:, :, x] * (1 - dx) + part[:, :, x + 1] * dx for part in (upper, lower))
    square[:, top : top + height, left : left + width] = (upper * (1 - dy) + lower * dy) * np.float32(scale)
    return square


def recoloured(image: np.ndarray, hue: float, saturation: float, exposure: float) -> np.ndarray:
    """An image (3, H, W), red first, in 0 to 1, with its hue turned (1 is a circle), and saturation and value multiplied."""
    red, green, blue = image
    value, low = image.max(0), image.min(0)
    spread = value - low
    safe = np.where(spread > 0, spread, 1)
    turn = np.where(green == value, 2 + (blue - red) / safe, 4 + (red - green) / safe)
    turn = np.where(red == value, (green - blue) / safe, turn)
    turn = np.where(turn < 0, turn + 6, turn) / 6 + np.float32(hue)
    turn = 6 * np.where(turn > 1, turn - 1, np.where(turn < 0, turn + 1, turn))
    strength = np.where(value > 0, spread / np.where(value > 0, value, 1), 0) * np.float32(saturation)
    value = value * np.float32(exposure)
    sector = np.floor(turn)
    part = turn - sector
    p, q, t = value * (1 - strength), value * (1 - strength * part), value * (1 - strength * (1 - part))
    sectors = ((value, t, p), (q, value, p), (p, value, t), (p, q, value), (t, p, value), (value, p, q))
    which = sector.clip(0, 5).astype(int)
    return np.stack([np.choose(which, [colours[i] for colours in sectors]) for i in range(3)]).clip(0, 1).astype(np.float32)


def _factor(limits: tuple[float, float], random: np.random.Generator) -> float:
    """A number between the limits, or one over it."""
    drawn = random.uniform(min(limits), max(limits))
    return drawn if random.random() < 0.5 else 1 / drawn
