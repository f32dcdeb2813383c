"""The image functions of ``scipy.misc`` before scipy 1.3, written with Pillow, for Python 2 scripts."""

from __future__ import annotations

from typing import IO

import numpy as np
from PIL import Image

_FILTERS = {
    "nearest": Image.Resampling.NEAREST, "lanczos": Image.Resampling.LANCZOS, "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC, "cubic": Image.Resampling.BICUBIC,
}


def imread(name: str | IO[bytes], flatten: bool = False, mode: str | None = None) -> np.ndarray:
    """An image as an array (H, W) or (H, W, channels); ``flatten`` makes it grey, float32."""
    with Image.open(name) as file:
        image = file.convert("RGBA" if "transparency" in file.info else "RGB") if file.mode == "P" else file
        image = image.convert(mode) if mode is not None else image
        return np.array(image.convert("F") if flatten else image)


def imsave(name: str | IO[bytes], arr: np.ndarray, format: str | None = None) -> None:
    """Write an array as an image; see `toimage`."""
    toimage(arr).save(name, format)


def imresize(arr: np.ndarray, size: float | tuple[int, ...], interp: str = "bilinear", mode: str | None = None) -> np.ndarray:
    """An array at another size: percent, a fraction, or (height, width, ...)."""
    image = toimage(arr, mode=mode)
    if isinstance(size, (tuple, list)):
        wanted = int(size[1]), int(size[0])
    else:
        share = size / 100 if isinstance(size, (int, np.integer)) else size
        wanted = int(image.width * share), int(image.height * share)
    return np.array(image.resize(wanted, _FILTERS[interp]))


def toimage(
    arr: np.ndarray, high: float = 255, low: float = 0, cmin: float | None = None, cmax: float | None = None,
    mode: str | None = None,
) -> Image.Image:
    """An array as an image: (H, W) is grey, (H, W, 3 or 4) colour, (3 or 4, H, W), too; see `bytescale`."""
    array = np.asarray(arr)
    if array.ndim == 2 and mode == "F":
        return Image.fromarray(array.astype(np.float32))
    if array.ndim == 3 and array.shape[2] not in (3, 4):
        array = array.transpose(1, 2, 0) if array.shape[0] in (3, 4) else array.reshape(array.shape[:2])
    image = Image.fromarray(bytescale(array, cmin, cmax, high, low))
    return image if mode is None else image.convert(mode)


def bytescale(
    data: np.ndarray, cmin: float | None = None, cmax: float | None = None, high: float = 255, low: float = 0
) -> np.ndarray:
    """Numbers from ``cmin`` to ``cmax``, the least and the greatest unless given, as bytes from ``low`` to ``high``.

    Bytes stay as they are.
    """
    if data.dtype == np.uint8:
        return data
    least, most = data.min() if cmin is None else cmin, data.max() if cmax is None else cmax
    scale = (high - low) / ((most - least) or 1)
    return (((data - least) * scale + low).clip(low, high) + 0.5).astype(np.uint8)
