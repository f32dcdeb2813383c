"""Turn the arguments of a call into the tree of the equivalent text, so that they are checked like a text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from netdef.errors import did_you_mean
from netdef.schema.descriptors import message_type
from netdef.source import Source, Span
from netdef.text.tree import Block, Field, Identifier, Number, Scalar, String

_INTEGERS = {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_UINT64}


class _Argument(NamedTuple):
    """A value, and where it stands in the call: arguments of a dictionary, a list of values, or a plain value."""

    start: int
    end: int
    value: _Dictionary | list[_Argument] | object


class _Named(NamedTuple):
    """A name, where it begins, and its value."""

    name: str
    start: int
    argument: _Argument


class _Dictionary(NamedTuple):
    """The items of a dictionary."""

    items: list[_Named]


def call_tree(name: str, arguments: Mapping[str, object], descriptor: Descriptor, own: str | None) -> Block:
    """The block of ``L.name(argument=value, ...)`` for a layer's descriptor; its places are in that call.

    ``own`` is the field of the message of the layer's type. Arguments that are fields of that message go there, the
    layer's other fields beside it, and unknown ones to where a name is similar.
    """
    writer = _CallWriter(f"L.{name}(")
    items = writer.items(arguments)
    source = Source("<call>", writer.text + ")")
    span = Span(source, 0, len(source.text))
    if own is None:
        return Block(_fields(items, descriptor, source), span)
    own_descriptor = message_type(descriptor.fields_by_name[own])
    inner: list[_Named] = []
    outer: list[_Named] = []
    more: list[_Named] = []  # of the message given as a dictionary
    for item in items:
        if item.name == own and isinstance(item.argument.value, _Dictionary):
            more += item.argument.value.items
        elif _is_own(item.name, own_descriptor.fields_by_name, descriptor.fields_by_name):
            inner.append(item)
        else:
            outer.append(item)
    fields = _fields(outer, descriptor, source)
    if inner or more:
        block = Block(_fields(inner + more, own_descriptor, source), span)
        fields += (Field(own, span, block, span),)
    return Block(fields, span)


def _is_own(name: str, own: Iterable[str], layer: Iterable[str]) -> bool:
    """Whether an argument belongs in the message of the layer's type rather than in the layer."""
    if name.endswith("param") or name in own or name in layer:
        return not name.endswith("param") and name in own
    return bool(did_you_mean(name, own)) or not did_you_mean(name, layer)


class _CallWriter:
    """Write values as Python, and note where each stands."""

    def __init__(self, text: str):
        self.text = text

    def items(self, fields: Mapping[str, object]) -> list[_Named]:
        items: list[_Named] = []
        for name, value in fields.items():
            self.text += ", " if items else ""
            start = len(self.text)
            self.text += f"{name}="
            items.append(_Named(str(name), start, self.argument(value)))
        return items

    def argument(self, value: object) -> _Argument:
        start = len(self.text)
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        if isinstance(value, Mapping):
            self.text += "dict("
            dictionary = _Dictionary(self.items(value))
            self.text += ")"
            return _Argument(start, len(self.text), dictionary)
        if isinstance(value, (list, tuple)):
            self.text += "["
            values = []
            for i, part in enumerate(value):
                self.text += ", " if i else ""
                values.append(self.argument(part))
            self.text += "]"
            return _Argument(start, len(self.text), values)
        self.text += repr(value)
        return _Argument(start, len(self.text), value)


def _fields(items: Iterable[_Named], descriptor: Descriptor, source: Source) -> tuple[Field, ...]:
    fields = []
    for item in items:
        field = descriptor.fields_by_name.get(item.name)
        name_span = Span(source, item.start, item.start + len(item.name))
        span = Span(source, item.start, item.argument.end)
        listed = isinstance(item.argument.value, list)
        for argument in item.argument.value if isinstance(item.argument.value, list) else [item.argument]:
            fields.append(Field(item.name, name_span, _value(argument, field, source), span, listed))
    return tuple(fields)


def _value(argument: _Argument, field: FieldDescriptor | None, source: Source) -> Scalar | Block:
    span = Span(source, argument.start, argument.end)
    value = argument.value
    if isinstance(value, _Dictionary):
        if field is None or field.type != FieldDescriptor.TYPE_MESSAGE:
            return Block((), span)
        return Block(_fields(value.items, message_type(field), source), span)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, bool):
        return Identifier("true" if value else "false", span)
    if isinstance(value, float) and value.is_integer() and field is not None and field.type in _INTEGERS:
        value = int(value)  # what n / 2 gives in Python 3, in scripts that were written for Python 2
    if isinstance(value, (int, float)):
        return Number(repr(value), span)
    if isinstance(value, bytes):
        return String(value, span)
    if isinstance(value, str):
        if field is not None and field.type == FieldDescriptor.TYPE_ENUM:
            return Identifier(value, span)
        return String(value.encode(), span)
    return Identifier(repr(value), span)
