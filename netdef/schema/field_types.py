"""The types of a message's fields: the scalars of a text that they accept, and their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from netdef.schema.descriptors import enum_type, is_repeated, is_required
from netdef.text.tree import Identifier, Number, Scalar, String

_LONGEST_CHOICE = 12  # enums of more values are not listed in an error


class FieldType(NamedTuple):
    """The type of a field.

    Attributes:
        repeated, required: as declared.
        convert: the value of a scalar, or None for one that does not fit; None for a field that holds a message.
        wanted: what fits, in words.
        choices: the names of an enum.
    """

    repeated: bool
    required: bool
    convert: Callable[[Scalar], Any] | None
    wanted: str
    choices: tuple[str, ...] = ()


@cache
def field_types(descriptor: Descriptor) -> dict[str, FieldType]:
    """The types of all fields of a message, by name."""
    return {field.name: _field_type(field) for field in descriptor.fields}


def _field_type(field: FieldDescriptor) -> FieldType:
    repeated, required = is_repeated(field), is_required(field)
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return FieldType(repeated, required, None, "a block")
    if field.type == FieldDescriptor.TYPE_ENUM:
        enum = enum_type(field)
        values = {value.name: value.number for value in enum.values}
        names = tuple(values)
        listed = ", ".join(f"`{name}`" for name in names)
        wanted = f"one of {listed}" if len(names) <= _LONGEST_CHOICE else f"a name of {enum.name}"
        return FieldType(repeated, required, lambda scalar: _enum(scalar, values), wanted, names)
    convert, wanted = _SCALARS[field.type]
    return FieldType(repeated, required, convert, wanted)


_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_HEX = re.compile(r"[-+]?0[xX][0-9a-fA-F]+")
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[fF]?")
_SPECIAL = re.compile(r"([-+]?)(?:(inf(?:inity)?)|nan)f?", re.IGNORECASE)
_FLOAT_END = 2.0**128 - 2.0**103  # numbers from here on round to infinity as a float


def _integer(scalar: Scalar) -> int | None:
    if isinstance(scalar, Number):
        for form, base in ((_DECIMAL, 10), (_HEX, 16), (_OCTAL, 8)):
            if form.fullmatch(scalar.value):
                return int(scalar.value, base) if len(scalar.value) < 100 else None
    return None


def _whole(least: int, most: int) -> tuple[Callable[[Scalar], int | None], str]:
    def convert(scalar: Scalar) -> int | None:
        value = _integer(scalar)
        return value if value is not None and least <= value <= most else None

    return convert, f"a whole number from {least} to {most}"


def _double(scalar: Scalar) -> float | None:
    if isinstance(scalar, String):
        return None
    if special := _SPECIAL.fullmatch(scalar.value):
        return math.copysign(math.inf if special[2] else math.nan, -1 if special[1] == "-" else 1)
    if isinstance(scalar, Number) and _FLOAT.fullmatch(scalar.value):
        return float(scalar.value.rstrip("fF"))
    return None


def _float(scalar: Scalar) -> float | None:
    value = _double(scalar)
    # protobuf in C++ makes infinity of 1e40, which is never meant.
    return None if value is not None and _FLOAT_END <= abs(value) < math.inf else value


_BOOLEANS: Mapping[str | int | None, bool] = {
    "true": True, "True": True, "t": True, 1: True, "false": False, "False": False, "f": False, 0: False,
}  # fmt: skip


def _bool(scalar: Scalar) -> bool | None:
    if isinstance(scalar, String):
        return None
    return _BOOLEANS.get(scalar.value if isinstance(scalar, Identifier) else _integer(scalar))


def _string(scalar: Scalar) -> str | None:
    if not isinstance(scalar, String):
        return None
    try:
        return scalar.value.decode()
    except UnicodeDecodeError:
        return None


def _bytes(scalar: Scalar) -> bytes | None:
    return scalar.value if isinstance(scalar, String) else None


def _enum(scalar: Scalar, values: Mapping[str, int]) -> int | None:
    if isinstance(scalar, Identifier):
        return values.get(scalar.value)
    number = _integer(scalar)
    return number if number in values.values() else None


_SCALARS: dict[int, tuple[Callable[[Scalar], Any], str]] = {
    FieldDescriptor.TYPE_INT32: _whole(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: _whole(0, 2**32 - 1),
    FieldDescriptor.TYPE_INT64: _whole(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: _whole(0, 2**64 - 1),
    FieldDescriptor.TYPE_FLOAT: (_float, "a number in the range of float"),
    FieldDescriptor.TYPE_DOUBLE: (_double, "a number"),
    FieldDescriptor.TYPE_BOOL: (_bool, "`true` or `false`"),
    FieldDescriptor.TYPE_STRING: (_string, "a string in quotes (UTF-8)"),
    FieldDescriptor.TYPE_BYTES: (_bytes, "a string in quotes"),
}
