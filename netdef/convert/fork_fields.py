"""Read the fields of forks in a binary layer: renumber the known ones, and find the unknown ones."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_numbers import ForkField, fork_field, is_switch
from netdef.schema.messages import LayerParameter
from netdef.weights import wire_format

_APPLIED = ("include", "exclude")
"""Fields that the net in a weight file does not need: its rules have been applied."""
_UNREAD = 400_000_000
"""Added to the number of a field of a fork's message that ours has no place for: no schema has such numbers."""


def move_field(data: bytes | mmap.mmap, kind: str, number: int, wire_type: int, at: tuple[int, int, int]) -> bytes:
    """The bytes of a field of a layer of this type, under our number if it is a fork's; none if it has no effect.

    ``at`` is where the field begins, where its value does, and where both end.
    """
    begin, value, stop = at
    if wire_type == wire_format.VARINT and is_switch(number):
        return b""
    fork = fork_field(kind, number) if wire_type == wire_format.BYTES else None
    if fork is None:
        return data[begin:stop]
    if fork.field is None:
        return b""
    inside = fork.before + b"".join(_moved_within(data[value:stop], fork))
    return wire_format.header(fork.field, len(inside)) + inside


def _moved_within(data: bytes, fork: ForkField) -> Iterator[bytes]:
    """The fields of a fork's message, under our numbers."""
    begin = 0
    for number, wire_type, _, stop in wire_format.fields(data, 0, len(data)):
        if number not in fork.ignored:
            ours = number if fork.numbers is None else fork.numbers.get(number, _UNREAD + number)
            _, after = wire_format.read_varint(data, begin, stop)
            yield wire_format.varint(ours << 3 | wire_type) + data[after:stop]
        begin = stop


def unread_fields(layer: Message) -> list[str]:
    """The fields of a layer's message that the schema does not have, as ``convolution_param.20``."""
    return list(dict.fromkeys(_unread(layer, "")))


def _unread(message: Message, path: str) -> Iterator[str]:
    unknowns = UnknownFieldSet(message)
    for unknown in (unknowns[i] for i in range(len(unknowns))):
        if not _chooses_a_kernel(descriptor_of(message), unknown.field_number):
            yield f"{path}{unknown.field_number % _UNREAD}"
    for field, value in message.ListFields():
        if field.message_type is None or (isinstance(message, LayerParameter) and field.name in _APPLIED):
            continue
        for inner in [value] if isinstance(value, Message) else value:
            yield from _unread(inner, f"{path}{field.name}.")


def _chooses_a_kernel(message: Descriptor, number: int) -> bool:
    """Whether a number is of ``engine``, whose value is not ours, such as intel's MKLDNN."""
    field = message.fields_by_number.get(number)
    return field is not None and field.name == "engine"
