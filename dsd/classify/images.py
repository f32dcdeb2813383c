"""Prepare images for a net, with the numbers of Caffe's own two programs."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from netdef.data.images.image_file import read_image
from netdef.data.images.resize import resize
from netdef.pycaffe.images import load_image, oversample, resize_image
from netdef.pycaffe.transformer import Transformer


def whole_image(
    path: str | os.PathLike[str], shape: Sequence[int], mean: np.ndarray | None = None, scale: float = 1.0
) -> np.ndarray:
    """An image as ``classification.bin`` makes it: (1, *shape), float32, resized as a whole, blue first.

    ``shape`` is (channels, height, width). The average of each channel of ``mean`` (channels, H, W) is subtracted, then
    the image is multiplied by ``scale``. Raises `FileError` for a file that is no image.
    """
    image = _with_channels(read_image(path, color=None), shape[0])
    values = resize(image, shape[1], shape[2]).astype(np.float32)
    if mean is not None:
        values -= mean.mean((1, 2), dtype=np.float64).astype(np.float32)[:, None, None]
    return (values * np.float32(scale))[None]


def ten_crops(
    path: str | os.PathLike[str], shape: Sequence[int], size: Sequence[int], mean: np.ndarray | None = None,
    scale: float = 1.0,
) -> np.ndarray:
    """An image as ``classify.py`` makes it: (10, *shape), float32, crops of the image at ``size``, height and width.

    ``mean`` is subtracted from each crop, resized to it. Raises `FileError` for a file that is no image.
    """
    read_image(path, color=None)  # for its errors
    transformer = Transformer({"data": (10, *shape)})
    transformer.set_transpose("data", (2, 0, 1))
    transformer.set_raw_scale("data", 255)
    transformer.set_input_scale("data", scale)
    if shape[0] == 3:
        transformer.set_channel_swap("data", (2, 1, 0))
    if mean is not None:
        transformer.set_mean("data", mean[:, 0, 0] if mean.shape[1:] == (1, 1) else mean)
    image = resize_image(load_image(path, color=shape[0] == 3), size)
    return np.array([transformer.preprocess("data", crop) for crop in oversample([image], shape[1:])], np.float32)


def _with_channels(image: np.ndarray, channels: int) -> np.ndarray:
    """Grey as three equal channels, or colour as grey by OpenCV's shares; an alpha channel is dropped."""
    if channels == 3:
        return image[:3] if len(image) > 1 else np.repeat(image, 3, axis=0)
    if len(image) == 1:
        return image
    blue, green, red = image[:3].astype(np.int32)
    return ((1868 * blue + 9617 * green + 4899 * red + (1 << 13)) >> 14).astype(np.uint8)[None]
