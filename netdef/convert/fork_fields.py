"""Read the fields of forks in a binary layer: renumber the known ones, and find the unknown ones."""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Collection, Iterator

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from netdef.schema.descriptors import descriptor_of
from netdef.schema.fork_numbers import (
    SIZES_OF_AXES,
    ForkField,
    fork_field,
    has_no_effect,
    is_ambiguous,
    is_doubtful,
    is_foreign,
    is_switch,
    mark_of,
)
from netdef.schema.fork_types_of_v1 import may_be_a_forks
from netdef.schema.messages import LayerParameter, NetParameter, V1LayerParameter
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
    if (kind, number, wire_type) == ("Pooling", LayerParameter.POOLING_PARAM_FIELD_NUMBER, wire_format.BYTES):
        inside = b"".join(_sizes_of_axes(data[value:stop]))
        return wire_format.header(number, len(inside)) + inside
    fork = fork_field(kind, number) if wire_type == wire_format.BYTES else None
    if fork is None and wire_type == wire_format.BYTES and is_foreign(kind, number):
        return wire_format.header(_UNREAD + number, stop - value) + data[value:stop]
    if fork is None:
        return data[begin:stop]
    if fork.field is None:
        return b""
    name = descriptor_of(LayerParameter).fields_by_number[fork.field].name
    inside = fork.before + b"".join(_moved_within(data[value:stop], fork, name))
    return wire_format.header(fork.field, len(inside)) + inside


def _moved_within(data: bytes, fork: ForkField, name: str) -> Iterator[bytes]:
    """The fields of a fork's message, which is our field of this name, under our numbers."""
    begin = 0
    for number, wire_type, value, stop in wire_format.fields(data, 0, len(data)):
        if number not in fork.ignored:
            ours = number
            if fork.numbers is not None:
                known = fork.numbers.get((number, wire_type), fork.numbers.get((number, None)))
                ours = _UNREAD + number if known is None else known
            if is_ambiguous(name, ours, wire_type, data[value:stop]):
                ours = _UNREAD + number
            _, after = wire_format.read_varint(data, begin, stop)
            yield wire_format.varint(ours << 3 | wire_type) + data[after:stop]
        begin = stop


def _sizes_of_axes(data: bytes) -> Iterator[bytes]:
    """The fields of a pooling_param; sizes that are there once for each axis, in pull requests, under our numbers."""
    fields, begin = list(wire_format.fields(data, 0, len(data))), 0
    counts = Counter(number for number, *_ in fields)
    for number, wire_type, value, stop in fields:
        several = counts[number] > 1 and wire_type == wire_format.VARINT and number in SIZES_OF_AXES
        ours = SIZES_OF_AXES[number] if several else number
        if is_ambiguous("pooling_param", number, wire_type, data[value:stop]):
            ours = _UNREAD + number
        yield data[begin:stop] if ours == number else wire_format.varint(ours << 3 | wire_type) + data[value:stop]
        begin = stop


def fork_marks(data: bytes | mmap.mmap) -> frozenset[str]:
    """The forks whose marks a net in binary form has, in itself or in its layers."""
    marks = set()
    for number, wire_type, value, stop in wire_format.fields(data, 0, len(data)):
        marks.add(mark_of("NetParameter", number, wire_type, data[value:min(stop, value + 8)]))
        if (number, wire_type) == (NetParameter.LAYER_FIELD_NUMBER, wire_format.BYTES):
            for inner, inner_type, begin, end in wire_format.fields(data, value, stop):
                marks.add(mark_of("LayerParameter", inner, inner_type, data[begin:min(end, begin + 8)]))
    return frozenset(mark for mark in marks if mark is not None)


def unread_fields(layer: Message, marks: Collection[str] = ()) -> list[str]:
    """The fields of a layer's message that the schema does not have, as ``convolution_param.20``, and values, as ``type: 40``."""
    fields = dict.fromkeys(_unread(layer, "", "LayerParameter", marks))
    if isinstance(layer, V1LayerParameter) and may_be_a_forks(layer):
        fields[f"type: {layer.type}"] = None
    return list(fields)


def unread_of_net(net: NetParameter, marks: Collection[str]) -> list[str]:
    """The fields of a net, without its layers, that the schema does not have."""
    return list(_unknown(net, "NetParameter", marks))


def ignored_of_net(net: NetParameter, marks: Collection[str]) -> list[int]:
    """The numbers of a net's own fields that are a fork's and have no effect."""
    unknowns = UnknownFieldSet(net)
    found = (unknowns[i] for i in range(len(unknowns)))
    return sorted({field.field_number for field in found
                   if has_no_effect("NetParameter", field.field_number, field.wire_type, marks)})


def _unread(message: Message, path: str, name: str, marks: Collection[str]) -> Iterator[str]:
    yield from (f"{path}{number}" for number in _unknown(message, name, marks))
    for field, value in message.ListFields():
        if is_doubtful(name, field.number, marks):
            yield f"{path}{field.number}"
        if field.message_type is None or (isinstance(message, LayerParameter) and field.name in _APPLIED):
            continue
        for inner in [value] if isinstance(value, Message) else value:
            yield from _unread(inner, f"{path}{field.name}.", field.name, marks)


def _unknown(message: Message, name: str, marks: Collection[str]) -> Iterator[str]:
    """The message's own unknown fields by number, and unknown values of ours by name.

    ``name`` is that of a net, a layer, or the field that holds the message.
    """
    unknowns = UnknownFieldSet(message)
    for unknown in (unknowns[i] for i in range(len(unknowns))):
        number = unknown.field_number
        wire_type = unknown.wire_type
        if not (_chooses_a_kernel(descriptor_of(message), number, wire_type) or has_no_effect(name, number, wire_type, marks)):
            field = descriptor_of(message).fields_by_number.get(number)
            if field is not None and field.enum_type is not None and wire_type == wire_format.VARINT:
                yield f"{field.name}: {unknown.data}"
            else:
                yield f"{number % _UNREAD}"


def _chooses_a_kernel(message: Descriptor, number: int, wire_type: int) -> bool:
    """Whether a number is of ``engine``, whose value is not ours, such as intel's MKLDNN."""
    field = message.fields_by_number.get(number)
    return field is not None and field.name == "engine" and wire_type == wire_format.VARINT
