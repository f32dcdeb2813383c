"""`BlobProto` to numpy and back, at the speed of copying bytes.

On the wire a packed ``repeated float`` is a length and little-endian float32s, which is also what a ``bytes`` field of
the same number looks like. So a twin of `BlobProto` whose numbers are declared ``bytes`` reads and writes whole arrays;
protobuf itself turns old unpacked files into the packed form on the way. Going through Python floats instead takes
25 times as long.
"""

from __future__ import annotations

import math

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

from netdef.errors import NetdefError
from netdef.schema import messages

_LEGACY_DIMS = ("num", "channels", "height", "width")


def _twin_of_blob_proto() -> type[Message]:
    file = descriptor_pb2.FileDescriptorProto(name="twin.proto", package=messages.DESCRIPTOR.package, syntax="proto2")
    for message in (messages.BlobShape, messages.BlobProto):
        message.DESCRIPTOR.CopyToProto(file.message_type.add())
    for field in file.message_type[1].field:
        if field.options.packed:
            field.type = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
            field.label = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL
            field.ClearField("options")
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{file.package}.BlobProto"))


_Twin = _twin_of_blob_proto()


def blob_shape(proto: messages.BlobProto) -> tuple[int, ...]:
    """The shape a blob says it has: ``shape``, or the four dimensions of files written before 2014.

    As in Caffe the old four win when any of them is there, and those not given are 0.
    """
    if any(proto.HasField(name) for name in _LEGACY_DIMS):
        return tuple(getattr(proto, name) for name in _LEGACY_DIMS)
    return tuple(proto.shape.dim)


def to_array(proto: messages.BlobProto) -> np.ndarray:
    """The blob's ``data`` (or ``double_data``) as a writable float32 array of the blob's shape.

    Raises `NetdefError` when the shape and the number of values differ.
    """
    shape = blob_shape(proto)
    twin = _Twin.FromString(proto.SerializeToString())
    values = np.frombuffer(twin.double_data, "<f8") if twin.double_data else np.frombuffer(twin.data, "<f4")
    if min(shape, default=0) < 0 or math.prod(shape) != values.size:
        raise NetdefError(f"a blob of shape {shape} holds {values.size} values; it needs {math.prod(shape)}")
    return values.astype(np.float32).reshape(shape)


def from_array(array: np.ndarray) -> messages.BlobProto:
    """A blob with the array's shape and its values as float32 ``data``."""
    twin = _Twin(data=np.ascontiguousarray(array, "<f4").tobytes())
    twin.shape.dim.extend(np.shape(array))
    twin.shape.SetInParent()  # a scalar has a shape too, of no dimensions
    return messages.BlobProto.FromString(twin.SerializeToString())
