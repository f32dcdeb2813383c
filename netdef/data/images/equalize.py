"""Spread the brightness of grey images, (rows, columns) of bytes, over 0 to 255, in OpenCV's arithmetic."""

from __future__ import annotations

import numpy as np

_PARTS = 8  # of each side
_CLIP = 4.0


def equalize(image: np.ndarray) -> np.ndarray:
    """Give each value the share of pixels up to it, of those above the least. OpenCV's ``equalizeHist``."""
    counts = np.bincount(image.ravel(), minlength=256)
    least = int(image.min())
    if counts[least] == image.size:
        return image
    above = counts.cumsum() - counts[least]
    table = np.rint(above.clip(0) * np.float32(np.float32(255) / np.float32(image.size - counts[least])))
    return table.astype(np.uint8)[image]


def equalize_parts(image: np.ndarray) -> np.ndarray:
    """Equalize by the histograms of 8 x 8 parts, of which no value counts more than 4 times its even share; between centres of
    parts results are interpolated. OpenCV's CLAHE of clip limit 4.
    """
    rows, columns = image.shape
    missing = [-side % _PARTS for side in image.shape]
    if any(missing):  # OpenCV then adds a whole part's worth to a side that needs none
        missing = [_PARTS - side % _PARTS for side in image.shape]
    padded = np.pad(image, [(0, more) for more in missing], "reflect")
    tall, wide = (side // _PARTS for side in padded.shape)
    parts = padded.reshape(_PARTS, tall, _PARTS, wide).swapaxes(1, 2).reshape(_PARTS * _PARTS, -1)
    tables = np.stack([_table(part) for part in parts]).reshape(_PARTS, _PARTS, 256).astype(np.float32)
    (top, bottom, down), (left, right, along) = _between(rows, tall), _between(columns, wide)
    top, bottom, down = top[:, None], bottom[:, None], down[:, None]
    above = tables[top, left, image] * (1 - along) + tables[top, right, image] * along
    below = tables[bottom, left, image] * (1 - along) + tables[bottom, right, image] * along
    return np.rint(above * (1 - down) + below * down).astype(np.uint8)


def _table(part: np.ndarray) -> np.ndarray:
    """The new values of a part's 256; what its histogram has above the limit is spread over all."""
    counts = np.bincount(part, minlength=256)
    limit = max(int(_CLIP * part.size / 256), 1)
    over = int((counts - limit).clip(0).sum())
    counts = counts.clip(max=limit) + over // 256
    if rest := over % 256:
        counts[: rest * max(256 // rest, 1) : max(256 // rest, 1)] += 1
    return np.rint(counts.cumsum().astype(np.float32) * (np.float32(255) / np.float32(part.size))).clip(0, 255)


def _between(pixels: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pixel of a side the parts whose centres are around it, and how far it is from the first to the second."""
    at = np.arange(pixels, dtype=np.float32) * np.float32(1 / size) - np.float32(0.5)
    first = np.floor(at)
    low = first.astype(int)
    return low.clip(0), (low + 1).clip(max=_PARTS - 1), at - first
