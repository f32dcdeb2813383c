"""Change the colour spaces of images of bytes, (3, rows, columns) and blue first, in OpenCV's arithmetic."""

from __future__ import annotations

import numpy as np

_HALF = 1 << 13  # of 1 in OpenCV's fixed point, 14 bits
_XYZ = np.array([(0.180423, 0.357580, 0.412453), (0.072169, 0.715160, 0.212671), (0.950227, 0.119193, 0.019334)])
_WHITE = np.array([0.950456, 1.0, 1.088754])


def to_grey(image: np.ndarray) -> np.ndarray:
    """The brightness (rows, columns)."""
    blue, green, red = image.astype(np.int32)
    return ((1868 * blue + 9617 * green + 4899 * red + _HALF) >> 14).astype(np.uint8)


def to_ycrcb(image: np.ndarray) -> np.ndarray:
    """Brightness and the differences of red and of blue from it, around 128."""
    blue, _, red = image.astype(np.int32)
    grey = to_grey(image).astype(np.int32)
    differences = ((part - grey) * weight for part, weight in ((red, 11682), (blue, 9241)))
    return _bytes(np.stack([grey, *((d + (128 << 14) + _HALF) >> 14 for d in differences)]))


def from_ycrcb(image: np.ndarray) -> np.ndarray:
    """The inverse of `to_ycrcb`."""
    grey, red, blue = image.astype(np.int32)
    red, blue = red - 128, blue - 128
    parts = 29049 * blue, -5636 * blue - 11698 * red, 22987 * red
    return _bytes(np.stack([grey + ((part + _HALF) >> 14) for part in parts]))


def to_hsv(image: np.ndarray) -> np.ndarray:
    """Hue in 180 steps a circle, saturation, and the greatest channel."""
    blue, green, red = image.astype(np.int32)
    most = image.max(0).astype(np.int32)
    spread = most - image.min(0)
    hue = np.where(most == red, green - blue, np.where(most == green, blue - red + 2 * spread, red - green + 4 * spread))
    hue = (hue * np.rint((180 << 12) / (6.0 * np.maximum(spread, 1))).astype(np.int32) + (1 << 11)) >> 12
    saturation = (spread * np.rint((255 << 12) / np.maximum(most, 1)).astype(np.int32) + (1 << 11)) >> 12
    return _bytes(np.stack([hue + 180 * (hue < 0), saturation, most]))


def to_lab(image: np.ndarray) -> np.ndarray:
    """CIE L*, a* and b* of sRGB, rounded to bytes: L* from 0 to 100; negative a* and b* are 0, as in jolibrain's fork."""
    value = image / 255
    linear = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    xyz = np.tensordot(_XYZ, linear, 1) / _WHITE[:, None, None]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return _bytes(np.rint(np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])))


def _bytes(values: np.ndarray) -> np.ndarray:
    return values.clip(0, 255).astype(np.uint8)
