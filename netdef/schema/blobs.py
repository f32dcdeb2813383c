"""Convert `BlobProto` to numpy and back at the speed of copying bytes.

On the wire a packed ``repeated float`` is a length and little-endian float32s, exactly as a ``bytes`` field of the same
number. So a twin of `BlobProto` whose numbers are declared ``bytes`` reads and writes whole arrays; protobuf itself
packs the values of old files. Going through Python floats takes 25 times as long.

NVIDIA's fork writes the values of a blob as raw bytes, in a field that only it has; they are read, and never written.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

from netdef.errors import NetdefError
from netdef.schema import messages

RAW_TYPE, RAW_DATA = 10, 12
"""The numbers of NVIDIA's fields: the type of the values, and their bytes."""
_RAW_TYPES: dict[int, np.dtype] = {0: np.dtype("<f8"), 1: np.dtype("<f4"), 2: np.dtype("<f2")}
_LEGACY_DIMS = ("num", "channels", "height", "width")


def _twin_of_blob_proto() -> type[Message]:
    file = descriptor_pb2.FileDescriptorProto.FromString(messages.DESCRIPTOR.serialized_pb)
    (blob,) = (message for message in file.message_type if message.name == "BlobProto")
    for field in blob.field:
        if field.options.packed:
            field.type = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
            field.label = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL
            field.ClearField("options")
    _add_field(blob, "raw_data_type", RAW_TYPE, descriptor_pb2.FieldDescriptorProto.TYPE_INT32)
    _add_field(blob, "raw_data", RAW_DATA, descriptor_pb2.FieldDescriptorProto.TYPE_BYTES)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{file.package}.{blob.name}"))


def _add_field(
    blob: descriptor_pb2.DescriptorProto, name: str, number: int, kind: descriptor_pb2.FieldDescriptorProto.Type.ValueType
) -> None:
    blob.field.add(name=name, number=number, type=kind, label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)


def raw_type(number: int) -> np.dtype:
    """The type of raw values: double, single or half precision. Raises `NetdefError` for integers."""
    if number not in _RAW_TYPES:
        raise NetdefError(f"its raw values are of type {number}; 0 (double), 1 (float) and 2 (half) are read")
    return _RAW_TYPES[number]


_Twin: Any = _twin_of_blob_proto()  # no stub describes this class


def blob_shape(proto: messages.BlobProto) -> tuple[int, ...]:
    """The shape that a blob states: ``shape``, or the four dimensions of files written before 2014.

    As in Caffe the old four take precedence when any of them is there, and missing ones are 0.
    """
    if any(proto.HasField(name) for name in _LEGACY_DIMS):
        return tuple(getattr(proto, name) for name in _LEGACY_DIMS)
    return tuple(proto.shape.dim)


def check_shape(shape: tuple[int, ...], size: int) -> None:
    """Raise `NetdefError` unless a blob of this shape has ``size`` values."""
    if min(shape, default=0) < 0:
        raise NetdefError(f"a blob has the shape {shape}; a dimension cannot be negative")
    if math.prod(shape) != size:
        raise NetdefError(f"a blob of shape {shape} has {math.prod(shape)} values; {size} are there")


def to_array(proto: messages.BlobProto) -> np.ndarray:
    """The blob's ``data`` (or ``double_data``, or NVIDIA's ``raw_data``) as a writable float32 array of the blob's shape.

    Raises `NetdefError` when shape and number of values differ.
    """
    shape = blob_shape(proto)
    twin = _Twin.FromString(proto.SerializeToString())
    if twin.double_data:
        values = np.frombuffer(twin.double_data, "<f8")
    elif twin.data or not twin.raw_data:
        values = np.frombuffer(twin.data, "<f4")
    else:
        kind = raw_type(twin.raw_data_type)
        if len(twin.raw_data) % kind.itemsize:
            raise NetdefError(f"its values end within a number: {len(twin.raw_data)} bytes for numbers of {kind.itemsize}")
        values = np.frombuffer(twin.raw_data, kind)
    check_shape(shape, values.size)
    with np.errstate(over="ignore"):  # a double beyond float32 becomes infinite, as in Caffe
        return values.astype(np.float32).reshape(shape)


def from_array(array: np.ndarray) -> messages.BlobProto:
    """A blob with the array's shape and its values as float32 ``data``."""
    twin = _Twin(data=np.ascontiguousarray(array, "<f4").tobytes())
    twin.shape.dim.extend(np.shape(array))
    twin.shape.SetInParent()  # a scalar has a shape too, of no dimensions
    return messages.BlobProto.FromString(twin.SerializeToString())
