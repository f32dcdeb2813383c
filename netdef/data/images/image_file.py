"""Image files to arrays and back, as OpenCV reads and writes them for Caffe: channels first, blue before green and red."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from netdef.data.images.resize import resize
from netdef.errors import FileError, NetdefError, did_you_mean

# What OpenCV makes of a file's own pixels: masks and grey stay one channel, palettes are looked up, alpha is kept.
_NATIVE = {"1": "L", "L": "L", "RGB": "RGB", "RGBA": "RGBA", "LA": "RGBA", "PA": "RGBA", "CMYK": "RGB", "YCbCr": "RGB"}

# Grey in fixed point: the shares of red, green and blue, their bits, and what is added to round. libpng truncates.
_GREY = {"PNG": (9797, 19234, 3737, 15, 0), "BMP": (4899, 9617, 1868, 14, 1 << 13)}

_QUALITY = {"JPEG": {"quality": 95, "subsampling": "4:2:0"}}  # OpenCV's


def read_image(path: str | os.PathLike[str], color: bool | None = True, height: int = 0, width: int = 0) -> np.ndarray:
    """The image of a file, uint8 (channels, rows, columns), blue first, resized if height and width are given.

    ``color`` is that of `decode`. Raises `FileError` for a file that cannot be read or decoded.
    """
    try:
        image = decode(Path(path).read_bytes(), color)
    except OSError as error:
        raise FileError(f"{os.fspath(path)}: {error.strerror or error}") from error
    except (NetdefError, ValueError) as error:  # ValueError: a NUL in the name
        raise FileError(f"{os.fspath(path)}: {error}") from error
    return resize(image, height, width) if height and width else image


def read_deep_grey(path: str | os.PathLike[str]) -> np.ndarray:
    """The grey image of a file (1, rows, columns): uint16 if it has 16 bits a pixel, else uint8.

    Raises `FileError` as `read_image` does.
    """
    try:
        with Image.open(path) as image:
            if image.mode.startswith("I"):
                return np.asarray(image).astype(np.uint16)[None]
    except (OSError, SyntaxError, ValueError):
        pass  # `read_image` says what is wrong
    return read_image(path, False)


def decode(data: bytes, color: bool | None = None) -> np.ndarray:
    """The pixels of an image file's bytes, uint8 (channels, rows, columns), blue first.

    ``color`` asks for three channels (True), for one (False) or for as many as the file has (None). Orientation marks
    of cameras are not followed. Raises `NetdefError` for what Pillow cannot decode and for more than 8 bits a channel,
    which Caffe refuses too.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.mode.startswith(("I", "F")):
                raise NetdefError(f"holds an image with more than 8 bits a channel ({image.mode})")
            if color is False:
                image.draft("L", None)  # a JPEG's luma is its grey picture, as OpenCV takes it
            mode = _native_mode(image) if color is None else "RGB" if color else "L"
            if mode == "L" and _native_mode(image) != "L":
                return _grey(np.asarray(image.convert("RGB")), *_GREY.get(image.format or "", _GREY["BMP"]))[None]
            pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    except UnidentifiedImageError as error:  # it names an object in memory
        raise NetdefError(
            f"holds an image that cannot be decoded: its {len(data):,} bytes are no image file of a known kind"
        ) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NetdefError(f"holds an image that cannot be decoded: {error}") from error
    if pixels.ndim == 2:
        return pixels[None]
    planes = pixels.transpose(2, 0, 1)
    return planes[::-1] if len(planes) == 3 else planes[[2, 1, 0, 3]]


def encode(image: np.ndarray, kind: str) -> bytes:
    """An image (C, H, W), blue first, as the bytes of a file of a kind: png, jpg, ... Raises `NetdefError`."""
    buffer = io.BytesIO()
    pixels = image[0] if len(image) == 1 else np.ascontiguousarray(image[::-1].transpose(1, 2, 0))
    name = image_format(kind)
    try:
        Image.fromarray(pixels).save(buffer, name, **_QUALITY.get(name, {}))
    except (OSError, ValueError) as error:
        raise NetdefError(f"cannot be written as {name}: {error}") from error
    return buffer.getvalue()


def image_format(kind: str) -> str:
    """Pillow's name of a kind of image (png, jpg, ...) that it can write. Raises `NetdefError` for others."""
    known = Image.registered_extensions()
    name = known.get(f".{kind.lower()}")
    if name not in Image.SAVE:
        kinds = sorted(ending[1:] for ending, format in known.items() if format in Image.SAVE)
        raise NetdefError(f"images cannot be encoded as `{kind}`{did_you_mean(kind, kinds)}; try png or jpg")
    return name


def _grey(pixels: np.ndarray, red: int, green: int, blue: int, bits: int, rounding: int) -> np.ndarray:
    values = pixels.astype(np.int32)
    return ((values[..., 0] * red + values[..., 1] * green + values[..., 2] * blue + rounding) >> bits).astype(np.uint8)


def _native_mode(image: Image.Image) -> str:
    if image.mode == "P":
        return "RGBA" if "transparency" in image.info else "RGB"
    return _NATIVE.get(image.mode, "RGB")
