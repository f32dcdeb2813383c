"""`Datum` messages to arrays, channels first and blue before green and red, and back."""

from __future__ import annotations

import numpy as np
from google.protobuf.message import DecodeError

from netdef.data.images.image_file import decode
from netdef.errors import NetdefError
from netdef.schema import messages


def parse_datum(value: bytes | memoryview) -> messages.Datum:
    """Parse a database's value as a datum. Raises `NetdefError` for other bytes."""
    try:
        return messages.Datum.FromString(bytes(value))
    except DecodeError as error:
        raise NetdefError(f"is not a Datum ({len(value)} bytes)") from error


def datum_array(datum: messages.Datum, color: bool | None = None) -> np.ndarray:
    """The values of a datum, (channels, height, width): uint8, or float32 from ``float_data``. Read-only.

    An encoded image is decoded to three channels (``color`` True), to one (False) or to as many as its file has (None);
    raw datums stay as they are. Raises `NetdefError` if the datum contradicts itself or its image cannot be decoded.
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
