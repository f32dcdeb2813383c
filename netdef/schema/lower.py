"""Tree to typed message, by reflection over the schema: any message class, every mistake collected."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from netdef.errors import Note, Problems, did_you_mean
from netdef.schema.forks import Fork, fork_of
from netdef.schema.where import Where
from netdef.source import Span
from netdef.text.parse import shorten
from netdef.text.tree import Block, Field, Scalar

_LONGEST_CHOICE = 12  # more values than this are not listed in a complaint


def lower(
    block: Block, message_class: type[Message], problems: Problems, lenient: bool = False
) -> tuple[Message, Where]:
    """The message that the tree spells, and the place of each of its fields.

    Equal to what protobuf's own text parser makes of a text that both accept. What does not fit the schema is added to
    ``problems`` and left out: unknown fields, values of another type or out of range, a field given twice that is not
    repeated, required fields that are missing.

    Fields and values of published forks of Caffe are told apart by `netdef.schema.forks`: those that change nothing are
    warned about and left out. ``lenient`` does so with every unknown field and value.
    """
    message = message_class()
    foreign = _Foreign(problems, lenient)
    where = _lower(block, message, Where(block.span), foreign)
    foreign.tell()
    return message, where


class _Foreign:
    """What the schema does not have: each thing that a fork has is told once, with the number of its places."""

    def __init__(self, problems: Problems, lenient: bool):
        self.problems, self.lenient = problems, lenient
        self.seen: dict[tuple[str, Fork], list[Span]] = {}

    def add(self, owner: str, name: str, complaint: str, span: Span) -> None:
        """A field ``name`` of message ``owner``, or a value of an enum field; ``complaint`` is for what no fork has."""
        fork = fork_of(owner, name)
        if fork is not None:
            self.seen.setdefault((name, fork), []).append(span)
        elif self.lenient:
            warnings.warn(f"{span}: {complaint}; it is left out", stacklevel=2)
        else:
            self.problems.add(complaint, span)

    def tell(self) -> None:
        for (name, fork), spans in self.seen.items():
            again = f" (and {len(spans) - 1} more)" if len(spans) > 1 else ""
            if fork.ignored or self.lenient:
                warnings.warn(f"{spans[0]}: `{name}` of {fork.name}{again} is ignored: {fork.reason}", stacklevel=2)
            else:
                self.problems.add(f"`{name}`{again} is of {fork.name}: {fork.reason}", spans[0])


def _lower(block: Block, message: Message, where: Where, foreign: _Foreign) -> Where:
    problems = foreign.problems
    schema = _schema(message.DESCRIPTOR)
    places: dict[str, list[Where]] = {}
    failed = set()
    told = None  # the name of the field complained about last
    for field in block.fields:
        known = schema.get(field.name)
        if known is None:
            if field.name_span != told:  # a list is a field an item
                owner = message.DESCRIPTOR
                foreign.add(owner.name, field.name, _unknown(owner, field.name), field.name_span)
                told = field.name_span
            continue
        before = places.get(field.name)
        if not known.repeated:
            if field.listed:
                if field.name not in failed:
                    problems.add(f"`{field.name}` takes one value, not a list", field.name_span)
                failed.add(field.name)
                continue
            if before:
                note = Note("it is given here first", before[0].span)
                problems.add(
                    f"`{field.name}` is given twice, and {message.DESCRIPTOR.name} has one", field.name_span, note
                )
                continue
        if field.value is None:
            continue
        if known.convert is None and isinstance(field.value, Scalar):
            if field.name_span != told:
                problems.add(
                    f"`{field.name}` wants a block `{{ ... }}`, found {_found(field.value)}", field.value.span)
                told = field.name_span
            continue
        here = Where(field.span, field.name_span)
        if known.convert is None:
            here = _lower_block(field, known, message, here, foreign)
        elif (value := _value(field, known, foreign)) is not None:
            if known.repeated:
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)
        else:
            failed.add(field.name)
        if before is None:
            places[field.name] = [here]
        else:
            before.append(here)
    for name, known in schema.items():
        if known.required and name not in places and name not in failed:
            problems.add(f"{message.DESCRIPTOR.name} lacks `{name}`, which it must have", where.name or where.span)
    return Where(where.span, where.name, places)


def _lower_block(field: Field, known: _Known, message: Message, here: Where, foreign: _Foreign) -> Where:
    part = getattr(message, field.name)
    if known.repeated:
        part = part.add()
    else:
        part.SetInParent()
    return _lower(field.value, part, here, foreign)


def _value(field: Field, known: _Known, foreign: _Foreign) -> Any:
    value = field.value
    if isinstance(value, Block):
        foreign.problems.add(f"`{field.name}` wants {known.wanted}, found a block", field.name_span)
        return None
    converted = known.convert(value)
    if converted is None:
        complaint = f"`{field.name}` wants {known.wanted}, found {_found(value)}"
        if known.choices and value.kind == "identifier":
            foreign.add(field.name, value.value, complaint + did_you_mean(value.value, known.choices), value.span)
        else:
            hint = did_you_mean(_text(value), known.choices) if known.choices and value.kind != "number" else ""
            foreign.problems.add(complaint + hint, value.span)
    return converted


def _text(scalar: Scalar) -> str:
    return scalar.value.decode(errors="replace") if scalar.kind == "string" else scalar.value


def _found(scalar: Scalar) -> str:
    return f"`{shorten(scalar.span.text)}`"


def _unknown(descriptor: Descriptor, name: str) -> str:
    message = f"{descriptor.name} has no field `{name}`"
    other = _OTHER_AGE.get(descriptor.name)
    if other and name in (sibling := descriptor.file.message_types_by_name[other[0]].fields_by_name):
        return f"{message}; {other[1]}" if sibling else message
    return message + did_you_mean(name, descriptor.fields_by_name)


# Texts of two ages pasted together are the commonest reason for an unknown field of a layer.
_OTHER_AGE = {
    "LayerParameter": ("V1LayerParameter", "it belongs in the old `layers`, not in `layer`"),
    "V1LayerParameter": ("LayerParameter", "it belongs in `layer`, not in the old `layers`"),
}


# Types of fields


class _Known(NamedTuple):
    """A field of the schema: ``convert`` makes the value of a scalar, or None of one that does not fit ``wanted``."""

    repeated: bool
    required: bool
    convert: Callable[[Scalar], Any] | None  # None for messages
    wanted: str
    choices: tuple[str, ...] = ()


@cache
def _schema(descriptor: Descriptor) -> dict[str, _Known]:
    return {field.name: _known(field) for field in descriptor.fields}


def _known(field: FieldDescriptor) -> _Known:
    repeated, required = _label(field)
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _Known(repeated, required, None, "a block")
    if field.type == FieldDescriptor.TYPE_ENUM:
        values = {value.name: value.number for value in field.enum_type.values}
        names = tuple(values)
        listed = ", ".join(f"`{name}`" for name in names)
        wanted = f"one of {listed}" if len(names) <= _LONGEST_CHOICE else f"a name of {field.enum_type.name}"
        return _Known(repeated, required, lambda scalar: _enum(scalar, values), wanted, names)
    convert, wanted = _TYPES[field.type]
    return _Known(repeated, required, convert, wanted)


def _label(field: FieldDescriptor) -> tuple[bool, bool]:
    """Whether a field is repeated, and whether required; protobuf renamed the question in version 6."""
    if hasattr(field, "is_repeated"):
        return field.is_repeated, field.is_required
    return field.label == FieldDescriptor.LABEL_REPEATED, field.label == FieldDescriptor.LABEL_REQUIRED


_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_HEX = re.compile(r"[-+]?0[xX][0-9a-fA-F]+")
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[fF]?")
_SPECIAL = re.compile(r"([-+]?)(?:(inf(?:inity)?)|nan)f?", re.IGNORECASE)
_FLOAT_END = 2.0**128 - 2.0**103  # from here on a number rounds to infinity as a float


def _integer(scalar: Scalar) -> int | None:
    if scalar.kind == "number":
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
    if scalar.kind == "string":
        return None
    if special := _SPECIAL.fullmatch(scalar.value):
        return math.copysign(math.inf if special[2] else math.nan, -1 if special[1] == "-" else 1)
    if scalar.kind == "number" and _FLOAT.fullmatch(scalar.value):
        return float(scalar.value.rstrip("fF"))
    return None


def _float(scalar: Scalar) -> float | None:
    value = _double(scalar)
    # C++ makes infinity of 1e40; nobody means it.
    return None if value is not None and _FLOAT_END <= abs(value) < math.inf else value


def _bool(scalar: Scalar) -> bool | None:
    if scalar.kind == "number":
        return {0: False, 1: True}.get(_integer(scalar))
    return {"true": True, "True": True, "t": True, "false": False, "False": False, "f": False}.get(scalar.value)


def _string(scalar: Scalar) -> str | None:
    if scalar.kind != "string":
        return None
    try:
        return scalar.value.decode()
    except UnicodeDecodeError:
        return None


def _bytes(scalar: Scalar) -> bytes | None:
    return scalar.value if scalar.kind == "string" else None


def _enum(scalar: Scalar, values: dict[str, int]) -> int | None:
    if scalar.kind == "identifier":
        return values.get(scalar.value)
    number = _integer(scalar)
    return number if number in values.values() else None


_TYPES: dict[int, tuple[Callable[[Scalar], Any], str]] = {
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
