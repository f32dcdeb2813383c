"""Read declarations of fields, in the syntax of a fork's ``caffe.proto``, for layers that users register."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from google.protobuf import message_factory
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import Message

from netdef.schema import messages

_TOKEN = re.compile(r"""\s+|//[^\n]*|/\*.*?\*/|("(?:[^"\\]|\\.)*"|[\w.+-]+|[{}\[\]=;,])""", re.DOTALL)
_LABELS = {label: getattr(FieldDescriptorProto, f"LABEL_{label.upper()}") for label in ("optional", "required", "repeated")}
_SCALARS = {kind: getattr(FieldDescriptorProto, f"TYPE_{kind.upper()}") for kind in (
    "bool", "bytes", "double", "fixed32", "fixed64", "float", "int32", "int64", "sfixed32", "sfixed64", "sint32", "sint64",
    "string", "uint32", "uint64")}  # fmt: skip
_files = itertools.count()


def declared_fields(text: str) -> type[Message]:
    """The class of a message that has the fields that ``text`` declares.

    ``text`` holds declarations of fields, and of messages and enums, in the language of proto2. Types may be ours, such
    as ``FillerParameter``. Raises ValueError for a text that is none.
    """
    number = next(_files)
    file = FileDescriptorProto(
        name=f"declared{number}.proto", package=f"{messages.DESCRIPTOR.package}.declared{number}",
        dependency=[messages.DESCRIPTOR.name])
    _Declarations(text).read_into(file.message_type.add(name="Fields"))
    try:
        messages.DESCRIPTOR.pool.AddSerializedFile(file.SerializeToString())
        found = messages.DESCRIPTOR.pool.FindMessageTypeByName(f"{file.package}.Fields")
    except (KeyError, TypeError) as error:
        raise ValueError(f"the declarations cannot be used: {error}") from error
    return message_factory.GetMessageClass(found)


class _Declarations:
    """The tokens of a text, read from the first to the last."""

    def __init__(self, text: str):
        self.tokens = list(_tokens(text))

    def read_into(self, message: DescriptorProto, end: str = "") -> None:
        """Read declarations up to ``end``, the end of the text unless it is given."""
        while (word := self.next()) != end:
            if word == "message":
                self.next_message(message.nested_type.add(name=self.next()))
            elif word == "enum":
                self.next_enum(message.enum_type.add(name=self.next()))
            elif word in _LABELS:
                self.next_field(message.field.add(label=_LABELS[word]))
            elif word != ";":
                raise ValueError(f"`{word or 'the end'}` begins no declaration of a field, a message or an enum")

    def next_message(self, message: DescriptorProto) -> None:
        self.expect("{")
        self.read_into(message, "}")

    def next_enum(self, enum: EnumDescriptorProto) -> None:
        self.expect("{")
        while (name := self.next()) != "}":
            self.expect("=")
            enum.value.add(name=name, number=int(self.next(), 0))
            self.expect(";")

    def next_field(self, field: FieldDescriptorProto) -> None:
        kind = self.next()
        if kind in _SCALARS:
            field.type = _SCALARS[kind]
        else:
            field.type_name = kind
        field.name = self.next()
        self.expect("=")
        field.number = int(self.next(), 0)
        if (word := self.next()) == "[":
            while word != "]":
                self.next_option(field)
                word = self.next()
            word = self.next()
        if word != ";":
            raise ValueError(f"found `{word or 'the end'}` after field `{field.name}`, wanted `;`")

    def next_option(self, field: FieldDescriptorProto) -> None:
        """Read one option; of all that there are only the default changes what a text means."""
        name = self.next()
        self.expect("=")
        value = self.next()
        if name == "default":
            field.default_value = value[1:-1] if value.startswith('"') else value

    def next(self) -> str:
        """The next token, empty at the end."""
        return self.tokens.pop(0) if self.tokens else ""

    def expect(self, wanted: str) -> None:
        found = self.next()
        if found != wanted:
            raise ValueError(f"found `{found or 'the end'}`, wanted `{wanted}`")


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"`{text[place]}` is part of no declaration")
        if found[1]:
            yield found[1]
        place = found.end()
