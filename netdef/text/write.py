"""Message to text: a prototxt as a person would lay it out, which reads back as the same message."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.text.strings import quote

_WIDTH = 100  # what fits here goes into one line
_LIST = 8  # more numbers than this are written as a list


def message_text(message: Message) -> str:
    """The text of a message, a field a line, small blocks in one line.

    Floats are the shortest that read back as the same float32, enums are names, long runs of numbers are lists. Fields
    that the schema does not know are left out.
    """
    return "".join(f"{line.text}\n" for line in message_lines(message))


class Line(NamedTuple):
    """A line of a text. ``path`` leads to the field that begins in it: names and indices in turn, a field's index 0 if
    it is not repeated; None where a block or a list goes on or ends.
    """

    path: tuple[str | int, ...] | None
    text: str


def message_lines(message: Message, indent: str = "", path: tuple[str | int, ...] = ()) -> Iterator[Line]:
    """The lines of `message_text`, for whoever wants to put something between them."""
    for field, value in message.ListFields():
        repeated = not isinstance(value, (Message, str, bytes, int, float))
        values = value if repeated else [value]
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for i, part in enumerate(values):
                yield from _block(field.name, part, indent, (*path, field.name, i))
        elif len(values) > _LIST and field.type != FieldDescriptor.TYPE_STRING:
            yield from _list(field, values, indent, (*path, field.name, 0))
        else:
            for i, part in enumerate(values):
                yield Line((*path, field.name, i), f"{indent}{field.name}: {_scalar(field, part)}")


def _block(name: str, message: Message, indent: str, path: tuple[str | int, ...]) -> Iterator[Line]:
    inside = list(message_lines(message, indent + "  ", path))
    line = f"{indent}{name} {{ {' '.join(part.text.strip() for part in inside)} }}"
    has_blocks = any(field.type == FieldDescriptor.TYPE_MESSAGE for field, _ in message.ListFields())
    if not inside:
        yield Line(path, f"{indent}{name} {{}}")
    elif indent and len(line) <= _WIDTH and not has_blocks:  # a layer is easier on the eye with a line a field
        yield Line(path, line)
    else:
        yield Line(path, f"{indent}{name} {{")
        yield from inside
        yield Line(None, f"{indent}}}")


def _list(field: FieldDescriptor, values: Sequence, indent: str, path: tuple[str | int, ...]) -> Iterator[Line]:
    yield Line(path, f"{indent}{field.name}: [")
    line = indent + " "
    for i, value in enumerate(values, 1):
        word = _scalar(field, value) + ("," if i < len(values) else "")
        if len(line) + len(word) >= _WIDTH:
            yield Line(None, line)
            line = indent + " "
        line += " " + word
    yield Line(None, line)
    yield Line(None, f"{indent}]")


def _scalar(field: FieldDescriptor, value: object) -> str:
    if field.type == FieldDescriptor.TYPE_BOOL:
        return "true" if value else "false"
    if field.type == FieldDescriptor.TYPE_ENUM:
        return field.enum_type.values_by_number[value].name
    if field.type == FieldDescriptor.TYPE_STRING:
        return quote(value.encode())
    if field.type == FieldDescriptor.TYPE_BYTES:
        return quote(value)
    if field.type in (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE):
        return _number(np.float32(value) if field.type == FieldDescriptor.TYPE_FLOAT else value)
    return str(value)


def _number(value: np.float32 | float) -> str:
    """The shortest text of a number: 0.01, 1, 100000000, 1e-08, -inf."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e9:
        return f"{value:.0f}"
    return str(value)
