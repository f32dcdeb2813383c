"""Images brought to a size as OpenCV does it: without smoothing before they shrink, unless by areas."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

_MODES = {
    "LINEAR": {"mode": "bilinear", "align_corners": False},
    "CUBIC": {"mode": "bicubic", "align_corners": False},
    "NEAREST": {"mode": "nearest"},
    "AREA": {"mode": "area"},
}


def resize(image: np.ndarray, height: int, width: int, mode: str = "LINEAR") -> np.ndarray:
    """A uint8 or float32 image (channels, rows, columns) in another size, of the same type.

    ``mode`` is an ``Interp_mode``. LANCZOS4, which torch does not have, is CUBIC; AREA to a larger size is LINEAR, as
    in OpenCV.
    """
    if image.shape[1:] == (height, width):
        return image
    if mode == "LANCZOS4":
        mode = "CUBIC"
    if mode == "AREA" and (height > image.shape[1] or width > image.shape[2]):
        mode = "LINEAR"
    values = F.interpolate(
        torch.from_numpy(np.ascontiguousarray(image, np.float32))[None], (height, width), **_MODES[mode]
    )[0].numpy()
    return values if image.dtype != np.uint8 else values.round().clip(0, 255).astype(np.uint8)
