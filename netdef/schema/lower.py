"""Turn a tree into a typed message of any class, by reflection over the schema; collect all mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from google.protobuf.message import Message

from netdef.errors import Note, Problems, did_you_mean, shorten
from netdef.schema.descriptors import descriptor_of
from netdef.schema.field_types import FieldType, field_types
from netdef.schema.forks import needs_only_first
from netdef.schema.history import renamed
from netdef.schema.rewrites import with_current_fields
from netdef.schema.unknown_fields import Collector, UnknownFields, Unread, UnreadOfLayer, describe_unknown
from netdef.schema.where import Where
from netdef.source import Span
from netdef.text.tree import Block, Field, Identifier, Number, Scalar, String

AnyMessage = TypeVar("AnyMessage", bound=Message)
_LAYERS = ("LayerParameter", "V1LayerParameter")


def lower(
    block: Block, message_class: type[AnyMessage], problems: Problems, lenient: bool = False, *, keep_unread: bool = False
) -> tuple[AnyMessage, Where]:
    """The message that a tree describes, and the place of each of its fields.

    The same message as from protobuf's own text parser, for texts that both accept. What does not fit the schema is
    added to ``problems`` and left out: unknown fields, values of another type or out of range, a second value of a
    field that is not repeated, missing required fields. Fields of forks of Caffe that change nothing here are left out
    with a warning; ``lenient`` does so with all unknown fields and values (see `UnknownFields`). With ``keep_unread``
    those of the layers of a net are neither: they are kept in `Where.unread` of their layer.
    """
    message = message_class()
    unknown = UnknownFields(problems, lenient)
    where = _BlockReader(message, unknown, unknown if keep_unread else None).read(block, Where(block.span))
    unknown.report()
    return message, where


class _BlockReader:
    """Set the fields of one message from one block. With ``of_file`` what layers have unread is kept with them."""

    def __init__(self, message: Message, unknown: Collector, of_file: UnknownFields | None):
        self.message, self.unknown, self.problems, self.of_file = message, unknown, unknown.problems, of_file
        self.descriptor = descriptor_of(message)
        self.types = field_types(self.descriptor)
        self.places: dict[str, list[Where]] = {}
        self.failed: set[str] = set()  # fields with problems: they are not missing
        self.reported: Span | None = None  # the last name complained about: a list is one field for each item

    def read(self, block: Block, where: Where) -> Where:
        """Set all fields; return their places, beside those of ``where``."""
        for field in with_current_fields(self.descriptor.name, block).fields:
            kind = self.types.get(field.name)
            if kind is None and (name := renamed(self.descriptor.name, field.name)):
                field, kind = replace(field, name=name), self.types[name]
            if kind is None:
                self.add_unknown(field)
            elif kind.repeated or self.check_single(field):
                self.set(field, kind)
        for name, kind in self.types.items():
            if kind.required and name not in self.places and name not in self.failed:
                self.problems.add(f"{self.descriptor.name} lacks `{name}`, which it must have", where.name or where.span)
        return Where(where.span, where.name, self.places)

    def add_unknown(self, field: Field) -> None:
        if field.name_span != self.reported:
            complaint = describe_unknown(self.descriptor, field.name)
            self.unknown.add(Unread(self.descriptor.name, field.name, complaint, field.name_span, field))
            self.reported = field.name_span

    def check_single(self, field: Field) -> bool:
        """Whether a field that is not repeated is given once, and not as a list; else add a problem."""
        if needs_only_first(self.descriptor.name, field.name):
            if field.name in self.places:
                self.unknown.add(Unread(self.descriptor.name, field.name, "", field.name_span, field))
            return field.name not in self.places
        if field.listed:
            if field.name not in self.failed:
                self.problems.add(f"`{field.name}` takes one value, not a list", field.name_span)
            self.failed.add(field.name)
            return False
        if before := self.places.get(field.name):
            self.problems.add(f"`{field.name}` is given twice, and {self.descriptor.name} has one", field.name_span,
                              Note("it is given here first", before[0].span))
            return False
        return True

    def set(self, field: Field, kind: FieldType) -> None:
        """Set a field, or add one item to a repeated one."""
        value = field.value
        if value is None:  # an empty list
            return
        here = Where(field.span, field.name_span)
        if kind.convert is None:
            if not isinstance(value, Block):
                if field.name_span != self.reported:
                    self.problems.add(f"`{field.name}` wants a block `{{ ... }}`, found {_found(value)}", value.span)
                    self.reported = field.name_span
                return
            here = self.read_part(self.part(field, kind), value, here)
        elif (converted := self.convert(field, value, kind)) is None:
            self.failed.add(field.name)
        elif kind.repeated:
            getattr(self.message, field.name).append(converted)
        else:
            setattr(self.message, field.name, converted)
        self.places.setdefault(field.name, []).append(here)

    def read_part(self, part: Message, block: Block, here: Where) -> Where:
        """Set the fields of a part from its block; return their places."""
        if self.of_file is None or descriptor_of(part).name not in _LAYERS:
            return _BlockReader(part, self.unknown, self.of_file).read(block, here)
        of_layer = UnreadOfLayer(self.of_file)
        return replace(_BlockReader(part, of_layer, None).read(block, here), unread=tuple(of_layer.kept))

    def part(self, field: Field, kind: FieldType) -> Message:
        """The message that a block is read into."""
        part = getattr(self.message, field.name)
        if kind.repeated:
            return part.add()
        part.SetInParent()
        return part

    def convert(self, field: Field, value: Scalar | Block, kind: FieldType) -> Any:
        """The value of a field, or None and a problem."""
        if isinstance(value, Block):
            self.problems.add(f"`{field.name}` wants {kind.wanted}, found a block", field.name_span)
            return None
        assert kind.convert is not None
        converted = kind.convert(value)
        if converted is None:
            complaint = f"`{field.name}` wants {kind.wanted}, found {_found(value)}"
            if not kind.choices or isinstance(value, Number):
                self.problems.add(complaint, value.span)
            elif isinstance(value, Identifier):
                complaint += did_you_mean(value.value, kind.choices)
                self.unknown.add(Unread(field.name, value.value, complaint, value.span))
            else:
                complaint += did_you_mean(value.value.decode(errors="replace"), kind.choices)
                self.problems.add(complaint, value.span)
        return converted


def _found(scalar: String | Number | Identifier) -> str:
    return f"`{shorten(scalar.span.text)}`"
