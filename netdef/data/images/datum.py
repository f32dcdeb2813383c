"""From a `Datum` to an array as OpenCV would give it: channels first, colours as blue, green, red."""

from __future__ import annotations

import io

import numpy as np
from google.protobuf.message import DecodeError
from PIL import Image, UnidentifiedImageError

from netdef.errors import NetdefError
from netdef.schema import messages

# What OpenCV makes of a file's own pixels: masks and grey stay one channel, palettes are looked up, alpha is kept.
_NATIVE = {"1": "L", "L": "L", "RGB": "RGB", "RGBA": "RGBA", "LA": "RGBA", "PA": "RGBA", "CMYK": "RGB", "YCbCr": "RGB"}

# Shares of red, green and blue in grey, in fixed point: their bits, and what rounds. libpng truncates; others round.
_GREY = {"PNG": (9797, 19234, 3737, 15, 0), "BMP": (4899, 9617, 1868, 14, 1 << 13)}


def parse_datum(value: bytes | memoryview) -> messages.Datum:
    """The datum in a database's value. Raises `NetdefError` when it is none."""
    try:
        return messages.Datum.FromString(value)
    except DecodeError as error:
        raise NetdefError(f"is not a Datum ({len(value)} bytes)") from error


def datum_array(datum: messages.Datum, color: bool | None = None) -> np.ndarray:
    """The datum's values, (channels, height, width): uint8, or float32 for ``float_data``. Not to be written to.

    ``color`` says whether an encoded image is decoded to three channels (True), to one (False) or to as many as its
    file has (None); it does not matter to raw datums. Raises `NetdefError` when the datum contradicts itself or
    its image cannot be decoded.
    """
    if datum.encoded:
        return decode(datum.data, color)
    shape = datum.channels, datum.height, datum.width
    # Caffe's rule: bytes if there are any, else floats.
    values = np.frombuffer(datum.data, np.uint8) if datum.data else np.array(datum.float_data, np.float32)
    if min(shape) < 1 or values.size != shape[0] * shape[1] * shape[2]:
        raise NetdefError(f"says {shape[0]} x {shape[1]} x {shape[2]} and holds {values.size} values")
    return values.reshape(shape)


def array_datum(image: np.ndarray, label: int) -> messages.Datum:
    """The raw datum of a uint8 image (C, H, W)."""
    channels, height, width = image.shape
    return messages.Datum(channels=channels, height=height, width=width, data=image.tobytes(), label=int(label))


def decode(data: bytes, color: bool | None = None) -> np.ndarray:
    """An image file's pixels, uint8 (channels, height, width), blue first; see `datum_array` for ``color``.

    Orientation marks of cameras are not followed. Raises `NetdefError` for what Pillow cannot decode and for more than
    8 bits a channel, which Caffe refuses too.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.mode.startswith(("I", "F")):
                raise NetdefError(f"holds an image with more than 8 bits a channel ({image.mode})")
            if color is False:
                image.draft("L", None)  # a JPEG's luma is its grey picture, as OpenCV takes it
            mode = _native_mode(image) if color is None else "RGB" if color else "L"
            if mode == "L" and _native_mode(image) != "L":
                return _grey(np.asarray(image.convert("RGB")), *_GREY.get(image.format, _GREY["BMP"]))[None]
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


def _grey(pixels: np.ndarray, red: int, green: int, blue: int, bits: int, up: int) -> np.ndarray:
    values = pixels.astype(np.int32)
    return ((values[..., 0] * red + values[..., 1] * green + values[..., 2] * blue + up) >> bits).astype(np.uint8)


def _native_mode(image: Image.Image) -> str:
    if image.mode == "P":
        return "RGBA" if "transparency" in image.info else "RGB"
    return _NATIVE.get(image.mode, "RGB")
