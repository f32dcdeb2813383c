"""Write a message as a prototxt, laid out as by hand, which reads back as the same message."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netdef.text.strings import quote

_WIDTH = 100  # blocks that fit go into one line
_LIST = 8  # more values than this are written as a list


def message_text(message: Message) -> str:
    """The text of a message, one line for each field or small block.

    Floats are the shortest that read back as the same float32, enums are names, long runs of numbers are lists. Fields
    that the schema does not know are left out.
    """
    return "".join(f"{line.text}\n" for line in message_lines(message))


class WrittenLine(NamedTuple):
    """A line of a text.

    ``path`` leads to the field that begins in the line: names and indices in turn, with index 0 for a field that is
    not repeated; None for a line within or at the end of a block or a list.
    """

    path: tuple[str | int, ...] | None
    text: str


def message_lines(message: Message, indent: str = "", path: tuple[str | int, ...] = ()) -> Iterator[WrittenLine]:
    """The lines of `message_text`, with the paths of their fields."""
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
                yield WrittenLine((*path, field.name, i), f"{indent}{field.name}: {_scalar(field, part)}")


def _block(name: str, message: Message, indent: str, path: tuple[str | int, ...]) -> Iterator[WrittenLine]:
    inside = list(message_lines(message, indent + "  ", path))
    line = f"{indent}{name} {{ {' '.join(part.text.strip() for part in inside)} }}"
    has_blocks = any(field.type == FieldDescriptor.TYPE_MESSAGE for field, _ in message.ListFields())
    if not inside:
        yield WrittenLine(path, f"{indent}{name} {{}}")
    elif indent and len(line) <= _WIDTH and not has_blocks:  # a layer gets a line for each field
        yield WrittenLine(path, line)
    else:
        yield WrittenLine(path, f"{indent}{name} {{")
        yield from inside
        yield WrittenLine(None, f"{indent}}}")


def _list(
    field: FieldDescriptor, values: Sequence[str | bytes | float], indent: str, path: tuple[str | int, ...]
) -> Iterator[WrittenLine]:
    yield WrittenLine(path, f"{indent}{field.name}: [")
    line = indent + " "
    for i, value in enumerate(values, 1):
        word = _scalar(field, value) + ("," if i < len(values) else "")
        if len(line) + len(word) >= _WIDTH:
            yield WrittenLine(None, line)
            line = indent + " "
        line += " " + word
    yield WrittenLine(None, line)
    yield WrittenLine(None, f"{indent}]")


def _scalar(field: FieldDescriptor, value: str | bytes | float) -> str:
    if isinstance(value, str):
        return quote(value.encode())
    if isinstance(value, bytes):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.enum_type is not None:
        return field.enum_type.values_by_number[int(value)].name
    if field.type == FieldDescriptor.TYPE_FLOAT:
        return _number(np.float32(value))
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: np.float32 | float) -> str:
    """The shortest text that reads back as the number: 0.01, 1, 100000000, 1e-08, -inf."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e9:
        return f"{value:.0f}"
    return str(value)
