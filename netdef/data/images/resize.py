"""Images brought to a size as OpenCV does it: without smoothing before they shrink, unless by areas."""

from __future__ import annotations

import numpy as np

_MODES = {
    "LINEAR": {"mode": "bilinear", "align_corners": False},
    "CUBIC": {"mode": "bicubic", "align_corners": False},
    "NEAREST": {"mode": "nearest"},
    "AREA": {"mode": "area"},
}
_ONE = 1 << 11  # the weight 1 in OpenCV's fixed point


def resize(image: np.ndarray, height: int, width: int, mode: str = "LINEAR") -> np.ndarray:
    """A uint8 or float32 image (channels, rows, columns) in another size, of the same type.

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
    """OpenCV's INTER_LINEAR of bytes: columns, then rows, in integers, losing bits where OpenCV does."""
    channels, rows, columns = image.shape
    values = image.astype(np.int32)
    if (rows, columns) == (2 * height, 2 * width):  # OpenCV takes areas instead
        return ((values.reshape(channels, height, 2, width, 2).sum((2, 4)) + 2) >> 2).astype(np.uint8)
    left, right = _taps(columns, width)
    top, bottom = _taps(rows, height)
    # Beyond the border a column counts once in full, a row twice in part: the sum loses a bit more.
    left[1][left[0] < 0], right[1][left[0] < 0] = _ONE, 0
    wide = sum(values[..., at.clip(0, columns - 1)] * weight for at, weight in (left, right)) >> 4
    parts = ((wide[:, at.clip(0, rows - 1)] * weight[:, None]) >> 16 for at, weight in (top, bottom))
    return ((sum(parts) + 2) >> 2).astype(np.uint8)


def _taps(old: int, new: int) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """For each new place the two old ones about it, each with its weight."""
    at = ((np.arange(new) + 0.5) * (old / new) - 0.5).astype(np.float32)
    floor = np.floor(at)
    part = at - floor
    first = floor.astype(np.int64)
    weights = (np.rint(p * np.float32(_ONE)).astype(np.int32) for p in (1 - part, part))
    return tuple(zip((first, first + 1), weights))
