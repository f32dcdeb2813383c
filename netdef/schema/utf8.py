"""The texts of a message that came from a file, as protobuf takes them from it: whatever their bytes are."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.errors import NetdefError


def check_texts(message: Message) -> None:
    """Raise `NetdefError` about a text that is not UTF-8: reading it gives bytes, which are no name."""
    for text in _texts(message):
        if isinstance(text, bytes):
            raise NetdefError(f"has the text {text!r}, which is not UTF-8")


def _texts(message: Message) -> Iterator[str | bytes]:
    for field, value in message.ListFields():
        values = (value,) if isinstance(value, (str, bytes, Message)) else value
        if field.type == FieldDescriptor.TYPE_STRING:
            yield from values
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for inner in values:
                yield from _texts(inner)
