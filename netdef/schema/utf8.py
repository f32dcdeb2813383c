"""Check that the strings of a message from a file are UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.errors import NetdefError
from netdef.schema.descriptors import is_repeated


def check_texts(message: Message) -> None:
    """Raise `NetdefError` for a string that is not UTF-8: protobuf returns such a string as bytes."""
    for text in _texts(message):
        if isinstance(text, bytes):
            raise NetdefError(f"has the text {text!r}, which is not UTF-8")


def _texts(message: Message) -> Iterator[str | bytes]:
    """All strings of a message and of the messages in it."""
    for field, value in message.ListFields():
        values = value if is_repeated(field) else (value,)
        if field.type == FieldDescriptor.TYPE_STRING:
            yield from values
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for inner in values:
                yield from _texts(inner)
