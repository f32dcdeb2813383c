"""Read the message of a blob in a `.caffemodel`: shapes of three kinds, values of single, double or half precision."""

from __future__ import annotations

import io
import mmap
from collections.abc import Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from google.protobuf.message import DecodeError, Message
from torch import Tensor

from netdef.errors import FileError
from netdef.schema.blobs import RAW_DATA, RAW_TYPE, check_shape, raw_type, to_array
from netdef.schema.messages import BlobProto, BlobShape
from netdef.weights import wire_format
from netdef.weights.stored_layers import StoredBlob

_Message = TypeVar("_Message", bound=Message)

_MOST_AXES_BYTES = 32 * 10  # Caffe's blobs have at most 32 axes, a varint takes at most 10 bytes
_DIMS = {getattr(BlobProto, f"{name.upper()}_FIELD_NUMBER"): i for i, name in enumerate(
    ("num", "channels", "height", "width")
)}  # fmt: skip
# C3D 1.0 numbers the fields of blobs anew: num, channels, length, height and width from 1 to 5, its values are 6.
_C3D_DIMS, _C3D_DATA = range(1, 6), 6


def read_blob(file: io.FileIO, data: mmap.mmap, start: int, end: int) -> StoredBlob:
    """A blob of a `.caffemodel`, whose message lies from ``start`` to ``end``. Its values stay in the file until they are read.

    Raises `wire_format.Damaged` and `NetdefError`.
    """
    dims = [0, 0, 0, 0]
    old_style = False
    shape: tuple[int, ...] = ()
    pieces: dict[str, list[tuple[int, int]]] = {"<f4": [], "<f8": []}
    raw: list[tuple[int, int]] = []
    kind = 0
    for number, wire_type, value, stop in wire_format.fields(data, start, end):
        if number in _DIMS and wire_type == wire_format.VARINT:
            dims[_DIMS[number]] = wire_format.read_varint(data, value, stop)[0]
            old_style = True
        elif number == BlobProto.SHAPE_FIELD_NUMBER and wire_type == wire_format.BYTES:
            if stop - value > _MOST_AXES_BYTES:
                raise wire_format.Damaged("its shape has more than 32 axes")
            shape = tuple(parse(BlobShape, data[value:stop]).dim)
        elif number in (BlobProto.DATA_FIELD_NUMBER, BlobProto.DOUBLE_DATA_FIELD_NUMBER):
            if number == max(_C3D_DIMS) and wire_type == wire_format.VARINT:
                return _blob_of_c3d(file, data, start, end)
            if wire_type != wire_format.BYTES:
                return _unpacked(data, start, end)
            pieces["<f4" if number == BlobProto.DATA_FIELD_NUMBER else "<f8"].append((value, stop))
        elif number == RAW_DATA and wire_type == wire_format.BYTES:
            raw = [(value, stop)]
        elif number == RAW_TYPE and wire_type == wire_format.VARINT:
            kind = wire_format.read_varint(data, value, stop)[0]
    if old_style:
        shape = tuple(dims)
    dtype = np.dtype("<f8" if pieces["<f8"] else "<f4")
    found = pieces[dtype.str]
    if raw and not found:
        dtype, found = raw_type(kind), raw
    count, rest = divmod(sum(stop - begin for begin, stop in found), dtype.itemsize)
    if rest:
        raise wire_format.Damaged(f"its values end within a number, {rest} bytes too many")
    check_shape(shape, count)
    return StoredBlob(shape, partial(_read, file, found, dtype), old_style)


def _blob_of_c3d(file: io.FileIO, data: mmap.mmap, start: int, end: int) -> StoredBlob:
    """A blob of five axes, as C3D 1.0 wrote them; a vector of N values is (1, 1, 1, 1, N)."""
    dims, pieces = [0] * len(_C3D_DIMS), []
    for number, wire_type, value, stop in wire_format.fields(data, start, end):
        if number in _C3D_DIMS and wire_type == wire_format.VARINT:
            dims[number - 1] = wire_format.read_varint(data, value, stop)[0]
        elif number == _C3D_DATA and wire_type == wire_format.BYTES:
            pieces.append((value, stop))
    count, rest = divmod(sum(stop - begin for begin, stop in pieces), 4)
    if rest:
        raise wire_format.Damaged(f"its values end within a number, {rest} bytes too many")
    check_shape(tuple(dims), count)
    return StoredBlob(tuple(dims), partial(_read, file, pieces, np.dtype("<f4")), old_style=True)


def _read(file: io.FileIO, pieces: Sequence[tuple[int, int]], dtype: np.dtype, into: Tensor) -> None:
    """Fill a tensor from the file's bytes; single precision needs no further memory."""
    values = into.view(-1).numpy()
    raw = values if dtype == values.dtype else np.empty(values.shape, dtype)
    target = raw.view(np.uint8)
    filled = 0
    for start, stop in pieces:
        file.seek(start)
        wanted = filled + stop - start
        while filled < wanted:
            got = file.readinto(target[filled:wanted].data)
            if not got:
                raise FileError(f"{file.name}: became shorter while it was read")
            filled += got
    if raw is not values:
        with np.errstate(over="ignore"):
            values[:] = raw


def _unpacked(data: mmap.mmap, start: int, end: int) -> StoredBlob:
    """A blob with a tag before every value, as the oldest writers made them."""
    proto = parse(BlobProto, data[start:end])
    values = torch.from_numpy(to_array(proto))
    old_style = any(proto.HasField(name) for name in ("num", "channels", "height", "width"))

    def read_into(into: Tensor) -> None:
        into.copy_(values.view(into.shape))

    return StoredBlob(tuple(values.shape), read_into, old_style)


def parse(message_class: type[_Message], data: bytes) -> _Message:
    """A message of the bytes; raises `wire_format.Damaged`."""
    try:
        return message_class.FromString(data)
    except DecodeError as error:
        raise wire_format.Damaged(f"a {message_class.DESCRIPTOR.name} in it cannot be read") from error
