"""Read and write `.caffemodel`: a NetParameter whose layers have blobs. V1 and V0 nets are read, too.

Masks are bits in the messages of their Mask layers, which stock Caffe ignores.
"""

from __future__ import annotations

import io
import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from google.protobuf.message import DecodeError, Message
from torch import Tensor

from netdef.errors import FileError, NetdefError
from netdef.files import atomic_write
from netdef.schema.blobs import RAW_DATA, RAW_TYPE, check_shape, raw_type, to_array
from netdef.schema.messages import (
    BlobProto,
    BlobShape,
    LayerParameter,
    MaskParameter,
    NetParameter,
    V0LayerParameter,
    V1LayerParameter,
)  # fmt: skip
from netdef.weights import wire_format
from netdef.weights.stored_layers import BlobDiff, StoredBlob, StoredLayer, WrittenLayer, as_array, get_mask

LARGEST = 2**31 - 1
"""The largest message that Caffe and protobuf read."""

_Message = TypeVar("_Message", bound=Message)

_MOST_AXES_BYTES = 32 * 10  # Caffe's blobs have at most 32 axes, a varint takes at most 10 bytes
_OLD_MASK = 10001
"""Where a Mask layer had its mask at first. In other layers it is a field of a fork: CaffeOnSpark's, R-FCN's."""

_DIMS = {getattr(BlobProto, f"{name.upper()}_FIELD_NUMBER"): i for i, name in enumerate(
    ("num", "channels", "height", "width")
)}  # fmt: skip


# C3D 1.0 numbers the fields of blobs anew: num, channels, length, height and width from 1 to 5, its values are 6.
_C3D_DIMS, _C3D_DATA = range(1, 6), 6


class _Fields(NamedTuple):
    """The numbers of the fields that are read from weight files, in one version of layers."""

    name: int
    blobs: int
    type: int | None = None
    mask: int | None = None
    inner: int | None = None  # a layer of the previous version


_V2 = _Fields(
    LayerParameter.NAME_FIELD_NUMBER, LayerParameter.BLOBS_FIELD_NUMBER, LayerParameter.TYPE_FIELD_NUMBER,
    LayerParameter.MASK_PARAM_FIELD_NUMBER,
)
_V1 = _Fields(
    V1LayerParameter.NAME_FIELD_NUMBER, V1LayerParameter.BLOBS_FIELD_NUMBER, inner=V1LayerParameter.LAYER_FIELD_NUMBER
)
_V0 = _Fields(V0LayerParameter.NAME_FIELD_NUMBER, V0LayerParameter.BLOBS_FIELD_NUMBER)
_LAYERS = {NetParameter.LAYER_FIELD_NUMBER: _V2, NetParameter.LAYERS_FIELD_NUMBER: _V1}


@contextmanager
def read(path: str | os.PathLike[str]) -> Iterator[list[StoredLayer]]:
    """The layers of a file, to read while the context lasts.

    Opening reads names and sizes only, and checks every size against the file before anything takes memory. Raises
    `FileError` for a file that is damaged, truncated or something else.
    """
    with open(path, "rb", buffering=0) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            layers = [
                _layer(file, data, _LAYERS[number], start, end)
                for number, wire_type, start, end in _net_fields(data)
                if number in _LAYERS
            ]
        except (wire_format.Damaged, NetdefError) as error:
            raise FileError(f"{os.fspath(path)}: is no .caffemodel, or a damaged one: {error}") from error
        if not layers:
            raise FileError(f"{os.fspath(path)}: is no .caffemodel: it holds no layers")
        yield layers


def _net_fields(data: mmap.mmap) -> Iterator[tuple[int, int, int, int]]:
    for field in wire_format.fields(data, 0, len(data)):
        number, wire_type, *_ = field
        if wire_type != wire_format.BYTES and number in (*_LAYERS, NetParameter.NAME_FIELD_NUMBER):
            raise wire_format.Damaged("it does not begin as a net; a .solverstate or a mean file does not go here")
        yield field


def _layer(file: io.FileIO, data: mmap.mmap, numbers: _Fields, start: int, end: int) -> StoredLayer:
    layer = StoredLayer("")
    blobs = []
    kind, old_mask = b"", None
    for number, wire_type, value, stop in wire_format.fields(data, start, end):
        if wire_type != wire_format.BYTES:
            continue
        if number == numbers.name:
            layer.name = data[value:stop].decode("utf-8", "replace")
        elif number == numbers.blobs:
            blobs.append((value, stop))
        elif number == numbers.type:
            kind = data[value:stop]
        elif number == _OLD_MASK:
            old_mask = (value, stop)
        elif number == numbers.mask:
            layer.mask = get_mask(_parse(MaskParameter, data[value:stop]))
        elif number == numbers.inner:
            layer = _layer(file, data, _V0, value, stop)
    if kind == b"Mask" and old_mask and layer.mask is None:
        layer.mask = get_mask(_parse(MaskParameter, data[slice(*old_mask)]))
    for index, (value, stop) in enumerate(blobs, start=len(layer.blobs)):
        try:
            layer.blobs[index] = _blob(file, data, value, stop)
        except (wire_format.Damaged, NetdefError) as error:
            raise wire_format.Damaged(f"layer `{layer.name}`, blob {index}: {error}") from error
    return layer


def _blob(file: io.FileIO, data: mmap.mmap, start: int, end: int) -> StoredBlob:
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
            shape = tuple(_parse(BlobShape, data[value:stop]).dim)
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
    proto = _parse(BlobProto, data[start:end])
    values = torch.from_numpy(to_array(proto))
    old_style = any(proto.HasField(name) for name in ("num", "channels", "height", "width"))

    def read_into(into: Tensor) -> None:
        into.copy_(values.view(into.shape))

    return StoredBlob(tuple(values.shape), read_into, old_style)


def _parse(message_class: type[_Message], data: bytes) -> _Message:
    try:
        return message_class.FromString(data)
    except DecodeError as error:
        raise wire_format.Damaged(f"a {message_class.DESCRIPTOR.name} in it cannot be read") from error


def write(path: str | os.PathLike[str], name: str, layers: Sequence[WrittenLayer], diff: BlobDiff | None = None) -> None:
    """Write a net of this name: each layer's message and blobs, and the result of ``diff`` as each blob's ``diff``.

    All or nothing; raises `FileError`, also for a file over 2 GiB, which neither Caffe nor protobuf could read.
    """
    chunks: list[bytes | Tensor] = [NetParameter(name=name).SerializeToString()]
    for message, blobs in layers:
        inside: list[bytes | Tensor] = [message.SerializeToString()]
        for blob in blobs:
            head = _blob_head(blob)
            content: list[bytes | Tensor] = [head, blob]
            if diff is not None:
                content += [wire_format.header(BlobProto.DIFF_FIELD_NUMBER, _size(blob)), diff(blob)]
            inside += [wire_format.header(LayerParameter.BLOBS_FIELD_NUMBER, sum(map(_size, content))), *content]
        chunks += [wire_format.header(NetParameter.LAYER_FIELD_NUMBER, sum(map(_size, inside))), *inside]
    total = sum(map(_size, chunks))
    if total > LARGEST:
        raise FileError(
            f"{os.fspath(path)}: would take {total / 2**30:.2f} GiB; a .caffemodel cannot be larger than 2 GiB. "
            "Name it .caffemodel.h5 (solver: `snapshot_format: HDF5`) instead"
        )
    with atomic_write(path) as file:
        for chunk in chunks:
            file.write(chunk if isinstance(chunk, bytes) else as_array(chunk).reshape(-1).view(np.uint8))


def _blob_head(blob: Tensor) -> bytes:
    """The bytes of a BlobProto before its values."""
    shape = BlobProto(shape={"dim": blob.shape})
    shape.shape.SetInParent()
    return shape.SerializeToString() + wire_format.header(BlobProto.DATA_FIELD_NUMBER, _size(blob))


def _size(chunk: bytes | Tensor) -> int:
    return len(chunk) if isinstance(chunk, bytes) else 4 * chunk.numel()
