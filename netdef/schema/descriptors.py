"""Helpers for protobuf's messages and descriptors that work with all versions of protobuf."""

from __future__ import annotations

from typing import Any, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message


def descriptor_of(message: Message | type[Message]) -> Descriptor:
    """The descriptor of a message or of its class."""
    return cast(Descriptor, message.DESCRIPTOR)  # its type depends on protobuf's implementation, its use does not


def message_type(field: FieldDescriptor) -> Descriptor:
    """The descriptor of the message that a field of a message type holds."""
    return cast(Descriptor, field.message_type)


def enum_type(field: FieldDescriptor) -> EnumDescriptor:
    """The descriptor of the enum of a field of an enum type."""
    return cast(EnumDescriptor, field.enum_type)


def is_repeated(field: FieldDescriptor) -> bool:
    """Whether a field is repeated."""
    if hasattr(field, "is_repeated"):  # since protobuf 6.31
        return field.is_repeated
    return getattr(field, "label") == FieldDescriptor.LABEL_REPEATED  # noqa: B009  (the types do not have it any more)


def is_required(field: FieldDescriptor) -> bool:
    """Whether a message must have a field."""
    if hasattr(field, "is_required"):
        return field.is_required
    return getattr(field, "label") == FieldDescriptor.LABEL_REQUIRED  # noqa: B009


def set_field(message: Message, name: str, value: Any) -> None:
    """Set a scalar or message field, or extend a repeated one by ``value``, which may be repeated itself."""
    target = getattr(message, name)
    if hasattr(target, "extend"):
        target.extend(value if hasattr(value, "extend") else [value])
    elif isinstance(target, Message):
        target.CopyFrom(value)
    else:
        setattr(message, name, value)
