"""Read and write `.caffemodel`: a NetParameter whose layers have blobs. V1 and V0 nets are read, too.

Masks are bits in the messages of their Mask layers, which stock Caffe ignores.
"""

from __future__ import annotations

import io
import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from torch import Tensor

from netdef.errors import FileError, NetdefError
from netdef.files import atomic_write
from netdef.schema.messages import (
    BlobProto,
    LayerParameter,
    MaskParameter,
    NetParameter,
    V0LayerParameter,
    V1LayerParameter,
)  # fmt: skip
from netdef.weights import wire_format
from netdef.weights.blob_message import parse, read_blob
from netdef.weights.stored_layers import BlobDiff, StoredLayer, WrittenLayer, as_array, get_mask

LARGEST = 2**31 - 1
"""The largest message that Caffe and protobuf read."""

_OLD_MASK = 10001
"""Where a Mask layer had its mask at first. In other layers it is a field of a fork: CaffeOnSpark's, R-FCN's."""


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
            layer.mask = get_mask(parse(MaskParameter, data[value:stop]))
        elif number == numbers.inner:
            layer = _layer(file, data, _V0, value, stop)
    if kind == b"Mask" and old_mask and layer.mask is None:
        layer.mask = get_mask(parse(MaskParameter, data[slice(*old_mask)]))
    for index, (value, stop) in enumerate(blobs, start=len(layer.blobs)):
        try:
            layer.blobs[index] = read_blob(file, data, value, stop)
        except (wire_format.Damaged, NetdefError) as error:
            raise wire_format.Damaged(f"layer `{layer.name}`, blob {index}: {error}") from error
    return layer


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
