"""The messages of `netdef.proto` as Python classes: `messages.NetParameter`, `messages.Phase`, `messages.TRAIN`, ...

The compiled schema is loaded into a descriptor pool of its own. Generated `_pb2` code would need one version of the
protobuf runtime, and protobuf's default pool may have another schema with the same names. `messages.pyi` has the types.
"""

from __future__ import annotations

from importlib import resources

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper


def _load(compiled: bytes) -> dict[str, object]:
    """The attributes that protoc's Python code for this FileDescriptorSet of one file would have."""
    pool = descriptor_pool.DescriptorPool()
    (file,) = descriptor_pb2.FileDescriptorSet.FromString(compiled).file
    pool.AddSerializedFile(file.SerializeToString())
    descriptor = pool.FindFileByName(file.name)
    attributes: dict[str, object] = {"DESCRIPTOR": descriptor}
    for name, message in descriptor.message_types_by_name.items():
        attributes[name] = message_factory.GetMessageClass(message)
    for name, enum in descriptor.enum_types_by_name.items():
        attributes[name] = EnumTypeWrapper(enum)
        attributes.update(attributes[name].items())
    return attributes


globals().update(_load(resources.files(__package__).joinpath("netdef.binpb").read_bytes()))
