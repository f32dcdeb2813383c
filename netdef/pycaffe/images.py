"""Images as float32 arrays (height, width, channels): read, resized, cropped, with the original's numbers.

The original resizes with scikit-image and scipy; here scipy alone gives the same numbers. It is imported when it is used.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from PIL import Image

from netdef.extras import need_scipy

_LUMINANCE = np.array([0.2125, 0.7154, 0.0721])


def load_image(filename: str | os.PathLike[str], color: bool = True) -> np.ndarray:
    """Read an image file: float32 from 0 to 1, (H, W, 3) in RGB order, or (H, W, 1) without ``color``.

    An alpha channel is dropped in colour, and stands over white in grey. A grey image has three equal channels in colour.
    """
    with Image.open(filename) as file:
        if file.mode in ("P", "CMYK", "YCbCr", "HSV", "LAB"):
            file = file.convert("RGBA" if "transparency" in file.info else "RGB")
        elif file.mode in ("PA", "La", "RGBa"):
            file = file.convert("RGBA")
        pixels = np.asarray(file)
    values = _from_0_to_1(pixels)
    if values.ndim == 2:
        return np.repeat(values[:, :, np.newaxis], 3 if color else 1, axis=2).astype(np.float32)
    if color:
        return values[:, :, :3].astype(np.float32)
    if values.shape[2] == 4:
        values = values[:, :, :3] * values[:, :, 3:] + (1 - values[:, :, 3:])
    grey = values @ _LUMINANCE if values.shape[2] == 3 else values[:, :, 0]
    return grey[:, :, np.newaxis].astype(np.float32)


def _from_0_to_1(pixels: np.ndarray) -> np.ndarray:
    if pixels.dtype == np.int32:  # Pillow's type for 16 bits
        return pixels / 65535
    return pixels / np.iinfo(pixels.dtype).max if pixels.dtype.kind == "u" else pixels.astype(float)


def resize_image(im: np.ndarray, new_dims: Sequence[int] | np.ndarray, interp_order: int = 1) -> np.ndarray:
    """The image (H, W, K) at another height and width, float32.

    ``interp_order``: 0 nearest, 1 linear, 3 cubic. Images with 1 or 3 channels are resized as by scikit-image: the edges of
    both images lie on each other, the outside counts as the smallest value, an image that shrinks is blurred first, and
    values are clipped to the image's range. Others are resized by `scipy.ndimage.zoom`: the centres of the corner pixels
    lie on each other.
    """
    need_scipy("resize_image")
    height, width = (int(size) for size in new_dims)
    if im.shape[-1] not in (1, 3):
        from scipy.ndimage import zoom

        return zoom(im, (height / im.shape[0], width / im.shape[1], 1), order=interp_order).astype(np.float32)
    least, most = im.min(), im.max()
    if not most > least:
        return np.full((height, width, im.shape[-1]), least, np.float32)
    unit = (im - least) / (most - least)
    return (_resized(unit, height, width, interp_order) * (most - least) + least).astype(np.float32)


def _resized(im: np.ndarray, height: int, width: int, order: int) -> np.ndarray:
    """Resize as `skimage.transform.resize` with ``mode="constant"``."""
    from scipy.ndimage import gaussian_filter, zoom

    if im.dtype.kind != "f":
        im = im.astype(float)
    shrink = im.shape[0] / height, im.shape[1] / width
    if max(shrink) > 1:
        im = gaussian_filter(im, (*(max(0, (factor - 1) / 2) for factor in shrink), 0), mode="constant")
    factors = 1 / shrink[0], 1 / shrink[1], 1
    return np.clip(zoom(im, factors, order=order, mode="grid-constant", grid_mode=True), im.min(), im.max())


def oversample(images: Sequence[np.ndarray] | np.ndarray, crop_dims: Sequence[int] | np.ndarray) -> np.ndarray:
    """Ten crops of each image (H, W, K): the four corners, the middle, and the five mirrored. (10 * N, h, w, K), float32.

    All images have the size of the first.
    """
    height, width = (int(size) for size in crop_dims)
    bottom, right = images[0].shape[0] - height, images[0].shape[1] - width
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    crops = []
    for image in images:
        five = [image[y : y + height, x : x + width] for y, x in corners]
        crops += five + [crop[:, ::-1] for crop in five]
    return np.array(crops, np.float32)
