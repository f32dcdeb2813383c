"""Resize images as OpenCV does: without smoothing before they shrink, except in mode AREA."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from netdef.layers.core.checks import read_size
from netdef.layers.core.shapes import MOST_ELEMENTS

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from netdef.definition.definitions import LayerDefinition

_MODES: dict[str, dict[str, Any]] = {
    "LINEAR": {"mode": "bilinear", "align_corners": False},
    "CUBIC": {"mode": "bicubic", "align_corners": False},
    "NEAREST": {"mode": "nearest"},
    "AREA": {"mode": "area"},
}
_ONE = 1 << 11  # the weight 1 in OpenCV's fixed point


def read_new_size(spec: LayerDefinition, param: Message, name: str) -> tuple[int, int]:
    """Read ``new_height`` and ``new_width`` of the message ``name``, 0 for both if images keep their sizes.

    Raises `SpecError` for one without the other, and before an image takes more memory than a blob can.
    """
    size = read_size(spec, param, "new_height", "new_width", name)
    if 3 * math.prod(size) > MOST_ELEMENTS:
        raise spec.refuse(f"resizes to {size[0]} x {size[1]}: more than {MOST_ELEMENTS} values", name, "new_height")
    return size


def resize(image: np.ndarray, height: int, width: int, mode: str = "LINEAR") -> np.ndarray:
    """Resize a uint8 or float32 image (channels, rows, columns), keeping its type.

    ``mode`` is an ``Interp_mode``. LINEAR of bytes is ``cv::resize``'s default to the bit. LANCZOS4, which torch does
    not have, is CUBIC; AREA to a larger size is LINEAR, as in OpenCV.
    """
    if image.shape[1:] == (height, width):
        return image
    if mode == "LANCZOS4":
        mode = "CUBIC"
    if mode == "AREA" and (height > image.shape[1] or width > image.shape[2]):
        mode = "LINEAR"
    if mode == "LINEAR" and image.dtype == np.uint8:
        return _linear(image, height, width)
    import torch  # takes a second, and the other modes do without

    values = torch.nn.functional.interpolate(
        torch.from_numpy(np.ascontiguousarray(image, np.float32))[None], (height, width), **_MODES[mode]
    )[0].numpy()
    return values if image.dtype != np.uint8 else values.round().clip(0, 255).astype(np.uint8)


def _linear(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """OpenCV's INTER_LINEAR of bytes: columns, then rows, in integers, dropping bits where OpenCV does."""
    channels, rows, columns = image.shape
    values = image.astype(np.int32)
    if (rows, columns) == (2 * height, 2 * width):  # OpenCV takes areas instead
        return ((values.reshape(channels, height, 2, width, 2).sum((2, 4)) + 2) >> 2).astype(np.uint8)
    left, right = _taps(columns, width)
    top, bottom = _taps(rows, height)
    # Beyond the border OpenCV takes one column with the full weight, but one row twice with both parts of it.
    left[1][left[0] < 0], right[1][left[0] < 0] = _ONE, 0
    wide = sum(values[..., at.clip(0, columns - 1)] * weight for at, weight in (left, right)) >> 4
    parts = ((wide[:, at.clip(0, rows - 1)] * weight[:, None]) >> 16 for at, weight in (top, bottom))
    return ((sum(parts) + 2) >> 2).astype(np.uint8)


def _taps(old: int, new: int) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The two old places around each new one, each with its weight."""
    at = ((np.arange(new) + 0.5) * (old / new) - 0.5).astype(np.float32)
    floor = np.floor(at)
    part = at - floor
    first = floor.astype(np.int64)
    low, high = (np.rint(share * np.float32(_ONE)).astype(np.int32) for share in (1 - part, part))
    return (first, low), (first + 1, high)
